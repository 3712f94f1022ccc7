// Node fires a timer with a longer delay after 1 ms. https://nodejs.org/api/timers.html#settimeoutcallback-delay-args
const MAX_DELAY = 2 ** 31 - 1;

/** Returns `ms`, or throws a `RangeError` for what a timer would silently take for something else. */
export function checkDelay(ms: number, name: string): number {
  if (typeof ms === 'number' && ms >= 0 && ms <= MAX_DELAY) return ms;
  throw new RangeError(`${name} must be from 0 to ${MAX_DELAY} milliseconds, not ${String(ms)}`);
}

/** The same, and `Infinity` for no limit. */
export function checkTimeout(ms: number, name: string): number {
  return ms === Infinity ? ms : checkDelay(ms, name);
}
