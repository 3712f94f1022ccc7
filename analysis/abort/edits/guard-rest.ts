import type { SourceFile } from '../../source-file.js';
import { findStatement, placeAtEnd } from '../../repairs/place-statement.js';
import { shiftLines } from '../../repairs/shift-lines.js';
import type { TextEdit } from '../../repairs/text-edit.js';
import { getIndent, getIndentUnit, getLineBreak, hasSemicolons } from '../../repairs/text-layout.js';
import { type Node, type TSESTree, getEnclosingRoot, isFunction, isWithin, skipWrappers } from '../../syntax/node.js';
import { walk } from '../../syntax/walk.js';
import { collectBelow } from '../functions.js';

/**
 * The edits that run `release` on every way out of the block behind a statement: `statement; rest` becomes
 * `statement; try { rest } finally { release }`. What the rest returns is awaited first, or the release would come too early.
 * Undefined where the block leaves no room for that.
 */
export function guardRest(file: SourceFile, node: Node, release: string): TextEdit[] | undefined {
  const place = findRest(node);
  if (!place) return undefined;
  const { statement, rest, block } = place;
  const [first, ...others] = rest;
  if (!first) return undefined;
  // try { … } finally { … } follows, and nothing else: one more statement there is enough.
  if (first.type === 'TryStatement' && first.finalizer && others.length === 0) {
    const awaited = awaitReturns(file, [first.block]);
    return awaited && [...placeAtEnd(first.finalizer, release, file), ...awaited];
  }
  const end = skipComment(file.text, statement.range[1]);
  // An empty line stays before `try`; on one line there is no room for it.
  const gap = /^(?:\r?\n[ \t]*)*?(?=\r?\n[ \t]*\S)/.exec(file.text.slice(end));
  if (!gap) return undefined;
  const head = end + gap[0].length;
  return guard(file, block, rest, { head, open: (indent, lineBreak) => `${lineBreak}${indent}try {`, release });
}

/** The edits that put `declaration` before a statement, and run `release` on every way out of the statement and what follows it. */
export function guardFrom(file: SourceFile, node: Node, declaration: string, release: string): TextEdit[] | undefined {
  const place = findRest(node);
  if (!place) return undefined;
  const { statement, rest, block } = place;
  const unit = getIndentUnit(file.text);
  const open = (indent: string, lineBreak: string) => `${declaration}${lineBreak}${indent}try {${lineBreak}${indent}${unit}`;
  return guard(file, block, [statement, ...rest], { head: statement.range[0], open, release });
}

export interface Rest {
  readonly statement: TSESTree.Statement;
  readonly block: TSESTree.BlockStatement;
  /** What follows the statement in its block. */
  readonly rest: readonly TSESTree.Statement[];
}

/** The statement around a node and what follows it, in a function that can wait. */
export function findRest(node: Node): Rest | undefined {
  const statement = findStatement(node) as TSESTree.Statement | undefined;
  const block = statement?.parent;
  const root = getEnclosingRoot(node);
  if (!statement || block?.type !== 'BlockStatement' || !isFunction(root) || !root.async) return undefined;
  return { statement, block, rest: block.body.slice(block.body.indexOf(statement) + 1) };
}

interface Guard {
  readonly head: number;
  readonly open: (indent: string, lineBreak: string) => string;
  readonly release: string;
}

function guard(file: SourceFile, block: TSESTree.BlockStatement, rest: readonly TSESTree.Statement[], { head, open, release }: Guard): TextEdit[] | undefined {
  const [first] = rest;
  const last = rest.at(-1);
  // A declaration that is hoisted does not survive a block of its own.
  if (!first || !last || rest.some((next) => /^(?:Function|Class|TS|Import|Export)/.test(next.type)) || isNeededBefore(file, block, first.range[0])) return undefined;
  const { text } = file;
  const indent = getIndent(text, first.range[0]);
  const awaited = awaitReturns(file, rest);
  if (!indent.isOnOwnLine || !awaited) return undefined;
  const unit = getIndentUnit(text);
  const lineBreak = getLineBreak(text);
  const end = skipComment(text, last.range[1]);
  const own = hasSemicolons(text) ? release : release.replace(/;$/, '');
  return [
    { start: head, end: head, text: open(indent.text, lineBreak) },
    ...shiftLines(head, end, unit, block, file),
    ...awaited,
    { start: end, end, text: `${lineBreak}${indent.text}} finally {${lineBreak}${indent.text}${unit}${own}${lineBreak}${indent.text}}` },
  ].sort((a, b) => a.start - b.start || a.end - b.end);
}

