import type { SourceFile } from '../source-file.js';
import type { CodeRoot, FunctionNode, Node } from '../syntax/node.js';
import { findCalledFunction } from '../ownership/called-function.js';
import { type CallOracle, buildGraph } from './build-graph.js';
import { cannotThrow, endsProcess } from './call-facts.js';
import type { Graph } from './graph.js';

const graphs = new WeakMap<SourceFile, FileGraphs>();

/** The graphs of one file, each built at the first question and shared by all rules. */
export function getGraphs(file: SourceFile): FileGraphs {
  let known = graphs.get(file);
  if (!known) graphs.set(file, (known = new FileGraphs(file)));
  return known;
}

class FileGraphs implements CallOracle {
  readonly #file: SourceFile;
  readonly #built = new Map<CodeRoot, Graph>();
  readonly #ways = new Map<FunctionNode, { readonly exit: boolean; readonly throwExit: boolean }>();

  constructor(file: SourceFile) {
    this.#file = file;
  }

  getGraph(root: CodeRoot): Graph {
    let graph = this.#built.get(root);
    if (!graph) this.#built.set(root, (graph = buildGraph(root, this.#file, this)));
    return graph;
  }

  isNever(call: Node): boolean {
    if (call.type !== 'CallExpression') return false;
    if (endsProcess(call, this.#file)) return true;
    const fn = findCalledFunction(call.callee, this.#file);
    // Types are asked only where a call stands as a statement: elsewhere somebody counts on its value.
    if (!fn && call.parent.type === 'ExpressionStatement') return this.#file.types?.isNever(call) ?? false;
    // A call of an async or generator function returns in any case; what it is awaited for is another question.
    if (!fn || fn.generator || (fn.async && call.parent.type !== 'AwaitExpression')) return false;
    return !this.#canReach(fn, 'exit');
  }

  cannotThrow(call: Node): boolean {
    if (cannotThrow(call, this.#file)) return true;
    const fn = call.type === 'CallExpression' ? findCalledFunction(call.callee, this.#file) : undefined;
    return fn !== undefined && !fn.generator && !this.#canReach(fn, 'throwExit');
  }

  #canReach(fn: FunctionNode, way: 'exit' | 'throwExit'): boolean {
    const known = this.#ways.get(fn);
    if (known) return known[way];
    // While a recursive function is being looked at it counts as going every way.
    this.#ways.set(fn, { exit: true, throwExit: true });
    const { entry, exit, throwExit } = this.getGraph(fn);
    const seen = new Set([entry]);
    for (const point of seen) for (const edge of point.edges) seen.add(edge.to);
    const ways = { exit: seen.has(exit), throwExit: seen.has(throwExit) };
    this.#ways.set(fn, ways);
    return ways[way];
  }
}

export type { FileGraphs };
