import { cleanupFor } from './cleanup-for.js';
import { withDispose } from './with-dispose.js';

/** A file descriptor that `await using` closes. */
export interface AsyncDisposableDescriptor extends AsyncDisposable {
  /** The descriptor; closed once this is disposed. */
  readonly fd: number;
}

/**
 * Makes a resource fit for `await using`, whatever its way of being released, and waits until it is released.
 *
 * Chosen by shape as in `disposable`, with these differences: a stream that is only written is ended and flushed
 * first; a server is awaited until its last connection is gone; a child process is awaited and gets SIGKILL when it
 * ignores SIGTERM for 5 seconds. The release runs once; disposing again gives the same promise. A release that fails
 * rejects, as the loss of what was written does.
 *
 * Gives the same object back with a hidden `Symbol.asyncDispose`; a number comes back as `{ fd }`.
 *
 * `cleanup` is the release where the shape does not tell it.
 *
 * @throws TypeError when the shape tells no release and none is given
 *
 * @example
 * ```ts
 * await using client = asyncDisposable(await pool.connect());
 * await client.query('select 1');
 * ```
 */
export function asyncDisposable(descriptor: number): AsyncDisposableDescriptor;
export function asyncDisposable<T extends object>(resource: T, cleanup?: (resource: T) => unknown): T & AsyncDisposable;
export function asyncDisposable(resource: number | object, cleanup?: (resource: object) => unknown): unknown {
  const target = typeof resource === 'number' ? { fd: resource } : resource;
  const release = cleanup === undefined ? cleanupFor(resource).wait : async () => void (await cleanup(target));
  let released: Promise<void> | undefined;
  return withDispose(target, Symbol.asyncDispose, () => (released ??= release()));
}
