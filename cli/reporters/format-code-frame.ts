import type { Range } from '../lint/finding.js';
import { markLine } from './mark-line.js';
import type { Colors } from './report-style.js';

/** The line of a place with carets below it, and the line before and after where they are known. */
export function formatCodeFrame(place: Range, lines: Readonly<Record<number, string>>, colors: Colors, width: number): string[] {
  const shown = [place.line - 1, place.line, place.line + 1].filter((line) => lines[line] !== undefined);
  const gutter = String(shown.at(-1) ?? place.line).length;
  const room = Math.max(20, width - gutter - 8);
  return shown.flatMap((line) => {
    const { code, carets } = markLine(lines[line]!, place, room, false);
    const isPlace = line === place.line;
    const number = `${isPlace ? '>' : ' '} ${String(line).padStart(gutter)} |`;
    const row = `  ${isPlace ? colors.bold(number) : colors.dim(number)} ${code}`.trimEnd();
    if (!isPlace || carets === undefined) return [row];
    return [row, `  ${' '.repeat(gutter + 2)} ${colors.dim('|')} ${colors.red(carets)}`];
  });
}
