import { runsInPlace, someBelow } from '../abort/functions.js';
import type { Certainty } from '../finding.js';
import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, type TSESTree, findEnclosingClass, findEnclosingFunction, getPropertyName, isConstructor, isFunction, isWithin, skipWrappers } from '../syntax/node.js';
import { getFileIndex } from '../abort/file-index.js';
import { isCommand, isGuarded } from './lifetimes.js';
import { type ListenerCall, getListenerCalls, isValueUsed, mayEndItself } from './listener-calls.js';
import { mayBeRemoved } from './removals.js';
import { assignsField, findRunningFunction, getTarget } from './targets.js';
import { type UnremovedListener, getStep, makeFinding } from './unremoved-listener.js';

/** Events after which an emitter has nothing more to say: what stays attached dies with it. */
const LAST_EVENTS = new Set(['close', 'end', 'finish', 'exit', 'aborted', 'abort', 'disconnect', 'destroy', 'ended', 'loadend']);
/** Events that come again and again, so that waiting for one is done again and again. */
const REPEATED_EVENTS = new Set(['drain', 'message', 'data', 'readable', 'resume', 'response', 'reply', 'tick', 'idle', 'update', 'change']);

/** Two `once` listeners of which one fires, and callbacks of `listen` that stay when the port is taken. */
export function findPairedListeners(file: SourceFile): UnremovedListener[] {
  return [...findPairs(file), ...findFailedListens(file), ...findErrorsBesideListen(file)];
}

function findPairs(file: SourceFile): UnremovedListener[] {
  const findings: UnremovedListener[] = [];
  const groups = new Map<Node, Map<string, ListenerCall[]>>();
  for (const listener of getListenerCalls(file)) {
    if (listener.verb !== 'once' || listener.event === undefined || !listener.handler || !listener.eventNode) continue;
    if (isValueUsed(listener) || mayEndItself(listener)) continue;
    const root = findEnclosingFunction(listener.call);
    if (!root) continue;
    const targets = groups.get(root) ?? new Map<string, ListenerCall[]>();
    groups.set(root, targets);
    const key = file.getText(listener.target);
    targets.set(key, [...(targets.get(key) ?? []), listener]);
  }
  for (const targets of groups.values()) for (const pair of targets.values()) findings.push(...inspectPair(file, pair));
  return findings;
}

function inspectPair(file: SourceFile, pair: readonly ListenerCall[]): UnremovedListener[] {
  const failure = pair.find(({ event }) => event === 'error');
  const success = pair.find(({ event }) => event !== 'error' && !LAST_EVENTS.has(event!));
  // With 'close' or 'end' among them, all are gone when the emitter is.
  if (!failure || !success) return [];
  const certainty = getCertainty(file, failure, success);
  if (!certainty || mayBeRemoved(file, failure, { ignoreEscape: true }) || mayBeRemoved(file, success, { ignoreEscape: true })) return [];
  return [
    makeFinding(file, 'pair', failure, {
      certainty,
      target: file.getText(failure.target),
      other: success,
      detail: `'${success.event!}'`,
      steps: [getStep(success.call, `when '${success.event!}' fires, the 'error' listener stays`)],
    }),
  ];
}

function getCertainty(file: SourceFile, failure: ListenerCall, success: ListenerCall): Certainty | undefined {
  const target = getTarget(file, failure.target);
  const root = findRunningFunction(file, failure.call, runsInPlace);
  if (!root || isGuarded(file, failure.call, { fields: true }) || endsTarget(file, root, failure.target)) return undefined;
  const isRepeated = REPEATED_EVENTS.has(success.event!);
  switch (target.kind) {
    case 'self':
      return isConstructor(root) ? undefined : 'certain';
    case 'field':
      if (isConstructor(root) || assignsField(file, root, target.field!)) return undefined;
      return isRepeated ? 'certain' : 'potential';
    case 'module':
    case 'process':
      return isRepeated ? 'certain' : 'potential';
    case 'parameter':
      if (target.home === root && !isRepeated && !isCalledInLoop(file, root)) return 'potential';
      return target.home === root || isRepeated ? 'certain' : 'potential';
    case 'local':
      // while (…) await new Promise((resolve, reject) => { out.once('drain', resolve); out.once('error', reject); });
      return isRepeated && (isInLoopBelow(failure.call, target.home!) || target.home !== root) ? 'certain' : undefined;
    default:
      return undefined;
  }
}

/** Whether the function itself ends the emitter, in whichever way it comes back. */
function endsTarget(file: SourceFile, root: FunctionNode, target: Node): boolean {
  const text = file.getText(target);
  return someBelow(
    root,
    (node) => {
      if (node.type !== 'CallExpression') return false;
      const callee = skipWrappers(node.callee);
      if (callee.type !== 'MemberExpression' || file.getText(callee.object) !== text) return false;
      return /^(?:close|destroy|end|terminate|kill|disconnect)$/.test(getPropertyName(callee) ?? '');
    },
    file,
  );
}

/** Whether a loop stands between a call and the function that declares the emitter. */
function isInLoopBelow(call: Node, home: FunctionNode): boolean {
  for (let outer: Node | undefined = call.parent; outer && outer !== home; outer = outer.parent) {
    if (/^(?:For|While|DoWhile)/.test(outer.type)) return true;
  }
  return false;
}

