import { execFileSync } from 'node:child_process';
import { chmodSync, lstatSync, statSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeProject } from './support/make-project.js';
import { runCli } from './support/run-cli.js';

const KIT = `export function held<T>(value: T): T {\n  return value;\n}\n`;
const GLOBALS = 'declare function leak(value: unknown): number;\ndeclare function noise(): void;\n';
const TSCONFIG = JSON.stringify({ compilerOptions: { strict: true, target: 'es2022', module: 'nodenext', lib: ['es2022'], types: [] } });
const BASE = { 'tsconfig.json': TSCONFIG, 'globals.d.ts': GLOBALS, 'kit.ts': KIT };
const fixArgs = ['--runtime-module', './kit.js'];

interface FixJson {
  readonly mode: string;
  readonly sites: readonly { rule: string; file: string; line: number; status: string; reason: string | null; detail: string | null }[];
  readonly files: readonly { file: string; diff: string; isWritten: boolean }[];
  readonly missingPackages: readonly string[];
  readonly summary: { reported: number; changed: number; skipped: number; failed: number; byRule: Record<string, unknown> };
}

async function fixJson(root: string, ...args: string[]) {
  const { code, stdout, stderr } = await runCli(root, ['fix', ...fixArgs, '--format', 'json', ...args]);
  return { code, stderr, ...(JSON.parse(stdout) as FixJson) };
}

describe('preview', () => {
  it('prints a diff and the sums, and writes nothing', async () => {
    const { root, read } = makeProject({ ...BASE, 'src/a.ts': `export const a = leak(1);\nexport const b = leak('skip');\n` });
    const { code, stdout } = await runCli(root, ['fix', ...fixArgs]);
    expect(stdout).toBe(
      [
        '--- a/src/a.ts',
        '+++ b/src/a.ts',
        '@@ -1,2 +1,4 @@',
        '-export const a = leak(1);',
        `+import { held } from '../kit.js';`,
        '+',
        '+export const a = held(leak(1));',
        ` export const b = leak('skip');`,
        '',
        'src/a.ts:2:18  skipped  no-leak  ambiguous-owner: two owners',
        '',
        'rule     reported  would change  skipped  failed',
        'no-leak         2             1        1       0',
        'total           2             1        1       0',
        '',
        '1 file would change. Run again with --write to change them.',
        '',
      ].join('\n'),
    );
    expect(code).toBe(1);
    expect(read('src/a.ts')).toBe(`export const a = leak(1);\nexport const b = leak('skip');\n`);
  });

  it('prints a diff that git applies, whatever the line ends', async () => {
    const text = `\uFEFF'use strict';\r\n\r\nexport const a = leak(1);\r\nexport const b = leak(2);`;
    const { root, path, read, write } = makeProject({ ...BASE, 'a.ts': text, 'b.ts': 'leak(3);\n' });
    const { stdout } = await runCli(root, ['fix', ...fixArgs]);
    write('patch', stdout);
    execFileSync('git', ['apply', '-p1', path('patch')], { cwd: root });
    expect(read('a.ts')).toBe(
      `\uFEFF'use strict';\r\n\r\nimport { held } from './kit.js';\r\n\r\nexport const a = held(leak(1));\r\nexport const b = held(leak(2));`,
    );
    expect(read('b.ts')).toBe(`import { held } from './kit.js';\n\nheld(leak(3));\n`);
  });

  it('answers 0 when there is nothing to repair', async () => {
    const { root } = makeProject({ ...BASE, 'a.ts': '// no leak here\n' });
    expect(await runCli(root, ['fix', ...fixArgs])).toEqual({ code: 0, stdout: 'Nothing to repair.\n', stderr: '' });
  });

  it('colours the diff on a terminal only', async () => {
    const { root } = makeProject({ ...BASE, 'a.ts': 'leak(1);\n' });
    expect((await runCli(root, ['fix', ...fixArgs], { isTTY: true })).stdout).toContain('\u001B[32m+held(leak(1));');
    expect((await runCli(root, ['fix', ...fixArgs])).stdout).not.toContain('\u001B');
  });
});

