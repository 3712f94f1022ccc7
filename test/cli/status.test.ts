import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeProject } from './support/make-project.js';
import { runCli } from './support/run-cli.js';

const CONFIG = `const silent = { meta: { schema: false }, create: () => ({}) };
const watertight = { meta: { name: 'eslint-plugin-watertight', version: '9.9.9' }, rules: { 'no-leak': silent, 'no-noise': silent } };
export default [{ files: ['**/*.js'], plugins: { watertight }, rules: { 'watertight/no-leak': 'error', 'watertight/no-noise': 'error' } }];
`;
const FILES = {
  'eslint.config.mjs': CONFIG,
  'eslint-suppressions.json': JSON.stringify({ 'src/a/old.js': { 'watertight/no-leak': { count: 3 } } }),
  'src/a/old.js': 'leak(1);\nleak(2);\n',
  'src/a/deep/er/new.js': 'leak(1);\nnoise();\n',
  'lib/b.js': 'leak(1); // eslint-disable-line watertight/no-leak\nleak(2);\n',
};
const rowsOf = (stdout: string, title: string) => {
  const [, ...lines] = stdout.slice(stdout.search(new RegExp(`^${title} `, 'm'))).split('\n\n')[0]!.trim().split('\n');
  return lines.map((line) => line.split(/ {2,}/).join(' '));
};

describe('watertight status', () => {
  it('counts what is left per rule and folder, and what recorded findings are gone', async () => {
    const { root } = makeProject(FILES);
    const { code, stdout, stderr } = await runCli(root, ['status']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^5 findings left in 3 files\.\n/);
    // reported, recorded, left, disabled
    expect(rowsOf(stdout, 'rule')).toEqual(['no-leak 2 2 4 1', 'no-noise 1 0 1 0', 'total 3 2 5 1']);
    expect(rowsOf(stdout, 'folder')).toEqual(['lib 1 0 1 1', 'src/a 2 2 4 0', 'total 3 2 5 1']);
    expect(stdout).toContain('1 recorded finding is repaired.');
  });

  it('compares with the last run over the same files', async () => {
    const { root, write, path } = makeProject(FILES);
    await runCli(root, ['status']);
    expect(existsSync(path('.watertight/status.json'))).toBe(true);
    write('src/a/deep/er/new.js', '');
    write('lib/b.js', 'leak(1);\nleak(2);\nleak(3);\n');
    const { stdout } = await runCli(root, ['status']);
    expect(stdout).toMatch(/Compared with \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\./);
    // reported, recorded, left, change, disabled
    expect(rowsOf(stdout, 'rule')).toEqual(['no-leak 3 2 5 +1 0', 'no-noise 0 0 0 -1 0', 'total 3 2 5 0 0']);
    expect(rowsOf(stdout, 'folder')).toEqual(['lib 3 0 3 +2 0', 'src/a 0 2 2 -2 0', 'total 3 2 5 0 0']);
    // Other paths have a past of their own.
    expect((await runCli(root, ['status', 'lib'])).stdout).not.toContain('Compared with');
    expect(rowsOf((await runCli(root, ['status'])).stdout, 'rule').at(-1)).toBe('total 3 2 5 0 0');
  });

  it('tells other programs the same, and keeps nothing when told so', async () => {
    const { root, path } = makeProject(FILES);
    const { stdout } = await runCli(root, ['status', '--format', 'json', '--no-save', '--depth', '3']);
    expect(JSON.parse(stdout)).toMatchObject({
      command: 'status',
      previous: null,
      repaired: 1,
      run: { total: { reported: 3, recorded: 2, disabled: 1 }, folders: { 'src/a/deep': { reported: 2, recorded: 0, disabled: 0 } } },
    });
    expect(existsSync(path('.watertight'))).toBe(false);
  });

  it('says that nothing is left', async () => {
    const { root } = makeProject({ 'a.js': 'held(leak(1));\n' });
    const { code, stdout } = await runCli(root, ['status']);
    expect(code).toBe(0);
    expect(stdout).toBe('Nothing is left in 1 file.\n');
  });

  it('refuses a file of numbers that it cannot read', async () => {
    const { root } = makeProject({ 'a.js': 'leak(1);\n', '.watertight/status.json': '{"version":7}' });
    const { code, stderr } = await runCli(root, ['status']);
    expect(code).toBe(2);
    expect(stderr).toContain('it is of version 7');
  });
});
