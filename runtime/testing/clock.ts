import { performance } from 'node:perf_hooks';
import timers from 'node:timers';

/**
 * The clock as it was before a test could put a fake one in its place, which stands still: to look for leaks takes real time.
 * Taken from Node's modules, since a test runner may have its fake timers in the globals from the start.
 */
export const { clearTimeout, setImmediate, setTimeout } = timers;
/** Milliseconds since the process started. */
export const now = performance.now.bind(performance);
/** As the global function. */
export const queueMicrotask = globalThis.queueMicrotask.bind(globalThis);
