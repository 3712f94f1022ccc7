import type { EdgeKind, Point } from '../control-flow/graph.js';
import type { Refinement, ResourceKind } from '../resources/resource-kind.js';
import type { SourceFile } from '../source-file.js';
import { type Node, type TSESTree, getPropertyName, isWithin, skipWrappers } from '../syntax/node.js';
import { isMissing, noteMissing } from './arms.js';
import type { Seed } from './exploration.js';
import { isKeptOnPurpose } from './deliberate-keep.js';
import { type FactTable, noteFact, recallFact } from './facts.js';
import { endIteration, asList } from './lists.js';
import { pipesIntoHeld } from './pipes-into.js';
import { ERROR_PART, LENGTH_PART, SETTLED_PART, type Shape } from './shape.js';
import type { State } from './state.js';
import { findPart, getMembers, getShape } from './values.js';

interface Context {
  readonly kind: ResourceKind;
  readonly file: SourceFile;
  readonly facts: FactTable;
  readonly seed: Seed;
}

/** The state after a branch point along one edge; undefined where the path cannot go there. */
export function takeBranch(point: Point, edge: EdgeKind, state: State, context: Context): State | undefined {
  const { node, discriminant } = point;
  if (node.type === 'ForOfStatement' && edge === 'false' && asList(getShape(node.right, state, context.kind, context.file))) return endIteration(node, state);
  if (node.type === 'ForOfStatement' || node.type === 'ForInStatement' || node.type === 'AssignmentPattern') return state;
  if (edge === 'nullish' || edge === 'present') return takeNullish(node, edge === 'nullish', state, context);
  const outcome = edge === 'true';
  if (discriminant) return takeEquality(discriminant, node, outcome, state, context);
  return takeTest(node, outcome, state, context);
}

function takeNullish(node: Node, isNullish: boolean, state: State, context: Context): State | undefined {
  if (isMissing(node, state)) return isNullish ? state : undefined;
  // res.body?.cancel?.(): the method is there.
  const owner = node.type === 'MemberExpression' ? getShape(node.object, state, context.kind, context.file) : undefined;
  const name = owner && node.type === 'MemberExpression' ? getPropertyName(node) : undefined;
  if (owner && isNullish && name !== undefined && Object.hasOwn(getMembers(owner, context.kind).methods ?? {}, name)) return undefined;
  const shape = getShape(node, state, context.kind, context.file);
  if (shape && isNullish) {
    const empty = whenEmpty(shape, state, context.kind);
    return empty && noteMissing(node, empty);
  }
  if (shape) return whenPresent(shape, state);
  const known = recallFact(node, state, context.file);
  if (known === true && isNullish) return undefined;
  if (known === 'nullish' && !isNullish) return undefined;
  const noted = noteFact(node, isNullish ? 'nullish' : 'present', state, context.facts, context.file);
  return isNullish ? noteMissing(node, pipesIntoHeld(node, state, context) ? noted.with({ isGuess: true }) : noted) : noted;
}

/** The state where a value with this shape turned out to be empty: impossible, or, for a nullable part, nothing is held. */
function whenEmpty(shape: Shape, state: State, kind: ResourceKind): State | undefined {
  const part = findPart(shape, kind);
  if (part?.isNullable) return state.settle('released');
  // A view with members is an object, and there.
  return part?.isView && !part.properties ? state : undefined;
}

/** The state where a value with this shape is there: with an error comes nothing else. */
function whenPresent(shape: Shape, state: State): State {
  return shape === ERROR_PART ? state.settle('released') : state;
}

