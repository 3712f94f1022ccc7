import type { Certainty, Finding, PathStep } from '../finding.js';
import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, type TSESTree, findEnclosingFunction, getPropertyName, getStringValue, isFunction, isWithin, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { findTimerPromise } from '../timers/promise-executor.js';
import { findCallsByName } from '../timers/release-loss.js';
import { findDelay, findNumber } from '../timers/timer-calls.js';
import { type Abortable, type SignalGiven, findAbortable, getGivenSignal } from './abortable-calls.js';
import { isControllerCreation } from './controllers.js';
import { getFileIndex } from './file-index.js';
import { collectBelow, findFunction, runsInPlace, someBelow } from './functions.js';
import { type Carriers, findVisibleName, getCarriers, mentions } from './signal-carriers.js';
import { type SignalSource, findMisplacedHome, getSignalSources } from './signal-sources.js';
import { findAnnotation, findSignalProperty, isSignalType } from './signal-type.js';

/** What is wrong with the way a signal goes, or does not go. */
export type SignalFlaw =
  /** A call that takes a signal gets none. */
  | 'missing'
  /** A call gets a signal of its own instead of the caller's. */
  | 'replaced'
  /** A spread behind the property puts the caller's signal in place of the joined one. */
  | 'overwritten'
  /** A wait in a loop that never looks at the signal. */
  | 'loop'
  /** A sleep that an abort does not end. */
  | 'sleep'
  /** The option has another name there: `abortSignal` instead of `signal`. */
  | 'misnamed'
  /** The signal is read where it is not: `options.signal` of a type that keeps it in `request.signal`. */
  | 'misread';

export interface UnforwardedSignal extends Finding {
  readonly flaw: SignalFlaw;
  /** The signal that the function has, as it can be written at the place; undefined where every name is hidden. */
  readonly name: string | undefined;
  readonly source: SignalSource | undefined;
  readonly abortable?: Abortable | undefined;
  readonly given?: SignalGiven | undefined;
  /** Of `misnamed` and `misread`: what it should be. */
  readonly expected?: string | undefined;
  /** Of `replaced`: the signal that is passed instead. */
  readonly replacement?: Node | undefined;
}

type Call = TSESTree.CallExpression | TSESTree.NewExpression;

/** A sleep shorter than this is over before an abort would be missed. */
const SHORT_SLEEP_MS = 500;

/** Calls that take a signal, in functions that have one, and do not get it. */
export function findUnforwardedSignals(file: SourceFile, { includePotential = false } = {}): UnforwardedSignal[] {
  const findings: UnforwardedSignal[] = [];
  const add = (finding: UnforwardedSignal | undefined) => {
    if (finding && (finding.certainty === 'certain' || includePotential)) findings.push(finding);
  };
  const { calls, creations, loops, members } = getFileIndex(file);
  for (const call of [...calls, ...creations]) {
    add(inspectMisnamed(file, call) ?? inspectCall(file, call));
  }
  const reported = new Set(findings.map((finding) => finding.node));
  for (const loop of loops) add(inspectLoop(file, loop, reported));
  for (const creation of creations) add(inspectSleep(file, creation, findings));
  for (const member of members) add(inspectRead(file, member) ?? inspectAssignment(file, member));
  return findings.sort((a, b) => a.node.range[0] - b.node.range[0]);
}

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
  for (let owner = findEnclosingFunction(place); owner; owner = findEnclosingFunction(owner)) {
    const [source] = getSignalSources(file, owner);
    if (source) return { owner, carriers: getCarriers(file, owner, source) };
    if (!isPartOfRun(file, owner)) return undefined;
  }
  return undefined;
}

const LATER = /^(?:on|once|addListener|addEventListener|subscribe|setTimeout|setInterval|setImmediate|nextTick|queueMicrotask|use|get|post|put|patch|all|route|listen|watch|schedule|register|handle|useEffect|useCallback|useMemo|useMutation|useQuery|defer|onAbort|addAbortListener|waitUntil|debounce|throttle)$/;

/** What runs once for several callers must not end with one of them. */
const SHARED = /coalesce|cache|memo|dedup|singleton|singleFlight|shared?|once|lazy|getOrCreate|getOrSet|remember|inFlight|throttle|debounce/i;

