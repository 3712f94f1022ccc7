import { type Node, type TSESTree, getPropertyName, getStringValue, isFunction, skipWrappers } from '../syntax/node.js';
import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';

/** How a new error reaches those who handle errors. */
export type ExitKind = 'thrown' | 'rejected' | 'passed' | 'returned';

export interface ReplacementExit {
  readonly kind: ExitKind;
  readonly node: Node;
  /** The whole expression that leaves at `node`, of which the new error is the value: `Object.assign(new X(), …)`. */
  readonly value: Node;
  /** The variable that held the new error on its way. */
  readonly variable?: Variable | undefined;
}

const CALLBACK_NAME = /^(?:cb|callback|done|next|fail|onError|errback|finish|handler)$|(?:Callback|Cb)$/;
const REJECTOR_NAME = /^(?:reject\w*|_reject|rej|throwError|errAsync|err|Err|fail|failure|left)$/;

/**
 * Where an error made at `construct` goes out: `throw`, `reject(…)`, a callback's first argument, or the value of a
 * handler. Undefined where it only stays (is logged, stored, compared).
 */
export function findReplacementExit(file: SourceFile, construct: Node, handler: Node): ReplacementExit | undefined {
  const value = findWholeValue(construct);
  const direct = findExitOf(file, value, handler);
  if (direct) return direct;
  const variable = findHolder(file, findBranchTop(value));
  if (!variable) return undefined;
  for (const { identifier } of variable.references) {
    const exit = findExitOf(file, findWholeValue(identifier), handler);
    if (exit) return { ...exit, value, variable };
  }
  return undefined;
}

/** The expression that has the new error as its value: through casts, `await`, `Object.assign(x, …)` and `x.with(…)`. */
function findWholeValue(construct: Node): Node {
  let node = construct;
  for (let { parent } = node; parent; { parent } = node) {
    const isWrapper = skipWrappers(parent) !== parent && skipWrappers(parent) === skipWrappers(node);
    if (isWrapper || parent.type === 'AwaitExpression') node = parent;
    else if (parent.type === 'CallExpression' && parent.arguments[0] === node && isObjectAssign(parent)) node = parent;
    else if (parent.type === 'MemberExpression' && parent.object === node && parent.parent.type === 'CallExpression' && parent.parent.callee === parent) node = parent.parent;
    else break;
  }
  return node;
}

function isObjectAssign(call: TSESTree.CallExpression): boolean {
  const { callee } = call;
  return callee.type === 'MemberExpression' && callee.object.type === 'Identifier' && callee.object.name === 'Object' && getPropertyName(callee) === 'assign';
}

/** Up through `a ? x : y` and `a ?? x`, of which the new error is one outcome. */
function findBranchTop(value: Node): Node {
  let node = value;
  for (let { parent } = node; parent; { parent } = node) {
    const isBranch = (parent.type === 'ConditionalExpression' && parent.test !== node) || parent.type === 'LogicalExpression';
    const isWrapper = skipWrappers(parent) !== parent && skipWrappers(parent) === skipWrappers(node);
    if (!isBranch && !isWrapper) return node;
    node = parent;
  }
  return node;
}

function findExitOf(file: SourceFile, value: Node, handler: Node): ReplacementExit | undefined {
  const top = findBranchTop(value);
  const { parent } = top;
  if (!parent) return undefined;
  switch (parent.type) {
    case 'ThrowStatement':
      return isCaughtAgain(parent, handler) ? undefined : { kind: 'thrown', node: parent, value };
    case 'ReturnStatement':
    case 'ArrowFunctionExpression':
      return isReturnedBy(parent, top, handler) ? { kind: 'returned', node: parent, value } : undefined;
    case 'CallExpression': {
      const index = parent.arguments.indexOf(top as TSESTree.Expression);
      const kind = index < 0 ? undefined : findKindOfCall(file, parent, index);
      return kind && !(kind === 'returned' && !isUsedResult(parent)) ? { kind, node: parent, value } : undefined;
    }
    default:
      return undefined;
  }
}

function findKindOfCall(file: SourceFile, call: TSESTree.CallExpression, index: number): ExitKind | undefined {
  const callee = skipWrappers(call.callee);
  if (callee.type === 'Identifier') {
    if (index > 0) return undefined;
    if (REJECTOR_NAME.test(callee.name)) return 'rejected';
    return CALLBACK_NAME.test(callee.name) && isParameter(file, callee) ? 'passed' : undefined;
  }
  if (callee.type !== 'MemberExpression') return undefined;
  const name = getPropertyName(callee);
  if (name === undefined) return undefined;
  if (name === 'emit') return index === 1 && getStringValue(call.arguments[0]) === 'error' ? 'passed' : undefined;
  if (index > 0) return undefined;
  if (REJECTOR_NAME.test(name) && !/^(?:err|left)$/.test(name)) return 'rejected';
  if (name === 'err' || name === 'left') return 'returned';
  if (name === 'destroy') return 'passed';
  if (name === 'error') return callee.object.type === 'Identifier' && /controller|observer|subscriber|sink/i.test(callee.object.name) ? 'passed' : undefined;
  // op.retry(error) of the `retry` package takes the error of this attempt.
  if (name === 'retry') return 'passed';
  return CALLBACK_NAME.test(name) && callee.object.type !== 'ThisExpression' && name !== 'next' ? 'passed' : undefined;
}

function isParameter(file: SourceFile, identifier: Node): boolean {
  return file.getReference(identifier)?.resolved?.defs[0]?.type === 'Parameter';
}

function isUsedResult(call: Node): boolean {
  return call.parent?.type === 'ReturnStatement' || call.parent?.type === 'ArrowFunctionExpression';
}

/** Whether a `return` gives the value of the handler itself: of the function that got the error, or around its `catch`. */
function isReturnedBy(exit: Node, top: Node, handler: Node): boolean {
  if (exit.type === 'ArrowFunctionExpression') return exit === handler && exit.body === top;
  for (let outer = exit.parent; outer; outer = outer.parent) {
    if (outer === handler) return true;
    if (isFunction(outer)) return false;
  }
  return false;
}

/** Whether a `try` between the throw and the handler takes the new error in. */
function isCaughtAgain(exit: Node, handler: Node): boolean {
  let inner = exit;
  for (let outer = exit.parent; outer && inner !== handler; inner = outer, outer = outer.parent) {
    if (outer.type === 'TryStatement' && outer.block === inner && outer.handler) return true;
  }
  return false;
}

/** const failure = new X(…)  or  failure = new X(…) */
function findHolder(file: SourceFile, value: Node): Variable | undefined {
  const { parent } = value;
  if (parent?.type === 'VariableDeclarator' && parent.init === value && parent.id.type === 'Identifier') return file.getVariable(parent.id);
  if (parent?.type === 'AssignmentExpression' && parent.right === value && parent.left.type === 'Identifier') return file.getVariable(parent.left);
  return undefined;
}

