import type { Acquisition, ResourceKind } from '../resources/resource-kind.js';
import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type CallLike, type FunctionNode, type Node, getPropertyName, isFunction, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import { findProperty, meetsCondition } from './apply-call.js';
import { findCalledFunction } from './called-function.js';
import { findLocalFunction } from './values.js';

/** A call that acquires a resource by the catalogue. */
export interface AcquiringCall {
  readonly call: CallLike;
  readonly acquisition: Acquisition;
  /** Of `yields: 'callback'`: the function that gets it. */
  readonly callback?: FunctionNode;
}

/** The acquisitions of the catalogue that a call may be, by its callee and its literal arguments. */
export function findAcquisitions(call: CallLike, kind: ResourceKind, file: SourceFile): AcquiringCall[] {
  const found: AcquiringCall[] = [];
  for (const acquisition of kind.acquisitions) {
    if (!acquisition.calls || (call.type === 'NewExpression') !== Boolean(acquisition.isConstructor)) continue;
    if (acquisition.only && !meetsCondition(acquisition.only, call)) continue;
    if (acquisition.unless && meetsCondition(acquisition.unless, call, file)) continue;
    if (!matchesCallee(acquisition.calls, call, file)) continue;
    if (acquisition.backedUpBy && isCalled(acquisition.backedUpBy, file)) continue;
    const callback = acquisition.yields === 'callback' ? findCallback(call, file) : undefined;
    if (callback) found.push({ call, acquisition, callback });
    else if (acquisition.yields !== 'callback') found.push({ call, acquisition });
  }
  return found;
}

/** Whether the file calls one of these functions anywhere. */
export function isCalled(patterns: readonly string[], file: SourceFile): boolean {
  return file.getCalls().some((call) => matchesCallee(patterns, call, file));
}

/** Patterns are origins; `module:*` is any member of a module, `*:name` one of any module, `.name` any method of that name, `*` any function. */
export function matchesCallee(patterns: readonly string[], call: CallLike, file: SourceFile): boolean {
  const callee = skipWrappers(call.callee);
  const origin = file.getOrigin(callee);
  const method = callee.type === 'MemberExpression' ? getPropertyName(callee) : undefined;
  return patterns.some((pattern) => {
    if (pattern === '*' || (method !== undefined && pattern === `.${method}`)) return true;
    if (origin === undefined) return false;
    if (pattern.startsWith('*:')) return origin.endsWith(pattern.slice(1)) && !origin.startsWith('global:');
    return pattern === origin || (pattern.endsWith(':*') && origin.startsWith(pattern.slice(0, -1)));
  });
}

function findCallback(call: CallLike, file: SourceFile): FunctionNode | undefined {
  const last = call.arguments.at(-1);
  if (!last || last.type === 'SpreadElement') return undefined;
  const node = skipWrappers(last);
  if (isFunction(node)) return node;
  return node.type === 'Identifier' ? findLocalFunction(node, file) : undefined;
}

/** Whether an argument says that a call by which this kind is acquired acquires none this time: `method: 'HEAD'`. */
export function isHarmlessCall(call: CallLike, kind: ResourceKind, file: SourceFile): boolean {
  return kind.acquisitions.some(({ unless, yields }) => unless !== undefined && yields !== 'rejection' && meetsCondition(unless, call, file));
}

/** The variables by which an acquisition can be ended from outside: `controller` of `{ signal: controller.signal }`. */
export function findLinkedVariables(call: CallLike, file: SourceFile): Set<Variable> {
  const linked = new Set<Variable>();
  // once(req, 'response')
  const emitter = file.getOrigin(call.callee) === 'events:once' && call.arguments[0] ? file.getVariable(skipWrappers(call.arguments[0])) : undefined;
  if (emitter) linked.add(emitter);
  for (const argument of call.arguments) {
    const signal = argument.type === 'SpreadElement' ? undefined : findProperty(argument, 'signal');
    const owner = signal && skipWrappers(signal);
    if (owner?.type !== 'MemberExpression' || getPropertyName(owner) !== 'signal') continue;
    const variable = file.getVariable(skipWrappers(owner.object));
    if (variable) linked.add(variable);
  }
  return linked;
}

/** The variable that a call's own value is put in: `req` of `const req = http.get(url, (res) => …)` ends `res`, too. */
export function findOwnVariables(call: CallLike, file: SourceFile): Set<Variable> {
  // req.on('response', f)
  const callee = skipWrappers(call.callee);
  const object = callee.type === 'MemberExpression' && /^(?:on|once|addListener)$/.test(getPropertyName(callee) ?? '') ? skipWrappers(callee.object) : undefined;
  const emitter = object?.type === 'Identifier' ? file.getVariable(object) : undefined;
  if (emitter) return new Set([emitter]);
  let outer = outermostWrapper(call);
  // const req = http.get(…).on('error', f)
  while (outer.parent?.type === 'MemberExpression' && outer.parent.object === outer && outer.parent.parent.type === 'CallExpression') outer = outermostWrapper(outer.parent.parent);
  const { parent } = outer;
  const target = parent?.type === 'VariableDeclarator' ? parent.id : parent?.type === 'AssignmentExpression' ? parent.left : undefined;
  const variable = target?.type === 'Identifier' ? file.getVariable(target) : undefined;
  return new Set(variable ? [variable] : []);
}

