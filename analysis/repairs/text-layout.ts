/** The white space that a position's line starts with, and whether nothing else stands before the position. */
export function getIndent(text: string, position: number): { readonly text: string; readonly isOnOwnLine: boolean } {
  const lineStart = Math.max(text.lastIndexOf('\n', position - 1), text.lastIndexOf('\r', position - 1)) + 1;
  const before = text.slice(lineStart, position);
  const indent = /^[\t \uFEFF]*/.exec(before)![0];
  return { text: indent.replace('\uFEFF', ''), isOnOwnLine: indent.length === before.length };
}

/** What one level of indentation is in a text: the smallest step that its lines show, two spaces where none does. */
export function getIndentUnit(text: string): string {
  if (/^\t/m.test(text)) return '\t';
  let smallest = Infinity;
  for (const [, spaces] of text.matchAll(/^( +)\S/gm)) if (spaces!.length > 1) smallest = Math.min(smallest, spaces!.length);
  return ' '.repeat(smallest === Infinity || smallest > 8 ? 2 : smallest);
}

export function getLineBreak(text: string): string {
  return /\r\n/.test(text) ? '\r\n' : '\n';
}

/** Whether statements in a text end with semicolons: whether any line or block does. */
export function hasSemicolons(text: string): boolean {
  return /;[ \t]*(?:\/\/[^\n]*)?\r?$|;\s*\}/m.test(text);
}
