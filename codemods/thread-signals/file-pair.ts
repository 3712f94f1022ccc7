import { ts } from 'ts-morph';
import type { CallLike, FunctionNode, Node, SourceFile as AnalysedFile } from 'watertight-analysis';

/** One file in both of its trees: the one that the analysis reads and the one that TypeScript has types for. */
export class FilePair {
  readonly path: string;
  readonly #calls = new Map<string, CallLike>();
  #functions: Map<string, ts.FunctionLikeDeclaration> | undefined;

  constructor(
    readonly tree: ts.SourceFile,
    readonly file: AnalysedFile,
  ) {
    this.path = tree.fileName;
    for (const call of file.getCalls()) this.#calls.set(toKey(...call.range), call);
  }

  findCall(node: ts.Node): CallLike | undefined {
    return this.#calls.get(toKey(node.getStart(this.tree), node.end));
  }

  /** Both trees agree about where the body of a function stands. */
  findFunction(node: FunctionNode): ts.FunctionLikeDeclaration | undefined {
    this.#functions ??= new Map(getFunctions(this.tree).map((fn) => [getBodyKey(fn, this.tree), fn]));
    return this.#functions.get(toKey(...node.body.range));
  }

  find(node: Node): ts.Node | undefined {
    return findNodeAt(this.tree, node.range[0], node.range[1]);
  }
}

/** The innermost node that takes up exactly this part of the text. */
export function findNodeAt(tree: ts.SourceFile, start: number, end: number): ts.Node | undefined {
  let found: ts.Node | undefined;
  const visit = (node: ts.Node): void => {
    if (node.pos > start || node.end < end) return;
    if (node.getStart(tree) === start && node.end === end) found = node;
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** Every function of a file that has a body, in the order of the text. */
export function getFunctions(tree: ts.SourceFile): ts.FunctionLikeDeclaration[] {
  const functions: ts.FunctionLikeDeclaration[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body) functions.push(node);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return functions;
}

function getBodyKey(fn: ts.FunctionLikeDeclaration, tree: ts.SourceFile): string {
  let body: ts.Node = fn.body!;
  while (ts.isParenthesizedExpression(body)) body = body.expression;
  return toKey(body.getStart(tree), body.end);
}

function toKey(start: number, end: number): string {
  return `${start}:${end}`;
}
