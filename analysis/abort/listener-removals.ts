import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, type TSESTree, findEnclosingFunction, getPropertyName, getStringValue, isFunction, isWithin, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { type Uses, findCallsByName } from '../timers/release-loss.js';
import { findFunction, someBelow } from './functions.js';

/** The calls that remove the listener; an inline function can be named by none. */
export function getRemovals(file: SourceFile, listener: Node): Uses {
  const node = skipWrappers(listener);
  const none: Uses = { clears: [], helpers: new Map(), isOutOfSight: false };
  if (isFunction(node) || node.type === 'CallExpression') return none;
  const clears: TSESTree.CallExpression[] = [];
  if (node.type === 'MemberExpression') {
    // this.onAbort: removed anywhere is removed.
    const text = file.getText(node);
    const isRemoved = new RegExp(`removeEventListener\\(\\s*['"]abort['"]\\s*,\\s*${text.replace(/[$.#]/g, '\\$&')}\\b`).test(file.text);
    return isRemoved ? { ...none, isOutOfSight: true } : none;
  }
  const variable = node.type === 'Identifier' ? file.getVariable(node) : undefined;
  if (!variable) return { ...none, isOutOfSight: true };
  let isUsedOtherwise = false;
  for (const reference of variable.references) {
    if (reference.isWrite()) continue;
    const value = outermostWrapper(reference.identifier);
    const { parent } = value;
    if (parent?.type !== 'CallExpression') {
      // return onAbort, { onAbort }: whoever gets it may remove it.
      if (parent && /^(?:ReturnStatement|Property|ArrayExpression|AssignmentExpression|ArrowFunctionExpression)$/.test(parent.type)) return { ...none, isOutOfSight: true };
      continue;
    }
    const callee = skipWrappers(parent.callee);
    const method = callee.type === 'MemberExpression' ? getPropertyName(callee) : undefined;
    if (method === 'addEventListener') continue;
    if (method === 'removeEventListener') clears.push(parent);
    // off(signal, 'abort', onAbort): perhaps another way to remove it
    else if (parent.arguments.some((argument) => getStringValue(argument) === 'abort')) return { ...none, isOutOfSight: true };
    else isUsedOtherwise = true;
  }
  // One function for every outcome, `const done = () => { signal.removeEventListener('abort', done); … }`, also called or passed elsewhere.
  const handler = findFunction(file, node);
  if (isUsedOtherwise && handler && clears.some((clear) => isWithin(clear, handler))) return { ...none, isOutOfSight: true };
  const helpers = new Map<FunctionNode, readonly TSESTree.CallExpression[]>();
  for (const clear of clears) {
    const owner = findEnclosingFunction(clear);
    const calls = owner && !isWithin(node, owner) ? findCallsByName(file, owner) : undefined;
    if (owner && calls) helpers.set(owner, calls);
  }
  return { clears, helpers, isOutOfSight: false };
}

/** signal.removeEventListener('abort', this.stop.bind(this)): a function that nobody added, so that nothing is removed. */
export function isRemovedInVain(file: SourceFile, registration: TSESTree.CallExpression, root: FunctionNode): boolean {
  const signal = skipWrappers(registration.callee);
  if (signal.type !== 'MemberExpression') return false;
  return someBelow(
    root,
    (node) => {
      const callee = node.type === 'CallExpression' ? skipWrappers(node.callee) : undefined;
      if (node.type !== 'CallExpression' || callee?.type !== 'MemberExpression' || getPropertyName(callee) !== 'removeEventListener') return false;
      const [event, listener] = node.arguments;
      if (getStringValue(event) !== 'abort' || !listener || file.getText(callee.object) !== file.getText(signal.object)) return false;
      const removed = skipWrappers(listener);
      return isFunction(removed) || (removed.type === 'CallExpression' && getMethodName(removed) === 'bind');
    },
    file,
  );
}

function getMethodName(call: TSESTree.CallExpression): string | undefined {
  const callee = skipWrappers(call.callee);
  return callee.type === 'MemberExpression' ? getPropertyName(callee) : undefined;
}
