import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildCli, spawnBin } from '../cli/support/spawn-bin.js';
import { compile, copyFixture } from './fixture.js';

const MINUTES = 60_000;
const dir = join(realpathSync(mkdtempSync(join(tmpdir(), 'freightliner-trace-'))), 'service');

beforeAll(async () => {
  await buildCli();
  copyFixture(dir);
  expect(await compile(dir)).toMatchObject({ code: 0, stdout: '' });
}, 6 * MINUTES);
afterAll(() => rmSync(join(dir, '..'), { recursive: true, force: true }));

/**
 * The seeded bugs that leave something behind which a run can see, and what. The others are wrong answers and lost
 * updates, or meet another one: the key file that a failed replication leaves is removed by the next that succeeds.
 */
const LEFT_BEHIND: Record<string, string> = {
  'audit-stream': 'descriptor',
  'transport-retry-body': 'response body',
  'config-descriptor': 'descriptor',
  'journal-handle-race': 'descriptor',
  'reachable-body': 'response body',
  'list-tags-body': 'response body',
  'manifest-404-body': 'response body',
  'put-manifest-body': 'response body',
  'upload-open-body': 'response body',
  'upload-commit-body': 'response body',
  'workspace-left': 'temp file',
  'notify-body': 'response body',
  'scheduler-interval': 'timer',
  'run-race-timer': 'timer',
  'sigterm-listener': 'listener',
  'events-listener': 'listener',
  'bundle-left': 'temp file',
  'staging-handle': 'descriptor',
  'token-body': 'response body',
  'pool-listener': 'listener',
  'pool-timer': 'timer',
  'pool-queue-listener': 'listener',
};
/** Findings that the run must confirm; the rules see these in one file. */
const CONFIRMED = ['config-descriptor', 'reachable-body', 'notify-body', 'scheduler-interval', 'run-race', 'sigterm-listener', 'bundle-left', 'token-body', 'pool-listener', 'pool-timer', 'pool-queue-listener'];

interface Frame {
  file: string;
  line: number;
}

interface SeededBug {
  id: string;
  file: string;
  line: number;
  altLines?: number[];
  rule: string;
}

it('a run of the leak test shows every seeded bug that leaves something, at its line of the source', { timeout: 10 * MINUTES }, async () => {
  const { stdout, stderr } = await spawnBin(dir, ['check', 'src', '--preset', 'strict', '--trace', 'node dist/leak-test.js', '--format', 'json']);
  expect(stdout, stderr).toMatch(/^\{/);
  const { findings, trace } = JSON.parse(stdout);
  expect(trace).toMatchObject({ passes: true, killed: 0 });

  const bugs = JSON.parse(readFileSync(join(dir, 'seeded-bugs.json'), 'utf8')) as SeededBug[];
  const linesOf = ({ line, altLines = [] }: SeededBug) => [line, ...altLines];
  const isSeen = (bug: SeededBug) =>
    trace.leaks.some(
      (leak: { kind: string; stack: { file: string; line: number }[] }) =>
        leak.kind === LEFT_BEHIND[bug.id] && leak.stack.some(({ file, line }) => file === bug.file && linesOf(bug).includes(line)),
    );
  const wanted = bugs.filter(({ id }) => id in LEFT_BEHIND);
  expect(wanted.map(({ id }) => id).sort()).toEqual(Object.keys(LEFT_BEHIND).sort());
  expect(wanted.filter((bug) => !isSeen(bug)).map(({ id }) => id)).toEqual([]);

  const confirmed = findings.filter(({ confirmedByRun }: { confirmedByRun: unknown }) => confirmedByRun !== null);
  const isConfirmed = (bug: SeededBug) => confirmed.some(({ file, line, rule }: SeededBug) => file === bug.file && linesOf(bug).includes(line) && rule === bug.rule);
  expect(CONFIRMED.filter((id) => !isConfirmed(bugs.find((bug) => bug.id === id)!))).toEqual([]);
  // What no seeded bug explains would be a false alarm of the run.
  const places = new Set(bugs.flatMap((bug) => linesOf(bug).map((line) => `${bug.file}:${line}`)));
  const isExplained = ({ file, line }: Frame) =>
    trace.leaks.some(({ stack }: { stack: Frame[] }) => stack[0]!.file === file && stack[0]!.line === line && stack.some((frame) => places.has(`${frame.file}:${frame.line}`)));
  const unexplained = trace.unreported.filter((place: Frame) => place.file.startsWith('src/') && !isExplained(place));
  expect(unexplained).toEqual([]);
});
