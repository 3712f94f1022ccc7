import { type CheckedFile, type CheckedFinding, isInternalProblem, isNotice } from '../lint/finding.js';

export interface CheckSummary {
  /** Files that the rules looked at, those without a trigger word included. */
  readonly checkedFiles: number;
  readonly filesWithFindings: number;
  readonly errors: number;
  readonly warnings: number;
  readonly suppressed: number;
  /** Files that could not be read or parsed, and rules that stopped. */
  readonly problems: number;
  readonly internalProblems: number;
  /** Rules that gave up in a file, or in a function of it. */
  readonly notices: number;
}

/** The findings that count: not disabled by a comment, not recorded as a suppression. */
export function getReported(file: CheckedFile): CheckedFinding[] {
  return file.findings.filter(({ suppressedBy }) => suppressedBy === undefined);
}

export function summarizeCheck(files: readonly CheckedFile[]): CheckSummary {
  const reported = files.flatMap(getReported);
  const told = files.flatMap((file) => file.problems);
  const problems = told.filter((problem) => !isNotice(problem));
  return {
    checkedFiles: files.filter(({ state }) => state === 'linted' || state === 'no-trigger').length,
    filesWithFindings: files.filter((file) => getReported(file).length > 0).length,
    errors: reported.filter(({ severity }) => severity === 'error').length,
    warnings: reported.filter(({ severity }) => severity === 'warning').length,
    suppressed: files.flatMap((file) => file.findings).length - reported.length,
    problems: problems.length,
    internalProblems: problems.filter(isInternalProblem).length,
    notices: told.length - problems.length,
  };
}
