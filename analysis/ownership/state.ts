import type { Variable } from '../scopes/scope.js';
import type { Node } from '../syntax/node.js';
import { type Shape, isHolding } from './shape.js';

export type Phase =
  /** Not acquired yet on this path. */
  | 'before'
  | 'held'
  /** Given back, handed over, or never acquired after all: nothing is owed on this path any more. */
  | 'done';

export type Settlement = 'released' | 'transferred' | 'returned' | 'unacquired';

/** A value that a variable or property is known to have on this path: its truth, or that it is nullish. */
export type Fact = 'truthy' | 'falsy' | 'nullish';

/** What is known at one point of one path about one obligation. Immutable: every change makes a copy. */
export class State {
  constructor(
    readonly phase: Phase,
    readonly holders: ReadonlyMap<Variable, Shape>,
    /** Values of expressions that are being evaluated and stand in no variable. */
    readonly temporaries: ReadonlyMap<Node, Shape>,
    readonly facts: ReadonlyMap<string, Fact>,
    /** Some step of the path is not known to be possible: an exception that a call may or may not throw. */
    readonly isGuess: boolean,
    /** The exception that is on its way was thrown by a `throw` that the path has passed. */
    readonly isExplicitThrow: boolean,
    /** An exception that nothing in the text announces has been taken before. */
    readonly hasFailed: boolean,
    readonly settlement?: Settlement,
    readonly returned?: Shape,
  ) {}

  static readonly initial = new State('before', new Map(), new Map(), new Map(), false, false, false);

  get isHeldByNobody(): boolean {
    if (this.phase !== 'held') return false;
    for (const shape of this.holders.values()) if (isHolding(shape)) return false;
    for (const shape of this.temporaries.values()) if (isHolding(shape)) return false;
    return true;
  }

  with(changes: Partial<Pick<State, 'phase' | 'holders' | 'temporaries' | 'facts' | 'isGuess' | 'isExplicitThrow' | 'hasFailed'>>): State {
    return new State(
      changes.phase ?? this.phase,
      changes.holders ?? this.holders,
      changes.temporaries ?? this.temporaries,
      changes.facts ?? this.facts,
      changes.isGuess ?? this.isGuess,
      changes.isExplicitThrow ?? this.isExplicitThrow,
      changes.hasFailed ?? this.hasFailed,
      this.settlement,
      this.returned,
    );
  }

  settle(settlement: Settlement, returned?: Shape): State {
    return new State('done', EMPTY, EMPTY, this.facts, this.isGuess, this.isExplicitThrow, this.hasFailed, settlement, returned);
  }

  hold(variable: Variable, shape: Shape): State {
    return this.with({ holders: new Map(this.holders).set(variable, shape) });
  }

  dropHolder(variable: Variable): State {
    if (!this.holders.has(variable)) return this;
    const holders = new Map(this.holders);
    holders.delete(variable);
    return this.with({ holders });
  }

  putTemporary(node: Node, shape: Shape): State {
    return this.with({ temporaries: new Map(this.temporaries).set(node, shape) });
  }

  /** Drops the values that were made inside `node`. */
  dropTemporaries(node: Node): State {
    if (this.temporaries.size === 0) return this;
    const temporaries = new Map(this.temporaries);
    for (const made of temporaries.keys()) {
      if (made.range[0] >= node.range[0] && made.range[1] <= node.range[1]) temporaries.delete(made);
    }
    return temporaries.size === this.temporaries.size ? this : this.with({ temporaries });
  }

  /** A text that is the same for states from which the same can follow. */
  getKey(): string {
    const holders = [...this.holders].map(([variable, shape]) => `${variable.name}@${variable.identifiers[0]?.range[0] ?? 0}:${shape.key}`).sort();
    const temporaries = [...this.temporaries].map(([node, shape]) => `${node.range[0]}-${node.range[1]}:${shape.key}`).sort();
    const facts = [...this.facts].map(([name, fact]) => `${name}=${fact}`).sort();
    const flags = `${this.phase}${this.isGuess ? '?' : ''}${this.isExplicitThrow ? '!' : ''}${this.hasFailed ? 'x' : ''}${this.settlement ?? ''}${this.returned?.key ?? ''}`;
    return [flags, holders.join(), temporaries.join(), facts.join()].join('|');
  }
}

/** Empty maps of every type are the same map. */
const EMPTY: ReadonlyMap<never, never> = new Map<never, never>();
