import { describe, expect, it } from 'vitest';
import { makeProject } from '../support/make-project.js';
import { runCli } from '../support/run-cli.js';
import { findSarifErrors } from './sarif-schema.js';

const LEAK = 'export const a = leak(1);\n';

describe('report', () => {
  it.each([
    [['-o', 'out/a.html'], 'out/a.html', /^<!doctype html>/],
    [[], 'watertight-report.html', /^<!doctype html>/],
    [['-o', 'a.sarif'], 'a.sarif', /"version": "2\.1\.0"/],
    [['-o', 'a.md'], 'a.md', /^## watertight/],
    [['-o', 'a.json'], 'a.json', /"command": "check"/],
    [['-o', 'a.json', '--format', 'gitlab'], 'a.json', /"check_name": "watertight\/no-leak"/],
  ])('%j writes a document of the kind that the name or --format says', async (args, name, content) => {
    const { root, read } = makeProject({ 'src/a.ts': LEAK });
    expect(await runCli(root, ['report', ...args])).toEqual({ code: 0, stdout: '', stderr: `${name}: 1 finding\n` });
    expect(read(name)).toMatch(content);
    expect(read(name)).toContain('src/a.ts');
  });

  it.each(['html', 'sarif', 'gitlab', 'markdown', 'json'])('prints %s on standard output, as check does', async (format) => {
    const { root } = makeProject({ 'src/a.ts': LEAK });
    const { code, stdout, stderr } = await runCli(root, ['report', '--format', format, '-o', '-']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(await runCli(root, ['check', '--format', format])).toEqual({ code: 1, stdout, stderr: '' });
  });

  it('gives paths from the checkout where a service says which it is, else from the working directory', async () => {
    const { root, path } = makeProject({ 'pkg/src/a.ts': LEAK });
    const read = async (env: Record<string, string>) => (await runCli(path('pkg'), ['report', '--format', 'sarif'], { env })).stdout;
    expect(await read({ GITHUB_WORKSPACE: root })).toContain('"uri": "pkg/src/a.ts"');
    expect(await read({ CI_PROJECT_DIR: root })).toContain('"uri": "pkg/src/a.ts"');
    expect(await read({ GITHUB_WORKSPACE: path('other') })).toContain('"uri": "src/a.ts"');
    expect(await read({})).toContain('"uri": "src/a.ts"');
  });

  it('fails when it cannot write', async () => {
    const { root } = makeProject({ 'a.ts': LEAK });
    const { code, stderr } = await runCli(root, ['report', '-o', 'a.ts/b.html']);
    expect(stderr).toContain('The report cannot be written: ');
    expect(code).toBe(2);
  });

  it('writes several documents of one run', async () => {
    const { root, read } = makeProject({ 'a.ts': LEAK });
    const { stderr } = await runCli(root, ['report', '-o', 'a.sarif', '-o', 'a.md']);
    expect(stderr).toBe('a.sarif: 1 finding\na.md: 1 finding\n');
    expect([read('a.sarif'), read('a.md')]).toEqual([expect.stringContaining('"2.1.0"'), expect.stringContaining('## watertight')]);
    expect((await runCli(root, ['report', '-o', 'a.sarif', '-o', 'a.md', '--format', 'sarif'])).code).toBe(2);
  });

  it('answers 3 when a rule crashed', async () => {
    const { root } = makeProject({ 'a.ts': 'crash(leak(1));\n' });
    const { code, stderr } = await runCli(root, ['report']);
    expect(stderr).toBe('watertight-report.html: 1 finding, 1 problem\n');
    expect(code).toBe(3);
  });
});

describe('merge', () => {
  interface Log {
    readonly runs: readonly { results: { ruleId: string; ruleIndex: number }[]; tool: { driver: { rules: { id: string }[] } }; invocations: object[] }[];
  }

  it('makes one run of several, with every finding once', async () => {
    const { root, read } = makeProject({ 'p/a.ts': LEAK, 'q/b.ts': `${LEAK}${LEAK}` });
    for (const [part, name] of [['p', 'p.sarif'], ['q', 'q.sarif'], ['.', 'all.sarif']]) await runCli(root, ['report', part!, '-o', name!]);
    expect(await runCli(root, ['merge', 'p.sarif', 'q.sarif', 'all.sarif', '-o', 'merged.sarif'])).toEqual({ code: 0, stdout: '', stderr: '' });
    const { runs } = JSON.parse(read('merged.sarif')) as Log;
    expect(runs).toHaveLength(1);
    expect(runs[0]!.results).toEqual((JSON.parse(read('all.sarif')) as Log).runs[0]!.results);
    expect(runs[0]!.results).toHaveLength(3);
    for (const { ruleId, ruleIndex } of runs[0]!.results) expect(runs[0]!.tool.driver.rules[ruleIndex]!.id).toBe(ruleId);
    expect(runs[0]!.invocations).toHaveLength(3);
    expect(findSarifErrors(JSON.parse(read('merged.sarif')))).toEqual([]);
  });

  it('gives the schema of SARIF nothing to complain of, whatever files are called and hold', async () => {
    const { root, read } = makeProject({ 'a b/ö%[1].ts': `\uFEFF${LEAK}`, 'b.ts': 'leak(\u2028', 'c.ts': '// eslint-disable-next-line\r\nleak("\u0000");\r\n', 'd.ts': 'crash(leak(1));\n' });
    expect((await runCli(root, ['report', '-o', 'a.sarif'])).code).toBe(3);
    await runCli(root, ['merge', 'a.sarif', '-o', 'merged.sarif']);
    for (const name of ['a.sarif', 'merged.sarif']) expect(findSarifErrors(JSON.parse(read(name)))).toEqual([]);
    expect((JSON.parse(read('merged.sarif')) as Log).runs[0]!.results).toHaveLength(3);
  });

  it.each([
    ['no.sarif', 'no.sarif cannot be read: ENOENT'],
    ['text.sarif', 'text.sarif is not JSON.'],
    ['other.sarif', 'other.sarif is no SARIF document of watertight.'],
  ])('refuses %s', async (name, message) => {
    const { root } = makeProject({ 'text.sarif': 'x', 'other.sarif': '{"runs":[{"tool":{"driver":{"name":"other"}}}]}' });
    const { code, stderr } = await runCli(root, ['merge', name, '-o', '-']);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});

describe('check in a workflow of GitHub', () => {
  const env = { GITHUB_ACTIONS: 'true' };

  it('annotates below what it prints', async () => {
    const { root } = makeProject({ 'a.ts': LEAK });
    const { stdout } = await runCli(root, ['check'], { env });
    expect(stdout).toContain('1 finding (1 error) in 1 of 1 file.');
    expect(stdout).toMatch(/\n::error file=a\.ts,line=1,.*title=watertight\/no-leak::`leak\(1\)` is never closed/);
  });

  it('does not where it is told how to print, or elsewhere', async () => {
    const { root } = makeProject({ 'a.ts': LEAK });
    expect((await runCli(root, ['check', '--format', 'pretty'], { env })).stdout).not.toContain('::error');
    expect((await runCli(root, ['check'])).stdout).not.toContain('::error');
  });
});
