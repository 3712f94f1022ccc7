import { get, type IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { Agent, request } from 'undici';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { managed } from 'watertight-runtime';
import { bodyServer, type BodyServer } from '../support/body-server.js';
import { eventually } from '../support/eventually.js';

let server: BodyServer;
let dispatcher: Agent;

beforeEach(async () => {
  server = await bodyServer();
  dispatcher = new Agent();
});

afterEach(async () => {
  await dispatcher.destroy();
  await server[Symbol.asyncDispose]();
});

const message = (path: string) => new Promise<IncomingMessage>((resolve) => get(server.url + path, resolve));

const shapes: Record<string, () => Promise<object>> = {
  'a fetch response': () => fetch(`${server.url}/500000`, { dispatcher } as RequestInit),
  'a frozen fetch response': async () => Object.freeze(await fetch(`${server.url}/500000`, { dispatcher } as RequestInit)),
  'an undici result': () => request(`${server.url}/500000`, { dispatcher }),
  'a frozen undici result': async () => Object.freeze(await request(`${server.url}/500000`, { dispatcher })),
  'an incoming message': () => message('/500000'),
  'an axios response': async () => ({ data: await message('/500000'), headers: {} }),
  'a node-fetch 2 response': async () => ({ body: (await message('/500000')).pipe(new PassThrough()) }),
};

describe.each(Object.entries(shapes))('%s', (_name, make) => {
  test('is released on the way out of the block, and only then', async () => {
    let heldInside = 0;
    const run = async () => {
      await using res = managed(await make());
      void res;
      await new Promise((resolve) => setTimeout(resolve, 30));
      heldInside = server.sockets.size;
      throw new Error('on the way out');
    };
    await expect(run()).rejects.toThrow('on the way out');
    expect(heldInside).toBe(1);
    await eventually(() => server.sockets.size === 0, () => server.sockets.size);
  });

  test('shows no new property', async () => {
    const res = await make();
    const before = Object.keys(res);
    await using same = managed(res);
    expect(Object.keys(same)).toEqual(before);
    expect(Symbol.asyncDispose in { ...same }).toBe(false);
  });
});

test('the same object comes back', async () => {
  const res = await fetch(`${server.url}/10`);
  await using same = managed(res);
  expect(same).toBe(res);
});

test('a body that was read is left as it is', async () => {
  const run = async () => {
    await using res = managed(await fetch(`${server.url}/500000`));
    return await res.text();
  };
  expect(await run()).toHaveLength(500_000);
});

test('a body whose reading is returned without await is still read', async () => {
  const viaFetch = async () => {
    await using res = managed(await fetch(`${server.url}/500000`));
    return res.text();
  };
  const viaUndici = async () => {
    await using res = managed(await request(`${server.url}/500000`, { dispatcher }));
    return res.body.text();
  };
  expect((await viaFetch()).length).toBe(500_000);
  expect((await viaUndici()).length).toBe(500_000);
});

test('the proxy of a frozen response works as the response', async () => {
  await using res = managed(Object.freeze(await fetch(`${server.url}/500000`)));
  expect(res).toBeInstanceOf(Response);
  expect(res.ok).toBe(true);
  expect(res.headers.get('content-length')).toBe('500000');
  expect(res.text).toBe(res.text);
  expect(await res.text()).toHaveLength(500_000);
});

test('a frozen record keeps its keys and values behind the proxy', () => {
  const record = Object.freeze({ data: null, status: 200 });
  const res = managed(record);
  expect(Object.keys(res)).toEqual(['data', 'status']);
  expect(JSON.stringify(res)).toBe('{"data":null,"status":200}');
  expect(Symbol.asyncDispose in res).toBe(true);
  expect(Symbol.asyncDispose in record).toBe(false);
});

test('null and undefined pass through to await using', async () => {
  const none = null as Response | null;
  await using res = managed(none);
  await using missing = managed(undefined as Response | undefined);
  expect([res, missing]).toEqual([null, undefined]);
});

test('options reach the release', async () => {
  {
    await using res = managed(await message('/20000'), { drainLimit: 0 });
    void res;
  }
  await eventually(() => server.sockets.size === 0, () => server.sockets.size);
});
