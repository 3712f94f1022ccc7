import { isTeardownName } from './teardown.js';
import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type Node, getPropertyName, isFunction, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import { type ListenerCall, getListenerCalls } from './listener-calls.js';
import { type Target, getTarget } from './targets.js';

/** How a handler can be named again. A function written in place, and what a call such as `bind` returns, cannot. */
export interface HandlerIdentity {
  readonly kind: 'inline' | 'variable' | 'member' | 'foreign' | 'unknown';
  readonly variable?: Variable | undefined;
  readonly text?: string | undefined;
}

export function getHandlerIdentity(file: SourceFile, handler: Node | undefined): HandlerIdentity {
  if (!handler) return { kind: 'unknown' };
  const node = skipWrappers(handler);
  switch (node.type) {
    case 'ArrowFunctionExpression':
    case 'CallExpression':
      return { kind: 'inline' };
    case 'FunctionExpression': {
      const variable = node.id ? file.getVariable(node.id) : undefined;
      return variable ? { kind: 'variable', variable } : { kind: 'inline' };
    }
    case 'AssignmentExpression':
      return getHandlerIdentity(file, node.left);
    case 'Identifier': {
      const variable = file.getVariable(node);
      if (!variable) return { kind: 'unknown' };
      const [definition] = variable.defs;
      return { kind: definition?.type === 'Parameter' || definition?.type === 'ImportBinding' ? 'foreign' : 'variable', variable };
    }
    case 'MemberExpression':
      return { kind: 'member', text: getPropertyName(node) };
    default:
      return { kind: 'unknown' };
  }
}

/** Whether anything in the file might remove a listener. In doubt it does. */
export function mayBeRemoved(file: SourceFile, added: ListenerCall, { ignoreEscape = false } = {}): boolean {
  const identity = getHandlerIdentity(file, added.handler);
  if (identity.kind === 'unknown') return true;
  const target = getTarget(file, added.target);
  const isTaken = getListenerCalls(file).some((other) => removes(file, other, added, identity, target));
  if (isTaken) return true;
  return !ignoreEscape && handlerEscapes(file, added, identity);
}

function removes(file: SourceFile, other: ListenerCall, added: ListenerCall, identity: HandlerIdentity, target: Target): boolean {
  if (other.verb !== 'remove' && other.verb !== 'remove-all') return false;
  if (other.event !== undefined && added.event !== undefined && other.event !== added.event) return false;
  if (!mayBeSame(target, getTarget(file, other.target))) return false;
  if (other.verb === 'remove-all') return true;
  const removed = getHandlerIdentity(file, other.handler);
  if (removed.kind === 'inline') return false;
  if (identity.kind === 'inline') return false;
  // Two functions of this file under two names are two functions.
  if (identity.kind === 'variable' && removed.kind === 'variable' && identity.variable !== removed.variable) {
    return !(isOwnFunction(file, identity.variable!) && isOwnFunction(file, removed.variable!));
  }
  return true;
}

function isOwnFunction(file: SourceFile, variable: Variable): boolean {
  const [definition] = variable.defs;
  if (definition?.type === 'FunctionName') return true;
  const value = file.getOnlyValue(variable);
  return value !== undefined && isFunction(skipWrappers(value));
}

/** Whether two emitters may be one. Only `process`, its streams and what belongs to the page are surely themselves. */
function mayBeSame(one: Target, other: Target): boolean {
  if (one.key === other.key) return true;
  const isSure = (target: Target) => target.kind === 'process' || target.kind === 'page';
  if (isSure(one) && isSure(other)) return false;
  if (isSure(one)) return other.kind === 'parameter' || other.kind === 'unknown' || other.kind === 'local';
  if (isSure(other)) return one.kind === 'parameter' || one.kind === 'unknown' || one.kind === 'local';
  return true;
}

/** Whether the handler is kept or handed on besides being listened with, so that somebody else may remove it. */
function handlerEscapes(file: SourceFile, added: ListenerCall, identity: HandlerIdentity): boolean {
  if (identity.kind === 'foreign') return true;
  if (identity.kind === 'variable') {
    const own = added.handler && skipWrappers(added.handler);
    return identity.variable!.references.some((reference) => reference.identifier !== own && reference.isRead() && isKept(file, reference.identifier));
  }
  if (identity.kind !== 'member') return false;
  const own = skipWrappers(added.handler!);
  let escapes = false;
  walk(
    file.ast,
    (node) => {
      if (node.type === 'MemberExpression' && node !== own && getPropertyName(node) === identity.text && isKept(file, node)) escapes = true;
      return !escapes;
    },
    file.visitorKeys,
  );
  return escapes;
}

function isKept(file: SourceFile, use: Node): boolean {
  const outer = outermostWrapper(use);
  const { parent } = outer;
  if (!parent) return false;
  if (parent.type === 'CallExpression' || parent.type === 'NewExpression') {
    if (parent.callee === outer) return false;
    // listen(target, event, handler) of the runtime gives back the way to remove what it adds.
    if (/:listen$/.test(file.getOrigin(parent.callee) ?? '')) return false;
    return !getListenerCalls(file).some((other) => other.call === parent && other.handler && skipWrappers(other.handler) === skipWrappers(outer) && other.verb !== 'remove');
  }
  if (parent.type === 'AssignmentExpression') return parent.left !== outer;
  if (parent.type === 'MemberExpression' && parent.object === outer) return true;
  return parent.type !== 'ExpressionStatement' && parent.type !== 'UnaryExpression' && parent.type !== 'IfStatement' && parent.type !== 'TSTypeQuery';
}

/** Whether a listener call stands in a method or function whose name says that it takes things back. */
export function isInTeardown(node: Node): boolean {
  for (let outer: Node | undefined = node.parent; outer; outer = outer.parent) {
    if (outer.type === 'MethodDefinition' || outer.type === 'Property' || outer.type === 'PropertyDefinition') {
      const name = getPropertyName(outer);
      if (name !== undefined && isTeardownName(name)) return true;
    }
    if (outer.type === 'FunctionDeclaration' && outer.id && isTeardownName(outer.id.name)) return true;
    if (outer.type === 'VariableDeclarator' && outer.id.type === 'Identifier' && isTeardownName(outer.id.name)) return true;
  }
  return false;
}
