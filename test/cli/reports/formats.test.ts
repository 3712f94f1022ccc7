import { describe, expect, it } from 'vitest';
import type { CheckReport } from '../../../cli/reporters/check-report.js';
import { formatGitlab } from '../../../cli/reporters/format-gitlab.js';
import { formatMarkdown } from '../../../cli/reporters/format-markdown.js';
import { formatSarif } from '../../../cli/reporters/format-sarif.js';
import { makeReport } from './make-report.js';
import { findSarifErrors } from './sarif-schema.js';

/** As after an edit above the code: every line number is higher. */
function shift({ files, ...rest }: CheckReport, by: number): CheckReport {
  const move = <Place extends { line: number; endLine: number }>(place: Place): Place => ({ ...place, line: place.line + by, endLine: place.endLine + by });
  return {
    ...rest,
    files: files.map((file) => ({
      ...file,
      findings: file.findings.map((finding) => ({ ...move(finding), message: finding.message.replace(/line \d+/, 'line 99'), path: finding.path.map(move) })),
      sourceLines: Object.fromEntries(Object.entries(file.sourceLines).map(([line, text]) => [Number(line) + by, `  ${text}`])),
    })),
  };
}

function withProblem(report: CheckReport, kind: 'syntax' | 'rule-crash'): CheckReport {
  const problem = { kind, message: "')' expected.", line: 3, column: 7, hint: 'Correct the syntax.' };
  return { ...report, files: [...report.files, { path: '/project/b.ts', state: 'failed', findings: [], problems: [problem], sourceLines: {} }] };
}

interface SarifRun {
  readonly results: readonly {
    readonly ruleId: string;
    readonly ruleIndex: number;
    readonly partialFingerprints: Record<string, string>;
    readonly suppressions: readonly object[];
    readonly codeFlows: readonly { threadFlows: readonly { locations: readonly { kinds: string[]; location: { message: { text: string }; physicalLocation: { region: { startLine: number } } } }[] }[] }[];
  }[];
  readonly tool: { driver: { rules: readonly { id: string }[] } };
  readonly invocations: readonly { executionSuccessful: boolean; toolExecutionNotifications: readonly object[] }[];
}

const readRun = (report: CheckReport) => (JSON.parse(formatSarif(report)) as { runs: SarifRun[] }).runs[0]!;

