import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { replaceFile } from '../files/replace-file.js';
import { UsageError, getErrorMessage } from '../errors.js';
import type { LeftOver } from './count-left.js';

/** What one run of `status` found. */
export interface StatusRun extends LeftOver {
  /** ISO 8601, UTC. */
  readonly at: string;
}

interface StatusFile {
  readonly version: 1;
  /** By what was looked at: other paths, presets and rules have numbers of their own. */
  readonly runs: Readonly<Record<string, StatusRun>>;
}

const EMPTY: StatusFile = { version: 1, runs: {} };

/** The runs that are kept in a file; none where there is no such file. */
export async function readStatusFile(path: string): Promise<StatusFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return EMPTY;
  }
  try {
    const file = JSON.parse(text) as StatusFile;
    if ((file.version as number) !== EMPTY.version) throw new Error(`it is of version ${String(file.version)}`);
    return file;
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${getErrorMessage(error)}`, 'Remove it; the next run writes it anew.', { cause: error });
  }
}

export async function writeStatusFile(path: string, { runs }: StatusFile, scope: string, run: StatusRun): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await replaceFile(path, Buffer.from(`${JSON.stringify({ version: EMPTY.version, runs: { ...runs, [scope]: run } }, undefined, 2)}\n`));
}
