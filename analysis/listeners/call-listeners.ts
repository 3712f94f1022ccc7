import { findFunction, runsInPlace, someBelow } from '../abort/functions.js';
import { endsProcess } from '../control-flow/call-facts.js';
import type { Certainty } from '../finding.js';
import type { SourceFile } from '../source-file.js';
import { runsOnce } from '../timers/runs-once.js';
import { type FunctionNode, type Node, findEnclosingClass, findEnclosingFunction, getPropertyName, isConstructor, isFunction, isWithin, skipWrappers } from '../syntax/node.js';
import { capturesLocals, getOwnName, isCommand, isGuarded, isSingleton } from './lifetimes.js';
import { type ListenerCall, getListenerCalls, isValueUsed, mayEndItself } from './listener-calls.js';
import { getHandlerIdentity, isInTeardown, mayBeRemoved } from './removals.js';
import { type Target, assignsField, findRunningFunction, getFieldValues, getTarget } from './targets.js';
import { isTeardownName } from './teardown.js';
import { type UnremovedListener, getStep, makeFinding } from './unremoved-listener.js';

const LAST_EVENTS = new Set(['close', 'end', 'finish', 'exit', 'aborted', 'error', 'disconnect', 'destroy', 'listening', 'open', 'ready', 'connect', 'spawn', 'online', 'load']);
/** After these a socket is not used again. */
const TARGET_ENDS = new Set(['close', 'end', 'error']);
/** A function of such a name is there to install what stays. */
const INSTALLS = /^(?:set(?:up|Up)|install|register|init|initiali[sz]e|handle|attach|bind|enable|add|on|trap|start|serve|listen|bootstrap|main|run|configure|create|subscribe|watch|hook|use|observe|patch|monitor|track|default|apply|activate|ensure|mount|connect|open|launch|load|boot|process)(?:[A-Z_]|$)/;
const ROUTES = /^(?:get|post|put|patch|delete|all|use|head|options|route|handle|upgrade|connection|request)$/;

/** Listeners that each call, request or connection adds to what outlives it. */
export function findCallListeners(file: SourceFile): UnremovedListener[] {
  return getListenerCalls(file).flatMap((listener) => inspect(file, listener) ?? []);
}

function inspect(file: SourceFile, listener: ListenerCall): UnremovedListener | undefined {
  const { verb, handler, call, eventNode } = listener;
  if ((verb !== 'add' && verb !== 'once') || !handler || !eventNode || isValueUsed(listener) || mayEndItself(listener) || isInTeardown(call)) return undefined;
  const root = findRunningFunction(file, call, runsInPlace);
  if (!root || runsOnce(file, root)) return undefined;
  const target = getTarget(file, listener.target);
  const found = describe(file, listener, target, root);
  if (!found || isGuarded(file, call, { fields: true }) || mayBeRemoved(file, listener)) return undefined;
  return makeFinding(file, 'call', listener, { certainty: found.certainty, target: file.getText(listener.target), detail: found.detail, steps: [getStep(root, found.detail)] });
}

interface Repetition {
  readonly certainty: Certainty;
  /** What adds one more each time: the subject of a sentence. */
  readonly detail: string;
}

function describe(file: SourceFile, listener: ListenerCall, target: Target, root: FunctionNode): Repetition | undefined {
  const inner = findFunction(file, listener.handler!);
  const request = findRequest(file, root);
  if (request) {
    if (isSharedSocket(file, listener.target, request) && !lastsAsLong(file, listener)) return { certainty: 'certain', detail: 'each request' };
    const isLasting = target.kind === 'process' || (target.kind === 'module' && target.isDirect);
    if (isLasting && listener.verb === 'add' && inner && capturesLocals(file, inner)) return { certainty: 'certain', detail: request.what };
    // events(req, res) { this.jobs.on('change', (job) => res.write(job)); }
    const isOfInstance = target.kind === 'field' && isMadeWithInstance(file, listener.call, target.field!);
    if (isOfInstance && listener.verb === 'add' && inner && capturesRequest(file, inner, request)) return { certainty: 'certain', detail: request.what };
  }
  // return new Promise((resolve) => this.worker.on('message', (answer) => resolve(answer)))
  if (listener.verb === 'add' && isWaitedFor(file, listener, inner) && (listener.event === undefined || !LAST_EVENTS.has(listener.event))) {
    const isLasting =
      (target.kind === 'field' && !assignsField(file, root, target.field!)) || target.kind === 'self' || (target.kind === 'module' && target.isDirect) || (target.kind === 'process' && !isSignal(listener.event) && !isReadToEnd(file, listener));
    if (isLasting && !isConstructor(root)) return { certainty: isCommand(file) ? 'potential' : 'certain', detail: describeCaller(root) };
  }
  if (target.kind !== 'process' || target.key !== 'process' || !inner) return undefined;
  return inspectSubclass(file, listener, root, inner) ?? inspectProcess(file, listener, root, inner);
}

