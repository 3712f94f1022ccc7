import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noUnclosedResource as codemod } from '../../codemods/no-unclosed-resource.js';
import { Laboratory, type Scenario, findFixtures, findTypeErrors, repair } from './support/resource-fixtures.js';

const { folder, names } = findFixtures('no-unclosed-resource');
const read = (file: string) => readFileSync(join(folder, file), 'utf8');
const scenarios = import.meta.glob<Scenario>('../../fixtures/no-unclosed-resource/*/scenario.ts', { eager: true });

// Stand-ins that count what is out: a client that is released twice is an error there as in the package itself.
const PG = `
const database = (globalThis.database ??= { taken: 0, failOn: undefined });
class Client {
  #isOut = true;
  async query(text) {
    if (!this.#isOut) throw new Error('Client was closed and is not queryable');
    if (database.failOn !== undefined && text.includes(database.failOn)) throw new Error('deadlock detected');
    return { rows: [{ balance: 100 }] };
  }
  release() {
    if (!this.#isOut) throw new Error('Release called on client which has already been released to the pool.');
    this.#isOut = false;
    database.taken--;
  }
}
export class Pool {
  async connect() {
    database.taken++;
    return new Client();
  }
}
`;
const ASYNC_MUTEX = `
const state = (globalThis.locks ??= { taken: 0 });
export class Mutex {
  #last = Promise.resolve();
  async acquire() {
    let free;
    const before = this.#last;
    this.#last = new Promise((resolve) => (free = resolve));
    await before;
    state.taken++;
    return () => { state.taken--; free(); };
  }
}
`;

let laboratory: Laboratory;
beforeAll(() => {
  laboratory = new Laboratory({ pg: PG, 'async-mutex': ASYNC_MUTEX });
  for (const name of names) laboratory.place(name, { input: read(`${name}/input.ts`), expected: read(`${name}/expected.ts`), scenario: read(`${name}/scenario.ts`) });
}, 120_000);
afterAll(() => laboratory.dispose());

describe.each(names)('%s', (name) => {
  const { cases, changed = {}, leaking, target } = scenarios[`../../fixtures/no-unclosed-resource/${name}/scenario.ts`]!;

  it('is written as expected, and a second run changes nothing', async () => {
    const { text, results } = await repair(codemod, read(`${name}/input.ts`), target);
    expect(results.length).toBeGreaterThan(0);
    expect(results.map(({ status, ...rest }) => [status, 'error' in rest && rest.error])).toEqual(results.map(() => ['changed', false]));
    expect(text).toBe(read(`${name}/expected.ts`));
    expect((await repair(codemod, text, target)).results).toEqual([]);
  });

  it.each(Object.keys(cases))('holds nothing when it %s, with the same outcome', async (run) => {
    const before = await laboratory.observe(name, 'input', run);
    expect(before.left.length > 0).toBe(leaking.includes(run));
    const after = await laboratory.observe(name, 'expected', run);
    const expected = changed[run];
    expect([before.outcome, after.outcome]).toEqual(expected ? [{ value: expected.before }, { value: expected.after }] : [before.outcome, before.outcome]);
    expect(after.left).toEqual([]);
  });
});

it('writes code that type-checks', () => {
  expect(findTypeErrors(folder, names)).toEqual([]);
});