/** Whether a nested function runs before the function around it is done. */
export function isPartOfRun(file: SourceFile, nested: FunctionNode): boolean {
  if (runsInPlace(file, nested)) return true;
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

function inspectCall(file: SourceFile, call: Call): UnforwardedSignal | undefined {
  const abortable = findAbortable(file, call);
  const run = abortable || call.type === 'CallExpression' ? findRun(file, call) : undefined;
  if (!run) return abortable && inspectSpread(file, abortable);
  const target = abortable ?? findProjectCall(file, call as TSESTree.CallExpression, run);
  if (!target || isCleanup(file, call, run.owner) || isUnderTest(file, call, run)) return undefined;
  const given = getGivenSignal(file, target);
  if (given.state === 'passed') return inspectPassed(file, target, given, run);
  if (given.state === 'unknown') return inspectOverwritten(file, target, given, run);
  if (given.state !== 'missing' || isSeenTo(file, target, run)) return undefined;
  return report(file, call, run, 'missing', { abortable: target, given, certainty: isLikelyShort(target) ? 'potential' : 'certain' });
}

/** Reading or writing a file ends by itself soon; a signal there is a nicety. */
export function isLikelyShort({ kind }: Abortable): boolean {
  return kind === 'file';
}

/** A function of the file, or by its type of any file, whose signature takes a signal. */
function findProjectCall(file: SourceFile, call: TSESTree.CallExpression, { carriers }: Run): Abortable | undefined {
  const { arguments: args } = call;
  if (args.some((argument) => argument.type === 'SpreadElement')) return undefined;
  const callee = findFunction(file, call.callee);
  if (callee ? !takesTime(callee) : !isAwaited(call)) return undefined;
  const place = callee ? findSignalPlace(file, callee) : toPlace(file.types?.getSignalParameter(call));
  if (!place) return undefined;
  // The caller's options as a whole, or anything else that brings the signal along.
  if (args.some((argument) => mentions(file, argument, carriers))) return undefined;
  if (place.index > args.length || isWithin(call, callee ?? file.ast) === (callee !== undefined)) return undefined;
  return { call, kind: 'project', place, bounds: [] };
}

function toPlace(parameter: { readonly index: number; readonly property?: string } | undefined): Abortable['place'] | undefined {
  if (!parameter) return undefined;
  const { index, property } = parameter;
  return property === undefined ? { form: 'argument', index } : { form: 'option', index, property };
}

/** async functions, generators, and those that return a promise by their signature. */
export function takesTime(callee: FunctionNode): boolean {
  if (callee.async || callee.generator) return true;
  const type = callee.returnType?.typeAnnotation;
  return type?.type === 'TSTypeReference' && type.typeName.type === 'Identifier' && /^(?:Promise|PromiseLike|AsyncGenerator|AsyncIterable|AsyncIterableIterator)$/.test(type.typeName.name);
}

/** Where a function's own parameters say that it takes a signal. */
function findSignalPlace(file: SourceFile, callee: FunctionNode): Abortable['place'] | undefined {
  for (const [index, parameter] of callee.params.entries()) {
    const annotation = findAnnotation(parameter);
    if (annotation && isSignalType(annotation)) return { form: 'argument', index };
    const property = annotation && findSignalProperty(file, annotation);
    if (property && property !== 'absent') return { form: 'option', index, property: property.name };
  }
  const [source] = getSignalSources(file, callee);
  if (source?.kind !== 'parameter' || source.variable === undefined) return undefined;
  const index = callee.params.findIndex((parameter) => isWithin(source.node, parameter));
  const target = callee.params[index];
  const pattern = target?.type === 'AssignmentPattern' ? target.left : target;
  if (pattern?.type === 'Identifier') return { form: 'argument', index };
  if (pattern?.type !== 'ObjectPattern') return undefined;
  const property = pattern.properties.find((candidate) => candidate.type === 'Property' && isWithin(source.node, candidate));
  const name = property?.type === 'Property' ? getPropertyName(property) : undefined;
  return name === undefined ? undefined : { form: 'option', index, property: name };
}

/** if (signal) await fetch(url, { signal }); else await fetch(url): where there is a signal, another branch is taken. */
export function isUnderTest(file: SourceFile, place: Node, { carriers, owner }: Run): boolean {
  for (let node = place; node !== owner && node.parent; node = node.parent) {
    const { parent } = node;
    if ((parent.type === 'IfStatement' || parent.type === 'ConditionalExpression') && parent.test !== node && mentions(file, parent.test, carriers)) return true;
    if (parent.type === 'LogicalExpression' && parent.right === node && mentions(file, parent.left, carriers)) return true;
    // if (signal) return fetch(url, { signal }); return fetch(url);
    if (parent.type === 'BlockStatement' && parent.body.slice(0, parent.body.indexOf(node as TSESTree.Statement)).some((before) => leavesUnder(file, before, carriers))) return true;
  }
  return false;
}

/** if (signal) return …: what follows runs without a signal. */
function leavesUnder(file: SourceFile, statement: Node, carriers: Carriers): boolean {
  if (statement.type !== 'IfStatement' || !mentions(file, statement.test, carriers)) return false;
  const { consequent } = statement;
  const last = consequent.type === 'BlockStatement' ? consequent.body.at(-1) : consequent;
  return last?.type === 'ReturnStatement' || last?.type === 'ThrowStatement';
}

/** Somebody else sees to it that an abort ends the call. */
export function isSeenTo(file: SourceFile, target: Abortable, { carriers, owner }: Run): boolean {
  const { call, kind } = target;
  const callee = skipWrappers(call.callee);
  if (callee.type === 'MemberExpression' && mentions(file, callee.object, carriers) && !isThisMember(callee)) return true;
  // once(child, 'exit') where the child, pipeline(body, …) where the body follows the signal
  if (kind !== 'network' && kind !== 'file' && kind !== 'model' && call.arguments.some((argument) => mentions(file, argument, carriers))) return true;
  if (isShared(call)) return true;
  if (isDropped(call) && kind !== 'process' && kind !== 'watch' && call.type === 'CallExpression') return true;
  if (call.type === 'NewExpression' && outermostWrapper(call).parent?.type === 'ThrowStatement') return true;
  const result = findResultVariable(file, call);
  if (result && (carriers.variables.has(result) || isPassedWithSignal(file, result, carriers))) return true;
  if (kind === 'process' && !isRunToEnd(file, call, result, owner)) return true;
  // The abort is dealt with by hand.
  if (kind !== 'network' && kind !== 'model' && kind !== 'project' && hasAbortListener(file, owner, carriers)) return true;
  if (kind === 'timer' && isShortOrPolled(file, call, carriers, owner)) return true;
  return isWrapped(file, call, carriers, owner);
}

/** const request = new Request(url); client.send(request, { signal }) */
function isPassedWithSignal(file: SourceFile, result: Variable, carriers: Carriers): boolean {
  return result.references.some(({ identifier }) => {
    const { parent } = outermostWrapper(identifier);
    return parent?.type === 'CallExpression' && parent.arguments.some((argument) => argument !== identifier && mentions(file, argument, carriers));
  });
}

/** A process that is started to run to its end: the function waits for it, and hands it to nobody. */
function isRunToEnd(file: SourceFile, call: Call, result: Variable | undefined, owner: FunctionNode): boolean {
  if (/\bdetached\s*:\s*true/.test(call.arguments.map((argument) => file.getText(argument)).join())) return false;
  // await execFile(…), with promisify
  if (!result) return isAwaited(call);
  let isWaitedFor = false;
  for (const { identifier } of result.references) {
    const { parent } = outermostWrapper(identifier);
    if (parent?.type === 'ReturnStatement' || parent?.type === 'Property' || parent?.type === 'ArrayExpression') return false;
    if (parent?.type === 'AssignmentExpression' && parent.right === identifier) return false;
    if (parent?.type !== 'MemberExpression' || !isWithin(identifier, owner)) continue;
    if (getPropertyName(parent) === 'unref') return false;
    const use = outermostWrapper(parent).parent;
    const event = use?.type === 'CallExpression' ? getStringValue(use.arguments[0]) : undefined;
    if (event === 'exit' || event === 'close') isWaitedFor = true;
  }
  return isWaitedFor;
}

/** signal.addEventListener('abort', …) anywhere in the function. */
function hasAbortListener(file: SourceFile, owner: FunctionNode, carriers: Carriers): boolean {
  return someBelow(
    owner,
    (node) => node.type === 'CallExpression' && /\b(?:addEventListener|addAbortListener|onAbort)$/.test(file.getText(node.callee)) && mentions(file, node, carriers),
    file,
  );
}

/** A delay that is over before it matters, or one in a loop that looks at the signal after it. */
function isShortOrPolled(file: SourceFile, call: Call, carriers: Carriers, owner: FunctionNode): boolean {
  const [first] = call.arguments;
  const delay = first && findNumber(file, first);
  if (delay !== undefined && delay < SHORT_SLEEP_MS) return true;
  const loop = findLoop(call, owner);
  return loop !== undefined && looksAtSignal(file, loop, { carriers, owner });
}

/** this.fetch(…) in a class that has the signal in another field is no client that carries it. */
function isThisMember(callee: TSESTree.MemberExpression): boolean {
  return skipWrappers(callee.object).type === 'ThisExpression';
}

/** raceWithSignal(fetch(url), signal), pRetry(() => fetch(url), { signal }) */
function isWrapped(file: SourceFile, call: Node, carriers: Carriers, owner: FunctionNode): boolean {
  for (let node: Node = call; node !== owner && node.parent; node = node.parent) {
    const { parent } = node;
    if (parent.type === 'CallExpression' || parent.type === 'NewExpression') {
      if (parent.arguments.some((argument) => argument !== node && mentions(file, argument, carriers))) return true;
      const isRace = parent.type === 'CallExpression' && /\b(?:race|any)$/.test(file.getText(parent.callee));
      if (isRace && mentions(file, parent, carriers)) return true;
    }
    // Promise.race([fetch(url), aborted])
    if (parent.type === 'ArrayExpression' && parent.elements.some((element) => element !== node && element !== null && mentions(file, element, carriers))) return true;
  }
  return false;
}

/** this.loading ??= fetch(url), pending.set(key, fetch(url)): work that several callers wait for. */
export function isShared(call: Node): boolean {
  let value = outermostWrapper(call);
  for (;;) {
    const { parent } = value;
    if (parent?.type === 'AssignmentExpression') return parent.right === value && (parent.left.type === 'MemberExpression' || parent.operator === '??=');
    if (parent?.type === 'CallExpression' && parent.callee !== value) {
      const callee = skipWrappers(parent.callee);
      return callee.type === 'MemberExpression' && getPropertyName(callee) === 'set';
    }
    const isLink = (parent?.type === 'MemberExpression' && parent.object === value) || (parent?.type === 'CallExpression' && parent.callee === value);
    if (!isLink) return false;
    value = outermostWrapper(parent);
  }
}

/** Nobody waits for the result: fetch(url).catch(() => {}), void report(). */
export function isDropped(call: Node): boolean {
  let value = outermostWrapper(call);
  for (;;) {
    const { parent } = value;
    if (parent?.type === 'ExpressionStatement') return true;
    if (parent?.type === 'UnaryExpression') return parent.operator === 'void';
    const isLink = (parent?.type === 'MemberExpression' && parent.object === value) || (parent?.type === 'CallExpression' && parent.callee === value);
    if (!isLink) return false;
    value = outermostWrapper(parent);
  }
}

function findResultVariable(file: SourceFile, call: Node): Variable | undefined {
  let { parent } = outermostWrapper(call);
  if (parent?.type === 'AwaitExpression') parent = outermostWrapper(parent).parent;
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return file.getVariable(parent.id);
  if (parent?.type === 'AssignmentExpression' && parent.left.type === 'Identifier') return file.getVariable(parent.left);
  return undefined;
}

const CLEANUP_NAME = /^_?(?:close|dispose|destroy|clean|cleanup|shutdown|stop|cancel|abort|teardown|rollback|release|unlock|disconnect|report|track|notify|finalize|logout|revoke)/i;

/** Where an abort must not stop the work: `finally`, `catch`, functions that clean up, and what runs because of the abort. */
export function isCleanup(file: SourceFile, call: Node, owner: FunctionNode): boolean {
  for (let node = call; node.parent; node = node.parent) {
    const { parent } = node;
    if (parent.type === 'TryStatement' && parent.finalizer === node) return true;
    if (node.type === 'CatchClause') return true;
    if (parent.type === 'IfStatement' && parent.consequent === node && /\baborted\b/.test(file.getText(parent.test)) && !/!\s*[\w.?]*aborted/.test(file.getText(parent.test))) return true;
    if (isFunction(node)) {
      if (CLEANUP_NAME.test(getFunctionName(node) ?? '')) return true;
      const link = node.parent.type === 'CallExpression' ? skipWrappers(node.parent.callee) : undefined;
      if (link?.type === 'MemberExpression' && /^(?:catch|finally)$/.test(getPropertyName(link) ?? '')) return true;
      if (node === owner) return false;
    }
  }
  return false;
}

function getFunctionName(fn: FunctionNode): string | undefined {
  if (fn.id) return fn.id.name;
  const { parent } = fn;
  if (parent.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return parent.id.name;
  if (parent.type === 'MethodDefinition' || parent.type === 'PropertyDefinition' || parent.type === 'Property') {
    return parent.computed && parent.key.type !== 'Literal' ? (/dispose/i.test(JSON.stringify(getPropertyName(parent) ?? 'dispose')) ? 'dispose' : undefined) : getPropertyName(parent);
  }
  return undefined;
}

/** A signal of the function's own, where it should be joined with the caller's. */
function inspectPassed(file: SourceFile, abortable: Abortable, given: Extract<SignalGiven, { state: 'passed' }>, run: Run): UnforwardedSignal | undefined {
  const { call } = abortable;
  const { carriers, owner } = run;
  if (carriers.source.kind === 'field' || carriers.source.kind === 'request') return undefined;
  // once(signal, 'abort', { signal: over.signal }): what is waited for is the signal itself.
  if (abortable.kind === 'event' && call.arguments[0] && mentions(file, call.arguments[0], carriers)) return undefined;
  const own = findOwnSignal(file, given.value, owner);
  if (own && isCalledWithoutSignal(file, run)) return undefined;
  if (own && !mentions(file, given.value, carriers) && !(own.variable && carriers.variables.has(own.variable))) {
    return report(file, call, run, 'replaced', { abortable, given, replacement: given.value });
  }
  return undefined;
}

/** A function of the file whose every call is in sight, and none hands a signal in. */
function isCalledWithoutSignal(file: SourceFile, { owner, carriers }: Run): boolean {
  const { source } = carriers;
  const isExported = /^Export/.test(owner.parent.type) || /^Export/.test(owner.parent.parent?.parent?.type ?? '');
  const calls = isExported ? undefined : findCallsByName(file, owner);
  const index = owner.params.findIndex((parameter) => isWithin(source.node, parameter));
  if (!calls || calls.length === 0 || index === -1) return false;
  return calls.every((call) => {
    const argument = call.arguments[index];
    if (!argument) return true;
    const node = skipWrappers(argument);
    return node.type === 'ObjectExpression' && node.properties.every((property) => property.type === 'Property' && getPropertyName(property) !== undefined && getPropertyName(property) !== source.path[0]);
  });
}

/** init.signal = controller.signal, where `init` is the caller's or has the caller's signal already. */
function inspectAssignment(file: SourceFile, member: TSESTree.MemberExpression): UnforwardedSignal | undefined {
  const { parent } = member;
  if (parent.type !== 'AssignmentExpression' || parent.left !== member || parent.operator !== '=') return undefined;
  const base = skipWrappers(member.object);
  const variable = base.type === 'Identifier' ? file.getVariable(base) : undefined;
  const run = variable && /^(?:signal|abortSignal)$/.test(getPropertyName(member) ?? '') ? findRun(file, member) : undefined;
  if (!run || !variable || isUnderTest(file, member, run)) return undefined;
  const { carriers, owner } = run;
  const isCallers = carriers.source.kind === 'option' && variable === carriers.source.variable && carriers.source.path.length === 1;
  if (!isCallers && !(carriers.variables.has(variable) && bringsSignal(file, variable, carriers))) return undefined;
  const own = findOwnSignal(file, parent.right, owner);
  if (!own || mentions(file, parent.right, carriers) || (own.variable && carriers.variables.has(own.variable))) return undefined;
  return report(file, parent, run, 'replaced', { replacement: parent.right });
}

/** const init = { ...options }, init.signal = options.signal: an object that has the caller's signal. */
function bringsSignal(file: SourceFile, variable: Variable, carriers: Carriers): boolean {
  return variable.references.some(({ identifier, writeExpr }) => {
    const value = writeExpr && skipWrappers(writeExpr);
    if (value?.type === 'ObjectExpression') {
      return value.properties.some((element) => (element.type === 'SpreadElement' || getPropertyName(element) === 'signal') && mentions(file, element, carriers));
    }
    const member = outermostWrapper(identifier).parent;
    const assignment = member?.type === 'MemberExpression' && getPropertyName(member) === 'signal' ? member.parent : undefined;
    return assignment?.type === 'AssignmentExpression' && assignment.left === member && mentions(file, assignment.right, carriers);
  });
}

/** The signal of a controller that the function made, `AbortSignal.timeout(…)`: a signal that the caller cannot abort. */
function findOwnSignal(file: SourceFile, value: Node, owner: FunctionNode, depth = 0): { variable?: Variable | undefined } | undefined {
  const node = skipWrappers(value);
  if (depth > 3) return undefined;
  if (node.type === 'CallExpression') return file.getOrigin(node.callee) === 'global:AbortSignal.timeout' ? {} : undefined;
  if (node.type === 'MemberExpression' && getPropertyName(node) === 'signal') {
    const object = skipWrappers(node.object);
    if (object.type !== 'Identifier') return undefined;
    const variable = file.getVariable(object);
    const creation = variable && file.getOnlyValue(variable);
    return creation && isControllerCreation(file, creation) && isWithin(creation, owner) ? { variable } : undefined;
  }
  if (node.type !== 'Identifier') return undefined;
  const variable = file.getVariable(node);
  const [definition] = variable?.defs ?? [];
  const declarator = definition?.node;
  if (!variable || declarator?.type !== 'VariableDeclarator' || !declarator.init || !isWithin(declarator, owner)) return undefined;
  if (declarator.id.type === 'ObjectPattern') {
    // const { signal } = new AbortController()
    const object = skipWrappers(declarator.init);
    const controller = object.type === 'Identifier' ? file.getVariable(object) : undefined;
    const creation = controller ? file.getOnlyValue(controller) : object;
    return creation && isControllerCreation(file, creation) ? { variable: controller } : undefined;
  }
  const only = file.getOnlyValue(variable);
  return only ? findOwnSignal(file, only, owner, depth + 1) : undefined;
}

/** fetch(url, { ...options, signal: controller.signal }), where `options` is a parameter of unknown content: request options, then. */
function inspectSpread(file: SourceFile, abortable: Abortable): UnforwardedSignal | undefined {
  const given = getGivenSignal(file, abortable);
  if (given.state !== 'passed' || !given.property || !given.options) return undefined;
  const before = given.options.properties.slice(0, given.options.properties.indexOf(given.property));
  for (const element of before) {
    if (element.type !== 'SpreadElement' || element.argument.type !== 'Identifier') continue;
    const variable = file.getVariable(element.argument);
    const [definition] = variable?.defs ?? [];
    if (!variable || definition?.type !== 'Parameter' || definition.name.type !== 'Identifier') continue;
    const pattern = definition.name.parent?.type === 'AssignmentPattern' ? definition.name.parent : definition.name;
    const annotation = findAnnotation(pattern);
    const owner = definition.node as FunctionNode;
    if (annotation && findSignalProperty(file, annotation) === 'absent') continue;
    const source: SignalSource = { kind: 'option', variable, path: ['signal'], text: `${variable.name}${pattern === definition.name ? '?.' : '.'}signal`, node: definition.name };
    const run = { owner, carriers: getCarriers(file, owner, source) };
    if (!annotation) return inspectPassed(file, abortable, given, run);
  }
  return undefined;
}

/** { signal: AbortSignal.any([options.signal, own]), ...options }: the spread puts the caller's signal back. */
function inspectOverwritten(file: SourceFile, abortable: Abortable, given: SignalGiven, run: Run): UnforwardedSignal | undefined {
  const { source } = run.carriers;
  const { options } = given;
  if (!options || source.kind !== 'option' || abortable.place.form !== 'option') return undefined;
  const { property: name } = abortable.place;
  const index = options.properties.findIndex((element) => element.type === 'Property' && getPropertyName(element) === name);
  const property = options.properties[index];
  if (property?.type !== 'Property' || !mentions(file, property.value, run.carriers) || isSourceItself(file, property.value, source)) return undefined;
  const [spread, ...others] = options.properties.slice(index + 1).filter((element) => element.type === 'SpreadElement');
  if (!spread || others.length > 0 || spread.argument.type !== 'Identifier' || file.getVariable(spread.argument) !== source.variable) return undefined;
  return report(file, abortable.call, run, 'overwritten', { abortable, given });
}

/** signal: options.signal, ...options: twice the same. */
function isSourceItself(file: SourceFile, value: Node, source: SignalSource): boolean {
  return file.getText(value).replaceAll('?', '') === source.text.replaceAll('?', '');
}

/** fetch(url, { abortSignal }): the name of another library's option. */
function inspectMisnamed(file: SourceFile, call: Call): UnforwardedSignal | undefined {
  const abortable = findAbortable(file, call);
  if (!abortable || abortable.place.form !== 'option') return undefined;
  const { place } = abortable;
  const given = getGivenSignal(file, abortable);
  if (given.state !== 'missing' || !given.options) return undefined;
  const wrong = given.options.properties.find((element) => element.type === 'Property' && /^(?:signal|abortSignal|abort_signal|abortController|cancelSignal|abort)$/.test(getPropertyName(element) ?? ''));
  const name = wrong?.type === 'Property' ? getPropertyName(wrong) : undefined;
  if (wrong?.type !== 'Property' || name === undefined || name === place.property) return undefined;
  return {
    node: wrong,
    flaw: 'misnamed',
    name,
    source: undefined,
    abortable,
    given,
    expected: place.property,
    certainty: 'certain',
    path: [{ kind: 'note', node: wrong, text: `\`${place.property}\` is what the call reads` }],
  };
}

const SLEEP_NAME = /^(?:sleep|delay|wait|pause|backoff)$/i;

/** A loop that waits between attempts and never looks at the signal. */
function inspectLoop(file: SourceFile, loop: Node & { body: Node }, reported: ReadonlySet<Node>): UnforwardedSignal | undefined {
  const run = findRun(file, loop);
  if (!run || run.carriers.source.kind === 'field' || run.carriers.source.kind === 'request' || isCleanup(file, loop, run.owner)) return undefined;
  if (findEnclosingFunction(loop) !== run.owner && !isPartOfRun(file, findEnclosingFunction(loop)!)) return undefined;
  let waits = false;
  let isReported = false;
  collectBelow(loop, file, (node) => {
    if (reported.has(node)) isReported = true;
    if (node.type === 'AwaitExpression' && isSleep(file, node.argument)) waits = true;
  });
  return !waits || isReported || looksAtSignal(file, loop, run) ? undefined : report(file, loop, run, 'loop', {});
}

/** Whether a loop looks at the signal, itself or through a function that stands in the same one. */
function looksAtSignal(file: SourceFile, loop: Node, run: Run): boolean {
  if (isSignalRead(file, loop, run)) return true;
  return someBelow(
    loop,
    (node) => {
      const helper = node.type === 'CallExpression' && node.callee.type === 'Identifier' ? findFunction(file, node.callee) : undefined;
      return helper !== undefined && isWithin(helper, run.owner) && isSignalRead(file, helper, run);
    },
    file,
  );
}

/** Whether the signal is looked at or passed on anywhere below `root`, `signal.aborted` included. */
function isSignalRead(file: SourceFile, root: Node, { carriers }: Run): boolean {
  if (mentions(file, root, carriers)) return true;
  return someBelow(root, (node) => node.type === 'MemberExpression' && /^(?:aborted|throwIfAborted)$/.test(getPropertyName(node) ?? ''), file);
}

function isSleep(file: SourceFile, awaited: Node): boolean {
  const node = skipWrappers(awaited);
  if (node.type === 'NewExpression') return findTimerPromise(file, node) !== undefined;
  if (node.type !== 'CallExpression') return false;
  const callee = skipWrappers(node.callee);
  if (file.getOrigin(callee) === 'timers:promises.setTimeout') return true;
  const name = callee.type === 'Identifier' ? callee.name : callee.type === 'MemberExpression' ? getPropertyName(callee) : undefined;
  return name !== undefined && SLEEP_NAME.test(name);
}

/** await new Promise((resolve) => setTimeout(resolve, ms)) that an abort does not cut short. */
function inspectSleep(file: SourceFile, creation: TSESTree.NewExpression, findings: readonly UnforwardedSignal[]): UnforwardedSignal | undefined {
  if (!isAwaited(creation)) return undefined;
  const sleep = findTimerPromise(file, creation);
  const run = sleep && findRun(file, creation);
  if (!run || isRaced(file, creation) || hasAbortListener(file, run.owner, run.carriers) || isCleanup(file, creation, run.owner) || isWrapped(file, creation, run.carriers, run.owner)) return undefined;
  if (run.carriers.source.kind === 'request' || run.carriers.source.kind === 'field') return undefined;
  const delay = findDelay(file, sleep.timer);
  if ((delay !== undefined && delay < SHORT_SLEEP_MS) || mentions(file, creation, run.carriers)) return undefined;
  const loop = findLoop(creation, run.owner);
  if (loop && findings.some((finding) => finding.node === loop)) return undefined;
  // A loop that looks at the signal notices an abort one delay later.
  const certainty = loop && looksAtSignal(file, loop, run) ? 'potential' : 'certain';
  return report(file, creation, run, 'sleep', { certainty });
}

/** Promise.race([work, sleep]): what is waited for is the work. */
function isRaced(file: SourceFile, operand: Node): boolean {
  const list = outermostWrapper(operand).parent;
  const call = list?.type === 'ArrayExpression' ? list.parent : undefined;
  return call?.type === 'CallExpression' && /\bPromise\.(?:race|any)$/.test(file.getText(call.callee));
}

function findLoop(place: Node, owner: FunctionNode): Node | undefined {
  for (let node = place.parent; node && node !== owner; node = node.parent) {
    if (/^(?:While|DoWhile|For|ForOf)Statement$/.test(node.type)) return node;
  }
  return undefined;
}

/** A signal read off an object whose declared type keeps it under another name or in an inner object. */
function inspectRead(file: SourceFile, member: TSESTree.MemberExpression): UnforwardedSignal | undefined {
  const name = getPropertyName(member);
  if (name === undefined || !/^(?:signal|abortSignal|cancelSignal)$/.test(name)) return undefined;
  const object = skipWrappers(member.object);
  if (object.type !== 'Identifier') return undefined;
  const [definition] = file.getVariable(object)?.defs ?? [];
  if (definition?.type !== 'Parameter') return undefined;
  const pattern = definition.name.parent;
  const annotation = findAnnotation(pattern?.type === 'AssignmentPattern' ? pattern : definition.name);
  if (!annotation || !isForwarded(member)) return undefined;
  const home = findMisplacedHome(file, annotation);
  const declared = home ? undefined : findSignalProperty(file, annotation);
  const expected = home ? home.join('?.') : declared && declared !== 'absent' && declared.name !== name && !declares(file, annotation, name) ? declared.name : undefined;
  if (expected === undefined) return undefined;
  const text = `${object.name}.${expected}`;
  return {
    node: member,
    flaw: 'misread',
    name: file.getText(member),
    source: undefined,
    expected: text,
    certainty: 'certain',
    path: [{ kind: 'note', node: member, text: `the type of \`${object.name}\` has the signal in \`${expected}\`` }],
  };
}

/** Whether the type mentions a property of that name at all. */
function declares(file: SourceFile, annotation: Node, name: string): boolean {
  return new RegExp(`\\b${name}\\??\\s*:`).test(file.getText(annotation)) || file.types?.hasMembers(annotation, [name]) === true;
}

/** Passed on as a signal, or looked at as one. */
function isForwarded(member: Node): boolean {
  const { parent } = outermostWrapper(member);
  if (parent?.type === 'Property') return /signal/i.test(getPropertyName(parent) ?? '');
  if (parent?.type === 'MemberExpression') return /^(?:aborted|throwIfAborted|addEventListener|reason)$/.test(getPropertyName(parent) ?? '');
  return parent?.type === 'CallExpression' || parent?.type === 'ArrayExpression' || parent?.type === 'LogicalExpression';
}

function report(file: SourceFile, node: Node, { carriers, owner }: Run, flaw: SignalFlaw, more: Partial<UnforwardedSignal> & { certainty?: Certainty }): UnforwardedSignal {
  const { source } = carriers;
  const steps: PathStep[] = [
    { kind: 'acquire', node: source.node, text: `\`${source.text}\` is the signal of the caller` },
    { kind: 'call', node, text: flaw === 'replaced' ? 'another signal is passed' : 'it is not passed on' },
  ];
  return { node, flaw, name: findVisibleName(file, node, carriers), source, certainty: 'certain', path: isWithin(source.node, owner) || source.kind === 'field' ? steps : steps.slice(1), ...more };
}

