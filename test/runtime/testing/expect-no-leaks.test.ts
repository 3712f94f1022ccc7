import { spawn, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { EventEmitter, once } from 'node:events';
import { closeSync, createReadStream, createWriteStream, mkdirSync, mkdtempSync, openSync, rmSync, watch, writeFileSync, promises as fsPromises } from 'node:fs';
import fs from 'node:fs';
import { mkdtemp, open, writeFile, type FileHandle } from 'node:fs/promises';
import { Agent as HttpAgent, createServer, get, type IncomingMessage } from 'node:http';
import { connect, createServer as createNetServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MessageChannel, Worker } from 'node:worker_threads';
import { Agent, request } from 'undici';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { releaseBody } from 'watertight-runtime';
import { expectNoLeaks, LeakError, trackResources, type ExpectNoLeaksOptions, type Leak } from 'watertight-runtime/testing';
import { bodyServer, type BodyServer } from '../support/body-server.js';

let server: BodyServer;
/** What a test leaks on purpose, to be released after it. */
let cleanups: (() => unknown)[];

beforeEach(async () => {
  server = await bodyServer();
  cleanups = [];
});

afterEach(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
  await server[Symbol.asyncDispose]();
});

async function leaksOf(fn: () => unknown, options: ExpectNoLeaksOptions = {}): Promise<LeakError> {
  const error = await expectNoLeaks(fn, { timeoutMs: 150, ...options }).then(() => undefined, (reason: unknown) => reason);
  expect(error).toBeInstanceOf(LeakError);
  return error as LeakError;
}

const kinds = (error: LeakError) => [...new Set(error.leaks.map(({ kind }) => kind))].sort();
const here = (leak: Leak) => expect(leak.acquiredAt).toContain('expect-no-leaks.test.ts');

describe('open files', () => {
  test.each<[string, () => unknown]>([
    ['openSync', () => {
      const fd = openSync('/etc/hostname', 'r');
      cleanups.push(() => closeSync(fd));
    }],
    ['open with a callback', () => new Promise<void>((resolve) => fs.open('/etc/hostname', 'r', (_error, fd) => {
      cleanups.push(() => closeSync(fd));
      resolve();
    }))],
    ['fs/promises open', async () => {
      const file = await open('/etc/hostname');
      cleanups.push(() => file.close());
    }],
    ['a stream', async () => {
      const stream = createReadStream('/etc/hostname');
      await once(stream, 'open');
      cleanups.push(() => stream.destroy());
    }],
  ])('%s', async (_name, leak) => {
    const error = await leaksOf(leak);
    expect(kinds(error)).toEqual(['descriptor']);
    expect(error.leaks[0]!.description).toMatch(/^\/etc\/hostname \(descriptor \d+\)$/);
    here(error.leaks[0]!);
  });

  test('closed ones are no leak', async () => {
    await expectNoLeaks(async () => {
      closeSync(openSync('/etc/hostname', 'r'));
      const file: FileHandle = await open('/etc/hostname');
      await file.close();
      for await (const chunk of createReadStream('/etc/hostname')) void chunk;
    });
  });

  test('nor is one that was open before, though its number is used again', async () => {
    const old = openSync('/etc/hostname', 'r');
    cleanups.push(() => closeSync(old));
    await expectNoLeaks(() => {});
    const error = await leaksOf(() => {
      closeSync(old);
      openSync('/etc/hostname', 'r');
    });
    expect(error.leaks).toHaveLength(1);
  });
});

