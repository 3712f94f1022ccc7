import type { Finding, FindingExit, PathStep } from '../finding.js';
import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, type TSESTree, getEnclosingRoot, getPropertyName, isFunction, isWithin, skipWrappers } from '../syntax/node.js';
import { findReleaseLoss } from '../timers/release-loss.js';
import { getFileIndex } from './file-index.js';
import { findFunction } from './functions.js';
import { endsByItself } from './listener-purpose.js';
import { type Registration, findRegistration } from './listener-registration.js';
import { getRemovals, isRemovedInVain } from './listener-removals.js';
import { outlivesCall } from './signal-lifetime.js';
import { isWaitForAbort } from './wait-for-abort.js';

/** How an abort listener is left behind. */
export type ListenerLoss =
  /** Nothing removes it. */
  | 'never'
  /** Removed, but not on the way to `exit`. */
  | 'path'
  /** Removed when the promise fulfils, not when it rejects. */
  | 'rejection'
  /** The promise around it is settled in a place that does not remove it. */
  | 'settled';

export interface LeakedListener extends Finding {
  readonly node: TSESTree.CallExpression;
  readonly loss: ListenerLoss;
  /** The signal as the code names it. */
  readonly signal: Node;
  readonly listener: Node;
  /** `addEventListener` of the signal, `addAbortListener` of `node:events`, or `once(signal, 'abort')`. */
  readonly form: 'method' | 'helper' | 'once';
}

/** Abort listeners on signals that outlive the call, and that stay when it completes without an abort. */
export function findLeakedListeners(file: SourceFile, { includePotential = false } = {}): LeakedListener[] {
  const findings: LeakedListener[] = [];
  for (const call of getFileIndex(file).calls) {
    const registration = findRegistration(file, call);
    const finding = registration && inspect(file, registration, includePotential);
    if (finding && (finding.certainty === 'certain' || includePotential)) findings.push(finding);
  }
  return findings;
}

function inspect(file: SourceFile, registration: Registration, includePotential: boolean): LeakedListener | undefined {
  const { call, listener, form } = registration;
  const root = getEnclosingRoot(call);
  if (!isFunction(root)) return undefined;
  const handler = form === 'once' ? undefined : findFunction(file, listener);
  const uses = form === 'method' ? getRemovals(file, listener) : { clears: [], helpers: new Map(), isOutOfSight: false };
  if (uses.isOutOfSight) return undefined;
  const isOwn = (node: Node) => handler !== undefined && isWithin(node, handler);
  const isNeverRemoved = uses.clears.every(isOwn);
  if (!outlivesCall(file, registration.signal, root, isNeverRemoved)) return undefined;
  if (isNeverRemoved) {
    if (isOncePerSignal(file, registration.signal, root) || isWaitForAbort(file, registration)) return undefined;
    const certainty = form === 'once' || isRemovedInVain(file, call, root) || endsByItself(file, registration, root, handler) ? 'certain' : 'potential';
    return report(registration, 'never', { certainty });
  }
  const loss = findReleaseLoss(file, { acquisition: call, root, start: call, declaredIn: getDeclaringFunction(file, listener, root), variable: getListenerVariable(file, listener), uses, isOwn, includePotential });
  return loss && loss !== 'unreleased' ? report(registration, loss.loss, loss) : undefined;
}

/** if (!known.has(signal)) { signal.addEventListener(…); known.set(signal, …); }: what listens belongs to the signal, and goes with it. */
function isOncePerSignal(file: SourceFile, signal: Node, root: FunctionNode): boolean {
  const variable = signal.type === 'Identifier' ? file.getVariable(signal) : undefined;
  const methods = new Set<string>();
  for (const { identifier } of variable?.references ?? []) {
    const { parent } = identifier;
    if (parent?.type !== 'CallExpression' || parent.arguments[0] !== identifier || !isWithin(parent, root)) continue;
    const callee = skipWrappers(parent.callee);
    const method = callee.type === 'MemberExpression' ? getPropertyName(callee) : undefined;
    if (method !== undefined) methods.add(method);
  }
  return (methods.has('has') || methods.has('get')) && (methods.has('set') || methods.has('add'));
}

function getListenerVariable(file: SourceFile, listener: Node): Variable | undefined {
  const node = skipWrappers(listener);
  return node.type === 'Identifier' ? file.getVariable(node) : undefined;
}

/** Where the name of the listener is declared, when that is around the registration: `let listener; new Promise(…)`. */
function getDeclaringFunction(file: SourceFile, listener: Node, root: FunctionNode): Node {
  const variable = getListenerVariable(file, listener);
  const block = variable?.scope.variableScope.block;
  return block && isFunction(block) && isWithin(root, block) ? block : root;
}

function report(
  registration: Registration,
  loss: ListenerLoss,
  more: { certainty?: 'certain' | 'potential'; exit?: FindingExit | undefined; steps?: readonly PathStep[] },
): LeakedListener {
  const { call, signal, listener, form } = registration;
  const first: PathStep = { kind: 'acquire', node: call, text: 'the listener is added' };
  return { node: call, loss, signal, listener, form, certainty: more.certainty ?? 'certain', path: [first, ...(more.steps ?? [])], exit: more.exit };
}
