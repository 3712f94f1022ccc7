import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, findEnclosingFunction, getPropertyName, isWithin, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { findExecutor, getSettleSites } from '../timers/promise-executor.js';
import { findCallsByName } from '../timers/release-loss.js';
import { isDropped } from './call-role.js';
import { runsInPlace } from './functions.js';
import { findAskedController } from './governing-controllers.js';
import { type Carriers, getCarriers } from './signal-carriers.js';
import { getSignalSources } from './signal-sources.js';

export interface Run {
  readonly carriers: Carriers;
  /** The function that has the signal. */
  readonly owner: FunctionNode;
}

/** Whether the function around a place, or one that it runs as a part of, was given a signal. */
export function isReceivingSignal(file: SourceFile, place: Node): boolean {
  return findRun(file, place) !== undefined;
}

/** The nearest function around a place that has a signal, looking through functions that run as part of it. */
export function findRun(file: SourceFile, place: Node): Run | undefined {
  let isStarted = false;
  for (let owner = findEnclosingFunction(place); owner; owner = findEnclosingFunction(owner)) {
    const [source] = getSignalSources(file, owner);
    if (source && !isStarted) return { owner, carriers: getCarriers(file, owner, source) };
    const own = findAskedController(file, owner, place);
    if (own) return { owner, carriers: getCarriers(file, owner, own) };
    isStarted ||= !isPartOfRun(file, owner);
    if (isStarted && !isStartedWithin(file, owner)) return undefined;
  }
  return undefined;
}

/** const load = async () => …; void load(); return () => controller.abort(): work that the function around starts, to be ended by its controller. */
function isStartedWithin(file: SourceFile, nested: FunctionNode): boolean {
  if (findOwnCall(nested)) return true;
  const outer = findEnclosingFunction(nested);
  const calls = findCallsByName(file, nested);
  return calls !== undefined && calls.length > 0 && calls.every((call) => findEnclosingFunction(call) === outer);
}

const LATER = /^(?:on|once|addListener|addEventListener|subscribe|setTimeout|setInterval|setImmediate|nextTick|queueMicrotask|use|get|post|put|patch|all|route|listen|watch|schedule|register|handle|useEffect|useCallback|useMemo|useMutation|useQuery|defer|onAbort|addAbortListener|waitUntil|debounce|throttle)$/;

/** What runs once for several callers must not end with one of them. */
const SHARED = /coalesce|cache|memo|dedup|singleton|singleFlight|shared?|once|lazy|getOrCreate|getOrSet|remember|inFlight|throttle|debounce/i;

/** Whether a nested function runs before the function around it is done. */
export function isPartOfRun(file: SourceFile, nested: FunctionNode): boolean {
  if (runsInPlace(file, nested)) return !isDetached(file, nested);
  const calls = findCallsByName(file, nested);
  if (calls) return calls.length > 0 && calls.every((call) => isAwaited(call) && !isWithin(call, nested));
  const value = outermostWrapper(nested);
  const call = value.parent;
  if (call?.type !== 'CallExpression' || call.callee === value) return false;
  const callee = skipWrappers(call.callee);
  const name = callee.type === 'Identifier' ? callee.name : callee.type === 'MemberExpression' ? getPropertyName(callee) : undefined;
  // await retry(async () => …)
  return name !== undefined && !LATER.test(name) && !SHARED.test(name) && isAwaited(call);
}

/** void (async () => …)(): goes on when the function around it is done, unless it settles the promise of an executor. */
function isDetached(file: SourceFile, nested: FunctionNode): boolean {
  const call = nested.async ? findOwnCall(nested) : undefined;
  if (!call || !isDropped(call)) return false;
  const outer = findEnclosingFunction(nested);
  const isExecutor = outer !== undefined && findExecutor(file, outer.parent) === outer;
  return !isExecutor || !getSettleSites(file, outer).some(({ node }) => isWithin(node, nested));
}

/** (async () => …)() */
function findOwnCall(nested: FunctionNode): Node | undefined {
  const value = outermostWrapper(nested);
  return value.parent?.type === 'CallExpression' && value.parent.callee === value ? value.parent : undefined;
}

/** Awaited or returned, so that the function is not done before. */
export function isAwaited(call: Node): boolean {
  let value = outermostWrapper(call);
  for (;;) {
    const { parent } = value;
    if (parent?.type === 'AwaitExpression' || parent?.type === 'ReturnStatement' || parent?.type === 'YieldExpression') return true;
    if (parent?.type === 'ForOfStatement') return true;
    if (parent?.type === 'ArrowFunctionExpression') return parent.body === value;
    // Promise.all([call()]), call().then(…)
    const isLink = parent?.type === 'MemberExpression' && parent.object === value;
    const isCallee = parent?.type === 'CallExpression';
    const isElement = parent?.type === 'ArrayExpression';
    if (!isLink && !isCallee && !isElement) return false;
    value = outermostWrapper(parent);
  }
}
