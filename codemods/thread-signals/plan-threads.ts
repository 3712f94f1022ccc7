import { describeCall } from 'watertight-analysis';
import type { ts } from 'ts-morph';
import { applyEdits } from '../runner/apply-edits.js';
import type { Edit } from '../types.js';
import { getCallEdits } from './call-edits.js';
import { CallGraph, type GraphNode, type Place } from './call-graph.js';
import { type Chains, findChains, isPassedTo } from './chains.js';
import { getBagTypes, getParameterEdits } from './parameter-edits.js';
import { ProgramFiles } from './program-files.js';
import { TypeEdits } from './type-edits.js';
import type { Block, ThreadFacts, ThreadPlan, ThreadSite } from './types.js';
import type { Unit } from './units.js';

/** Makes plans for the same files again and again, each without what the proof of the one before has refused. */
export class ThreadPlanner {
  readonly #facts: ThreadFacts;
  readonly #files: ProgramFiles;
  readonly #graph: CallGraph;

  constructor(facts: ThreadFacts) {
    this.#facts = facts;
    this.#files = new ProgramFiles(facts);
    this.#graph = new CallGraph(facts, this.#files);
  }

  /** `blocked`: functions, by their keys, with which an earlier plan did not pass the proof. */
  plan(blocked: ReadonlyMap<string, Block>): ThreadPlan {
    this.#graph.setBlocked(blocked);
    return planThreads(this.#facts, this.#files, findChains(this.#graph));
  }
}

/**
 * Plans how signals get down, through functions of any file, to the calls that an abort ought to reach. Only functions
 * between one that has a signal and such a call are changed; all that belongs to one of them is changed with it.
 */
function planThreads(facts: ThreadFacts, files: ProgramFiles, { members, needs, otherNeeds, stops }: Chains): ThreadPlan {
  const edits = new EditSet();
  const property = facts.program.getCompilerOptions().exactOptionalPropertyTypes ? 'signal?: AbortSignal | undefined' : 'signal?: AbortSignal';
  const types = new TypeEdits(files, facts, property, (parameter) => otherNeeds.some(({ body }) => body === parameter.parent));
  const isIdle = getIdleTest(members, needs);
  for (const node of members.values()) {
    edits.add(getParameterEdits(node, node.way!, `{ ${property} }`, isIdle));
    if (node.way!.kind === 'extended') for (const type of getBagTypes(node, node.way!)) types.extend(type);
  }
  edits.add(types.edits);

  const takers = new Map([...members.keys()].flatMap(({ keys, name }) => keys.map((key) => [key, name] as const)));
  const givers = new Set<string>();
  for (const node of members.values()) {
    for (const place of node.callers) {
      if (!place.standing.hasSignal && !isPassedTo(place, members)) continue;
      const found = facts.findRefusal(place.pair.path) ? undefined : getCallEdits(place, node, members, files);
      if (found && found.length > 0) edits.addCall(place, found);
      if (place.body) givers.add(files.getKey(place.body));
    }
  }
  const sites = [...needs.map((place) => toSite(place, giveSignal(place, members, files, edits))), ...stops.map(({ place, block }) => toSite(place, block))];
  return { texts: edits.apply(files.own), sites: sites.sort(inOrder), takers, givers };
}

/** A body that has nobody to pass a signal to, and is only called through another declaration, does not take one. */
function getIdleTest(members: ReadonlyMap<Unit, GraphNode>, needs: readonly Place[]): (body: ts.Node) => boolean {
  const places = [...needs, ...[...members.values()].flatMap(({ callers }) => callers)];
  const busy = new Set<ts.Node | undefined>(places.flatMap(({ body, target }) => [body, target]));
  return (body) => !busy.has(body);
}

const NO_ROOM: Block = { reason: 'unsupported-shape', detail: 'there is no way to write a signal into this call' };

function giveSignal(place: Place, members: ReadonlyMap<Unit, GraphNode>, files: ProgramFiles, edits: EditSet): Block | undefined {
  const found = getCallEdits(place, undefined, members, files);
  if (!found || found.length === 0) return NO_ROOM;
  edits.addCall(place, found);
  return undefined;
}

function inOrder(a: ThreadSite, b: ThreadSite): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.start - b.start;
}

function toSite({ pair, call }: Place, block: Block | undefined): ThreadSite {
  const [start, end] = call.range;
  return { path: pair.path, start, end, call: describeCall(pair.file, call), block };
}

/** Edits of many files, of which no two touch the same call. */
class EditSet {
  readonly #byPath = new Map<string, Edit[]>();
  readonly #calls = new Set<unknown>();

  add(edits: readonly (readonly [string, Edit])[]): void {
    for (const [path, edit] of edits) {
      const known = this.#byPath.get(path);
      if (known) known.push(edit);
      else this.#byPath.set(path, [edit]);
    }
  }

  addCall({ call, pair }: Place, edits: readonly Edit[]): void {
    if (this.#calls.has(call)) return;
    this.#calls.add(call);
    this.add(edits.map((edit) => [pair.path, edit]));
  }

  apply(files: readonly ts.SourceFile[]): Map<string, string> {
    const texts = new Map<string, string>();
    for (const { fileName, text } of files) {
      const edits = this.#byPath.get(fileName);
      if (edits) texts.set(fileName, applyEdits(text, edits));
    }
    return texts;
  }
}