describe('writing', () => {
  it('writes proven changes and keeps every other byte', async () => {
    const { root, read } = makeProject({
      ...BASE,
      'a.ts': `#!/usr/bin/env node\r\n'use strict';\r\n// café 😀\r\nexport const a =\tleak( 1 )\t; // why\r\n\r\n\r\n`,
    });
    const { code, stdout } = await runCli(root, ['fix', '--write', ...fixArgs]);
    expect(read('a.ts')).toBe(
      `#!/usr/bin/env node\r\n'use strict';\r\n\r\nimport { held } from './kit.js';\r\n\r\n// café 😀\r\nexport const a =\theld(leak( 1 ))\t; // why\r\n\r\n\r\n`,
    );
    expect(stdout).toMatch(/^rule +reported +changed/);
    expect(stdout).toContain('1 file changed.');
    expect(code).toBe(0);
    expect((await runCli(root, ['check'])).code).toBe(0);
  });

  it('changes nothing the second time', async () => {
    const { root, read } = makeProject({ ...BASE, 'a.ts': `leak(1);\nleak('skip');\nleak('type');\n` });
    expect((await runCli(root, ['fix', '-w', ...fixArgs])).code).toBe(1);
    const once = read('a.ts');
    const { sites } = await fixJson(root, '-w');
    expect(read('a.ts')).toBe(once);
    expect(sites.map(({ status }) => status)).toEqual(['skipped', 'failed']);
  });

  it('does not touch a file without changes', async () => {
    const { root, path } = makeProject({ ...BASE, 'a.ts': `leak('skip');\n` });
    const before = statSync(path('a.ts'));
    await runCli(root, ['fix', '-w', ...fixArgs]);
    const after = statSync(path('a.ts'));
    expect([after.ino, after.mtimeMs]).toEqual([before.ino, before.mtimeMs]);
  });

  it('keeps the mode of the file, and writes the file behind a link', async () => {
    const { root, path, read } = makeProject({ ...BASE, 'src/a.ts': 'leak(1);\n' });
    chmodSync(path('src/a.ts'), 0o755);
    symlinkSync(path('src/a.ts'), path('link.ts'));
    expect((await runCli(root, ['fix', '-w', 'link.ts', ...fixArgs])).code).toBe(0);
    expect(lstatSync(path('link.ts')).isSymbolicLink()).toBe(true);
    expect(read('src/a.ts')).toContain('held(leak(1))');
    expect(statSync(path('src/a.ts')).mode & 0o777).toBe(0o755);
  });

  it('reports a read-only file as failed, and writes the others', async () => {
    const { root, path, read } = makeProject({ ...BASE, 'a.ts': 'leak(1);\n', 'b.ts': 'leak(1);\n' });
    chmodSync(path('a.ts'), 0o444);
    const { code, sites, files } = await fixJson(root, '--write');
    expect(sites.map(({ file, status, detail }) => [file, status, detail])).toEqual([
      ['a.ts', 'failed', 'Not written: The file is read-only.'],
      ['b.ts', 'changed', null],
    ]);
    expect(files.map(({ file, isWritten }) => [file, isWritten])).toEqual([['b.ts', true]]);
    expect(read('a.ts')).toBe('leak(1);\n');
    expect(read('b.ts')).toContain('held(leak(1))');
    expect(code).toBe(1);
  });

  it('leaves a file in another encoding alone', async () => {
    const bytes = Buffer.from('leak("caf\xE9");\n', 'latin1');
    const { root, read, path } = makeProject({ ...BASE, 'a.ts': bytes });
    const { sites } = await fixJson(root, '--write');
    expect(sites).toMatchObject([{ status: 'failed', detail: 'The file is not UTF-8, so it is left alone. Convert it first.' }]);
    expect(read('a.ts')).toBe(bytes.toString('utf8'));
    expect(statSync(path('a.ts')).size).toBe(bytes.length);
  });

  it('leaves generated files and declarations alone, even when they are named', async () => {
    const { root } = makeProject({ ...BASE, 'gen.ts': '// @generated\nleak(1);\n', 'a.d.ts': 'export const a: typeof leak(1);\n' });
    const { sites } = await fixJson(root, 'gen.ts');
    expect(sites).toMatchObject([{ file: 'gen.ts', status: 'skipped', reason: 'generated-file' }]);
  });

  it('goes on beside a file that does not parse', async () => {
    const { root, read } = makeProject({ ...BASE, 'a.ts': 'leak(1;\n', 'b.ts': 'leak(1);\n' });
    const { code, stdout } = await runCli(root, ['fix', '-w', ...fixArgs]);
    expect(stdout).toContain('a.ts:1:7  problem');
    expect(read('b.ts')).toContain('held(leak(1))');
    expect(code).toBe(1);
  });
});

