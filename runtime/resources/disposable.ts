import { cleanupFor } from './cleanup-for.js';
import { withDispose } from './with-dispose.js';

/** A file descriptor that `using` closes. */
export interface DisposableDescriptor extends Disposable {
  /** The descriptor; closed once this is disposed. */
  readonly fd: number;
}

/**
 * Makes a resource fit for `using`, whatever its way of being released.
 *
 * The release is chosen by shape: descriptors are closed, streams destroyed (what was not written yet is lost),
 * servers closed together with their connections, children killed, workers terminated, pooled clients given back,
 * and readline interfaces, watchers, directories and everything with a `close`, `end`, `destroy` or similar method
 * released by that. It runs once. When it turns out to be asynchronous it is started, not awaited; `await using` with
 * {@link asyncDisposable} waits for it.
 *
 * Gives the same object back with a hidden `Symbol.dispose`; a number comes back as `{ fd }`.
 *
 * `cleanup` is the release where the shape does not tell it.
 *
 * @throws TypeError when the shape tells no release and none is given
 *
 * @example
 * ```ts
 * using watcher = disposable(fs.watch(dir));
 * using file = disposable(fs.openSync(path));
 * fs.readSync(file.fd, buffer);
 * ```
 */
export function disposable(descriptor: number): DisposableDescriptor;
export function disposable<T extends object>(resource: T, cleanup?: (resource: T) => void): T & Disposable;
export function disposable(resource: number | object, cleanup?: (resource: object) => void): unknown {
  const target = typeof resource === 'number' ? { fd: resource } : resource;
  const release = cleanup === undefined ? cleanupFor(resource).now : () => cleanup(target);
  let isReleased = false;
  return withDispose(target, Symbol.dispose, () => {
    if (!isReleased) {
      isReleased = true;
      release();
    }
  });
}
