import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { installPacked, link } from '../../hosts/support/install-packed.js';
import { type SuiteSetting, writeSuite } from './runner-suite.js';

let root: string;

beforeAll(async () => {
  // The package as it is installed, not its sources.
  root = (await installPacked(['runtime'])).directory;
  for (const name of ['jest', 'undici', 'vite', 'vitest']) link(join(root, 'node_modules', name), name);
}, 300_000);

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

function runNode(args: readonly string[], options: Readonly<Record<string, string>> = {}): Promise<{ code: number; output: string }> {
  const { NODE_TEST_CONTEXT: _context, NODE_OPTIONS: _options, VITEST: _vitest, VITEST_WORKER_ID: _worker, VITEST_POOL_ID: _pool, ...env } = process.env;
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: root, env: { ...env, ...options, NO_COLOR: '1' } }, (error, stdout, stderr) => {
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
    const { code, output } = await runNode([join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--root', root, '--pool', pool, '--reporter', 'verbose', 'vi.test.js']);
    expect(output).toMatch(/✓ .*clean/);
    expect(output).toMatch(/✓ .*stressed/);
    expect(output).toMatch(/× .*leaking /);
    expect(output).toMatch(/× .*leaking, tracked/);
    expect(output).toMatch(/descriptor: .*vi\.test\.js \(descriptor \d+\)\s+acquired at .*vi\.test\.js:18/);
    expect(output).toMatch(/timer: setInterval of 1000 ms\s+acquired at .*vi\.test\.js:23/);
    expect(code).toBe(1);
  }
});

const JEST = ['node_modules/jest/bin/jest.js', '--ci', '--watchman=false', '--cacheDirectory=cache', '--testMatch'];
const VITEST = ['node_modules/vitest/vitest.mjs', 'run', '--pool'];
const NODE_TEST = ['--test', '--test-reporter=spec'];
const ofNode: SuiteSetting['runner'] = { module: 'node:test', names: ['test', 'before', 'after'] };
const ofVitest: SuiteSetting['runner'] = { module: 'vitest', names: ['test', 'beforeAll', 'afterAll'] };
const vitestFakes = "(await import('vitest')).vi";

interface Run {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly suite: SuiteSetting;
  readonly env?: Readonly<Record<string, string>>;
}

const runs: readonly Run[] = [
  { name: 'jest as it comes, which knows no ES modules', file: 'jest-c.cjs', args: [...JEST, '**/jest-c.cjs'], suite: { format: 'commonjs', runner: undefined, fakes: 'jest' } },
  { name: 'jest with ES modules', file: 'jest-m.mjs', args: [...JEST, '**/jest-m.mjs'], suite: { format: 'module', runner: undefined, fakes: 'import.meta.jest' }, env: { NODE_OPTIONS: '--experimental-vm-modules' } },
  { name: 'node:test with require', file: 'node-c.cjs', args: [...NODE_TEST, 'node-c.cjs'], suite: { format: 'commonjs', runner: ofNode } },
  { name: 'node:test with import', file: 'node-m.mjs', args: [...NODE_TEST, 'node-m.mjs'], suite: { format: 'module', runner: ofNode } },
  ...['threads', 'forks', 'vmThreads'].map((pool) => ({ name: `vitest in ${pool}`, file: `${pool}.test.mjs`, args: [...VITEST, pool, `${pool}.test.mjs`], suite: { format: 'module', runner: ofVitest, fakes: vitestFakes } as const })),
];

it.each(runs)('tells every kind of leak with its line, and none where there is none: $name', { timeout: 180_000 }, async ({ file, args, suite, env }) => {
  writeFileSync(join(root, file), writeSuite(suite));
  const { code, output } = await runNode(args, env);
  const told = /(?:Tests:?|tests) .*?(\d+)(?: passed|$)/m.exec(output)?.[1];
  expect({ output: code === 0 ? '' : output, told: Number(told) }).toEqual({ output: '', told: suite.fakes === undefined ? 32 : 33 });
});
