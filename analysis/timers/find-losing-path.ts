import type { Edge, Point } from '../control-flow/graph.js';
import { getGraphs } from '../control-flow/graphs.js';
import { noteGap, spend } from '../effort.js';
import type { Certainty, FindingExit, PathStep } from '../finding.js';
import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type CodeRoot, type Node, isFunction, skipWrappers } from '../syntax/node.js';
import { cannotReject } from './cannot-reject.js';

export interface LosingPath {
  readonly certainty: Certainty;
  readonly exit: FindingExit;
  /** What stands between the acquisition and the exit, without the acquisition itself. */
  readonly steps: readonly PathStep[];
}

export interface HeldThing {
  /** The function that the question is about. */
  readonly root: CodeRoot;
  /** Holding begins behind this node: a declarator or an assignment (`bind`), or a call. */
  readonly start: Node;
  /** The call that makes the thing, where that is inside of `start`: what was tested on the way to it is known. */
  readonly acquisition?: Node | undefined;
  /** Holds the thing, so it is truthy wherever the path leads. */
  readonly variable?: Variable | undefined;
  /** Whether a point lets go of it, or makes it somebody else's. */
  readonly isRelease: (point: Point) => boolean;
  /** Variables that tell, when set, that there is nothing to release any more. */
  readonly flags?: ReadonlySet<Variable>;
}

/** Beyond this many (point, tests) pairs a function is given up: the answer would come too late. */
const MAX_STATES = 4000;
/** What a state costs beside the questions that it asks: it is copied and compared. */
const STATE_COST = 4;

/**
 * The first way out of `root` on which a thing that is held from `start` on is not released. Only `await` and `throw`
 * are taken to throw for a certain answer; with `includePotential` every call is.
 */
export function findLosingPath(file: SourceFile, held: HeldThing, includePotential = false): LosingPath | undefined {
  return search(file, held, false) ?? (includePotential ? search(file, held, true) : undefined);
}

interface State {
  readonly point: Point;
  readonly assumed: ReadonlyMap<string, boolean>;
  readonly previous: State | undefined;
  readonly via: Edge | undefined;
}

function search(file: SourceFile, held: HeldThing, canCallsThrow: boolean): LosingPath | undefined {
  const graph = getGraphs(file).getGraph(held.root);
  const starts = graph.points.filter((point) => point.node === held.start && (point.kind === 'bind' || point.kind === 'call'));
  const given = getGivenTests(file, held);
  const queue: State[] = starts.map((point) => ({ point, assumed: given, previous: undefined, via: undefined }));
  const seen = new Set<string>();
  let returned: State | undefined;
  for (let index = 0; index < queue.length; index++) {
    spend(STATE_COST);
    if (index === MAX_STATES) {
      noteGap(held.root, file.filename);
      break;
    }
    const state = queue[index]!;
    const { point } = state;
    if (point === graph.throwExit) return describe(file, held, state, 'throw', canCallsThrow);
    if (point === graph.exit) {
      returned ??= state;
      continue;
    }
    for (const edge of point.edges) {
      if (index < starts.length && edge.kind === 'throw') continue;
      if (!canFollow(file, point, edge, canCallsThrow)) continue;
      const assumed = assume(file, held, point, edge, state.assumed);
      if (!assumed) continue;
      const { to } = edge;
      if (starts.includes(to) || held.isRelease(to)) continue;
      const key = `${to.id} ${[...assumed].map(([test, value]) => `${test}=${value}`).join(';')}`;
      if (seen.has(key)) continue;
      seen.add(key);
      queue.push({ point: to, assumed, previous: state, via: edge });
    }
  }
  return returned && describe(file, held, returned, 'return', canCallsThrow);
}

function canFollow(file: SourceFile, point: Point, edge: Edge, canCallsThrow: boolean): boolean {
  if (edge.kind === 'abandon') return false;
  if (edge.kind !== 'throw') return true;
  if (point.kind === 'await') {
    if (cannotReject(file, point.node.type === 'AwaitExpression' ? point.node.argument : point.node)) return false;
    // Cleaning up is expected to work out: that it may fail as well is a guess.
    return canCallsThrow || !isInCleanup(point.node);
  }
  if (point.kind === 'throw') return true;
  return canCallsThrow && (point.kind === 'call' || point.kind === 'yield');
}

