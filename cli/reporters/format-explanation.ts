import type { CheckedFile, CheckedFinding, Step } from '../lint/finding.js';
import { markLine } from './mark-line.js';
import { type ReportStyle, showPath } from './report-style.js';

/** One finding drawn as a path from the cause at the top to the exit at the bottom, with the code of each step. */
export function formatExplanation(finding: CheckedFinding, file: CheckedFile, style: ReportStyle): string {
  const { colors, cwd } = style;
  const suppressed = { comment: 'switched off by a comment', 'suppressions-file': 'recorded in eslint-suppressions.json' };
  const notes = [finding.severity, finding.certainty, finding.suppressedBy && suppressed[finding.suppressedBy]].filter(Boolean);
  const head = [
    `${colors.bold(`${showPath(file.path, cwd)}:${finding.line}:${finding.column}`)}  ${finding.rule}  ${colors.dim(notes.join(', '))}`,
    finding.message,
    '',
  ];
  const steps = finding.path.flatMap((step, index) => drawStep(step, index, finding.path.length, file, style));
  return [...head, ...(steps.length > 0 ? steps : ['The rule gives no path for this finding.'])].join('\n');
}

function drawStep(step: Step, index: number, length: number, file: CheckedFile, { colors, cwd, width }: ReportStyle): string[] {
  const isLast = index === length - 1;
  const mark = isLast ? '╰─' : index === 0 ? '╭─' : '├─';
  const bar = isLast ? '  ' : '│ ';
  const number = String(step.line);
  const room = Math.max(20, width - number.length - 8);
  const { code, carets } = markLine(file.sourceLines[step.line] ?? '', step, room, true);
  return [
    `${mark} ${colors.cyan(step.kind)}  ${step.text}  ${colors.dim(`${showPath(file.path, cwd)}:${step.line}:${step.column}`)}`,
    `${bar} ${number} ${colors.dim('|')} ${code}`,
    ...(carets === undefined ? [] : [`${bar} ${' '.repeat(number.length)} ${colors.dim('|')} ${colors.red(carets)}`]),
    ...(isLast ? [] : ['│']),
  ];
}
