import type { TimerOptions } from './every.js';

/**
 * Calls a function once, after `ms` milliseconds, unless disposed before.
 *
 * @example
 * ```ts
 * using _warning = after(10_000, () => log.warn('still waiting for the lock'));
 * await lock.acquire();
 * ```
 */
export function after(ms: number, fn: () => void, options: TimerOptions = {}): Disposable {
  const timer = setTimeout(fn, ms);
  if (options.unref === true) {
    // Browsers give a number, and have no process to keep.
    timer.unref?.();
  }
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}
