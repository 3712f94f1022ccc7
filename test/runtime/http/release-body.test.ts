import { once } from 'node:events';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { PassThrough, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Agent, fetch as undiciFetch, request } from 'undici';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { releaseBody } from 'watertight-runtime';
import { bodyServer, type BodyServer } from '../support/body-server.js';
import { eventually } from '../support/eventually.js';

let server: BodyServer;
let dispatcher: Agent;
let agent: HttpAgent;

beforeEach(async () => {
  server = await bodyServer();
  dispatcher = new Agent();
  agent = new HttpAgent({ keepAlive: true });
});

afterEach(async () => {
  agent.destroy();
  await dispatcher.destroy();
  await server[Symbol.asyncDispose]();
});

function message(path: string, method = 'GET'): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    httpRequest(server.url + path, { agent, method }, resolve).on('error', reject).end();
  });
}

/** Every shape of a response, by the client that gives it. Those not installed here are built as their sources build them. */
const clients: Record<string, (path: string) => Promise<unknown>> = {
  'global fetch': (path) => fetch(server.url + path, { dispatcher } as RequestInit),
  'undici fetch': (path) => undiciFetch(server.url + path, { dispatcher }),
  'undici request': (path) => request(server.url + path, { dispatcher }),
  'undici request, the body alone': async (path) => (await request(server.url + path, { dispatcher })).body,
  'http.get': (path) => message(path),
  'axios stream': async (path) => {
    const data = await message(path);
    return { status: 200, headers: data.headers, config: {}, data };
  },
  'error of an axios request': async (path) => {
    const data = await message(path);
    return Object.assign(new Error('Request failed with status code 500'), { response: { data, headers: data.headers } });
  },
  'node-fetch 2': async (path) => {
    const body = (await message(path)).pipe(new PassThrough());
    return { status: 200, headers: new Headers(), body, text: () => '' };
  },
  'promise of a response': async (path) => ({ body: (await request(server.url + path, { dispatcher })).body }),
};

/** Sockets that the server sees, whose client has let go of them: closed, or free to be used again. */
async function heldAfter(path: string, get: (path: string) => Promise<unknown>, release: boolean, count: number): Promise<number> {
  const responses = await Promise.all(Array.from({ length: count }, () => get(path)));
  await new Promise((resolve) => setTimeout(resolve, 50));
  if (release) {
    await Promise.all(responses.map((response) => releaseBody(response)));
  }
  // Sockets that can be used again are used by the next requests; held ones are not.
  const before = server.opened;
  const more = await Promise.all(Array.from({ length: count }, () => get('/10')));
  await Promise.all(more.map((response) => releaseBody(response)));
  const fresh = server.opened - before;
  await eventually(() => server.sockets.size >= fresh, () => server.sockets.size);
  void responses;
  return server.sockets.size - fresh;
}

describe.each(Object.entries(clients))('%s', (_name, client) => {
  test('a large unread body holds its socket until it is released', async () => {
    const responses = await Promise.all(Array.from({ length: 20 }, () => client('/500000')));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(server.sockets.size).toBe(20);
    await Promise.all(responses.map((response) => releaseBody(response)));
    await eventually(() => server.sockets.size === 0, () => server.sockets.size);
  });

  test('a small body is drained, and its connection used again', async () => {
    for (let i = 0; i < 8; i++) {
      await releaseBody(await client('/20000'));
    }
    expect(server.requests).toBe(8);
    // undici opens a second connection for a request that follows at once, also after `text()`.
    expect(server.opened).toBeLessThanOrEqual(2);
  });

  test('an endless body of unknown length is cancelled', async () => {
    const response = await client('/endless');
    expect(server.sockets.size).toBe(1);
    await releaseBody(response);
    await eventually(() => server.sockets.size === 0, () => server.sockets.size);
  });

  test('releasing twice, at once and later, is harmless', async () => {
    const response = await client('/500000');
    await Promise.all([releaseBody(response), releaseBody(response)]);
    await releaseBody(response);
    await eventually(() => server.sockets.size === 0, () => server.sockets.size);
  });

  test('a body that breaks off does not reject', async () => {
    const response = await client('/error');
    await expect(releaseBody(response, { drainLimit: 10_000_000, timeout: 2000 })).resolves.toBeUndefined();
    await eventually(() => server.sockets.size === 0, () => server.sockets.size);
  });
});

