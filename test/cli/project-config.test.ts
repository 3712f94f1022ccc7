import { describe, expect, it } from 'vitest';
import { makeProject } from './support/make-project.js';
import { runCli } from './support/run-cli.js';

/** A stand-in for the installed plugin: ESLint needs the rules to exist, and the command brings its own. */
const PLUGIN = `const silent = { meta: { schema: false }, create: () => ({}) };
const watertight = { meta: { name: 'eslint-plugin-watertight', version: '9.9.9' }, rules: { 'no-leak': silent, 'no-noise': silent, 'no-later': silent } };
`;
const config = (body: string) => `${PLUGIN}export default [${body}];\n`;
const PARSED = `{ files: ['**/*.js'], plugins: { watertight }`;
const LEAK = 'leak(1);\n';

describe('the ESLint configuration of the project', () => {
  it('decides which rules run where, and how severe they are', async () => {
    const { root } = makeProject({
      'eslint.config.mjs': config(`${PARSED}, rules: { 'watertight/no-leak': 'error' } }, { files: ['soft/**'], rules: { 'watertight/no-leak': 'warn' } },
        { files: ['off/**'], rules: { 'watertight/no-leak': 'off' } }, { ignores: ['ignored/**'] }`),
      'a.js': LEAK,
      'soft/a.js': LEAK,
      'off/a.js': LEAK,
      'ignored/a.js': LEAK,
    });
    const { code, stdout } = await runCli(root, ['check']);
    expect(stdout).toContain('a.js:1:1  error');
    expect(stdout).toContain('soft/a.js:1:1  warning');
    expect(stdout).toMatch(/2 findings \(1 error, 1 warning\) in 2 of 2 files\.\n$/);
    expect(code).toBe(1);
    expect((await runCli(root, ['check', 'soft'])).code).toBe(0);
  });

  it('gives options, settings, the name of the plugin and inline comments their effect', async () => {
    const { root } = makeProject({
      'eslint.config.mjs': config(
        `{ files: ['**/*.js'], plugins: { tight: watertight }, rules: { 'tight/no-leak': ['error', { includePotential: true }] } }, { files: ['strict.js'], linterOptions: { noInlineConfig: true } }`,
      ),
      'a.js': 'drip(1); // a leak\ndrip(2); // eslint-disable-line tight/no-leak\n',
      'strict.js': 'leak(2); // eslint-disable-line tight/no-leak\n',
    });
    const { stdout } = await runCli(root, ['check']);
    expect(stdout).toContain('a.js:1:1');
    expect(stdout).not.toContain('a.js:2:1');
    expect(stdout).toContain('strict.js:1:1');
  });

  it('brings the parser', async () => {
    const { root } = makeProject({
      'eslint.config.mjs': config(`{ files: ['**/*.ts', '**/*.js'], plugins: { watertight }, rules: { 'watertight/no-leak': 'error' } }`),
      'a.ts': 'const a: number = leak(1);\n',
      'b.js': LEAK,
    });
    const { stdout } = await runCli(root, ['check']);
    expect(stdout).toContain('a.ts:1:8  problem  Unexpected token :');
    expect(stdout).toContain('b.js:1:1  error');
  });

  it('is left aside with --no-config and with --preset', async () => {
    const { root } = makeProject({ 'eslint.config.mjs': config(`${PARSED}, rules: { 'watertight/no-noise': 'error' } }`), 'a.js': LEAK });
    expect((await runCli(root, ['check'])).code).toBe(0);
    expect((await runCli(root, ['check', '--no-config'])).code).toBe(1);
    expect((await runCli(root, ['check', '--preset', 'recommended'])).code).toBe(1);
  });

  it('is narrowed by --rule', async () => {
    const { root } = makeProject({
      'eslint.config.mjs': config(`${PARSED}, rules: { 'watertight/no-leak': 'warn', 'watertight/no-noise': 'error' } }`),
      'a.js': 'leak(1);\nnoise();\n',
    });
    const { code, stdout } = await runCli(root, ['check', '--rule', 'no-leak']);
    expect(stdout).toContain('1 finding (1 warning)');
    expect(code).toBe(0);
  });

  it('belongs to the files below it, the nearest first', async () => {
    const { root, path } = makeProject({
      'eslint.config.mjs': config(`${PARSED}, rules: { 'watertight/no-leak': 'error' } }`),
      'a.js': LEAK,
      'pkg/eslint.config.mjs': config(`${PARSED}, rules: { 'watertight/no-noise': 'error' } }`),
      'pkg/src/a.js': LEAK,
    });
    expect((await runCli(root, ['check'])).stdout).toContain('1 finding (1 error) in 1 of');
    expect((await runCli(path('pkg'), ['check'])).code).toBe(0);
  });

  it('is not run when it has nothing to do with the plugin', async () => {
    const { root } = makeProject({ 'eslint.config.mjs': `throw new Error('must not run');\n`, 'a.js': LEAK });
    const { code, stderr } = await runCli(root, ['check']);
    expect(stderr).toBe('');
    expect(code).toBe(1);
  });

  it('is found when it extends another one that has the plugin', async () => {
    const { root } = makeProject({
      'node_modules/eslint-plugin-watertight/package.json': '{ "name": "eslint-plugin-watertight", "main": "index.js" }',
      'node_modules/eslint-plugin-watertight/index.js': '',
      'shared.mjs': config(`${PARSED}, rules: { 'watertight/no-leak': 'off' } }`),
      'eslint.config.mjs': `import shared from './shared.mjs';\nexport default shared;\n`,
      'a.js': LEAK,
    });
    const { code, stderr } = await runCli(root, ['check', 'a.js']);
    expect(stderr).toContain('eslint.config.mjs decides which rules run where.');
    expect(code).toBe(2);
  });

  it('is told when it cannot be loaded', async () => {
    const { root } = makeProject({ 'eslint.config.mjs': `import 'eslint-plugin-watertight-missing';\n`, 'a.js': LEAK });
    const { code, stdout, stderr } = await runCli(root, ['check']);
    expect(stderr).toMatch(/^error: The ESLint configuration .*eslint\.config\.mjs could not be loaded: Cannot find package/);
    expect(stderr).toContain('run with --no-config to use the built-in preset');
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('is told when it turns on a rule that this version does not have', async () => {
    const { root } = makeProject({ 'eslint.config.mjs': config(`${PARSED}, rules: { 'watertight/no-later': 'error' } }`), 'a.js': LEAK });
    const { code, stderr } = await runCli(root, ['check']);
    expect(stderr).toContain('turns on `watertight/no-later`, which this version of the command does not have.');
    expect(stderr).toContain('the project has 9.9.9');
    expect(code).toBe(2);
  });

  it('is told when it turns no rule on for the files', async () => {
    const { root } = makeProject({ 'eslint.config.mjs': config(`{ files: ['src/**'], plugins: { watertight } }`), 'a.js': LEAK });
    const { code, stderr } = await runCli(root, ['check', 'a.js']);
    expect(stderr).toContain('No rule is turned on for any of these files.');
    expect(code).toBe(2);
  });
});

describe('bulk suppressions', () => {
  const files = {
    'eslint.config.mjs': config(`${PARSED}, rules: { 'watertight/no-leak': 'error', 'watertight/no-noise': 'error' } }`),
    'src/a.js': 'leak(1);\nleak(2);\nnoise();\n',
  };
  const suppress = (count: number) => JSON.stringify({ 'src/a.js': { 'watertight/no-leak': { count } } });

  it('cover as many findings of a rule as were recorded', async () => {
    const { root } = makeProject({ ...files, 'eslint-suppressions.json': suppress(2) });
    const { stdout } = await runCli(root, ['check']);
    expect(stdout).not.toContain('no-leak');
    expect(stdout).toContain('1 finding (1 error) in 1 of 1 file; 2 suppressed.');
  });

  it('cover nothing once there are more', async () => {
    const { root } = makeProject({ ...files, 'eslint-suppressions.json': suppress(1) });
    expect((await runCli(root, ['check'])).stdout).toContain('3 findings (3 errors)');
  });

  it('are found from a directory below, and left aside on request', async () => {
    const { root, path } = makeProject({ ...files, 'eslint-suppressions.json': suppress(2) });
    expect((await runCli(path('src'), ['check'])).stdout).toContain('1 finding');
    expect((await runCli(root, ['check', '--include-suppressed'])).stdout).toContain('3 findings');
  });

  it('are told when they are broken', async () => {
    const { root } = makeProject({ ...files, 'eslint-suppressions.json': '{' });
    const { code, stderr } = await runCli(root, ['check']);
    expect(stderr).toContain('eslint-suppressions.json is not valid JSON');
    expect(code).toBe(2);
  });
});
