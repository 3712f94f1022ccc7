import type { SourceFile } from '../source-file.js';
import { type Node, type TSESTree, getEnclosingRoot, isFunction, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import { awaitReturns } from '../abort/edits/guard-rest.js';
import { shiftLines } from './shift-lines.js';
import type { TextEdit } from './text-edit.js';
import { getIndent, getIndentUnit, getLineBreak, hasSemicolons } from './text-layout.js';

export interface Guard {
  /** Statements before the `try`. */
  readonly head?: readonly string[];
  /** `finally`: what runs on every way out. `rethrow`: what runs before an exception goes on. */
  readonly kind: 'finally' | 'rethrow';
  readonly release: readonly string[];
  /** What the caught exception is called, of `rethrow`. */
  readonly caught?: string;
}

/**
 * first; …; last;  →  head; try { first; …; last; } finally { release }
 *
 * The statements are neighbours in one block. What they return is awaited first, or the release would come too early.
 * Undefined where a name that they declare is needed outside of them, or they do not begin on a line of their own.
 */
export function guardStatements(statements: readonly Node[], guard: Guard, file: SourceFile): TextEdit[] | undefined {
  const [first] = statements;
  const last = statements.at(-1);
  if (!first || !last || !first.parent) return undefined;
  if (statements.some(({ type }) => /^(?:Function|Class|TS|Import|Export)/.test(type)) || isNeededOutside(first.parent, first.range[0], last.range[1], file)) return undefined;
  const { text } = file;
  const indent = getIndent(text, first.range[0]);
  if (!indent.isOnOwnLine) return undefined;
  const unit = getIndentUnit(text);
  const line = `${getLineBreak(text)}${indent.text}`;
  const style = (statement: string) => (hasSemicolons(text) ? statement : statement.replace(/;$/, ''));
  const start = getStartWithComments(first, file);
  // The comment behind the last statement stays with it.
  const end = last.range[1] + /^(?:[ \t]*\/\/[^\r\n]*)?/.exec(text.slice(last.range[1]))![0].length;
  const head = (guard.head ?? []).map((statement) => `${style(statement)}${line}`).join('');
  const release = guard.release.map((statement) => `${line}${unit}${style(statement)}`).join('');
  const caught = guard.caught ?? 'error';
  const tail = guard.kind === 'finally' ? `} finally {${release}${line}}` : `} catch (${caught}) {${release}${line}${unit}${style(`throw ${caught};`)}${line}}`;
  const root = getEnclosingRoot(first);
  const awaited = isFunction(root) && root.async ? awaitPromises(file, statements) : [];
  if (!awaited) return undefined;
  return [
    { start, end: start, text: `${head}try {${line}${unit}` },
    ...shiftLines(start, end, unit, first.parent, file),
    ...awaited,
    { start: end, end, text: `${line}${tail}` },
  ].sort((a, b) => a.start - b.start || a.end - b.end);
}

/** return run(dir)  →  return await run(dir): what the rest of a block returns is awaited before the block is left. */
export function awaitPromises(file: SourceFile, statements: readonly Node[]): TextEdit[] | undefined {
  const plain = new Set<number>();
  for (const statement of statements) {
    walk(statement, (node) => {
      if (node.type === 'ReturnStatement' && node.argument && isPlain(node.argument, file)) plain.add(node.argument.range[0]).add(node.argument.range[1]);
      return !isFunction(node);
    });
  }
  return awaitReturns(file, statements)?.filter(({ start }) => !plain.has(start));
}

/** A value that is no promise: a text or a path. */
function isPlain(expression: Node, file: SourceFile): boolean {
  const node = skipWrappers(expression);
  if (node.type === 'TemplateLiteral' || node.type === 'BinaryExpression') return true;
  if (node.type === 'CallExpression') return /^(?:path:|(?:fs|child_process):\w+Sync$|os:)/.test(file.getOrigin(node.callee) ?? '');
  const variable = node.type === 'Identifier' ? file.getVariable(node) : undefined;
  const value = variable && file.getOnlyValue(variable);
  return value !== undefined && (skipWrappers(value).type === 'AwaitExpression' || isPlain(value, file));
}

/** Where the lines of comment right above a statement begin, or the statement. */
function getStartWithComments(statement: Node, file: SourceFile): number {
  const { text } = file;
  let start = statement.range[0];
  for (;;) {
    const before = /(?:^|\n)[ \t]*(\/\/[^\r\n]*)\r?\n[ \t]*$/.exec(text.slice(0, start));
    if (!before) return start;
    start = before.index + before[0].indexOf(before[1]!);
  }
}

/** Whether a name that is declared in a part of a block is used outside of that part. */
function isNeededOutside(block: Node, start: number, end: number, file: SourceFile): boolean {
  const scopes = isFunction(block.parent) ? [...file.getScopes(block.parent), ...file.getScopes(block)] : file.getScopes(block);
  const isInside = ({ range }: Node) => range[0] >= start && range[1] <= end;
  return scopes
    .flatMap((scope) => scope.variables)
    .some((variable) => variable.identifiers.some(isInside) && variable.references.some(({ identifier }) => !isInside(identifier)));
}

/** The statements of the block around a statement, where it is one of a list. */
export function getStatements(statement: Node): readonly TSESTree.Statement[] | undefined {
  const { parent } = statement;
  return parent?.type === 'BlockStatement' || parent?.type === 'Program' ? (parent.body) : undefined;
}
