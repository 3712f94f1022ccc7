import { findFunction } from '../abort/functions.js';
import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, type TSESTree, isFunction, isWithin, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import { getTimerKind } from './timer-calls.js';

/** A place that settles the promise of an executor: a call of `resolve` or `reject`, or either handed on as a callback. */
export interface SettleSite {
  readonly node: Node;
  readonly how: 'resolve' | 'reject';
  /** False where the function itself is passed: `.on('error', reject)`. */
  readonly isCall: boolean;
}

/** The executor of `new Promise(…)`, where it is written in place. */
export function findExecutor(file: SourceFile, node: Node): FunctionNode | undefined {
  const creation = skipWrappers(node);
  if (creation.type !== 'NewExpression' || file.getOrigin(creation.callee) !== 'global:Promise') return undefined;
  const [executor] = creation.arguments;
  return executor && isFunction(executor) ? executor : undefined;
}

/** Every place in an executor that settles its promise, nested functions included. */
export function getSettleSites(file: SourceFile, executor: FunctionNode): SettleSite[] {
  const sites: SettleSite[] = [];
  for (const [index, how] of (['resolve', 'reject'] as const).entries()) {
    const parameter = executor.params[index];
    const variable = parameter?.type === 'Identifier' ? file.getVariable(parameter) : undefined;
    for (const reference of variable?.references ?? []) {
      if (!reference.isRead()) continue;
      const node = reference.identifier;
      const isCall = node.parent?.type === 'CallExpression' && node.parent.callee === node;
      sites.push({ node: isCall ? node.parent : node, how, isCall });
    }
  }
  return sites;
}

/** The function that a timer call runs, or undefined when it runs `resolve` and the like, or what is not known. */
export function findTimerCallback(file: SourceFile, timer: TSESTree.CallExpression): FunctionNode | undefined {
  const [callback] = timer.arguments;
  return callback && findFunction(file, callback);
}

/** Whether a node is what a timer call runs: the callback itself or anything in it. */
export function isInTimerCallback(file: SourceFile, timer: TSESTree.CallExpression, node: Node): boolean {
  const [callback] = timer.arguments;
  if (!callback) return false;
  if (isWithin(node, callback)) return true;
  const body = findTimerCallback(file, timer);
  return body !== undefined && isWithin(node, body);
}

export interface TimerPromise {
  readonly creation: Node;
  readonly executor: FunctionNode;
  readonly timer: TSESTree.CallExpression;
  readonly settles: ReadonlySet<'resolve' | 'reject'>;
}

/**
 * `new Promise((resolve) => setTimeout(resolve, ms))` and its relatives: a promise that a timer settles and nothing else; with
 * `mayReject`, one that something else may reject before.
 */
export function findTimerPromise(file: SourceFile, expression: Node, mayReject = false): TimerPromise | undefined {
  const executor = findExecutor(file, expression);
  if (!executor) return undefined;
  const timer = findTimers(file, executor).find((call) => getTimerKind(file, call) === 'timeout');
  if (!timer) return undefined;
  const sites = getSettleSites(file, executor);
  if (sites.length === 0 || !sites.every((site) => (mayReject && site.how === 'reject') || isInTimerCallback(file, timer, site.node))) return undefined;
  return { creation: skipWrappers(expression), executor, timer, settles: new Set(sites.map((site) => site.how)) };
}

/** The timers that an executor starts itself. */
function findTimers(file: SourceFile, executor: FunctionNode): TSESTree.CallExpression[] {
  const timers: TSESTree.CallExpression[] = [];
  walk(
    executor.body,
    (node) => {
      if (isFunction(node)) return false;
      if (node.type === 'CallExpression' && getTimerKind(file, node)) timers.push(node);
      return true;
    },
    file.visitorKeys,
  );
  return timers;
}
