import type { CodeRoot, Node } from '../syntax/node.js';
import type { Variable } from '../scopes/scope.js';

/**
 * What happens at a point of the graph. Operands have been evaluated before: a `call` point comes after the points of
 * its arguments.
 */
export type PointKind =
  | 'entry'
  /** The function has completed without throwing, `finally` blocks included. */
  | 'exit'
  /** An exception leaves the function. */
  | 'throw-exit'
  /** A generator is given up at a `yield` and never resumed. */
  | 'abandon-exit'
  /** A call, `new`, tagged template or `import()` that is about to run. */
  | 'call'
  | 'await'
  | 'yield'
  /** `node` is a declarator, an assignment, a `for…of` head, a parameter or a catch clause: its target gets a value. */
  | 'bind'
  /** A function or class expression is evaluated, so that a closure exists. */
  | 'closure'
  /** The value of `node`, a whole expression, is used for nothing further. */
  | 'discard'
  | 'return'
  | 'throw'
  /** A `break` or `continue`. */
  | 'jump'
  | 'branch'
  /** Control leaves the scope of `variables`; with `isDisposing`, `using` variables are disposed. */
  | 'leave'
  | 'join';

export type EdgeKind = 'next' | 'true' | 'false' | 'nullish' | 'present' | 'throw' | 'abandon';

export interface Edge {
  readonly kind: EdgeKind;
  readonly to: Point;
}

export interface Point {
  readonly id: number;
  readonly kind: PointKind;
  readonly node: Node;
  readonly edges: Edge[];
  /** Of a `branch` in a `switch`: the value that `node` (the case's test) is compared with. */
  readonly discriminant?: Node;
  /** Of a `leave`. */
  readonly variables?: readonly Variable[];
  readonly isDisposing?: boolean;
  /** Of a `join` at the head of a loop: reaching it again starts the next iteration. */
  readonly isLoopHead?: boolean;
}

/** The control-flow graph of one function, module body or static block. */
export interface Graph {
  readonly root: CodeRoot;
  readonly entry: Point;
  readonly exit: Point;
  readonly throwExit: Point;
  readonly abandonExit: Point;
  readonly points: readonly Point[];
}