describe('sockets and servers', () => {
  test('a client socket, with the address it is connected to', async () => {
    const error = await leaksOf(async () => {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
      cleanups.push(() => socket.destroy());
      await once(socket, 'connect');
    });
    expect(error.leaks).toHaveLength(1);
    expect(error.leaks[0]).toMatchObject({ kind: 'socket', description: `TCP socket to ${server.url.slice(7)}` });
    here(error.leaks[0]!);
  });

  test('a server that listens', async () => {
    const error = await leaksOf(async () => {
      const leaked = createServer().listen(0, '127.0.0.1');
      cleanups.push(() => leaked.close());
      await once(leaked, 'listening');
    });
    expect(kinds(error)).toEqual(['server']);
    expect(error.leaks[0]!.description).toMatch(/^TCP server on 127\.0\.0\.1:\d+$/);
  });

  test('a connection that a closed server still has', async () => {
    const error = await leaksOf(async () => {
      const leaked = createNetServer((socket) => cleanups.push(() => socket.destroy()));
      await once(leaked.listen(0, '127.0.0.1'), 'listening');
      const client = connect((leaked.address() as { port: number }).port, '127.0.0.1');
      cleanups.push(() => client.destroy());
      await once(leaked, 'connection');
      leaked.close();
    });
    expect(error.leaks.map(({ description }) => description)).toContainEqual(expect.stringContaining('accepted by a server that has been closed'));
  });

  test('a UDP socket', async () => {
    const error = await leaksOf(async () => {
      const socket = createSocket('udp4').bind(0, '127.0.0.1');
      cleanups.push(() => socket.close());
      await once(socket, 'listening');
    });
    expect(kinds(error)).toEqual(['socket']);
  });

  test('a server with its clients, all closed, is no leak', async () => {
    await expectNoLeaks(async () => {
      const own = createServer((_req, res) => res.end('x'.repeat(100_000)));
      await once(own.listen(0, '127.0.0.1'), 'listening');
      const agent = new HttpAgent({ keepAlive: true });
      for (let i = 0; i < 3; i++) {
        const res = await new Promise<IncomingMessage>((resolve) => get({ agent, port: (own.address() as { port: number }).port }, resolve));
        await once(res.resume(), 'end');
      }
      agent.destroy();
      own.close();
      await once(own, 'close');
    });
  });

  test('nor are connections kept for the next request', async () => {
    const agent = new HttpAgent({ keepAlive: true });
    const dispatcher = new Agent();
    cleanups.push(() => agent.destroy(), () => dispatcher.destroy());
    await expectNoLeaks(async () => {
      await (await fetch(`${server.url}/100000`)).text();
      await (await request(`${server.url}/100000`, { dispatcher })).body.text();
      const res = await new Promise<IncomingMessage>((resolve) => get(`${server.url}/100000`, { agent }, resolve));
      await once(res.resume(), 'end');
      expect(server.sockets.size).toBe(3);
    });
  });

  test('a connection from before that is held now is counted', async () => {
    const dispatcher = new Agent({ connections: 1 });
    await (await request(`${server.url}/10`, { dispatcher })).body.text();
    await sleep(20);
    const error = await leaksOf(async () => {
      const res = await request(`${server.url}/500000`, { dispatcher });
      cleanups.push(() => dispatcher.destroy(), () => res.body.on('error', () => {}));
    });
    expect(kinds(error)).toEqual(['response body', 'socket']);
    expect(error.leaks.find(({ kind }) => kind === 'socket')!.description).toBe('TCP socket that was there before and is held now');
  });
});

