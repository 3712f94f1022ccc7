import { fstatSync, readdirSync, readlinkSync } from 'node:fs';
import type { Acquisition } from '../acquisition.js';
import { listenToFs } from '../fs-hub.js';
import type { Leak } from '../leak.js';
import type { Probe } from './probe.js';

interface Opened {
  path: string;
  acquisition: Acquisition;
}

/**
 * Open files and directories, from `/proc/self/fd` where there is one, and elsewhere from what was opened through
 * `node:fs`. What only the garbage collector closed was left open, too. Sockets, pipes and the descriptors of the event
 * loop are not files and are left to the other probes.
 */
export function probeDescriptors(): Probe {
  const before = openFiles();
  const opened = new Map<number, Opened>();
  const collected: Leak[] = [];
  const stopListening = listenToFs({
    opened: (descriptor, path, acquisition) => void opened.set(descriptor, { path, acquisition }),
  });
  const onWarning = ({ message }: Error) => {
    const descriptor = Number(/^Closing file descriptor (\d+) on garbage collection/.exec(message)?.[1]);
    const found = opened.get(descriptor);
    if (found && !found.acquisition.isRunners) {
      collected.push({ kind: 'descriptor', description: `${found.path} (descriptor ${descriptor}, closed by the garbage collector)`, acquiredAt: found.acquisition.frames });
    }
  };
  process.on('warning', onWarning);
  return {
    leaks: () => [...collected, ...(before === undefined ? leaksOfOpened(opened) : leaksOf(before, opened))],
    stop() {
      stopListening();
      process.off('warning', onWarning);
    },
  };
}

function leaksOf(before: ReadonlyMap<number, string>, opened: ReadonlyMap<number, Opened>): Leak[] {
  const leaks: Leak[] = [];
  for (const [descriptor, path] of openFiles() ?? []) {
    const acquisition = opened.get(descriptor)?.acquisition;
    // Open before, unless it was closed and its number given to another file since.
    const isOld = before.get(descriptor) === path && acquisition === undefined;
    if (!isOld && acquisition?.isRunners !== true) {
      leaks.push({ kind: 'descriptor', description: `${path} (descriptor ${descriptor})`, acquiredAt: acquisition?.frames });
    }
  }
  return leaks;
}

function leaksOfOpened(opened: ReadonlyMap<number, Opened>): Leak[] {
  return [...opened]
    .filter(([descriptor, { acquisition }]) => isOpenFile(descriptor) && !acquisition.isRunners)
    .map(([descriptor, { path, acquisition }]) => ({ kind: 'descriptor', description: `${path} (descriptor ${descriptor})`, acquiredAt: acquisition.frames }));
}

function isOpenFile(descriptor: number): boolean {
  try {
    const stats = fstatSync(descriptor);
    return stats.isFile() || stats.isDirectory();
  } catch {
    return false;
  }
}

/** Descriptors of files and directories, with what they point at; `undefined` where the system does not tell. */
function openFiles(): Map<number, string> | undefined {
  let names: string[];
  try {
    names = readdirSync('/proc/self/fd');
  } catch {
    return undefined;
  }
  const files = new Map<number, string>();
  for (const name of names) {
    try {
      const target = readlinkSync(`/proc/self/fd/${name}`);
      // Others read `socket:[…]`, `pipe:[…]` or `anon_inode:…`. Node opens devices and /proc for itself, and keeps them.
      if (/^\/(?!proc\/|dev\/)/.test(target)) {
        files.set(Number(name), target);
      }
    } catch {
      // The descriptor of the listing itself is closed by now.
    }
  }
  return files;
}
