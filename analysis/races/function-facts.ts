import type { Graph, Point, PointKind } from '../control-flow/graph.js';
import { getGraphs } from '../control-flow/graphs.js';
import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, isFunction, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import { type Accesses, type Read, type Write, collectAccesses } from './accesses.js';

/** What is worked out once per function: its accesses, and at which points of its graph they happen. */
export interface FunctionFacts {
  readonly fn: FunctionNode;
  readonly file: SourceFile;
  readonly accesses: Accesses;
  readonly graph: Graph;
  /** The writes that happen at a point. */
  getWrites(point: Point): readonly Write[];
  /** The reads that were made for a point, those of earlier points left out. */
  getReads(point: Point): readonly Read[];
  /** Every read inside a test, in source order. */
  getTestReads(test: Node): readonly Read[];
  /** All points of a node, one for each copy of a `finally`. */
  getPoints(node: Node): readonly Point[];
}

/** The kinds of point at which an access can happen, the one that comes first when a node has several. */
const ANCHORS: readonly PointKind[] = ['bind', 'call', 'branch', 'await', 'yield', 'return', 'throw', 'discard'];

const known = new WeakMap<FunctionNode, FunctionFacts>();

export function getFacts(fn: FunctionNode, file: SourceFile): FunctionFacts {
  let facts = known.get(fn);
  if (!facts) known.set(fn, (facts = new Facts(fn, file)));
  return facts;
}

/** By the node of the point at which something happens. */
type Anchored<Access> = Map<Node, { kind: PointKind; items: Access[] }>;

class Facts implements FunctionFacts {
  readonly fn: FunctionNode;
  readonly file: SourceFile;
  readonly accesses: Accesses;
  #graph: Graph | undefined;
  readonly #points = new Map<Node, Point[]>();
  #writes: Anchored<Write> | undefined;
  #reads: Anchored<Read> | undefined;

  constructor(fn: FunctionNode, file: SourceFile) {
    this.fn = fn;
    this.file = file;
    this.accesses = collectAccesses(fn, file);
  }

  /** Built at the first question: most functions turn out to have nothing to ask about. */
  get graph(): Graph {
    if (this.#graph) return this.#graph;
    this.#graph = getGraphs(this.file).getGraph(this.fn);
    for (const point of this.#graph.points) {
      if (!ANCHORS.includes(point.kind)) continue;
      const points = this.#points.get(point.node);
      if (points) points.push(point);
      else this.#points.set(point.node, [point]);
    }
    return this.#graph;
  }

  getWrites(point: Point): readonly Write[] {
    this.#writes ??= this.#anchor(this.accesses.writes);
    const anchored = this.#writes.get(point.node);
    return anchored?.kind === point.kind ? anchored.items : [];
  }

  getReads(point: Point): readonly Read[] {
    this.#reads ??= this.#anchor(this.accesses.reads);
    const anchored = this.#reads.get(point.node);
    return anchored?.kind === point.kind ? anchored.items : [];
  }

  getTestReads(test: Node): readonly Read[] {
    const [start, end] = test.range;
    return this.accesses.reads.filter(({ node }) => node.range[0] >= start && node.range[1] <= end);
  }

  getPoints(node: Node): readonly Point[] {
    void this.graph;
    return this.#points.get(node) ?? [];
  }

  #anchor<Access extends { readonly node: Node }>(accesses: readonly Access[]): Anchored<Access> {
    const anchored: Anchored<Access> = new Map();
    void this.graph;
    for (const access of accesses) {
      const place = this.#findAnchor(access.node);
      if (!place) continue;
      const there = anchored.get(place.node);
      if (there) there.items.push(access);
      else anchored.set(place.node, { kind: place.kind, items: [access] });
    }
    return anchored;
  }

  #findAnchor(access: Node): { node: Node; kind: PointKind } | undefined {
    for (let node: Node | undefined = access; node && node !== this.fn; node = node.parent) {
      const points = this.#points.get(skipWrappers(node)) ?? this.#points.get(node);
      if (!points) continue;
      const kind = ANCHORS.find((candidate) => points.some((point) => point.kind === candidate))!;
      return { node: points[0]!.node, kind };
    }
    return undefined;
  }
}

/** The first `await` inside `root` that is over only after `node` has been evaluated. */
export function findAwaitAfter(node: Node, root: Node, file: SourceFile): Node | undefined {
  let found: Node | undefined;
  walk(
    root,
    (inner) => {
      if (found || (inner !== root && isFunction(inner))) return false;
      if (inner.type === 'AwaitExpression' && inner.range[1] > node.range[1] && !isInUntakenOperand(inner, node, root)) found = inner;
      return true;
    },
    file.visitorKeys,
  );
  return found;
}

/** In `a ? read : await b` the one is not evaluated when the other is. */
function isInUntakenOperand(awaited: Node, read: Node, root: Node): boolean {
  for (let outer: Node | undefined = awaited; outer && outer !== root.parent; outer = outer.parent) {
    const parent: Node | undefined = outer.parent;
    if (parent?.type !== 'ConditionalExpression') continue;
    const other = parent.consequent === outer ? parent.alternate : parent.alternate === outer ? parent.consequent : undefined;
    if (other && read.range[0] >= other.range[0] && read.range[1] <= other.range[1]) return true;
  }
  return false;
}
