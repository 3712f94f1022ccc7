import type { CheckedFile, CheckedFinding } from '../lint/finding.js';
import { cut } from './mark-line.js';
import { type ReportStyle, showPath } from './report-style.js';

/** The steps of a finding's path, one row each: what happens, where, why, and the code line. */
export function formatPath(finding: CheckedFinding, file: CheckedFile, style: ReportStyle): string[] {
  const { colors, cwd, width } = style;
  const [first] = finding.path;
  const saysNothingNew = finding.path.length === 1 && first!.line === finding.line;
  if (!first || saysNothingNew) return [];
  const rows = finding.path.map((step) => ({
    kind: step.kind,
    place: `${showPath(file.path, cwd)}:${step.line}:${step.column}`,
    text: step.text,
    code: (file.sourceLines[step.line] ?? '').trim(),
  }));
  const longest = (key: 'kind' | 'place' | 'text') => Math.max(...rows.map((row) => row[key].length));
  const [kind, place, text] = [longest('kind'), longest('place'), longest('text')];
  const room = Math.max(20, width - kind - place - text - 8);
  return rows.map((row) =>
    [
      `  ${colors.cyan(row.kind.padEnd(kind))}`,
      colors.dim(row.place.padEnd(place)),
      row.text.padEnd(text),
      colors.dim(cut(row.code, room)),
    ]
      .join('  ')
      .trimEnd(),
  );
}
