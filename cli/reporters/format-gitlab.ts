import { type CheckedFile, type CheckedFinding, isInternalProblem, isNotice } from '../lint/finding.js';
import type { CheckReport } from './check-report.js';
import { getFingerprints } from './get-fingerprints.js';
import { showPath } from './report-style.js';
import { getReported } from './summarize-check.js';

/**
 * The Code Quality report of GitLab, a reduced form of the Code Climate format.
 * Source: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
 */
export function formatGitlab({ files, root }: CheckReport): string {
  return `${JSON.stringify(files.flatMap((file) => [...toIssues(file, root), ...toProblemIssues(file, root)]), undefined, 2)}\n`;
}

function toIssues(file: CheckedFile, root: string): object[] {
  const fingerprints = getFingerprints(file, root);
  return getReported(file).map((finding) => ({
    description: finding.message,
    check_name: `watertight/${finding.rule}`,
    fingerprint: fingerprints.get(finding),
    severity: getSeverity(finding),
    location: { path: showPath(file.path, root), lines: { begin: finding.line, end: finding.endLine } },
  }));
}

function getSeverity({ severity, certainty }: CheckedFinding): string {
  if (severity === 'warning') return 'minor';
  return certainty === 'potential' ? 'major' : 'critical';
}

function toProblemIssues({ path, problems }: CheckedFile, root: string): object[] {
  const shown = showPath(path, root);
  return problems.map((problem) => ({
    description: problem.message,
    check_name: `watertight/${problem.kind}`,
    fingerprint: `${problem.kind}:${shown}:${problem.message}`,
    severity: isInternalProblem(problem) || isNotice(problem) ? 'info' : 'major',
    location: { path: shown, lines: { begin: problem.line ?? 1 } },
  }));
}
