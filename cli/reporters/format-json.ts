import type { CheckedFile, CheckedFinding } from '../lint/finding.js';
import { type TraceReport, toJsonTrace } from './format-trace.js';
import { showPath } from './report-style.js';
import { summarizeCheck } from './summarize-check.js';

/** Raised when a field is removed or changes its meaning; new fields do not raise it. */
const JSON_VERSION = 1;

/** One JSON document of the shape in docs/guides/json-format.md, with a line break at its end. */
export function formatJson(command: string, toolVersion: string, body: object): string {
  return `${JSON.stringify({ version: JSON_VERSION, tool: { name: 'watertight', version: toolVersion }, command, ...body }, undefined, 2)}\n`;
}

/** @param trace what `--trace` showed */
export function formatCheckJson(files: readonly CheckedFile[], cwd: string, toolVersion: string, trace?: TraceReport): string {
  return formatJson('check', toolVersion, {
    findings: files.flatMap((file) => file.findings.map((finding) => toJsonFinding(finding, file, cwd))),
    problems: toJsonProblems(files, cwd),
    summary: summarizeCheck(files),
    trace: trace ? toJsonTrace(trace, cwd) : null,
  });
}

export function toJsonFinding(finding: CheckedFinding, file: CheckedFile, cwd: string): object {
  const { rule, messageId, message, severity, certainty, line, column, endLine, endColumn, path, suppressedBy, confirmed } = finding;
  const place = { file: showPath(file.path, cwd), line, column, endLine, endColumn };
  return {
    rule,
    ...place,
    severity,
    certainty: certainty ?? null,
    message,
    messageId,
    suppressedBy: suppressedBy ?? null,
    confirmedByRun: confirmed ?? null,
    code: file.sourceLines[line] ?? '',
    path: path.map((step) => ({ ...step, file: place.file, code: file.sourceLines[step.line] ?? '' })),
  };
}

export function toJsonProblems(files: readonly CheckedFile[], cwd: string): object[] {
  return files.flatMap((file) =>
    file.problems.map(({ kind, message, line, column, hint }) => ({
      file: showPath(file.path, cwd),
      kind,
      message,
      line: line ?? null,
      column: column ?? null,
      hint,
    })),
  );
}
