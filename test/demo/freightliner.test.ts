import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ROOT, buildCli } from '../cli/support/spawn-bin.js';

const MINUTES = 60_000;

beforeAll(buildCli, 5 * MINUTES);

describe('the demo of the whole service', () => {
  it('ends with a table in which nothing is left', { timeout: 20 * MINUTES }, async () => {
    const { code, stdout, stderr } = await run();
    expect(stderr).toBe('');
    const summary = stdout.slice(stdout.indexOf('== Summary'));
    expect(summary).not.toContain('WRONG');
    const rows = [...summary.matchAll(/^(\w+) +(\d+) +(\d+) +(\d+)$/gm)];
    expect(rows.map(([, name]) => name)).toEqual(expect.arrayContaining(['socketsHeld', 'descriptorsLeft', 'tempFilesLeft', 'wrongCorsAnswers', 'lostUpdates', 'findings']));
    for (const [, name, before, , end] of rows) {
      expect(Number(before), name).toBeGreaterThan(0);
      expect(Number(end), name).toBe(0);
    }
    expect(code).toBe(0);
  });
});

function run(): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(ROOT, 'demo/run-freightliner.js')], { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}
