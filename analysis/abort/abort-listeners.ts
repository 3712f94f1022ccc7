import type { Finding, FindingExit, PathStep } from '../finding.js';
import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, type TSESTree, findEnclosingFunction, getEnclosingRoot, getPropertyName, getStringValue, isFunction, isWithin, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { getSettleSites } from '../timers/promise-executor.js';
import { type Uses, findCallsByName, findReleaseLoss } from '../timers/release-loss.js';
import { getCallOrigin } from './call-origin.js';
import { isControllerCreation } from './controllers.js';
import { getFileIndex } from './file-index.js';
import { collectBelow, findFunction, runsInPlace } from './functions.js';
import { findAnnotation, isSignalType } from './signal-type.js';

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

interface Registration {
  readonly call: TSESTree.CallExpression;
  readonly signal: Node;
  readonly listener: Node;
  readonly form: LeakedListener['form'];
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

const REGISTRATION_NAMES = new Set(['addAbortListener', 'once']);

/** signal.addEventListener('abort', …), addAbortListener(signal, …), Promise.race([work, once(signal, 'abort')]) */
function findRegistration(file: SourceFile, call: TSESTree.CallExpression): Registration | undefined {
  const callee = skipWrappers(call.callee);
  const [first, second, third] = call.arguments;
  if (callee.type === 'MemberExpression' && getPropertyName(callee) === 'addEventListener') {
    if (getStringValue(first) !== 'abort' || !second || hasOwnRemoval(third)) return undefined;
    const signal = skipWrappers(callee.object);
    return isSignal(file, signal) ? { call, signal, listener: second, form: 'method' } : undefined;
  }
  const origin = getCallOrigin(file, call, REGISTRATION_NAMES);
  if (origin === 'events:addAbortListener' && first && second) {
    // What it returns removes the listener.
    return outermostWrapper(call).parent?.type === 'ExpressionStatement' ? { call, signal: skipWrappers(first), listener: second, form: 'helper' } : undefined;
  }
  if (origin === 'events:once' && first && getStringValue(second) === 'abort' && !third && isRaced(file, call)) {
    return { call, signal: skipWrappers(first), listener: call, form: 'once' };
  }
  return undefined;
}

/** addEventListener('abort', listener, { signal: other }): the other signal removes it; unknown options may. */
function hasOwnRemoval(options: Node | undefined): boolean {
  if (!options) return false;
  const node = skipWrappers(options);
  if (node.type === 'Literal') return false;
  if (node.type !== 'ObjectExpression') return true;
  return node.properties.some((property) => property.type !== 'Property' || getPropertyName(property) === 'signal');
}

function isRaced(file: SourceFile, call: Node): boolean {
  const list = outermostWrapper(call).parent;
  const race = list?.type === 'ArrayExpression' ? list.parent : undefined;
  return race?.type === 'CallExpression' && file.getOrigin(race.callee) === 'global:Promise.race';
}

/** By name or declaration: XMLHttpRequest, FileReader and media elements have `abort` events of their own. */
function isSignal(file: SourceFile, expression: Node): boolean {
  const name = expression.type === 'MemberExpression' ? getPropertyName(expression) : expression.type === 'Identifier' ? expression.name : undefined;
  if (name !== undefined && /signal$/i.test(name)) return true;
  if (expression.type === 'Identifier') {
    const variable = file.getVariable(expression);
    const [definition] = variable?.defs ?? [];
    const annotation = definition && findAnnotation(definition.name);
    if (annotation && isSignalType(annotation)) return true;
    // const parent = options.signal
    const value = variable && file.getOnlyValue(variable);
    if (value && skipWrappers(value).type === 'MemberExpression') return isSignal(file, skipWrappers(value));
  }
  return file.types?.getTypeNames(expression)?.includes('AbortSignal') ?? false;
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
    if (isOncePerSignal(file, registration.signal, root)) return undefined;
    const certainty = form === 'once' || endsByItself(file, registration, root, handler) ? 'certain' : 'potential';
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

/**
 * Whether a signal may live longer than the call: a parameter, an option, a field, a variable of the module. Not one that the
 * function made, that came with a request, or that a callback got for its one run.
 */
function outlivesCall(file: SourceFile, signal: Node, root: FunctionNode, isNeverRemoved: boolean): boolean {
  let base = signal;
  const names: string[] = [];
  while (base.type === 'MemberExpression') {
    names.unshift(getPropertyName(base) ?? '');
    base = skipWrappers(base.object);
  }
  const owners = names.slice(0, -1);
  if (owners.some(isRequestName) || names.some((name) => /^req(?:uest)?(?:Abort)?Signal$/i.test(name))) return false;
  // this.controller.signal: who never removes a listener may replace the controller each time instead.
  if (owners.some(isControllerName) && (isNeverRemoved || base.type !== 'ThisExpression')) return false;
  if (base.type === 'ThisExpression') return true;
  if (base.type !== 'Identifier') return false;
  if (names.length > 0 && (isRequestName(base.name) || isControllerName(base.name))) return false;
  const variable = file.getVariable(base);
  const [definition] = variable?.defs ?? [];
  if (!variable || !definition) return false;
  if (definition.type === 'Parameter') return !isPerCall(definition.node);
  const value = file.getOnlyValue(variable) ?? findDestructured(definition.node);
  if (!value) return definition.type === 'ImportBinding' || !isWithin(definition.node, root) || isAssignedSignal(variable);
  // const options = normalise(given): options.signal is still the caller's.
  if (names.length > 0 && skipWrappers(value).type === 'CallExpression') return OPTIONS_NAME.test(base.name) && (skipWrappers(value) as TSESTree.CallExpression).arguments.length > 0;
  return valueOutlivesCall(file, value, root, isNeverRemoved);
}

const OPTIONS_NAME = /(?:options|opts|config|params|settings|init|args)$/i;

/** const { signal } = options */
function findDestructured(definition: Node): Node | undefined {
  return definition.type === 'VariableDeclarator' && definition.id.type === 'ObjectPattern' ? (definition.init ?? undefined) : undefined;
}

function isAssignedSignal(variable: Variable): boolean {
  return variable.references.some((reference) => reference.writeExpr?.type === 'MemberExpression');
}

function valueOutlivesCall(file: SourceFile, value: Node, root: FunctionNode, isNeverRemoved: boolean): boolean {
  const node = skipWrappers(value);
  switch (node.type) {
    case 'LogicalExpression':
      // options.signal ?? request.signal
      return valueOutlivesCall(file, node.left, root, isNeverRemoved) || valueOutlivesCall(file, node.right, root, isNeverRemoved);
    case 'ConditionalExpression':
      return valueOutlivesCall(file, node.consequent, root, isNeverRemoved) || valueOutlivesCall(file, node.alternate, root, isNeverRemoved);
    case 'Identifier':
    case 'MemberExpression': {
      if (node.type === 'Identifier') {
        const variable = file.getVariable(node);
        const only = variable && file.getOnlyValue(variable);
        if (only && isControllerCreation(file, only)) return !isWithin(only, root) && !isFunction(getEnclosingRoot(only));
      }
      return outlivesCall(file, node, root, isNeverRemoved);
    }
    default:
      // new AbortController().signal, AbortSignal.timeout(…), a call that may make one
      return false;
  }
}

function isRequestName(name: string): boolean {
  return /^(?:req|request|raw|rawRequest|event)$|Request$/.test(name);
}

function isControllerName(name: string): boolean {
  return /(?:controller|ac)$/i.test(name);
}

/** queue.add(async ({ signal }) => …), withTimeout((signal) => …): a signal for this one run. */
function isPerCall(owner: Node): boolean {
  if (!isFunction(owner)) return false;
  const { parent } = outermostWrapper(owner);
  return (parent?.type === 'CallExpression' && parent.callee !== owner) || (parent?.type === 'Property' && parent.parent.parent?.type === 'CallExpression');
}

/** The calls that remove the listener; an inline function can be named by none. */
export function getRemovals(file: SourceFile, listener: Node): Uses {
  const node = skipWrappers(listener);
  const none: Uses = { clears: [], helpers: new Map(), isOutOfSight: false };
  if (isFunction(node) || node.type === 'CallExpression') return none;
  const clears: TSESTree.CallExpression[] = [];
  if (node.type === 'MemberExpression') {
    // this.onAbort: removed anywhere is removed.
    const text = file.getText(node);
    const isRemoved = new RegExp(`removeEventListener\\(\\s*['"]abort['"]\\s*,\\s*${text.replace(/[$.#]/g, '\\$&')}\\b`).test(file.text);
    return isRemoved ? { ...none, isOutOfSight: true } : none;
  }
  const variable = node.type === 'Identifier' ? file.getVariable(node) : undefined;
  if (!variable) return { ...none, isOutOfSight: true };
  let isUsedOtherwise = false;
  for (const reference of variable.references) {
    if (reference.isWrite()) continue;
    const value = outermostWrapper(reference.identifier);
    const { parent } = value;
    if (parent?.type !== 'CallExpression') {
      // return onAbort, { onAbort }: whoever gets it may remove it.
      if (parent && /^(?:ReturnStatement|Property|ArrayExpression|AssignmentExpression|ArrowFunctionExpression)$/.test(parent.type)) return { ...none, isOutOfSight: true };
      continue;
    }
    const callee = skipWrappers(parent.callee);
    const method = callee.type === 'MemberExpression' ? getPropertyName(callee) : undefined;
    if (method === 'addEventListener') continue;
    if (method === 'removeEventListener') clears.push(parent);
    // off(signal, 'abort', onAbort): perhaps another way to remove it
    else if (parent.arguments.some((argument) => getStringValue(argument) === 'abort')) return { ...none, isOutOfSight: true };
    else isUsedOtherwise = true;
  }
  // One function for every outcome, `const done = () => { signal.removeEventListener('abort', done); … }`, also called or passed elsewhere.
  const handler = findFunction(file, node);
  if (isUsedOtherwise && handler && clears.some((clear) => isWithin(clear, handler))) return { ...none, isOutOfSight: true };
  const helpers = new Map<FunctionNode, readonly TSESTree.CallExpression[]>();
  for (const clear of clears) {
    const owner = findEnclosingFunction(clear);
    const calls = owner && !isWithin(node, owner) ? findCallsByName(file, owner) : undefined;
    if (owner && calls) helpers.set(owner, calls);
  }
  return { clears, helpers, isOutOfSight: false };
}

/**
 * Whether the thing that the listener is for ends by itself, so that the listener is left over: it settles a promise, passes the
 * abort on to another controller, sets a flag of an operation, or stops something that the function also ends otherwise.
 */
function endsByItself(file: SourceFile, { call, listener }: Registration, root: FunctionNode, handler: FunctionNode | undefined): boolean {
  const run = findRun(file, root);
  if (!handler) {
    // addEventListener('abort', reject)
    const node = skipWrappers(listener);
    return node.type === 'Identifier' && isExecutorParameter(file, node);
  }
  const isOperation = run.async || run !== root;
  let isSettling = false;
  let isLinking = false;
  let hasAssignment = false;
  const targets: Variable[] = [];
  let calls = 0;
  collectBelow(
    handler,
    file,
    (node) => {
      // aborted = true; what is set on an object may live on with it.
      if (node.type === 'AssignmentExpression' && node.left.type === 'Identifier') hasAssignment = true;
      if (node.type !== 'CallExpression') return;
      calls++;
      const callee = skipWrappers(node.callee);
      if (callee.type === 'Identifier' && isExecutorParameter(file, callee)) isSettling = true;
      if (callee.type !== 'MemberExpression') {
        const inner = findFunction(file, callee);
        if (inner && settles(file, inner)) isSettling = true;
        return;
      }
      if (getPropertyName(callee) === 'abort') isLinking = true;
      const object = skipWrappers(callee.object);
      const variable = object.type === 'Identifier' ? file.getVariable(object) : undefined;
      if (variable) targets.push(variable);
    },
    () => true,
  );
  if (isSettling || isLinking) return true;
  if (!isOperation || isLongLived(file, run, call)) return false;
  if (calls === 0) return hasAssignment;
  return targets.some((target) => isEndedOtherwise(file, target, handler, run));
}

/** Whether a function calls `resolve` or `reject` of the executor around it. */
function settles(file: SourceFile, fn: FunctionNode): boolean {
  for (let outer = findEnclosingFunction(fn); outer; outer = findEnclosingFunction(outer)) {
    if (outer.parent.type === 'NewExpression' && getSettleSites(file, outer).some((site) => isWithin(site.node, fn))) return true;
  }
  return false;
}

function isExecutorParameter(file: SourceFile, identifier: Node): boolean {
  const [definition] = file.getVariable(identifier)?.defs ?? [];
  if (definition?.type !== 'Parameter') return false;
  const owner = definition.node;
  return owner.parent?.type === 'NewExpression' && file.getOrigin(owner.parent.callee) === 'global:Promise';
}

/** The function whose end is the end of the operation: executors and callbacks of promise chains belong to the one around them. */
function findRun(file: SourceFile, root: FunctionNode): FunctionNode {
  let run = root;
  for (let outer = findEnclosingFunction(run); outer && runsInPlace(file, run); outer = findEnclosingFunction(run)) run = outer;
  return run;
}

/** A function that hands something out (`return { … }`, `return server`) is not over when it returns. */
function isLongLived(file: SourceFile, run: FunctionNode, call: Node): boolean {
  let isHandingOut = false;
  collectBelow(run, file, (node) => {
    if (node.type !== 'ReturnStatement' || !node.argument || node.range[0] < call.range[0]) return;
    let value: Node | undefined = skipWrappers(node.argument);
    if (value.type === 'Identifier') {
      const variable = file.getVariable(value);
      if (variable?.defs[0]?.type === 'FunctionName') isHandingOut = true;
      value = variable && file.getOnlyValue(variable);
      value = value && skipWrappers(value);
    }
    if (value && (value.type === 'ObjectExpression' || value.type === 'NewExpression' || isFunction(value))) isHandingOut ||= !isPromiseCreation(file, value);
  });
  return isHandingOut;
}

function isPromiseCreation(file: SourceFile, value: Node): boolean {
  return value.type === 'NewExpression' && file.getOrigin(value.callee) === 'global:Promise';
}

const END_EVENT = /^(?:exit|close|end|finish|error|done)$/;
const END_METHOD = /^(?:close|destroy|kill|cancel|end|disconnect|terminate|releaseLock|stop|quit|return)$/;

/** The function waits for the end of `target`, or ends it, somewhere outside the listener. */
function isEndedOtherwise(file: SourceFile, target: Variable, handler: FunctionNode, run: FunctionNode): boolean {
  const uses = target.references.filter(({ identifier }) => isWithin(identifier, run) && !isWithin(identifier, handler));
  const isHandedOut = uses.some(({ identifier }) => {
    const { parent } = outermostWrapper(identifier);
    return parent?.type === 'ReturnStatement' || (parent?.type === 'Property' && parent.value === identifier) || parent?.type === 'AssignmentExpression';
  });
  if (isHandedOut) return false;
  return uses.some(({ identifier }) => {
    const { parent } = outermostWrapper(identifier);
    if (parent?.type === 'AwaitExpression' || parent?.type === 'ForOfStatement') return true;
    if (parent?.type !== 'MemberExpression' || parent.object !== identifier) return false;
    const method = getPropertyName(parent) ?? '';
    const call = outermostWrapper(parent).parent;
    if (call?.type !== 'CallExpression') return false;
    return END_METHOD.test(method) || (/^(?:on|once|addListener)$/.test(method) && END_EVENT.test(getStringValue(call.arguments[0]) ?? ''));
  });
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
