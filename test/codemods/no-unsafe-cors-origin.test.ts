import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runInThisContext } from 'node:vm';
import type { Express } from 'express';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { noUnsafeCorsOrigin as codemod } from '../../codemods/no-unsafe-cors-origin.js';
import { STRANGERS, type Served, askAll, letsIn } from './support/cors-fixtures.js';
import { repairText } from './support/repair-text.js';

const FOLDER = fileURLToPath(new URL('../../fixtures/no-unsafe-cors-origin/', import.meta.url));
interface Origins {
  readonly allowed: readonly string[];
  readonly letInBefore: readonly string[];
  readonly refusedBefore: readonly string[];
}
const subjects = import.meta.glob<{ default: Served }>('../../fixtures/no-unsafe-cors-origin/*/{input,expected}.ts');
const tables = import.meta.glob<Origins>('../../fixtures/no-unsafe-cors-origin/*/origins.ts');
const load = <T>(modules: Record<string, () => Promise<T>>, file: string) => modules[`../../fixtures/no-unsafe-cors-origin/${file}`]!();
const read = (file: string) => readFileSync(`${FOLDER}${file}`, 'utf8');
const fix = (text: string) => repairText(codemod, text);

const repaired = readdirSync(FOLDER).filter((name) => existsSync(`${FOLDER}${name}/expected.ts`));

it('has fixtures for each server, and an attack of every kind', () => {
  expect(repaired.length).toBeGreaterThanOrEqual(10);
  expect(new Set(STRANGERS).size).toBeGreaterThanOrEqual(40);
  for (const server of ['node:http', 'express', 'fastify']) expect(repaired.some((name) => read(`${name}/input.ts`).includes(`from '${server}'`))).toBe(true);
});

describe.each(repaired)('%s', (name) => {
  it('is written as expected, and a second run changes nothing', async () => {
    const { text: after, results } = await fix(read(`${name}/input.ts`));
    expect(results.length).toBeGreaterThan(0);
    expect(results.map(({ status }) => status)).toEqual(results.map(() => 'changed'));
    expect(after).toBe(read(`${name}/expected.ts`));
    expect((await fix(after)).results).toEqual([]);
  });

  it('keeps line breaks as they are', async () => {
    const crlf = read(`${name}/input.ts`).replaceAll('\n', '\r\n');
    expect((await fix(crlf)).text).toBe(read(`${name}/expected.ts`).replaceAll('\n', '\r\n'));
  });

  it('lets strangers in before, and after that nobody but whom it is meant for', async () => {
    const { allowed, letInBefore, refusedBefore } = await load(tables, `${name}/origins.ts`);
    const before = await askAll((await load(subjects, `${name}/input.ts`)).default, [undefined, ...allowed, ...STRANGERS]);
    expect(STRANGERS.filter((origin) => letInBefore.includes(origin) && !letsIn(before.get(origin)!, origin))).toEqual([]);
    expect(letInBefore.filter((origin) => !STRANGERS.includes(origin))).toEqual([]);
    expect(allowed.filter((origin) => !letsIn(before.get(origin)!, origin))).toEqual(refusedBefore);

    const after = await askAll((await load(subjects, `${name}/expected.ts`)).default, [undefined, ...allowed, ...STRANGERS]);
    expect(STRANGERS.filter((origin) => letsIn(after.get(origin)!, origin))).toEqual([]);
    expect(allowed.filter((origin) => !letsIn(after.get(origin)!, origin))).toEqual([]);
    // Whoever got his answer before gets the same now.
    for (const origin of allowed.filter((one) => !refusedBefore.includes(one))) expect({ ...after.get(origin), vary: '' }).toEqual({ ...before.get(origin), vary: '' });
    const [{ status, body }, was] = [after.get(undefined)!, before.get(undefined)!];
    expect({ status, body }).toEqual({ status: was.status, body: was.body });
  });
});

it('tells caches that the answer depends on the origin, whatever it is', async () => {
  const origins = [undefined, 'https://console.freight.example', 'https://evil.example'];
  const vary = async (file: string) => [...(await askAll((await load(subjects, `kept-by-caches/${file}`)).default, origins)).values()].map((answer) => answer.vary);
  expect(await vary('input.ts')).toEqual([undefined, undefined, undefined]);
  expect(await vary('expected.ts')).toEqual(['Origin', 'Origin', 'Origin']);
});

it('stops a refused request at the refusal', async () => {
  const reach = async (file: string) => {
    const app = (await load(subjects, `refused-and-served/${file}`)).default as Express;
    app.locals.reached = [];
    await askAll(app, ['https://evil.example', 'https://console.freight.example']);
    return app.locals.reached as string[];
  };
  expect(await reach('input.ts')).toContain('https://evil.example');
  expect(await reach('expected.ts')).toEqual(['https://console.freight.example']);
});

it('writes code that type-checks', () => {
  const files = repaired.map((name) => `${FOLDER}${name}/expected.ts`);
  const program = ts.createProgram(files, {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    types: ['node'],
    paths: { 'watertight-runtime': [fileURLToPath(new URL('../../runtime/index.ts', import.meta.url))] },
  });
  const errors = files.flatMap((file) => ts.getPreEmitDiagnostics(program, program.getSourceFile(file)));
  expect(errors.map(({ file, messageText }) => `${file?.fileName.slice(FOLDER.length)}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`)).toEqual([]);
});

it('leaves what says nowhere who is meant, each with a reason', async () => {
  const text = read('left-alone/input.ts');
  const { text: after, results } = await fix(text);
  expect(after).toBe(text);
  expect(results.map((result) => [result.status, 'reason' in result && result.reason])).toEqual([
    ['skipped', 'would-change-behaviour'],
    ['skipped', 'would-change-behaviour'],
    ['skipped', 'would-change-behaviour'],
  ]);
});

it('sets back a pattern that is handed in, and narrows it to nothing else', async () => {
  const text = `// CORS\nexport function isOriginAllowed(origin: string, rule: string | RegExp) {\n  if (rule instanceof RegExp) {\n    return rule.test(origin);\n  }\n  return rule === origin;\n}\n`;
  const { text: after } = await repairText(codemod, text, { options: { includePotential: true } });
  expect(after).toBe(text.replace('    return', '    rule.lastIndex = 0;\n    return'));
  const ask = (code: string) => {
    const isAllowed = runInThisContext(`(() => { ${ts.transpile(code.replace('export ', ''))}; return isOriginAllowed; })()`) as (origin: string, rule: RegExp) => boolean;
    const rule = /freight\.example$/g;
    return [1, 2, 3].map(() => isAllowed('https://console.freight.example', rule));
  };
  expect(ask(text)).toEqual([true, false, true]);
  expect(ask(after)).toEqual([true, true, true]);
});

it('leaves a file whose own function has the name of the helper', async () => {
  const text = `const resolveCorsOrigin = () => undefined;\n${read('suffix-of-origin/input.ts')}`;
  const { text: after, results } = await fix(text);
  expect(after).toBe(text);
  expect(results.map((result) => [result.status, 'reason' in result && result.reason])).toEqual([['skipped', 'name-taken']]);
});
