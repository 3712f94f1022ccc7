import { checkDelay } from './delay.js';
import { onAbort } from './on-abort.js';

/** What ends a wait early, and what it holds. */
export interface SleepOptions {
  /** Ends the wait; the promise rejects with the reason of the signal. */
  signal?: AbortSignal | null | undefined;
  /** Whether the wait keeps the process alive. Default `true`. */
  ref?: boolean;
}

/**
 * Resolves after `ms` milliseconds. Whatever the outcome, neither a timer nor a listener is left.
 *
 * Unlike `setTimeout` of `node:timers/promises` it rejects with `signal.reason` itself, and refuses a delay that a timer
 * would turn into 1 ms (`RangeError`: negative, `NaN`, more than 2,147,483,647).
 */
export async function sleep(ms: number, { signal, ref = true }: SleepOptions = {}): Promise<void> {
  checkDelay(ms, 'The time to sleep');
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      link[Symbol.dispose]();
      resolve();
    }, ms);
    if (!ref) timer.unref?.();
    const link = onAbort(signal, (reason) => {
      clearTimeout(timer);
      // The reason is the caller's own value, passed on untouched.
      reject(reason);
    });
  });
}
