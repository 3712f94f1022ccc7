import { execFile } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { getBuiltinParts } from '../../../cli/get-builtin-parts.js';
import { type TestProject, makeProject } from '../support/make-project.js';
import { type CliRun, runCli } from '../support/run-cli.js';
import { ROOT, buildCli } from '../support/spawn-bin.js';

// ESLint loads the built plugin.
beforeAll(buildCli, 300_000);

const leak = (name: string) => `export async function ${name}(url) {\n  const res = await fetch(url);\n  if (!res.ok) throw new Error('failed');\n  return res.text();\n}\n`;
const MODULE = '{ "type": "module" }';

function makeLinted(files: Record<string, string>, eslint = 'node_modules/eslint'): TestProject {
  const project = makeProject({ 'src/old.js': leak('old'), ...files });
  mkdirSync(project.path('node_modules'));
  for (const [name, target] of [['eslint', eslint], ['eslint-plugin-watertight', 'rules'], ['typescript-eslint', 'node_modules/typescript-eslint'], ['@eslint', 'node_modules/@eslint']] as const) {
    symlinkSync(join(ROOT, target), project.path(`node_modules/${name}`));
  }
  return project;
}

const init = (cwd: string, ...args: string[]) => runCli(cwd, ['init', ...args], { parts: getBuiltinParts() });

