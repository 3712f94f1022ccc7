import { createServer as createHttp2Server, connect as connectHttp2 } from 'node:http2';
import { once } from 'node:events';
import { createServer } from 'node:http';
import express from 'express';
import Fastify from 'fastify';
import { createCorsHandler } from 'watertight-runtime';
import { describe, expect, test, vi } from 'vitest';
import { ATTACKS, ATTACKS_WITH_SEVERAL_HEADERS, RULES, WELCOME } from './origins.js';
import { SHAPES, send, start } from './support.js';
import type { AddressInfo } from 'node:net';
import type { FastifyPluginCallback } from 'fastify';
import type { RequestHandler } from 'express';

const quiet = { warn: () => {} };
const PREFLIGHT = 'Access-Control-Request-Method: PUT';

describe.each(Object.keys(SHAPES))('in %s', (shape) => {
  test('lets in every origin that a rule names, each time', async () => {
    await using subject = await start(shape, { allowed: RULES, credentials: true, exposedHeaders: ['X-Total'] });
    for (const origin of [...WELCOME, ...WELCOME]) {
      const { status, headers, body } = await send(subject.port, 'GET', '/data', [`Origin: ${origin}`]);
      expect([origin, status, body.includes('data')]).toEqual([origin, 200, true]);
      expect(headers).toMatchObject({
        'access-control-allow-origin': origin,
        'access-control-allow-credentials': 'true',
        'access-control-expose-headers': 'X-Total',
        vary: 'Origin',
      });
    }
    expect(subject.seen.logged).toEqual([]);
    expect(subject.seen.handled.length).toBe(WELCOME.length * 2);
  });

  test('lets in no other: 403, a log record, no CORS header, and the application sees nothing', async () => {
    await using subject = await start(shape, { allowed: RULES, credentials: true });
    const attacks = Object.entries({ ...ATTACKS, ...ATTACKS_WITH_SEVERAL_HEADERS });
    expect(attacks.length).toBeGreaterThan(90);
    const letIn: string[] = [];
    for (const [trick, lines] of attacks) {
      for (const [method, more] of [['GET', []], ['POST', []], ['OPTIONS', [PREFLIGHT]]] as const) {
        subject.seen.logged.length = 0;
        const { status, headers } = await send(subject.port, method, '/data?key=secret', [...lines, ...more]);
        const granted = Object.keys(headers).filter((name) => name.startsWith('access-control-'));
        if (status !== 403 || granted.length > 0 || headers['vary'] !== 'Origin') letIn.push(`${method} ${trick}: ${status} ${granted.join()} ${headers['vary']}`);
        expect(subject.seen.logged, trick).toEqual([expect.objectContaining({ event: 'cors.rejected', method, path: '/data' })]);
        expect(subject.seen.logged[0]?.origin.length).toBeLessThanOrEqual(300);
      }
    }
    expect(letIn).toEqual([]);
    expect(subject.seen.handled).toEqual([]);
  });

  test('answers a preflight itself, also of a path that has no route', async () => {
    await using subject = await start(shape, { allowed: 'https://app.example.com', credentials: true, methods: ['GET', 'PUT'], headers: ['X-One', 'X-Two'], maxAge: 600 });
    const { status, headers, body } = await send(subject.port, 'OPTIONS', '/nowhere', ['Origin: https://app.example.com', PREFLIGHT]);
    expect([status, body]).toEqual([204, '']);
    expect(headers).toMatchObject({
      'access-control-allow-origin': 'https://app.example.com',
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET, PUT',
      'access-control-allow-headers': 'X-One, X-Two',
      'access-control-max-age': '600',
      vary: 'Origin',
    });
    expect(subject.seen.handled).toEqual([]);
  });

  test('leaves requests without an origin, and OPTIONS that are no preflight, to the application', async () => {
    await using subject = await start(shape, { allowed: 'https://app.example.com' });
    const plain = await send(subject.port, 'GET', '/plain');
    expect([plain.status, plain.headers['vary'], plain.headers['access-control-allow-origin']]).toEqual([200, 'Origin', undefined]);
    const options = await send(subject.port, 'OPTIONS', '/options', ['Origin: https://app.example.com']);
    expect([options.status, options.headers['access-control-allow-origin'], options.headers['access-control-allow-methods']]).toEqual([200, 'https://app.example.com', undefined]);
    expect(subject.seen.handled).toEqual(['GET /plain', 'OPTIONS /options']);
  });

  test('without credentials * lets everyone in but null and what is no origin', async () => {
    await using subject = await start(shape, { allowed: ['https://app.example.com', '*'] });
    const answers = [];
    for (const origin of ['https://app.example.com', 'https://any.example', 'null', 'https://user@any.example']) {
      const { status, headers } = await send(subject.port, 'GET', '/', [`Origin: ${origin}`]);
      answers.push([status, headers['access-control-allow-origin'], headers['access-control-allow-credentials']]);
    }
    expect(answers).toEqual([[200, 'https://app.example.com', undefined], [200, '*', undefined], [403, undefined, undefined], [403, undefined, undefined]]);
    expect(subject.seen.logged.map(({ reason }) => reason)).toEqual(['null-origin', 'malformed-origin']);
  });

  test('a rule that throws refuses, and the server goes on', async () => {
    const broken = () => {
      throw new Error('no database');
    };
    await using subject = await start(shape, { allowed: ['https://app.example.com', broken] });
    expect((await send(subject.port, 'GET', '/', ['Origin: https://other.example'])).status).toBe(403);
    expect(subject.seen.logged).toEqual([{ event: 'cors.rejected', reason: 'rule-threw', origin: 'https://other.example', method: 'GET', path: '/', error: new Error('no database') }]);
    expect((await send(subject.port, 'GET', '/', ['Origin: https://app.example.com'])).status).toBe(200);
  });
});

