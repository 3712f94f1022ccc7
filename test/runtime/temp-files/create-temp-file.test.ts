import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTempDir, createTempDirSync, createTempFile, createTempFileSync } from 'watertight-runtime';

const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
const hooks = () => process.listenerCount('exit') + process.listenerCount('SIGTERM') + process.listenerCount('SIGINT') + process.listenerCount('SIGHUP');

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'temp-files-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe.each([
  ['createTempFile', createTempFile],
  ['createTempFileSync', async (options: Parameters<typeof createTempFileSync>[0]) => createTempFileSync(options)],
])('%s', (_name, create) => {
  test('makes a file of the owner alone in a directory of the owner alone', async () => {
    await using file = await create({ content: 'secret', prefix: 'key-', suffix: '.json', dir });
    expect(mode(file.path)).toBe('600');
    expect(mode(dirname(file.path))).toBe('700');
    expect(readdirSync(dirname(file.path))).toEqual([basename(file.path)]);
    expect(basename(file.path)).toMatch(/^key-\w{6}\.json$/);
    expect(dirname(dirname(file.path))).toBe(dir);
    expect(readFileSync(file.path, 'utf8')).toBe('secret');
    expect(`${file}`).toBe(file.path);
  });

  test('under os.tmpdir() and empty, when nothing else is said', async () => {
    await using file = await create({});
    expect(isAbsolute(file.path)).toBe(true);
    expect(dirname(dirname(file.path))).toBe(tmpdir());
    expect(statSync(file.path).size).toBe(0);
  });

  test.each([0o000, 0o077, 0o777])('the mode holds whatever the umask %i', async (umask) => {
    const before = process.umask(umask);
    try {
      await using wide = await create({ mode: 0o640, dir });
      expect(mode(wide.path)).toBe('640');
      await using file = await create({ dir });
      expect(mode(file.path)).toBe('600');
    } finally {
      process.umask(before);
    }
  });

  test('has closed the file before the path is known', async () => {
    await using file = await create({ content: 'x', dir });
    const open = readdirSync('/proc/self/fd').map((fd) => {
      try {
        return execFileSync('readlink', [`/proc/${process.pid}/fd/${fd}`], { encoding: 'utf8' }).trim();
      } catch {
        return '';
      }
    });
    expect(open).not.toContain(file.path);
    expect(open.length).toBeGreaterThan(2);
  });

  test('removes file and directory when disposed, once, with its process listeners', async () => {
    const before = hooks();
    const file = await create({ dir });
    expect(hooks()).toBe(before + 4);
    await file[Symbol.asyncDispose]();
    expect(readdirSync(dir)).toEqual([]);
    expect(file.isRemoved).toBe(true);
    expect(hooks()).toBe(before);
    mkdirSync(dirname(file.path));
    await file.remove();
    file[Symbol.dispose]();
    expect(readdirSync(dir)).toHaveLength(1);
  });

  test('it is no error when the file is gone already', async () => {
    const file = await create({ dir });
    await rm(dirname(file.path), { recursive: true });
    await expect(file.remove()).resolves.toBeUndefined();
    const other = await create({ dir });
    await rm(other.path);
    other.removeSync();
    expect(readdirSync(dir)).toEqual([]);
  });

  test.each([['prefix', '../x'], ['prefix', 'a/b'], ['suffix', '/x'], ['suffix', '\0'], ['prefix', '..\\x']])('%s %j does not lead out of the directory', async (option, value) => {
    await expect(async () => create({ [option]: value, dir })).rejects.toThrow(TypeError);
    expect(readdirSync(dir)).toEqual([]);
  });

  test('leaves nothing behind when the directory is missing or the content is of no use', async () => {
    const before = hooks();
    await expect(async () => create({ dir: join(dir, 'missing') })).rejects.toThrow('ENOENT');
    await expect(async () => create({ dir, content: 7 as unknown as string })).rejects.toThrow(TypeError);
    expect(readdirSync(dir)).toEqual([]);
    expect(hooks()).toBe(before);
  });

  test('sets and unsets an environment variable around the life of the file', async () => {
    process.env['TEMP_TEST'] = 'earlier';
    try {
      const file = (await create({ dir })).exposeInEnv('TEMP_TEST').exposeInEnv('TEMP_TEST_2');
      expect([process.env['TEMP_TEST'], process.env['TEMP_TEST_2']]).toEqual([file.path, file.path]);
      const child = execFileSync(process.execPath, ['-p', 'require("fs").existsSync(process.env.TEMP_TEST)'], { encoding: 'utf8' });
      expect(child.trim()).toBe('true');
      await file.remove();
      expect(process.env['TEMP_TEST']).toBe('earlier');
      expect('TEMP_TEST_2' in process.env).toBe(false);
      expect(() => file.exposeInEnv('TEMP_TEST')).toThrow('has been removed');
      expect(process.env['TEMP_TEST']).toBe('earlier');
    } finally {
      delete process.env['TEMP_TEST'];
    }
  });
});

