import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { makeProject } from './support/make-project.js';
import { runCli } from './support/run-cli.js';
import { ROOT, buildCli, spawnBin } from './support/spawn-bin.js';

const KIT = { 'kit.js': 'exports.held = (value) => value;\n' };
const REPAIRED = `const { held } = require('./kit.js');\n\nheld(leak(1));\n`;
const fixArgs = ['fix', '--write', '--runtime-module', './kit.js'];

describe('two runs at once', () => {
  it('change every file once', { timeout: 240_000 }, async () => {
    const names = Array.from({ length: 5 }, (_, index) => `${index}.js`);
    const { root, read } = makeProject({ ...KIT, ...Object.fromEntries(names.map((name) => [name, 'leak(1);\n'])) });
    const runs = await Promise.all([runCli(root, [...fixArgs, '--format', 'json']), runCli(root, [...fixArgs, '--format', 'json'])]);
    for (const name of names) expect([name, read(name)]).toEqual([name, REPAIRED]);
    const sites = runs.flatMap(({ stdout }) => (JSON.parse(stdout) as { sites: { status: string; detail: string | null }[] }).sites);
    for (const { status, detail } of sites) expect([status, detail]).toEqual(status === 'changed' ? ['changed', null] : ['failed', 'Not written: The file changed since it was read.']);
    expect(readdirSync(root).sort()).toEqual([...names, 'kit.js'].sort());
  });
});

const canMount = process.platform === 'linux' && spawnSync('unshare', ['--mount', 'true']).status === 0 && process.getuid?.() === 0;

describe.skipIf(!canMount)('a full disk', () => {
  it('leaves the file as it was, and says so', { timeout: 240_000 }, async () => {
    const { path } = makeProject({});
    const disk = path('disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', disk]);
    onTestFinished(() => void execFileSync('umount', ['--lazy', disk]));
    const text = `leak(1);\n${'// filling\n'.repeat(800)}`;
    for (const [name, content] of Object.entries({ ...KIT, 'a.js': text, 'b.js': 'leak(1);\n' })) writeFileSync(join(disk, name), content);
    // So much is free that the short file can be written anew, and the long one cannot.
    writeFileSync(join(disk, 'rest'), Buffer.alloc(40 * 1024));
    const { code, stdout } = await runCli(disk, [...fixArgs, '--format', 'json']);
    const { sites } = JSON.parse(stdout) as { sites: { file: string; status: string; detail: string | null }[] };
    expect(sites.map(({ file, status, detail }) => [file, status, detail])).toEqual([
      ['a.js', 'failed', expect.stringContaining('ENOSPC') as string],
      ['b.js', 'changed', null],
    ]);
    expect(readFileSync(join(disk, 'a.js'), 'utf8')).toBe(text);
    expect(readFileSync(join(disk, 'b.js'), 'utf8')).toBe(REPAIRED);
    expect(readdirSync(disk).sort()).toEqual(['a.js', 'b.js', 'kit.js', 'rest']);
    expect(code).toBe(1);
  });
});

describe('a repository full of traps', () => {
  beforeAll(buildCli, 300_000);

  /** Leaves a mark when it runs, whether it is imported, required or started. */
  const trap = (name: string) => `require('node:fs').writeFileSync(${JSON.stringify(name)}, '');`;
  const esmTrap = (directory: string, name: string) => `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(join(directory, name))}, '');\n`;

  it('runs nothing but its ESLint configuration', { timeout: 240_000 }, async () => {
    const { root, path, write } = makeProject({});
    const mark = (name: string) => path(`ran-${name}`);
    const leak = (type: string) => `export async function load(url${type}) {\n  const res = await fetch(url);\n  if (!res.ok) throw new Error('failed');\n  return res.text();\n}\n`;
    write('src/a.js', `${esmTrap(root, 'ran-source')}import './b.js';\n${leak('')}`);
    write('src/b.js', `${esmTrap(root, 'ran-import')}export const c = 1;\n`);
    write('src/typed.ts', leak(': string'));
    write('package.json', JSON.stringify({ type: 'module', scripts: Object.fromEntries(['prepare', 'preinstall', 'postinstall', 'test', 'lint', 'build'].map((name) => [name, `touch ${mark(`script-${name}`)}`])) }));
    write('.npmrc', `script-shell=${path('shell.sh')}\nnode-options=--require ${path('trap.cjs')}\n`);
    write('shell.sh', `#!/bin/sh\ntouch ${mark('shell')}\n`);
    write('trap.cjs', trap(mark('node-options')));
    write('tsconfig.json', JSON.stringify({ compilerOptions: { plugins: [{ name: 'trap-plugin' }, { transform: './trap-transform.cjs' }], target: 'es2022', module: 'nodenext', lib: ['es2023', 'dom'], types: ['trap-types'] }, extends: 'trap-config/tsconfig.json' }));
    write('trap-transform.cjs', trap(mark('transform')));
    for (const name of ['trap-plugin', 'trap-types', 'trap-config', 'typescript', 'ts-morph', 'prettier']) {
      write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '5.9.0', main: 'index.cjs' }));
      write(`node_modules/${name}/index.cjs`, trap(mark(`package-${name}`)));
    }
    write('node_modules/trap-config/tsconfig.json', '{}');
    for (const name of ['.eslintrc.cjs', '.prettierrc.cjs', 'babel.config.cjs', 'vite.config.js', 'jest.config.js', 'watertight.config.js', '.pnp.cjs']) write(name, name.endsWith('cjs') ? trap(mark(name)) : esmTrap(root, `ran-${name}`));
    write('.git/config', `[core]\n\tfsmonitor = touch ${mark('fsmonitor')}\n\thooksPath = hooks\n`);
    write('.git/HEAD', 'ref: refs/heads/main\n');
    write('eslint.config.js', `${esmTrap(root, 'ran-configuration')}import watertight from 'eslint-plugin-watertight';\nimport parser from '@typescript-eslint/parser';\nexport default [{ files: ['**/*.ts'], languageOptions: { parser } }, watertight.configs.recommended];\n`);
    mkdirSync(path('node_modules/@typescript-eslint'), { recursive: true });
    for (const name of ['eslint', 'eslint-plugin-watertight', '@typescript-eslint/parser']) symlinkSync(join(ROOT, 'node_modules', name), path(`node_modules/${name}`));
    const findMarks = () => readdirSync(root).filter((name) => name.startsWith('ran-'));

    for (const args of [['check', 'src'], ['report', '-o', 'a.html', 'src'], ['explain', 'src/a.js:3']]) await spawnBin(root, args);
    const fixed = await spawnBin(root, ['fix', '--write', '--format', 'json', 'src']);
    expect(findMarks()).toEqual(['ran-configuration']);
    // They did look at the code.
    expect(readFileSync(path('src/a.js'), 'utf8')).toMatch(/finally|cancel\(\)|using /);
    expect(JSON.parse(fixed.stdout)).toMatchObject({ sites: [{ file: 'src/a.js', status: 'changed' }, { file: 'src/typed.ts' }] });

    // The traps are armed.
    spawnSync(process.execPath, [path('src/b.js')]);
    spawnSync(process.execPath, [path('node_modules/typescript/index.cjs')]);
    expect(findMarks().sort()).toEqual(['ran-configuration', 'ran-import', 'ran-package-typescript']);
  });
});
