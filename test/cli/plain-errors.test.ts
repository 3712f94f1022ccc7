import { describe, expect, it } from 'vitest';
import { getBuiltinParts } from '../../cli/get-builtin-parts.js';
import { makeProject } from './support/make-project.js';
import { runCli } from './support/run-cli.js';

/** A plain `throw new Error()` that ESLint's own rule reports, and a rejection that it does not. */
const SOURCE = `export function load(text) {
  try {
    return start(text);
  } catch (error) {
    throw new Error('not loaded');
  }
}
export const start = (open) => new Promise((resolve, reject) => open().then(resolve, (error) => reject(new Error('not open'))));
`;
const ESLINT_ON = `{ files: ['**/*.js'], rules: { 'preserve-caught-error': 'error' } }`;
const ESLINT_OFF = `{ files: ['**/*.js'], rules: { 'preserve-caught-error': 'off' } }`;
/** A stand-in for the installed plugin: the command brings the rules that run. */
const withPlugin = (entry: string, ...others: string[]) => `const rule = { meta: { schema: false }, create: () => ({}) };
const watertight = { meta: { name: 'eslint-plugin-watertight', version: '9.9.9' }, rules: { 'require-error-cause': rule } };
export default [${[`{ files: ['**/*.js'], plugins: { watertight }, rules: { 'watertight/require-error-cause': ${entry} } }`, ...others].join(', ')}];
`;
const withoutPlugin = (...settings: string[]) => `export default [${settings.join(', ')}];\n`;

/** The lines on which the command reports a lost cause. */
async function check(config: string, ...args: string[]): Promise<number[]> {
  const { root } = makeProject({ 'eslint.config.mjs': config, 'a.js': SOURCE });
  const { stdout, stderr } = await runCli(root, ['check', '--format', 'json', ...args], { parts: getBuiltinParts() });
  expect(stderr).toBe('');
  const { findings } = JSON.parse(stdout) as { findings: { rule: string; line: number }[] };
  return findings.filter(({ rule }) => rule === 'require-error-cause').map(({ line }) => line);
}

describe('a plain error in `catch`', () => {
  it('is left to the ESLint of a project that has no plugin, where that reports it', async () => {
    expect(await check(withoutPlugin(ESLINT_ON))).toEqual([8]);
    expect(await check(withoutPlugin(ESLINT_OFF))).toEqual([5, 8]);
    expect(await check(withoutPlugin(`{ files: ['other/*.js'], rules: { 'preserve-caught-error': 'error' } }`))).toEqual([5, 8]);
    expect(await check(withoutPlugin(`{ files: ['**/*.js'], rules: {} }`))).toEqual([5, 8]);
  });

  it('is left to the ESLint of a project that has the plugin, and both rules on', async () => {
    expect(await check(withPlugin(`'error'`))).toEqual([5, 8]);
    expect(await check(withPlugin(`'error'`, ESLINT_ON))).toEqual([8]);
    expect(await check(withPlugin(`['error', {}]`, ESLINT_ON))).toEqual([8]);
    expect(await check(withPlugin(`['error', {}]`, ESLINT_ON, ESLINT_OFF))).toEqual([5, 8]);
  });

  it('is reported where the options of the project ask for it', async () => {
    expect(await check(withPlugin(`['error', { checkPlainErrors: true }]`, ESLINT_ON))).toEqual([5, 8]);
    expect(await check(withPlugin(`['error', { checkPlainErrors: false }]`))).toEqual([8]);
  });

  it('is reported under the built-in settings that are asked for', async () => {
    expect(await check(withoutPlugin(ESLINT_ON), '--no-config')).toEqual([5, 8]);
    expect(await check(withoutPlugin(ESLINT_ON), '--preset', 'recommended')).toEqual([5, 8]);
  });

  it('is reported where the configuration of the project cannot be loaded', async () => {
    expect(await check(`throw new Error('preserve-caught-error');\n`)).toEqual([5, 8]);
  });

  it('is left alone by `fix`, too', async () => {
    const { root, read } = makeProject({ 'eslint.config.mjs': withoutPlugin(ESLINT_ON), 'a.js': SOURCE });
    await runCli(root, ['fix', '--write', '--rule', 'require-error-cause'], { parts: getBuiltinParts() });
    expect(read('a.js')).toContain(`throw new Error('not loaded');`);
    expect(read('a.js')).toContain(`reject(new Error('not open', { cause: error }))`);
  });
});