/** The constructor of a class whose base class is what ends it, in another file: it cannot know of this handler. */
function inspectSubclass(file: SourceFile, listener: ListenerCall, root: FunctionNode, inner: FunctionNode): Repetition | undefined {
  if (!isConstructor(root) || !capturesLocals(file, inner) || isCommand(file)) return undefined;
  const owner = findEnclosingClass(listener.call);
  if (!owner?.superClass || /(?:EventEmitter|Emitter|EventTarget|Error|App|Application)$/.test(file.getText(owner.superClass)) || isSingleton(file, owner)) return undefined;
  return getHandlerIdentity(file, listener.handler).kind === 'inline' ? { certainty: 'certain', detail: `each \`${owner.id?.name ?? 'instance'}\`` } : undefined;
}

/** process.on('SIGINT', () => child.kill()) in a function that comes back when the work is done. */
function inspectProcess(file: SourceFile, listener: ListenerCall, root: FunctionNode, inner: FunctionNode): Repetition | undefined {
  if (!capturesLocals(file, inner)) return undefined;
  const name = getOwnName(root);
  const isBoundToWork = (root.async || returnsPromise(file, listener.call)) && !(name !== undefined && (INSTALLS.test(name) || isTeardownName(name)));
  const endsAll = someBelow(inner, (node) => endsProcess(node, file) || isKill(node, file), file);
  // What is to be taken back at the exit, and not before, stays until then.
  const isForExit = listener.event === 'exit' || listener.event === 'beforeExit';
  const isCertain = isBoundToWork && !isForExit && !endsAll && !isCommand(file) && comesBack(file, listener.call, root);
  return { certainty: isCertain ? 'certain' : 'potential', detail: describeCaller(root) };
}

/** process.kill(process.pid, signal) */
function isKill(node: Node, file: SourceFile): boolean {
  return node.type === 'CallExpression' && /^(?:global:process|process:(?:default\.)?)\.?(?:kill|exitCode)/.test(file.getOrigin(node.callee) ?? '');
}

function comesBack(file: SourceFile, call: Node, root: FunctionNode): boolean {
  return someBelow(root, (node) => node.range[0] > call.range[1] && (node.type === 'AwaitExpression' || node.type === 'ReturnStatement') && findRunningFunction(file, node, runsInPlace) === root, file);
}

function returnsPromise(file: SourceFile, call: Node): boolean {
  const executor = findEnclosingFunction(call);
  return executor?.parent?.type === 'NewExpression' && file.getOrigin(executor.parent.callee) === 'global:Promise';
}

function isSignal(event: string | undefined): boolean {
  return event === undefined || /^SIG|^exit$|^beforeExit$|^uncaught|^unhandled/.test(event);
}

/** process.stdin is read to its end once. */
function isReadToEnd(file: SourceFile, { target }: ListenerCall): boolean {
  const { key } = getTarget(file, target);
  return getListenerCalls(file).some(({ event, target: other }) => event === 'end' && getTarget(file, other).key === key);
}

function describeCaller(root: FunctionNode): string {
  const name = getOwnName(root);
  return name === undefined ? 'each call' : `each call of \`${name}\``;
}

/** Whether the handler settles the promise in whose executor it is added. */
function isWaitedFor(file: SourceFile, { call, handler }: ListenerCall, inner: FunctionNode | undefined): boolean {
  const node = skipWrappers(handler!);
  return getSettlements(file, call).some((identifier) => identifier === node || (inner !== undefined && isWithin(identifier, inner)));
}

