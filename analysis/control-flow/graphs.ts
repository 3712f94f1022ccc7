import type { SourceFile } from '../source-file.js';
import { type CodeRoot, type FunctionNode, type Node, isFunction, skipWrappers } from '../syntax/node.js';
import { findMethod } from '../ownership/classes.js';
import { findLocalFunction } from '../ownership/values.js';
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
  readonly #returning = new Map<FunctionNode, boolean>();

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
    const callee = skipWrappers(call.callee);
    let fn: FunctionNode | undefined;
    if (isFunction(callee)) fn = callee;
    else if (callee.type === 'Identifier') fn = findLocalFunction(callee, this.#file);
    else if (callee.type === 'MemberExpression') fn = findMethod(callee);
    // Types are asked only where a call stands as a statement: elsewhere somebody counts on its value.
    if (!fn && call.parent.type === 'ExpressionStatement') return this.#file.types?.isNever(call) ?? false;
    // A call of an async or generator function returns in any case; what it is awaited for is another question.
    if (!fn || fn.generator || (fn.async && call.parent.type !== 'AwaitExpression')) return false;
    return !this.#canReturn(fn);
  }

  cannotThrow(call: Node): boolean {
    return cannotThrow(call, this.#file);
  }

  #canReturn(fn: FunctionNode): boolean {
    const known = this.#returning.get(fn);
    if (known !== undefined) return known;
    // While a recursive function is being looked at it counts as returning.
    this.#returning.set(fn, true);
    const { entry, exit } = this.getGraph(fn);
    const seen = new Set([entry]);
    for (const point of seen) for (const edge of point.edges) seen.add(edge.to);
    const canReturn = seen.has(exit);
    this.#returning.set(fn, canReturn);
    return canReturn;
  }
}

export type { FileGraphs };
