import { getGraphs } from '../control-flow/graphs.js';
import type { Finding } from '../finding.js';
import type { Acquisition, ResourceKind } from '../resources/resource-kind.js';
import { isTemporaryPath } from '../resources/temporary-path.js';
import type { SourceFile } from '../source-file.js';
import { type CallLike, type CodeRoot, type FunctionNode, type Node, type TSESTree, getEnclosingRoot, getPropertyName, isFunction, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import { type AcquiringCall, findAcquisitions, findEvidence, findLinkedVariables, findOwnVariables, isHarmlessCall, matchesCallee, isResultUsedAs, isUsedAs } from './acquisitions.js';
import { findMethod } from './classes.js';
import type { Exploration, Loss, Seed } from './exploration.js';
import { explore } from './explore.js';
import { RESOURCE, type Shape, promiseOf } from './shape.js';
import { createTextVariable, findLocalFunction } from './values.js';
import { isBrowserCode } from './browser-code.js';
import { chooseLoss, describePath, getExit } from './witness.js';

/** An acquisition some path of which loses the resource. */
export interface Leak extends Finding {
  readonly kind: ResourceKind;
  /** The call that acquires it; for a callback, the function that is given it. */
  readonly site: Node;
  readonly loss: Loss;
  /** The variable that holds it in the end, where there is one. */
  readonly holder: string | undefined;
  /** Every exit that loses it, the one of the path first. */
  readonly exits: readonly Loss[];
  /** Whether some path hands it over to somebody, so that it must not be released wherever the variable's scope ends. */
  readonly isHandedOver: boolean;
}

/** Every acquisition of one kind of resource in a file that some path of its function loses, in order of position. */
export function findLeaks(file: SourceFile, kind: ResourceKind): Leak[] {
  if (!kind.triggers.some((trigger) => file.text.includes(trigger))) return [];
  return new LeakFinder(file, kind).find();
}

interface Candidate {
  readonly site: Node;
  readonly root: CodeRoot;
  readonly seed: Seed;
  readonly isGuess: boolean;
}

/** What a function of the file hands to its caller. */
interface Fresh {
  readonly shape: Shape;
  /** Whether every value that it returns is one that it acquired; else a caller may be given somebody else's. */
  readonly isAlways: boolean;
}

class LeakFinder {
  readonly #file: SourceFile;
  readonly #kind: ResourceKind;
  readonly #summaries = new Map<FunctionNode, Map<string, Exploration | undefined>>();
  readonly #fresh = new Map<FunctionNode, Fresh | undefined>();
  readonly #explored = new Map<Candidate, Exploration>();
  readonly #byRoot = new Map<CodeRoot, Candidate[]>();

  constructor(file: SourceFile, kind: ResourceKind) {
    this.#file = file;
    this.#kind = kind;
  }

  find(): Leak[] {
    const calls = this.#file.getCalls();
    const candidates = calls.flatMap((call) => this.#findCandidates(call));
    for (const candidate of candidates) {
      const known = this.#byRoot.get(candidate.root);
      if (known) known.push(candidate);
      else this.#byRoot.set(candidate.root, [candidate]);
    }
    if (candidates.length > 0) candidates.push(...this.#findWrapperCalls(calls, candidates));
    return candidates.flatMap((candidate) => this.#toLeak(candidate) ?? []).sort((a, b) => a.node.range[0] - b.node.range[0]);
  }

  #findCandidates(call: CallLike): Candidate[] {
    for (const found of findAcquisitions(call, this.#kind, this.#file)) {
      const candidates = this.#toCandidates(call, found);
      if (candidates.length > 0) return candidates;
    }
    const originals = this.#findOriginal(call);
    if (isHarmlessCall(call, this.#kind, this.#file)) return [];
    if (findEvidence(call, this.#kind, this.#file)) return [this.#candidate(call, promiseOf(RESOURCE), false)];
    if (originals.length === 0 && this.#isOfKindByType(call)) {
      // The type says what it is; that it comes from the network and not from memory is shown by how it is used.
      return [this.#candidate(call, promiseOf(RESOURCE), !isResultUsedAs(call, this.#kind, this.#file))];
    }
    return originals;
  }

  #toCandidates(call: CallLike, { acquisition, callback }: AcquiringCall): Candidate[] {
    const { parameter = 0, errorParameter, certainty, yields } = acquisition;
    if (callback) {
      const linked = findOwnVariables(call, this.#file);
      return [{ site: call, root: callback, seed: { kind: 'parameter', index: parameter, shape: RESOURCE, errorIndex: errorParameter, linked }, isGuess: false }];
    }
    if (yields === 'argument') return this.#findArgument(call, acquisition);
    if (yields === 'receiver') return this.#findReceiver(call, certainty);
    return [this.#candidate(call, yields === 'promise' ? promiseOf(RESOURCE) : RESOURCE, certainty === 'potential')];
  }

  /** An awaited call of a function elsewhere whose type is this resource. */
  #isOfKindByType(call: CallLike): boolean {
    const { types } = this.#file;
    if (!types || !this.#kind.types || call.type !== 'CallExpression' || outermostWrapper(call).parent?.type !== 'AwaitExpression') return false;
    if (this.#findFunction(call.callee)) return false;
    const names = types.getTypeNames(call);
    return this.#kind.types.some((type) => names?.includes(type.name) && types.hasMembers(call, type.members));
  }

  /** `writeFile(file, …)`: what the argument names exists from here on. */
  #findArgument(call: CallLike, acquisition: Acquisition): Candidate[] {
    const argument = call.arguments[acquisition.parameter ?? 0];
    if (!argument || argument.type === 'SpreadElement') return [];
    const node = skipWrappers(argument);
    const root = getEnclosingRoot(call);
    if (acquisition.isTemporaryPath && !isTemporaryPath(node, this.#file)) return [];
    if (acquisition.isReleasedElsewhere && !this.#isReleasedIn(root, node, call)) return [];
    const variable = node.type === 'Identifier' ? this.#file.getVariable(node) : createTextVariable(this.#file.getText(node), root);
    const [definition] = variable?.defs ?? [];
    if (!variable || (node.type === 'Identifier' && (definition?.type !== 'Variable' || getEnclosingRoot(definition.node) !== root))) return [];
    return [{ site: call, root, seed: { kind: 'original', site: call, variable }, isGuess: acquisition.certainty === 'potential' }];
  }

  /** `client.connect()`: what the variable has is a connection from here on. */
  #findReceiver(call: CallLike, certainty: Finding['certainty'] | undefined): Candidate[] {
    const callee = skipWrappers(call.callee);
    const object = callee.type === 'MemberExpression' ? skipWrappers(callee.object) : undefined;
    const variable = object?.type === 'Identifier' ? this.#file.getVariable(object) : undefined;
    const root = getEnclosingRoot(call);
    const [definition] = variable?.defs ?? [];
    if (!variable || definition?.type !== 'Variable' || getEnclosingRoot(definition.node) !== root) return [];
    return [{ site: call, root, seed: { kind: 'original', site: call, variable }, isGuess: certainty === 'potential' }];
  }

  /** Whether a function of the catalogue releases, after a call and in the same function, what has the same text. */
  #isReleasedIn(root: CodeRoot, named: Node, call: CallLike): boolean {
    const text = this.#file.getText(named);
    let isFound = false;
    walk(root, (node) => {
      if (isFound || (isFunction(node) && node !== root)) return false;
      if (node.type !== 'CallExpression' || node.range[0] < call.range[1]) return true;
      isFound = (this.#kind.releasers ?? []).some((releaser) => {
        const released = node.arguments[releaser.argument];
        return released && this.#file.getText(released) === text && matchesCallee(releaser.calls, node, this.#file);
      });
      return true;
    });
    return isFound;
  }

  #candidate(call: CallLike, shape: Shape, isGuess: boolean): Candidate {
    const linked = findLinkedVariables(call, this.#file);
    return { site: call, root: getEnclosingRoot(call), seed: { kind: 'call', site: call, shape, linked }, isGuess };
  }

  /** `x.clone()`: makes a second resource, and makes the first one owed again, since both branches of a tee buffer. */
  #findOriginal(call: CallLike): Candidate[] {
    const callee = skipWrappers(call.callee);
    if (call.type !== 'CallExpression' || callee.type !== 'MemberExpression') return [];
    const name = getPropertyName(callee);
    const isDeriving = this.#kind.acquisitions.some((acquisition) => name !== undefined && acquisition.derivedBy?.includes(name));
    if (!isDeriving || call.arguments.length > 0) return [];
    const object = skipWrappers(callee.object);
    const variable = object.type === 'Identifier' ? this.#file.getVariable(object) : undefined;
    const root = getEnclosingRoot(call);
    const [definition] = variable?.defs ?? [];
    if (!variable || definition?.type !== 'Variable' || definition.node.type !== 'VariableDeclarator') return [];
    const { init } = definition.node;
    const isAwaited = init && skipWrappers(init).type === 'AwaitExpression';
    const copy = outermostWrapper(call).parent;
    const copied = copy?.type === 'VariableDeclarator' && copy.id.type === 'Identifier' ? this.#file.getVariable(copy.id) : undefined;
    const made = isAwaited ? skipWrappers((skipWrappers(init) as TSESTree.AwaitExpression).argument) : undefined;
    const isKnown = made?.type === 'CallExpression' && findAcquisitions(made, this.#kind, this.#file).length > 0;
    if (!isAwaited || !(isKnown || isUsedAs(variable, this.#kind) || (copied && isUsedAs(copied, this.#kind)))) return [];
    return [
      this.#candidate(call, RESOURCE, false),
      ...(getEnclosingRoot(definition.node) === root ? [{ site: call, root, seed: { kind: 'original', site: call, variable } as const, isGuess: false }] : []),
    ];
  }

  /** Calls of functions of this file that return what they have acquired: the caller owes it then. */
  #findWrapperCalls(calls: readonly CallLike[], candidates: readonly Candidate[]): Candidate[] {
    const sites = new Set(candidates.map((candidate) => candidate.site));
    return calls.flatMap((call) => {
      if (sites.has(call) || call.type !== 'CallExpression' || isHarmlessCall(call, this.#kind, this.#file)) return [];
      const fn = this.#findFunction(call.callee);
      const fresh = fn && this.#getFresh(fn);
      return fresh ? [this.#candidate(call, fresh.shape, !fresh.isAlways)] : [];
    });
  }

  #findFunction(callee: Node): FunctionNode | undefined {
    const node = skipWrappers(callee);
    if (isFunction(node)) return node;
    if (node.type === 'Identifier') return findLocalFunction(node, this.#file);
    return node.type === 'MemberExpression' ? findMethod(node) : undefined;
  }

  /** What a function returns where it returns a resource that it acquired itself. */
  #getFresh(fn: FunctionNode): Fresh | undefined {
    if (this.#fresh.has(fn)) return this.#fresh.get(fn);
    this.#fresh.set(fn, undefined);
    let shape: Shape | undefined;
    const returning = new Set<Node>();
    let isAlternative = false;
    for (const candidate of [...(this.#byRoot.get(fn) ?? []), ...this.#findInnerWrapperCalls(fn)]) {
      if (candidate.seed.kind !== 'call' || candidate.isGuess) continue;
      for (const outcome of this.#explore(candidate).outcomes) {
        if (outcome.settlement !== 'returned' || outcome.isGuess || !outcome.shape) continue;
        shape ??= outcome.shape;
        returning.add(outcome.node);
        isAlternative ||= isAlternativeValue(candidate.site);
      }
    }
    const isAlways = findReturns(fn).every((node) => returning.has(node)) && !isAlternative;
    const fresh = shape && { shape, isAlways };
    this.#fresh.set(fn, fresh);
    return fresh;
  }

  #findInnerWrapperCalls(fn: FunctionNode): Candidate[] {
    const calls: CallLike[] = [];
    walk(fn.body, (node) => {
      if (isFunction(node)) return false;
      if (node.type === 'CallExpression') calls.push(node);
      return true;
    });
    return this.#findWrapperCalls(calls, this.#byRoot.get(fn) ?? []);
  }

  #explore(candidate: Candidate): Exploration {
    let exploration = this.#explored.get(candidate);
    if (!exploration) {
      const graph = getGraphs(this.#file).getGraph(candidate.root);
      exploration = explore(graph, candidate.seed, this.#kind, this.#file, this.#summarise);
      this.#explored.set(candidate, exploration);
    }
    return exploration;
  }

  readonly #summarise = (fn: FunctionNode, seed: Seed): Exploration | undefined => {
    let summaries = this.#summaries.get(fn);
    if (!summaries) this.#summaries.set(fn, (summaries = new Map<string, Exploration | undefined>()));
    const key = getSeedKey(seed);
    if (summaries.has(key)) return summaries.get(key);
    summaries.set(key, undefined);
    if (fn.generator || !fn.body) return undefined;
    const summary = explore(getGraphs(this.#file).getGraph(fn), seed, this.#kind, this.#file, this.#summarise);
    summaries.set(key, summary);
    return summary;
  };

  #isHarmlessHere(): boolean {
    return Boolean(this.#kind.isBrowserHarmless) && isBrowserCode(this.#file);
  }

  #toLeak(candidate: Candidate): Leak | undefined {
    const exploration = this.#explore(candidate);
    if (exploration.losses.length === 0) return undefined;
    const isHandedOver = exploration.outcomes.some(({ settlement }) => settlement === 'transferred' || settlement === 'returned');
    // Made for the caller: that a synchronous step of the making fails is seldom worth a word.
    const isReturned = exploration.outcomes.some(({ settlement }) => settlement === 'returned');
    const losses = exploration.losses.map((lost) =>
      isReturned && lost.exit === 'implicit-throw' && lost.node.type !== 'AwaitExpression' ? { ...lost, isGuess: true } : lost,
    );
    const exits = chooseLoss(losses);
    const loss = exits[0]!;
    // Nobody gives it back on any path: it may be meant to stay.
    const isMeantToEnd = loss.exit === 'throw' && exploration.outcomes.some((outcome) => outcome.settlement === 'released');
    const mayStay = this.#kind.isLongLived && !isMeantToEnd;
    return {
      kind: this.#kind,
      node: candidate.site,
      site: candidate.site,
      certainty: candidate.isGuess || loss.isGuess || mayStay || this.#isHarmlessHere() ? 'potential' : 'certain',
      path: describePath(candidate.site, loss, this.#file, this.#kind),
      exit: getExit(loss),
      loss,
      holder: findHolder(loss),
      exits,
      isHandedOver,
    };
  }
}

/** given ?? (await acquire()): what is returned may be another's. */
function isAlternativeValue(site: Node): boolean {
  for (let outer: Node | undefined = site.parent; outer && !/(?:Statement|Declaration|Declarator)$/.test(outer.type); outer = outer.parent) {
    if (outer.type === 'LogicalExpression' || outer.type === 'ConditionalExpression') return true;
    if (isFunction(outer)) return false;
  }
  return false;
}

/** The statements of a function that return something, null and undefined aside. */
function findReturns(fn: FunctionNode): Node[] {
  const returns: Node[] = [];
  if (fn.body.type !== 'BlockStatement') return returns;
  walk(fn.body, (node) => {
    if (isFunction(node)) return false;
    const value = node.type === 'ReturnStatement' && node.argument ? skipWrappers(node.argument) : undefined;
    const isNothing = value && ((value.type === 'Literal' && !value.value) || (value.type === 'Identifier' && value.name === 'undefined'));
    if (value && !isNothing) returns.push(node);
    return true;
  });
  return returns;
}

function getSeedKey(seed: Seed): string {
  switch (seed.kind) {
    case 'parameter':
      return `parameter ${seed.index} ${seed.shape.key}`;
    case 'captured':
      return `captured ${seed.variable.name}@${seed.variable.identifiers[0]?.range[0] ?? -1} ${seed.shape.key}`;
    default:
      return `call ${seed.site.range[0]}-${seed.site.range[1]} ${seed.kind}`;
  }
}

/** The last variable on the path that had the resource in it. */
function findHolder(loss: Loss): string | undefined {
  for (let step = (loss.inner ?? loss).last; ; step = step.previous!) {
    for (const [variable, shape] of step.state.holders) if (shape.kind !== 'promise') return variable.name;
    if (!step.previous) return loss.inner ? findHolder({ ...loss, inner: undefined }) : undefined;
  }
}
