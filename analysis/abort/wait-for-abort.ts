import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, findEnclosingFunction, isWithin, outermostWrapper } from '../syntax/node.js';
import { findExecutor, getSettleSites } from '../timers/promise-executor.js';
import { findFunction } from './functions.js';
import type { Registration } from './listener-registration.js';

/**
 * `await new Promise((resolve) => signal.addEventListener('abort', resolve))`: code that waits for the abort and for nothing
 * else goes on only when the listener is done.
 */
export function isWaitForAbort(file: SourceFile, { call, listener }: Registration): boolean {
  const executor = findEnclosingFunction(call);
  const creation = executor?.parent;
  if (!executor || !creation || findExecutor(file, creation) !== executor) return false;
  const handler = findFunction(file, listener) ?? listener;
  const settlesOtherwise = getSettleSites(file, executor).some(({ node }) => !isWithin(node, handler) && !isAfterAbort(file, node, executor));
  return !settlesOtherwise && isAwaitedAlone(file, creation);
}

/** if (signal.aborted) resolve(): the abort has come before. */
function isAfterAbort(file: SourceFile, place: Node, executor: FunctionNode): boolean {
  for (let node = place; node !== executor && node.parent; node = node.parent) {
    const { parent } = node;
    if (parent.type === 'IfStatement' && parent.consequent === node && /\.aborted$/.test(file.getText(parent.test))) return true;
  }
  return false;
}

function isAwaitedAlone(file: SourceFile, promise: Node): boolean {
  const { parent } = outermostWrapper(promise);
  if (parent?.type === 'AwaitExpression') return true;
  const variable = parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier' ? file.getVariable(parent.id) : undefined;
  return variable?.references.some(({ identifier }) => outermostWrapper(identifier).parent?.type === 'AwaitExpression') ?? false;
}
