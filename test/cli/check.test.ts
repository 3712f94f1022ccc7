import { describe, expect, it } from 'vitest';
import { makeProject } from './support/make-project.js';
import { runCli } from './support/run-cli.js';
import { testParts } from './support/test-parts.js';

const LEAK = `export function open(): void {\n  const a = leak(1);\n  use(a);\n}\n`;
const CLEAN = 'export const a = held(leak(1));\n';

describe('findings', () => {
  it('prints message, code frame and path', async () => {
    const { root } = makeProject({ 'src/a.ts': LEAK });
    const { code, stdout, stderr } = await runCli(root, ['check']);
    expect(stdout).toBe(
      [
        'src/a.ts:2:13  error  `leak(1)` is never closed. Hold it.  no-leak',
        '    1 | export function open(): void {',
        '  > 2 |   const a = leak(1);',
        '      |             ^^^^^^^',
        '    3 |   use(a);',
        '',
        '  acquire  src/a.ts:2:13  `leak` opens it    const a = leak(1);',
        '  exit     src/a.ts:2:3   nothing closes it  const a = leak(1);',
        '',
        '1 finding (1 error) in 1 of 1 file.',
        '',
      ].join('\n'),
    );
    expect(stderr).toBe('');
    expect(code).toBe(1);
  });

  it('says so when there are none', async () => {
    const { root } = makeProject({ 'a.ts': CLEAN });
    expect(await runCli(root, ['check'])).toEqual({ code: 0, stdout: 'No findings in 1 file.\n', stderr: '' });
  });

  it('prints nothing but findings with --quiet', async () => {
    const { root } = makeProject({ 'a.ts': CLEAN, 'b.ts': LEAK });
    expect((await runCli(root, ['check', 'a.ts', '--quiet'])).stdout).toBe('');
    expect((await runCli(root, ['check', 'b.ts', '-q'])).stdout).not.toContain('1 finding');
  });

  it('counts columns behind a byte order mark, tabs and CRLF as editors do', async () => {
    const { root } = makeProject({ 'a.ts': '\uFEFFleak(1);\r\n\tleak(2);\r\n' });
    const { stdout } = await runCli(root, ['check', '--format', 'json']);
    const { findings } = JSON.parse(stdout) as { findings: { line: number; column: number; code: string }[] };
    expect(findings.map(({ line, column, code }) => [line, column, code])).toEqual([
      [1, 1, 'leak(1);'],
      [2, 2, '\tleak(2);'],
    ]);
  });

  it('joins each of several messages with its own path', async () => {
    const { root } = makeProject({ 'a.ts': 'leak(1); leak(2);\nleak(leak(3));\n' });
    const { stdout } = await runCli(root, ['check', '--format', 'json']);
    const { findings } = JSON.parse(stdout) as { findings: { line: number; column: number; path: { line: number; column: number }[] }[] };
    expect(findings).toHaveLength(4);
    for (const { line, column, path } of findings) expect(path[0]).toMatchObject({ line, column });
  });

  it('leaves out what a comment disables, and counts it', async () => {
    const { root } = makeProject({ 'a.ts': '// eslint-disable-next-line watertight/no-leak -- known\nleak(1);\n' });
    expect(await runCli(root, ['check'])).toEqual({ code: 0, stdout: 'No findings in 1 file; 1 suppressed.\n', stderr: '' });
  });

  it('is not disturbed by comments about rules of other plugins', async () => {
    const { root } = makeProject({ 'a.ts': '/* eslint other/rule: "error", no-undef: "error" */\n/* eslint-disable other/rule */\nrun();\nheld(leak(1));\n' });
    expect((await runCli(root, ['check'])).code).toBe(0);
  });
});

describe('formats', () => {
  it('writes JSON with positions and paths', async () => {
    const { root } = makeProject({ 'a.ts': LEAK, 'b.ts': 'leak(' });
    const { code, stdout } = await runCli(root, ['check', '--format', 'json']);
    const place = { line: 2, column: 13, endLine: 2, endColumn: 20 };
    expect(JSON.parse(stdout)).toEqual({
      version: 1,
      tool: { name: 'watertight', version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string },
      command: 'check',
      findings: [
        {
          rule: 'no-leak',
          file: 'a.ts',
          ...place,
          severity: 'error',
          certainty: 'certain',
          message: '`leak(1)` is never closed. Hold it.',
          messageId: 'leak',
          suppressedBy: null,
          confirmedByRun: null,
          code: '  const a = leak(1);',
          path: [
            { kind: 'acquire', text: '`leak` opens it', file: 'a.ts', ...place, code: '  const a = leak(1);' },
            { kind: 'exit', text: 'nothing closes it', file: 'a.ts', line: 2, column: 3, endLine: 2, endColumn: 21, code: '  const a = leak(1);' },
          ],
        },
      ],
      problems: [
        { file: 'b.ts', kind: 'syntax', message: expect.any(String) as string, line: 1, column: 6, hint: expect.any(String) as string },
      ],
      summary: { checkedFiles: 1, filesWithFindings: 1, errors: 1, warnings: 0, suppressed: 0, problems: 1, notices: 0, internalProblems: 0 },
      trace: null,
    });
    expect(code).toBe(1);
  });

  it('writes annotations for GitHub, relative to the checkout and escaped', async () => {
    const { root, path } = makeProject({ 'pkg/a,b.ts': `leak('100%');\n` });
    const { stdout } = await runCli(path('pkg'), ['check', '--format', 'github'], { env: { GITHUB_WORKSPACE: root } });
    expect(stdout).toBe(
      "::error file=pkg/a%2Cb.ts,line=1,endLine=1,col=1,endColumn=13,title=watertight/no-leak::`leak('100%25')` is never closed. Hold it." +
        '%0A1:1 acquire: `leak` opens it%0A1:1 exit: nothing closes it\n',
    );
  });

  it('writes nothing for GitHub when there is nothing', async () => {
    const { root } = makeProject({ 'a.ts': CLEAN });
    expect((await runCli(root, ['check', '--format', 'github'])).stdout).toBe('');
  });
});

