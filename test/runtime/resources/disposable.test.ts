import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createReadStream, createWriteStream, fstatSync, mkdtempSync, openSync, opendirSync, readFileSync, rmSync, watch } from 'node:fs';
import { open, opendir } from 'node:fs/promises';
import { createServer as createHttpServer, get } from 'node:http';
import { connect, createServer as createNetServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, test } from 'vitest';
import { asyncDisposable, disposable } from 'watertight-runtime';
import { eventually } from '../support/eventually.js';

const dir = mkdtempSync(join(tmpdir(), 'disposable-'));
afterAll(() => rmSync(dir, { recursive: true }));
const isOpen = (fd: number) => {
  try {
    return fstatSync(fd) !== undefined;
  } catch {
    return false;
  }
};

describe('disposable', () => {
  test('a descriptor', () => {
    let fd: number;
    {
      using file = disposable(openSync('/dev/null', 'r'));
      fd = file.fd;
      expect(isOpen(fd)).toBe(true);
    }
    expect(isOpen(fd)).toBe(false);
  });

  test('runs once', () => {
    const file = disposable(openSync('/dev/null', 'r'));
    file[Symbol.dispose]();
    // A second close would throw, or worse, close a descriptor of somebody else that got the same number.
    expect(() => file[Symbol.dispose]()).not.toThrow();
  });

  test('a read stream', async () => {
    const stream = createReadStream('/dev/zero');
    await once(stream, 'open');
    const closed = once(stream, 'close');
    {
      using same = disposable(stream);
      expect(same).toBe(stream);
    }
    await closed;
    expect(stream.destroyed).toBe(true);
  });

  test('a web stream, unless it is locked', async () => {
    let reason: unknown = 'open';
    const free = new ReadableStream({ cancel: (why) => (reason = why) });
    disposable(free)[Symbol.dispose]();
    expect(reason).toBeUndefined();
    const locked = new ReadableStream();
    locked.getReader();
    expect(() => disposable(locked)[Symbol.dispose]()).not.toThrow();
  });

  test('a watcher', async () => {
    const watcher = watch(dir);
    const closed = once(watcher, 'close');
    disposable(watcher)[Symbol.dispose]();
    await closed;
  });

  test('a directory, also one that was closed by iterating', async () => {
    const handle = opendirSync(dir);
    disposable(handle)[Symbol.dispose]();
    expect(() => handle.readSync()).toThrow('closed');
    const read = await opendir(dir);
    for await (const entry of read) void entry;
    expect(() => disposable(read)[Symbol.dispose]()).not.toThrow();
  });

  test('a readline interface', () => {
    const lines = createInterface({ input: new PassThrough() });
    let isClosed = false;
    lines.on('close', () => (isClosed = true));
    disposable(lines)[Symbol.dispose]();
    expect(isClosed).toBe(true);
  });

  test('a pooled client is given back, not ended, each time it is handed out', () => {
    const calls: string[] = [];
    const client = Object.assign(new EventEmitter(), { release: () => calls.push('release'), end: () => calls.push('end'), connect: () => {}, query: () => {} });
    for (let i = 0; i < 2; i++) {
      using same = disposable(client);
      void same;
    }
    expect(calls).toEqual(['release', 'release']);
  });

  test('a pool is not given back to itself', () => {
    const calls: string[] = [];
    disposable({ acquire: () => {}, release: () => calls.push('release'), destroy: () => calls.push('destroy') })[Symbol.dispose]();
    expect(calls).toEqual(['destroy']);
  });

  test('an emitter with close, and what is disposable already', () => {
    const calls: string[] = [];
    disposable({ close: () => calls.push('close') })[Symbol.dispose]();
    disposable({ [Symbol.dispose]: () => calls.push('own'), close: () => calls.push('close') })[Symbol.dispose]();
    disposable({ name: 'x' }, ({ name }) => void calls.push(name))[Symbol.dispose]();
    expect(calls).toEqual(['close', 'own', 'x']);
  });

  test('what cannot be told is refused, naming it', () => {
    class Thing {}
    expect(() => disposable(new Thing())).toThrow(new TypeError('Cannot tell how to release Thing: it has no dispose, close, end, destroy or release method. Pass the cleanup as a function.'));
  });

  test('a release that fails later is said', async () => {
    const warned = once(process, 'warning');
    disposable({ close: () => Promise.reject(new Error('disk full')) })[Symbol.dispose]();
    expect((await warned)[0]).toMatchObject({ code: 'WATERTIGHT_RELEASE_FAILED', message: expect.stringContaining('disk full') });
  });

  test('a frozen resource', () => {
    const calls: string[] = [];
    const frozen = Object.freeze({ name: 'x', close: () => calls.push('close') });
    {
      using same = disposable(frozen);
      expect(same.name).toBe('x');
    }
    expect(calls).toEqual(['close']);
  });
});

