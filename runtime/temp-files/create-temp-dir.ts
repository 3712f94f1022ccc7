import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { TempPath, tempPathPromise, type TempPathPromise } from './temp-path.js';
import { createNoted, forget } from './temp-registry.js';

/** Where a directory is made, how it is called, and who may enter it. */
export interface TempDirOptions {
  /** Start of the name. @defaultValue 'tmp-' */
  prefix?: string | undefined;
  /** Permissions. @defaultValue 0o700, for the owner alone */
  mode?: number | undefined;
  /** An existing directory to create it in. @defaultValue `os.tmpdir()` */
  dir?: string | undefined;
}

/**
 * Creates a directory that only this user can enter, under a name nobody can foresee, and removes it with everything
 * in it when disposed, when the process exits, and when SIGTERM, SIGINT or SIGHUP ends it. Not on SIGKILL.
 *
 * The signals keep their effect: without another listener the process still ends by them.
 *
 * @example
 * ```ts
 * await using dir = await createTempDir({ prefix: 'export-' });
 * await writeReport(join(dir.path, 'report.csv'));
 * ```
 */
export function createTempDir(options: TempDirOptions = {}): TempPathPromise {
  // Made synchronously, so that no signal can come between the making and the noting.
  return tempPathPromise(new Promise((done) => done(createTempDirSync(options))));
}

/** {@link createTempDir}, at once, for `using`. */
export function createTempDirSync(options: TempDirOptions = {}): TempPath {
  return createOwnedTempDir(options, () => {});
}

export function createOwnedTempDir(options: TempDirOptions, onRemoved: (path: TempPath) => void): TempPath {
  const root = makeRoot(options.prefix ?? 'tmp-', options.dir);
  try {
    if (options.mode !== undefined && options.mode !== 0o700) {
      chmodSync(root, options.mode);
    }
  } catch (error) {
    discardRoot(root);
    throw error;
  }
  return new TempPath(root, root, onRemoved);
}

/** A fresh directory of mode 0700, which `mkdtemp` guarantees, noted for removal. */
export function makeRoot(prefix: string, dir: string | undefined): string {
  checkNamePart('prefix', prefix);
  return createNoted(() => mkdtempSync(join(resolve(dir ?? tmpdir()), prefix)));
}

/** Takes back a root whose contents could not be made. The error on its way matters more than one from here. */
export function discardRoot(root: string): void {
  try {
    rmSync(root, { recursive: true, force: true });
    forget(root);
  } catch {
    // Stays noted, so the exit of the process tries again.
  }
}

/** Part of a file name, and no way out of the directory. */
export function checkNamePart(option: string, value: string): void {
  if (value.includes('\0') || value.includes('\\') || (value !== '' && basename(value) !== value) || value === '..') {
    throw new TypeError(`${option} must be part of a file name, got ${JSON.stringify(value)}.`);
  }
}
