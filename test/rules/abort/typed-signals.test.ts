import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { lintProject } from '../support/lint-project.js';

const FILES: Record<string, string> = {
  'tsconfig.json': JSON.stringify({ compilerOptions: { strict: true, target: 'es2022', lib: ['es2022', 'dom'], types: [], module: 'ESNext', moduleResolution: 'Bundler' }, include: ['src'] }),
  'src/options.ts': `
export interface Abortable { signal?: AbortSignal }
export interface LoadOptions extends Abortable { retries?: number }
export interface Job extends Readonly<Abortable> { readonly id: string }
export interface Plain { retries?: number }
`,
  'src/load.ts': `
import type { LoadOptions, Plain } from './options';
export async function load(url: string, options: LoadOptions = {}) { return [url, options]; }
export async function byPosition(url: string, signal?: AbortSignal | null) { return [url, signal]; }
export async function otherName(url: string, options?: { abortSignal?: AbortSignal }) { return [url, options]; }
export const narrowed = async (url: string, options?: Partial<Pick<LoadOptions, 'signal'>>) => [url, options];
export async function plain(url: string, options?: Plain) { return [url, options]; }
export class Client {
  async get(url: string, options?: LoadOptions) { return [url, options]; }
}
`,
  'src/barrel.ts': `export * from './load';\nexport { load as default } from './load';\n`,
};

const HEAD = `import loadFirst, { Client, byPosition, load, narrowed, otherName, plain } from './barrel';\nimport type { Job } from './options';\n`;

let root: string;
beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'watertight-typed-')));
  for (const [name, text] of Object.entries({ ...FILES, 'src/main.ts': HEAD })) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function lint(code: string, isTyped = true): string[] {
  const path = join(root, 'src/main.ts');
  const text = HEAD + code;
  writeFileSync(path, text);
  // Single runs, which CI is taken for, would keep the types of the first text.
  const parserOptions = isTyped ? { project: './tsconfig.json', tsconfigRootDir: root, disallowAutomaticSingleRunInference: true } : {};
  return lintProject(root, path, text, 'no-unforwarded-abort-signal', { parserOptions });
}

const missing = (call: string, signal = 'signal') => [`3: \`${call}\` does not get \`${signal}\`, so an abort does not end it. Pass the signal on.`];

describe('functions of other files, with types', () => {
  it.each([
    ['an options type with a signal that it inherits', 'load', `await load('/a')`, `await load('/a', { signal })`],
    ['options that are there', 'load', `await load('/a', { retries: 1 })`, `await load('/a', { retries: 1, signal })`],
    ['a signal by its position', 'byPosition', `await byPosition('/a')`, `await byPosition('/a', signal)`],
    ['another name of the property', 'otherName', `await otherName('/a')`, `await otherName('/a', { abortSignal: signal })`],
    ['a type that is made of others', 'narrowed', `await narrowed('/a')`, `await narrowed('/a', { signal })`],
    ['a method', 'new Client().get', `await new Client().get('/a')`, `await new Client().get('/a', { signal })`],
    ['a default export of another name', 'loadFirst', `await loadFirst('/a')`, `await loadFirst('/a', { signal })`],
  ])('%s', (_name, call, wrong, right) => {
    const wrap = (statement: string) => `export async function top(signal: AbortSignal) { ${statement}; }\n`;
    expect(lint(wrap(wrong))).toEqual(missing(call));
    expect(lint(wrap(right))).toEqual([]);
    expect(lint(wrap(wrong), false)).toEqual([]);
  });

  it('a function without a place for a signal', () => {
    expect(lint(`export async function top(signal: AbortSignal) { signal.throwIfAborted(); await plain('/a'); await plain('/a', { retries: 1 }); }\n`)).toEqual([]);
  });

  it('a call that nobody waits for', () => {
    expect(lint(`export function top(signal: AbortSignal) { signal.throwIfAborted(); void load('/a'); }\n`)).toEqual([]);
  });

  it('a caller whose own type is declared elsewhere', () => {
    const code = (call: string) => `export async function top(job: Job) { await ${call}; }\n`;
    expect(lint(code(`fetch('/a')`))).toEqual(missing('fetch', 'job.signal'));
    expect(lint(code(`load('/a')`))).toEqual(missing('load', 'job.signal'));
    expect(lint(code(`load('/a', { signal: job.signal })`))).toEqual([]);
    expect(lint(code(`load('/a', job)`))).toEqual([]);
    expect(lint(code(`fetch('/a')`), false)).toEqual([]);
  });
});