test('a second release waits for the first', async () => {
  const message = await clients['http.get']!('/trickle');
  const ended: string[] = [];
  await Promise.all([
    releaseBody(message, { timeout: 300 }).then(() => ended.push('first')),
    releaseBody(message).then(() => ended.push('second')),
    new Promise((resolve) => setTimeout(resolve, 100)).then(() => ended.push('timer')),
  ]);
  expect(ended[0]).toBe('timer');
});

test('cancel() after a release does not reject', async () => {
  const res = await fetch(`${server.url}/500000`, { dispatcher } as RequestInit);
  await releaseBody(res);
  expect(res.body!.locked).toBe(false);
  await expect(res.body!.cancel()).resolves.toBeUndefined();
});

describe('limits', () => {
  test('drainLimit bounds what is read', async () => {
    const body = endlessStream();
    await releaseBody(body.stream, { drainLimit: 10_000 });
    expect(body.state.cancelled).toBe(true);
    expect(body.state.read).toBeGreaterThan(10_000);
    expect(body.state.read).toBeLessThanOrEqual(13_000);
  });

  test('a body of exactly drainLimit bytes is read to its end', async () => {
    await releaseBody(await message('/chunked/5000'), { drainLimit: 5000 });
    await releaseBody(await message('/10'));
    expect(server.opened).toBe(1);
  });

  test('one byte more is not', async () => {
    await releaseBody(await message('/chunked/5001'), { drainLimit: 5000 });
    await releaseBody(await message('/10'));
    expect(server.opened).toBe(2);
  });

  test('a declared length above the limit is cancelled without reading on', async () => {
    let read = 0;
    const stream = new ReadableStream({ pull: (c) => (read++, c.enqueue(new Uint8Array(10))) }, { highWaterMark: 0 });
    await releaseBody({ body: stream, headers: new Headers({ 'content-length': '70000' }) });
    expect(read).toBe(1);
  });

  test('drainLimit 0 cancels at once', async () => {
    const body = endlessStream();
    await releaseBody(body.stream, { drainLimit: 0 });
    expect(body.state).toMatchObject({ cancelled: true, read: 0 });
  });

  test.each(['global fetch', 'undici request', 'http.get'])('timeout bounds how long %s is drained', async (name) => {
    const [short, long] = await Promise.all([clients[name]!('/trickle'), clients[name]!('/trickle')]);
    const start = performance.now();
    const ended: string[] = [];
    const times = await Promise.all([
      releaseBody(long, { timeout: 400 }).then(() => (ended.push('long'), performance.now() - start)),
      releaseBody(short, { timeout: 100 }).then(() => (ended.push('short'), performance.now() - start)),
    ]);
    expect(ended).toEqual(['short', 'long']);
    expect(times[0]).toBeGreaterThan(390);
    expect(times[1]).toBeGreaterThan(90);
    await eventually(() => server.sending === 0, () => server.sending);
  });

  test('a cancel that never answers does not hold the release', async () => {
    const stream = new ReadableStream({ pull: (c) => c.enqueue(new Uint8Array(100_000)), cancel: () => new Promise(() => {}) }, { highWaterMark: 0 });
    const start = performance.now();
    await releaseBody(stream);
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  test('the answer to HEAD keeps its connection although it declares a length', async () => {
    await releaseBody(await message('/500000', 'HEAD'));
    await releaseBody(await message('/10'));
    expect(server.opened).toBe(1);
  });
});

describe('nothing to release', () => {
  test.each([
    ['null', null],
    ['undefined', undefined],
    ['a string', 'x'],
    ['a response without a body', new Response(null, { status: 204 })],
    ['a mock', { ok: true, json: () => ({}) }],
    ['an axios response with parsed data', { data: { a: 1 }, headers: {} }],
    ['a getter that throws', Object.defineProperty({}, 'body', { get: () => { throw new Error('no'); } })],
    ['a stream that throws', { getReader: () => { throw new Error('no'); }, cancel: () => { throw new Error('no'); } }],
    ['a dump that rejects', { body: { dump: () => Promise.reject(new Error('no')) } }],
  ])('%s', async (_name, value) => {
    await expect(releaseBody(value)).resolves.toBeUndefined();
  });

  test('a promise that rejects', async () => {
    await expect(releaseBody(Promise.reject(new Error('no answer')))).resolves.toBeUndefined();
  });

  test('a consumed body', async () => {
    const res = await fetch(`${server.url}/500000`, { dispatcher } as RequestInit);
    const text = await res.text();
    await releaseBody(res);
    expect(text).toHaveLength(500_000);
  });

  test('an errored web stream', async () => {
    const stream = new ReadableStream({ start: (c) => c.error(new Error('broken')) });
    await expect(releaseBody(new Response(stream))).resolves.toBeUndefined();
  });

  test('a destroyed Node stream whose error has not been heard yet', async () => {
    let closed = false;
    const stream = new Readable({ read() {}, destroy: (error, callback) => void setTimeout(callback, 20, error) });
    stream.on('close', () => (closed = true));
    stream.destroy(new Error('broken'));
    await releaseBody(stream);
    // Without a listener the error is an uncaught exception, which fails the run.
    expect(stream.listenerCount('error')).toBe(1);
    await eventually(() => closed, () => closed);
  });

  test('a body whose only method is dump is dumped', async () => {
    const calls: unknown[] = [];
    await releaseBody({ body: { dump: (options: unknown) => void calls.push(options) } });
    expect(calls).toEqual([{ limit: 65_536 }]);
  });
});

describe('a body that somebody is reading is left to its reader', () => {
  test('json() of fetch, not awaited', async () => {
    const res = await fetch(`${server.url}/500000`, { dispatcher } as RequestInit);
    const text = res.text();
    await releaseBody(res);
    expect(await text).toHaveLength(500_000);
  });

  test('text() of undici, not awaited', async () => {
    const res = await request(`${server.url}/500000`, { dispatcher });
    const text = res.body.text();
    await releaseBody(res);
    expect(await text).toHaveLength(500_000);
  });

  test('a pipe', async () => {
    const res = await message('/500000');
    const target = res.pipe(new PassThrough());
    await releaseBody(res);
    let size = 0;
    for await (const chunk of target) {
      size += (chunk as Buffer).length;
    }
    expect(size).toBe(500_000);
  });

  test('an async iterator', async () => {
    const res = await message('/500000');
    const sizes = (async () => {
      let size = 0;
      for await (const chunk of res) {
        size += (chunk as Buffer).length;
      }
      return size;
    })();
    await releaseBody(res);
    expect(await sizes).toBe(500_000);
  });

  test('a reader that has let go leaves the rest to be released', async () => {
    const res = await fetch(`${server.url}/500000`, { dispatcher } as RequestInit);
    const reader = res.body!.getReader();
    await reader.read();
    await releaseBody(res);
    expect(server.sockets.size).toBe(1);
    reader.releaseLock();
    await releaseBody(res);
    await eventually(() => server.sockets.size === 0, () => server.sockets.size);
  });

  test('a first chunk taken with once leaves the rest to be released', async () => {
    const res = await message('/endless');
    await once(res, 'data');
    await releaseBody(res);
    await eventually(() => server.sockets.size === 0, () => server.sockets.size);
  });

  test('a source piped to another reader too is not destroyed with this one', async () => {
    const res = await message('/500000');
    const kept = res.pipe(new PassThrough());
    const dropped = res.pipe(new PassThrough());
    // Node itself stalls the other target when one is destroyed before the first chunk.
    await new Promise((resolve) => setTimeout(resolve, 50));
    await releaseBody(dropped, { drainLimit: 0 });
    let size = 0;
    for await (const chunk of kept) {
      size += (chunk as Buffer).length;
    }
    expect(size).toBe(500_000);
  });

  test('a chain of pipes is destroyed up to the socket', async () => {
    const res = await message('/500000');
    const body = res.pipe(new PassThrough()).pipe(createGunzip());
    await releaseBody({ body }, { drainLimit: 0 });
    await eventually(() => server.sockets.size === 0, () => server.sockets.size);
  });
});

test('released and unreleased responses differ in what they hold', async () => {
  const client = clients['global fetch']!;
  expect(await heldAfter('/500000', client, false, 10)).toBe(10);
  await dispatcher.destroy();
  dispatcher = new Agent();
  await eventually(() => server.sockets.size === 0, () => server.sockets.size);
  expect(await heldAfter('/500000', client, true, 10)).toBe(0);
});

test('the error on its way out of a finally is not replaced', async () => {
  const run = async () => {
    const res = await fetch(`${server.url}/error`, { dispatcher } as RequestInit);
    try {
      throw new Error('the real one');
    } finally {
      await releaseBody(res);
    }
  };
  await expect(run()).rejects.toThrow('the real one');
});

function endlessStream() {
  const state = { read: 0, cancelled: false };
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        state.read += 1000;
        controller.enqueue(new Uint8Array(1000));
      },
      cancel() {
        state.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, state };
}
