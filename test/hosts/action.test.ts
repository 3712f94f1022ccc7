import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { BIN, buildCli } from '../cli/support/spawn-bin.js';
import { ROOT } from '../repository/support/paths.js';

const LEAK = 'export const isUp = async (url) => (await fetch(url)).ok;\n';
const CLEAN = 'export const load = async (url) => (await fetch(url)).json();\n';

interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly read: (name: string) => string;
}

/** Runs what the action runs, in a project that has the command, with the files of a workflow. */
function runAction(code: string, inputs: Readonly<Record<string, string>> = {}): Run {
  const directory = mkdtempSync(join(tmpdir(), 'watertight-action-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  mkdirSync(join(directory, 'node_modules/.bin'), { recursive: true });
  mkdirSync(join(directory, 'src'));
  symlinkSync(BIN, join(directory, 'node_modules/.bin/watertight'));
  writeFileSync(join(directory, 'package.json'), '{ "private": true }');
  writeFileSync(join(directory, 'src/a.js'), code);
  const { NODE_OPTIONS: _options, ...rest } = process.env;
  const env = { ...rest, GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: directory, GITHUB_OUTPUT: join(directory, 'output'), GITHUB_STEP_SUMMARY: join(directory, 'summary'), ...inputs };
  const read = (name: string) => readFileSync(join(directory, name), 'utf8').replaceAll(directory, '.');
  try {
    return { status: 0, stdout: execFileSync('bash', [join(ROOT, 'action/run.sh')], { cwd: directory, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }), read };
  } catch (error) {
    const { status, stdout } = error as { status: number; stdout: string };
    return { status, stdout, read };
  }
}

describe.skipIf(process.platform === 'win32')('the GitHub Action', () => {
  beforeAll(async () => {
    await buildCli();
    execFileSync('chmod', ['+x', BIN]);
  }, 300_000);

  it('annotates, sums up, writes SARIF and fails on a finding', { timeout: 240_000 }, () => {
    const { status, stdout, read } = runAction(LEAK);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^::error file=src\/a\.js,line=1,/m);
    expect(read('summary')).toContain('**1 finding** in 1 file');
    expect(read('output')).toBe('sarif-file=./watertight.sarif\n');
    expect(JSON.parse(read('watertight.sarif'))).toMatchObject({ runs: [{ results: [{ ruleId: 'watertight/no-unclosed-response-body' }] }] });
  });

  it('passes without one, or when it is told to', { timeout: 240_000 }, () => {
    expect(runAction(CLEAN).status).toBe(0);
    const { status, stdout } = runAction(LEAK, { WATERTIGHT_FAILS: 'false', WATERTIGHT_PATHS: 'src', WATERTIGHT_ARGUMENTS: '--preset phase-1', WATERTIGHT_SARIF: 'out/a.sarif' });
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining('::error file=src/a.js') as string });
  });

  it('fails when the check goes wrong, whatever it is told', () => {
    expect(runAction(CLEAN, { WATERTIGHT_FAILS: 'false', WATERTIGHT_PATHS: 'nowhere' }).status).toBe(2);
  });

  it('hands every input to the script', () => {
    const action = readFileSync(join(ROOT, 'action.yml'), 'utf8');
    const script = readFileSync(join(ROOT, 'action/run.sh'), 'utf8');
    const inputs = [...action.matchAll(/^ {8}(WATERTIGHT_\w+): \$\{\{ inputs\.([\w-]+) \}\}$/gm)];
    expect(inputs.map((match) => match[2]).sort()).toEqual(['arguments', 'fail-on-findings', 'paths', 'sarif-file']);
    for (const [, name] of inputs) expect(script).toContain(`\${${name}:-`);
  });
});
