import type { Leak } from '../leak.js';

/** Watches for one kind of resource from its making on. */
export interface Probe {
  /** What is held now and was not before. */
  leaks(): Leak[];
  /** Like {@link leaks}, at the last look, when it may ask more thoroughly. */
  finalLeaks?(): Promise<Leak[]>;
  /** Takes back what was patched. */
  stop(): void;
}
