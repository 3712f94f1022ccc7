import type { CorsOriginRule, CorsRefusal } from './decide-cors-origin.js';

/** Who is let in, to what, and where refusals are told. */
export interface CorsOptions {
  /** Who is let in. Browsers also send `Origin` with same-origin `POST` requests, so list the service's own origin too. */
  allowed: CorsOriginRule | readonly CorsOriginRule[];
  /** Whether cookies and HTTP authentication may be sent along. Not with `'*'`. Default `false`. */
  credentials?: boolean;
  /** Methods that a preflight grants. Default `GET, HEAD, POST, PUT, PATCH, DELETE`. */
  methods?: readonly string[];
  /** Request headers that a preflight grants. Default `Content-Type, Authorization`. */
  headers?: readonly string[];
  /** Response headers that scripts may read. Default: those that every script may. */
  exposedHeaders?: readonly string[];
  /** How long a browser may remember a preflight, in seconds. Default: as the browser does. */
  maxAge?: number;
  /** Where refusals are logged. Default: `console`, and in Fastify the logger of the request. */
  logger?: CorsLogger;
}

/** As in pino; `console` fits as well. */
export interface CorsLogger {
  /** Called once for each refused request. */
  warn(record: CorsRejection, message: string): void;
}

/** The log record of a refused origin. */
export interface CorsRejection {
  /** The same in all records, to search logs by. */
  readonly event: 'cors.rejected';
  /** Why the origin is refused. */
  readonly reason: CorsRefusal;
  /** As received, cut after 300 characters. */
  readonly origin: string;
  /** The method of the request; of a preflight `OPTIONS`. */
  readonly method: string;
  /** Without the query, which may hold secrets. */
  readonly path: string;
  /** What a rule threw. */
  readonly error?: unknown;
}

/** A request of `node:http`, `node:http2`, Express or Connect. */
export interface CorsRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** The response to it. */
export interface CorsResponse {
  statusCode: number;
  setHeader(name: string, value: number | string | readonly string[]): unknown;
  getHeader(name: string): number | string | string[] | undefined;
  writeHead(...args: never[]): unknown;
  end(): unknown;
  end(text: string): unknown;
}

/** What is used of a Fastify request. */
export interface CorsFastifyRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: CorsRequest['headers'];
  readonly log: { warn(record: object, message: string): void };
}

/** What is used of a Fastify reply. */
export interface CorsFastifyReply {
  readonly raw: CorsResponse;
  code(status: number): unknown;
  header(name: string, value: string): unknown;
  send(payload?: string): unknown;
}

/** What is used of a Fastify instance. */
export interface CorsFastifyInstance {
  addHook(name: 'onRequest', hook: CorsHandler['onRequest']): unknown;
}

/** One decision in the shapes of several servers. Each answers preflights (204) and refused origins (403) itself. */
export interface CorsHandler {
  /**
   * `node:http` and Express: `app.use(cors)`, or `if (!cors(request, response)) return;`.
   *
   * @returns whether the request should go on; `next` is called then, if there is one
   */
  (request: CorsRequest, response: CorsResponse, next?: () => void): boolean;
  /** Fastify: `app.register(cors.fastify)`. Holds for the instance it is registered on, not for a scope of its own. */
  readonly fastify: (instance: CorsFastifyInstance, options: unknown, done: () => void) => void;
  /** Fastify, as a bare hook: `app.addHook('onRequest', cors.onRequest)`. */
  readonly onRequest: (request: CorsFastifyRequest, reply: CorsFastifyReply, done: () => void) => void;
  /** Servers of the Fetch API: `export default { fetch: cors.fetch(handler) }`. */
  readonly fetch: <Rest extends unknown[]>(
    handler: (request: Request, ...rest: Rest) => Response | PromiseLike<Response>,
  ) => (request: Request, ...rest: Rest) => Promise<Response>;
}
