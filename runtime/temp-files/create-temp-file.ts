import { closeSync, fchmodSync, openSync, writeFileSync } from 'node:fs';
import { open, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { checkNamePart, discardRoot, makeRoot } from './create-temp-dir.js';
import { TempPath, tempPathPromise, type TempPathPromise } from './temp-path.js';

/** What a file holds, where it is made and how it is called. */
export interface TempFileSyncOptions {
  /** Written and closed before the path is given out. @defaultValue an empty file */
  content?: string | Uint8Array | undefined;
  /** Start of the file's name. @defaultValue 'file-' */
  prefix?: string | undefined;
  /** End of the file's name, such as `.json`. @defaultValue '' */
  suffix?: string | undefined;
  /** Permissions, whatever the umask is. @defaultValue 0o600, for the owner alone */
  mode?: number | undefined;
  /** An existing directory to create it in. @defaultValue `os.tmpdir()` */
  dir?: string | undefined;
}

/** As for `createTempFileSync`, and content that comes bit by bit. */
export interface TempFileOptions extends Omit<TempFileSyncOptions, 'content'> {
  /** Written and closed before the path is given out; a stream is read to its end. @defaultValue an empty file */
  content?: string | Uint8Array | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array> | undefined;
}

/**
 * Creates a file that only this user can read, for secrets and other content that must not stay behind.
 *
 * The file has mode 0600 from its first moment and lies in a fresh directory of mode 0700, so nobody else can have
 * put something in its place. Its content is complete and closed before the path is known. It is removed when
 * disposed, when the process exits, and when SIGTERM, SIGINT or SIGHUP ends it, which keep their effect. Not on SIGKILL.
 * When the content cannot be written nothing is left behind.
 *
 * @example
 * ```ts
 * await using key = await createTempFile({ content: json, suffix: '.json' }).exposeInEnv('GOOGLE_APPLICATION_CREDENTIALS');
 * await runGcloud(); // afterwards the variable is what it was before, and then the file is gone
 * ```
 */
export function createTempFile(options: TempFileOptions = {}): TempPathPromise {
  return tempPathPromise(createOwnedTempFile(options, () => {}));
}

/** {@link createTempFile}, at once, for `using`. */
export function createTempFileSync(options: TempFileSyncOptions = {}): TempPath {
  return createOwnedTempFileSync(options, () => {});
}

export async function createOwnedTempFile(options: TempFileOptions, onRemoved: (path: TempPath) => void): Promise<TempPath> {
  const { root, path, mode } = place(options);
  try {
    const file = await open(path, 'wx', mode);
    await filled(file, mode, options.content);
    return new TempPath(path, root, onRemoved);
  } catch (error) {
    discardRoot(root);
    throw error;
  }
}

export function createOwnedTempFileSync(options: TempFileSyncOptions, onRemoved: (path: TempPath) => void): TempPath {
  const { root, path, mode } = place(options);
  try {
    const descriptor = openSync(path, 'wx', mode);
    try {
      fchmodSync(descriptor, mode);
      writeFileSync(descriptor, options.content ?? '');
    } finally {
      closeSync(descriptor);
    }
    return new TempPath(path, root, onRemoved);
  } catch (error) {
    discardRoot(root);
    throw error;
  }
}

function place(options: Omit<TempFileSyncOptions, 'content'>): { root: string; path: string; mode: number } {
  const { prefix = 'file-', suffix = '', mode = 0o600 } = options;
  checkNamePart('prefix', prefix);
  checkNamePart('suffix', suffix);
  const root = makeRoot('tmp-', options.dir);
  // The random end of the directory's name, so that the file's own name is unique too.
  return { root, path: join(root, `${prefix}${root.slice(-6)}${suffix}`), mode };
}

async function filled(file: FileHandle, mode: number, content: TempFileOptions['content']): Promise<void> {
  try {
    // The umask may have taken bits from the mode given to `open`.
    await file.chmod(mode);
    if (content !== undefined) {
      await writeFile(file, content);
    }
  } finally {
    await file.close();
  }
}