function eslint({ root, path }: TestProject): Promise<CliRun> {
  return new Promise((resolve) => {
    execFile(process.execPath, [path('node_modules/eslint/bin/eslint.js'), '.'], { cwd: root }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

const SHAPES: Record<string, Record<string, string>> = {
  'none, a package of ES modules': { 'package.json': MODULE },
  'none, a package of CommonJS modules': { 'package.json': '{}' },
  'a list in an ES module': { 'package.json': MODULE, 'eslint.config.js': `export default [\n  { rules: { 'no-var': 'error' } },\n];\n` },
  'CommonJS': { 'eslint.config.cjs': `module.exports = [{ files: ['**/*.js'] }];\n` },
  'defineConfig': { 'eslint.config.mjs': `import { defineConfig } from 'eslint/config';\n\nexport default defineConfig([\n  {\n    rules: { 'no-var': 'error' },\n  }\n]);\n` },
  'spread lists': { 'eslint.config.mjs': `const base = [{ rules: {} }];\nconst more = [{ rules: {} }];\nexport default [...base, ...more];\n` },
  'tseslint.config': { 'eslint.config.mjs': `import tseslint from 'typescript-eslint';\nexport default tseslint.config(tseslint.configs.base, { rules: {} });\n` },
  'one object': { 'eslint.config.mjs': `export default { rules: { 'no-var': 'error' } };\n` },
  'a name that is exported as default': { 'eslint.config.mjs': `const config = [{ rules: {} }];\nexport { config as default };\n` },
  'exports and module.exports': { 'eslint.config.cjs': `exports = module.exports = [{ rules: {} }];\n` },
  'a list with a cast and comments': { 'eslint.config.mjs': `export default /** @type {import('eslint').Linter.Config[]} */ ([\n  { rules: {} }, // one\n  // no more\n]);\n` },
  'a call that composes': { 'eslint.config.mjs': `const compose = (...parts) => parts.flat();\nexport default compose({ rules: {} });\n` },
  'TypeScript': { 'package.json': MODULE, 'eslint.config.ts': `import type { Linter } from 'eslint';\n\nconst config: Linter.Config[] = [{ rules: {} }];\n\nexport default config;\n` },
  'TypeScript, satisfies': { 'package.json': '{}', 'eslint.config.mts': `import { defineConfig } from 'eslint/config';\n\nexport default defineConfig({ rules: {} } satisfies object);\n` },
  'TypeScript in CommonJS': { 'eslint.config.cts': `import tseslint = require('typescript-eslint');\n\nexport = tseslint.config({ rules: {} });\n` },
  'a promise of a list': { 'eslint.config.mjs': `async function preset() {\n  return [{ rules: {} }];\n}\nexport default preset();\n` },
};

describe('watertight init', () => {
  it.each(Object.keys(SHAPES))('sets up a project with %s, which its ESLint loads, and judges only what is new', { timeout: 120_000 }, async (shape) => {
    const project = makeLinted(SHAPES[shape]!);
    const first = await init(project.root);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const [, name = ''] = /^(eslint\.config\.\w+)(?::|, )/.exec(first.stdout) ?? [];
    const text = project.read(name);
    expect(text).toContain('phase-1');
    expect(JSON.parse(project.read('eslint-suppressions.json'))).toEqual({ 'src/old.js': { 'watertight/no-unclosed-response-body': { count: 1 } } });
    expect(first.stdout).toContain('1 finding of today recorded in 1 file');
    expect(await eslint(project)).toMatchObject({ code: 0, stdout: '' });

    project.write('src/new.js', leak('young'));
    const second = await init(project.root);
    expect(second.code).toBe(0);
    expect(second.stdout).toBe(`${name} has the plugin already (phase 1); it was not changed.\n`);
    expect(project.read(name)).toBe(text);
    const linted = await eslint(project);
    expect(linted.stdout).toContain('src/new.js');
    expect(linted.stdout).not.toContain('src/old.js');
    expect(linted.code).toBe(1);
  });

  it('says which configurations further down have no plugin, and records with these as ESLint will', { timeout: 120_000 }, async () => {
    const plain = 'export default [{ rules: {} }];\n';
    const project = makeLinted({
      'package.json': MODULE,
      'eslint.config.js': plain,
      'packages/own/eslint.config.js': plain,
      'packages/own/old.js': leak('own'),
      'packages/sharing/eslint.config.js': `import shared from '../../eslint.config.js';\nexport default [...shared];\n`,
      'packages/sharing/old.js': leak('sharing'),
    });
    const { code, stderr } = await init(project.root);
    expect(code).toBe(0);
    expect(stderr).toBe('warning: packages/own/eslint.config.js is the configuration of the files below it, and has no plugin. Run watertight init there as well; then, to lint from here, watertight init --record.\n');
    expect(Object.keys(JSON.parse(project.read('eslint-suppressions.json')) as object)).toEqual(['packages/sharing/old.js', 'src/old.js']);
    expect(await eslint(project)).toMatchObject({ code: 0, stdout: '' });

    expect(await init(project.path('packages/own'))).toMatchObject({ code: 0, stderr: '' });
    expect((await init(project.root, '--record')).stdout).toContain('1 finding of today recorded in 1 file');
    expect(await eslint(project)).toMatchObject({ code: 0, stdout: '' });
  });

  it('moves to another phase, and records what that phase adds', { timeout: 120_000 }, async () => {
    const project = makeLinted({ 'package.json': MODULE, 'eslint.config.js': 'export default [{}];\n' });
    await init(project.root);
    project.write('src/new.js', leak('young'));
    project.write('src/cause.js', `export function load(text) {\n  try {\n    return JSON.parse(text);\n  } catch (error) {\n    throw new Error(\`not JSON: \${error.message}\`);\n  }\n}\n`);
    const { code, stdout } = await init(project.root, '--phase', '3');
    expect(code).toBe(0);
    expect(stdout).toContain('moved to the preset phase-3');
    expect(project.read('eslint.config.js')).toContain(`watertight.configs['phase-3']`);
    expect(Object.keys(JSON.parse(project.read('eslint-suppressions.json')))).toEqual(['src/cause.js', 'src/old.js']);
    expect((await eslint(project)).stdout).toContain('src/new.js');
  });

  it('says when a rule of ESLint that comes after the preset reports the same places', { timeout: 60_000 }, async () => {
    const both = (settings: string) => makeLinted({ 'package.json': MODULE, 'eslint.config.js': `import watertight from 'eslint-plugin-watertight';\nexport default [${settings}];\n` });
    const [preset, own] = [`watertight.configs['phase-2']`, `{ rules: { 'preserve-caught-error': 'error' } }`];
    const behind = await init(both(`${preset}, ${own}`).root, '--phase', '3', '--no-record');
    expect(behind).toMatchObject({ code: 0, stderr: expect.stringContaining('reported twice. Move the preset to the end') as string });
    expect(await init(both(`${own}, ${preset}`).root, '--phase', '3', '--no-record')).toMatchObject({ code: 0, stderr: '' });
  });

  it('says when the ESLint of the project cannot record', { timeout: 60_000 }, async () => {
    const project = makeLinted({ 'eslint.config.mjs': 'export default [{}];\n' }, 'test/hosts/eslint-8/node_modules/eslint');
    const { code, stdout, stderr } = await init(project.root);
    expect(code).toBe(0);
    expect(stdout).toContain('added the preset phase-1');
    expect(stderr).toMatch(/^warning: ESLint 8\.57\.\d cannot record findings/);
  });

  it('puts a configuration back that no longer loads', { timeout: 60_000 }, async () => {
    const text = `module.exports = Promise.resolve([{}]);\n`;
    const project = makeLinted({ 'eslint.config.cjs': text });
    const { code, stderr } = await init(project.root);
    expect(stderr).toContain('put back as it was');
    expect(code).toBe(2);
    expect(project.read('eslint.config.cjs')).toBe(text);
  });

  it.each([
    ['a function', `export default () => [{}];\n`],
    ['a function with a name', `function make() {\n  return [{}];\n}\nexport default make;\n`],
    ['a function that is declared', `export default async function make() {\n  return [{}];\n}\n`],
  ])('leaves %s as it is, which ESLint takes for no configuration', async (_, text) => {
    const { root, read } = makeProject({ 'eslint.config.mjs': text });
    const { code, stderr } = await init(root);
    expect(code).toBe(2);
    expect(stderr).toContain('exports a function');
    expect(read('eslint.config.mjs')).toBe(text);
  });

  it('puts back what fails to load for another reason than before', { timeout: 60_000 }, async () => {
    const text = `const load = () => {\n  throw new Error('tried at ' + process.hrtime.bigint());\n};\nmodule.exports = load();\n`;
    const project = makeLinted({ 'eslint.config.cjs': text });
    const { code, stderr } = await init(project.root);
    expect(stderr).toContain('put back as it was');
    expect(code).toBe(2);
    expect(project.read('eslint.config.cjs')).toBe(text);
  });

  it('says how to record when the plugin is there already', async () => {
    const { root } = makeProject({ 'eslint.config.mjs': `import { default as wt } from 'eslint-plugin-watertight';\nexport default [wt.configs.recommended];\n` });
    expect((await init(root)).stdout).toBe("eslint.config.mjs has the plugin already; it was not changed.\nTo have only new code judged, record today's findings: watertight init --record\n");
  });

  it('leaves the older format alone', async () => {
    const { root } = makeProject({ '.eslintrc.json': '{}' });
    const { code, stderr } = await init(root);
    expect(code).toBe(2);
    expect(stderr).toContain('.eslintrc.json');
    expect(stderr).toContain('migrate-config');
  });

  it('only shows the change with --dry-run', async () => {
    const { root, read } = makeProject({ 'eslint.config.mjs': 'export default [{}];\n' });
    const { code, stdout } = await init(root, '--dry-run', '--phase', '2');
    expect(code).toBe(0);
    expect(stdout).toContain(`+export default [{}, watertight.configs['phase-2']];`);
    expect(read('eslint.config.mjs')).toBe('export default [{}];\n');
  });

  it('edits where the plugin is not installed yet, and says what is missing', async () => {
    const { root, read } = makeProject({ 'eslint.config.mjs': 'export default [{}];\n' });
    const { code, stderr } = await init(root);
    expect(code).toBe(0);
    expect(stderr).toContain('npm install --save-dev eslint eslint-plugin-watertight');
    expect(read('eslint.config.mjs')).toContain('watertight.configs');
  });

  it('knows four phases', async () => {
    const { root } = makeProject({});
    const { code, stderr } = await init(root, '--phase', '5');
    expect(code).toBe(2);
    expect(stderr).toContain('Phases are 1, 2, 3 and 4.');
  });
});
