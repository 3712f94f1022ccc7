import type { Range } from '../lint/finding.js';
import type { Colors } from './report-style.js';

/** The line of a place with carets below it, and the line before and after where they are known. */
export function formatCodeFrame(place: Range, lines: Readonly<Record<number, string>>, colors: Colors, width: number): string[] {
  const shown = [place.line - 1, place.line, place.line + 1].filter((line) => lines[line] !== undefined);
  const gutter = String(shown.at(-1) ?? place.line).length;
  const room = Math.max(20, width - gutter - 8);
  return shown.flatMap((line) => {
    const isPlace = line === place.line;
    const source = lines[line]!;
    const number = `${isPlace ? '>' : ' '} ${String(line).padStart(gutter)} |`;
    const row = `  ${isPlace ? colors.bold(number) : colors.dim(number)} ${cut(expandTabs(source), room)}`.trimEnd();
    if (!isPlace) return [row];
    const before = expandTabs(source.slice(0, place.column - 1)).length;
    const end = place.endLine === place.line ? place.endColumn - 1 : source.length;
    const marked = Math.max(1, Math.min(expandTabs(source.slice(0, end)).length, room) - before);
    const carets = `  ${' '.repeat(gutter + 2)} ${colors.dim('|')} ${' '.repeat(before)}${colors.red('^'.repeat(marked))}`;
    return before < room ? [row, carets] : [row];
  });
}

/** Shortens a line to `room` characters. */
export function cut(line: string, room: number): string {
  return line.length > room ? `${line.slice(0, Math.max(0, room - 1))}…` : line;
}

function expandTabs(line: string): string {
  return line.replace(/\t/g, '  ');
}
