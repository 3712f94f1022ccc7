import type { Range } from '../lint/finding.js';

export interface MarkedLine {
  /** The source line as it is shown: tabs as two spaces, cut to the room there is. */
  readonly code: string;
  /** Space and carets that go below it; undefined when the place lies beyond the cut. */
  readonly carets: string | undefined;
}

/** Lays out the first line of a place. `dropsIndent` starts it at its first character. */
export function markLine(source: string, place: Range, room: number, dropsIndent: boolean): MarkedLine {
  const indent = dropsIndent ? source.length - source.trimStart().length : 0;
  const measure = (length: number) => expandTabs(source.slice(indent, Math.max(indent, length))).length;
  const start = measure(place.column - 1);
  const end = measure(place.endLine === place.line ? place.endColumn - 1 : source.trimEnd().length);
  const carets = '^'.repeat(Math.max(1, Math.min(end, room) - start));
  return { code: cut(expandTabs(source.slice(indent)), room), carets: start < room ? ' '.repeat(start) + carets : undefined };
}

/** Shortens a line to `room` characters. */
export function cut(line: string, room: number): string {
  return line.length > room ? `${line.slice(0, Math.max(0, room - 1))}…` : line;
}

function expandTabs(line: string): string {
  return line.replace(/\t/g, '  ');
}