describe('proof', () => {
  it('puts every reported site in exactly one bucket, and the sums add up', async () => {
    const args = ['1', "'skip'", "'throw'", "'syntax'", "'noise'", "'type'", '2'];
    const { root, read } = makeProject({ ...BASE, 'a.ts': args.map((argument) => `leak(${argument});\n`).join(''), 'b.ts': 'leak(1);\n' });
    const { sites, summary } = await fixJson(root, '--write');
    expect(sites.filter(({ file }) => file === 'a.ts').map(({ line, status }) => [line, status])).toEqual([
      [1, 'changed'],
      [2, 'skipped'],
      [3, 'failed'],
      [4, 'failed'],
      [5, 'failed'],
      [6, 'failed'],
      [7, 'changed'],
    ]);
    const buckets = { reported: 8, changed: 3, skipped: 1, failed: 4 };
    expect(summary).toEqual({ ...buckets, byRule: { 'no-leak': buckets }, changedFiles: 2 });
    expect(read('a.ts')).toBe(
      [`import { held } from './kit.js';\n`, 'held(leak(1));', ...args.slice(1, 6).map((argument) => `leak(${argument});`), 'held(leak(2));', ''].join('\n'),
    );
  });

  it('says what failed', async () => {
    const { root } = makeProject({ ...BASE, 'a.ts': `leak('syntax');\nleak('noise');\nleak('type');\nleak('throw');\n` });
    const { sites } = await fixJson(root);
    expect(sites.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(/^The result does not parse: /) as string,
      expect.stringMatching(/^The result brings a new finding: `no-noise` at line 4/) as string,
      `The result brings a type error: TS1360: Type 'number' does not satisfy the expected type 'never'.`,
      'The codemod stopped: no idea',
    ]);
  });

  it('works without a tsconfig.json, and on CommonJS', async () => {
    const { root, read } = makeProject({
      'kit.js': 'exports.held = (value) => value;\n',
      'a.cjs': `'use strict'\n\nconst fs = require('fs')\n\nmodule.exports = leak(fs)\n`,
      'b.js': `const fs = require("fs");\nleak(fs);\n`,
      'c.mjs': `leak(1)\n`,
    });
    const { code } = await fixJson(root, '--write', '.');
    expect(read('a.cjs')).toBe(`'use strict'\n\nconst fs = require('fs')\nconst { held } = require('./kit.js')\n\nmodule.exports = held(leak(fs))\n`);
    expect(read('b.js')).toBe(`const fs = require("fs");\nconst { held } = require("./kit.js");\nheld(leak(fs));\n`);
    expect(read('c.mjs')).toBe(`import { held } from './kit.js'\n\nheld(leak(1))\n`);
    expect(code).toBe(0);
  });

  it('only repairs what the configuration of the project reports', async () => {
    const { root, read } = makeProject({
      'eslint.config.mjs': `const watertight = { meta: { name: 'eslint-plugin-watertight' }, rules: { 'no-leak': { create: () => ({}) } } };
        export default [{ files: ['**/*.js'], plugins: { watertight }, rules: { 'watertight/no-leak': 'warn' } }, { files: ['off.js'], rules: { 'watertight/no-leak': 'off' } }];\n`,
      'package.json': '{ "type": "module" }',
      'kit.js': 'export const held = (value) => value;\n',
      'a.js': 'leak(1);\nleak(2); // eslint-disable-line watertight/no-leak\n',
      'off.js': 'leak(1);\n',
    });
    await runCli(root, ['fix', '-w', ...fixArgs]);
    expect(read('a.js')).toBe(`import { held } from './kit.js';\n\nheld(leak(1));\nleak(2); // eslint-disable-line watertight/no-leak\n`);
    expect(read('off.js')).toBe('leak(1);\n');
  });

  it('leaves what the bulk suppressions cover, unless it is asked for', async () => {
    const { root, read } = makeProject({
      'eslint.config.mjs': `const watertight = { meta: { name: 'eslint-plugin-watertight' }, rules: { 'no-leak': { create: () => ({}) } } };
        export default [{ files: ['**/*.js'], plugins: { watertight }, rules: { 'watertight/no-leak': 'error' } }];\n`,
      'eslint-suppressions.json': JSON.stringify({ 'a.js': { 'watertight/no-leak': { count: 1 } } }),
      'kit.js': 'export const held = (value) => value;\n',
      'a.js': 'leak(1);\n',
    });
    expect((await runCli(root, ['fix', '-w', ...fixArgs])).stdout).toBe('Nothing to repair.\n');
    expect((await runCli(root, ['fix', '-w', '--include-suppressed', ...fixArgs])).code).toBe(0);
    expect(read('a.js')).toContain('held(leak(1))');
  });

  it('repairs only the rule that is asked for, and names a rule without a codemod', async () => {
    const { root } = makeProject({ ...BASE, 'a.ts': 'leak(1);\nnoise();\n' });
    const { sites } = await fixJson(root, '--rule', 'no-noise');
    expect(sites).toMatchObject([{ rule: 'no-noise', status: 'skipped', reason: 'no-codemod' }]);
  });
});