export function takeTest(test: Node, outcome: boolean, state: State, context: Context): State | undefined {
  const { kind, file, facts } = context;
  const node = skipWrappers(test);
  if (isMissing(node, state)) return outcome ? undefined : state;
  const shape = getShape(node, state, kind, file);
  if (shape) {
    const part = findPart(shape, kind);
    if (part?.releasedWhen) return (part.releasedWhen === 'truthy') === outcome ? state.settle('released') : state;
    if (shape === LENGTH_PART) return outcome ? state : undefined;
    return outcome ? state : whenEmpty(shape, state, kind);
  }
  if (node.type === 'BinaryExpression') {
    if (/^[!=]==?$/.test(node.operator)) return takeEquality(node.left, node.right, outcome === node.operator.startsWith('='), state, context, node);
    const isFilled = isLengthTest(node, state, context);
    if (isFilled !== undefined) return isFilled === outcome ? state : undefined;
    const instance = node.operator === 'instanceof' ? getShape(node.left, state, kind, file) : undefined;
    if (instance) return takeInstanceOf(node.right, outcome, state, instance.kind === 'part' && instance.name === 'error');
  }
  const refinement = findRefinement(node, state, context);
  if (refinement?.is) return (refinement.is === 'truthy') === outcome ? state.settle('released') : state;
  if (outcome && asksForAbort(node, state, context)) return state.settle('released');
  if (isKeptOnPurpose(node, outcome, state, context)) return state.settle('transferred');
  // if (existsSync(path)) unlinkSync(path)
  if (!outcome && asksExistence(node, state, context)) return state.settle('released');
  if (node.type === 'CallExpression') {
    const membership = takeMembership(node, outcome, state, context);
    if (membership) return membership;
  }
  const known = recallFact(node, state, file);
  if (known !== undefined && (known === true) !== outcome) return undefined;
  const noted = noteFact(node, outcome, state, facts, file);
  return !outcome && pipesIntoHeld(node, state, context) ? noted.with({ isGuess: true }) : noted;
}

/** `signal.aborted`: what was given the signal, or may have been, has ended by it. */
function asksForAbort(test: Node, { phase }: State, { kind, seed, file }: Context): boolean {
  if (phase !== 'held' || !kind.isEndedBySignal || test.type !== 'MemberExpression' || getPropertyName(test) !== 'aborted') return false;
  return seed.kind !== 'call' || /\b(?:signal|options|opts|init|config|params)\b/.test(file.getText(seed.site));
}

/** `list.length > 0` of a list that has at least one element: what comes of it; undefined where it may be either. */
function isLengthTest(test: TSESTree.BinaryExpression, state: State, { kind, file }: Context): boolean | undefined {
  if (state.phase !== 'held' || test.left.type === 'PrivateIdentifier' || getShape(test.left, state, kind, file) !== LENGTH_PART) return undefined;
  const value = getConstant(test.right, file);
  if ((test.operator === '>' && value === 0) || (test.operator === '>=' && value === 1)) return true;
  return (test.operator === '<' && value === 1) || (test.operator === '<=' && value === 0) ? false : undefined;
}

/** Whether a variable has the very resource: it is new, so nobody has it of whom nothing is known. */
function isSame(other: Node, state: State, { kind, file }: Context): boolean | undefined {
  const node = skipWrappers(other);
  if (node.type !== 'Identifier' || isNullishLiteral(node, file)) return undefined;
  const shape = getShape(node, state, kind, file);
  return shape === undefined ? false : shape.kind === 'resource' ? true : undefined;
}

/** `existsSync(path)`, `await fileExists(path)` of a path that names the resource: where it is not there, nothing is left. */
function asksExistence(test: Node, state: State, { kind, file }: Context): boolean {
  const call = findAsking(test.type === 'AwaitExpression' ? skipWrappers(test.argument) : test);
  if (kind.typeOf !== 'string' || call.type !== 'CallExpression' || !call.arguments[0]) return false;
  const callee = skipWrappers(call.callee);
  const name = callee.type === 'Identifier' ? callee.name : callee.type === 'MemberExpression' ? getPropertyName(callee) : undefined;
  const isAsking = name !== undefined && (/exists(?:Sync|Async)?$/i.test(name) || (call !== test && /^(?:access|l?stat)$/.test(name)));
  return isAsking && getShape(call.arguments[0], state, kind, file)?.kind === 'resource';
}

/** access(path).then(() => true).catch(() => false) and access(path).then(() => true, () => false) ask by `access(path)`. */
function findAsking(test: Node): Node {
  let node = test;
  while (node.type === 'CallExpression' && node.callee.type === 'MemberExpression' && /^(?:then|catch)$/.test(getPropertyName(node.callee) ?? '')) node = skipWrappers(node.callee.object);
  return node;
}