describe('colour and progress', () => {
  const ESCAPE = '\u001B[';
  it.each([
    ['not into a pipe', { isTTY: false }, [], false],
    ['on a terminal', { isTTY: true }, [], true],
    ['not with NO_COLOR', { isTTY: true, env: { NO_COLOR: '1' } }, [], false],
    ['not on a dumb terminal', { isTTY: true, env: { TERM: 'dumb' } }, [], false],
    ['with FORCE_COLOR', { isTTY: false, env: { FORCE_COLOR: '1' } }, [], true],
    ['with --color', { isTTY: false }, ['--color'], true],
    ['not with --no-color', { isTTY: true }, ['--no-color'], false],
  ] as const)('colours %s', async (_, setting, args, expected) => {
    const { root } = makeProject({ 'a.ts': LEAK });
    const { stdout } = await runCli(root, ['check', ...args], setting);
    expect(stdout.includes(ESCAPE)).toBe(expected);
  });

  it('shows progress on a terminal only, and on standard error only', async () => {
    const { root } = makeProject({ 'a.ts': CLEAN });
    const onTerminal = await runCli(root, ['check', '--no-color'], { isTTY: true });
    expect(onTerminal.stderr).toContain('checking 1 of 1 files');
    expect(onTerminal.stdout).toBe('No findings in 1 file.\n');
    expect((await runCli(root, ['check'])).stderr).toBe('');
  });
});

describe('problems', () => {
  it('reports a file that does not parse, and goes on with the others', async () => {
    const { root } = makeProject({ 'a.ts': 'leak(1;\n', 'b.ts': LEAK });
    const { code, stdout } = await runCli(root, ['check']);
    expect(stdout).toContain(`a.ts:1:7  problem  ')' expected.`);
    expect(stdout).toContain('b.ts:2:13  error');
    expect(stdout).toContain('1 finding (1 error) in 1 of 1 file; 1 problem.');
    expect(code).toBe(1);
  });

  it('reports a rule that throws, and what the other rules find in the file', async () => {
    const { root } = makeProject({ 'a.ts': 'leak(1);\ncrash();\n' });
    const { code, stdout } = await runCli(root, ['check']);
    expect(stdout).toContain('a.ts:2:1  problem  The rule `no-crash` stopped: cannot follow this');
    expect(stdout).toContain('a.ts:1:1  error');
    expect(code).toBe(3);
  });

  it('does not parse a file in which no rule that is turned on has a trigger', async () => {
    const { root } = makeProject({ 'a.ts': 'this is no code', 'b.ts': 'nor is this, but it has a leak' });
    const { stdout } = await runCli(root, ['check']);
    expect(stdout).not.toContain('a.ts');
    expect(stdout).toContain('b.ts:1:');
  });

  it('parses every file when a rule does not say in which it may find something', async () => {
    const rules = Object.fromEntries(Object.entries(testParts.plugin.rules).map(([name, rule]) => [name, { ...rule, mayReport: undefined }]));
    const { root } = makeProject({ 'a.ts': 'this is no code' });
    const { code } = await runCli(root, ['check'], { parts: { ...testParts, plugin: { ...testParts.plugin, rules } } });
    expect(code).toBe(1);
  });

  it('looks at a file in another encoding, as ESLint does', async () => {
    const { root } = makeProject({ 'a.ts': Buffer.from('leak("caf\xE9");\n', 'latin1') });
    expect((await runCli(root, ['check'])).code).toBe(1);
  });
});

