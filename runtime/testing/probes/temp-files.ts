import { lstatSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve, sep } from 'node:path';
import type { Acquisition } from '../acquisition.js';
import { listenToFs } from '../fs-hub.js';
import type { Leak } from '../leak.js';
import type { Probe } from './probe.js';

/** Files and directories that were created below `os.tmpdir()` through `node:fs` and are still there. */
export function probeTempFiles(): Probe {
  const roots = [...new Set([tmpdir(), realpathSync(tmpdir())])].map((root) => resolve(root) + sep);
  const created = new Map<string, Acquisition>();
  const stop = listenToFs({
    created(name, acquisition) {
      const path = resolve(name);
      if (roots.some((root) => path.startsWith(root))) {
        created.set(path, acquisition);
      }
    },
  });
  return { leaks: () => leaksOf(created), stop };
}

function leaksOf(created: ReadonlyMap<string, Acquisition>): Leak[] {
  const left = [...created].filter(([path, acquisition]) => !acquisition.isRunners && isThere(path));
  // A directory stands for what is in it.
  return left
    .filter(([path]) => !left.some(([other]) => path.startsWith(other + sep)))
    .map(([path, acquisition]) => ({ kind: 'temp file', description: path, acquiredAt: acquisition.frames }));
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // A parent that has become a file, or cannot be searched.
    return false;
  }
}
