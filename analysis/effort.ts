import type { Node } from './syntax/node.js';

/** A place that was not followed to the end, so that nothing may be concluded from what was not found there. */
export interface Gap {
  /** Of the file in which it stands, which may be one that the linted file imports. */
  readonly filename: string | undefined;
  readonly line: number;
}

/** How much work one rule may put into one file. */
export interface Effort {
  /** Units of work, of which a look at a node or a name is one. */
  left: number;
  readonly gaps: Gap[];
}

/** Thrown where the work that was allowed is done; whoever called `withEffort` says so instead of the answer. */
export class EffortSpentError extends Error {
  override readonly name = 'EffortSpentError';

  constructor() {
    super('The work that is allowed for one file is done.');
  }
}

let current: Effort | undefined;

/** Runs work that may cost `effort.left` units in all. Throws an `EffortSpentError` when they do not suffice. */
export function withEffort<Result>(effort: Effort, work: () => Result): Result {
  const outer = current;
  current = effort;
  try {
    return work();
  } finally {
    current = outer;
  }
}

/** Counts work. Every loop whose length depends on more than the size of the file calls it, if only through the questions it asks. */
export function spend(units = 1): void {
  if (current !== undefined && (current.left -= units) < 0) throw new EffortSpentError();
}

/** Tells that a function was too large to follow every path in it. */
export function noteGap(node: Node, filename: string | undefined): void {
  const { line } = node.loc.start;
  if (current && !current.gaps.some((gap) => gap.line === line && gap.filename === filename)) current.gaps.push({ filename, line });
}
