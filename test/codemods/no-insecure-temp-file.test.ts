import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noInsecureTempFile as codemod } from '../../codemods/no-insecure-temp-file.js';
import { Laboratory, type Scenario, findFixtures, findTypeErrors } from './support/resource-fixtures.js';
import { repairText } from './support/repair-text.js';

const { folder, names } = findFixtures('no-insecure-temp-file');
const read = (file: string) => readFileSync(join(folder, file), 'utf8');
const scenarios = import.meta.glob<Scenario>('../../fixtures/no-insecure-temp-file/*/scenario.ts', { eager: true });

let laboratory: Laboratory;
beforeAll(() => {
  laboratory = new Laboratory();
  for (const name of names) laboratory.place(name, { input: read(`${name}/input.ts`), expected: read(`${name}/expected.ts`), scenario: read(`${name}/scenario.ts`) });
}, 120_000);
afterAll(() => laboratory.dispose());

describe.each(names)('%s', (name) => {
  const { cases, changed = {}, target } = scenarios[`../../fixtures/no-insecure-temp-file/${name}/scenario.ts`]!;

  it('is written as expected, and a second run changes nothing', async () => {
    const { text, results } = await repairText(codemod, read(`${name}/input.ts`), { target });
    expect(results.length).toBeGreaterThan(0);
    expect(results.map(({ status, ...rest }) => [status, 'error' in rest && rest.error])).toEqual(results.map(() => ['changed', false]));
    expect(text).toBe(read(`${name}/expected.ts`));
    expect((await repairText(codemod, text, { target })).results).toEqual([]);
  });

  it.each(Object.keys(cases))('comes to what is meant when it %s', async (run) => {
    const before = await laboratory.observe(name, 'input', run);
    const after = await laboratory.observe(name, 'expected', run);
    const expected = changed[run];
    expect([before.outcome, after.outcome]).toEqual(expected ? [{ value: expected.before }, { value: expected.after }] : [before.outcome, before.outcome]);
    expect([before.left, after.left]).toEqual([[], []]);
  });
});

it('writes code that type-checks', () => {
  expect(findTypeErrors(folder, names)).toEqual([]);
});

describe('what is left alone', () => {
  it.each([
    [
      'a file that an earlier run may have made',
      `import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
export function read(fetchText: () => string) {
  const file = path.join(os.tmpdir(), 'cache.json');
  if (fs.existsSync(file)) return fs.readFileSync(file, 'utf8');
  const text = fetchText();
  fs.writeFileSync(file, text);
  return text;
}
`,
      'would-change-behaviour',
    ],
    [
      'a file whose path the caller gets',
      `import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
export function save(text: string) {
  const file = path.join(os.tmpdir(), 'report.txt');
  fs.writeFileSync(file, text);
  return file;
}
`,
      'ambiguous-owner',
    ],
    [
      'a file that a person is told of',
      `import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
export function dump(text: string) {
  const file = path.join(os.tmpdir(), 'dump.txt');
  fs.writeFileSync(file, text);
  console.log('See ' + file);
}
`,
      'would-change-behaviour',
    ],
    [
      'a file that others find under its name',
      `import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
export function announce(port: number, serve: () => void) {
  const file = path.join(os.tmpdir(), 'service.port');
  fs.writeFileSync(file, String(port));
  serve();
}
`,
      'would-change-behaviour',
    ],
    [
      'a file that is replaced where it is there',
      `import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
export function update(text: string) {
  const file = path.join(os.tmpdir(), 'state.txt');
  if (fs.existsSync(file)) fs.writeFileSync(file, text);
}
`,
      'would-change-behaviour',
    ],
  ])('%s, with a reason', async (_name, text, reason) => {
    const { text: after, results } = await repairText(codemod, text);
    expect(after).toBe(text);
    expect(results).toEqual([expect.objectContaining({ status: 'skipped', reason, detail: expect.stringMatching(/\w/) as string })]);
  });
});
