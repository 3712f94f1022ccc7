import { type CallGraph, type GraphNode, type Place, canPass } from './call-graph.js';
import type { Block } from './types.js';
import type { Unit } from './units.js';

export interface Chains {
  /** The functions between one that has a signal and a call that needs it, which are to take one. */
  readonly members: ReadonlyMap<Unit, GraphNode>;
  /** The calls at their lower ends. */
  readonly needs: readonly Place[];
  /** Calls that lack a signal in functions that get none. */
  readonly otherNeeds: readonly Place[];
  /** Calls, in functions that have or could get a signal, of one that would have to hand it on and must stay as it is. */
  readonly stops: readonly { readonly place: Place; readonly block: Block }[];
}

/** The chains from functions that have a signal down to the calls that lack one. */
export function findChains(graph: CallGraph): Chains {
  const needs = graph.findNeeds();
  // What only leads to a need by way of a function that must stay as it is has no use for a signal.
  const members = collectBelow(collectAbove(graph, needs, ({ block }) => block === undefined));
  const above = collectAbove(graph, needs, () => true);
  const passable = collectBelow(above);
  return {
    members,
    needs: needs.filter((place) => isPassedTo(place, members)),
    otherNeeds: needs.filter((place) => !isPassedTo(place, members)),
    stops: [...above.values()].flatMap(({ block, callers }) => (block ? callers.filter((place) => place.standing.hasSignal || isPassedTo(place, passable)).map((place) => ({ place, block })) : [])),
  };
}

/** Every function from which a need can be reached by calls of functions that may pass a signal on. */
function collectAbove(graph: CallGraph, needs: readonly Place[], mayPass: (node: GraphNode) => boolean): Map<Unit, GraphNode> {
  const above = new Map<Unit, GraphNode>();
  const open = [...new Set(needs.map(({ unit }) => unit!))];
  for (let unit = open.pop(); unit; unit = open.pop()) {
    const node = above.has(unit) ? undefined : graph.getNode(unit);
    if (!node || !mayPass(node)) continue;
    above.set(unit, node);
    for (const caller of node.callers) if (caller.unit) open.push(caller.unit);
  }
  return above;
}

/** Those of the functions that a signal gets to, by way of functions that may pass it on. */
function collectBelow(above: ReadonlyMap<Unit, GraphNode>): Map<Unit, GraphNode> {
  const members = new Map<Unit, GraphNode>();
  for (let size = -1; size !== members.size; ) {
    size = members.size;
    for (const [unit, node] of above) {
      if (members.has(unit) || node.block) continue;
      if (node.callers.some((caller) => caller.standing.hasSignal || isPassedTo(caller, members))) members.set(unit, node);
    }
  }
  return members;
}

/** Whether the function around a place is one that gets a signal. */
export function isPassedTo({ unit, body }: Pick<Place, 'unit' | 'body'>, members: ReadonlyMap<Unit, GraphNode>): boolean {
  const node = unit && members.get(unit);
  return node !== undefined && body !== undefined && canPass(node, body);
}
