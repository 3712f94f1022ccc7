import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noUnclosedResource as codemod } from '../../codemods/no-unclosed-resource.js';
import { Laboratory, type Scenario, findFixtures, findTypeErrors } from './support/resource-fixtures.js';
import { repairText } from './support/repair-text.js';

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
    const { text, results } = await repairText(codemod, read(`${name}/input.ts`), { target });
    expect(results.length).toBeGreaterThan(0);
    expect(results.map(({ status, ...rest }) => [status, 'error' in rest && rest.error])).toEqual(results.map(() => ['changed', false]));
    expect(text).toBe(read(`${name}/expected.ts`));
    expect((await repairText(codemod, text, { target })).results).toEqual([]);
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

const IMPORTS = `import fs from 'node:fs';
import { open } from 'node:fs/promises';
import { Pool } from 'pg';
import type { FileHandle } from 'node:fs/promises';
import type { Writable } from 'node:stream';
const pool = new Pool();
`;

describe('what is left alone', () => {
  it.each([
    ['a handle that is bound', "export async function f(file: string) {\n  await using handle = await open(file);\n  return (await handle.stat()).size;\n}\n"],
    ['a handle that the caller gets', 'export async function f(file: string) {\n  const handle = await open(file);\n  return handle;\n}\n'],
    ['a client that is released in a `finally`', "export async function f() {\n  const client = await pool.connect();\n  try {\n    await client.query('select 1');\n  } finally {\n    client.release();\n  }\n}\n"],
  ])('%s', async (_name, code) => {
    expect(await repairText(codemod, IMPORTS + code)).toEqual({ text: IMPORTS + code, results: [] });
  });

  it.each([
    [
      'a variable that may hold the standard output',
      "export function f(file: string | undefined, text: string) {\n  const target = file === undefined ? process.stdout : fs.createWriteStream(file);\n  if (text === '') throw new Error('nothing to write');\n  target.write(text);\n  if (target !== process.stdout) target.end();\n}\n",
      'ambiguous-owner',
    ],
    [
      'a client that may be the caller\u2019s',
      "export async function f(given?: any) {\n  const client = given ?? (await pool.connect());\n  await client.query('begin');\n  client.release();\n}\n",
      'ambiguous-owner',
    ],
    [
      'a client that is released inside of something else',
      "export async function f(done: (value: unknown) => void) {\n  const client = await pool.connect();\n  await client.query('select 1');\n  done(client.release());\n}\n",
      'unsupported-shape',
    ],
    ['a handle of a class that has no manager', 'export class C {\n  #file: FileHandle | undefined;\n  async start(file: string) {\n    this.#file = await open(file);\n  }\n}\n', 'ambiguous-owner'],
    [
      'a pipe whose target stays open',
      "export function f(file: string, target: Writable) {\n  return new Promise<void>((resolve, reject) => {\n    const source = fs.createReadStream(file);\n    source.on('error', reject);\n    source.on('end', () => resolve());\n    source.pipe(target, { end: false });\n  });\n}\n",
      'would-change-behaviour',
    ],
    [
      'a stream with two targets',
      "export function f(file: string, one: Writable, two: Writable) {\n  return new Promise<void>((resolve, reject) => {\n    const source = fs.createReadStream(file);\n    source.on('error', reject);\n    source.pipe(one);\n    source.pipe(two).on('finish', () => resolve());\n  });\n}\n",
      'would-change-behaviour',
    ],
  ])('%s, with a reason', async (_name, code, reason) => {
    const { text, results } = await repairText(codemod, IMPORTS + code);
    expect(text).toBe(IMPORTS + code);
    expect(results.length).toBeGreaterThan(0);
    for (const result of results) expect(result).toMatchObject({ status: 'skipped', reason, detail: expect.stringMatching(/\w/) as string });
  });
});

it('puts a chain that is broken over lines into one where it becomes an argument', async () => {
  const code = `export function f(zip: any, target: string, body: any) {
  return new Promise<void>((resolve) => {
    body
      .unwrapResponse()
      .pipe(fs.createWriteStream(target))
      .on('finish', () => {
        fs.chmodSync(target, 0o644);
        resolve();
      });
  });
}
`;
  const { text } = await repairText(codemod, IMPORTS + code);
  expect(text).toContain('pipeline(body.unwrapResponse(), fs.createWriteStream(target), (error) => { if (error) reject(error); })');
});
