import type { Point } from '../control-flow/graph.js';
import type { Variable } from '../scopes/scope.js';
import type { Node } from '../syntax/node.js';
import type { Derivation } from './derives.js';
import type { LateWrite } from './explore-place.js';

/** A read of a place, and the points since then at which control was given up. */
export interface Use {
  readonly read: Node;
  readonly awaits: readonly Node[];
}

export interface Check extends Use {
  readonly test: Point;
}

/** What a local variable has of the place. */
export interface Derived extends Use {
  readonly how: Derivation;
  /** It came out of a store outside: changing it changes nothing there until it is written back. */
  readonly isCopy?: boolean | undefined;
}

/** What is known of one place on one path. */
export interface State {
  /** The last test of the place. */
  readonly check?: Check | undefined;
  /** The last read of it. */
  readonly use?: Use | undefined;
  readonly derived: ReadonlyMap<Variable, Derived>;
  /** Writes that are under way. */
  readonly late: readonly LateWrite[];
  /** The path itself has put something there, which is its own to take away. */
  readonly isOwner: boolean;
}

/** The same text for states from which the same can follow. */
export function getKey({ check, use, derived, late, isOwner }: State): string {
  const text = (item: Use | undefined) => (item ? `${item.read.range[0]}${item.awaits.length > 0 ? `~${item.awaits[0]!.range[0]}` : ''}` : '');
  return [
    check ? `${text(check)}@${check.test.id}` : '',
    text(use),
    [...derived].map(([variable, item]) => `${variable.name}${item.how[0]}${text(item)}`).join(','),
    late.map((item) => item.call.range[0]).join(','),
    isOwner ? 'own' : '',
  ].join('|');
}
