import { matchesCallee } from '../../ownership/acquisitions.js';
import type { TextEdit } from '../../repairs/text-edit.js';
import { temporaryKinds } from '../../resources/temp-files.js';
import type { SourceFile } from '../../source-file.js';
import { type Node, getPropertyName, skipWrappers } from '../../syntax/node.js';
import { walk } from '../../syntax/walk.js';
import type { PathUses } from './find-keeps.js';

/** A statement that removes the path when everything went well. */
interface Removal {
  readonly statement: Node;
  /** The edits that take the statement out. */
  readonly edits: readonly TextEdit[];
  readonly isLast: boolean;
}

/** The removal that nothing but a plain `return` follows: the end of the block removes the path as soon. */
export function getTailRemoval(statements: readonly Node[], uses: PathUses, file: SourceFile): Removal | undefined {
  const index = statements.findLastIndex((statement) => isRemoval(statement, uses, file));
  const statement = statements[index];
  if (!statement || !statements.slice(index + 1).every((later) => isQuiet(later))) return undefined;
  const edit = takeOut(statement, file);
  return edit && { statement, edits: [edit], isLast: index === statements.length - 1 };
}

/** await rm(dir, { recursive: true }); */
export function isRemoval(statement: Node, { variables }: PathUses, file: SourceFile): boolean {
  if (statement.type !== 'ExpressionStatement') return false;
  const expression = skipWrappers(statement.expression);
  const call = expression.type === 'AwaitExpression' ? skipWrappers(expression.argument) : expression;
  if (call.type !== 'CallExpression') return false;
  const callee = skipWrappers(call.callee);
  const isOwn = (node: Node | undefined) => {
    const variable = node?.type === 'Identifier' ? file.getVariable(node) : undefined;
    return variable !== undefined && variables.has(variable);
  };
  if (callee.type === 'MemberExpression' && /^(?:removeCallback|cleanup)$/.test(getPropertyName(callee) ?? '')) return isOwn(skipWrappers(callee.object));
  const path = call.arguments[0] && skipWrappers(call.arguments[0]);
  if (!isOwn(path) || /rename|move|mv/i.test(file.getText(callee))) return false;
  return temporaryKinds.some((kind) => kind.releasers?.some(({ calls }) => matchesCallee(calls, call, file)));
}

/** return value; */
export function isQuiet(statement: Node): boolean {
  if (statement.type !== 'ReturnStatement') return false;
  let isCalling = false;
  walk(statement, (node) => {
    if (/^(?:Call|New|Await|Yield|TaggedTemplate)Expression$/.test(node.type)) isCalling = true;
    return !isCalling;
  });
  return !isCalling;
}

/** The whole lines of a statement; undefined where something else stands on them, or a comment belongs to it. */
export function takeOut(statement: Node, file: SourceFile): TextEdit | undefined {
  const { text } = file;
  const [from, to] = statement.range;
  const before = /(?:^|\n)[ \t]*$/.exec(text.slice(0, from));
  const after = /^[ \t]*(?:\r?\n|$)/.exec(text.slice(to));
  if (!before || !after || /(?:\/\/[^\n]*|\*\/)\s*$/.test(text.slice(0, from))) return undefined;
  // The empty lines before the last statement of a block go with it.
  const isLast = /^\s*\}/.test(text.slice(to));
  const gap = isLast ? /(?:\r?\n[ \t]*)+$/.exec(text.slice(0, before.index)) : null;
  const start = (gap && before[0].startsWith('\n') ? gap.index + gap[0].indexOf('\n') : before.index) + (before[0].startsWith('\n') ? 1 : 0);
  return { start, end: to + after[0].length, text: '' };
}
