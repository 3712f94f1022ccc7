import { Fifo } from '../abort/fifo.js';
import { waitTurn } from '../abort/wait-turn.js';

/** How long to wait for a turn. */
export interface LockOptions {
  /** Ends the wait for the turn, with the reason of the signal. Once its turn has come the function runs to its end. */
  signal?: AbortSignal | null | undefined;
}

/**
 * Runs one function at a time per key; functions of different keys run side by side.
 *
 * Turns are taken in the order of the calls, a function that throws gives up its turn as any other, and a key is known
 * only while someone holds it or waits for it. Keys are compared as those of a `Map`. The lock belongs to one process.
 *
 * It is not reentrant: a function that awaits `run` for the key it holds waits for itself. A signal with a time limit
 * (`AbortSignal.timeout`) ends even that wait.
 */
export class KeyedLock<Key = string> {
  /** For each held key, those who wait for it. */
  readonly #held = new Map<Key, Fifo<() => void>>();

  /** The number of keys that are held. */
  get size(): number {
    return this.#held.size;
  }

  /** Whether a function of this key is running or about to. */
  isHeld(key: Key): boolean {
    return this.#held.has(key);
  }

  /** Settles as `fn` does. Rejects without calling it when `signal` aborts before its turn. */
  async run<T>(key: Key, fn: () => T | PromiseLike<T>, { signal }: LockOptions = {}): Promise<T> {
    const waiting = this.#held.get(key);
    if (waiting) await waitTurn(waiting, signal);
    else this.#held.set(key, new Fifo());
    try {
      // The abort may have come before the call, or between the turn being given and taken.
      signal?.throwIfAborted();
      return await fn();
    } finally {
      this.#passOn(key);
    }
  }

  /** Gives the key to the next in line, without a moment in which a newcomer could take it. */
  #passOn(key: Key): void {
    const next = this.#held.get(key)?.shift();
    if (next) next();
    else this.#held.delete(key);
  }
}