describe('Vary', () => {
  const origin = ['Origin: https://app.example.com'];
  const cors = createCorsHandler({ allowed: 'https://app.example.com', logger: quiet });

  test.each<[string, (response: import('node:http').ServerResponse) => unknown, string]>([
    ['setHeader', (response) => response.setHeader('vary', 'Accept'), 'Accept, Origin'],
    ['setHeader with a list', (response) => response.setHeader('Vary', ['Accept', 'origin']), 'Accept, origin'],
    ['setHeader with *', (response) => response.setHeader('Vary', '*'), '*'],
    ['appendHeader', (response) => response.appendHeader('Vary', 'Accept'), 'Origin, Accept'],
    ['writeHead with an object', (response) => response.writeHead(200, { VARY: 'Accept', 'X-A': '1' }), 'Accept, Origin'],
    ['writeHead with a message', (response) => response.writeHead(200, 'Fine', { Vary: 'Accept' }), 'Accept, Origin'],
    ['writeHead with a list', (response) => response.writeHead(200, ['X-A', 'vary', 'Vary', 'Accept']), 'Accept, Origin'],
    ['writeHead with other headers', (response) => response.writeHead(200, { 'X-A': '1' }), 'Origin'],
    ['writeHead alone', (response) => response.writeHead(200), 'Origin'],
  ])('keeps Origin after %s', async (_, set, vary) => {
    const server = createServer((request, response) => {
      if (!cors(request, response)) return;
      set(response);
      response.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { headers } = await send((server.address() as AddressInfo).port, 'GET', '/', origin);
    server.close();
    expect(headers['vary']).toBe(vary);
    if (set.toString().includes('X-A')) expect(headers['x-a']).toBeDefined();
  });

  test('keeps what was set before, and Express and Fastify cannot lose it', async () => {
    const app = express();
    app.use((_, response, next) => {
      response.vary('Accept-Encoding');
      next();
    }, cors);
    app.get('/added', (_, response) => void response.vary('Accept').send('data'));
    app.get('/set', (_, response) => void response.set('Vary', 'Accept').send('data'));
    app.get('/error', () => {
      throw Object.assign(new Error('teapot'), { status: 418 });
    });
    const server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const vary = async (path: string) => (await send(port, 'GET', path, origin)).headers['vary'];
    expect([await vary('/added'), await vary('/set')]).toEqual(['Accept-Encoding, Origin, Accept', 'Accept, Origin']);
    const error = await send(port, 'GET', '/error', origin);
    expect([error.status, error.headers['vary'], error.headers['access-control-allow-origin']]).toEqual([418, 'Accept-Encoding, Origin', 'https://app.example.com']);
    server.close();

    const fastify = Fastify();
    fastify.register(cors.fastify);
    fastify.get('/set', (_, reply) => reply.header('Vary', 'Accept').send('data'));
    fastify.get('/error', () => {
      throw Object.assign(new Error('teapot'), { statusCode: 418 });
    });
    await fastify.listen({ port: 0, host: '127.0.0.1' });
    const fastifyPort = (fastify.server.address() as AddressInfo).port;
    expect((await send(fastifyPort, 'GET', '/set', origin)).headers['vary']).toBe('Accept, Origin');
    expect(await send(fastifyPort, 'GET', '/error', origin)).toMatchObject({ status: 418, headers: { vary: 'Origin', 'access-control-allow-origin': 'https://app.example.com' } });
    await fastify.close();
  });
});

describe('in Fastify', () => {
  test('holds for routes of the instance and of plugins, before and after, and for unknown paths', async () => {
    const app = Fastify();
    app.get('/before', () => 'before');
    app.register(createCorsHandler({ allowed: 'https://app.example.com', logger: quiet }).fastify);
    app.register((scope, _, done) => {
      scope.get('/inside', () => 'inside');
      done();
    });
    app.get('/after', () => 'after');
    for (const url of ['/before', '/inside', '/after', '/unknown']) {
      const refused = await app.inject({ url, headers: { origin: 'https://evil.example' } });
      expect([url, refused.statusCode]).toEqual([url, 403]);
      const preflight = await app.inject({ url, method: 'OPTIONS', headers: { origin: 'https://app.example.com', 'access-control-request-method': 'GET' } });
      expect([url, preflight.statusCode, preflight.headers['access-control-allow-origin']]).toEqual([url, 204, 'https://app.example.com']);
    }
    await app.close();
  });

  test('logs with the logger of the request', async () => {
    const lines: string[] = [];
    const app = Fastify({ logger: { level: 'warn', stream: { write: (line: string) => void lines.push(line) } } });
    app.register(createCorsHandler({ allowed: 'https://app.example.com' }).fastify);
    await app.inject({ url: '/a?b=c', headers: { origin: 'null' } });
    await app.close();
    expect(lines.length).toBe(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ event: 'cors.rejected', reason: 'null-origin', origin: 'null', method: 'GET', path: '/a', reqId: 'req-1', msg: 'CORS origin rejected' });
  });
});

describe('in a Fetch-API server', () => {
  const request = (origin: string) => new Request('https://api.example.com/a', { headers: { origin } });
  const cors = createCorsHandler({ allowed: 'https://app.example.com', credentials: true, logger: quiet });

  test('changes responses whose headers are fixed, and passes further arguments on', async () => {
    const handle = cors.fetch((_: Request, target: string) => Response.redirect(target, 302));
    const response = await handle(request('https://app.example.com'), 'https://other.example/');
    expect([response.status, response.headers.get('location')]).toEqual([302, 'https://other.example/']);
    expect([response.headers.get('access-control-allow-origin'), response.headers.get('vary')]).toEqual(['https://app.example.com', 'Origin']);
  });

  test('keeps body, Vary and cookies, and corrects an allowed origin of the application', async () => {
    const headers = new Headers([['Vary', 'Accept'], ['Set-Cookie', 'a=1'], ['Set-Cookie', 'b=2'], ['Access-Control-Allow-Origin', '*']]);
    const response = await cors.fetch(async () => new Response('data', { headers }))(request('https://app.example.com'));
    expect(await response.text()).toBe('data');
    expect(response.headers.get('vary')).toBe('Accept, Origin');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(response.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
  });

  test('passes on errors, and responses that are none', async () => {
    await expect(cors.fetch(() => Promise.reject(new Error('handler')))(request('https://app.example.com'))).rejects.toThrow('handler');
    const failure = Response.error();
    expect(await cors.fetch(() => failure)(request('https://app.example.com'))).toBe(failure);
  });
});

test('in node:http2 as well', async () => {
  const cors = createCorsHandler({ allowed: 'https://app.example.com', logger: quiet });
  const server = createHttp2Server((request, response) => {
    if (!cors(request, response)) return;
    if (request.url === '/set') response.setHeader('Vary', 'Accept');
    else response.writeHead(200, { Vary: 'Accept' });
    response.end('data');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const answers = [];
  for (const [path, origin] of [['/set', 'https://app.example.com'], ['/write', 'https://app.example.com'], ['/set', 'https://evil.example']] as const) {
    const stream = client.request({ ':path': path, origin });
    const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
    stream.resume();
    await once(stream, 'end');
    answers.push([headers[':status'], headers['access-control-allow-origin'], headers['vary']]);
  }
  client.close();
  server.close();
  expect(answers).toEqual([[200, 'https://app.example.com', 'Accept, Origin'], [200, 'https://app.example.com', 'Accept, Origin'], [403, undefined, 'Origin']]);
});

test('logs to the console when given no logger, below a mount point with the whole path', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const app = express();
  app.use('/api', createCorsHandler({ allowed: [] }));
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  await send((server.address() as AddressInfo).port, 'DELETE', '/api/blobs?token=t', ['Origin: https://evil.example']);
  server.close();
  const calls = [...warn.mock.calls];
  warn.mockRestore();
  expect(calls).toEqual([[{ event: 'cors.rejected', reason: 'not-allowed', origin: 'https://evil.example', method: 'DELETE', path: '/api/blobs' }, 'CORS origin rejected']]);
});

test('has the types that Express and Fastify ask for', () => {
  const cors = createCorsHandler({ allowed: [], logger: quiet });
  const middleware: RequestHandler = cors;
  const plugin: FastifyPluginCallback = cors.fastify;
  expect([typeof middleware, typeof plugin]).toEqual(['function', 'function']);
});

describe('refuses options that cannot be meant', () => {
  test.each([
    '', 'app.example.com', '*.example.com', 'https://app.example.com/path', 'https://user@app.example.com', 'https://app.example.com?a', 'https://app.example.com#a', 'null',
    'https://*example.com', 'https://a.*.example.com', 'https://*.*.example.com', 'https://*', 'https://*.', 'https://*.:8443', 'https://*..', '*://app.example.com', 'https://*.0.0.1', 'https://*.example.com/path',
    'localhost:3000', 'file://', 'data:', true as never, null as never, undefined as never, ['https://app.example.com'] as never,
  ])('the rule %o', (rule) => {
    expect(() => createCorsHandler({ allowed: [rule] })).toThrow(TypeError);
  });

  test('* together with credentials', () => {
    expect(() => createCorsHandler({ allowed: '*', credentials: true })).toThrow(TypeError);
    expect(() => createCorsHandler({ allowed: ['https://app.example.com', '*'], credentials: true })).toThrow(TypeError);
    expect(() => createCorsHandler({ allowed: [], credentials: true, headers: ['*'] })).toThrow(TypeError);
    expect(() => createCorsHandler({ allowed: '*', headers: ['*'] })).not.toThrow();
  });

  test.each([-1, 1.5, NaN])('maxAge %s', (maxAge) => {
    expect(() => createCorsHandler({ allowed: [], maxAge })).toThrow(TypeError);
  });
});
