import { type Edge, type Graph, type Point, getGraphs, isFunction } from 'watertight-analysis';
import { parseSource } from './parse-source.js';

/**
 * Draws the graph of the first function of a snippet, or of the module with `root: 'module'`. One line a point, in the
 * order of a walk along first edges: number, kind, source, then where it goes, with the kind of each edge that is not
 * `next`. Joins are left out; `exit`, `throws` and `abandoned` are the ends. Calls of `t`, `a`, `b`, `c` do not throw
 * in the picture unless `throws` is set, so that the pictures of other constructs stay small.
 */
export function drawGraph(source: string, options: { root?: 'module'; throws?: boolean } = {}): string {
  const file = parseSource(source);
  const statement = file.ast.body.find((node) => isFunction(node));
  const graph = getGraphs(file).getGraph(options.root === 'module' ? file.ast : (statement as never));
  return new Drawing(graph, source, options.throws ?? false).draw();
}

class Drawing {
  readonly #graph: Graph;
  readonly #source: string;
  readonly #hasThrows: boolean;
  readonly #numbers = new Map<Point, number>();

  constructor(graph: Graph, source: string, hasThrows: boolean) {
    this.#graph = graph;
    this.#source = source;
    this.#hasThrows = hasThrows;
  }

  draw(): string {
    const order: Point[] = [];
    const visit = (point: Point): void => {
      if (this.#numbers.has(point) || this.#getEnd(point)) return;
      this.#numbers.set(point, order.length);
      order.push(point);
      for (const { to } of this.#getEdges(point)) visit(to);
    };
    visit(this.#graph.entry);
    return order.map((point) => this.#drawPoint(point)).join('\n');
  }

  #drawPoint(point: Point): string {
    const text = point.kind === 'entry' ? '' : ` ${this.#getText(point)}`;
    const edges = this.#getEdges(point).map(({ kind, to }) => `${kind === 'next' ? '' : `${kind} `}${this.#getEnd(to) ?? this.#numbers.get(to)}`);
    return `${this.#numbers.get(point)} ${point.kind}${text} -> ${edges.join(', ') || 'nothing'}`;
  }

  #getText({ node, kind, variables }: Point): string {
    if (kind === 'leave') return (variables ?? []).map(({ name }) => name).join(' ');
    return this.#source.slice(...node.range).replace(/\s+/g, ' ');
  }

  #getEdges(point: Point): Edge[] {
    return point.edges.filter(({ kind }) => this.#hasThrows || kind !== 'throw' || point.kind !== 'call').map(({ kind, to }) => ({ kind, to: this.#skipJoins(to) }));
  }

  #skipJoins(point: Point): Point {
    let target = point;
    while (target.kind === 'join' && target.edges[0]) target = target.edges[0].to;
    return target;
  }

  #getEnd(point: Point): string | undefined {
    if (point === this.#graph.exit) return 'exit';
    if (point === this.#graph.throwExit) return 'throws';
    return point === this.#graph.abandonExit ? 'abandoned' : undefined;
  }
}
