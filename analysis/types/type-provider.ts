import type { Node } from '../syntax/node.js';

/**
 * The few questions that the analysis asks about types. Parser services answer them under ESLint; without an answer
 * (undefined) the analysis stays silent where it needed one. Ask last: each question may start the type checker.
 */
export interface TypeProvider {
  /**
   * The names of the type of an expression and of its base types and union members, an awaited promise already
   * unwrapped: `['Response', 'Body']`. Empty for types without a name; undefined where nothing is known (`any`).
   */
  getTypeNames(node: Node): readonly string[] | undefined;
  /** Whether the value, an awaited promise already unwrapped, has all of these members; undefined where nothing is known. */
  hasMembers(node: Node, names: readonly string[]): boolean | undefined;
  /** Whether the expression is a promise (a thenable). */
  isPromise(node: Node): boolean | undefined;
  /**
   * Whether a value has the well-known method `Symbol.dispose` or `Symbol.asyncDispose`, awaited promises unwrapped and
   * nullish members left out. Types of the platform that bring a method of their own (timers, streams, iterators) have
   * none for this purpose; what is typed as the platform's `Disposable` has.
   */
  getDisposal(node: Node): 'sync' | 'async' | undefined;
  /** Whether a call never returns (its type is `never`). */
  isNever(node: Node): boolean | undefined;
  /**
   * How the called function takes an abort signal, by its declared signature: the index of a parameter that is a
   * signal, or of an options parameter with a property that is one.
   */
  getSignalParameter(call: Node): { readonly index: number; readonly property?: string } | undefined;
  /** The property of a value's type that is an abort signal: `signal` of an options object. */
  getSignalProperty?(node: Node): string | undefined;
  /**
   * Where the function that a callee names is declared, through imports of any kind: a file with its source (no type
   * declarations), and the offset of the declared name in it.
   */
  getDeclaration?(callee: Node): { readonly path: string; readonly name: string; readonly offset: number } | undefined;
}
