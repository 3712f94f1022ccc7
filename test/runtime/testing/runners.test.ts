import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROOT } from '../../cli/support/spawn-bin.js';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'watertight-runners-')));

beforeAll(async () => {
  // The package as it is installed, not its sources.
  await promisify(execFile)(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-b', 'runtime'], { cwd: ROOT });
  mkdirSync(join(root, 'node_modules'));
  for (const [name, target] of [['watertight-runtime', 'runtime'], ['vitest', 'node_modules/vitest'], ['vite', 'node_modules/vite']] as const) {
    symlinkSync(join(ROOT, target), join(root, 'node_modules', name));
  }
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
}, 300_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** The same tests for any runner that has `test`: two that must pass, and two that must fail with what leaked and where. */
const testsFor = (runner: string) => `import { open } from 'node:fs/promises';
import { test } from '${runner}';
import { expectNoLeaks, stress, trackResources } from 'watertight-runtime/testing';

test('clean', async () => {
  await expectNoLeaks(async () => {
    const file = await open(new URL(import.meta.url).pathname);
    await file.close();
  });
});
test('stressed', async () => {
  let calls = 0;
  await stress(async () => void calls++, { workers: 5, iterations: 4, seed: 1 });
  if (calls !== 20) throw new Error('calls: ' + calls);
});
test('leaking', async () => {
  await expectNoLeaks(async () => {
    globalThis.kept = await open(new URL(import.meta.url).pathname);
  }, { timeoutMs: 100 });
});
test('leaking, tracked', async () => {
  const tracker = trackResources({ timeoutMs: 100 });
  globalThis.timer = setInterval(() => {}, 1000);
  try {
    await tracker.assertNoLeaks();
  } finally {
    tracker.stop();
    clearInterval(globalThis.timer);
  }
});
`;

function runNode(args: readonly string[]): Promise<{ code: number; output: string }> {
  const { NODE_TEST_CONTEXT: _context, NODE_OPTIONS: _options, VITEST: _vitest, VITEST_WORKER_ID: _worker, VITEST_POOL_ID: _pool, ...env } = process.env;
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: root, env: { ...env, NO_COLOR: '1' } }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), output: stdout + stderr });
    });
  });
}

it('works in node:test', { timeout: 60_000 }, async () => {
  writeFileSync(join(root, 'node.test.mjs'), testsFor('node:test'));
  const { code, output } = await runNode(['--test', '--test-reporter=tap', 'node.test.mjs']);
  expect(output).toMatch(/^\s*ok \d+ - clean$/m);
  expect(output).toMatch(/^\s*ok \d+ - stressed$/m);
  expect(output).toMatch(/^\s*not ok \d+ - leaking$/m);
  expect(output).toMatch(/^\s*not ok \d+ - leaking, tracked$/m);
  expect(output).toMatch(/descriptor: .*node\.test\.mjs \(descriptor \d+\)\s+acquired at .*node\.test\.mjs:18/);
  expect(output).toMatch(/timer: setInterval of 1000 ms\s+acquired at .*node\.test\.mjs:23/);
  expect(code).toBe(1);
});

it('works in vitest, in threads and in processes', { timeout: 120_000 }, async () => {
  writeFileSync(join(root, 'vi.test.js'), testsFor('vitest'));
  for (const pool of ['threads', 'forks']) {
    const { code, output } = await runNode([join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--root', root, '--pool', pool, '--reporter', 'verbose', 'vi.test.js']);
    expect(output).toMatch(/✓ .*clean/);
    expect(output).toMatch(/✓ .*stressed/);
    expect(output).toMatch(/× .*leaking /);
    expect(output).toMatch(/× .*leaking, tracked/);
    expect(output).toMatch(/descriptor: .*vi\.test\.js \(descriptor \d+\)\s+acquired at .*vi\.test\.js:18/);
    expect(output).toMatch(/timer: setInterval of 1000 ms\s+acquired at .*vi\.test\.js:23/);
    expect(code).toBe(1);
  }
});
