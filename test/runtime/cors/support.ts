import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import express from 'express';
import Fastify from 'fastify';
import { createCorsHandler } from 'watertight-runtime';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CorsHandler, CorsOptions, CorsRejection } from 'watertight-runtime';

/** A server under test, with what its application and its logger saw. */
export interface Subject extends AsyncDisposable {
  readonly port: number;
  readonly seen: { handled: string[]; logged: CorsRejection[] };
}

type Start = (cors: CorsHandler, handled: string[]) => Promise<{ port: number; close: () => Promise<unknown> }>;

async function listen(server: Server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function answer(request: IncomingMessage, response: ServerResponse, handled: string[]): void {
  handled.push(`${request.method} ${request.url}`);
  response.setHeader('Content-Type', 'text/plain');
  response.end('data');
}

// As an adapter for a Fetch-API server would do it.
async function throughFetch(request: IncomingMessage, response: ServerResponse, handle: (request: Request) => Promise<Response>): Promise<void> {
  const headers = new Headers();
  for (let index = 0; index < request.rawHeaders.length; index += 2) headers.append(request.rawHeaders[index] ?? '', request.rawHeaders[index + 1] ?? '');
  const result = await handle(new Request(`http://127.0.0.1${request.url}`, { method: request.method ?? 'GET', headers }));
  response.writeHead(result.status, Object.fromEntries(result.headers));
  response.end(await result.text());
}

async function startFastify(handled: string[], add: (app: ReturnType<typeof Fastify>) => unknown) {
  const app = Fastify();
  await add(app);
  app.all('/*', (request, reply) => {
    handled.push(`${request.method} ${request.url}`);
    return reply.send('data');
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  return { port: (app.server.address() as AddressInfo).port, close: () => app.close() };
}

/** Every shape of the handler, in the real server it is made for. */
export const SHAPES: Readonly<Record<string, Start>> = {
  'node:http': (cors, handled) =>
    listen(createServer((request, response) => {
      if (cors(request, response)) answer(request, response, handled);
    })),
  'node:http with next': (cors, handled) => listen(createServer((request, response) => cors(request, response, () => answer(request, response, handled)))),
  express: (cors, handled) => {
    const app = express();
    app.use(cors);
    app.use((request, response) => answer(request, response, handled));
    return listen(createServer(app));
  },
  'fastify plugin': (cors, handled) => startFastify(handled, (app) => app.register(cors.fastify)),
  'fastify hook': (cors, handled) => startFastify(handled, (app) => app.addHook('onRequest', cors.onRequest)),
  fetch: (cors, handled) => {
    const handle = cors.fetch((request: Request) => {
      handled.push(`${request.method} ${new URL(request.url).pathname}`);
      return new Response('data');
    });
    return listen(createServer((request, response) => void throughFetch(request, response, handle)));
  },
};

/** Starts one shape with a logger that remembers. */
export async function start(shape: string, options: Omit<CorsOptions, 'logger'>): Promise<Subject> {
  const seen: Subject['seen'] = { handled: [], logged: [] };
  const cors = createCorsHandler({ ...options, logger: { warn: (record) => void seen.logged.push(record) } });
  const { port, close } = await (SHAPES[shape] as Start)(cors, seen.handled);
  return {
    port,
    seen,
    [Symbol.asyncDispose]: async () => {
      await close();
    },
  };
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends header lines byte for byte, which `fetch` and `http.request` would refuse or tidy up. */
export async function send(port: number, method: string, path: string, headerLines: readonly string[] = []): Promise<RawAnswer> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  const closed = once(socket, 'close');
  const lines = [`${method} ${path} HTTP/1.1`, 'Host: api.example.com', 'Connection: close', ...headerLines, '', ''];
  socket.end(Buffer.from(lines.join('\r\n'), 'utf8'));
  await closed;
  const [head = '', ...body] = Buffer.concat(chunks).toString('latin1').split('\r\n\r\n');
  const [statusLine = '', ...fields] = head.split('\r\n');
  const headers: Record<string, string> = {};
  for (const field of fields) {
    const colon = field.indexOf(':');
    const name = field.slice(0, colon).toLowerCase();
    const value = field.slice(colon + 1).trim();
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  }
  return { status: Number(statusLine.split(' ')[1]), headers, body: body.join('\r\n\r\n') };
}
