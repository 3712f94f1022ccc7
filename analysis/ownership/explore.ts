import type { Edge, Graph, Point } from '../control-flow/graph.js';
import { noteGap, spend } from '../effort.js';
import type { ResourceKind } from '../resources/resource-kind.js';
import type { Scope, Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, type TSESTree, isFunction, skipWrappers } from '../syntax/node.js';
import { doesFallibleWork } from '../control-flow/call-facts.js';
import { matchesCallee } from './acquisitions.js';
import { forgetArms, noteArm } from './arms.js';
import { isQuiet } from './quiet-work.js';
import { applyCall } from './apply-call.js';
import { bindValue } from './bind-value.js';
import { takeBranch } from './branches.js';
import { type Exploration, type Loss, type Outcome, type Seed, type Step, type Summaries, isRejection } from './exploration.js';
import { type FactTable, assignFact, collectFacts } from './facts.js';
import { findUsingCapture } from './captures.js';
import { isForgottenField } from './fields.js';
import { asList, takeTurns } from './lists.js';
import { ERROR_PART, RESOURCE, type Shape, awaited, promiseOf } from './shape.js';
import { State } from './state.js';
import { findPart, getHoldingShape, getShape } from './values.js';

/** Beyond this many (point, state) pairs a function is given up: the answer would come too late. */
const MAX_STEPS = 12_000;
/** What a step costs beside the questions that it asks: its state is copied and compared. */
const STEP_COST = 4;

export interface ExploreContext {
  readonly file: SourceFile;
  readonly kind: ResourceKind;
  readonly graph: Graph;
  readonly seed: Seed;
  readonly facts: FactTable;
  readonly summaries: Summaries;
}

/** Follows one obligation along every path of one function. */
export function explore(graph: Graph, seed: Seed, kind: ResourceKind, file: SourceFile, summaries: Summaries): Exploration {
  return new Explorer({ file, kind, graph, seed, summaries, facts: collectFacts(graph, file) }).run();
}

/** One successor of a step: where to, in what state. */
interface Move {
  readonly edge: Edge;
  readonly state: State;
}

class Explorer {
  readonly #context: ExploreContext;
  readonly #losses: Loss[] = [];
  readonly #outcomes: Outcome[] = [];
  readonly #seen = new Map<Point, Set<string>>();
  readonly #queue: Step[] = [];
  #lasting: ReadonlySet<Point> | undefined;
  #steps = 0;

  constructor(context: ExploreContext) {
    this.#context = context;
  }

  run(): Exploration {
    const { graph, seed } = this.#context;
    let state = State.initial;
    if (seed.kind === 'captured') state = state.with({ phase: 'held' }).hold(seed.variable, seed.shape);
    const entry: Step = { point: graph.entry, state, previous: undefined, edge: undefined, cause: undefined };
    const isUnnamed = seed.kind === 'parameter' && isFunction(graph.root) && !graph.root.params[seed.index];
    if (isUnnamed) this.#losses.push({ exit: 'discard', node: graph.root, isGuess: false, last: entry });
    else this.#push(entry);
    let hasGivenUp = false;
    // Breadth first, so that the first path to a loss is a shortest one.
    for (let index = 0; index < this.#queue.length; index++) {
      spend(STEP_COST);
      if (++this.#steps > MAX_STEPS) {
        hasGivenUp = true;
        noteGap(graph.root, this.#context.file.filename);
        break;
      }
      this.#visit(this.#queue[index]!);
    }
    return { root: graph.root, graph, losses: this.#losses, outcomes: this.#outcomes, hasGivenUp };
  }

  #push(step: Step): void {
    const { state } = step;
    if (state.phase === 'done') {
      this.#outcomes.push({ completion: 'return', settlement: state.settlement!, shape: state.returned, isGuess: state.isGuess, isFailing: state.hasFailed, node: step.previous!.point.node });
      return;
    }
    // Exits that merge behind their statements are told apart by what sent control away: each needs a repair of its own.
    const key = state.phase === 'held' && step.cause ? `${state.getKey()}@${step.cause.point.id}` : state.getKey();
    const seen = this.#seen.get(step.point);
    if (seen?.has(key)) return;
    if (seen) seen.add(key);
    else this.#seen.set(step.point, new Set([key]));
    this.#queue.push(step);
  }

  #visit(step: Step): void {
    for (const move of this.#getMoves(step)) {
      this.#push({ point: move.edge.to, state: move.state, previous: step, edge: move.edge, cause: getCause(step, move.edge) });
    }
  }

