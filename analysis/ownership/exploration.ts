import type { Edge, Graph, Point } from '../control-flow/graph.js';
import type { Variable } from '../scopes/scope.js';
import type { CodeRoot, FunctionNode, Node } from '../syntax/node.js';
import type { Settlement, State } from './state.js';
import type { Shape } from './shape.js';

/** How the obligation comes into the function that is explored. */
export type Seed =
  /** A call in the function acquires it, or gives a promise that is rejected with it. */
  | { readonly kind: 'call'; readonly site: Node; readonly shape: Shape; readonly linked?: ReadonlySet<Variable>; readonly isRejection?: boolean }
  /**
   * From this call on a variable holds it: the original of what the call copies, or the path of what it creates. The
   * variable may stand for a text (`file + '.tmp'`) that names the resource wherever it is written again.
   */
  | { readonly kind: 'original'; readonly site: Node; readonly variable: Variable }
  /** A parameter brings it: of a callback, or of a function whose summary is wanted. */
  | { readonly kind: 'parameter'; readonly index: number; readonly shape: Shape; readonly errorIndex?: number | undefined; readonly linked?: ReadonlySet<Variable> | undefined }
  /** A variable of an outer function that the function captures has it. */
  | { readonly kind: 'captured'; readonly variable: Variable; readonly shape: Shape };

/** One step of an explored path. */
export interface Step {
  readonly point: Point;
  readonly state: State;
  readonly previous: Step | undefined;
  /** The edge by which `point` was left for the next step is found there; this is the one by which it was reached. */
  readonly edge: Edge | undefined;
  /** The `return`, `throw`, `break`, `continue` or throwing call that control is on its way from. */
  readonly cause: Step | undefined;
  /** Of a call whose callback or callee loses the resource: how it goes on inside. */
  readonly inner?: Loss;
}

/** A path on which nobody is left who could give the resource back. */
export interface Loss {
  readonly exit: 'return' | 'throw' | 'implicit-throw' | 'end' | 'next-iteration' | 'leave-block' | 'overwrite' | 'discard' | 'abandon' | 'field';
  /** The node that loses it. */
  readonly node: Node;
  readonly isGuess: boolean;
  readonly last: Step;
  /** The loss inside a callee or callback. */
  readonly inner?: Loss | undefined;
}

/** What becomes of an obligation that came in from outside, on one way through the function. */
export interface Outcome {
  readonly completion: 'return' | 'throw';
  readonly settlement: Settlement | 'held';
  readonly shape?: Shape | undefined;
  readonly isGuess: boolean;
  /** An exception was thrown on the way, caught or not. */
  readonly isFailing: boolean;
  /** What settled it: the statement, call or exit. */
  readonly node: Node;
}

export interface Exploration {
  readonly root: CodeRoot;
  readonly graph: Graph;
  readonly losses: readonly Loss[];
  readonly outcomes: readonly Outcome[];
  /** The function was too large to follow every path; nothing may be concluded from what was not found. */
  readonly hasGivenUp: boolean;
}

/** What the functions around an obligation do with it. */
export interface Summaries {
  /** What a function of the same file does with one obligation it is given; undefined while that is being worked out (recursion). */
  summarise(fn: FunctionNode, seed: Seed): Exploration | undefined;
  /** The function of another file that a callee is; undefined where it is not known. */
  findImported(callee: Node): ImportedFunction | undefined;
}

export interface ImportedFunction {
  readonly fn: FunctionNode;
  /** Those of the file in which it stands. */
  readonly summaries: Pick<Summaries, 'summarise'>;
}

/** Whether it comes with the error by which the promise of a call is rejected. */
export function isRejection(seed: Seed): seed is Seed & { kind: 'call' } {
  return seed.kind === 'call' && seed.isRejection === true;
}