function takeInstanceOf(type: Node, outcome: boolean, state: State, isError: boolean): State | undefined {
  const name = type.type === 'Identifier' ? type.name : type.type === 'MemberExpression' ? getPropertyName(type) : undefined;
  if (name?.endsWith('Error')) return outcome === isError ? state : undefined;
  // Another class of the same kind of resource: whoever is not one was not acquired as one.
  return outcome ? state : undefined;
}

/** `a === b` known to hold (`isEqual`) or not to. `test` is the whole comparison, for correlated tests. */
export function takeEquality(left: Node, right: Node, isEqual: boolean, state: State, context: Context, test?: Node): State | undefined {
  const { kind, file, facts } = context;
  for (const [subject, other] of [[left, right], [right, left]] as const) {
    const shape = getShape(subject, state, kind, file);
    if (shape && isNullishLiteral(other, file)) return isEqual ? whenEmpty(shape, state, kind) : whenPresent(shape, state);
    if (shape && (isBoolean(other, true) || isBoolean(other, false))) {
      const part = findPart(shape, kind);
      if (part?.releasedWhen) return (part.releasedWhen === 'truthy') === (isBoolean(other, true) === isEqual) ? state.settle('released') : state;
    }
    const value = getConstant(other, file);
    // options?.method === 'GET' where there are no options
    if (isMissing(skipWrappers(subject), state) && (value !== undefined || isNullishLiteral(other, file))) return isEqual === (value === undefined) ? state : undefined;
    if (isEqual && shape === LENGTH_PART && value === 0) return undefined;
    if (shape === SETTLED_PART && (value === 'rejected' || value === 'fulfilled')) return isEqual === (value === 'fulfilled') ? state : undefined;
    const same = shape?.kind === 'resource' && kind.typeOf === undefined ? isSame(other, state, context) : undefined;
    if (same !== undefined) return isEqual === same ? state : undefined;
    const typed = skipWrappers(subject);
    if (typed.type === 'UnaryExpression' && typed.operator === 'typeof' && getShape(typed.argument, state, kind, file)) {
      if (value === (kind.typeOf ?? 'object')) return isEqual ? state : undefined;
      if (typeof value === 'string') return isEqual ? undefined : state;
    }
    if (state.phase === 'held' && isEqual && typeof value === 'string' && kind.harmlessWords?.includes(value)) return state.settle('released');
    if (isEqual && (value === 0 || value === '0') && asksLength(subject, state, context)) return state.settle('released');
    const refinement = findRefinement(subject, state, context);
    if (refinement?.equals && isEqual && (value === undefined ? namesEmptyAnswer(other) : refinement.equals.includes(value))) return state.settle('released');
    if (refinement?.is && typeof value === 'boolean') {
      const isTrue = value === isEqual;
      return (refinement.is === 'truthy') === isTrue ? state.settle('released') : state;
    }
  }
  if (!test) return state;
  const outcome = isEqual === (test as { operator: string }).operator.startsWith('=');
  const known = recallFact(test, state, file);
  if (known !== undefined && (known === true) !== outcome) return undefined;
  const subject = isNullishLiteral(right, file) ? left : undefined;
  if (subject) {
    const value = recallFact(subject, state, file);
    if (isEqual && value === true) return undefined;
    if (!isEqual && value === 'nullish') return undefined;
    if (isEqual) return noteFact(test, outcome, noteFact(subject, 'nullish', state, facts, file), facts, file);
  }
  return noteFact(test, outcome, state, facts, file);
}

/** `[204, 304].includes(res.status)`: released when all values are; an unknown list leaves the question open, hence silent. */
function takeMembership(call: Node, outcome: boolean, state: State, context: Context): State | undefined {
  if (call.type !== 'CallExpression' || !outcome) return undefined;
  const callee = skipWrappers(call.callee);
  const [argument] = call.arguments;
  if (!argument || callee.type !== 'MemberExpression') return undefined;
  const method = getPropertyName(callee);
  if (method !== 'includes' && method !== 'has') return undefined;
  const refinement = findRefinement(argument, state, context);
  if (!refinement?.equals) return undefined;
  const values = getConstantList(callee.object, context.file);
  if (!values) return state.settle('transferred');
  return values.every((value) => refinement.equals!.includes(value)) ? state.settle('released') : undefined;
}

