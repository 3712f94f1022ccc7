import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Runs `fn` and returns the unhandled rejections and uncaught exceptions that came meanwhile, in the place of the runner. */
export async function unhandledIn(fn: () => unknown): Promise<unknown[]> {
  const seen: unknown[] = [];
  const note = (error: unknown) => void seen.push(error);
  const events = ['unhandledRejection', 'uncaughtException'] as const;
  const others = events.map((event) => process.listeners(event as 'uncaughtException'));
  for (const event of events) process.removeAllListeners(event).on(event, note);
  try {
    await fn();
    // Node reports a rejection when the microtasks have run; the second turn is for what the first set off.
    await setImmediate();
    await setImmediate();
  } finally {
    events.forEach((event, index) => {
      process.removeAllListeners(event);
      for (const listener of others[index] ?? []) process.on(event, listener as () => void);
    });
  }
  return seen;
}

export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

export function deferred<T = void>(): Deferred<T> {
  let settle!: Omit<Deferred<T>, 'promise'>;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle };
}

/** Runs `fn` and counts the timers it set that have neither fired nor been cleared. */
export async function timersLeftBy(fn: () => unknown): Promise<number> {
  const { setTimeout, clearTimeout } = globalThis;
  const pending = new Set<unknown>();
  globalThis.setTimeout = ((callback: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => {
    const timer = setTimeout(() => {
      pending.delete(timer);
      callback(...args);
    }, ms);
    pending.add(timer);
    return timer;
  }) as typeof setTimeout;
  globalThis.clearTimeout = ((timer?: NodeJS.Timeout) => {
    pending.delete(timer);
    clearTimeout(timer);
  }) as typeof clearTimeout;
  try {
    await fn();
    return pending.size;
  } finally {
    Object.assign(globalThis, { setTimeout, clearTimeout });
  }
}

/** Whether the promise has settled by the end of this turn of the event loop. */
export async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const note = () => {
    settled = true;
  };
  promise.then(note, note);
  await setImmediate();
  return settled;
}

/** Bytes in use after a collection. */
export function usedHeap(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}
