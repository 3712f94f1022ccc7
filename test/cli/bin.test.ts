import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { CLEAN, LEAK } from './support/leaking-code.js';
import { type TestProject, makeProject } from './support/make-project.js';
import { ROOT, buildCli, spawnBin, startBin } from './support/spawn-bin.js';

beforeAll(buildCli, 300_000);

const DISABLED = LEAK.replace('  const', '  // eslint-disable-next-line watertight/no-unclosed-response-body\n  const');

function link({ path }: TestProject, name: string): void {
  mkdirSync(path('node_modules/@typescript-eslint'), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules', name), path(`node_modules/${name}`));
}

describe('the installed command', () => {
  it('finds a real leak with its path, without colour in a pipe', async () => {
    const { root } = makeProject({ 'src/a.ts': LEAK });
    const { code, stdout, stderr } = await spawnBin(root, ['check']);
    expect(stdout).toMatch(/^src\/a\.ts:2:21 {2}error {2}.*no-unclosed-response-body$/m);
    expect(stdout).toMatch(/^ {2}acquire {2}src\/a\.ts:2:21 {2}.*const res = await fetch\(url\);$/m);
    expect(stdout).toMatch(/^ {2}branch {3}src\/a\.ts:3:8 {3}.*if \(!res\.ok\) \{$/m);
    expect(stdout).toMatch(/^ {2}exit {5}src\/a\.ts:4:5 {3}.*throw new Error\('failed'\);$/m);
    expect(stdout).not.toContain('\u001B');
    expect(stderr).toBe('');
    expect(code).toBe(1);
  });

  it('answers by its exit code', async () => {
    const { root } = makeProject({ 'a.ts': CLEAN, 'b.ts': LEAK });
    expect((await spawnBin(root, ['check', 'a.ts'])).code).toBe(0);
    expect((await spawnBin(root, ['check', 'b.ts'])).code).toBe(1);
    expect((await spawnBin(root, ['check', 'c.ts'])).code).toBe(2);
    expect((await spawnBin(root, ['--version'])).code).toBe(0);
    expect((await spawnBin(root, ['explain', 'b.ts:2'])).stdout).toContain('╭─ acquire');
    expect((await spawnBin(root, ['check', '--stdin-filename', 'c.ts'], { stdin: LEAK })).stdout).toContain('c.ts:2:21');
  });

  it('does not complain when its reader stops early', async () => {
    const { root } = makeProject(Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`${index}.ts`, LEAK.repeat(40).replaceAll('load', `load${index}`)])));
    const child = startBin(root, ['check', '--jobs', '1']);
    const errors: Buffer[] = [];
    child.stderr!.on('data', (chunk: Buffer) => errors.push(chunk));
    child.stdout!.once('data', () => child.stdout!.destroy());
    await new Promise((resolve) => child.once('exit', resolve));
    expect(Buffer.concat(errors).toString()).toBe('');
  });

  it('gives the same answer on one thread and on several, a broken file among them', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 130 }, (_, index) => [`src/${index}.ts`, index === 64 ? 'fetch(;' : index % 10 === 0 ? LEAK : CLEAN]),
    );
    const { root } = makeProject(files);
    const single = await spawnBin(root, ['check', '--jobs', '1']);
    const several = await spawnBin(root, ['check', '--jobs', '3']);
    expect(several).toEqual(single);
    expect(single.stdout).toContain('13 findings (13 errors) in 13 of 129 files; 1 problem.');
    expect(single.stdout).toContain('src/64.ts:1:7  problem');
  });

  it('tells a broken configuration from several threads once', async () => {
    const files = Object.fromEntries(Array.from({ length: 130 }, (_, index) => [`src/${index}.ts`, LEAK]));
    const { root } = makeProject({ ...files, 'eslint.config.mjs': `console.log('watertight'); throw new Error('broken on purpose');\n` });
    const { code, stdout, stderr } = await spawnBin(root, ['check', '--jobs', '2']);
    expect(stdout).toBe('');
    expect(stderr.match(/could not be loaded: broken on purpose/g)).toHaveLength(1);
    expect(code).toBe(2);
  });

  it('says which files were not looked at when its threads die', async () => {
    const files = Object.fromEntries(Array.from({ length: 120 }, (_, index) => [`src/${index}.ts`, LEAK]));
    const config = `import { isMainThread } from 'node:worker_threads'; // watertight\nif (!isMainThread) process.exit(7);\nexport default [];\n`;
    const { root } = makeProject({ ...files, 'eslint.config.mjs': config });
    const { code, stdout } = await spawnBin(root, ['check', '--jobs', '2', '--format', 'json']);
    const { problems, summary } = JSON.parse(stdout) as { problems: { kind: string; message: string }[]; summary: { internalProblems: number } };
    // The configuration is a source file too.
    expect(summary.internalProblems).toBe(121);
    expect(problems[0]).toMatchObject({ kind: 'thread-crash', message: expect.stringContaining('it ended with exit code 7') as string });
    expect(code).toBe(3);
  });

  it('uses the ESLint and the configuration of the project', async () => {
    const project = makeProject({
      'eslint.config.mjs': `import parser from '@typescript-eslint/parser';
        import watertight from 'eslint-plugin-watertight';
        export default [{ files: ['**/*.ts'], languageOptions: { parser } }, { ...watertight.configs.recommended, files: ['src/**'] },
          { files: ['src/soft.ts'], rules: { 'watertight/no-unclosed-response-body': 'warn' } }];\n`,
      'src/a.ts': LEAK,
      'src/soft.ts': LEAK,
      'src/disabled.ts': DISABLED,
      'scripts/a.ts': LEAK,
    });
    for (const name of ['eslint', '@typescript-eslint/parser', 'eslint-plugin-watertight']) link(project, name);
    const { code, stdout } = await spawnBin(project.root, ['check']);
    expect(stdout).toContain('src/a.ts:2:21  error');
    expect(stdout).toContain('src/soft.ts:2:21  warning');
    expect(stdout).toContain('2 findings (1 error, 1 warning) in 2 of 3 files; 1 suppressed.');
    expect(code).toBe(1);
    expect((await spawnBin(project.root, ['check', 'src/soft.ts', 'src/disabled.ts'])).code).toBe(0);
  });

  it('repairs a real leak so that nothing is found any more', async () => {
    const { root, read } = makeProject({
      'a.ts': LEAK,
      'tsconfig.json': JSON.stringify({ compilerOptions: { strict: true, target: 'es2022', module: 'nodenext', lib: ['es2023', 'dom'], types: [] } }),
      'package.json': '{ "type": "module" }',
    });
    const preview = await spawnBin(root, ['fix']);
    expect(preview.stdout).toContain('--- a/a.ts\n+++ b/a.ts\n');
    expect(preview.code).toBe(1);
    expect(read('a.ts')).toBe(LEAK);
    const { code, stdout } = await spawnBin(root, ['fix', '--write']);
    expect(stdout).toMatch(/^no-unclosed-response-body +1 +1 +0 +0$/m);
    expect(code).toBe(0);
    expect(read('a.ts')).not.toBe(LEAK);
    expect((await spawnBin(root, ['check'])).code).toBe(0);
    const once = read('a.ts');
    await spawnBin(root, ['fix', '--write']);
    expect(read('a.ts')).toBe(once);
  });
});
