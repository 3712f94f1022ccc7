import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import type { StressOptions } from 'watertight-runtime/testing';
import { noRacyUpdate as codemod } from '../../codemods/no-racy-update.js';
import { repairText } from './support/repair-text.js';

const FOLDER = fileURLToPath(new URL('../../fixtures/no-racy-update/', import.meta.url));

type Subject = Record<string, unknown>;
interface Scenario {
  run(subject: Subject, options: StressOptions): Promise<{ wrong: number; outcome: unknown }>;
  readonly hasSameOutcomeOnly?: boolean;
}
const subjects = import.meta.glob<Subject>('../../fixtures/no-racy-update/*/{input,expected}.ts');
const scenarios = import.meta.glob<Scenario>('../../fixtures/no-racy-update/*/scenario.ts');
const load = <T>(modules: Record<string, () => Promise<T>>, file: string) => modules[`../../fixtures/no-racy-update/${file}`]!();
const read = (file: string) => readFileSync(`${FOLDER}${file}`, 'utf8');
const names = readdirSync(FOLDER);

const repair = (text: string, filename?: string) => repairText(codemod, text, { filename });

describe.each(names)('%s', (name) => {
  it('is written as expected, and a second run changes nothing', async () => {
    const { text: after, results } = await repair(read(`${name}/input.ts`));
    expect(results.length).toBeGreaterThan(0);
    expect(results.map(({ status }) => status)).toEqual(results.map(() => 'changed'));
    expect(after).toBe(read(`${name}/expected.ts`));
    expect((await repair(after)).results).toEqual([]);
  });

  it('goes wrong before and not after when 100 workers do it 10 times', async () => {
    const scenario = await load(scenarios, `${name}/scenario.ts`);
    const before = await scenario.run(await load(subjects, `${name}/input.ts`), { seed: 7 });
    const after = await scenario.run(await load(subjects, `${name}/expected.ts`), { seed: 7 });
    if (!scenario.hasSameOutcomeOnly) expect(before.wrong).toBeGreaterThan(0);
    expect(after.wrong).toBe(0);
  });

  it('does the same as before for one caller at a time', async () => {
    const scenario = await load(scenarios, `${name}/scenario.ts`);
    const options = { workers: 1, iterations: 12, seed: 7 };
    const before = await scenario.run(await load(subjects, `${name}/input.ts`), options);
    const after = await scenario.run(await load(subjects, `${name}/expected.ts`), options);
    expect(before.wrong).toBe(0);
    expect(after).toEqual(before);
  });
});

describe('leaves alone what a lock would change, with the reason', () => {
  it.each([
    [
      'a batch that must survive a failure',
      'class Batch {\n  items: string[] = [];\n  push(item: string) {\n    this.items.push(item);\n  }\n  async flush() {\n    await send(this.items);\n    this.items = [];\n  }\n}\n',
      'would-change-behaviour',
    ],
    [
      'a function that calls itself',
      'let total = 0;\nexport async function add(load: () => Promise<number>): Promise<void> {\n  const before = total;\n  if (before > 9) return;\n  const more = await load();\n  total = before + more;\n  await add(load);\n}\n',
      'would-change-behaviour',
    ],
    [
      'a key that there may not be',
      'const clients = new Map<string, Client>();\nexport async function getClient(host: string | undefined) {\n  let client: Client | undefined;\n  if (host) client = clients.get(host);\n  if (!client) {\n    client = await createClient(host);\n    if (host) clients.set(host, client);\n  }\n  return client;\n}\n',
      'would-change-behaviour',
    ],
    [
      'an answer of which something else is made',
      "import { access, readFile } from 'node:fs/promises';\nexport async function load(path: string) {\n  try {\n    await access(path);\n  } catch {\n    return 'none';\n  }\n  return await readFile(path, 'utf8');\n}\n",
      'unsupported-shape',
    ],
  ])('%s', async (_why, text, reason) => {
    const { text: after, results } = await repair(text);
    expect(after).toBe(text);
    expect(results.map((result) => [result.status, 'reason' in result && result.reason])).toEqual([['skipped', reason]]);
  });

  it.each([
    ['an argument of which each call has its own', 'getClient(url: string): Promise<Client> {\n  if (!client) client = await connect(url);\n  return client;\n}\n'],
    ['something that every call does', 'getClient(): Promise<Client> {\n  calls++;\n  if (!client) client = await connect();\n  return client;\n}\n'],
    ['a copy for each caller', 'getClient(): Promise<Client> {\n  if (!client) client = await connect();\n  return { ...client };\n}\n'],
    ['a second value', 'getClient(): Promise<Client> {\n  if (!client) {\n    client = await connect();\n    opened = true;\n  }\n  return client;\n}\n'],
  ])('takes a lock, and shares no run, where there is %s', async (_what, code) => {
    const { text: after } = await repair(`let client: Client | undefined;\nlet calls = 0;\nlet opened = false;\nexport async function ${code}`);
    expect(after).toContain("return await clientLock.run('client', async () => {");
    expect(after).not.toContain('singleFlight');
  });

  it('locks no more than the check and the act where what follows only uses what is there', async () => {
    const code = (type: string) => `let client${type};\nexport async function ask(url, question) {\n  if (!client) client = await connect(url);\n  return await client.ask(question);\n}\n`;
    const alone = "await clientLock.run('client', async () => {\n    if (!client) client = await connect(url);\n  });\n  return await client.ask(question);";
    expect((await repair(code(''), 'file.js')).text).toContain(alone);
    expect((await repair(code(': Client'))).text).toContain(alone);
    // TypeScript would ask where the client is.
    expect((await repair(code(': Client | undefined'))).text).toContain("return await clientLock.run('client', async () => {\n    if (!client)");
    const last = '  return await client.ask(question);';
    const closing = code('').replace(last, `  try {\n  ${last}\n  } finally {\n    client = undefined;\n  }`);
    expect((await repair(closing, 'file.js')).text).toContain('try {\n      return await client.ask');
  });

  it('takes a lock where the old value was asked about, which would not hold for the new one', async () => {
    const { text: after } = await repair('let balance = 9;\nexport async function pay(send: () => Promise<void>) {\n  const before = balance;\n  if (before < 1) return;\n  await send();\n  balance = before - 1;\n}\n');
    expect(after).toContain("await balanceLock.run('balance', async () => {");
    expect(after).toContain('balance = before - 1;');
  });
});

it('writes code that type-checks', () => {
  const files = names.flatMap((name) => [`${FOLDER}${name}/expected.ts`, `${FOLDER}${name}/scenario.ts`]);
  const program = ts.createProgram(files, {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    noUncheckedIndexedAccess: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts', 'lib.dom.d.ts'],
    module: ts.ModuleKind.NodeNext,
    types: ['node'],
    paths: {
      'watertight-runtime': [fileURLToPath(new URL('../../runtime/index.ts', import.meta.url))],
      'watertight-runtime/testing': [fileURLToPath(new URL('../../runtime/testing/index.ts', import.meta.url))],
    },
  });
  const errors = files.flatMap((file) => ts.getPreEmitDiagnostics(program, program.getSourceFile(file)));
  expect(errors.map(({ file, messageText }) => `${file?.fileName.slice(FOLDER.length)}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`)).toEqual([]);
});
