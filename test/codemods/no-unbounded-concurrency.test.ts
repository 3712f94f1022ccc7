import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noUnboundedConcurrency as codemod } from '../../codemods/no-unbounded-concurrency.js';
import type { Target } from '../../codemods/types.js';
import { repairText } from './support/repair-text.js';

const FOLDER = fileURLToPath(new URL('../../fixtures/no-unbounded-concurrency/', import.meta.url));
const TAGS = Array.from({ length: 40 }, (_, index) => `tag-${index + 1}`);
const LIMIT = 10;

type Subject = Record<string, unknown>;
interface Scenario {
  run(subject: Subject, registry: string, tags: readonly string[]): Promise<unknown>;
}
const subjects = import.meta.glob<Subject>('../../fixtures/no-unbounded-concurrency/*/{input,expected}.ts');
const scenarios = import.meta.glob<Scenario>('../../fixtures/no-unbounded-concurrency/*/scenario.ts');
const load = <T>(modules: Record<string, () => Promise<T>>, file: string) => modules[`../../fixtures/no-unbounded-concurrency/${file}`]!();
const names = readdirSync(FOLDER);
const read = (file: string) => readFileSync(`${FOLDER}${file}`, 'utf8');

// The server holds its answers back until as many requests wait as the subject is to send at once, or no more come.
let running = 0;
let peak = 0;
let wanted = TAGS.length;
const held: (() => void)[] = [];
const server = createServer((req, res) => {
  peak = Math.max(peak, ++running);
  quiet = 0;
  held.push(() => {
    running--;
    res.end(req.url);
  });
  if (held.length >= wanted) answerAll();
});
const answerAll = () => {
  for (const answer of held.splice(0)) answer();
};
// Ticks are counted, and not time: after a standstill the requests that came meanwhile are seen before the next tick.
let quiet = 0;
const ticks = setInterval(() => {
  if (++quiet > 10) answerAll();
}, 20);
let registry = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  registry = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  clearInterval(ticks);
  server.closeAllConnections();
  server.close();
});