/** Behind the comment that ends the line. */
export function skipComment(text: string, at: number): number {
  return at + /^(?:[ \t]*\/\/[^\r\n]*)?/.exec(text.slice(at))![0].length;
}

/** Something above the rest uses a name that the rest declares. */
function isNeededBefore(file: SourceFile, block: Node, start: number): boolean {
  // What stands in the body of a function belongs to the scope of the function.
  const scopes = isFunction(block.parent) ? [...file.getScopes(block.parent), ...file.getScopes(block)] : file.getScopes(block);
  return scopes.some((scope) =>
    scope.variables.some(
      (variable) =>
        variable.identifiers.some((identifier) => identifier.range[0] >= start && isWithin(identifier, block)) &&
        variable.references.some(({ identifier }) => identifier.range[0] < start || !isWithin(identifier, block)),
    ),
  );
}

/** return fetch(url)  →  return await fetch(url). Undefined where a `catch` around it would then catch more than before. */
export function awaitReturns(file: SourceFile, statements: readonly Node[]): TextEdit[] | undefined {
  const edits: TextEdit[] = [];
  let isCaught = false;
  for (const statement of statements) {
    collectBelow(statement, file, (node) => {
      if (node.type !== 'ReturnStatement' || !node.argument || !mayBePromise(file, node.argument)) return;
      if (isInTry(node, statement)) isCaught = true;
      const [start, end] = node.argument.range;
      const isSimple = /^(?:CallExpression|NewExpression|Identifier|MemberExpression|ChainExpression)$/.test(node.argument.type);
      edits.push({ start, end: start, text: isSimple ? 'await ' : 'await (' });
      if (!isSimple) edits.push({ start: end, end, text: ')' });
    });
  }
  return isCaught ? undefined : edits;
}

function isInTry(node: Node, limit: Node): boolean {
  for (let inner = node; inner !== limit && inner.parent; inner = inner.parent) {
    const { parent } = inner;
    if (parent.type === 'TryStatement' && parent.block === inner && parent.handler) return true;
  }
  return false;
}

/** Whether an expression may give a promise: a call, or a name for what a call gave. */
export function mayBePromise(file: SourceFile, argument: Node): boolean {
  const node = skipWrappers(argument);
  switch (node.type) {
    case 'CallExpression':
      return !/^(?:JSON\.|String$|Number$|Boolean$|Array\.|Object\.|Math\.)/.test(file.getText(node.callee));
    case 'NewExpression':
      return file.getOrigin(node.callee) === 'global:Promise';
    case 'ConditionalExpression':
      return mayBePromise(file, node.consequent) || mayBePromise(file, node.alternate);
    case 'LogicalExpression':
      return mayBePromise(file, node.left) || mayBePromise(file, node.right);
    case 'Identifier': {
      const variable = file.getVariable(node);
      const value = variable && file.getOnlyValue(variable);
      return value !== undefined && /^(?:CallExpression|NewExpression)$/.test(skipWrappers(value).type) && mayBePromise(file, value);
    }
    default:
      return false;
  }
}

/** The names that a text uses, for a new one that none of them is. */
export function findFreshName(file: SourceFile, candidates: readonly string[], place: Node): string | undefined {
  const used = new Set<string>();
  walk(
    getEnclosingRoot(place),
    (node) => {
      if (node.type === 'Identifier') used.add(node.name);
    },
    file.visitorKeys,
  );
  return candidates.find((name) => !used.has(name));
}
