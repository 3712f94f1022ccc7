import { chmodSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { getBuiltinParts } from '../../cli/get-builtin-parts.js';
import { makeProject } from './support/make-project.js';
import { runCli } from './support/run-cli.js';

const GET = `export async function get(url: string) {\n  return fetch(url);\n}\n`;
const TOP = `import { get } from './get.js';\n\nexport async function top(signal: AbortSignal) {\n  return await get('https://example.com/');\n}\n`;
const PROJECT = {
  'tsconfig.json': JSON.stringify({ compilerOptions: { strict: true, target: 'es2022', module: 'nodenext', lib: ['es2022', 'dom'], types: [] }, include: ['src'] }),
  'package.json': JSON.stringify({ type: 'module' }),
  'src/get.ts': GET,
  'src/top.ts': TOP,
};
const GET_AFTER = `export async function get(url: string, options: { signal?: AbortSignal } = {}) {\n  return fetch(url, { signal: options.signal });\n}\n`;
const TOP_AFTER = TOP.replace(`.com/')`, `.com/', { signal })`);

const setting = { parts: { ...getBuiltinParts(), canUseThreads: false } };
const thread = (root: string, ...args: string[]) => runCli(root, ['fix', '--thread-signals', ...args], setting);

describe('fix --thread-signals', () => {
  it('shows the changes of all files, and writes nothing', async () => {
    const { root, read } = makeProject(PROJECT);
    const { code, stdout } = await thread(root);
    expect(stdout).toBe(
      [
        '--- a/src/get.ts',
        '+++ b/src/get.ts',
        '@@ -1,3 +1,3 @@',
        '-export async function get(url: string) {',
        '-  return fetch(url);',
        '+export async function get(url: string, options: { signal?: AbortSignal } = {}) {',
        '+  return fetch(url, { signal: options.signal });',
        ' }',
        '',
        '--- a/src/top.ts',
        '+++ b/src/top.ts',
        '@@ -1,5 +1,5 @@',
        ` import { get } from './get.js';`,
        ' ',
        ' export async function top(signal: AbortSignal) {',
        `-  return await get('https://example.com/');`,
        `+  return await get('https://example.com/', { signal });`,
        ' }',
        '',
        'rule            reported  would change  skipped  failed',
        'thread-signals         1             1        0       0',
        'total                  1             1        0       0',
        '',
        '2 files would change. Run again with --write to change them.',
        '',
      ].join('\n'),
    );
    expect(code).toBe(1);
    expect([read('src/get.ts'), read('src/top.ts')]).toEqual([GET, TOP]);
  });

  it('writes, and changes nothing the second time', async () => {
    const { root, path, read } = makeProject(PROJECT);
    expect((await thread(root, '--write')).code).toBe(0);
    expect([read('src/get.ts'), read('src/top.ts')]).toEqual([GET_AFTER, TOP_AFTER]);
    const before = statSync(path('src/get.ts'));
    const again = await thread(root, '--write');
    expect([again.code, again.stdout]).toEqual([0, 'Nothing to repair.\n']);
    expect(statSync(path('src/get.ts')).ino).toBe(before.ino);
  });

  it('changes only files that were asked for, and says what is left', async () => {
    const { root, read } = makeProject(PROJECT);
    const { code, stdout } = await thread(root, '--write', '--format', 'json', 'src/top.ts');
    const { sites } = JSON.parse(stdout) as { sites: { file: string; line: number; status: string; reason: string; detail: string; message: string }[] };
    expect(sites).toEqual([
      expect.objectContaining({
        file: 'src/top.ts',
        line: 4,
        column: 16,
        rule: 'thread-signals',
        message: '`get` gets no signal, though a caller has one.',
        status: 'skipped',
        reason: 'unsupported-shape',
        detail: 'get.ts is none of the files to change',
      }),
    ]);
    expect(code).toBe(1);
    expect([read('src/get.ts'), read('src/top.ts')]).toEqual([GET, TOP]);
  });

  it('puts everything back when one of the files cannot be written', async () => {
    const { root, path, read } = makeProject(PROJECT);
    chmodSync(path('src/top.ts'), 0o444);
    const { code, stdout } = await thread(root, '--write', '--quiet');
    expect(read('src/get.ts')).toBe(GET);
    expect(stdout).toContain('src/get.ts:2:10  failed  thread-signals  A file that has to change with this one could not be written, so it was taken back.');
    expect(code).toBe(1);
  });

  it('puts everything back when the check fails afterwards', async () => {
    const { root, read } = makeProject({ ...PROJECT, 'check.mjs': `import { readFileSync } from 'node:fs';\nprocess.exit(readFileSync('src/top.ts', 'utf8').includes('{ signal }') ? 1 : 0);\n` });
    const { stdout } = await thread(root, '--write', '--quiet', '--verify', 'node check.mjs', 'src');
    expect([read('src/get.ts'), read('src/top.ts')]).toEqual([GET, TOP]);
    expect(stdout).toContain('The check fails with this change, so it was taken back.');
  });

  it('leaves out what would not type-check, and says so', async () => {
    // A value of this very type is made elsewhere: one more parameter and the two are no longer the same.
    const exact = `import { get } from './get.js';\ntype Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;\nexport const isSame: Same<typeof get, (url: string) => Promise<Response>> = true;\n`;
    const { root, read } = makeProject({ ...PROJECT, 'src/exact.ts': exact });
    const { stdout } = await thread(root, '--write', '--quiet');
    expect([read('src/get.ts'), read('src/top.ts')]).toEqual([GET, TOP]);
    expect(stdout).toContain(`src/top.ts:4:16  failed  thread-signals  The result brings a type error: TS2322`);
  });

  it('does not go with --interactive', async () => {
    const { root } = makeProject(PROJECT);
    const { code, stderr } = await thread(root, '--interactive');
    expect([code, stderr]).toEqual([2, 'error: --interactive asks for each place, and a chain of calls changes as a whole.\nLeave it out to see the changes, or give --write.\n']);
  });
});
