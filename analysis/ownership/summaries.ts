import { getGraphs } from '../control-flow/graphs.js';
import { mayAcquireItself } from '../modules/clues.js';
import type { ResourceKind } from '../resources/resource-kind.js';
import type { SourceFile } from '../source-file.js';
import { type CallLike, type CodeRoot, type FunctionNode, type Node, type TSESTree, getPropertyName, isFunction, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import { isCalled, isHarmlessCall } from './acquisitions.js';
import { findCalledFunction } from './called-function.js';
import { type Candidate, createCallCandidate, findCandidates } from './candidates.js';
import type { Exploration, ImportedFunction, Seed, Summaries } from './exploration.js';
import { explore } from './explore.js';
import { ImportedFunctions } from './imported-functions.js';
import { type Shape, awaited, listOf } from './shape.js';

/** What a function hands to its caller. */
export interface Fresh {
  readonly shape: Shape;
  /** Whether every value that it returns is one that it acquired; else a caller may be given somebody else's. */
  readonly isAlways: boolean;
  /** A call elsewhere in the program may have it given back at the end of the process. */
  readonly isBackedUp: boolean;
  /** What acquires it in there. */
  readonly site: Node;
}

const known = new WeakMap<SourceFile, Map<string, { readonly kind: ResourceKind; readonly summaries: FileSummaries }>>();

/** The summaries of a file that another one imports, kept for as long as it and the files that it imports stay the same. */
function getImportedSummaries(file: SourceFile, kind: ResourceKind, distance: number): FileSummaries {
  let ofFile = known.get(file);
  if (!ofFile) known.set(file, (ofFile = new Map<string, { readonly kind: ResourceKind; readonly summaries: FileSummaries }>()));
  const key = `${kind.id} ${distance}`;
  const cached = ofFile.get(key);
  if (cached?.kind === kind && cached.summaries.isUpToDate()) return cached.summaries;
  const summaries = new FileSummaries(file, kind, distance);
  ofFile.set(key, { kind, summaries });
  return summaries;
}

/** What the functions of one file do with one kind of resource, each worked out at the first question. */
export class FileSummaries implements Summaries {
  readonly #file: SourceFile;
  readonly #kind: ResourceKind;
  readonly #distance: number;
  readonly #imported: ImportedFunctions;
  readonly #importedSummaries = new Map<SourceFile, FileSummaries>();
  readonly #summaries = new Map<FunctionNode, Map<string, Exploration | undefined>>();
  readonly #fresh = new Map<FunctionNode, Fresh | undefined>();
  readonly #explored = new Map<Candidate, Exploration>();
  #acquired: readonly Candidate[] | undefined;
  readonly #byRoot = new Map<CodeRoot, Candidate[]>();

  /** `distance` is how many imports away the file is from the one that is linted. */
  constructor(file: SourceFile, kind: ResourceKind, distance: number) {
    this.#file = file;
    this.#kind = kind;
    this.#distance = distance;
    this.#imported = new ImportedFunctions(file, kind, distance);
  }

  /** Whether what was concluded still holds: no other file that was read for it has changed. */
  isUpToDate(): boolean {
    return this.#imported.isUpToDate() && [...this.#importedSummaries.values()].every((summaries) => summaries.isUpToDate());
  }

  /** Every place of the file where an obligation may begin: by the catalogue, and where a function returns what it has acquired. */
  findAll(): readonly Candidate[] {
    const acquired = this.#findAcquired();
    if (acquired.length === 0 && !this.#imported.mayAcquire()) return acquired;
    return [...acquired, ...this.#findWrapperCalls(this.#file.getCalls(), acquired)];
  }

  explore(candidate: Candidate): Exploration {
    let exploration = this.#explored.get(candidate);
    if (!exploration) {
      const graph = getGraphs(this.#file).getGraph(candidate.root);
      exploration = explore(graph, candidate.seed, this.#kind, this.#file, this);
      this.#explored.set(candidate, exploration);
    }
    return exploration;
  }

  summarise(fn: FunctionNode, seed: Seed): Exploration | undefined {
    let summaries = this.#summaries.get(fn);
    if (!summaries) this.#summaries.set(fn, (summaries = new Map<string, Exploration | undefined>()));
    const key = getSeedKey(seed);
    if (summaries.has(key)) return summaries.get(key);
    summaries.set(key, undefined);
    if (fn.generator || !fn.body) return undefined;
    const summary = explore(getGraphs(this.#file).getGraph(fn), seed, this.#kind, this.#file, this);
    summaries.set(key, summary);
    return summary;
  }

  findImported(callee: Node): ImportedFunction | undefined {
    const place = this.#imported.find(callee);
    return place && { fn: place.fn, summaries: this.#getSummaries(place.file) };
  }

  /** What a function of the file returns where it returns a resource that it acquired itself. */
  getFresh(fn: FunctionNode): Fresh | undefined {
    if (this.#fresh.has(fn)) return this.#fresh.get(fn);
    this.#fresh.set(fn, undefined);
    this.#findAcquired();
    let shape: Shape | undefined;
    const returning = new Set<Node>();
    let isAlways = true;
    let isBackedUp = false;
    let site: Node | undefined;
    for (const candidate of [...(this.#byRoot.get(fn) ?? []), ...this.#findWrapperCalls(this.#file.getCallsIn(fn), this.#byRoot.get(fn) ?? [])]) {
      if (candidate.seed.kind !== 'call' || candidate.seed.isRejection || candidate.isGuess) continue;
      const { outcomes } = this.explore(candidate);
      const returned = outcomes.filter((outcome) => outcome.settlement === 'returned' && !outcome.isGuess && outcome.shape);
      if (returned.length === 0) continue;
      shape ??= returned[0]!.shape;
      site ??= candidate.site;
      isBackedUp ||= Boolean(candidate.isBackedUp);
      for (const outcome of returned) returning.add(outcome.node);
      // Kept by somebody on another way through: the same `return` may give what is not the caller's alone.
      isAlways &&= !isAlternativeValue(candidate.site) && !outcomes.some((outcome) => outcome.settlement === 'transferred' && outcome.completion === 'return');
    }
    isAlways &&= shape !== undefined && findReturns(fn).every((node) => returning.has(node));
    // A text made of a path need not be a path, and need not be the caller's.
    if (this.#kind.textPart !== undefined && shape) isAlways &&= isWhole(shape);
    const fresh = shape && { shape, isAlways, isBackedUp, site: site! };
    this.#fresh.set(fn, fresh);
    return fresh;
  }

  /** Whether this file makes the call that has everything given back at the end. */
  #isBackedUpHere(): boolean {
    return this.#kind.acquisitions.some(({ backedUpBy }) => backedUpBy && isCalled(backedUpBy, this.#file));
  }

  #findAcquired(): readonly Candidate[] {
    if (this.#acquired) return this.#acquired;
    const hasTrigger = this.#kind.isAnyDisposable ? this.#file.types !== undefined : mayAcquireItself(this.#file, this.#kind);
    this.#acquired = hasTrigger ? this.#file.getCalls().flatMap((call) => findCandidates(call, this.#kind, this.#file)) : [];
    for (const candidate of this.#acquired) {
      const known = this.#byRoot.get(candidate.root);
      if (known) known.push(candidate);
      else this.#byRoot.set(candidate.root, [candidate]);
    }
    return this.#acquired;
  }

  /** Calls of functions that return what they have acquired: the caller owes it then. */
  #findWrapperCalls(calls: readonly CallLike[], candidates: readonly Candidate[]): Candidate[] {
    const sites = new Set(candidates.map((candidate) => candidate.site));
    return calls.flatMap((call) => {
      if (sites.has(call) || call.type !== 'CallExpression' || isOnlyLookedAt(call)) return [];
      if (isHarmlessCall(call, this.#kind, this.#file)) return [];
      const mapped = this.#kind.isFollowedInLists ? this.#findMapped(call) : undefined;
      if (mapped) return [{ ...createCallCandidate(call, listOf(mapped.shape), !mapped.isAlways, this.#file), node: mapped.site }];
      const fresh = this.#findFresh(call.callee);
      return fresh && !(fresh.isBackedUp && this.#isBackedUpHere()) ? [createCallCandidate(call, fresh.shape, !fresh.isAlways, this.#file, fresh.isBackedUp)] : [];
    });
  }

  /** urls.map((url) => fetch(url)), Array.from(urls, (url) => fetch(url)): what is made of each element. */
  #findMapped(call: TSESTree.CallExpression): Fresh | undefined {
    const [first, second] = call.arguments;
    const callee = skipWrappers(call.callee);
    const isMap = callee.type === 'MemberExpression' && getPropertyName(callee) === 'map' && call.arguments.length === 1;
    const made = isMap ? first : this.#file.getOrigin(callee) === 'global:Array.from' ? second : undefined;
    const fn = made && findCalledFunction(made, this.#file);
    return fn && this.getFresh(fn);
  }

  /** What the function that is called returns, in this file or another. */
  #findFresh(callee: Node): Fresh | undefined {
    const fn = findCalledFunction(callee, this.#file);
    if (fn) return this.getFresh(fn);
    const place = this.#imported.findAcquiring(callee);
    return place && this.#getSummaries(place.file).getFresh(place.fn);
  }

  #getSummaries(file: SourceFile): FileSummaries {
    let summaries = this.#importedSummaries.get(file);
    if (!summaries) this.#importedSummaries.set(file, (summaries = getImportedSummaries(file, this.#kind, this.#distance + 1)));
    return summaries;
  }
}

function isWhole(shape: Shape): boolean {
  const value = awaited(shape);
  return value.kind === 'container' ? [...value.entries.values()].some(isWhole) : value.kind === 'resource';
}

/** if (await isThere(path)), `${getName()}`: nobody asks a resource for its truth or its text alone. */
function isOnlyLookedAt(call: CallLike): boolean {
  const outer = outermostWrapper(call);
  const value = outer.parent?.type === 'AwaitExpression' ? outermostWrapper(outer.parent) : outer;
  const { parent } = value;
  switch (parent?.type) {
    case 'UnaryExpression':
    case 'BinaryExpression':
    case 'TemplateLiteral':
    case 'SwitchStatement':
      return parent.type !== 'UnaryExpression' || parent.operator !== 'void';
    case 'IfStatement':
    case 'WhileStatement':
    case 'DoWhileStatement':
    case 'ConditionalExpression':
      return parent.test === value;
    default:
      return false;
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
