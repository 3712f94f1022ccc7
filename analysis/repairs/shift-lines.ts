import type { SourceFile } from '../source-file.js';
import type { Node } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import type { TextEdit } from './text-edit.js';

/** Edits that indent the lines that begin in a stretch of `node` by `unit`, save empty lines and those inside of strings and templates. */
export function shiftLines(start: number, end: number, unit: string, node: Node, file: SourceFile): TextEdit[] {
  const { text } = file;
  const fixed: (readonly [number, number])[] = [];
  walk(
    node,
    (inner) => {
      if (inner.type === 'TemplateElement' || inner.type === 'Literal' || inner.type === 'JSXText') fixed.push(inner.range);
    },
    file.visitorKeys,
  );
  const edits: TextEdit[] = [];
  for (let at = text.indexOf('\n', start); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) {
    const line = at + 1;
    const isEmpty = /^[ \t]*(?:\r?\n|$)/.test(text.slice(line, line + 400));
    if (!isEmpty && !fixed.some(([from, to]) => from < line && line <= to)) edits.push({ start: line, end: line, text: unit });
  }
  return edits;
}
