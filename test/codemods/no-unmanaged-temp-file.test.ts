import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noUnmanagedTempFile as codemod } from '../../codemods/no-unmanaged-temp-file.js';
import { Laboratory, type Scenario, findFixtures, findTypeErrors } from './support/resource-fixtures.js';
import { repairText } from './support/repair-text.js';

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
    const { text, results } = await repairText(codemod, read(`${name}/input.ts`), { target });
    expect(results.length).toBeGreaterThan(0);
    expect(results.map(({ status, ...rest }) => [status, 'error' in rest && rest.error])).toEqual(results.map(() => ['changed', false]));
    expect(text).toBe(read(`${name}/expected.ts`));
    expect((await repairText(codemod, text, { target })).results).toEqual([]);
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

const IMPORTS = `import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { spawn } from 'node:child_process';
`;

describe('what is left alone', () => {
  it.each([
    ['a folder that is removed', "export async function f(run: (dir: string) => Promise<void>) {\n  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'x-'));\n  try {\n    await run(dir);\n  } finally {\n    fs.rmSync(dir, { recursive: true });\n  }\n}\n"],
    ['a file that is removed where it is there still', "export function f(name: string, run: (file: string) => void) {\n  const file = `${name}.new`;\n  fs.writeFileSync(file, 'x');\n  try {\n    run(file);\n  } finally {\n    if (fs.existsSync(file)) fs.unlinkSync(file);\n  }\n}\n"],
  ])('%s', async (_name, code) => {
    expect(await repairText(codemod, IMPORTS + code)).toEqual({ text: IMPORTS + code, results: [] });
  });

  it.each([
    ['a folder that a process goes on with', "export function f() {\n  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'x-'));\n  spawn('serve', [dir]);\n}\n", 'ambiguous-owner'],
    ['a folder that a listener uses later', "export function f(events: NodeJS.EventEmitter) {\n  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'x-'));\n  events.on('data', (text: string) => fs.writeFileSync(path.join(dir, 'a'), text));\n}\n", 'ambiguous-owner'],
    ['a folder that an unknown function may have put into what it returns', "export async function f(unpack: (dir: string) => Promise<{ file: string }>) {\n  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'x-'));\n  const unpacked = await unpack(dir);\n  return unpacked;\n}\n", 'ambiguous-owner'],
    ['a folder that a person is told of', "export function f() {\n  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'x-'));\n  fs.writeFileSync(path.join(dir, 'a'), 'x');\n  console.log(`Look into ${dir}`);\n}\n", 'would-change-behaviour'],
    ['a folder that may be somebody else\u2019s', "export async function f(given: string | undefined, fill: (dir: string) => Promise<void>) {\n  const dir = given ?? (await fs.promises.mkdtemp(path.join(os.tmpdir(), 'x-')));\n  await fill(dir);\n  if (fs.readdirSync(dir).length === 0) throw new Error('empty');\n}\n", 'unsupported-shape'],
    ['a file that others find under its name', "export function f(id: string, run: () => void) {\n  const file = path.join(os.tmpdir(), `${id}.json`);\n  fs.writeFileSync(file, '{}');\n  run();\n}\n", 'would-change-behaviour'],
    ['a folder whose path nobody keeps', "export function f() {\n  fs.mkdtempSync(path.join(os.tmpdir(), 'x-'));\n}\n", 'unsupported-shape'],
    ['a folder in a field', "export class C {\n  #dir: string | undefined;\n  start() {\n    this.#dir = fs.mkdtempSync(path.join(os.tmpdir(), 'x-'));\n  }\n}\n", 'ambiguous-owner'],
    ['a folder that the environment names from then on', "export function f() {\n  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'x-'));\n  process.env['CACHE'] = dir;\n}\n", 'ambiguous-owner'],
    ['a folder of a function that is waited for by nobody here', "export function f(run: (dir: string) => Promise<void>) {\n  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'x-'));\n  const running = run(dir);\n  running.catch(() => undefined);\n}\n", 'ambiguous-owner'],
  ])('%s, with a reason', async (_name, code, reason) => {
    const { text, results } = await repairText(codemod, IMPORTS + code);
    expect(text).toBe(IMPORTS + code);
    expect(results).toEqual([expect.objectContaining({ status: 'skipped', reason, detail: expect.stringMatching(/\w/) as string })]);
  });
});

it('keeps carriage returns, tabs and the order of comments', async () => {
  const lines = ["import { mkdtemp } from 'node:fs/promises';", "import { tmpdir } from 'node:os';", "import { join } from 'node:path';", 'export async function f(run: (dir: string) => Promise<void>) {', "\tconst dir = await mkdtemp(join(tmpdir(), 'x-')); // of its own", '\t// used once', '\tawait run(dir);', '}', ''];
  const { text } = await repairText(codemod, lines.join('\r\n'), { target: { canUseUsing: false } });
  expect(text.split('\r\n').slice(-10)).toEqual([
    "\tconst tempDir = await createTempDir({ prefix: 'x-' });",
    '\ttry {',
    '\t\tconst dir = tempDir.path; // of its own',
    '\t\t// used once',
    '\t\tawait run(dir);',
    '\t} finally {',
    '\t\tawait tempDir.remove();',
    '\t}',
    '}',
    '',
  ]);
});

it('takes out the imports that it leaves without a use, at the head of a file as well', async () => {
  const lines = [
    "import { mkdtemp, rm } from 'node:fs/promises';",
    "import { tmpdir } from 'node:os';",
    "import { join } from 'node:path';",
    "import { writeFile } from 'fs/promises';",
    '',
    'export async function f(render: () => Promise<string>) {',
    "  const folder = await mkdtemp(join(tmpdir(), 'pages-'));",
    '  const text = await render();',
    "  await writeFile(folder + '/page', text);",
    '  await rm(folder, { recursive: true });',
    '}',
    '',
  ];
  const { text } = await repairText(codemod, lines.join('\n'));
  expect(text.split('\n').slice(0, 3)).toEqual(["import { writeFile } from 'fs/promises';", "import { createTempDir } from 'watertight-runtime';", '']);
});