async function observe(scenario: Scenario, subject: Subject, atOnce: number): Promise<{ outcome: unknown; peak: number }> {
  [peak, wanted] = [0, atOnce];
  const outcome = await scenario.run(subject, registry, TAGS).then(
    (value) => ({ value }),
    (error: Error) => ({ error: `${error.name}: ${error.message}` }),
  );
  while (running > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  return { outcome, peak };
}

const repair = (text: string, target?: Partial<Target>) => repairText(codemod, text, { target });

describe.each(names)('%s', (name) => {
  it('is written as expected, and a second run changes nothing', async () => {
    const { text: after, results } = await repair(read(`${name}/input.ts`));
    expect(results.map(({ status }) => status)).toEqual(['changed']);
    expect(after).toBe(read(`${name}/expected.ts`));
    expect((await repair(after)).results).toEqual([]);
  });

  it('runs everything at once before and ten at a time after, with the same outcome', async () => {
    const scenario = await load(scenarios, `${name}/scenario.ts`);
    const before = await observe(scenario, await load(subjects, `${name}/input.ts`), TAGS.length);
    expect(before.peak).toBeGreaterThan(30);
    const after = await observe(scenario, await load(subjects, `${name}/expected.ts`), LIMIT);
    expect(after.peak).toBe(LIMIT);
    expect(after.outcome).toEqual(before.outcome);
  });
});

it('takes the empty list of a loop out with the empty line behind it', async () => {
  const { text } = await repair('export async function load(urls: string[]) {\n  const pages: Promise<Response>[] = [];\n\n  for (const url of urls) {\n    pages.push(fetch(url));\n  }\n\n  return await Promise.all(pages);\n}\n');
  expect(text).toContain('{\n  const pages = mapConcurrent(urls, 10, (url) => fetch(url));\n\n  return await pages;\n}');
});

it('writes code that type-checks', () => {
  const files = names.flatMap((name) => [`${FOLDER}${name}/expected.ts`, `${FOLDER}${name}/scenario.ts`]);
  const program = ts.createProgram(files, {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts', 'lib.dom.d.ts'],
    module: ts.ModuleKind.NodeNext,
    types: ['node'],
    paths: { 'watertight-runtime': [fileURLToPath(new URL('../../runtime/index.ts', import.meta.url))] },
  });
  const errors = files.flatMap((file) => ts.getPreEmitDiagnostics(program, program.getSourceFile(file)));
  expect(errors.map(({ file, messageText }) => `${file?.fileName.slice(FOLDER.length)}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`)).toEqual([]);
});

describe('p-map, where the project has it', () => {
  const dependencies = new Set(['p-map']);

  it('is imported below the other imports', async () => {
    const { text: after } = await repair(
      `import { other } from './other.js'; // keep\n\nexport const load = (urls: string[]) => Promise.all(urls.map((url) => fetch(url)));\n`,
      { dependencies },
    );
    expect(after).toBe(
      `import { other } from './other.js'; // keep\nimport pMap from 'p-map';\n\nexport const load = (urls: string[]) => pMap(urls, (url) => fetch(url), { concurrency: 10 });\n`,
    );
  });

  it('is used under the name that it has, for every place in the file', async () => {
    const input = (first: string, second: string) =>
      `import mapAll from 'p-map';\nimport { get } from './get.js';\nexport const a = (urls: string[]) => ${first};\nexport const b = (urls: string[]) => ${second};\nvoid [mapAll, get];\n`;
    const { text: after } = await repair(input('Promise.all(urls.map((url) => fetch(url)))', 'Promise.all(urls.map(async (url) => (await fetch(url)).ok))'), { dependencies });
    expect(after).toBe(input('mapAll(urls, (url) => fetch(url), { concurrency: 10 })', 'mapAll(urls, async (url) => (await fetch(url)).ok, { concurrency: 10 })'));
  });

  it('is imported once for two places', async () => {
    const { text: after, results } = await repair(
      `export const a = (urls: string[]) => Promise.all(urls.map((url) => fetch(url)));\nexport const b = (urls: string[]) => Promise.all(urls.map((url) => fetch(url + '/')));\n`,
      { dependencies },
    );
    expect(results.map(({ status }) => status)).toEqual(['changed', 'changed']);
    expect(after.match(/import/g)).toHaveLength(1);
    expect(after.match(/pMap\(urls/g)).toHaveLength(2);
  });

  it('is left aside in CommonJS, which cannot load it', async () => {
    const { text: after } = await repair(`exports.load = (urls) => Promise.all(urls.map((url) => fetch(url)));\n`, { dependencies, moduleFormat: 'commonjs' });
    expect(after).toBe(
      `const { mapConcurrent } = require('watertight-runtime');\n\nexports.load = (urls) => mapConcurrent(urls, 10, (url) => fetch(url));\n`,
    );
  });
});

describe('what is left alone, and why', () => {
  const skipped: Record<string, readonly [text: string, reason: string]> = {
    'work that nobody waits for': ['export function warm(urls: string[]) { urls.forEach(async (url) => { await fetch(url); }); }', 'would-change-behaviour'],
    'a loop that does not wait': ['export function warm(urls: string[]) { for (const url of urls) void fetch(url); }', 'would-change-behaviour'],
    'allSettled': ['export const load = (urls: string[]) => Promise.allSettled(urls.map((url) => fetch(url)));', 'unsupported-shape'],
    'a walk over a tree': [
      "import { readdir } from 'node:fs/promises';\nexport async function walk(folder: string): Promise<unknown> { return Promise.all((await readdir(folder)).map((name) => walk(name))); }",
      'unsupported-shape',
    ],
    'a function that takes the list': ['export const load = (urls: string[]) => Promise.all(urls.map((url, index, all) => fetch(url, { headers: { of: String(all.length) } })));', 'would-change-behaviour'],
    'a function of elsewhere': ['export const load = (urls: string[]) => Promise.all(urls.map(fetch));', 'would-change-behaviour'],
    'a `this` of its own': ['export function load(this: unknown, urls: string[]) { return Promise.all(urls.map(function (url) { return fetch(url); }, this)); }', 'unsupported-shape'],
    'other promises in the same array': ["export const load = (urls: string[]) => Promise.all([fetch('/'), ...urls.map((url) => fetch(url))]);", 'unsupported-shape'],
    'promises that are used twice': [
      'export async function load(urls: string[]) { const all = urls.map((url) => fetch(url)); console.log(all.length); return Promise.all(all); }',
      'unsupported-shape',
    ],
    'a loop that does more': [
      'export async function load(urls: string[]) { const all = []; for (const url of urls) { console.log(url); all.push(fetch(url)); } return Promise.all(all); }',
      'unsupported-shape',
    ],
    'a comment in between': ['export const load = (urls: string[]) => Promise.all(urls /* mirrors */.map((url) => fetch(url)));', 'comment-in-the-way'],
  };
  it.each(Object.entries(skipped))('%s', async (_name, [text, reason]) => {
    const { text: after, results } = await repair(text);
    expect(results).toMatchObject([{ status: 'skipped', reason }]);
    expect(after).toBe(text);
  });
});
