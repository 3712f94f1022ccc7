import type { ts } from 'ts-morph';
import { type CallInNeed, type CallLike, type CallStanding, findCallInNeed, getCallStanding } from 'watertight-analysis';
import type { FilePair } from './file-pair.js';
import type { ProgramFiles } from './program-files.js';
import { findReferences } from './references.js';
import { type SignalWay, findSignalWay, getParameters, takesParameter } from './signal-way.js';
import type { Block, ThreadFacts } from './types.js';
import { type Unit, Units } from './units.js';

/** A call inside a function that lacks a signal, or has one to give. */
export interface Place {
  readonly pair: FilePair;
  readonly call: CallLike;
  readonly standing: CallStanding;
  readonly need: CallInNeed;
  /** The function that the call is a part of; undefined where nothing calls that one by a name. */
  readonly unit: Unit | undefined;
  /** The body of that function. */
  readonly body: ts.FunctionLikeDeclaration | undefined;
  /** The declaration of what is called, by the type of the call. */
  readonly target?: ts.Node | undefined;
}

/** A function on the way of a signal, or in it. */
export interface GraphNode {
  readonly unit: Unit;
  readonly way: SignalWay | undefined;
  readonly block: Block | undefined;
  /** The calls of the function that could hand a signal down. */
  readonly callers: readonly Place[];
  /** The index of the argument that brings the signal. */
  readonly index: number;
}

/** Whether a body of a function on the way is one of those that take the signal; one with fewer parameters is not. */
export function canPass({ way }: GraphNode, body: ts.FunctionLikeDeclaration): boolean {
  return way !== undefined && takesParameter(body, way);
}

/** Who calls whom, as far as a signal could go that way. Worked out from below, at the first question. */
export class CallGraph {
  readonly #facts: ThreadFacts;
  readonly #files: ProgramFiles;
  readonly #units: Units;
  /** What holds whatever plan has failed before. */
  readonly #bases = new Map<Unit, GraphNode>();
  readonly #nodes = new Map<Unit, GraphNode>();
  #blocked: ReadonlyMap<string, Block> = new Map();
  #needs: readonly Place[] | undefined;

  constructor(facts: ThreadFacts, files: ProgramFiles) {
    this.#facts = facts;
    this.#files = files;
    this.#units = new Units(files);
  }

  /** The calls of the whole project that an abort ought to reach and that stand in a function without a signal. */
  findNeeds(): readonly Place[] {
    this.#needs ??= this.#files.own.flatMap((tree) => (this.#isLeftOut(tree) ? [] : this.#findNeedsIn(tree)));
    return this.#needs;
  }

  /** `blocked`: functions, by their keys, that an earlier plan changed and that did not pass the proof. */
  setBlocked(blocked: ReadonlyMap<string, Block>): void {
    this.#blocked = blocked;
    this.#nodes.clear();
  }

  /** Declaration files show no calls, and tests end soon. */
  #isLeftOut(tree: ts.SourceFile): boolean {
    return this.#facts.isTest(tree.fileName);
  }

  #findNeedsIn(tree: ts.SourceFile): Place[] {
    const pair = this.#files.getPair(tree);
    return (pair?.file.getCalls() ?? []).flatMap((call) => {
      const standing = getCallStanding(pair!.file, call);
      const need = standing && !standing.hasSignal ? findCallInNeed(pair!.file, call, standing) : undefined;
      if (!need || need.given.state !== 'missing') return [];
      const body = pair!.findFunction(standing!.owner);
      const unit = body && this.#units.get(body);
      return unit ? [{ pair: pair!, call, standing: standing!, need, unit, body }] : [];
    });
  }

  getNode(unit: Unit): GraphNode {
    let node = this.#nodes.get(unit);
    if (!node) this.#nodes.set(unit, (node = this.#createNode(unit)));
    return node;
  }

  #createNode(unit: Unit): GraphNode {
    let base = this.#bases.get(unit);
    if (!base) this.#bases.set(unit, (base = this.#createBase(unit)));
    const failed = unit.keys.map((key) => this.#blocked.get(key)).find((each) => each !== undefined);
    const callers = base.callers.filter(({ standing, body }) => !(standing.hasSignal && body && this.#blocked.has(this.#files.getKey(body))));
    return { ...base, callers, ...(failed ? { block: failed, way: undefined } : {}) };
  }

  #createBase(unit: Unit): GraphNode {
    const found = findSignalWay(unit, this.#files);
    const way = 'kind' in found ? found : undefined;
    const index = way?.index ?? Math.max(...unit.signatures.map((signature) => getParameters(signature).length));
    const { calls, block: handedOver } = findReferences(unit, way?.kind === 'extended' ? index + 1 : index, this.#files);
    const block = ('kind' in found ? undefined : found) ?? this.#findRefusal(unit) ?? handedOver;
    const callers = calls.flatMap((call) => this.#findCaller(call, index, way) ?? []);
    return { unit, way: block ? undefined : way, block, callers, index };
  }

  #findRefusal({ signatures }: Unit): Block | undefined {
    for (const signature of signatures) {
      const refusal = this.#facts.findRefusal(signature.getSourceFile().fileName);
      if (refusal) return refusal;
    }
    return undefined;
  }

  #findCaller(node: ts.CallExpression, index: number, way: SignalWay | undefined): Place | undefined {
    const tree = node.getSourceFile();
    const pair = this.#facts.isTest(tree.fileName) ? undefined : this.#files.getPair(tree);
    const call = pair?.findCall(node);
    const standing = call && getCallStanding(pair!.file, call);
    if (!standing || (standing.hasSignal && standing.signal === undefined) || call.arguments.some((argument) => argument.type === 'SpreadElement')) return undefined;
    const need = findCallInNeed(pair!.file, call, standing, { form: 'option', index, property: 'signal' });
    // What brings a signal along in another argument has its own way for it.
    if (!need || (need.bringsAlong && !(way?.kind === 'extended' && call.arguments[index]))) return undefined;
    const body = pair!.findFunction(standing.owner);
    const target = this.#files.checker.getResolvedSignature(node)?.getDeclaration();
    const place = { pair: pair!, call, standing, need, body, target };
    if (standing.hasSignal) return { ...place, unit: undefined };
    const unit = body && this.#units.get(body);
    return unit && { ...place, unit };
  }
}
