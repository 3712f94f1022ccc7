import { checkTimeout } from './delay.js';
import { onAbort } from './on-abort.js';
import { timeoutError } from './timeout-error.js';

/** What ends the work besides its time limit, and how the end is told. */
export interface WithTimeoutOptions {
  /** Aborts the work before its time is up. */
  signal?: AbortSignal | null | undefined;
  /** Makes what the work is aborted and the promise rejected with when the time is up. Default: a `DOMException` named `TimeoutError`. */
  reason?: (() => unknown) | undefined;
}

/**
 * Runs `fn` with a signal that aborts when `ms` milliseconds are over or `options.signal` aborts, whichever is first.
 *
 * The promise settles as `fn` does, unless the signal aborts before: then it rejects at once, with a `DOMException` named
 * `TimeoutError` (the reason `AbortSignal.timeout` gives; `options.reason` makes another) or with the reason of `options.signal`. On every outcome the
 * timer is cleared and the listener removed. Work that ignores its signal goes on unseen, and what it then gives or
 * throws is dropped: pass the signal on to everything that takes one.
 *
 * The timer keeps the process alive while `fn` runs, so that the outcome is always seen.
 *
 * @param ms `Infinity` for no limit; a `RangeError` for negative, `NaN` or more than 2,147,483,647
 */
export async function withTimeout<T>(
  fn: (signal: AbortSignal) => T | PromiseLike<T>,
  ms: number,
  { signal: parent, reason = () => timeoutError(ms) }: WithTimeoutOptions = {},
): Promise<T> {
  checkTimeout(ms, 'The timeout');
  parent?.throwIfAborted();
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let link: Disposable | undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      const stop = (why: unknown) => {
        // Rejected first: what `fn` throws because of the abort is not the reason.
        reject(why);
        controller.abort(why);
      };
      if (ms !== Infinity) timer = setTimeout(() => stop(reason()), ms);
      link = onAbort(parent, stop);
      // `resolve` follows the promise of an async function, so a throw and a rejection both end here.
      run(fn, controller.signal).then(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
    link?.[Symbol.dispose]();
  }
}

async function run<T>(fn: (signal: AbortSignal) => T | PromiseLike<T>, signal: AbortSignal): Promise<T> {
  return await fn(signal);
}