/** In a `finally` block or a `catch` clause. */
function isInCleanup(node: Node): boolean {
  for (let inner = node; inner.parent && !isFunction(inner); inner = inner.parent) {
    if (inner.type === 'CatchClause' || (inner.parent.type === 'TryStatement' && inner.parent.finalizer === inner)) return true;
  }
  return false;
}

/** The tests that must have gone one way for `start` to be reached: the same test later goes the same way. */
function getGivenTests(file: SourceFile, held: HeldThing): Map<string, boolean> {
  const given = new Map<string, boolean>();
  // signal?.addEventListener(…): the signal is there.
  const acquisition = held.acquisition ?? held.start;
  if (acquisition.type === 'CallExpression') {
    const callee = skipWrappers(acquisition.callee);
    for (let object: Node = callee; object.type === 'MemberExpression'; ) {
      object = skipWrappers(object.object);
      const key = getTestKey(file, object);
      if (key !== undefined) given.set(key, true);
    }
  }
  let node: Node = acquisition;
  while (node !== held.root && node.parent) {
    const outer: Node = node.parent;
    if (outer.type === 'IfStatement' || outer.type === 'ConditionalExpression') {
      if (outer.consequent === node) addTest(file, given, outer.test, true);
      else if (outer.alternate === node) addTest(file, given, outer.test, false);
    } else if (outer.type === 'LogicalExpression' && outer.right === node && outer.operator !== '??') {
      addTest(file, given, outer.left, outer.operator === '&&');
    }
    node = outer;
  }
  return given;
}

function addTest(file: SourceFile, given: Map<string, boolean>, test: Node, value: boolean): void {
  const node = skipWrappers(test);
  if (node.type === 'UnaryExpression' && node.operator === '!') addTest(file, given, node.argument, !value);
  else if (node.type === 'LogicalExpression' && node.operator === (value ? '&&' : '||')) {
    addTest(file, given, node.left, value);
    addTest(file, given, node.right, value);
  } else {
    const key = getTestKey(file, node);
    if (key !== undefined) given.set(key, value);
  }
}

/** What is assumed after an edge, or undefined when the edge cannot be taken. */
function assume(file: SourceFile, held: HeldThing, point: Point, edge: Edge, assumed: ReadonlyMap<string, boolean>): ReadonlyMap<string, boolean> | undefined {
  if (point.kind !== 'branch' || point.discriminant) return assumed;
  const isTruthy = edge.kind === 'true' || edge.kind === 'present' ? true : edge.kind === 'false' || edge.kind === 'nullish' ? false : undefined;
  if (isTruthy === undefined) return assumed;
  const test = skipWrappers(point.node);
  const about = findTested(file, held, test);
  if (about === 'present') return isTruthy ? assumed : undefined;
  if (about === 'absent') return isTruthy ? undefined : assumed;
  // Set by the callback itself, or the signal of an abort: it has fired, and there is nothing to clear.
  if (about === 'over' && isTruthy) return undefined;
  const key = getTestKey(file, test);
  if (key === undefined) return assumed;
  const known = assumed.get(key);
  if (known !== undefined) return known === isTruthy ? assumed : undefined;
  return new Map([...assumed, [key, isTruthy]]);
}

function findTested(file: SourceFile, held: HeldThing, test: Node): 'present' | 'absent' | 'over' | undefined {
  if (test.type === 'Identifier') {
    const variable = file.getVariable(test);
    if (variable && variable === held.variable) return 'present';
    if (variable && held.flags?.has(variable)) return 'over';
    return undefined;
  }
  if (isSurelyThere(file, held, test)) return 'present';
  if (test.type === 'MemberExpression') {
    return test.property.type === 'Identifier' && test.property.name === 'aborted' ? 'over' : undefined;
  }
  if (test.type !== 'BinaryExpression') return undefined;
  const [left, right] = [skipWrappers(test.left), skipWrappers(test.right)];
  const isHolder = (node: Node) => node.type === 'Identifier' && held.variable !== undefined && file.getVariable(node) === held.variable;
  // t !== undefined, t != null, typeof t !== 'undefined'
  const isNothing = (right.type === 'Identifier' && right.name === 'undefined') || (right.type === 'Literal' && right.value === null);
  const isTypeTest = left.type === 'UnaryExpression' && left.operator === 'typeof' && isHolder(skipWrappers(left.argument)) && right.type === 'Literal' && right.value === 'undefined';
  if (!isTypeTest && !(isNothing && isHolder(left))) return undefined;
  if (test.operator === '!==' || test.operator === '!=') return 'present';
  return test.operator === '===' || test.operator === '==' ? 'absent' : undefined;
}

