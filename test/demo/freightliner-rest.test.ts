import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

/** The demo is plain JavaScript, and has no types. */
interface Rest {
  applyByHand(directory: string, rest: readonly { id: string }[]): { find: string }[];
  findNotEnough(...facts: unknown[]): unknown[];
  findUnrepaired(...facts: unknown[]): { id: string; why: string }[];
}
const { applyByHand, findNotEnough, findUnrepaired } = (await import(new URL('../../demo/freightliner-rest.js', import.meta.url).href)) as Rest;

const bug = (id: string, line: number, probe = id) => ({ id, file: 'src/a.ts', line, rule: 'no-x', probe });
const site = (line: number, status: string, reason: string | null = null, detail: string | null = null) => ({ file: 'src/a.ts', line, rule: 'no-x', status, reason, detail });
const after = (...names: string[]) => ({ probes: [{ name: 'sound' }, ...names.map((name) => ({ name, socketsHeld: 1 }))] });

it('a bug is repaired when a codemod changed it, or when nothing counts it any more; the others say why they are not', () => {
  const bugs = [bug('changed', 1), bug('silent', 2), bug('skipped', 3), bug('failed', 4), bug('reported', 5), bug('missed', 6), bug('beside', 7)];
  const sites = [site(1, 'changed'), site(7, 'changed', null, 'repaired by the change of another site'), site(3, 'skipped', 'no-codemod'), site(4, 'failed')];
  const rest = findUnrepaired(bugs, [{ file: 'src/a.ts', line: 5, rule: 'no-x' }, { file: 'src/a.ts', line: 6, rule: 'no-y' }], sites, after('changed', 'skipped', 'failed', 'reported', 'missed', 'beside'));
  expect(rest.map(({ id, why }) => [id, why])).toEqual([
    ['skipped', 'no-codemod'],
    ['failed', 'failed'],
    ['reported', 'reported, and not taken up'],
    ['missed', 'not reported by its rule'],
    ['beside', 'no longer reported since another place was changed, and not all of it mended'],
  ]);
});

it('a change that is not enough is told', () => {
  expect(findNotEnough([bug('weak', 1), bug('by hand', 2), bug('good', 3)], [{ id: 'by hand' }], after('weak', 'by hand'))).toEqual([bug('weak', 1)]);
});

it('edits by hand are made for the bugs that are left, each bug as a whole, and those that do not fit are given back', () => {
  const directory = mkdtempSync(join(tmpdir(), 'watertight-rest-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const edit = (bugs: string[], find: string, replace: string, shared = false) => ({ bugs, file: 'a.ts', find, replace, shared });
  const edits = [edit(['one', 'two'], 'use', 'import\nuse', true), edit(['one'], 'A', 'B'), edit(['two'], 'F', 'G'), edit(['two'], 'gone', 'C'), edit(['three'], 'D', 'E')];
  writeFileSync(join(directory, 'repairs.json'), JSON.stringify(edits));
  writeFileSync(join(directory, 'a.ts'), 'use A D F');
  expect(applyByHand(directory, [{ id: 'one' }, { id: 'two' }]).map(({ find }) => find)).toEqual(['gone']);
  // What fits of a bug is not made alone.
  expect(readFileSync(join(directory, 'a.ts'), 'utf8')).toBe('import\nuse B D F');
  expect(applyByHand(directory, [{ id: 'three' }])).toEqual([]);
  expect(readFileSync(join(directory, 'a.ts'), 'utf8')).toBe('import\nuse B E F');
});
