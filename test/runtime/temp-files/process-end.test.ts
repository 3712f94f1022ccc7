import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { bundledRuntime } from '../support/bundle.js';
import { runChild } from '../support/child.js';

let runtime: Awaited<ReturnType<typeof bundledRuntime>>;
let dir: string;

beforeAll(async () => {
  runtime = await bundledRuntime();
});
afterAll(() => runtime[Symbol.dispose]());
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'process-end-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** A process that makes a file, a directory and a manager's file in `dir`, says so, and then does as told. */
const child = (then: string, before = '') => `
  import { createTempFile, createTempDirSync, SecureTempFiles } from ${JSON.stringify(runtime.path)};
  import { existsSync, writeFileSync, readdirSync } from 'node:fs';
  const dir = ${JSON.stringify(dir)};
  const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  ${before}
  const file = await createTempFile({ content: 'secret', dir });
  const made = createTempDirSync({ dir });
  writeFileSync(made.path + '/x', 'x');
  const files = new SecureTempFiles({ dir });
  await files.createFile({ content: 'secret' });
  process.stdout.write('made ' + readdirSync(dir).length + '\\n');
  ${then}
  process.stdout.write('ready\\n');`;

const waits = 'setInterval(() => {}, 1000);';

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s leaves nothing, and still ends the process', async (signal) => {
  expect(await runChild(child(waits), { signals: [signal] })).toMatchObject({ code: null, signal, stdout: 'made 3\n' });
  expect(readdirSync(dir)).toEqual([]);
});

test('SIGKILL leaves them, so the other tests can fail', async () => {
  expect(await runChild(child(waits), { signals: ['SIGKILL'] })).toMatchObject({ signal: 'SIGKILL', stdout: 'made 3\n' });
  expect(readdirSync(dir)).toHaveLength(3);
});

test.each([
  ['the end of the program', '', 0],
  ['process.exit', 'process.exit(3);', 3],
  ['an uncaught exception', 'setTimeout(() => { throw new Error("uncaught"); }, 10);', 1],
  ['an unhandled rejection', 'Promise.reject(new Error("unhandled"));', 1],
])('%s leaves nothing', async (_name, then, code) => {
  expect(await runChild(child(then))).toMatchObject({ code, signal: null, stdout: expect.stringContaining('made 3\n') });
  expect(readdirSync(dir)).toEqual([]);
});

test.each([
  ['that was there before', 'on', true],
  ['for one signal that was there before', 'once', true],
  ['that came later', 'on', false],
])("a listener of the application's own %s decides, and has its files until it exits", async (_name, method, isBefore) => {
  const own = `process.${method}('SIGTERM', async () => {
    await sleep(200);
    process.stdout.write('still there ' + existsSync(file.path) + '\\n');
    process.exit(7);
  });`;
  const source = isBefore ? child(waits, own) : child(own + waits);
  expect(await runChild(source, { signals: ['SIGTERM'] })).toMatchObject({ code: 7, signal: null, stdout: 'made 3\nstill there true\n' });
  expect(readdirSync(dir)).toEqual([]);
});

test('after everything was removed, the process has no listeners left', async () => {
  const count = "const count = () => ['exit', 'SIGTERM', 'SIGINT', 'SIGHUP'].map((name) => process.listenerCount(name)).join(); const before = count();";
  const then = `const during = count(); await file.remove(); made.removeSync(); await files.cleanup();
    process.stdout.write([during !== before, count() === before].join() + '\\n');`;
  expect(await runChild(child(then, count))).toMatchObject({ code: 0, stdout: 'made 3\ntrue,true\n' });
});

test('a package that waits to be the only listener, as signal-exit does, does not make the signal vanish', async () => {
  // What signal-exit 4 publishes and does: it counts the listeners, and raises the signal again when all are its own.
  const polite = `
    const emitter = { count: 1 };
    Object.defineProperty(globalThis, Symbol.for('signal-exit emitter'), { value: emitter });
    const onSignal = () => {
      if (process.listeners('SIGTERM').length !== emitter.count) return;
      process.removeListener('SIGTERM', onSignal);
      process.stdout.write('other cleanup\\n');
      process.kill(process.pid, 'SIGTERM');
    };
    process.on('SIGTERM', onSignal);`;
  expect(await runChild(child(waits, polite), { signals: ['SIGTERM'] })).toMatchObject({ signal: 'SIGTERM', stdout: 'made 3\nother cleanup\n' });
  expect(readdirSync(dir)).toEqual([]);
});

test('a signal while 50 files are being written leaves none', async () => {
  const then = `
    async function* slow() { for (;;) { yield 'x'.repeat(1000); await sleep(1); } }
    for (let i = 0; i < 50; i++) createTempFile({ content: slow(), dir }).catch(() => {});
    await sleep(50);`;
  expect(await runChild(child(then), { signals: ['SIGTERM'] })).toMatchObject({ signal: 'SIGTERM' });
  expect(readdirSync(dir)).toEqual([]);
});
