import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { TypeProjects } from '../../../codemods/runner/type-project.js';

const made: string[] = [];
afterEach(() => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true });
});

function makeProject(files: Readonly<Record<string, string>>, bundledTypes: Readonly<Record<string, string>> = {}) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'watertight-types-')));
  made.push(root);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  const bundled = Object.fromEntries(Object.entries(bundledTypes).map(([name, path]) => [name, join(root, path)]));
  const projects = new TypeProjects({ bundledTypes: bundled });
  return { root, open: (name: string) => projects.open(join(root, name)) };
}

const strict = JSON.stringify({ compilerOptions: { strict: true, target: 'es2022', module: 'nodenext', lib: ['es2022'], types: [] } });

describe('findNewErrors', () => {
  it('finds a type error that a change brings', () => {
    const { open } = makeProject({ 'tsconfig.json': strict, 'a.ts': '' });
    const errors = open('a.ts').findNewErrors('export const a: number = 1;\n', 'export const a: number = "1";\n');
    expect(errors).toEqual([`TS2322: Type 'string' is not assignable to type 'number'.`]);
  });

  it('does not count errors that were there before, wherever they move', () => {
    const { open } = makeProject({ 'tsconfig.json': strict, 'a.ts': '' });
    const before = 'export const a: number = "1";\n';
    expect(open('a.ts').findNewErrors(before, `\n\n${before}`)).toEqual([]);
    expect(open('a.ts').findNewErrors(before, `${before}export const b: number = "1";\n`)).toHaveLength(1);
  });

  it('goes by the options of the nearest tsconfig.json', () => {
    const loose = JSON.stringify({ compilerOptions: { strict: false, types: [] } });
    const { open } = makeProject({ 'tsconfig.json': strict, 'a.ts': '', 'loose/tsconfig.json': loose, 'loose/a.ts': '' });
    const change = ['', 'export function f(a) { return a; }\n'] as const;
    expect(open('a.ts').findNewErrors(...change)).toEqual([`TS7006: Parameter 'a' implicitly has an 'any' type.`]);
    expect(open('loose/a.ts').findNewErrors(...change)).toEqual([]);
  });

  it('finds the referenced project that has the file', () => {
    const solution = JSON.stringify({ files: [], references: [{ path: './tsconfig.app.json' }] });
    const app = JSON.stringify({ compilerOptions: { strict: true, types: [] }, include: ['src'] });
    const { open } = makeProject({ 'tsconfig.json': solution, 'tsconfig.app.json': app, 'src/a.ts': '' });
    expect(open('src/a.ts').findNewErrors('', 'export function f(a) { return a; }\n')).toHaveLength(1);
  });

  it('knows the declarations that reach every file of the project', () => {
    const { open } = makeProject({ 'tsconfig.json': strict, 'globals.d.ts': 'declare const TOKEN: string;\n', 'a.ts': '' });
    expect(open('a.ts').findNewErrors('', 'export const a: number = TOKEN;\n')).toEqual([`TS2322: Type 'string' is not assignable to type 'number'.`]);
  });

  it('finds what a changed export breaks in the files that import it, re-exports included', () => {
    const { root, open } = makeProject({
      'tsconfig.json': strict,
      'a.ts': 'export function size(): number { return 1; }\n',
      'index.ts': `export * from './a.js';\n`,
      'use.ts': `import { size } from './index.js';\nexport const n: number = size();\n`,
      'other.ts': 'export const wrong: number = "";\n',
    });
    const errors = open('a.ts').findNewErrors(
      'export function size(): number { return 1; }\n',
      'export async function size(): Promise<number> { return 1; }\n',
    );
    expect(errors).toEqual([`TS2322: Type 'Promise<number>' is not assignable to type 'number'. (in ${root}/use.ts)`]);
  });

  it('finds what a changed method of an exported class breaks', () => {
    const { open } = makeProject({
      'tsconfig.json': strict,
      'a.ts': 'export class A { size(): number { return 1; } }\n',
      'use.ts': `import { A } from './a.js';\nexport const n: number = new A().size();\n`,
    });
    const errors = open('a.ts').findNewErrors(
      'export class A { size(): number { return 1; } }\n',
      'export class A { async size(): Promise<number> { return 1; } }\n',
    );
    expect(errors).toHaveLength(1);
  });

  it('finds what a changed export breaks where it is imported at run time', () => {
    const { open } = makeProject({
      'tsconfig.json': strict,
      'a.ts': 'export function size(): number { return 1; }\n',
      'use.ts': `export const n: Promise<number> = import('./a.js').then(({ size }) => size());\n`,
      'type.ts': `export const f: () => number = null as unknown as typeof import('./a.js').size;\n`,
    });
    const errors = open('a.ts').findNewErrors('export function size(): number { return 1; }\n', 'export function size(): string { return ""; }\n');
    expect(errors.map((error) => error.slice(-8))).toEqual(expect.arrayContaining(['/use.ts)', 'type.ts)']));
  });

  it('goes on to other files after one whose exports changed and that imports what is not installed', () => {
    const importing = `import { open } from 'not-installed';\nexport const load = open;\n`;
    const { open } = makeProject({ 'a.ts': importing, 'b.ts': importing });
    for (const name of ['a.ts', 'b.ts', 'new.ts']) expect(open(name).findNewErrors(importing, `${importing}export const more = 1;\n`)).toEqual([]);
    expect(open('b.ts').findNewErrors(importing, `${importing}export const wrong: string = 1;\n`)).toHaveLength(1);
  });

  it('checks names in plain JavaScript, and not its types', () => {
    const { open } = makeProject({ 'a.js': '' });
    expect(open('a.js').findNewErrors('', 'let a = 1;\na = "";\n')).toEqual([]);
    expect(open('a.js').findNewErrors('', 'let a = 1;\nlet a = b;\n').map((error) => error.slice(0, 6))).toEqual(['TS2451', 'TS2451', 'TS2304']);
  });

  it('takes the bundled types of a package that is not installed', () => {
    const { open } = makeProject(
      { 'tsconfig.json': strict, 'a.ts': '', 'bundled/kit.d.ts': 'export declare function held<T>(value: T): T;\n' },
      { kit: 'bundled/kit.d.ts' },
    );
    const write = (type: string) => `import { held } from 'kit';\nexport const a: ${type} = held(1);\n`;
    expect(open('a.ts').findNewErrors('', write('number'))).toEqual([]);
    expect(open('a.ts').findNewErrors('', write('string'))).toHaveLength(1);
  });

  it('prefers the package that is installed', () => {
    const { open } = makeProject(
      {
        'tsconfig.json': strict,
        'a.ts': '',
        'bundled/kit.d.ts': 'export declare function held<T>(value: T): T;\n',
        'node_modules/kit/package.json': '{ "name": "kit", "types": "./kit.d.ts" }',
        'node_modules/kit/kit.d.ts': 'export declare function other(): void;\n',
      },
      { kit: 'bundled/kit.d.ts' },
    );
    expect(open('a.ts').findNewErrors('', `import { held } from 'kit';\nexport const a = held;\n`)[0]).toMatch(/^TS2305/);
  });
});

describe('accepts', () => {
  const probe = 'export async function f() { await using a = { async [Symbol.asyncDispose]() {} }; void a; }';

  it('type-checks a snippet under the options of the project', () => {
    const withDisposable = strict.replace('"es2022"]', '"es2022","esnext.disposable"]');
    const { open } = makeProject({ 'tsconfig.json': strict, 'a.ts': '', 'new/tsconfig.json': withDisposable, 'new/a.ts': '' });
    expect(open('a.ts').accepts(probe)).toBe(false);
    expect(open('new/a.ts').accepts(probe)).toBe(true);
  });

  it('says whether new syntax is lowered', () => {
    const esnext = JSON.stringify({ compilerOptions: { target: 'esnext' } });
    const { open } = makeProject({ 'x/a.ts': '', 'y/tsconfig.json': strict, 'y/a.ts': '', 'z/tsconfig.json': esnext, 'z/a.ts': '' });
    expect(['x/a.ts', 'y/a.ts', 'z/a.ts'].map((file) => open(file).lowering)).toEqual(['unknown', 'lowered', 'kept']);
  });
});
