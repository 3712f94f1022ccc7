/**
 * Helpers for tests that prove that nothing is left open and that nothing races, in any test runner.
 *
 * @module watertight-runtime/testing
 */
export { expectNoLeaks } from './expect-no-leaks.js';
export { LeakError } from './leak.js';
export { stress, StressError } from './stress.js';
export { trackResources } from './track-resources.js';
export type { ExpectNoLeaksOptions } from './expect-no-leaks.js';
export type { Leak, LeakKind } from './leak.js';
export type { StressContext, StressOptions, StressResult } from './stress.js';
export type { ResourceTracker, TrackOptions } from './track-resources.js';
