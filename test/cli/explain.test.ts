import { describe, expect, it } from 'vitest';
import { makeProject } from './support/make-project.js';
import { runCli } from './support/run-cli.js';

const FILES = {
  'src/a.ts': `export function open(): void {\n\tconst a = (\n\t\tleak(1)\n\t);\n  use(a);\n}\nleak(2); leak(3);\n`,
};

describe('explain', () => {
  it('draws the path of the finding at a line', async () => {
    const { root } = makeProject(FILES);
    const { code, stdout } = await runCli(root, ['explain', 'src/a.ts:3']);
    expect(stdout).toBe(
      [
        'src/a.ts:3:3  no-leak  error, certain',
        '`leak(1)` is never closed. Hold it.',
        '',
        '╭─ acquire  `leak` opens it  src/a.ts:3:3',
        '│  3 | leak(1)',
        '│    | ^^^^^^^',
        '│',
        '╰─ exit  nothing closes it  src/a.ts:2:2',
        '   2 | const a = (',
        '     | ^^^^^^^^^^^',
        '',
      ].join('\n'),
    );
    expect(code).toBe(0);
  });

  it('draws every finding of the line, or the one at the column', async () => {
    const { root } = makeProject(FILES);
    const count = async (place: string) => (await runCli(root, ['explain', place])).stdout.match(/╭─/g)?.length;
    expect(await count('src/a.ts:7')).toBe(2);
    expect(await count('src/a.ts:7:10')).toBe(1);
  });

  it('draws a finding whose path leads over the line', async () => {
    const { root } = makeProject(FILES);
    expect((await runCli(root, ['explain', 'src/a.ts:2'])).stdout).toContain('src/a.ts:3:3  no-leak');
  });

  it('says that a line is silent, and where there is something', async () => {
    const { root } = makeProject({ ...FILES, 'b.ts': 'run();\n' });
    expect((await runCli(root, ['explain', 'src/a.ts:5'])).stdout).toBe('Nothing is reported on line 5 of a.ts. Lines with findings: 3, 7.\n');
    const { code, stdout } = await runCli(root, ['explain', 'b.ts:1']);
    expect(stdout).toBe('Nothing is reported in b.ts: no rule that is turned on knows a word in it.\n');
    expect(code).toBe(0);
  });

  it('also explains what a comment switches off', async () => {
    const { root } = makeProject({ 'a.ts': 'leak(1); // eslint-disable-line\n' });
    expect((await runCli(root, ['explain', 'a.ts:1'])).stdout).toContain('no-leak  error, certain, switched off by a comment');
  });

  it('writes JSON', async () => {
    const { root } = makeProject(FILES);
    const found = JSON.parse((await runCli(root, ['explain', 'src/a.ts:3', '--format', 'json'])).stdout) as { findings: unknown[]; silence: unknown };
    expect(found).toMatchObject({ version: 1, command: 'explain', findings: [{ rule: 'no-leak', line: 3, path: [{ kind: 'acquire' }, { kind: 'exit' }] }], silence: null });
    const silent = JSON.parse((await runCli(root, ['explain', 'src/a.ts:5', '--format', 'json'])).stdout) as { silence: unknown };
    expect(silent.silence).toBe('Nothing is reported on line 5 of a.ts. Lines with findings: 3, 7.');
  });

  it('tells why a file cannot be explained', async () => {
    const { root } = makeProject({ 'a.ts': 'leak(' });
    const { code, stdout } = await runCli(root, ['explain', 'a.ts:1']);
    expect(stdout).toContain(`a.ts:1:6  problem  ')' expected.`);
    expect(code).toBe(1);
  });

  it.each([
    ['src/a.ts', 'is no place in a file'],
    ['src/a.ts:x', 'is no place in a file'],
    ['src/b.ts:1', 'src/b.ts cannot be read: ENOENT'],
    ['src/a.ts:99', 'src/a.ts has no line 99.'],
    ['src/a.ts:0', 'src/a.ts has no line 0.'],
  ])('refuses %s', async (place, message) => {
    const { root } = makeProject(FILES);
    const { code, stderr } = await runCli(root, ['explain', place]);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});
