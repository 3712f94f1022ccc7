import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';

/**
 * Writes a file beside the target, waits until the disk has it, and renames it over the target, whose mode and owner it
 * takes. When anything fails, a full disk included, the target stays as it was and nothing is left beside it; a target
 * that is not there is made. The mode is that of `open` then.
 */
export async function replaceFile(target: string, data: Uint8Array): Promise<void> {
  const old = await stat(target).catch(() => undefined);
  // No name that a search for sources, or the same file in another run, comes upon.
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  const file = await open(temporary, 'wx', old ? 0o600 : 0o666);
  try {
    try {
      // Goes on after a short write, which is what a disk that fills up answers with first.
      await file.writeFile(data);
      if (old) await takeOver(file, old);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function takeOver(file: FileHandle, { uid, gid, mode }: { uid: number; gid: number; mode: number }): Promise<void> {
  const own = await file.stat();
  // Only root may give a file away; who may not keeps it, as with any editor.
  if (own.uid !== uid || own.gid !== gid) await file.chown(uid, gid).catch(() => undefined);
  await file.chmod(mode & 0o7777);
}