describe('standard input', () => {
  it('checks the text as the file that is named', async () => {
    const { root } = makeProject({});
    const { code, stdout } = await runCli(root, ['check', '--stdin-filename', 'src/view.tsx'], { stdin: '\uFEFFexport const a = <b>{leak(1)}</b>;\n' });
    expect(stdout).toMatch(/^src\/view\.tsx:1:22 {2}error/);
    expect(code).toBe(1);
  });

  it('takes it for TypeScript when nothing is named', async () => {
    const { root } = makeProject({});
    expect((await runCli(root, ['check', '--stdin'], { stdin: 'const a: number = held(leak(1));\n' })).code).toBe(0);
  });

  it('excludes paths', async () => {
    const { root } = makeProject({ 'a.ts': '' });
    const { code, stderr } = await runCli(root, ['check', '--stdin', 'a.ts']);
    expect(stderr).toContain('Paths and --stdin exclude each other.');
    expect(code).toBe(2);
  });
});

describe('wrong usage', () => {
  it.each([
    ['an unknown option', ['check', '--frmat', 'json'], ["unknown option '--frmat'", 'Did you mean --format?']],
    ['a path that starts with a dash', ['check', '-x.ts'], ["unknown option '-x.ts'", 'goes after --']],
    ['an unknown command', ['src'], ["unknown command 'src'", 'watertight check src']],
    ['an unknown rule', ['check', '--rule', 'no-such'], ['Rules are: no-crash, no-leak, no-noise.']],
    ['an unknown preset', ['check', '--preset', 'best'], ['Allowed choices are recommended, strict']],
    ['an unknown format', ['check', '--format', 'xml'], ['Allowed choices are pretty, github, html, sarif, gitlab, markdown, json.']],
    ['no number of threads', ['check', '--jobs', 'many'], ['It must be a whole number from 1.']],
    ['a path that does not exist', ['check', 'srk'], ['error: `srk` does not exist.', 'It was looked for as']],
    ['a pattern that matches nothing', ['check', '**/*.tsx'], ['No file to look at matches `**/*.tsx`.']],
    ['a file of another kind', ['check', 'notes.md'], ['`notes.md` is no JavaScript or TypeScript file.']],
    ['no command', [], ['Usage: watertight']],
  ])('answers 2 to %s', async (_, args, hints) => {
    const { root } = makeProject({ 'a.ts': CLEAN, 'notes.md': 'leak(1)' });
    const { code, stdout, stderr } = await runCli(root, args);
    for (const hint of hints) expect(stderr).toContain(hint);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('answers 0 to --help and --version', async () => {
    const { root } = makeProject({});
    expect(await runCli(root, ['--version'])).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string, stderr: '' });
    const help = await runCli(root, ['--help']);
    expect(help.code).toBe(0);
    for (const command of ['check', 'fix', 'explain']) expect(help.stdout).toContain(`  ${command} `);
    expect((await runCli(root, ['check', '--help'])).stdout).toContain('--stdin-filename');
  });

  it('answers 2 when no rule is turned on', async () => {
    const { root } = makeProject({ 'a.ts': CLEAN });
    const configs = { ...testParts.plugin.configs, recommended: { rules: {} } };
    const { code, stderr } = await runCli(root, ['check'], { parts: { ...testParts, plugin: { ...testParts.plugin, configs: configs as never } } });
    expect(stderr).toContain('No rule is turned on for any of these files.');
    expect(code).toBe(2);
  });

  it('answers 3 to an error of its own, with the place it came from', async () => {
    const { root } = makeProject({ 'a.ts': LEAK });
    const broken = { ...testParts, plugin: { ...testParts.plugin, rules: undefined as never } };
    const { code, stderr } = await runCli(root, ['check'], { parts: broken });
    expect(stderr).toMatch(/^internal error: TypeError: [^]*\n {4}at /);
    expect(code).toBe(3);
  });
});

describe('rules and presets', () => {
  it('checks with the recommended preset, or the one that is asked for', async () => {
    const { root } = makeProject({ 'a.ts': 'leak(1);\nnoise();\n' });
    const rulesOf = async (...args: string[]) => {
      const { stdout } = await runCli(root, ['check', '--format', 'json', ...args]);
      return (JSON.parse(stdout) as { findings: { rule: string }[] }).findings.map(({ rule }) => rule);
    };
    expect(await rulesOf()).toEqual(['no-leak']);
    expect(await rulesOf('--preset', 'strict')).toEqual(['no-leak', 'no-noise']);
    expect(await rulesOf('--rule', 'no-noise')).toEqual(['no-noise']);
    expect(await rulesOf('--rule', 'watertight/no-noise', '--rule', 'no-leak')).toEqual(['no-leak', 'no-noise']);
    expect(await rulesOf('--rule', 'no-noise,no-leak')).toEqual(['no-leak', 'no-noise']);
  });

  it('takes the options of a rule from the preset', async () => {
    const { root } = makeProject({ 'a.ts': 'drip(1); // leak\n' });
    expect((await runCli(root, ['check'])).code).toBe(0);
    expect((await runCli(root, ['check', '--preset', 'all'])).code).toBe(1);
    expect((await runCli(root, ['check', '--preset', 'all', '--rule', 'no-leak'])).code).toBe(1);
  });
});