describe('response bodies', () => {
  test.each(['/500000', '/10'])('of fetch %s', async (path) => {
    const error = await leaksOf(async () => {
      const res = await fetch(server.url + path);
      cleanups.push(() => releaseBody(res));
      if (res.status === 200) return;
      await res.text();
    });
    const bodies = error.leaks.filter(({ kind }) => kind === 'response body');
    expect(bodies).toHaveLength(1);
    expect(bodies[0]!.description).toBe(`GET ${server.url}${path} was neither read nor cancelled`);
    here(bodies[0]!);
  });

  test('of fetch, begun and abandoned', async () => {
    const error = await leaksOf(async () => {
      const res = await fetch(`${server.url}/500000`, { method: 'POST' });
      const reader = res.body!.getReader();
      cleanups.push(() => reader.cancel());
      await reader.read();
    });
    expect(error.leaks.find(({ kind }) => kind === 'response body')!.description).toBe(`POST ${server.url}/500000 was not read to its end and holds its connection`);
  });

  test('of undici', async () => {
    const dispatcher = new Agent();
    cleanups.push(() => dispatcher.destroy());
    const error = await leaksOf(async () => {
      const res = await request(`${server.url}/500000`, { dispatcher });
      res.body.on('error', () => {});
    });
    expect(kinds(error)).toEqual(['response body', 'socket']);
    error.leaks.forEach(here);
  });

  test.each(['/500000', '/10'])('of http.get %s', async (path) => {
    const error = await leaksOf(async () => {
      const res = await new Promise<IncomingMessage>((resolve) => get(server.url + path, { agent: new HttpAgent() }, resolve));
      cleanups.push(() => res.destroy());
    });
    const bodies = error.leaks.filter(({ kind }) => kind === 'response body');
    expect(bodies.map(({ description }) => description)).toEqual([expect.stringMatching(/^GET http:\/\/127\.0\.0\.1.*holds its connection$/)]);
    here(bodies[0]!);
  });

  test('that were read, cancelled, released, or are none, are no leak', async () => {
    const dispatcher = new Agent();
    cleanups.push(() => dispatcher.destroy());
    await expectNoLeaks(async () => {
      await (await fetch(`${server.url}/500000`)).arrayBuffer();
      await (await fetch(`${server.url}/500000`)).body!.cancel();
      await releaseBody(await fetch(`${server.url}/500000`));
      await fetch(`${server.url}/500000`, { method: 'HEAD' });
      await fetch(`${server.url}/0`);
      await releaseBody(await request(`${server.url}/500000`, { dispatcher }));
      await (await request(`${server.url}/500000`, { dispatcher })).body.dump();
      await releaseBody(await new Promise<IncomingMessage>((resolve) => get(`${server.url}/10`, resolve)));
      await fetch('http://127.0.0.1:1/').catch(() => {});
      await fetch(`${server.url}/silent`, { signal: AbortSignal.timeout(20) }).catch(() => {});
    });
  });

  test('an empty body of unknown length is no leak', async () => {
    const empty = createServer((_req, res) => { res.write(''); res.end(); });
    await once(empty.listen(0, '127.0.0.1'), 'listening');
    cleanups.push(() => { empty.closeAllConnections(); empty.close(); });
    const url = `http://127.0.0.1:${(empty.address() as { port: number }).port}/`;
    await expectNoLeaks(async () => {
      const res = await fetch(url, { method: 'POST' });
      expect(res.body).not.toBeNull();
    }, { timeoutMs: 100 });
  });

  test('the global fetch is the old one again afterwards', async () => {
    const before = globalThis.fetch;
    await expectNoLeaks(() => expect(globalThis.fetch).not.toBe(before));
    expect(globalThis.fetch).toBe(before);
  });
});

describe('timers', () => {
  test('that are not cleared', async () => {
    const error = await leaksOf(() => {
      const timeout = setTimeout(() => {}, 60_000);
      const interval = setInterval(() => {}, 1234);
      cleanups.push(() => clearTimeout(timeout), () => clearInterval(interval));
    });
    expect(error.leaks.map(({ description }) => description)).toEqual(['setTimeout of 60000 ms', 'setInterval of 1234 ms']);
    error.leaks.forEach(here);
  });

  test('an abandoned sleep', async () => {
    const controller = new AbortController();
    cleanups.push(() => controller.abort());
    const error = await leaksOf(async () => {
      const sleeping = sleep(60_000, undefined, { signal: controller.signal });
      sleeping.catch(() => {});
      await Promise.race([sleeping, Promise.resolve()]);
    });
    expect(kinds(error)).toEqual(['timer']);
  });

  test('that were cleared, ran, run soon, or are unref\'d, are no leak', async () => {
    await expectNoLeaks(async () => {
      clearTimeout(setTimeout(() => {}, 60_000));
      clearInterval(setInterval(() => {}, 60_000));
      setTimeout(() => {}, 60_000).unref();
      setTimeout(() => {}, 30);
      AbortSignal.timeout(60_000);
      await sleep(5);
    });
  });
});

describe('processes, workers, watchers, ports', () => {
  test('a child process, reported once with its pipes', async () => {
    let child!: ChildProcess;
    const error = await leaksOf(async () => {
      child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
      cleanups.push(() => child.kill());
      await once(child, 'spawn');
    });
    expect(error.leaks.map(({ kind }) => kind)).toEqual(['child process']);
    here(error.leaks[0]!);
  });

  test('a child process that has ended is no leak', async () => {
    await expectNoLeaks(async () => {
      const child = spawn(process.execPath, ['-e', '0']);
      child.stdout.resume();
      await once(child, 'close');
    });
  });

  test('a worker, reported once', async () => {
    const error = await leaksOf(async () => {
      const worker = new Worker('setInterval(() => {}, 1000)', { eval: true });
      cleanups.push(() => worker.terminate());
      await once(worker, 'online');
    });
    expect(error.leaks.map(({ kind }) => kind)).toEqual(['worker']);
  });

  test('a worker that was terminated is no leak', async () => {
    await expectNoLeaks(async () => {
      const worker = new Worker('setInterval(() => {}, 1000)', { eval: true });
      await once(worker, 'online');
      await worker.terminate();
    });
  });

  test('a watcher', async () => {
    const error = await leaksOf(() => {
      const watcher = watch(import.meta.dirname);
      cleanups.push(() => watcher.close());
    });
    expect(kinds(error)).toEqual(['watcher']);
    await expectNoLeaks(() => watch(import.meta.dirname).close());
  });

  test('a message port that is listened to', async () => {
    const error = await leaksOf(() => {
      const { port1 } = new MessageChannel();
      port1.on('message', () => {});
      cleanups.push(() => port1.close());
    });
    expect(kinds(error)).toEqual(['message port']);
    await expectNoLeaks(() => void new MessageChannel().port1.close());
  });
});

