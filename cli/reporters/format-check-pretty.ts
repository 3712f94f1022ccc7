import { type CheckedFile, type CheckedFinding, type FileProblem, isNotice } from '../lint/finding.js';
import { count } from './count.js';
import { formatCodeFrame } from './format-code-frame.js';
import { formatPath } from './format-path.js';
import { type ReportStyle, showPath } from './report-style.js';
import { getReported, summarizeCheck } from './summarize-check.js';

/** Findings for a reader: message, code frame and path of each; then problems; then, unless `isQuiet`, the sums. */
export function formatCheckPretty(files: readonly CheckedFile[], style: ReportStyle, isQuiet: boolean): string {
  const blocks = files.flatMap((file) => getReported(file).map((finding) => formatFinding(finding, file, style)));
  const problems = files.flatMap((file) => file.problems.map((problem) => formatProblem(problem, file, style)));
  const summary = isQuiet ? [] : [formatSummary(files, style)];
  return [...blocks, ...problems, ...summary].map((block) => `${block}\n`).join('\n');
}

export function formatProblem(problem: FileProblem, file: CheckedFile, { colors, cwd, width }: ReportStyle): string {
  const { line, column = 1, message, hint } = problem;
  const place = line === undefined ? '' : `:${line}:${column}`;
  const head = `${colors.bold(showPath(file.path, cwd) + place)}  ${isNotice(problem) ? colors.yellow('notice') : colors.red('problem')}  ${message}`;
  const frame = line === undefined ? [] : formatCodeFrame({ line, column, endLine: line, endColumn: column + 1 }, file.sourceLines, colors, width);
  return [head, ...frame, `  ${colors.dim(hint)}`].join('\n');
}

function formatFinding(finding: CheckedFinding, file: CheckedFile, style: ReportStyle): string {
  const { colors, cwd, width } = style;
  const severity = finding.severity === 'error' ? colors.red('error') : colors.yellow('warning');
  const place = colors.bold(`${showPath(file.path, cwd)}:${finding.line}:${finding.column}`);
  const head = `${place}  ${severity}  ${finding.message}  ${colors.dim(finding.rule)}${formatConfirmation(finding, style)}`;
  const frame = formatCodeFrame(finding, file.sourceLines, colors, width);
  const path = formatPath(finding, file, style);
  return [head, ...frame, ...(path.length > 0 ? ['', ...path] : [])].join('\n');
}

function formatConfirmation({ confirmed }: CheckedFinding, { colors }: ReportStyle): string {
  if (!confirmed) return '';
  return `  ${colors.magenta(`confirmed by run${confirmed.count > 1 ? ` (${confirmed.count} times)` : ''}`)}`;
}

function formatSummary(files: readonly CheckedFile[], { colors }: ReportStyle): string {
  const { errors, warnings, suppressed, problems, notices: gaps, checkedFiles, filesWithFindings } = summarizeCheck(files);
  const found = errors + warnings;
  const notes = [
    ...(suppressed > 0 ? [`${suppressed} suppressed`] : []),
    ...(problems > 0 ? [count(problems, 'problem')] : []),
    ...(gaps > 0 ? [count(gaps, 'notice')] : []),
  ];
  const tail = notes.length > 0 ? `; ${notes.join(', ')}` : '';
  if (found === 0) {
    const text = `No findings in ${count(checkedFiles, 'file')}${tail}.`;
    return problems + gaps > 0 ? text : colors.green(text);
  }
  const kinds = [...(errors > 0 ? [count(errors, 'error')] : []), ...(warnings > 0 ? [count(warnings, 'warning')] : [])].join(', ');
  return `${colors.bold(count(found, 'finding'))} (${kinds}) in ${filesWithFindings} of ${count(checkedFiles, 'file')}${tail}.`;
}
