import type { Node } from './syntax/node.js';

/** *Certain*: every step of the path is known. *Potential*: some step is a guess, an implicit exception for instance. */
export type Certainty = 'certain' | 'potential';

export type StepKind = 'acquire' | 'branch' | 'call' | 'await' | 'alias' | 'throw' | 'exit' | 'note';

/** One step of a witness path, in execution order. Positions are those of ESTree: lines from 1, columns from 0. */
export interface PathStep {
  readonly kind: StepKind;
  readonly node: Node;
  /** One clause without a full stop: "`res.ok` is false". */
  readonly text: string;
}

export interface FindingExit {
  readonly kind: 'return' | 'throw' | 'implicit-throw' | 'end' | 'next-iteration' | 'leave-block' | 'overwrite' | 'discard' | 'abandon' | 'field';
  readonly node: Node;
}

/** What every rule reports: a place, how sure it is, and the path that shows it. Codemods get it as their facts. */
export interface Finding {
  /** The construct that is at fault: the acquisition of a leaked resource, the declaration that shadows, … */
  readonly node: Node;
  readonly certainty: Certainty;
  /** From the cause to the effect; the first step stands on `node`. Rules without a path give the one step. */
  readonly path: readonly PathStep[];
  readonly exit?: FindingExit | undefined;
}