describe('listeners', () => {
  test('on process, given emitters and given signals', async () => {
    const emitter = new EventEmitter();
    const { signal } = new AbortController();
    const target = new EventTarget();
    const listener = () => {};
    const error = await leaksOf(() => {
      process.once('SIGUSR2', listener);
      cleanups.push(() => process.removeListener('SIGUSR2', listener));
      emitter.on('data', listener);
      emitter.on('data', listener);
      signal.addEventListener('abort', listener, { once: true });
      target.addEventListener('open', listener);
    }, { emitters: [emitter, target], signals: [signal] });
    expect(error.leaks.map(({ description }) => description)).toEqual([
      "'SIGUSR2' on process",
      "'data' on EventEmitter",
      "'data' on EventEmitter",
      "'open' on EventTarget",
      "'abort' on AbortSignal",
    ]);
    error.leaks.forEach(here);
  });

  test('that were removed, or were there before, are no leak', async () => {
    const emitter = new EventEmitter();
    const { signal } = new AbortController();
    const old = () => {};
    emitter.on('data', old);
    signal.addEventListener('abort', old);
    await expectNoLeaks(() => {
      const listener = () => {};
      emitter.on('data', listener).off('data', listener);
      emitter.once('end', listener).emit('end');
      emitter.off('data', old).on('data', old);
      signal.addEventListener('abort', listener);
      signal.removeEventListener('abort', listener);
    }, { emitters: [emitter], signals: [signal] });
    expect(Object.hasOwn(signal, 'addEventListener')).toBe(false);
    expect(emitter.listenerCount('newListener')).toBe(0);
  });
});

describe('temporary files', () => {
  test.each<[string, () => unknown]>([
    ['mkdtempSync', () => mkdtempSync(join(tmpdir(), 'leak-'))],
    ['mkdtemp of fs/promises', () => mkdtemp(join(tmpdir(), 'leak-'))],
    ['mkdtemp with a callback', () => new Promise((resolve) => fs.mkdtemp(join(tmpdir(), 'leak-'), (_error, path) => resolve(path)))],
    ['writeFileSync', () => { const path = unused(); writeFileSync(path, 'x'); return path; }],
    ['writeFile of fs/promises', async () => { const path = unused(); await writeFile(path, 'x'); return path; }],
    ['writeFile of fs.promises', async () => { const path = unused(); await fsPromises.writeFile(path, 'x'); return path; }],
    ['mkdirSync', () => { const path = unused(); mkdirSync(path); return path; }],
    ['createWriteStream', async () => { const path = unused(); await once(createWriteStream(path).end('x'), 'close'); return path; }],
  ])('%s', async (_name, create) => {
    let path!: string;
    const error = await leaksOf(async () => {
      path = await (create() as string | Promise<string>);
      cleanups.push(() => rmSync(path, { recursive: true }));
    });
    expect(error.leaks).toMatchObject([{ kind: 'temp file', description: path }]);
    here(error.leaks[0]!);
  });

  test('a directory stands for what is in it', async () => {
    const error = await leaksOf(() => {
      const dir = mkdtempSync(join(tmpdir(), 'leak-'));
      cleanups.push(() => rmSync(dir, { recursive: true }));
      writeFileSync(join(dir, 'a'), '');
    });
    expect(error.leaks).toHaveLength(1);
  });

  test('that were removed, or were there before, or are elsewhere, are no leak', async () => {
    const old = unused();
    writeFileSync(old, 'x');
    cleanups.push(() => rmSync(old));
    await expectNoLeaks(() => {
      const dir = mkdtempSync(join(tmpdir(), 'leak-'));
      writeFileSync(join(dir, 'a'), '');
      rmSync(dir, { recursive: true });
      writeFileSync(old, 'y');
    });
  });

  test('the functions of node:fs are the old ones again afterwards', async () => {
    const before = fs.openSync;
    await expectNoLeaks(() => expect(fs.openSync).not.toBe(before));
    expect([fs.openSync, openSync]).toEqual([before, before]);
  });
});

