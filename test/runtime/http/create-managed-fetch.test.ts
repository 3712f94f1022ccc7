import { getEventListeners } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Agent, fetch as undiciFetch } from 'undici';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createManagedFetch, releaseBody } from 'watertight-runtime';
import { bodyServer, type BodyServer } from '../support/body-server.js';
import { eventually } from '../support/eventually.js';

let server: BodyServer;

beforeEach(async () => {
  server = await bodyServer();
});

afterEach(async () => {
  await server[Symbol.asyncDispose]();
});

describe('a request is active', () => {
  test('from the call until its body has been read', async () => {
    await using http = createManagedFetch();
    const before = Date.now();
    const pending = http(`${server.url}/500000`, { method: 'post', body: 'x' });
    expect(http.active).toBe(1);
    expect(http.requests()).toEqual([{ url: `${server.url}/500000`, method: 'POST', startedAt: expect.any(Number) }]);
    expect(http.requests()[0]!.startedAt).toBeGreaterThanOrEqual(before);
    const res = await pending;
    expect(http.active).toBe(1);
    expect(await res.text()).toHaveLength(500_000);
    expect(http.active).toBe(0);
  });

  test('although its small body has arrived unread', async () => {
    await using http = createManagedFetch();
    const res = await http(`${server.url}/10`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(http.active).toBe(1);
    await res.body!.cancel();
    expect(http.active).toBe(0);
  });

  test.each<[string, (res: Response) => Promise<unknown>]>([
    ['json', (res) => res.json().catch(() => {})],
    ['arrayBuffer', (res) => res.arrayBuffer()],
    ['blob', (res) => res.blob()],
    ['an iterator', async (res) => { for await (const chunk of res.body!) void chunk; }],
    ['an iterator that breaks', async (res) => { for await (const chunk of res.body!) { void chunk; break; } }],
    ['a pipe', (res) => res.body!.pipeTo(new WritableStream())],
    ['a BYOB reader', async (res) => {
      const reader = res.body!.getReader({ mode: 'byob' });
      let size = 0;
      for (;;) {
        const { done, value } = await reader.read(new Uint8Array(1000));
        size += value?.byteLength ?? 0;
        if (done) break;
      }
      expect(size).toBe(100_000);
    }],
    ['both halves of a clone', (res) => Promise.all([res.clone().text(), res.text()])],
    ['another Response around the body', (res) => new Response(res.body).text()],
    ['releaseBody', (res) => releaseBody(res)],
  ])('until the body was consumed by %s', async (_name, consume) => {
    await using http = createManagedFetch();
    const res = await http(`${server.url}/100000`);
    expect(http.active).toBe(1);
    await consume(res);
    expect(http.active).toBe(0);
  });

  test('until the headers are there, when there is no body', async () => {
    await using http = createManagedFetch();
    const res = await http(`${server.url}/500000`, { method: 'HEAD' });
    expect(res.body).toBeNull();
    expect(http.active).toBe(0);
  });

  test('until it fails: refused, aborted by the caller, broken off', async () => {
    await using http = createManagedFetch();
    await expect(http('http://127.0.0.1:1/')).rejects.toThrow('fetch failed');
    await expect(http(`${server.url}/silent`, { signal: AbortSignal.timeout(30) })).rejects.toThrow(/timeout/);
    const res = await http(`${server.url}/error`);
    expect(http.active).toBe(1);
    await expect(res.text()).rejects.toThrow('terminated');
    expect(http.active).toBe(0);
  });
});

test('await using releases the socket of an unread response', async () => {
  await using http = createManagedFetch();
  let held = server.watchSockets();
  const run = async () => {
    await using res = await http(`${server.url}/500000`);
    held = server.watchSockets();
    throw new Error(`status ${res.status}`);
  };
  await expect(run()).rejects.toThrow('status 200');
  expect(http.active).toBe(0);
  expect(held.count).toBe(1);
  await held.allClosed();
});

test('the response says what the one of fetch says', async () => {
  await using http = createManagedFetch();
  await using res = await http(`${server.url}/status/503/10`);
  const plain = await fetch(`${server.url}/status/503/10`);
  for (const key of ['status', 'statusText', 'ok', 'url', 'redirected', 'type'] as const) {
    expect(res[key]).toBe(plain[key]);
  }
  const withoutDate = (headers: Headers) => [...headers].filter(([name]) => name !== 'date');
  expect(withoutDate(res.headers)).toEqual(withoutDate(plain.headers));
  expect(res).toBeInstanceOf(Response);
  expect(res.clone().url).toBe(plain.url);
  await plain.text();
});

describe('closeAll', () => {
  test('ends 40 held sockets, and what is waiting for headers', async () => {
    const http = createManagedFetch();
    const responses = await Promise.all(Array.from({ length: 40 }, () => http(`${server.url}/500000`)));
    const waiting = http(`${server.url}/silent`);
    const failure = expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    await eventually(() => server.sockets.size === 41, () => server.sockets.size);
    expect(http.active).toBe(41);
    const held = server.watchSockets();
    await http.closeAll();
    expect(http.active).toBe(0);
    await failure;
    await held.allClosed();
    await expect(responses[0]!.text()).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('stops a body that is being read', async () => {
    const http = createManagedFetch();
    const res = await http(`${server.url}/trickle`);
    const text = expect(res.text()).rejects.toMatchObject({ name: 'AbortError' });
    const held = server.watchSockets();
    await http.closeAll();
    await text;
    await held.allClosed();
  });

  test('leaves the function usable, disposing does not', async () => {
    const http = createManagedFetch();
    await http.closeAll();
    expect(await (await http(`${server.url}/10`)).text()).toHaveLength(10);
    await http[Symbol.asyncDispose]();
    await expect(http(`${server.url}/10`)).rejects.toThrow('disposed');
    expect(server.requests).toBe(1);
  });

  test('releases the late answer of a fetch that does not heed its signal', async () => {
    let isReleased = false;
    const body = new ReadableStream({ cancel: () => void (isReleased = true) });
    const http = createManagedFetch({ fetch: () => new Promise((resolve) => setTimeout(() => resolve(new Response(body)), 30)) });
    const failure = expect(http('http://x/')).rejects.toMatchObject({ name: 'AbortError' });
    await http.closeAll();
    await failure;
    expect(isReleased).toBe(true);
  });
});

describe("the caller's signal", () => {
  test('loses its listener with the end of the body', async () => {
    await using http = createManagedFetch();
    const { signal } = new AbortController();
    const before = getEventListeners(signal, 'abort').length;
    const res = await http(`${server.url}/500000`, { signal });
    expect(getEventListeners(signal, 'abort').length).toBeGreaterThan(before);
    await res.text();
    expect(getEventListeners(signal, 'abort')).toHaveLength(before);
  });

  test('ends an unread body with its reason', async () => {
    await using http = createManagedFetch();
    const controller = new AbortController();
    const res = await http(`${server.url}/500000`, { signal: controller.signal });
    const held = server.watchSockets();
    controller.abort(new Error('enough'));
    expect(http.active).toBe(0);
    await expect(res.text()).rejects.toThrow('enough');
    await held.allClosed();
  });

  test('is taken from a Request too', async () => {
    await using http = createManagedFetch();
    const controller = new AbortController();
    const pending = http(new Request(`${server.url}/silent`, { signal: controller.signal, method: 'PUT' }));
    expect(http.requests()[0]).toMatchObject({ url: `${server.url}/silent`, method: 'PUT' });
    controller.abort();
    await expect(pending).rejects.toMatchObject({ name: 'AbortError' });
    expect(http.active).toBe(0);
  });

  test('aborted before the call fails the call', async () => {
    await using http = createManagedFetch();
    await expect(http(`${server.url}/10`, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
    expect([http.active, server.requests]).toEqual([0, 0]);
  });
});

describe('other fetches', () => {
  test("undici's own, with its own Response", async () => {
    const dispatcher = new Agent();
    await using http = createManagedFetch({ fetch: undiciFetch as unknown as typeof fetch });
    const res = await http(`${server.url}/500000`, { dispatcher } as RequestInit);
    expect(http.active).toBe(1);
    expect(res.url).toBe(`${server.url}/500000`);
    expect(await res.text()).toHaveLength(500_000);
    expect(http.active).toBe(0);
    await dispatcher.close();
  });

  test('one with Node streams, as node-fetch', async () => {
    const nodeFetch = async (url: unknown) => ({ status: 200, body: await new Promise<IncomingMessage>((resolve) => get(String(url), resolve)) });
    await using http = createManagedFetch({ fetch: nodeFetch as unknown as typeof fetch });
    const res = await http(`${server.url}/500000`);
    expect(http.active).toBe(1);
    for await (const chunk of res.body!) void chunk;
    expect(http.active).toBe(0);
    await http(`${server.url}/500000`);
    await http.closeAll();
    expect(http.active).toBe(0);
    await eventually(() => server.sockets.size === 0, () => server.sockets.size);
  });

  test('a mock without a body', async () => {
    await using http = createManagedFetch({ fetch: (async () => ({ ok: true, json: async () => 1 })) as unknown as typeof fetch });
    expect(await (await http('http://x/')).json()).toBe(1);
    expect(http.active).toBe(0);
  });
});

test('100 users x 10 requests, each ended in another way, leave nothing and are ended once each', async () => {
  const ended: string[] = [];
  const http = createManagedFetch({ logger: { debug: (line) => void (line.includes(' ended ') && ended.push(line)) } });
  const ways: ((res: Response & AsyncDisposable, controller: AbortController) => unknown)[] = [
    (res) => res.text(),
    (res) => res.body!.cancel(),
    (res) => res[Symbol.asyncDispose](),
    (_res, controller) => controller.abort(),
    (res, controller) => { controller.abort(); return Promise.all([res[Symbol.asyncDispose](), res.text().catch(() => {})]); },
  ];
  let peak = 0;
  await Promise.all(Array.from({ length: 100 }, async (_, user) => {
    for (let i = 0; i < 10; i++) {
      const controller = new AbortController();
      const res = await http(`${server.url}/70000`, { signal: controller.signal });
      peak = Math.max(peak, http.active);
      await ways[(user + i) % ways.length]!(res, controller);
    }
  }));
  expect(peak).toBeGreaterThan(10);
  expect(http.active).toBe(0);
  expect(ended).toHaveLength(1000);
}, 30_000);

test('a response that is dropped unread is cancelled when it is collected, with a warning', async () => {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  const warnings: string[] = [];
  const http = createManagedFetch({ logger: { warn: (line) => void warnings.push(line) } });
  await (async () => void (await http(`${server.url}/500000`)))();
  const held = server.watchSockets();
  expect([held.count, http.active]).toEqual([1, 1]);
  await eventually(() => {
    gc();
    return http.active === 0;
  }, () => http.active);
  await held.allClosed();
  expect(warnings).toEqual([expect.stringMatching(/^GET .*\/500000: the response was dropped/)]);
});