/** What the thing was made on, or what its release is called on: `signal` of `signal?.removeEventListener`, `typeof signal.removeEventListener === 'function'`. */
function isSurelyThere(file: SourceFile, { acquisition, start }: HeldThing, test: Node): boolean {
  if (test.type === 'BinaryExpression') {
    const left = skipWrappers(test.left);
    const isAbility = left.type === 'UnaryExpression' && left.operator === 'typeof' && skipWrappers(left.argument).type === 'MemberExpression';
    return isAbility && /^==/.test(test.operator) && test.right.type === 'Literal' && test.right.value === 'function';
  }
  if (test.type !== 'MemberExpression' && test.type !== 'Identifier') return false;
  const call = acquisition ?? start;
  const callee = call.type === 'CallExpression' ? skipWrappers(call.callee) : undefined;
  const normalise = (node: Node) => file.getText(node).replaceAll('?', '');
  return callee?.type === 'MemberExpression' && normalise(callee.object) === normalise(test);
}

/** The text of a test that gives the same answer when it is asked again; undefined where that is not to be expected. */
function getTestKey(file: SourceFile, test: Node): string | undefined {
  const node = skipWrappers(test);
  switch (node.type) {
    case 'Identifier': {
      const variable = file.getVariable(node);
      const isFixed = variable?.references.every((reference) => !reference.isWrite() || reference.init);
      return isFixed ? node.name : undefined;
    }
    case 'MemberExpression': {
      if (node.computed) return undefined;
      const object = skipWrappers(node.object);
      const key = object.type === 'ThisExpression' ? 'this' : getTestKey(file, object);
      return key === undefined || node.property.type === 'PrivateIdentifier' ? undefined : `${key}.${file.getText(node.property)}`;
    }
    case 'BinaryExpression': {
      const left = getTestKey(file, node.left);
      const right = node.right.type === 'Literal' ? file.getText(node.right) : getTestKey(file, node.right);
      return left !== undefined && right !== undefined ? `${left} ${node.operator} ${right}` : undefined;
    }
    default:
      return undefined;
  }
}

function describe(file: SourceFile, held: HeldThing, last: State, kind: 'throw' | 'return', canCallsThrow: boolean): LosingPath {
  const states: State[] = [];
  for (let state: State | undefined = last; state; state = state.previous) states.unshift(state);
  const steps: PathStep[] = [];
  let exitNode: Node = held.root;
  let exitKind: FindingExit['kind'] = kind === 'return' ? 'end' : 'throw';
  for (const { point, via, previous } of states) {
    if (via?.kind === 'throw' && previous) {
      const { node } = previous.point;
      steps.push({ kind: previous.point.kind === 'await' ? 'await' : 'call', node, text: `line ${node.loc.start.line} throws` });
      if (kind === 'throw') {
        exitNode = node;
        exitKind = 'implicit-throw';
      }
    }
    if (point.kind === 'throw') {
      steps.push({ kind: 'throw', node: point.node, text: `line ${point.node.loc.start.line} throws` });
      if (kind === 'throw') {
        exitNode = point.node;
        exitKind = 'throw';
      }
    }
    if (point.kind === 'return' && kind === 'return') {
      steps.push({ kind: 'exit', node: point.node, text: `line ${point.node.loc.start.line} returns` });
      exitNode = point.node;
      exitKind = 'return';
    }
  }
  return { certainty: canCallsThrow ? 'potential' : 'certain', exit: { kind: exitKind, node: exitNode }, steps };
}