/** `res.headers.get('content-length')`: nothing comes where it is 0. */
function asksLength(subject: Node, state: State, { file }: Context): boolean {
  const node = skipWrappers(subject);
  return state.phase === 'held' && (node.type === 'CallExpression' || node.type === 'MemberExpression') && /\bcontent-?length\b/i.test(file.getText(node));
}

function findRefinement(expression: Node, state: State, context: Context): Refinement | undefined {
  const node = skipWrappers(expression);
  if (node.type === 'Identifier') return findNamedRefinement(node, state, context);
  if (node.type !== 'MemberExpression' || !context.kind.refinements) return undefined;
  const object = getShape(node.object, state, context.kind, context.file);
  if (object?.kind !== 'resource' && object?.kind !== 'part') return undefined;
  const name = getPropertyName(node);
  return context.kind.refinements.find((refinement) => refinement.property === name);
}

/** `status` of `const status = res.status ?? 500` and of `const { status, body } = await request(url)`. */
function findNamedRefinement(name: Node, state: State, context: Context): Refinement | undefined {
  const variable = state.phase === 'held' ? context.file.getVariable(name) : undefined;
  const [definition] = variable?.defs ?? [];
  if (!variable || definition?.type !== 'Variable' || definition.node.type !== 'VariableDeclarator' || !definition.node.init) return undefined;
  if (variable.references.some((reference) => reference.isWrite() && !reference.init)) return undefined;
  const { id, init } = definition.node;
  const value = skipWrappers(init);
  if (id.type === 'Identifier') {
    const given = value.type === 'LogicalExpression' ? skipWrappers(value.left) : value;
    return given.type === 'MemberExpression' ? findRefinement(given, state, context) : undefined;
  }
  const { seed, kind } = context;
  const isOfSite = seed.kind === 'call' && isWithin(seed.site, value);
  if (id.type !== 'ObjectPattern' || !(isOfSite || getShape(value, state, kind, context.file)?.kind === 'resource')) return undefined;
  const property = id.properties.find((candidate) => candidate.type === 'Property' && candidate.value.type === 'Identifier' && variable.identifiers.includes(candidate.value));
  const key = property?.type === 'Property' ? getPropertyName(property) : undefined;
  return kind.refinements?.find((refinement) => refinement.property === key);
}

/** `StatusCodes.NO_CONTENT`, `HTTP_STATUS.NotModified`: the value stands elsewhere, the name says it. */
function namesEmptyAnswer(node: Node): boolean {
  const inner = skipWrappers(node);
  const name = inner.type === 'Identifier' ? inner.name : inner.type === 'MemberExpression' ? getPropertyName(inner) : undefined;
  return name !== undefined && /no_?content|not_?modified/i.test(name);
}

function getConstant(expression: Node, file: SourceFile): string | number | boolean | undefined {
  const node = skipWrappers(expression);
  if (node.type === 'Literal') {
    return typeof node.value === 'string' || typeof node.value === 'number' || typeof node.value === 'boolean' ? node.value : undefined;
  }
  if (node.type !== 'Identifier') return undefined;
  const variable = file.getVariable(node);
  const value = variable && file.getOnlyValue(variable);
  return value && skipWrappers(value).type === 'Literal' ? getConstant(value, file) : undefined;
}

function getConstantList(expression: Node, file: SourceFile): (string | number | boolean)[] | undefined {
  let node = skipWrappers(expression);
  if (node.type === 'Identifier') {
    const variable = file.getVariable(node);
    const value = variable && file.getOnlyValue(variable);
    if (!value) return undefined;
    node = skipWrappers(value);
  }
  if (node.type === 'NewExpression' && node.arguments[0]) node = skipWrappers(node.arguments[0]);
  if (node.type !== 'ArrayExpression') return undefined;
  const values = node.elements.map((element) => (element ? getConstant(element, file) : undefined));
  return values.every((value) => value !== undefined) ? values : undefined;
}

function isNullishLiteral(expression: Node, file: SourceFile): boolean {
  const node = skipWrappers(expression);
  if (node.type === 'Literal') return node.value === null && node.raw === 'null';
  return node.type === 'Identifier' && node.name === 'undefined' && file.isGlobal(node);
}

function isBoolean(expression: Node, value: boolean): boolean {
  const node = skipWrappers(expression);
  return node.type === 'Literal' && node.value === value;
}