describe('SARIF', () => {
  it.each([['without findings', makeReport(0)], ['with findings', makeReport(25)], ['with a problem', withProblem(makeReport(3), 'syntax')]])('%s is of version 2.1.0', (_, report) => {
    expect(findSarifErrors(JSON.parse(formatSarif(report)))).toEqual([]);
  });

  it('would be told not to be', () => {
    expect(findSarifErrors({ version: '2.1.0', runs: [{ results: [] }] })).toEqual(["/runs/0 must have required property 'tool'"]);
    const document = JSON.parse(formatSarif(makeReport(1))) as { runs: { results: { level: string; locations: { physicalLocation: { region: object } }[] }[] }[] };
    const [result] = document.runs[0]!.results;
    result!.level = 'fatal';
    result!.locations[0]!.physicalLocation.region = { startLine: 0 };
    expect(findSarifErrors(document)).toHaveLength(2);
  });

  it('has the path of a finding as a code flow, from the acquisition to the exit', () => {
    const [result] = readRun(makeReport(1)).results;
    const { locations } = result!.codeFlows[0]!.threadFlows[0]!;
    expect(locations.map(({ kinds, location }) => [kinds[0], location.physicalLocation.region.startLine, location.message.text])).toEqual([
      ['acquire', 2, 'the response body is acquired'],
      ['branch', 3, '`res.status === 404` is true'],
      ['exit', 5, 'the function returns without it'],
    ]);
  });

  it('leads from a finding to its rule, and to a path that is a URI', () => {
    const run = readRun(makeReport(4));
    for (const { ruleId, ruleIndex } of run.results) expect(run.tool.driver.rules[ruleIndex]!.id).toBe(ruleId);
    expect(JSON.stringify(run)).toContain('"uri":"packages/part-0/src/area-0/file%200.ts"');
    expect(JSON.stringify(run)).not.toContain('/project');
  });

  it('marks what is suppressed', () => {
    expect(readRun(makeReport(10)).results.map(({ suppressions }) => suppressions.length)).toEqual([0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('tells problems, and whether the tool failed', () => {
    expect(readRun(withProblem(makeReport(1), 'syntax')).invocations).toMatchObject([{ executionSuccessful: true, toolExecutionNotifications: [{ descriptor: { id: 'syntax' } }] }]);
    expect(readRun(withProblem(makeReport(1), 'rule-crash')).invocations).toMatchObject([{ executionSuccessful: false }]);
  });
});

describe('fingerprints', () => {
  const read = (report: CheckReport) => readRun(report).results.map(({ partialFingerprints }) => partialFingerprints['watertight/v1']);

  it('are different for each finding, the same line of code twice included', () => {
    const all = read(makeReport(40));
    expect(new Set(all).size).toBe(40);
  });

  it('stay when code is added above, indented, or numbered otherwise', () => {
    expect(read(shift(makeReport(20), 7))).toEqual(read(makeReport(20)));
  });

  it('change with the code of the line', () => {
    const [file] = makeReport(1).files;
    const changed = { ...makeReport(1), files: [{ ...file!, sourceLines: { ...file!.sourceLines, 2: 'const res = await fetch(other);' } }] };
    expect(read(changed)).not.toEqual(read(makeReport(1)));
  });
});

describe('GitLab code quality', () => {
  interface Issue {
    readonly check_name: string;
    readonly fingerprint: string;
    readonly severity: string;
    readonly location: { path: string; lines: { begin: number } };
  }
  const read = (report: CheckReport) => JSON.parse(formatGitlab(report)) as Issue[];

  it('has an issue for each open finding and each problem', () => {
    const issues = read(withProblem(makeReport(10), 'syntax'));
    expect(issues).toHaveLength(10);
    expect(issues[0]).toMatchObject({ check_name: 'watertight/no-uncleared-timer', location: { path: 'packages/part-0/src/area-0/file 0.ts', lines: { begin: 2 } } });
    expect(issues.at(-1)).toMatchObject({ check_name: 'watertight/syntax', location: { path: 'b.ts', lines: { begin: 3 } } });
  });

  it('weighs by severity and certainty', () => {
    expect(read(makeReport(4)).map(({ severity }) => severity)).toEqual(['minor', 'major', 'critical']);
  });

  it('knows an issue again after the lines moved', () => {
    const names = (report: CheckReport) => read(report).map(({ fingerprint }) => fingerprint);
    expect(names(shift(makeReport(20), 3))).toEqual(names(makeReport(20)));
    expect(new Set(names(makeReport(20))).size).toBe(18);
  });
});

describe('Markdown', () => {
  it('sums up, and lists findings with their paths', () => {
    const text = formatMarkdown(makeReport(4));
    expect(text).toContain('**3 findings** in 1 file; 1 file checked, 1 suppressed.');
    expect(text).toContain('| [`no-uncleared-timer`](https://example.com/no-uncleared-timer.md) | 2 | 0 |');
    expect(text).toContain('| `packages/part-0/src/area-0` | 2 | 1 |');
    expect(text).toContain('- `packages/part-0/src/area-0/file 0.ts:2:20` Body of `res0` is never read');
    expect(text).toContain('  3. line 5, exit: the function returns without it\n');
  });

  it('says when there is nothing, and what could not be looked at', () => {
    expect(formatMarkdown(makeReport(0))).toBe('## watertight\n\nNo findings; 0 files checked.\n');
    expect(formatMarkdown(withProblem(makeReport(0), 'syntax'))).toContain("- `b.ts:3` ')' expected. Correct the syntax.");
  });

  it('stays short, and turns nothing outside of code into markup', () => {
    const text = formatMarkdown(makeReport(5000));
    expect(text).toContain('And 4400 more.');
    expect(text.length).toBeLessThan(100_000);
    const [file] = makeReport(1).files;
    const odd = { ...makeReport(1), files: [{ ...file!, findings: [{ ...file!.findings[0]!, message: 'A <b>|*x*| of `a | <b>`.' }] }] };
    expect(formatMarkdown(odd)).toContain('A \\<b\\>\\|\\*x\\*\\| of `a | <b>`.');
  });
});
