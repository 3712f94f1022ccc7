import { decideCorsOrigin, isCorsOriginRule } from './decide-cors-origin.js';
import { addOriginToVary, keepOriginInVary } from './vary.js';
import type {
  CorsFastifyInstance,
  CorsFastifyReply,
  CorsFastifyRequest,
  CorsHandler,
  CorsLogger,
  CorsOptions,
  CorsRequest,
  CorsResponse,
} from './cors-types.js';

/** What is to be done about one request. */
interface Answer {
  readonly headers: readonly (readonly [string, string])[];
  /** Set when the request goes no further. */
  readonly status?: 204 | 403;
}

const REFUSAL_TEXT = 'Origin not allowed.\n';
const REFUSAL_HEADERS = [['Content-Type', 'text/plain; charset=utf-8']] as const;

/**
 * A CORS handler with one place that decides, `resolveCorsOrigin`.
 *
 * - Every response carries `Vary: Origin`, also when a later handler sets another `Vary`.
 * - A request without `Origin` goes on without CORS headers.
 * - A refused origin gets 403, no CORS header and a log record; its request does not reach the application.
 * - A preflight of an origin that is let in gets 204 and the granted methods and headers.
 *
 * This keeps foreign pages from using a browser against the service. It is no authentication: other clients send what
 * `Origin` they like, or none.
 *
 * @throws {TypeError} for a rule that can let nobody in, for `'*'` with credentials, for a `maxAge` that is no whole number of seconds
 */
export function createCorsHandler(options: CorsOptions): CorsHandler {
  const decide = createDecision(options);

  function cors(request: CorsRequest, response: CorsResponse, next?: () => void): boolean {
    keepOriginInVary(response);
    const { headers, status } = decide(factsOf(request), options.logger ?? console);
    for (const [name, value] of headers) response.setHeader(name, value);
    if (status === undefined) {
      next?.();
      return true;
    }
    response.statusCode = status;
    if (status === 403) response.end(REFUSAL_TEXT);
    else response.end();
    return false;
  }

  function onRequest(request: CorsFastifyRequest, reply: CorsFastifyReply, done: () => void): void {
    keepOriginInVary(reply.raw);
    const { headers, status } = decide(factsOf(request), options.logger ?? request.log);
    for (const [name, value] of headers) reply.header(name, value);
    if (status === undefined) {
      done();
      return;
    }
    reply.code(status);
    reply.send(status === 403 ? REFUSAL_TEXT : undefined);
  }

  function fastify(instance: CorsFastifyInstance, _options: unknown, done: () => void): void {
    instance.addHook('onRequest', onRequest);
    done();
  }

  function wrapFetch<Rest extends unknown[]>(handler: (request: Request, ...rest: Rest) => Response | PromiseLike<Response>) {
    return async (request: Request, ...rest: Rest): Promise<Response> => {
      const { headers, status } = decide(factsOfFetch(request), options.logger ?? console);
      if (status === undefined) return withHeaders(await handler(request, ...rest), headers);
      return withHeaders(new Response(status === 403 ? REFUSAL_TEXT : null, { status }), headers);
    };
  }

  // Fastify keeps what a plugin adds inside the plugin, unless it carries this mark.
  Object.assign(fastify, { [Symbol.for('skip-override')]: true, [Symbol.for('fastify.display-name')]: 'watertight-cors' });
  return Object.assign(cors, { fastify, onRequest, fetch: wrapFetch });
}

/** The parts of a request that the decision rests on. */
interface Facts {
  readonly origin: string | undefined;
  readonly method: string;
  readonly isPreflight: boolean;
  readonly path: string;
}

function createDecision(options: CorsOptions): (facts: Facts, logger: CorsLogger) => Answer {
  checkOptions(options);
  const { allowed, credentials = false, exposedHeaders = [], maxAge } = options;
  const { methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'], headers = ['Content-Type', 'Authorization'] } = options;
  const always = credentials ? ([['Access-Control-Allow-Credentials', 'true']] as const) : [];
  const forPreflight = present([
    ['Access-Control-Allow-Methods', methods.join(', ')],
    ['Access-Control-Allow-Headers', headers.join(', ')],
    ['Access-Control-Max-Age', maxAge === undefined ? '' : String(maxAge)],
  ]);
  const forResponse = present([['Access-Control-Expose-Headers', exposedHeaders.join(', ')]]);

  return ({ origin, method, isPreflight, path }, logger) => {
    if (origin === undefined) return { headers: [] };
    const decision = decideCorsOrigin(origin, allowed, credentials);
    if ('refusal' in decision) {
      const { refusal: reason, ...thrown } = decision;
      logger.warn({ event: 'cors.rejected', reason, origin: origin.slice(0, 300), method, path, ...thrown }, 'CORS origin rejected');
      return { headers: REFUSAL_HEADERS, status: 403 };
    }
    const granted = [['Access-Control-Allow-Origin', decision.allowOrigin] as const, ...always];
    return isPreflight ? { headers: [...granted, ...forPreflight], status: 204 } : { headers: [...granted, ...forResponse] };
  };
}

function checkOptions({ allowed, credentials = false, methods = [], headers = [], maxAge }: CorsOptions): void {
  const rules: readonly unknown[] = Array.isArray(allowed) ? allowed : [allowed];
  for (const rule of rules) {
    if (!isCorsOriginRule(rule)) {
      const advice = 'write an origin such as "https://app.example.com" or "https://*.example.com"';
      throw new TypeError(`The CORS rule ${JSON.stringify(rule)} lets nobody in: ${advice}.`);
    }
  }
  if (credentials && [...rules, ...methods, ...headers].includes('*')) {
    throw new TypeError('"*" and credentials exclude each other: name the origins, methods and headers.');
  }
  if (maxAge !== undefined && !(Number.isInteger(maxAge) && maxAge >= 0)) {
    throw new TypeError(`maxAge is a whole number of seconds, not ${String(maxAge)}.`);
  }
}

function present(headers: readonly (readonly [string, string])[]): readonly (readonly [string, string])[] {
  return headers.filter(([, value]) => value !== '');
}

function factsOf(request: CorsRequest & { readonly originalUrl?: unknown }): Facts {
  const { method = 'GET', headers, url = '', originalUrl } = request;
  return {
    // Several headers arrive as one text, or as a list: no rule matches either.
    origin: headers['origin'] === undefined ? undefined : String(headers['origin']),
    method,
    isPreflight: method === 'OPTIONS' && headers['access-control-request-method'] !== undefined,
    // Express shortens `url` below a mount point.
    path: (typeof originalUrl === 'string' ? originalUrl : url).replace(/[?#].*$/s, ''),
  };
}

function factsOfFetch({ method, headers, url }: Request): Facts {
  return {
    origin: headers.get('Origin') ?? undefined,
    method,
    isPreflight: method === 'OPTIONS' && headers.has('Access-Control-Request-Method'),
    path: new URL(url).pathname,
  };
}

function withHeaders(response: Response, headers: Answer['headers']): Response {
  // An upgrade (101) or a network error (0) is no answer that a script could read, and cannot be built anew.
  if (response.status < 200) return response;
  const changed = mutable(response);
  for (const [name, value] of headers) changed.headers.set(name, value);
  changed.headers.set('Vary', addOriginToVary(changed.headers.get('Vary')));
  return changed;
}

// The headers of a redirect, and of a response that `fetch` gave, cannot be changed.
function mutable(response: Response): Response {
  try {
    response.headers.set('Vary', addOriginToVary(response.headers.get('Vary')));
    return response;
  } catch {
    return new Response(response.body, response);
  }
}
