import { createOwnedTempDir, type TempDirOptions } from './create-temp-dir.js';
import { createOwnedTempFile, createOwnedTempFileSync, type TempFileOptions, type TempFileSyncOptions } from './create-temp-file.js';
import { tempPathPromise, type TempPath, type TempPathPromise } from './temp-path.js';

/** Where everything is made. */
export interface SecureTempFilesOptions {
  /** An existing directory to create everything in. @defaultValue `os.tmpdir()` */
  dir?: string | undefined;
}

/**
 * Keeps many temporary files and directories together and removes them all at once.
 *
 * Each is made as by `createTempFile` and `createTempDir`, and can also be removed by itself. Disposing removes all
 * and refuses new ones; `cleanup()` removes all and goes on.
 *
 * @example
 * ```ts
 * await using files = new SecureTempFiles();
 * const key = await files.createFile({ content: privateKey, suffix: '.pem' });
 * const dir = await files.createDir();
 * ```
 */
export class SecureTempFiles implements AsyncDisposable, Disposable {
  readonly #dir: string | undefined;
  readonly #paths = new Set<TempPath>();
  readonly #pending = new Set<Promise<TempPath>>();
  #isClosed = false;

  constructor(options: SecureTempFilesOptions = {}) {
    this.#dir = options.dir;
  }

  /** How many files and directories exist; those still being written are not counted. */
  get count(): number {
    return this.#paths.size;
  }

  /** As {@link createTempFile}. */
  createFile(options: TempFileOptions = {}): TempPathPromise {
    return tempPathPromise(this.#createFile(options));
  }

  /** As {@link createTempFileSync}. */
  createFileSync(options: TempFileSyncOptions = {}): TempPath {
    this.#assertOpen();
    return this.#adopt(createOwnedTempFileSync({ dir: this.#dir, ...options }, this.#onRemoved));
  }

  /** As {@link createTempDir}. */
  createDir(options: TempDirOptions = {}): TempPathPromise {
    return tempPathPromise(new Promise((done) => done(this.createDirSync(options))));
  }

  /** As {@link createTempDirSync}. */
  createDirSync(options: TempDirOptions = {}): TempPath {
    this.#assertOpen();
    return this.#adopt(createOwnedTempDir({ dir: this.#dir, ...options }, this.#onRemoved));
  }

  /**
   * Removes everything, last made first, also what is still being written when it is called.
   * @throws AggregateError with every removal that failed; the others were made all the same, and these are tried
   * again at the next cleanup and when the process exits
   */
  async cleanup(): Promise<void> {
    await Promise.allSettled([...this.#pending]);
    const errors: unknown[] = [];
    for (const path of [...this.#paths].reverse()) {
      await path.remove().catch((error: unknown) => errors.push(error));
    }
    throwAll(errors);
  }

  /** Like {@link cleanup}, at once; what is still being written is removed as soon as it is complete. */
  cleanupSync(): void {
    this.#removeWhenComplete();
    const errors: unknown[] = [];
    for (const path of [...this.#paths].reverse()) {
      try {
        path.removeSync();
      } catch (error) {
        errors.push(error);
      }
    }
    throwAll(errors);
  }

  /** Removes everything, and creates nothing from now on. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.cleanup();
  }

  /** Like the asynchronous form, without giving way to others meanwhile. */
  [Symbol.dispose](): void {
    this.#isClosed = true;
    this.cleanupSync();
  }

  readonly #onRemoved = (path: TempPath): void => {
    this.#paths.delete(path);
  };

  async #createFile(options: TempFileOptions): Promise<TempPath> {
    this.#assertOpen();
    const creating = createOwnedTempFile({ dir: this.#dir, ...options }, this.#onRemoved).then((path) => this.#adopt(path));
    this.#pending.add(creating);
    try {
      return await creating;
    } finally {
      this.#pending.delete(creating);
    }
  }

  #adopt(path: TempPath): TempPath {
    this.#paths.add(path);
    return path;
  }

  #removeWhenComplete(): void {
    for (const creating of this.#pending) {
      // What cannot be removed stays noted, and goes when the process exits.
      creating.then((path) => path.remove()).catch(() => undefined);
    }
  }

  #assertOpen(): void {
    if (this.#isClosed) {
      throw new Error('These temporary files have been disposed; no more can be made.');
    }
  }
}

function throwAll(errors: unknown[]): void {
  if (errors.length > 0) {
    const what = errors.length === 1 ? 'A temporary file' : `${errors.length} temporary files`;
    throw new AggregateError(errors, `${what} could not be removed: ${errors.map(String).join('; ')}`);
  }
}
