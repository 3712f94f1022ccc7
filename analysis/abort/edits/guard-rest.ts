import type { SourceFile } from '../../source-file.js';
import { findStatement, placeAtEnd } from '../../repairs/place-statement.js';
import { shiftLines } from '../../repairs/shift-lines.js';
import type { TextEdit } from '../../repairs/text-edit.js';
import { getIndent, getIndentUnit, getLineBreak, hasSemicolons } from '../../repairs/text-layout.js';
import { type Node, type TSESTree, getEnclosingRoot, isFunction, skipWrappers } from '../../syntax/node.js';
import { walk } from '../../syntax/walk.js';
import { collectBelow, isWithin } from '../functions.js';

/**
 * The edits that run `release` on every way out of the block behind a statement: `statement; rest` becomes
 * `statement; try { rest } finally { release }`. What the rest returns is awaited first, or the release would come too early.
 * Undefined where the block leaves no room for that.
 */
export function guardRest(file: SourceFile, node: Node, release: string): TextEdit[] | undefined {
  const statement = findStatement(node);
  const block = statement?.parent;
  const root = getEnclosingRoot(node);
  if (!statement || block?.type !== 'BlockStatement' || !isFunction(root) || !root.async) return undefined;
  const rest = block.body.slice(block.body.indexOf(statement as TSESTree.Statement) + 1);
  const [first] = rest;
  const last = rest.at(-1);
  if (!first || !last) return undefined;
  // try { … } finally { … } follows: one more statement there is enough.
  if (first.type === 'TryStatement' && first.finalizer) return [...placeAtEnd(first.finalizer, release, file), ...awaitReturns(file, [first.block])];
  // A declaration that is hoisted does not survive a block of its own.
  if (rest.some((next) => /^(?:Function|Class|TS|Import|Export)/.test(next.type)) || isNeededBefore(file, block, first.range[0])) return undefined;
  const { text } = file;
  const indent = getIndent(text, statement.range[0]);
  if (!indent.isOnOwnLine) return undefined;
  const unit = getIndentUnit(text);
  const lineBreak = getLineBreak(text);
  const skipComment = (at: number) => at + /^(?:[ \t]*\/\/[^\r\n]*)?/.exec(text.slice(at))![0].length;
  const head = skipComment(statement.range[1]);
  const end = skipComment(last.range[1]);
  const own = hasSemicolons(text) ? release : release.replace(/;$/, '');
  return [
    { start: head, end: head, text: `${lineBreak}${indent.text}try {` },
    ...shiftLines(head, end, unit, block, file),
    ...awaitReturns(file, rest),
    { start: end, end, text: `${lineBreak}${indent.text}} finally {${lineBreak}${indent.text}${unit}${own}${lineBreak}${indent.text}}` },
  ].sort((a, b) => a.start - b.start || a.end - b.end);
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

/** return fetch(url)  →  return await fetch(url) */
export function awaitReturns(file: SourceFile, statements: readonly Node[]): TextEdit[] {
  const edits: TextEdit[] = [];
  for (const statement of statements) {
    collectBelow(statement, file, (node) => {
      if (node.type !== 'ReturnStatement' || !node.argument || !mayBePromise(file, node.argument)) return;
      const [start, end] = node.argument.range;
      const isSimple = /^(?:CallExpression|NewExpression|Identifier|MemberExpression|ChainExpression)$/.test(node.argument.type);
      edits.push({ start, end: start, text: isSimple ? 'await ' : 'await (' });
      if (!isSimple) edits.push({ start: end, end, text: ')' });
    });
  }
  return edits;
}

function mayBePromise(file: SourceFile, argument: Node): boolean {
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
      return value !== undefined && skipWrappers(value).type === 'CallExpression' && mayBePromise(file, value);
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

/** Whether a file is TypeScript, by its name. */
export function isTypeScript(file: SourceFile): boolean {
  return /\.[cm]?tsx?$/.test(file.filename ?? '');
}
