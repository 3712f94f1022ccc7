import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SecureTempFiles } from 'watertight-runtime';
import { eventually } from '../support/eventually.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'secure-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test('removes everything it made, and counts', async () => {
  const files = new SecureTempFiles({ dir });
  const a = await files.createFile({ content: 'a' });
  files.createFileSync({ content: 'b' });
  await files.createDir();
  files.createDirSync({ prefix: 'd-' });
  expect(files.count).toBe(4);
  expect(readdirSync(dir)).toHaveLength(4);
  await a.remove();
  expect(files.count).toBe(3);
  await files.cleanup();
  expect([files.count, readdirSync(dir)]).toEqual([0, []]);
});

test('goes on after cleanup, not after dispose', async () => {
  const files = new SecureTempFiles({ dir });
  await files.cleanup();
  await files.createFile();
  await files[Symbol.asyncDispose]();
  expect(readdirSync(dir)).toEqual([]);
  await expect(files.createFile()).rejects.toThrow('disposed');
  await expect(files.createDir()).rejects.toThrow('disposed');
  expect(() => files.createFileSync()).toThrow('disposed');
  expect(() => files.createDirSync()).toThrow('disposed');
  expect(readdirSync(dir)).toEqual([]);
});

test('using removes on the way out', () => {
  expect(() => {
    using files = new SecureTempFiles({ dir });
    files.createFileSync();
    files.createDirSync();
    throw new Error('on the way out');
  }).toThrow('on the way out');
  expect(readdirSync(dir)).toEqual([]);
});

test('a file that is still being written is removed too, by either cleanup', async () => {
  async function* slow() {
    yield 'half';
    await new Promise((resolve) => setTimeout(resolve, 50));
    yield 'half';
  }
  const files = new SecureTempFiles({ dir });
  const first = files.createFile({ content: slow() });
  await files.cleanup();
  expect((await first).isRemoved).toBe(true);
  expect(readdirSync(dir)).toEqual([]);

  const second = files.createFile({ content: slow() });
  files.cleanupSync();
  await second;
  await eventually(() => files.count === 0 && readdirSync(dir).length === 0, () => [files.count, readdirSync(dir)]);
});

test('variables are restored before the files go', async () => {
  const files = new SecureTempFiles({ dir });
  const key = await files.createFile({ content: 'x' }).exposeInEnv('SECURE_TEST');
  expect(process.env['SECURE_TEST']).toBe(key.path);
  await files.cleanup();
  expect('SECURE_TEST' in process.env).toBe(false);
});

test.each(['cleanup', 'cleanupSync'] as const)('%s goes on after a removal that fails, reports it, and tries again', async (cleanup) => {
  const blocked = join(dir, 'blocked');
  mkdirSync(blocked);
  const files = new SecureTempFiles({ dir });
  const first = files.createFileSync();
  const failing = files.createFileSync({ dir: blocked });
  const last = files.createFileSync();
  rmSync(blocked, { recursive: true });
  // A link to itself: nothing below it can be looked at, by whichever user.
  symlinkSync('blocked', blocked);
  const error = await (async () => files[cleanup]())().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(AggregateError);
  expect((error as AggregateError).errors).toHaveLength(1);
  expect((error as AggregateError).message).toMatch(/^A temporary file could not be removed: .*symbolic links/);
  expect([existsSync(first.path), existsSync(last.path), files.count]).toEqual([false, false, 1]);
  rmSync(blocked);
  mkdirSync(dirname(failing.path), { recursive: true });
  await files[cleanup]();
  expect(files.count).toBe(0);
  expect(existsSync(dirname(failing.path))).toBe(false);
});
