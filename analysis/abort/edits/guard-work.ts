import { findStatement } from '../../repairs/place-statement.js';
import type { TextEdit } from '../../repairs/text-edit.js';
import type { SourceFile } from '../../source-file.js';
import { type FunctionNode, type Node, type TSESTree, getEnclosingRoot, getPropertyName, isFunction, skipWrappers } from '../../syntax/node.js';
import { findAbortable } from '../abortable-calls.js';
import { findFunction, someBelow } from '../functions.js';
import { addFinally, findChainEnd } from './finally-edit.js';
import { guardRest, mayBePromise } from './guard-rest.js';

/** Runs `release` behind the work that follows in the same block: in `finally`, or at the end of the promise that is returned. */
export function guardWork(file: SourceFile, node: Node, release: string): TextEdit[] | undefined {
  const statement = findStatement(node);
  const block = statement?.parent;
  const root = getEnclosingRoot(node);
  if (block?.type !== 'BlockStatement' || !isFunction(root)) return undefined;
  const rest = block.body.slice(block.body.indexOf(statement as never) + 1);
  const last = rest.at(-1);
  // Without a wait in the block the work is elsewhere, and would be cut off from what is released.
  if (root.async) return rest.some((next) => hasWait(file, next)) ? guardRest(file, node, release) : undefined;
  const isOnlyReturn = last?.type === 'ReturnStatement' && last.argument?.type === 'CallExpression' && givesPromise(file, last.argument, root) && !rest.slice(0, -1).some((next) => leaves(file, next));
  return isOnlyReturn ? addFinally(findChainEnd(last.argument!), release) : undefined;
}

/** Whether a statement waits for something, or returns what a call gives. */
export function hasWait(file: SourceFile, statement: Node): boolean {
  return someBelow(
    statement,
    (inner) => inner.type === 'AwaitExpression' || (inner.type === 'ForOfStatement' && inner.await) || (inner.type === 'ReturnStatement' && inner.argument !== null && mayBePromise(file, inner.argument)),
    file,
  );
}

function leaves(file: SourceFile, statement: Node): boolean {
  return someBelow(statement, (inner) => inner.type === 'ReturnStatement' || inner.type === 'ThrowStatement', file);
}

/** Whether what a call gives is known to be a promise: by the return type around it, by its name, or by the function it calls. */
function givesPromise(file: SourceFile, call: TSESTree.CallExpression, root: FunctionNode): boolean {
  if (root.returnType && /^:\s*Promise\b/.test(file.getText(root.returnType))) return true;
  const callee = skipWrappers(call.callee);
  if (callee.type === 'MemberExpression' && /^(?:then|catch|finally)$/.test(getPropertyName(callee) ?? '')) return true;
  if (file.getOrigin(callee)?.startsWith('global:Promise.') || findFunction(file, callee)?.async) return true;
  return findAbortable(file, call)?.kind === 'network';
}
