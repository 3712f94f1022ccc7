/** What a timer holds. */
export interface TimerOptions {
  /** Let the process end although the timer is still running. @defaultValue false */
  unref?: boolean;
}

/**
 * Calls a function again and again, every `ms` milliseconds, until disposed. Like `setInterval`, calls do not wait
 * for one another: a promise that the function returns is not awaited.
 *
 * @example
 * ```ts
 * using _heartbeat = every(5_000, () => socket.ping());
 * await finished(socket);
 * ```
 */
export function every(ms: number, fn: () => void, options: TimerOptions = {}): Disposable {
  const timer = setInterval(fn, ms);
  if (options.unref === true) {
    // Browsers give a number, and have no process to keep.
    timer.unref?.();
  }
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
