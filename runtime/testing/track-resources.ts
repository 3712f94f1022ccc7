import type { EventEmitter } from 'node:events';
import { now, setImmediate, setTimeout } from './clock.js';
import { LeakError, type Leak, type LeakKind } from './leak.js';
import { probeBodies } from './probes/bodies.js';
import { probeDescriptors } from './probes/descriptors.js';
import { probeHandles } from './probes/handles.js';
import { probeListeners } from './probes/listeners.js';
import type { Probe } from './probes/probe.js';
import { probeTempFiles } from './probes/temp-files.js';

/** What is watched, and for how long. */
export interface TrackOptions {
  /**
   * Emitters and event targets, abort signals among them, that must have the listeners they had before.
   * `process` is watched in any case.
   */
  emitters?: readonly (EventEmitter | EventTarget)[] | undefined;
  /** Abort signals; the same as among {@link emitters}. */
  signals?: readonly AbortSignal[] | undefined;
  /**
   * Milliseconds to wait for what is being released, at most; the wait ends as soon as nothing is held.
   * @defaultValue 2000
   */
  timeoutMs?: number | undefined;
  /** Looks only for these. @defaultValue all kinds */
  kinds?: readonly LeakKind[] | undefined;
  /** Says of a leak that it is wanted, such as that of a cache that fills at the first use. */
  ignore?: ((leak: Leak) => boolean) | undefined;
}

/** Watches what is acquired from its making on. Disposing ends the watching, and asserts nothing. */
export interface ResourceTracker extends Disposable {
  /** Waits, within `timeoutMs`, until what was acquired since is released, and gives what is not. */
  leaks(): Promise<Leak[]>;
  /** Like {@link leaks}. @throws LeakError when something is left, with where it was acquired */
  assertNoLeaks(): Promise<void>;
  /** Ends the watching and takes back what was patched. */
  stop(): void;
}

const DEFAULT_TIMEOUT = 2000;
const LONGEST_PAUSE = 50;

/**
 * Starts to watch for leaks in the whole process: open files, sockets, servers, child processes, workers, watchers, timers,
 * listeners, files below `os.tmpdir()`, and response bodies.
 *
 * Meant for tests: between the start and the stop `fetch` and some functions of `node:fs` are patched, and `async_hooks` are on. Whatever
 * runs at the same time in the process is watched too, except the timers, files and ports of the usual test runners. What does
 * not keep a process alive is not a leak: unref'd timers, and connections that a client keeps for its next request.
 * Start Node with `--expose-gc` to have garbage collected before each look.
 *
 * `expectNoLeaks` is this around one function.
 *
 * @example
 * ```ts
 * let tracker: ResourceTracker;
 * beforeEach(() => { tracker = trackResources(); });
 * afterEach(async () => {
 *   using _ = tracker;
 *   await tracker.assertNoLeaks();
 * });
 * ```
 */
export function trackResources(options: TrackOptions = {}): ResourceTracker {
  const probes: Probe[] = [
    probeBodies(),
    probeDescriptors(),
    probeTempFiles(),
    probeListeners([process, ...(options.emitters ?? []), ...(options.signals ?? [])]),
    // Last, so that what the others set up is not taken for the program's.
    probeHandles(),
  ];
  const isWanted = (leak: Leak) => (options.kinds?.includes(leak.kind) ?? true) && options.ignore?.(leak) !== true;
  let isStopped = false;

  const leaks = async (): Promise<Leak[]> => {
    const end = now() + (options.timeoutMs ?? DEFAULT_TIMEOUT);
    for (let pause = 1; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      await turn();
      (globalThis as { gc?: () => void }).gc?.();
      const left = probes.flatMap((probe) => probe.leaks()).filter(isWanted);
      if (left.length === 0) {
        return left;
      }
      if (now() >= end) {
        const last = await Promise.all(probes.map(async (probe) => (await probe.finalLeaks?.()) ?? probe.leaks()));
        return last.flat().filter(isWanted);
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  };
  const stop = () => {
    if (!isStopped) {
      isStopped = true;
      probes.reverse().forEach((probe) => probe.stop());
    }
  };
  return {
    leaks,
    stop,
    async assertNoLeaks() {
      const left = await leaks();
      if (left.length > 0) {
        throw new LeakError(left);
      }
    },
    [Symbol.dispose]: stop,
  };
}

/** Lets closings that are under way come through: handles are gone one round of the event loop after they were closed. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}
