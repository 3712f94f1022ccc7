import { findFunction, runsInPlace, someBelow } from '../abort/functions.js';
import type { SourceFile } from '../source-file.js';
import { runsOnce } from '../timers/runs-once.js';
import { type FunctionNode, type Node, findEnclosingFunction, getPropertyName, isConstructor, isFunction, isWithin, skipWrappers } from '../syntax/node.js';
import { capturesLocals, isGuarded } from './lifetimes.js';
import { type ListenerCall, getListenerCalls, isValueUsed, mayEndItself } from './listener-calls.js';
import { getHandlerIdentity, isInTeardown, mayBeRemoved } from './removals.js';
import { assignsField, findRunningFunction, getTarget } from './targets.js';
import { type UnremovedListener, getStep, makeFinding } from './unremoved-listener.js';

/** What lives as long as one request or one file: nothing is left of it to hold a listener. */
const SHORT_LIVED = /^_?(?:req|res|request|response|reply|stream|readable|writable|readStream|writeStream|file|input|output|body|xhr|image|img|link|script|signal|element|el)$/i;
const LAST_EVENTS = new Set(['close', 'end', 'finish', 'exit', 'disconnect', 'destroy']);
/** The name of a function that hands out something that exists already. */
const GETTER = /^#?_?(?:get|find|acquire|borrow|lookup|resolve|ensure|take|use)(?:[A-Z_]|$)/;

/**
 * A function that takes back one of the listeners that it adds to an emitter, so that the emitter lives on, and leaves
 * another one there: written in place, it cannot be removed any more.
 */
export function findSiblingListeners(file: SourceFile): UnremovedListener[] {
  return getListenerCalls(file).flatMap((listener) => inspect(file, listener) ?? []);
}

function inspect(file: SourceFile, listener: ListenerCall): UnremovedListener | undefined {
  const { call, event, handler, verb } = listener;
  if ((verb !== 'add' && verb !== 'once') || !handler || event === undefined || LAST_EVENTS.has(event) || !listener.eventNode) return undefined;
  if (isValueUsed(listener) || mayEndItself(listener) || isInTeardown(call) || getHandlerIdentity(file, handler).kind !== 'inline') return undefined;
  const root = findRunningFunction(file, call, runsInPlace);
  if (!root || isConstructor(root) || runsOnce(file, root) || !livesOn(file, listener, root)) return undefined;
  const sibling = findRemovedSibling(file, listener, root);
  const inner = findFunction(file, handler);
  if (!sibling || !inner || !hasBody(inner) || !capturesLocals(file, inner)) return undefined;
  if (isGuarded(file, call, { fields: true }) || mayBeRemoved(file, listener) || isEnded(file, listener, root)) return undefined;
  return makeFinding(file, 'sibling', listener, {
    target: file.getText(listener.target),
    other: sibling,
    detail: `'${sibling.event!}'`,
    steps: [getStep(sibling.call, `the listener for '${sibling.event!}' is removed here`)],
  });
}

function hasBody(inner: FunctionNode): boolean {
  return inner.body?.type !== 'BlockStatement' || inner.body.body.length > 0;
}

function livesOn(file: SourceFile, { target: expression }: ListenerCall, root: FunctionNode): boolean {
  const target = getTarget(file, expression);
  if (SHORT_LIVED.test(target.name) || SHORT_LIVED.test(target.key.split('.')[0]!)) return false;
  switch (target.kind) {
    case 'process':
    case 'self':
    case 'module':
      return true;
    case 'field':
      return !assignsField(file, root, target.field!);
    case 'parameter':
      return target.home === root;
    case 'local': {
      // const runner = this.getRunner(task)
      const value = target.variable && file.getOnlyValue(target.variable);
      let source = value && skipWrappers(value);
      if (source?.type === 'AwaitExpression') source = skipWrappers(source.argument);
      if (source?.type !== 'CallExpression') return false;
      const callee = skipWrappers(source.callee);
      const name = callee.type === 'Identifier' ? callee.name : callee.type === 'MemberExpression' ? getPropertyName(callee) : undefined;
      return name !== undefined && GETTER.test(name);
    }
    default:
      return false;
  }
}

/** The removal, in a function within this one, of another listener that this one adds to the same emitter. */
function findRemovedSibling(file: SourceFile, listener: ListenerCall, root: FunctionNode): ListenerCall | undefined {
  const key = file.getText(listener.target);
  // connection.stream lives as long as connection.
  const isSame = (text: string) => text === key || text.startsWith(`${key}.`);
  const calls = getListenerCalls(file).filter(({ call, target }) => isWithin(call, root) && isSame(file.getText(target)));
  return calls.find((removal) => {
    if (removal.verb !== 'remove' || removal.event === undefined || removal.event === listener.event || LAST_EVENTS.has(removal.event)) return false;
    if (findRunningFunction(file, removal.call, runsInPlace) === root) return false;
    return calls.some(({ verb, event }) => (verb === 'add' || verb === 'once') && event === removal.event);
  });
}

/** Whether the function, or what it hands to the emitter, ends the emitter. */
function isEnded(file: SourceFile, { target }: ListenerCall, root: FunctionNode): boolean {
  const text = file.getText(target);
  return someBelow(
    root,
    (node: Node) => {
      if (node.type !== 'CallExpression') return false;
      const callee = skipWrappers(node.callee);
      return callee.type === 'MemberExpression' && file.getText(callee.object) === text && /^(?:close|destroy|end|terminate|kill|disconnect|dispose|abort|quit)$/.test(getPropertyName(callee) ?? '');
    },
    file,
  );
}

/** process.off('exit', stop); process.on('exit', stop): `stop` was made by this call and was never added before. */
export function findEarlyRemovals(file: SourceFile): UnremovedListener[] {
  const calls = getListenerCalls(file);
  return calls.flatMap((removal) => {
    const handler = removal.handler && skipWrappers(removal.handler);
    if (removal.verb !== 'remove' || removal.event === undefined || handler?.type !== 'Identifier') return [];
    const root = findEnclosingFunction(removal.call);
    const variable = file.getVariable(handler);
    const value = variable && file.getOnlyValue(variable);
    if (!root || !variable || !value || !isFunction(skipWrappers(value)) || findEnclosingFunction(value) !== root) return [];
    const same = calls.filter((other) => other !== removal && other.event === removal.event && other.handler && file.getVariable(skipWrappers(other.handler)) === variable);
    const [added, ...others] = same;
    if (!added || others.length > 0 || (added.verb !== 'add' && added.verb !== 'once')) return [];
    if (file.getText(added.target) !== file.getText(removal.target) || findEnclosingFunction(added.call) !== root) return [];
    if (removal.call.range[0] > added.call.range[0] || !isFollowing(removal.call, added.call)) return [];
    return [
      makeFinding(file, 'removesNothing', removal, {
        target: file.getText(removal.target),
        other: added,
        detail: 'names a function that was just made and is added only afterwards',
        steps: [getStep(added.call, 'the listener is added here, after its removal')],
      }),
    ];
  });
}

/** Whether both stand in one block, not in a loop that the handler survives: it is made anew with each round. */
function isFollowing(removal: Node, added: Node): boolean {
  const block = (node: Node) => (node.parent?.type === 'ExpressionStatement' ? node.parent.parent : undefined);
  return block(removal) !== undefined && block(removal) === block(added);
}