/** Where the promise is settled in whose executor a call stands. */
function getSettlements(file: SourceFile, call: Node): Node[] {
  let executor = findEnclosingFunction(call);
  while (executor && !(executor.parent?.type === 'NewExpression' && file.getOrigin(executor.parent.callee) === 'global:Promise')) {
    if (!runsInPlace(file, executor)) return [];
    executor = findEnclosingFunction(executor);
  }
  const settlers = executor?.params.flatMap((parameter) => (parameter.type === 'Identifier' ? (file.getVariable(parameter) ?? []) : [])) ?? [];
  return settlers.flatMap(({ references }) => references.map(({ identifier }) => identifier));
}

/** await new Promise((resolve) => socket.once('close', resolve)): nothing but the end of what it listens to ends the wait. */
function lastsAsLong(file: SourceFile, { call, target }: ListenerCall): boolean {
  const text = file.getText(target);
  const ends = getListenerCalls(file).filter(({ event, target: other }) => event !== undefined && TARGET_ENDS.has(event) && file.getText(other) === text);
  const settlements = getSettlements(file, call);
  return settlements.length > 0 && settlements.every((node) => ends.some((end) => isWithin(node, end.call)));
}

interface Request {
  readonly what: string;
  readonly root: FunctionNode;
  readonly names: readonly string[];
}

/** The handler of a request or connection: app.get('/', (req, res) => …), server.on('connection', (socket) => …). */
function findRequest(file: SourceFile, root: FunctionNode): Request | undefined {
  const names = root.params.flatMap((parameter) => (parameter.type === 'Identifier' ? [parameter.name] : []));
  const { parent } = root;
  if (/^(?:_?req|request)$/.test(names[0] ?? '') && /^(?:_?res|response|reply)$/.test(names[1] ?? '')) return { what: 'each request', root, names };
  if (parent?.type !== 'CallExpression' || !isFunction(root)) return undefined;
  const callee = skipWrappers(parent.callee);
  const method = callee.type === 'MemberExpression' ? getPropertyName(callee) : undefined;
  if (method === undefined) return undefined;
  const listener = getListenerCalls(file).find((other) => other.call === parent);
  if (listener?.verb === 'add' && (listener.event === 'connection' || listener.event === 'request' || listener.event === 'upgrade')) {
    return { what: listener.event === 'request' ? 'each request' : 'each connection', root, names };
  }
  return ROUTES.test(method) && /^(?:ctx|context|c)$/.test(names[0] ?? '') && parent.arguments[0]?.type === 'Literal' ? { what: 'each request', root, names } : undefined;
}

/** Whether a field has its value from the making of the instance on, and keeps it: no method sets it. */
function isMadeWithInstance(file: SourceFile, call: Node, field: string): boolean {
  const values = getFieldValues(file, call, field);
  return (
    values.length > 0 &&
    values.every((value) => {
      const maker = findEnclosingFunction(value);
      return maker === undefined || isConstructor(maker) || value.parent?.type === 'TSParameterProperty' || value.parent?.type === 'PropertyDefinition';
    })
  );
}

/** Whether a handler goes on with the request or the response when both are over. */
function capturesRequest(file: SourceFile, inner: FunctionNode, { root, names }: Request): boolean {
  return file.getScopes(inner).some(({ through }) =>
    through.some(({ resolved }) => {
      const [definition] = resolved?.defs ?? [];
      return definition?.type === 'Parameter' && definition.node === root && names.slice(0, 2).includes(resolved!.name);
    }),
  );
}

/** req.socket of an HTTP request: kept alive, it serves the next request as well. */
function isSharedSocket(file: SourceFile, target: Node, { names, what }: Request): boolean {
  if (what !== 'each request' || names.length < 2) return false;
  const node = skipWrappers(target);
  if (node.type !== 'MemberExpression' || !/^(?:socket|connection)$/.test(getPropertyName(node) ?? '')) return false;
  const object = skipWrappers(node.object);
  if (object.type !== 'Identifier' || !names.slice(0, 2).includes(object.name)) return false;
  return file.getVariable(object)?.defs[0]?.type === 'Parameter';
}
