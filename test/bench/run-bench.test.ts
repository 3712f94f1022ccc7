import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ROOT, buildCli } from '../cli/support/spawn-bin.js';

interface Report {
  readonly files: number;
  readonly filesWithoutTrigger: number;
  readonly rounds: number;
  readonly sets: Record<string, { readonly ms: number; readonly ratio: number; readonly ratioWithoutTrigger: number }>;
}

const BENCH = join(ROOT, 'bench/run-bench.js');

beforeAll(buildCli, 300_000);

// The bounds are wide: a small tree on a busy machine is noise, and what must be seen is a rule that costs a multiple.
describe('the cost of the rules beside parsing', () => {
  it('is small in real files, and next to nothing where no word asks for a rule', { timeout: 300_000 }, () => {
    const output = execFileSync(process.execPath, [BENCH, join(ROOT, 'node_modules/undici/lib'), join(ROOT, 'node_modules/@huggingface/tasks'), '--files', '90', '--rounds', '1'], {
      encoding: 'utf8',
    });
    const { files, filesWithoutTrigger, rounds, sets } = JSON.parse(output) as Report;
    expect({ files, rounds }).toEqual({ files: 90, rounds: 1 });
    expect(filesWithoutTrigger).toBeGreaterThan(10);
    expect(Object.keys(sets)).toEqual(['parser', 'no-unclosed-response-body', 'recommended']);
    expect(sets['parser']).toMatchObject({ ratio: 1, ratioWithoutTrigger: 1 });
    expect(sets['no-unclosed-response-body']!.ratio).toBeLessThan(3);
    expect(sets['recommended']!.ratio).toBeLessThan(4);
    expect(sets['recommended']!.ratioWithoutTrigger).toBeLessThan(1.3);
  });

  it('is not measured where there is nothing to lint', () => {
    const directory = mkdtempSync(join(tmpdir(), 'watertight-bench-'));
    try {
      const { status, stderr } = spawnSync(process.execPath, [BENCH, directory], { encoding: 'utf8' });
      expect({ status, stderr }).toEqual({ status: 2, stderr: 'There is no JavaScript or TypeScript file in these directories.\n' });
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