  #getMoves(step: Step): Move[] {
    const { point, state } = step;
    const everywhere = (next: State): Move[] => point.edges.map((edge) => ({ edge, state: this.#along(edge, next, point) }));
    switch (point.kind) {
      case 'call':
        return this.#call(step);
      case 'await':
        return this.#await(point, state);
      case 'bind':
        return this.#bind(step, everywhere);
      case 'discard':
        return this.#afterDrop(step, forgetArms(state.dropTemporaries(point.node)), 'discard', everywhere);
      case 'return':
        return this.#return(step, everywhere);
      case 'throw':
        return this.#throw(point, state, everywhere);
      case 'yield':
        return this.#yield(point, state, everywhere);
      case 'branch':
        return point.edges.flatMap((edge) => {
          const next = takeBranch(point, edge.kind, state, this.#context);
          return next ? [{ edge, state: next }] : [];
        });
      case 'join':
        // What was to be returned is not, once an exception is caught on the way.
        if (/Statement$/.test(point.node.type)) return everywhere(forgetArms(state));
        if (point.node.type !== 'CatchClause') return everywhere(noteArm(point.node, state));
        return this.#afterDrop(step, dropReturned(state), 'leave-block', everywhere);
      case 'leave':
        return this.#leave(step, everywhere);
      case 'exit':
      case 'throw-exit':
      case 'abandon-exit':
        this.#end(step);
        return [];
      default:
        return everywhere(state);
    }
  }

  /** An exception that nothing in the text says will happen makes the rest of the path a guess. */
  #along(edge: Edge, state: State, point: Point): State {
    if (edge.kind === 'abandon') return state.phase === 'held' ? state.with({ isGuess: true }) : state;
    if (edge.kind !== 'throw' || state.phase !== 'held') return state;
    // That the handling of a failure fails in turn is nobody's plan.
    const isKnown = this.#context.kind.onImplicitException === 'certain' && !state.hasFailed && this.#canFail(point, state);
    return state.with({ isGuess: state.isGuess || !isKnown, isExplicitThrow: false, hasFailed: true });
  }

  /** Whether a throwing point is work that fails in practice: something awaited, synchronous I/O, work on the resource itself. */
  #canFail(point: Point, state: State): boolean {
    const { kind, file, seed } = this.#context;
    const { node } = point;
    // Where `await client.connect()` fails there is no connection.
    if (node.type === 'AwaitExpression') return !('site' in seed && skipWrappers(node.argument) === seed.site) && !isQuiet(skipWrappers(node.argument), file);
    if (point.kind === 'await') return true;
    if (point.kind !== 'call' || node.type !== 'CallExpression') return false;
    const callee = skipWrappers(node.callee);
    if (callee.type === 'MemberExpression' && getShape(callee.object, state, kind, file)) return !isQuiet(node, file);
    if (kind.derivations?.some(({ calls }) => matchesCallee(calls, node, file))) return false;
    return doesFallibleWork(node, file);
  }

  #lose(step: Step, exit: Loss['exit'], node: Node, isGuess = step.state.isGuess, inner?: Loss): void {
    // A rejection that nobody handles is no loss of a response.
    if (exit === 'discard' && isRejection(this.#context.seed) && !inner) return;
    this.#lasting ??= findLastingPoints(this.#context.graph);
    // The process ends from here on, whatever happens: the system takes everything back.
    if (!this.#lasting.has(step.point)) return;
    this.#losses.push({ exit, node, isGuess, last: step, inner });
  }

  #afterDrop(step: Step, next: State, exit: Loss['exit'], go: (state: State) => Move[]): Move[] {
    if (!next.isHeldByNobody || step.state.isHeldByNobody) return go(next);
    // Whoever has the controller can still end it, in a `finally` for instance, where the variable is out of scope.
    if (exit !== 'discard' && exit !== 'overwrite' && this.#isLinked()) return go(next);
    const cause = exit === 'discard' || exit === 'overwrite' ? undefined : findExit(step);
    this.#lose(step, cause?.exit ?? exit, cause?.node ?? step.point.node);
    return [];
  }

  #isLinked(): boolean {
    const { seed } = this.#context;
    return (seed.kind === 'call' || seed.kind === 'parameter') && seed.linked !== undefined && seed.linked.size > 0;
  }

  #call(step: Step): Move[] {
    const { point, state } = step;
    const { seed } = this.#context;
    const moves: Move[] = [];
    const isSite = (seed.kind === 'call' || seed.kind === 'original') && seed.site === point.node;
    if (state.phase === 'before') {
      for (const edge of point.edges) {
        if (!isSite) moves.push({ edge, state });
        else if (edge.kind === 'throw') moves.push({ edge, state: state.settle('unacquired') });
        else {
          const held = state.with({ phase: 'held' });
          moves.push({ edge, state: seed.kind === 'call' ? held.putTemporary(point.node, seed.shape) : held.hold(seed.variable, RESOURCE) });
        }
      }
      return moves;
    }
    const effect = applyCall(point.node, state, this.#context);
    for (const loss of effect.losses) this.#lose(step, loss.exit, loss.node, loss.isGuess || state.isGuess, loss);
    // A call that cannot come back is known to throw: the process does not end here, or there would be no edge.
    const isBoundToThrow = point.edges.every((edge) => edge.kind === 'throw');
    for (const edge of point.edges) {
      if (isBoundToThrow) for (const next of effect.thrown) moves.push({ edge, state: next.with({ isExplicitThrow: true, hasFailed: true }) });
      else if (edge.kind !== 'throw') for (const next of effect.normal) moves.push({ edge, state: next });
      else {
        for (const next of effect.thrown) moves.push({ edge, state: this.#along(edge, next, point) });
        for (const next of effect.thrownExplicitly) moves.push({ edge, state: next.with({ isExplicitThrow: true, hasFailed: true }) });
      }
    }
    return moves;
  }

  #await(point: Point, state: State): Move[] {
    const { kind, file } = this.#context;
    const { node } = point;
    if (node.type === 'ForOfStatement') {
      const isOfList = asList(getShape(node.right, state, kind, file)) !== undefined;
      return point.edges.map((edge) => ({ edge, state: isOfList ? this.#along(edge, state, point) : this.#iterate(node.right, state) }));
    }
    const shape = node.type === 'AwaitExpression' ? getShape(node.argument, state, kind, file) : undefined;
    const { seed } = this.#context;
    if (shape && isRejection(seed) && shape.key === seed.shape.key) return this.#reject(point, awaited(shape), state);
    // await writeFile(file, …), await client.connect(): what is refused was not made.
    const isMaking = node.type === 'AwaitExpression' && seed.kind === 'original' && skipWrappers(node.argument) === seed.site;
    return point.edges.map((edge) => {
      if (edge.kind === 'throw' && state.phase === 'held' && (isMaking || (shape && this.#isAcquiring(shape)))) return { edge, state: state.settle('unacquired') };
      return { edge, state: this.#along(edge, state, point) };
    });
  }

  /** The error is on its way with it; what is fulfilled has none. */
  #reject(point: Point, error: Shape, state: State): Move[] {
    const thrown = state.dropTemporaries(point.node).putTemporary(point.node, error).with({ isExplicitThrow: true, hasFailed: true });
    return point.edges.map((edge) => ({ edge, state: edge.kind === 'throw' ? thrown : state.settle('unacquired') }));
  }

  /** What is awaited for the whole resource and rejects has acquired none; a promise of a part (a read) leaves it as it is. */
  #isAcquiring(shape: Shape): boolean {
    const { seed } = this.#context;
    // The promise that the acquisition gave, whatever comes in it.
    if (seed.kind === 'call' && shape.kind === 'promise' && shape.key === seed.shape.key) return true;
    const { kind } = awaited(shape);
    return kind === 'resource' || kind === 'container' || kind === 'list';
  }

  #iterate(iterable: Node, state: State): State {
    const { kind, file } = this.#context;
    const shape = getShape(iterable, state, kind, file);
    if (!shape) return state;
    if (shape.kind === 'resource' || findPart(shape, kind)?.isIterable) return state.settle('released');
    return state.settle('transferred');
  }

  #bind(step: Step, everywhere: (state: State) => Move[]): Move[] {
    const { point, state } = step;
    const { seed, graph, facts, file } = this.#context;
    const { node } = point;
    if (seed.kind === 'parameter' && isFunction(graph.root) && graph.root.params[seed.index] === node) {
      const held = bindValue(node, seed.shape, state.with({ phase: 'held' }), this.#context);
      return this.#afterDrop(step, this.#bindError(held), 'discard', everywhere);
    }
    const target = getTarget(node);
    if (!target) return everywhere(state);
    if (node.type === 'CatchClause' && isRejection(seed) && state.phase === 'held') return this.#catch(target.left, step, everywhere);
    const known = assignFact(target.left, target.value, state, facts, file);
    if (state.phase !== 'held') return everywhere(known);
    if (node.type === 'ForOfStatement') {
      const list = asList(getShape(node.right, known, this.#context.kind, file));
      if (list) return this.#takeTurns(node, list, known, step, everywhere);
      const next = this.#iterate(node.right, known);
      return everywhere(next.phase === 'done' ? next : bindValue(target.left, undefined, next, this.#context));
    }
    const shape = target.value && getShape(target.value, known, this.#context.kind, file);
    const keepers = target.value && target.left.type === 'MemberExpression' ? findUsingCapture(target.value, known, this.#context) : undefined;
    if (keepers) return everywhere(known.settle('transferred'));
    const next = bindValue(target.left, shape, known, this.#context);
    if (next.phase === 'held' && shape && target.left.type === 'MemberExpression' && isForgottenField(target.left, this.#context)) {
      this.#lose(step, 'field', target.left);
      return [];
    }
    return this.#afterDrop(step, next, 'overwrite', everywhere);
  }

  #takeTurns(loop: TSESTree.ForOfStatement, list: Shape & { kind: 'list' }, state: State, step: Step, everywhere: (state: State) => Move[]): Move[] {
    const { own, other } = takeTurns(loop, state, this.#context);
    const target = getTarget(loop)!.left;
    const moves = everywhere(bindValue(target, undefined, other, this.#context));
    if (!own) return moves;
    const bound = bindValue(target, loop.await ? awaited(list.of) : list.of, own, this.#context);
    return [...moves, ...this.#afterDrop(step, bound, 'discard', everywhere)];
  }

  /** catch (error): the parameter has what was on its way. */
  #catch(parameter: Node, step: Step, everywhere: (state: State) => Move[]): Move[] {
    const [thrown] = [...step.state.temporaries].filter(([node]) => node.type === 'AwaitExpression');
    if (!thrown) return everywhere(step.state);
    return this.#afterDrop(step, bindValue(parameter, thrown[1], step.state.with({ temporaries: new Map() }), this.#context), 'discard', everywhere);
  }

  /** Where the error parameter of a callback is set, nothing was acquired. */
  #bindError(state: State): State {
    const { seed, graph, file } = this.#context;
    if (seed.kind !== 'parameter' || seed.errorIndex === undefined || !isFunction(graph.root) || state.phase !== 'held') return state;
    const parameter = graph.root.params[seed.errorIndex];
    const variable = parameter?.type === 'Identifier' ? file.getVariable(parameter) : undefined;
    return variable ? state.hold(variable, ERROR_PART) : state;
  }

  #return(step: Step, everywhere: (state: State) => Move[]): Move[] {
    const { point, state } = step;
    const { kind, file, graph } = this.#context;
    const value = point.node.type === 'ReturnStatement' ? point.node.argument : point.node;
    if (state.phase !== 'held' || !value) return everywhere(state);
    const shape = getHoldingShape(value, state, kind, file);
    if (shape) {
      const returned = isFunction(graph.root) && graph.root.async ? promiseOf(shape) : shape;
      // A `finally` on the way out may still throw, or release it.
      if (point.edges.some((edge) => edge.to.kind !== 'exit')) return everywhere(dropReturned(state).putTemporary(point.node, returned));
      return everywhere(state.settle('returned', returned));
    }
    if (findUsingCapture(value, state, this.#context)) return everywhere(state.settle('transferred'));
    return this.#afterDrop(step, dropReturned(state).dropTemporaries(value), 'return', everywhere);
  }

  #throw(point: Point, state: State, everywhere: (state: State) => Move[]): Move[] {
    if (state.phase !== 'held' || point.node.type !== 'ThrowStatement') return everywhere(state);
    const { kind, file } = this.#context;
    if (getHoldingShape(point.node.argument, state, kind, file)) return everywhere(state.settle('transferred'));
    return everywhere(state.with({ isExplicitThrow: true, hasFailed: true }));
  }

  #yield(point: Point, state: State, everywhere: (state: State) => Move[]): Move[] {
    const { kind, file } = this.#context;
    const argument = point.node.type === 'YieldExpression' ? point.node.argument : undefined;
    if (argument && getHoldingShape(argument, state, kind, file)) return everywhere(state.settle('transferred'));
    return everywhere(state);
  }

  #leave(step: Step, everywhere: (state: State) => Move[]): Move[] {
    const { point, state } = step;
    if (state.phase !== 'held') return everywhere(state);
    let next = state;
    for (const variable of point.variables!) {
      const shape = next.holders.get(variable);
      if (!shape) continue;
      if (point.isDisposing && this.#context.kind.isDisposable && isUsingVariable(variable)) return everywhere(next.settle('released'));
      next = next.dropHolder(variable);
    }
    return this.#afterDrop(step, next, isLoopBody(point.node) ? 'next-iteration' : 'leave-block', everywhere);
  }

  #end(step: Step): void {
    const { point, state } = step;
    const { graph, seed } = this.#context;
    if (state.phase !== 'held') return;
    // Whoever catches the error has it.
    if (isRejection(seed) && point.kind === 'throw-exit' && state.temporaries.size > 0) return;
    const returned = point.kind === 'exit' ? findReturned(state) : undefined;
    if (returned) {
      this.#outcomes.push({ completion: 'return', settlement: 'returned', shape: returned.shape, isGuess: state.isGuess, isFailing: state.hasFailed, node: returned.node });
      return;
    }
    const completion = point.kind === 'throw-exit' ? 'throw' : 'return';
    this.#outcomes.push({ completion, settlement: 'held', isGuess: state.isGuess || (completion === 'throw' && !state.isExplicitThrow), isFailing: state.hasFailed, node: point.node });
    // What a module holds at its end it may hold for the life of the process.
    // An exception that leaves it ends the process.
    const isGuess = state.isGuess || graph.root.type === 'Program';
    const cause = findExit(step);
    const fallback = point.kind === 'throw-exit' ? 'implicit-throw' : point.kind === 'abandon-exit' ? 'abandon' : 'end';
    this.#lose(step, cause?.exit ?? fallback, cause?.node ?? graph.root, isGuess);
  }
}

/** The points after which the program goes on: an exit of the function or another iteration can follow, not only `process.exit()`. */
function findLastingPoints(graph: Graph): Set<Point> {
  const before = new Map<Point, Point[]>();
  for (const point of graph.points) {
    for (const { kind, to } of point.edges) {
      if (kind === 'throw') continue;
      const known = before.get(to);
      if (known) known.push(point);
      else before.set(to, [point]);
    }
  }
  const lasting = new Set(graph.points.filter(({ kind, isLoopHead }) => isLoopHead || kind === 'throw' || kind.endsWith('exit')));
  for (const point of lasting) for (const previous of before.get(point) ?? []) lasting.add(previous);
  return lasting;
}

/** Marks what sends control away, until a `catch` stops an exception or ordinary flow goes on. */
function getCause(step: Step, edge: Edge): Step | undefined {
  const { point } = step;
  if (point.kind === 'return' || point.kind === 'throw' || point.kind === 'jump' || edge.kind === 'throw' || edge.kind === 'abandon') return step;
  // A jump has arrived once something else than leaving scopes happens.
  if (step.cause?.point.kind === 'jump' && point.kind !== 'leave' && point.kind !== 'join') return undefined;
  if (edge.to.kind === 'join' && edge.to.node.type === 'CatchClause') return undefined;
  return point.kind === 'join' && point.node.type === 'CatchClause' ? undefined : step.cause;
}

function findExit(step: Step): { exit: Loss['exit']; node: Node } | undefined {
  const cause = step.point.kind === 'return' || step.point.kind === 'throw' ? step : step.cause;
  if (!cause) return undefined;
  const { kind, node } = cause.point;
  if (kind === 'return') return { exit: 'return', node };
  if (kind === 'jump') return { exit: node.type === 'ContinueStatement' ? 'next-iteration' : 'leave-block', node };
  if (kind === 'throw') return { exit: 'throw', node };
  return { exit: step.state.isExplicitThrow ? 'throw' : kind === 'yield' ? 'abandon' : 'implicit-throw', node };
}

/** The target and the value of a `bind` point. */
function getTarget(node: Node): { left: Node; value: Node | undefined } | undefined {
  switch (node.type) {
    case 'VariableDeclarator':
      return { left: node.id, value: node.init ?? undefined };
    case 'AssignmentExpression':
      return { left: skipWrappers(node.left), value: /^(?:=|&&=|\|\|=|\?\?=)$/.test(node.operator) ? node.right : undefined };
    case 'UpdateExpression':
      return { left: node.argument, value: undefined };
    case 'ForOfStatement':
    case 'ForInStatement':
      return { left: node.left.type === 'VariableDeclaration' ? node.left.declarations[0].id : node.left, value: undefined };
    case 'CatchClause':
      return node.param ? { left: node.param, value: undefined } : undefined;
    case 'TSParameterProperty':
    case 'AssignmentPattern': {
      // (dir = mkdtempSync('x'))
      const parameter = node.type === 'TSParameterProperty' ? node.parameter : node;
      return { left: node, value: parameter.type === 'AssignmentPattern' ? parameter.right : undefined };
    }
    default:
      return { left: node, value: undefined };
  }
}

/** The value that a `return` on this path has given, while `finally` blocks run. */
function findReturned(state: State): { node: Node; shape: Shape } | undefined {
  for (const [node, shape] of state.temporaries) if (isReturn(node)) return { node, shape };
  return undefined;
}

function dropReturned(state: State): State {
  const returned = findReturned(state);
  if (!returned) return state;
  const temporaries = new Map(state.temporaries);
  temporaries.delete(returned.node);
  return state.with({ temporaries });
}

function isReturn(node: Node): boolean {
  return node.type === 'ReturnStatement';
}

function isUsingVariable(variable: Variable): boolean {
  const declaration = variable.defs[0]?.node.parent;
  return declaration?.type === 'VariableDeclaration' && declaration.kind.includes('using');
}

function isLoopBody(node: Node): boolean {
  const isLoop = (candidate: Node | undefined) => candidate !== undefined && /^(?:For|While|DoWhile)/.test(candidate.type);
  return isLoop(node) || isLoop(node.parent);
}

export type { FunctionNode, Scope };