describe('the runtime module', () => {
  it('is said to be missing when the project has not got it', async () => {
    const { root } = makeProject({ 'tsconfig.json': TSCONFIG, 'globals.d.ts': GLOBALS, 'a.js': 'leak(1);\n', 'package.json': '{}' });
    const { stdout } = await runCli(root, ['fix', '--runtime-module', 'kit']);
    expect(stdout).toContain(`+const { held } = require('kit');`);
    expect(stdout).toContain('The changed files need: npm install kit\n');
    const { missingPackages } = await fixJson(root, '--runtime-module', 'kit');
    expect(missingPackages).toEqual(['kit']);
  });

  it('must exist with the name that is imported, where types are checked', async () => {
    const { root } = makeProject({ ...BASE, 'a.ts': 'leak(1);\n' });
    const { sites } = await fixJson(root, '--runtime-module', './nowhere.js');
    expect(sites[0]!.detail).toMatch(/^The result brings a type error: TS2307: Cannot find module '\.\/nowhere\.js'/);
  });
});

describe('--style', () => {
  const typescript = (version: string) => ({ 'node_modules/typescript/package.json': JSON.stringify({ name: 'typescript', version }) });
  const lib = TSCONFIG.replace('["es2022"]', '["es2022","esnext.disposable"]');

  it.each([
    ['TypeScript that lowers it', { ...BASE, ...typescript('5.4.5'), 'tsconfig.json': lib, 'package.json': '{}' }, [], true],
    ['TypeScript that is too old', { ...BASE, ...typescript('5.1.6'), 'tsconfig.json': lib, 'package.json': '{}' }, [], false],
    ['TypeScript without the types', { ...BASE, ...typescript('5.4.5'), 'package.json': '{}' }, [], false],
    ['an unknown TypeScript', { ...BASE, 'tsconfig.json': lib, 'package.json': '{}' }, [], false],
    ['syntax that reaches an old Node', { ...BASE, ...typescript('5.4.5'), 'tsconfig.json': lib.replace('"target":"es2022"', '"target":"esnext"'), 'package.json': '{}' }, [], false],
    [
      'syntax that reaches a new Node',
      { ...BASE, ...typescript('5.4.5'), 'tsconfig.json': lib.replace('"target":"es2022"', '"target":"esnext"'), 'package.json': '{ "engines": { "node": "^24 || >=26" } }' },
      [],
      true,
    ],
    ['--style try-finally', { ...BASE, ...typescript('5.4.5'), 'tsconfig.json': lib, 'package.json': '{}' }, ['--style', 'try-finally'], false],
  ] as const)('allows `using` or not: %s', async (_, files, args, expected) => {
    const { root, read } = makeProject({ ...files, 'a.ts': 'leak(1);\n' });
    expect((await runCli(root, ['fix', '-w', ...fixArgs, ...args])).code).toBe(0);
    expect(read('a.ts').includes('/* using */')).toBe(expected);
  });

  it.each([
    ['>=24', true],
    ['>=22', false],
    ['^22 || >=24', false],
    ['<25', false],
  ])('allows `using` in plain JavaScript for Node %s: %s', async (node, expected) => {
    const { root, read } = makeProject({ 'kit.mjs': 'export const held = (value) => value;\n', 'a.mjs': 'leak(1);\n', 'package.json': JSON.stringify({ engines: { node } }) });
    expect((await runCli(root, ['fix', '-w', '--runtime-module', './kit.mjs'])).code).toBe(0);
    expect(read('a.mjs').includes('/* using */')).toBe(expected);
  });
});

