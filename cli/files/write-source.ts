import { access, constants, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import { replaceFile } from './replace-file.js';

/** Why a file was left as it is. */
export class WriteRefusedError extends Error {
  override readonly name = 'WriteRefusedError';
}

/**
 * Replaces the contents of a file in one step: a reader, or whoever comes after a crash, sees the old bytes or the new
 * ones. The file behind a symbolic link is written, and keeps its mode. Refuses a file that is read-only or no longer
 * holds the bytes that were read.
 */
export async function writeSource(path: string, before: Buffer, after: Buffer): Promise<void> {
  const target = await realpath(path);
  const { mode } = await stat(target);
  // A rename would replace a read-only file, and root may write to any: the mode says what its owner wants.
  const isWritable = (mode & 0o222) !== 0 && (await access(target, constants.W_OK).then(() => true, () => false));
  if (!isWritable) throw new WriteRefusedError('The file is read-only.');
  if (!(await readFile(target)).equals(before)) throw new WriteRefusedError('The file changed since it was read.');
  await replaceFile(target, after);
}

/** Makes a new file; refuses to replace one that came to be meanwhile. */
export async function createSource(path: string, data: Buffer): Promise<void> {
  await writeFile(path, data, { flag: 'wx' });
}