describe('asyncDisposable', () => {
  test('a descriptor and a FileHandle', async () => {
    const fd = openSync('/dev/null', 'r');
    const handle = await open('/dev/null');
    {
      await using file = asyncDisposable(fd);
      await using same = asyncDisposable(handle);
      expect([isOpen(file.fd), isOpen(same.fd)]).toEqual([true, true]);
    }
    expect(isOpen(fd)).toBe(false);
    expect(handle.fd).toBe(-1);
  });

  test('what was written is flushed before it resolves', async () => {
    const path = join(dir, 'out.txt');
    {
      await using out = asyncDisposable(createWriteStream(path));
      for (let i = 0; i < 1000; i++) out.write('x'.repeat(1000));
    }
    expect(readFileSync(path)).toHaveLength(1_000_000);
  });

  test('what could not be written rejects', async () => {
    const out = asyncDisposable(createWriteStream(join(dir, 'missing', 'out.txt')));
    out.write('x');
    await expect(out[Symbol.asyncDispose]()).rejects.toThrow('ENOENT');
  });

  test('a stream that was ended, or destroyed, before', async () => {
    const ended = createWriteStream(join(dir, 'a.txt'));
    ended.end('x');
    await once(ended, 'close');
    await asyncDisposable(ended)[Symbol.asyncDispose]();
    const destroyed = createReadStream('/dev/zero');
    destroyed.destroy();
    await asyncDisposable(destroyed)[Symbol.asyncDispose]();
    expect(destroyed.closed).toBe(true);
  });

  test('an HTTP server with a held connection', async () => {
    const server = createHttpServer((_req, res) => void res.write('x'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const broken = new Promise((resolve) => {
      get({ port: (server.address() as AddressInfo).port }, (res) => res.on('error', resolve).resume());
    });
    await once(server, 'request');
    await asyncDisposable(server)[Symbol.asyncDispose]();
    expect(server.listening).toBe(false);
    await broken;
  });

  test('a net server with a held connection', async () => {
    const server = asyncDisposable(createNetServer());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    client.on('error', () => {});
    await once(server, 'connection');
    await server[Symbol.asyncDispose]();
    await once(client.resume(), 'close');
    expect(server.listening).toBe(false);
  });

  test('a server that never listened', async () => {
    await expect(asyncDisposable(createHttpServer())[Symbol.asyncDispose]()).resolves.toBeUndefined();
  });

  test('a worker', async () => {
    const worker = new Worker('setInterval(() => {}, 1000)', { eval: true });
    const exited = once(worker, 'exit');
    {
      await using same = asyncDisposable(worker);
      void same;
    }
    await exited;
    expect(worker.threadId).toBe(-1);
  });

  test('a child process is gone when it resolves', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(child, 'spawn');
    await asyncDisposable(child)[Symbol.asyncDispose]();
    expect(child.signalCode).toBe('SIGTERM');
    await asyncDisposable(child)[Symbol.asyncDispose]();
  });

  test('a child process that could not start', async () => {
    const child = spawn('/no/such/program');
    child.on('error', () => {});
    await expect(asyncDisposable(child)[Symbol.asyncDispose]()).resolves.toBeUndefined();
  });

  test('a directory that was closed by iterating', async () => {
    const read = await opendir(dir);
    for await (const entry of read) void entry;
    await asyncDisposable(read)[Symbol.asyncDispose]();
    const unread = await opendir(dir);
    await asyncDisposable(unread)[Symbol.asyncDispose]();
    expect(() => unread.readSync()).toThrow('closed');
  });

  test('an asynchronous release is awaited once, and its failure rejects', async () => {
    let count = 0;
    const client = asyncDisposable({ end: async () => { await new Promise((resolve) => setTimeout(resolve, 10)); count++; } });
    const first = client[Symbol.asyncDispose]();
    expect(client[Symbol.asyncDispose]()).toBe(first);
    await first;
    expect(count).toBe(1);
    await expect(asyncDisposable({ end: () => Promise.reject(new Error('no')) })[Symbol.asyncDispose]()).rejects.toThrow('no');
  });

  test('100 users x 10 descriptors leave none open', async () => {
    const opened: number[] = [];
    await Promise.all(Array.from({ length: 100 }, async () => {
      for (let i = 0; i < 10; i++) {
        await using file = asyncDisposable(await open('/dev/null'));
        opened.push(file.fd);
        await new Promise((resolve) => setImmediate(resolve));
        if (i === 9) return;
      }
    }));
    expect(opened).toHaveLength(1000);
    await eventually(() => [...new Set(opened)].filter(isOpen).length === 0, () => opened.filter(isOpen));
  });
});
