import { withDispose } from '../resources/with-dispose.js';
import { releaseBody, type ReleaseBodyOptions } from './release-body.js';

/**
 * Makes a response disposable: `await using` then releases its body on every way out of the block, read or not.
 *
 * Takes every shape that {@link releaseBody} takes and gives the same object back, with a hidden
 * `Symbol.asyncDispose`; a frozen one comes back as a proxy. `null` and `undefined` pass through, as `await using`
 * allows both. A body that has been read to its end, or is still being read when the block ends, is left alone.
 *
 * @example
 * ```ts
 * await using res = managed(await fetch(url));
 * if (!res.ok) throw new Error(`${url} answered ${res.status}`); // the body is released here too
 * return await res.json();
 * ```
 */
export function managed<T extends object>(response: T, options?: ReleaseBodyOptions): T & AsyncDisposable;
export function managed<T extends object>(
  response: T | null | undefined,
  options?: ReleaseBodyOptions,
): (T & AsyncDisposable) | null | undefined;
export function managed(response: object | null | undefined, options?: ReleaseBodyOptions): unknown {
  if (response == null) {
    return response;
  }
  return withDispose(response, Symbol.asyncDispose, () => releaseBody(response, options));
}