describe('--interactive', () => {
  const text = 'leak(1);\nleak(2);\nleak(3);\n';
  const held = (read: (name: string) => string) => [...read('a.ts').matchAll(/held\(leak\((\d)\)/g)].map((match) => Number(match[1]));

  it.each([
    ['yes, no, yes', 'y\nn\ny\n', [1, 3]],
    ['yes to all others', 'n\na\n', [2, 3]],
    ['no to all others', 'y\nq\n', [1]],
    ['the end of the input', 'y\n', [1]],
    ['an unknown answer first', 'what\ny\nn\nn\n', [1]],
  ])('asks for each change: %s', async (_, stdin, expected) => {
    const { root, read } = makeProject({ ...BASE, 'a.ts': text });
    const { stdout, stderr } = await runCli(root, ['fix', '-i', ...fixArgs], { stdin });
    expect(held(read)).toEqual(expected);
    expect(stderr).toContain('`leak(1)` is never closed. Hold it.\n--- a/a.ts\n');
    expect(stdout).toMatch(new RegExp(`no-leak +3 +${expected.length} +${3 - expected.length} +0`));
    expect(stdout.match(/skipped {2}no-leak {2}declined/g)?.length ?? 0).toBe(3 - expected.length);
  });
});

describe('--verify', () => {
  const files = { ...BASE, 'a.ts': 'leak(1);\n', 'b.ts': 'leak(1);\n', 'c.ts': 'leak(1);\n', 'd.ts': 'leak(1);\n' };

  it('keeps what passes the check', async () => {
    const { root, read } = makeProject(files);
    const { code } = await fixJson(root, '-w', '--verify', 'true');
    expect(code).toBe(0);
    expect(read('d.ts')).toContain('held');
  });

  it.each([
    ['one file', 'grep -q held b.ts && exit 1 || exit 0', ['b.ts']],
    ['two files', 'if grep -q held a.ts || grep -q held d.ts; then exit 1; fi', ['a.ts', 'd.ts']],
    ['two files together', 'if grep -q held b.ts && grep -q held c.ts; then exit 1; fi', ['c.ts']],
  ])('takes back the files that break it, and only those: %s', async (_, command, broken) => {
    const { root, read } = makeProject(files);
    const { code, sites, stderr, summary } = await fixJson(root, '-w', '--verify', command);
    for (const name of ['a.ts', 'b.ts', 'c.ts', 'd.ts']) expect([name, read(name).includes('held')]).toEqual([name, !broken.includes(name)]);
    expect(sites.filter(({ status }) => status === 'failed').map(({ file, detail }) => [file, detail])).toEqual(
      broken.map((name) => [name, 'The check fails with this change, so it was taken back.']),
    );
    expect(summary).toMatchObject({ reported: 4, changed: 4 - broken.length, failed: broken.length });
    expect(stderr).toContain(`running ${command}`);
    expect(code).toBe(1);
  });

  it('does nothing when the check fails before', async () => {
    const { root, read } = makeProject(files);
    const { code, stderr, stdout } = await runCli(root, ['fix', '-w', '--verify', 'echo broken anyway; exit 1', ...fixArgs]);
    expect(stderr).toContain('broken anyway');
    expect(stderr).toContain('fails before anything is changed, so nothing was written.');
    expect(stdout).toBe('');
    expect(read('a.ts')).toBe('leak(1);\n');
    expect(code).toBe(2);
  });

  it('does not take back what somebody else changed since', async () => {
    const { root, read } = makeProject({ ...BASE, 'a.ts': 'leak(1);\n' });
    const { sites } = await fixJson(root, '-w', '--verify', 'if grep -q held a.ts; then echo "// mine" >> a.ts; exit 1; fi');
    expect(read('a.ts')).toMatch(/held\(leak\(1\)\);\n\/\/ mine\n$/);
    expect(sites[0]).toMatchObject({ status: 'failed', detail: expect.stringContaining('It could not be taken back: The file changed since it was read.') as string });
  });

  it('goes with writing only', async () => {
    const { root } = makeProject(files);
    const { code, stderr } = await runCli(root, ['fix', '--verify', 'true']);
    expect(stderr).toContain('Add --write or --interactive.');
    expect(code).toBe(2);
  });
});
