import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyRepairs, compile, copyFixture, fixtureDir, run } from './fixture.js';
import { REPAIRS, takeBack } from './repairs.js';

const MINUTES = 60_000;
const root = mkdtempSync(join(tmpdir(), 'freightliner-take-back-'));
const mended = join(root, 'mended');
const bugs = JSON.parse(readFileSync(join(fixtureDir, 'seeded-bugs.json'), 'utf8')) as { id: string; probe: string }[];

beforeAll(async () => {
  copyFixture(mended);
  applyRepairs(mended, REPAIRS);
  expect(await compile(mended)).toMatchObject({ code: 0, stdout: '' });
}, 3 * MINUTES);

afterAll(() => rmSync(root, { recursive: true, force: true }), MINUTES);

/** The compiled service with every cure but one. */
function buildWithout(bug: string): string {
  const sources = join(root, 'sources');
  const compiled = join(mended, 'without');
  for (const directory of [sources, compiled]) rmSync(directory, { recursive: true, force: true });
  cpSync(join(fixtureDir, 'src'), join(sources, 'src'), { recursive: true });
  applyRepairs(sources, takeBack(bug));
  cpSync(join(mended, 'dist/src'), compiled, { recursive: true });
  for (const file of new Set(REPAIRS.filter((repair) => repair.bugs.includes(bug)).map((repair) => repair.file))) {
    const text = readFileSync(join(sources, file), 'utf8');
    // The types were checked with all cures; without one of them only the syntax has to be right.
    const { outputText } = ts.transpileModule(text, { compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: true } });
    writeFileSync(join(compiled, file.replace(/^src\/(.*)\.ts$/, '$1.js')), outputText);
  }
  return compiled;
}

async function measure(service: string, probe: string): Promise<{ code: number; counts: Record<string, number> }> {
  const { code, stdout, stderr } = await run(mended, ['dist/leak-test.js', service, '--fail-on-leak', '--only', probe]);
  expect(stdout, stderr).toMatch(/^\{/);
  const { probes } = JSON.parse(stdout) as { probes: ({ name: string } & Record<string, number>)[] };
  const [{ name, ...counts }] = probes as [{ name: string } & Record<string, number>];
  expect(name).toBe(probe);
  return { code, counts };
}

describe('the leak test of a service that is cured but for', () => {
  it.each(bugs)('$id fails', { timeout: 2 * MINUTES }, async ({ id, probe }) => {
    const { code, counts } = await measure(buildWithout(id), probe);
    expect(Object.keys(counts), probe).not.toEqual([]);
    expect(code).toBe(1);
  });

  it('nothing passes, in the same probes', { timeout: 5 * MINUTES }, async () => {
    const cured = join(mended, 'dist/src');
    for (const probe of ['jobs that fail', 'CORS answers', 'service started and stopped', 'errors that were wrapped']) {
      expect(await measure(cured, probe)).toEqual({ code: 0, counts: {} });
    }
  });

  it('a probe that does not exist is no success', async () => {
    const { code, stderr } = await run(mended, ['dist/leak-test.js', join(mended, 'dist/src'), '--only', 'no such probe']);
    expect(stderr).toContain('there is no probe "no such probe"');
    expect(code).not.toBe(0);
  });
});
