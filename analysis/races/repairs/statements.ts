import type { TextEdit } from '../../repairs/text-edit.js';
import { getIndent } from '../../repairs/text-layout.js';
import type { SourceFile } from '../../source-file.js';
import type { Node } from '../../syntax/node.js';

/** Whether another statement can be put before this one. */
export function isInList(statement: Node): boolean {
  return statement.parent?.type === 'BlockStatement' || statement.parent?.type === 'Program' || statement.parent?.type === 'SwitchCase';
}

/** The edit that takes a statement out, with its line; undefined where something else stands on it. */
export function getDroppedStatement(statement: Node, { text }: SourceFile): TextEdit | undefined {
  const [start, end] = statement.range;
  const indent = getIndent(text, start);
  const rest = /^[ \t]*(?:\r?\n)/.exec(text.slice(end));
  if (!indent.isOnOwnLine || !rest) return undefined;
  return { start: start - indent.text.length, end: end + rest[0].length, text: '' };
}
