import { Agent, Dispatcher, request, interceptors } from 'undici';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { trackBodies } from 'watertight-runtime';
import { bodyServer, type BodyServer } from '../support/body-server.js';
import { eventually } from '../support/eventually.js';

let server: BodyServer;
let agent: Agent;

beforeEach(async () => {
  server = await bodyServer();
  agent = new Agent();
});

afterEach(async () => {
  await agent.destroy();
  await server[Symbol.asyncDispose]();
});

test('a request is active until its body has been read, dumped or destroyed', async () => {
  const bodies = trackBodies();
  const dispatcher = agent.compose(bodies);
  const pending = request(`${server.url}/500000`, { dispatcher });
  expect(bodies.active).toBe(1);
  expect(bodies.requests()).toEqual([{ url: `${server.url}/500000`, method: 'GET', startedAt: expect.any(Number) }]);
  const read = await pending;
  const dumped = await request(`${server.url}/500000`, { dispatcher });
  const destroyed = await request(`${server.url}/500000`, { dispatcher });
  expect(bodies.active).toBe(3);
  await read.body.text();
  expect(bodies.active).toBe(2);
  await dumped.body.dump();
  expect(bodies.active).toBe(1);
  destroyed.body.on('error', () => {});
  destroyed.body.destroy();
  await eventually(() => bodies.active === 0, () => bodies.requests());
});

test('a small unread body holds no connection and is not counted', async () => {
  const bodies = trackBodies();
  await request(`${server.url}/10`, { dispatcher: agent.compose(bodies) });
  await eventually(() => bodies.active === 0, () => bodies.requests());
});

test('failed requests are not counted any more', async () => {
  const bodies = trackBodies();
  const dispatcher = agent.compose(bodies);
  await expect(request('http://127.0.0.1:1/', { dispatcher })).rejects.toThrow();
  await expect(request(`${server.url}/silent`, { dispatcher, signal: AbortSignal.timeout(30) })).rejects.toThrow();
  const res = await request(`${server.url}/error`, { dispatcher });
  await expect(res.body.text()).rejects.toThrow();
  expect(bodies.active).toBe(0);
});

test('counts for the global fetch, whose handlers are of the older kind', async () => {
  const bodies = trackBodies();
  const dispatcher = agent.compose(bodies);
  const res = await fetch(`${server.url}/500000`, { dispatcher } as unknown as RequestInit);
  expect(bodies.active).toBe(1);
  expect(await res.text()).toHaveLength(500_000);
  expect(bodies.active).toBe(0);
});

test('works among other interceptors, before and after them', async () => {
  const inner = trackBodies();
  const outer = trackBodies();
  const dispatcher = agent.compose(inner, interceptors.retry(), interceptors.redirect({ maxRedirections: 2 }), outer);
  const res = await request(`${server.url}/500000`, { dispatcher });
  expect([inner.active, outer.active]).toEqual([1, 1]);
  expect(await res.body.text()).toHaveLength(500_000);
  expect([inner.active, outer.active]).toEqual([0, 0]);
});

test('closeAll ends 40 held sockets, and requests that are still waiting', async () => {
  const bodies = trackBodies();
  const dispatcher = agent.compose(bodies);
  const responses = await Promise.all(Array.from({ length: 40 }, () => request(`${server.url}/500000`, { dispatcher })));
  const failure = request(`${server.url}/silent`, { dispatcher }).catch((error: unknown) => error);
  for (const { body } of responses) body.on('error', () => {});
  await eventually(() => server.sockets.size === 41, () => server.sockets.size);
  expect(bodies.active).toBe(41);
  await bodies.closeAll();
  expect(await failure).toMatchObject({ name: 'AbortError' });
  await eventually(() => bodies.active === 0 && server.sockets.size === 0, () => [bodies.active, server.sockets.size]);
});

test('after disposing, requests are refused', async () => {
  const bodies = trackBodies();
  const dispatcher = agent.compose(bodies);
  await bodies[Symbol.asyncDispose]();
  await expect(request(`${server.url}/10`, { dispatcher })).rejects.toThrow('disposed');
  expect(server.requests).toBe(0);
});

test('100 users x 10 requests leave nothing', async () => {
  const bodies = trackBodies();
  const dispatcher = agent.compose(bodies);
  let peak = 0;
  await Promise.all(Array.from({ length: 100 }, async (_, user) => {
    for (let i = 0; i < 10; i++) {
      const res = await request(`${server.url}/70000`, { dispatcher });
      peak = Math.max(peak, bodies.active);
      await ((user + i) % 2 === 0 ? res.body.text() : res.body.dump());
    }
  }));
  expect(peak).toBeGreaterThan(10);
  expect(bodies.active).toBe(0);
}, 30_000);

describe('a dispatcher of undici 6, which calls its handlers without a controller', () => {
  interface OldHandler {
    onConnect(abort: (error?: Error) => void): void;
    onHeaders(status: number, headers: Buffer[], resume: () => void, text: string): boolean;
    onData(chunk: Buffer): boolean;
    onComplete(trailers: string[]): void;
    onError(error: Error): void;
  }

  const handled = () => {
    const events: unknown[] = [];
    const handler = {
      onConnect: () => void events.push('connect'),
      onHeaders: (status: number) => (events.push(status), false),
      onData: () => (events.push('data'), true),
      onComplete: () => void events.push('complete'),
      onError: (error: Error) => void events.push(error.message),
    };
    return { events, handler };
  };

  test('is followed to the end, and what the handler returns goes back', () => {
    const bodies = trackBodies();
    let wire!: OldHandler;
    const dispatch = bodies((_options: Dispatcher.DispatchOptions, handler: unknown) => ((wire = handler as OldHandler), true));
    const { events, handler } = handled();
    expect(dispatch({ origin: 'http://x', path: '/a', method: 'GET' }, handler)).toBe(true);
    expect(bodies.requests()).toMatchObject([{ url: 'http://x/a', method: 'GET' }]);
    wire.onConnect(() => {});
    expect(wire.onHeaders(200, [], () => {}, 'OK')).toBe(false);
    expect(wire.onData(Buffer.alloc(1))).toBe(true);
    expect(bodies.active).toBe(1);
    wire.onComplete([]);
    expect(bodies.active).toBe(0);
    expect(events).toEqual(['connect', 200, 'data', 'complete']);
    expect('onRequestStart' in (wire as object)).toBe(false);
  });

  test('is aborted by closeAll, also when it connects only after it', async () => {
    const bodies = trackBodies();
    const wires: OldHandler[] = [];
    const dispatch = bodies((_options: Dispatcher.DispatchOptions, handler: unknown) => (wires.push(handler as OldHandler), true));
    dispatch({ path: '/', method: 'GET' }, handled().handler);
    dispatch({ path: '/', method: 'GET' }, handled().handler);
    const aborted: unknown[] = [];
    const connect = (wire: OldHandler) => wire.onConnect((error) => (aborted.push(error?.name), wire.onError(error!)));
    connect(wires[0]!);
    await bodies.closeAll();
    connect(wires[1]!);
    expect(aborted).toEqual(['AbortError', 'AbortError']);
    expect(bodies.active).toBe(0);
  });

  test('a dispatch that throws is not counted', () => {
    const bodies = trackBodies();
    const dispatch = bodies((_options: Dispatcher.DispatchOptions, _handler: unknown): boolean => {
      throw new Error('no');
    });
    expect(() => dispatch({ path: '/', method: 'GET' }, handled().handler)).toThrow('no');
    expect(bodies.active).toBe(0);
  });
});
