import { findOwnController } from '../abort/controllers.js';
import { collectBelow, runsInPlace, someBelow } from '../abort/functions.js';
import { endsProcess } from '../control-flow/call-facts.js';
import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, type TSESTree, findEnclosingFunction, getEnclosingRoot, getPropertyName, getStringValue, isFunction, isWithin, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { findTimerCallback, getSettleSites, isInTimerCallback } from './promise-executor.js';
import { findDelay, isExecutor } from './timer-calls.js';

/** A timer that puts an end to something that usually ends by itself before: so it must be cleared when that happens. */
export interface Deadline {
  readonly effect: 'abort' | 'kill' | 'settle';
  /** What it does, as the code says it: `controller.abort()`. */
  readonly text: string;
}

/** Up to this, a timer left behind is over before anyone notices. */
const SHORT_DELAY_MS = 1000;

/**
 * Whether a timer is a deadline for work of the same function: it aborts a controller made there, kills a process whose end is
 * awaited there, or settles a promise that something else settles as well.
 */
export function findDeadline(file: SourceFile, timer: TSESTree.CallExpression): Deadline | undefined {
  const [callback] = timer.arguments;
  if (!callback) return undefined;
  const root = getEnclosingRoot(timer);
  if (!isFunction(root)) return undefined;
  const delay = findDelay(file, timer);
  const isShort = delay !== undefined && delay <= SHORT_DELAY_MS;
  const body = findTimerCallback(file, timer);
  if (body && someBelow(body, (node) => endsProcess(node, file), file)) return undefined;
  for (const [target, method, node] of getEffects(file, skipWrappers(callback), body)) {
    if (method === 'abort' && isOwnController(file, target, root) && !isGivenAway(file, target)) return { effect: 'abort', text: `${file.getText(target)}.abort()` };
    if ((method === 'kill' || method === 'terminate') && !isShort && isEndAwaited(file, target, root, timer)) {
      return { effect: 'kill', text: node ? file.getText(node) : `${file.getText(target)}.${method}()` };
    }
  }
  return isShort ? undefined : findSettlement(file, timer, root);
}

/** The method calls of a callback, with their objects: `x.abort()`, also as `x.abort.bind(x)` in place of a function. */
function getEffects(file: SourceFile, callback: Node, body: FunctionNode | undefined): [Node, string, Node | undefined][] {
  const effects: [Node, string, Node | undefined][] = [];
  const add = (member: Node, call?: Node) => {
    const callee = skipWrappers(member);
    const name = callee.type === 'MemberExpression' ? getPropertyName(callee) : undefined;
    if (callee.type === 'MemberExpression' && name !== undefined) effects.push([skipWrappers(callee.object), name, call]);
  };
  if (callback.type === 'MemberExpression') add(callback);
  if (callback.type === 'CallExpression') {
    const callee = skipWrappers(callback.callee);
    if (callee.type === 'MemberExpression' && getPropertyName(callee) === 'bind') add(callee.object);
  }
  if (body) {
    collectBelow(body, file, (node) => {
      if (node.type === 'CallExpression') add(node.callee, node);
    });
  }
  return effects;
}

/** const controller = new AbortController() in the function that sets the timer, or in one it runs in place of. */
function isOwnController(file: SourceFile, target: Node, root: FunctionNode): boolean {
  const variable = findOwnController(file, target);
  const value = variable && file.getOnlyValue(variable);
  return value !== undefined && isSameRun(file, value, root);
}

/** return controller.signal: the work is the caller's, and nobody here learns of its end. */
function isGivenAway(file: SourceFile, target: Node): boolean {
  const variable = findOwnController(file, target);
  return variable !== undefined && variable.references.some(({ identifier }) => isReturned(identifier));
}

function isReturned(expression: Node): boolean {
  let node = outermostWrapper(expression);
  while (node.parent && isPassing(node.parent, node)) node = outermostWrapper(node.parent);
  const { parent } = node;
  return parent?.type === 'ReturnStatement' || (parent?.type === 'ArrowFunctionExpression' && parent.body === node);
}

/** The outer expression has the inner one in it: controller.signal, { signal }, signal ?? other. */
function isPassing(outer: Node, inner: Node): boolean {
  if (outer.type === 'MemberExpression') return outer.object === inner && getPropertyName(outer) === 'signal';
  if (outer.type === 'Property') return outer.value === inner;
  return outer.type === 'ObjectExpression' || outer.type === 'ArrayExpression' || outer.type === 'LogicalExpression' || outer.type === 'ConditionalExpression';
}

/** Whether `node` belongs to `root` or to a function around it that `root` runs in place of. */
export function isSameRun(file: SourceFile, node: Node, root: FunctionNode): boolean {
  const owner = findEnclosingFunction(node);
  for (let run: FunctionNode | undefined = root; run; run = runsInPlace(file, run) ? findEnclosingFunction(run) : undefined) {
    if (run === owner) return true;
  }
  return false;
}

/** child.once('exit', …), once(child, 'exit'), await child in the same function. */
function isEndAwaited(file: SourceFile, target: Node, root: FunctionNode, timer: Node): boolean {
  if (target.type !== 'Identifier') return false;
  const variable = file.getVariable(target);
  if (!variable) return false;
  return variable.references.some(({ identifier }) => {
    if (!isWithin(identifier, root) || isInTimerCallback(file, timer as TSESTree.CallExpression, identifier)) return false;
    const { parent } = identifier;
    if (parent?.type === 'AwaitExpression') return true;
    if (parent?.type === 'MemberExpression' && parent.object === identifier && parent.parent.type === 'CallExpression') {
      return /^(?:on|once|addListener)$/.test(getPropertyName(parent) ?? '') && isEndEvent(parent.parent.arguments[0]);
    }
    if (parent?.type === 'CallExpression' && parent.arguments[0] === identifier) {
      return file.getOrigin(parent.callee) === 'events:once' && isEndEvent(parent.arguments[1]);
    }
    return false;
  });
}

function isEndEvent(name: Node | undefined): boolean {
  return /^(?:exit|close)$/.test(getStringValue(name) ?? '');
}

/** A timer in an executor that settles the promise, where something else settles it too. */
function findSettlement(file: SourceFile, timer: TSESTree.CallExpression, root: FunctionNode): Deadline | undefined {
  if (!isExecutor(file, root)) return undefined;
  const sites = getSettleSites(file, root);
  const own = sites.find((site) => isInTimerCallback(file, timer, site.node));
  const other = sites.find((site) => !isInTimerCallback(file, timer, site.node) && findEnclosingFunction(site.node) !== root);
  const passed = sites.find((site) => !isInTimerCallback(file, timer, site.node) && !site.isCall);
  if (!own || !(other ?? passed)) return undefined;
  return { effect: 'settle', text: own.isCall ? file.getText(own.node).replace(/\(.*$/s, '(…)') : `${file.getText(own.node)}()` };
}