/**
 * A call whose result is used as this resource though nothing says what it returns: `await retry(() => fetch(url))`,
 * `await caller.call(fetch, …)`, `await fetchImpl(url)`. The call must have to do with an acquiring function, and the
 * variable that gets the result must be used as only such a resource is.
 */
export function findEvidence(call: CallLike, kind: ResourceKind, file: SourceFile): boolean {
  if (kind.evidence === undefined || call.type !== 'CallExpression' || !hasAcquirerName(call, kind, file) || !isResultUsedAs(call, kind, file)) return false;
  const fn = findCalledFunction(call.callee, file);
  return !(fn && returnsData(fn, kind));
}

/** Whether all that a function returns is made in place, or read from a resource: `return { ok: true }`, `return await res.json()`. */
function returnsData(fn: FunctionNode, kind: ResourceKind): boolean {
  const values: Node[] = fn.body.type === 'BlockStatement' ? [] : [fn.body];
  walk(fn.body, (node) => {
    if (isFunction(node)) return false;
    if (node.type === 'ReturnStatement' && node.argument) values.push(node.argument);
    return true;
  });
  return values.length > 0 && values.every((value) => {
    const outer = skipWrappers(value);
    const node = outer.type === 'AwaitExpression' ? skipWrappers(outer.argument) : outer;
    if (/^(?:Object|Array)Expression$|Literal$/.test(node.type)) return true;
    const method = node.type === 'CallExpression' && node.callee.type === 'MemberExpression' ? getPropertyName(node.callee) : undefined;
    return method !== undefined && kind.methods?.[method] === 'release';
  });
}

/** Whether the variable that gets the awaited result of a call is used as only this resource is. */
export function isResultUsedAs(call: CallLike, kind: ResourceKind, file: SourceFile): boolean {
  const awaited = outermostWrapper(call).parent;
  if (awaited?.type !== 'AwaitExpression') return false;
  const declarator = outermostWrapper(awaited).parent;
  if (declarator?.type !== 'VariableDeclarator' || declarator.id.type !== 'Identifier') return false;
  const variable = file.getVariable(declarator.id);
  return variable !== undefined && isUsedAs(variable, kind);
}

/** Whether the members that a variable is asked for are those of the resource: one of its own, or several common ones. */
export function isUsedAs(variable: Variable, kind: ResourceKind): boolean {
  if (!kind.evidence) return false;
  const names = new Set<string>();
  for (const { identifier } of variable.references) {
    const { parent } = identifier;
    const name = parent?.type === 'MemberExpression' && parent.object === identifier ? getPropertyName(parent) : undefined;
    if (name) names.add(name);
  }
  const strong = kind.evidence.strong.filter((name) => names.has(name)).length;
  const weak = kind.evidence.weak.filter((name) => names.has(name)).length;
  return strong > 0 ? strong + weak > 1 : weak > 2;
}

/** Whether the callee is called after an acquiring function, or an argument is one or calls one. */
function hasAcquirerName(call: CallLike, kind: ResourceKind, file: SourceFile): boolean {
  const callee = skipWrappers(call.callee);
  const name = callee.type === 'Identifier' ? callee.name : callee.type === 'MemberExpression' ? getPropertyName(callee) : undefined;
  if (name !== undefined && isAcquirerName(name)) return true;
  return call.arguments.some((argument) => {
    const node = skipWrappers(argument);
    if (node.type === 'Identifier' || node.type === 'MemberExpression') return isAcquirer(node, kind, file);
    if (!isFunction(node)) return false;
    // () => fetch(url)
    let isFound = false;
    walk(node.body, (inner) => {
      if (inner.type === 'CallExpression' && isReturnValue(inner, node) && isAcquirer(inner.callee, kind, file)) isFound = true;
      return !isFound;
    });
    return isFound;
  });
}

function isReturnValue(call: Node, fn: FunctionNode): boolean {
  let outer = outermostWrapper(call);
  if (outer.parent?.type === 'AwaitExpression') outer = outermostWrapper(outer.parent);
  return outer === fn.body || outer.parent?.type === 'ReturnStatement';
}

function isAcquirer(callee: Node, kind: ResourceKind, file: SourceFile): boolean {
  const origin = file.getOrigin(callee);
  return kind.acquisitions.some((acquisition) => acquisition.calls && acquisition.yields === 'promise' && origin !== undefined && acquisition.calls.includes(origin));
}

function isAcquirerName(name: string): boolean {
  return /^[_#]*(?:node|raw|base|global|custom|native|safe|original|real|cross|retry|http)?_?[fF]etch(?:er|Fn|Func|Impl|Implementation|Function|Raw|Response|Api|WithRetry|WithRetries|WithTimeout|WithAuth|Retry|Url|URL)?$/.test(name);
}