test('the variable is unset before the file is removed', async () => {
  const file = await createTempFile({ dir }).exposeInEnv('TEMP_TEST_3');
  expect(process.env['TEMP_TEST_3']).toBe(file.path);
  const removing = file.remove();
  expect('TEMP_TEST_3' in process.env).toBe(false);
  expect(existsSync(file.path)).toBe(true);
  await removing;
  expect(existsSync(file.path)).toBe(false);
});

test('a variable that cannot be set removes the file again', async () => {
  await expect(createTempFile({ dir }).exposeInEnv('A=B')).rejects.toThrow(TypeError);
  expect(readdirSync(dir)).toEqual([]);
});

test('content may be bytes or a stream', async () => {
  async function* chunks() {
    for (const part of ['a', 'b', Buffer.from('c')]) {
      await new Promise((resolve) => setImmediate(resolve));
      yield part;
    }
  }
  await using bytes = await createTempFile({ content: new Uint8Array([1, 2]), dir });
  await using streamed = await createTempFile({ content: chunks(), dir });
  expect([...readFileSync(bytes.path)]).toEqual([1, 2]);
  expect(readFileSync(streamed.path, 'utf8')).toBe('abc');
});

test('a stream that fails halfway leaves nothing behind, and its error comes through', async () => {
  async function* broken() {
    yield 'half of the secret';
    throw new Error('connection lost');
  }
  await expect(createTempFile({ content: broken(), dir })).rejects.toThrow('connection lost');
  expect(readdirSync(dir)).toEqual([]);
});

test('a removal that failed is tried again', async () => {
  const file = createTempFileSync({ dir });
  const root = dirname(file.path);
  rmSync(root, { recursive: true });
  rmSync(dir, { recursive: true });
  // A link to itself: nothing below it can be looked at, by whichever user.
  symlinkSync(basename(dir), dir);
  await expect(file.remove()).rejects.toThrow('ELOOP');
  expect(file.isRemoved).toBe(false);
  rmSync(dir);
  mkdirSync(dir);
  mkdirSync(root);
  await file.remove();
  expect(readdirSync(dir)).toEqual([]);
});

describe.each([
  ['createTempDir', createTempDir],
  ['createTempDirSync', async (options: Parameters<typeof createTempDirSync>[0]) => createTempDirSync(options)],
])('%s', (_name, create) => {
  test('makes a directory of the owner alone and removes it with what is in it', async () => {
    let path: string;
    {
      await using made = await create({ prefix: 'export-', dir });
      path = made.path;
      expect(mode(path)).toBe('700');
      expect(basename(path)).toMatch(/^export-\w{6}$/);
      mkdirSync(join(path, 'deep', 'er'), { recursive: true });
      writeFileSync(join(path, 'deep', 'er', 'x'), 'x');
      chmodSync(join(path, 'deep'), 0o700);
    }
    expect(readdirSync(dir)).toEqual([]);
  });

  test('with another mode', async () => {
    await using made = await create({ mode: 0o750, dir });
    expect(mode(made.path)).toBe('750');
  });
});

test('100 users x 10 files exist side by side and are all gone', async () => {
  const before = hooks();
  const paths = new Set<string>();
  let peak = 0;
  await Promise.all(Array.from({ length: 100 }, async (_, user) => {
    for (let i = 0; i < 10; i++) {
      await using file = await createTempFile({ content: `${user}/${i}`, dir });
      paths.add(file.path);
      peak = Math.max(peak, readdirSync(dir).length);
      expect(readFileSync(file.path, 'utf8')).toBe(`${user}/${i}`);
    }
  }));
  expect(paths.size).toBe(1000);
  expect(peak).toBeGreaterThan(10);
  expect(readdirSync(dir)).toEqual([]);
  expect(hooks()).toBe(before);
}, 30_000);
