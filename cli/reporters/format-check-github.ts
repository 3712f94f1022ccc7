import { type CheckedFile, type CheckedFinding, isNotice } from '../lint/finding.js';
import { showPath } from './report-style.js';
import { getReported } from './summarize-check.js';

/**
 * Workflow commands that GitHub Actions turns into annotations on the lines of a change. `root` is the checkout, since
 * that is what GitHub resolves paths against. Source of the escapes: the `toolkit` of GitHub Actions (`command.ts`).
 */
export function formatCheckGithub(files: readonly CheckedFile[], root: string): string {
  const lines = files.flatMap((file) => {
    const path = showPath(file.path, root);
    const findings = getReported(file).map((finding) => formatFinding(finding, path));
    const problems = file.problems.map((problem) => {
      const { message, line, column, hint } = problem;
      const place: Record<string, number> = line === undefined ? {} : { line, col: column ?? 1 };
      return formatCommand(isNotice(problem) ? 'notice' : 'error', { file: path, ...place, title: 'watertight' }, `${message}\n${hint}`);
    });
    return [...findings, ...problems];
  });
  return lines.map((line) => `${line}\n`).join('');
}

function formatFinding(finding: CheckedFinding, file: string): string {
  const { severity, rule, line, column, endLine, endColumn } = finding;
  const steps = finding.path.length > 1 ? finding.path.map((step) => `${step.line}:${step.column} ${step.kind}: ${step.text}`) : [];
  const properties = { file, line, endLine, col: column, endColumn, title: `watertight/${rule}` };
  return formatCommand(severity, properties, [finding.message, ...steps].join('\n'));
}

function formatCommand(name: string, properties: Readonly<Record<string, string | number>>, message: string): string {
  const written = Object.entries(properties).map(([key, value]) => `${key}=${escape(String(value)).replace(/:/g, '%3A').replace(/,/g, '%2C')}`);
  return `::${name} ${written.join(',')}::${escape(message)}`;
}

function escape(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}
