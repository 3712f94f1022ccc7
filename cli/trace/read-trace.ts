import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Frame, parseFrames } from './parse-frames.js';

/** Something that was acquired at a place and not released when its process ended. */
export interface HeldResource {
  /** As in `Leak` of `watertight-runtime/testing`. */
  readonly kind: string;
  readonly description: string;
  readonly count: number;
  /** Innermost first. */
  readonly frames: readonly Frame[];
}

export interface RunTrace {
  readonly held: readonly HeldResource[];
  /** How many processes and threads wrote a record. */
  readonly processes: number;
  /** How many of them were killed, so that only what they held a moment before is known. */
  readonly killed: number;
}

interface Head {
  readonly version: number;
  readonly isFinal: boolean;
}

interface Line {
  readonly kind: string;
  readonly description: string;
  readonly count: number;
  readonly acquiredAt: string;
}

/** What the processes of a run wrote into a directory; see `watertight-runtime/testing/preload`. */
export async function readTrace(directory: string): Promise<RunTrace> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.jsonl')).sort();
  const held: HeldResource[] = [];
  let killed = 0;
  for (const name of names) {
    const [head, ...lines] = (await readFile(join(directory, name), 'utf8')).trimEnd().split('\n').map((line) => JSON.parse(line) as unknown);
    if (!(head as Head).isFinal) killed += 1;
    for (const { kind, description, count, acquiredAt } of lines as Line[]) held.push({ kind, description, count, frames: parseFrames(acquiredAt) });
  }
  return { held, processes: names.length, killed };
}
