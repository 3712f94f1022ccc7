import { LeakError, type Leak } from './leak.js';
import { trackResources, type TrackOptions } from './track-resources.js';

/** What is watched, for how long, and after how many runs. */
export interface ExpectNoLeaksOptions extends TrackOptions {
  /**
   * How often to run the function before the run that counts, for code that opens something once and keeps it, as
   * caches, pools and lazily loaded modules do.
   * @defaultValue 0
   */
  warmUp?: number | undefined;
}

/**
 * Runs a function and fails when something that was acquired meanwhile is not released in the end; see `trackResources` for what is watched.
 *
 * Works in any test runner: it throws. To test a path that fails, let the function expect the failure.
 *
 * @returns what the function returns
 * @throws LeakError naming each leak and where it was acquired; when the function failed as well, its error is the `cause`
 * @throws what the function throws, when nothing leaked
 *
 * @example
 * ```ts
 * test('a refused download leaves nothing open', async () => {
 *   await expectNoLeaks(async () => {
 *     await assert.rejects(download(`${server.url}/500`));
 *   });
 * });
 * ```
 */
export async function expectNoLeaks<T>(fn: () => T | PromiseLike<T>, options: ExpectNoLeaksOptions = {}): Promise<T> {
  for (let i = 0; i < (options.warmUp ?? 0); i++) {
    await fn();
  }
  // Not `using`: the realms that some runners make for tests have no `Symbol.dispose` on Node 20.
  const tracker = trackResources(options);
  let result: { value: T } | undefined;
  let failure: { error: unknown } | undefined;
  let leaks: Leak[];
  try {
    try {
      result = { value: await fn() };
    } catch (error) {
      failure = { error };
    }
    leaks = await tracker.leaks();
  } finally {
    tracker.stop();
  }
  if (leaks.length > 0) {
    throw new LeakError(leaks, failure);
  }
  if (result === undefined) {
    throw failure?.error;
  }
  return result.value;
}
