import { rmSync } from 'node:fs';
import { onSignal } from '../resources/process-signals.js';

/** Paths that exist and have to be gone when the process is. */
const live = /* @__PURE__ */ new Set<string>();
let unhook: (() => void) | undefined;

/**
 * Notes a path to be removed when the process exits or is ended by SIGTERM, SIGINT or SIGHUP. The listeners for that
 * are there only while a path is noted.
 *
 * Call it before the path exists, with a function that makes it: a signal that comes between would leave it behind.
 */
export function createNoted(create: () => string): string {
  hook();
  try {
    const path = create();
    live.add(path);
    return path;
  } finally {
    unhookWhenEmpty();
  }
}

/** Takes a path that was removed, or given away, from the list. */
export function forget(path: string): void {
  live.delete(path);
  unhookWhenEmpty();
}

function hook(): void {
  if (unhook !== undefined) {
    return;
  }
  process.on('exit', removeAll);
  const takeBack = onSignal(['SIGTERM', 'SIGINT', 'SIGHUP'], 'dying', removeAll);
  unhook = () => {
    process.removeListener('exit', removeAll);
    takeBack();
  };
}

function unhookWhenEmpty(): void {
  if (live.size === 0) {
    unhook?.();
    unhook = undefined;
  }
}

function removeAll(): void {
  for (const path of [...live].reverse()) {
    try {
      rmSync(path, { recursive: true, force: true, maxRetries: 3, retryDelay: 50 });
      live.delete(path);
    } catch {
      // The process is ending: the others have to be removed, and nobody is left to be told.
    }
  }
}
