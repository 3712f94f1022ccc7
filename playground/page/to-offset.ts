import type { Text } from '@codemirror/state';

/** The offset of a place given by line and column from 1; of one beyond the text, the nearest in it. */
export function toOffset(doc: Text, line: number, column: number): number {
  if (line > doc.lines) return doc.length;
  const { from, to } = doc.line(Math.max(line, 1));
  return Math.min(from + Math.max(column, 1) - 1, to);
}