/** Whether the file calls a function of its own in a loop, with the same emitter each time. */
function isCalledInLoop(file: SourceFile, root: FunctionNode): boolean {
  const id = root.type === 'FunctionDeclaration' ? root.id : root.parent?.type === 'VariableDeclarator' ? root.parent.id : undefined;
  const variable = id ? file.getVariable(id) : undefined;
  return (
    variable?.references.some(({ identifier }) => {
      const call = identifier.parent;
      if (call?.type !== 'CallExpression' || call.callee !== identifier) return false;
      const around = findEnclosingFunction(call);
      return around !== undefined && isInLoopBelow(call, around) && call.arguments.some((argument) => argument.type === 'Identifier' && isDeclaredOutsideLoop(file, argument, call));
    }) ?? false
  );
}

function isDeclaredOutsideLoop(file: SourceFile, name: Node, call: Node): boolean {
  const declared = file.getVariable(name)?.defs[0]?.node;
  if (!declared) return false;
  for (let outer: Node | undefined = call.parent; outer && !isFunction(outer); outer = outer.parent) {
    if (/^(?:For|While|DoWhile)/.test(outer.type)) return declared.range[0] < outer.range[0] || declared.range[1] > outer.range[1];
  }
  return false;
}

/** server.on('error', fail); server.listen(port, () => …): the callback is a listener that stays when binding fails. */
function findFailedListens(file: SourceFile): UnremovedListener[] {
  return getFileIndex(file).calls.flatMap((call) => inspectListen(file, call) ?? []);
}

function inspectListen(file: SourceFile, call: TSESTree.CallExpression): UnremovedListener | undefined {
  const callee = skipWrappers(call.callee);
  const handler = call.arguments.at(-1);
  if (callee.type !== 'MemberExpression' || getPropertyName(callee) !== 'listen' || !handler || !isFunction(skipWrappers(handler))) return undefined;
  const text = file.getText(callee.object);
  const root = findRunningFunction(file, call, runsInPlace);
  if (!root || isCommand(file)) return undefined;
  const failure = getListenerCalls(file).find(
    (listener) => (listener.verb === 'once' || listener.verb === 'add') && listener.event === 'error' && file.getText(listener.target) === text && findRunningFunction(file, listener.call, runsInPlace) === root,
  );
  if (!failure?.handler) return undefined;
  const target = getTarget(file, callee.object);
  const isForeign = target.kind === 'parameter' && target.home === root;
  const isKept = target.kind === 'field' && !assignsField(file, root, target.field!) && findEnclosingClass(call) !== undefined;
  if (!isForeign && !isKept) return undefined;
  // The handler tries the next port, for which the callback is meant, or ends the server.
  if (someBelow(root, (node) => isCallOn(file, node, text, /^(?:listen)$/) && node !== call, file)) return undefined;
  if (someBelow(root, (node) => isCallOn(file, node, text, /^(?:close|removeAllListeners)$/), file)) return undefined;
  const listener: ListenerCall = { call, callee, method: 'listen', verb: 'once', target: skipWrappers(callee.object), event: 'listening', eventNode: undefined, handler, options: undefined };
  if (mayBeRemoved(file, listener, { ignoreEscape: true })) return undefined;
  return makeFinding(file, 'failedListen', listener, {
    certainty: isForeign && isCalledInLoop(file, root) ? 'certain' : 'potential',
    target: text,
    other: failure,
    steps: [getStep(failure.call, 'when it fails, the callback stays and the next attempt adds another')],
  });
}

/**
 * this.server.once('error', reject); this.server.listen(port, resolve): when listening works, the listener for errors stays and
 * swallows the next one.
 */
function findErrorsBesideListen(file: SourceFile): UnremovedListener[] {
  return getListenerCalls(file).flatMap((failure) => {
    if ((failure.verb !== 'once' && failure.verb !== 'add') || failure.event !== 'error' || isValueUsed(failure) || mayEndItself(failure)) return [];
    const executor = findEnclosingFunction(failure.call);
    if (executor?.parent?.type !== 'NewExpression' || file.getOrigin(executor.parent.callee) !== 'global:Promise' || !settles(file, failure, executor)) return [];
    const text = file.getText(failure.target);
    const listen = getFileIndex(file).calls.find((call) => isCallOn(file, call, text, /^listen$/) && findEnclosingFunction(call) === executor);
    const target = getTarget(file, failure.target);
    const root = findRunningFunction(file, failure.call, runsInPlace);
    if (!listen || !root || isConstructor(root) || isCommand(file) || endsTarget(file, root, failure.target)) return [];
    if (target.kind !== 'field' || assignsField(file, root, target.field!)) return [];
    if (mayBeRemoved(file, failure, { ignoreEscape: true })) return [];
    return [makeFinding(file, 'pair', failure, { target: text, detail: "'listening'", steps: [getStep(listen, 'when it listens, the listener for errors stays')] })];
  });
}

/** Whether the handler rejects or resolves the promise, and does nothing that a later error would need. */
function settles(file: SourceFile, { handler }: ListenerCall, executor: FunctionNode): boolean {
  const settlers = executor.params.flatMap((parameter) => (parameter.type === 'Identifier' ? (file.getVariable(parameter) ?? []) : []));
  const node = skipWrappers(handler!);
  if (node.type === 'Identifier') return settlers.some(({ references }) => references.some(({ identifier }) => identifier === node));
  if (!isFunction(node)) return false;
  const body = node.body?.type === 'BlockStatement' ? (node.body.body.length === 1 ? node.body.body[0] : undefined) : node.body;
  return body !== undefined && settlers.some(({ references }) => references.some(({ identifier }) => isWithin(identifier, body)));
}

function isCallOn(file: SourceFile, node: Node, object: string, names: RegExp): boolean {
  if (node.type !== 'CallExpression') return false;
  const callee = skipWrappers(node.callee);
  return callee.type === 'MemberExpression' && names.test(getPropertyName(callee) ?? '') && file.getText(callee.object) === object;
}
