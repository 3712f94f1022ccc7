import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noUnmanagedTempFile as codemod } from '../../codemods/no-unmanaged-temp-file.js';
import { Laboratory, type Scenario, findFixtures, findTypeErrors, repair } from './support/resource-fixtures.js';

const { folder, names } = findFixtures('no-unmanaged-temp-file');
const read = (file: string) => readFileSync(join(folder, file), 'utf8');
const scenarios = import.meta.glob<Scenario>('../../fixtures/no-unmanaged-temp-file/*/scenario.ts', { eager: true });
const getScenario = (name: string) => scenarios[`../../fixtures/no-unmanaged-temp-file/${name}/scenario.ts`]!;

const ENDINGS = [
  ['SIGTERM', 'SIGTERM'],
  ['SIGINT', 'SIGINT'],
  ['exit', 3],
  ['throw', 1],
] as const;

let laboratory: Laboratory;
beforeAll(() => {
  laboratory = new Laboratory();
  for (const name of names) laboratory.place(name, { input: read(`${name}/input.ts`), expected: read(`${name}/expected.ts`), scenario: read(`${name}/scenario.ts`) });
}, 120_000);
afterAll(() => laboratory.dispose());

describe.each(names)('%s', (name) => {
  const { cases, leaking, interrupt, target } = getScenario(name);

  it('is written as expected, and a second run changes nothing', async () => {
    const { text, results } = await repair(codemod, read(`${name}/input.ts`), target);
    expect(results.length).toBeGreaterThan(0);
    expect(results.map(({ status, ...rest }) => [status, 'error' in rest && rest.error])).toEqual(results.map(() => ['changed', false]));
    expect(text).toBe(read(`${name}/expected.ts`));
    expect((await repair(codemod, text, target)).results).toEqual([]);
  });

  it.each(Object.keys(cases))('leaves nothing behind when it %s, with the same outcome', async (run) => {
    const before = await laboratory.observe(name, 'input', run);
    expect(before.left.length > 0).toBe(leaking.includes(run));
    expect(await laboratory.observe(name, 'expected', run)).toEqual({ outcome: before.outcome, left: [] });
  });

  it.each(interrupt ? ENDINGS : [])('leaves nothing behind when the process ends in the middle by %s', async (how, ending) => {
    const before = await laboratory.interrupt(name, 'input', how);
    expect(before.ending).toBe(ending);
    expect(before.left).not.toEqual([]);
    expect(await laboratory.interrupt(name, 'expected', how)).toEqual({ left: [], ending });
  });
});

it('writes code that type-checks', () => {
  expect(findTypeErrors(folder, names)).toEqual([]);
});