describe('the function', () => {
  test('gives its result', async () => {
    expect(await expectNoLeaks(async () => 7)).toBe(7);
  });

  test('that fails without a leak fails with its own error', async () => {
    const own = new Error('own');
    await expect(expectNoLeaks(() => { throw own; })).rejects.toBe(own);
  });

  test('that fails and leaks shows both', async () => {
    const own = new Error('own');
    const error = await leaksOf(() => {
      const timer = setTimeout(() => {}, 60_000);
      cleanups.push(() => clearTimeout(timer));
      throw own;
    });
    expect(error.cause).toBe(own);
    expect(error.message).toContain('The function itself failed with: own');
  });

  test('says what leaked, how often, and where it was acquired', async () => {
    const error = await leaksOf(() => {
      for (let i = 0; i < 3; i++) {
        const timer = setTimeout(() => {}, 60_000);
        cleanups.push(() => clearTimeout(timer));
      }
    });
    expect(error.message).toMatch(/^3 resources were not released:\n- timer \(3 times\): setTimeout of 60000 ms\n {4}acquired at .*expect-no-leaks\.test\.ts/);
    expect(error.message).not.toMatch(/node_modules|node:|runtime\/testing\/(?!expect-no-leaks\.test)/);
  });

  test('may take its time to release', async () => {
    await expectNoLeaks(() => {
      const timer = setInterval(() => {}, 1000);
      setTimeout(() => clearInterval(timer), 100);
    });
  });

  test('ends its waiting by timeoutMs', async () => {
    const start = performance.now();
    await leaksOf(() => {
      const timer = setInterval(() => {}, 1000);
      cleanups.push(() => clearInterval(timer));
    }, { timeoutMs: 100 });
    expect(performance.now() - start).toBeLessThan(1900);
  });

  test('may be warmed up, have kinds left out, and leaks ignored', async () => {
    let cache: NodeJS.Timeout | undefined;
    cleanups.push(() => clearInterval(cache));
    const useCache = () => void (cache ??= setInterval(() => {}, 1000));
    await expectNoLeaks(useCache, { warmUp: 1 });
    clearInterval(cache);
    cache = undefined;
    await expectNoLeaks(useCache, { kinds: ['socket', 'descriptor'] });
    clearInterval(cache);
    cache = undefined;
    await expectNoLeaks(useCache, { ignore: ({ kind, description }) => kind === 'timer' && description.includes('1000') });
    clearInterval(cache);
    cache = undefined;
    await leaksOf(useCache);
  });
});

test('trackResources watches between start and stop', async () => {
  using tracker = trackResources({ timeoutMs: 50 });
  await tracker.assertNoLeaks();
  const timer = setTimeout(() => {}, 60_000);
  await expect(tracker.assertNoLeaks()).rejects.toThrow(LeakError);
  expect(await tracker.leaks()).toMatchObject([{ kind: 'timer' }]);
  clearTimeout(timer);
  await tracker.assertNoLeaks();
  tracker.stop();
  const after = setTimeout(() => {}, 60_000);
  expect(await tracker.leaks()).toEqual([]);
  clearTimeout(after);
});

test('trackers nest', async () => {
  const error = await leaksOf(async () => {
    await expectNoLeaks(() => {});
    const fd = openSync('/etc/hostname', 'r');
    cleanups.push(() => closeSync(fd));
    const res = await fetch(`${server.url}/10`);
    cleanups.push(() => releaseBody(res));
  });
  expect(kinds(error)).toEqual(['descriptor', 'response body']);
});

test('is quiet in this test runner, over and over', async () => {
  for (let i = 0; i < 20; i++) {
    await expectNoLeaks(async () => {
      console.log.toString();
      await sleep(20);
    }, { timeoutMs: 0 });
  }
});

function unused(): string {
  return join(tmpdir(), `leak-${process.pid}-${Math.random().toString(36).slice(2)}`);
}
