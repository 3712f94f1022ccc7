import { runsInPlace, someBelow } from '../abort/functions.js';
import { endsProcess } from '../control-flow/call-facts.js';
import type { SourceFile } from '../source-file.js';
import { runsOnce } from '../timers/runs-once.js';
import { type FunctionNode, type Node, type TSESTree, findEnclosingClass, findEnclosingFunction, getPropertyName, isFunction, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import { getOwnName, isExample, isGuarded, isSingleton } from './lifetimes.js';
import { type ListenerCall, getListenerCalls, isValueUsed, mayEndItself } from './listener-calls.js';
import { isInTeardown, mayBeRemoved } from './removals.js';
import { type Target, findRunningFunction, getFieldValues, getTarget } from './targets.js';
import { getObjectTeardowns, getTeardowns } from './teardown.js';
import { type ListenerOwner, type UnremovedListener, getStep, makeFinding } from './unremoved-listener.js';

const HUB = /(?:^|_)(?:event)?(?:bus|emitter|store|hub|dispatcher|broker|pubsub)$|(?:Bus|Emitter|Store|Hub|Dispatcher|Broker|PubSub)$/i;

/**
 * Listeners that belong to an instance and sit on what outlives it. The instance has an end: a class with `close`, `stop` or
 * `dispose`, or an object with one that a factory returns. Nothing in the file removes them.
 */
export function findInstanceListeners(file: SourceFile): UnremovedListener[] {
  if (isExample(file)) return [];
  return getListenerCalls(file).flatMap((listener) => inspect(file, listener) ?? []);
}

function inspect(file: SourceFile, listener: ListenerCall): UnremovedListener | undefined {
  if ((listener.verb !== 'add' && listener.verb !== 'once') || !listener.handler || !listener.eventNode) return undefined;
  if (isValueUsed(listener) || mayEndItself(listener) || isInTeardown(listener.call)) return undefined;
  const owner = findOwner(file, listener.call);
  if (!owner || isNeverRun(file, listener.call)) return undefined;
  const target = getTarget(file, listener.target);
  if (!outlives(file, target, owner, listener)) return undefined;
  if (isOneShot(listener, target) || isGuarded(file, listener.call) || mayBeRemoved(file, listener)) return undefined;
  // close() { …; process.exit(); }
  if (someBelow(owner.teardown.body, (node) => endsProcess(node, file), file)) return undefined;
  return makeFinding(file, 'instance', listener, {
    target: file.getText(listener.target),
    owner,
    steps: [getStep(owner.teardown.body, `\`${owner.teardown.name}()\` does not remove it`)],
    exit: { kind: 'end', node: owner.teardown.body },
  });
}

/** this.exitHandler = () => process.on('exit', …), where nothing calls `exitHandler` or hands it on. */
function isNeverRun(file: SourceFile, call: Node): boolean {
  const assignment = findRunningFunction(file, call, runsInPlace)?.parent;
  if (assignment?.type !== 'AssignmentExpression' || assignment.left.type !== 'MemberExpression') return false;
  const name = getPropertyName(assignment.left);
  const removals = getListenerCalls(file).filter(({ verb }) => verb === 'remove');
  return !someBelow(
    file.ast,
    (node) =>
      node.type === 'MemberExpression' &&
      node !== assignment.left &&
      getPropertyName(node) === name &&
      !removals.some(({ handler }) => handler && skipWrappers(handler) === node),
    file,
  );
}

function findOwner(file: SourceFile, call: Node): ListenerOwner | undefined {
  const owner = findEnclosingClass(call);
  if (owner) {
    const [teardown] = getTeardowns(owner);
    if (!teardown || isSingleton(file, owner) || isInStatic(call)) return undefined;
    return { kind: 'class', node: owner, name: owner.id?.name ?? 'the class', teardown };
  }
  for (let root = findRunningFunction(file, call, runsInPlace); root; root = findEnclosingFunction(root)) {
    if (runsOnce(file, root)) return undefined;
    const object = findReturnedObject(file, root);
    const [teardown] = object ? getObjectTeardowns(object) : [];
    if (teardown && !(teardown.body.range[0] <= call.range[0] && call.range[1] <= teardown.body.range[1])) {
      return { kind: 'factory', node: root, name: getOwnName(root) ?? 'the factory', teardown };
    }
    // A method of the returned object belongs to it; any other nested function has a time of its own.
    if (root.parent?.type !== 'Property') return undefined;
  }
  return undefined;
}

function isInStatic(call: Node): boolean {
  for (let outer: Node | undefined = call.parent; outer && outer.type !== 'ClassBody'; outer = outer.parent) {
    if (outer.type === 'StaticBlock') return true;
    if ((outer.type === 'MethodDefinition' || outer.type === 'PropertyDefinition') && outer.static) return true;
  }
  return false;
}

/** return { close() {…} }, or const server = { close() {…} }; …; return server; */
export function findReturnedObject(file: SourceFile, root: FunctionNode): TSESTree.ObjectExpression | undefined {
  if (root.body?.type === 'ObjectExpression') return root.body;
  let found: TSESTree.ObjectExpression | undefined;
  walk(
    root,
    (node) => {
      if (node !== root && isFunction(node)) return false;
      if (node.type !== 'ReturnStatement' || !node.argument) return true;
      const value = skipWrappers(node.argument);
      const variable = value.type === 'Identifier' ? file.getVariable(value) : undefined;
      const source = variable ? file.getOnlyValue(variable) : value;
      const object = source && skipWrappers(source);
      if (object?.type === 'ObjectExpression' && getObjectTeardowns(object).length > 0) found ??= object;
      return true;
    },
    file.visitorKeys,
  );
  return found;
}

function outlives(file: SourceFile, target: Target, owner: ListenerOwner, listener: ListenerCall): boolean {
  switch (target.kind) {
    case 'process':
      return true;
    case 'page':
      return true;
    case 'module':
      return target.isDirect && HUB.test(target.name);
    case 'field':
      return owner.kind === 'class' && target.isDirect && HUB.test(target.name) && isGiven(file, listener.call, target.field!) && !isEnded(file, owner, target.name);
    case 'parameter':
      return owner.kind === 'class' && target.isDirect && HUB.test(target.name) && !isEnded(file, owner, target.name);
    default:
      return false;
  }
}

/** Whether the class got the value of a field from outside and makes none itself. */
function isGiven(file: SourceFile, from: Node, field: string): boolean {
  const values = getFieldValues(file, from, field);
  return values.length > 0 && values.every((value) => value.type === 'Identifier' && file.getVariable(value)?.defs[0]?.type === 'Parameter');
}

/** Whether the class itself ends the emitter, which makes it part of the instance. */
function isEnded(file: SourceFile, owner: ListenerOwner, name: string): boolean {
  return someBelow(
    owner.node,
    (node) => {
      if (node.type !== 'CallExpression') return false;
      const callee = skipWrappers(node.callee);
      if (callee.type !== 'MemberExpression' || !/^(?:close|destroy|end|stop|dispose|terminate|kill|disconnect|quit|complete)$/.test(getPropertyName(callee) ?? '')) return false;
      const object = skipWrappers(callee.object);
      return object.type === 'Identifier' ? object.name === name : object.type === 'MemberExpression' && getPropertyName(object) === name;
    },
    file,
  );
}

/** Events that come once in the life of a page or process, after which nothing is left to fire. */
function isOneShot({ event, verb }: ListenerCall, target: Target): boolean {
  return target.kind === 'page' && (event === 'load' || event === 'DOMContentLoaded' || (verb === 'once' && event !== 'beforeunload'));
}
