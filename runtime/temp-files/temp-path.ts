import { rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { exposeInEnv } from './expose-in-env.js';
import { forget } from './temp-registry.js';

const REMOVAL = { recursive: true, force: true, maxRetries: 3, retryDelay: 50 } as const;

/** A temporary file or directory: at its path until it is disposed, or the process ends. */
export class TempPath implements AsyncDisposable, Disposable {
  /** Absolute path. */
  readonly path: string;
  /** What is removed: the fresh directory around a file, or the directory itself. */
  readonly #root: string;
  readonly #exposures: Disposable[] = [];
  readonly #onRemoved: (path: TempPath) => void;
  #removal: Promise<void> | undefined;
  #isRemoved = false;

  constructor(path: string, root: string, onRemoved: (path: TempPath) => void) {
    this.path = path;
    this.#root = root;
    this.#onRemoved = onRemoved;
  }

  /** Whether it has been removed by one of the methods here. */
  get isRemoved(): boolean {
    return this.#isRemoved;
  }

  /**
   * Puts the path into an environment variable, for child processes and libraries that look for it there. The
   * variable gets its earlier value back, or is unset, before the file is removed.
   * @throws Error when the path has been removed
   */
  exposeInEnv(name: string): this {
    if (this.#isRemoved || this.#removal !== undefined) {
      throw new Error(`${this.path} has been removed and cannot be exposed as ${name}.`);
    }
    this.#exposures.push(exposeInEnv(name, this.path));
    return this;
  }

  /**
   * Removes it with everything in it; it is no error when it is gone already. Calling it again gives the same
   * promise, unless the removal failed: then it is tried again, at the latest when the process exits.
   */
  remove(): Promise<void> {
    return (this.#removal ??= this.#removeAsync());
  }

  /** Like {@link remove}, at once. */
  removeSync(): void {
    if (this.#isRemoved) {
      return;
    }
    this.#hide();
    rmSync(this.#root, REMOVAL);
    this.#settle();
  }

  /** The path, so that the object can stand in a template or a command line. */
  toString(): string {
    return this.path;
  }

  /** As `remove`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.remove();
  }

  /** As `removeSync`. */
  [Symbol.dispose](): void {
    this.removeSync();
  }

  async #removeAsync(): Promise<void> {
    try {
      this.#hide();
      if (!this.#isRemoved) {
        await rm(this.#root, REMOVAL);
        this.#settle();
      }
    } catch (error) {
      this.#removal = undefined;
      throw error;
    }
  }

  /** Nobody is to find a path in the environment that is about to vanish. */
  #hide(): void {
    for (const exposure of this.#exposures.splice(0).reverse()) {
      exposure[Symbol.dispose]();
    }
  }

  #settle(): void {
    if (!this.#isRemoved) {
      this.#isRemoved = true;
      forget(this.#root);
      this.#onRemoved(this);
    }
  }
}

/** A promise of a temporary path whose environment variable can be named at once. */
export interface TempPathPromise extends Promise<TempPath> {
  /** As on the path itself; when that fails the path is removed again and the promise rejects. */
  exposeInEnv(name: string): TempPathPromise;
}

export function tempPathPromise(promise: Promise<TempPath>): TempPathPromise {
  return Object.assign(promise, {
    exposeInEnv: (name: string) =>
      tempPathPromise(
        promise.then(async (path) => {
          try {
            return path.exposeInEnv(name);
          } catch (error) {
            await path.remove().catch(() => undefined);
            throw error;
          }
        }),
      ),
  });
}
