import type { SourceFile } from '../source-file.js';
import type { Node } from '../syntax/node.js';
import type { TextEdit } from './text-edit.js';

/** Takes a statement away with the rest of its line and the indentation of the next. */
export function removeLine(file: SourceFile, statement: Node): TextEdit {
  const after = /^[ \t]*\r?\n[ \t]*/.exec(file.text.slice(statement.range[1]))?.[0] ?? '';
  return { start: statement.range[0], end: statement.range[1] + after.length, text: '' };
}
