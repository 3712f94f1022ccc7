import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT, buildCli } from '../cli/support/spawn-bin.js';

const FIXTURE = join(ROOT, 'fixtures/registry-client');
const TSC = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const directories: string[] = [];

beforeAll(buildCli, 300_000);
afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

describe('the demo', () => {
  it('finds the seeded leaks, repairs them, and shows that nothing is held any more', { timeout: 240_000 }, async () => {
    const { code, stdout, stderr } = await run(ROOT, [join(ROOT, 'demo/run-demo.js')]);
    expect(stderr).toBe('');
    expect(stdout).toContain('src/transport.ts:26:25');
    expect(stdout).toMatch(/^\+ .*managed\(/m);
    expect(stdout).toMatch(/^\+ .*releaseBody\(/m);
    const summary = stdout.slice(stdout.indexOf('== Summary'));
    expect(summary).not.toContain('WRONG');
    expect(summary).toContain('findings after the repair: 0');
    expect(summary).toContain('bodies held after: 0');
    expect(code).toBe(0);
  });

  it('counts one body more when one leak is added by hand, and one less when one is mended', { timeout: 120_000 }, async () => {
    const directory = copyFixture();
    const before = await countHeld(directory);
    edit(join(directory, 'src/health.ts'), 'await res.body?.cancel();', '');
    expect(await countHeld(directory)).toBe(before + 1);
    edit(join(directory, 'src/tags.ts'), "      throw new RegistryError(`there is no", "      await res.body?.cancel();\n      throw new RegistryError(`there is no");
    expect(await countHeld(directory)).toBe(before);
  });
});

function copyFixture(): string {
  const directory = mkdtempSync(join(tmpdir(), 'watertight-demo-test-'));
  directories.push(directory);
  cpSync(FIXTURE, directory, { recursive: true });
  mkdirSync(join(directory, 'node_modules'));
  symlinkSync(join(ROOT, 'runtime'), join(directory, 'node_modules/watertight-runtime'), 'junction');
  return directory;
}

async function countHeld(directory: string): Promise<number> {
  const compiled = await run(directory, [TSC, '-p', directory]);
  expect(compiled).toMatchObject({ code: 0, stdout: '' });
  const counted = await run(directory, [join(ROOT, 'demo/count-held-bodies.js'), join(directory, 'dist/index.js')]);
  expect(counted).toMatchObject({ code: 0, stderr: '' });
  return Number(counted.stdout);
}

function edit(file: string, find: string, replace: string): void {
  const pieces = readFileSync(file, 'utf8').split(find);
  expect(pieces).toHaveLength(2);
  writeFileSync(file, pieces.join(replace));
}

function run(cwd: string, args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const { CI: _ci, FORCE_COLOR: _color, NODE_OPTIONS: _options, ...env } = process.env;
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd, env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
    });
  });
}
