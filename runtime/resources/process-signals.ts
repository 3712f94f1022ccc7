/** What a part of this package does when the process is told to end. */
export type SignalTask = (signal: NodeJS.Signals) => void | Promise<void>;

interface Tasks {
  /** Orderly shutdowns, which may take their time. Called again, they give the same promise. */
  shutdown: Set<SignalTask>;
  /** Synchronous removals, run only when the process is about to die of the signal. */
  dying: Set<SignalTask>;
}

interface Hub {
  tasks: Map<NodeJS.Signals, Tasks>;
  on(this: void, signal: NodeJS.Signals): void;
}

/** Kept on `process`, so that two copies of this package in one program share one listener and do not wait for each other. */
const HUB = /* @__PURE__ */ Symbol.for('watertight-runtime.signals.1');

/**
 * Runs a task when the process gets one of the signals, without taking the signal away from anybody: when no other
 * listener is there to decide what happens, the signal is raised again after the tasks, and ends the process as if
 * nobody had listened.
 *
 * `shutdown` tasks run on each such signal and may be asynchronous. `dying` tasks run after them, synchronously, and
 * only when the signal is about to be raised again: another listener may keep the process going.
 *
 * @returns takes the task back; the process listener goes with the last task
 */
export function onSignal(signals: readonly NodeJS.Signals[], phase: keyof Tasks, task: SignalTask): () => void {
  const hub = findHub();
  for (const signal of signals) {
    let tasks = hub.tasks.get(signal);
    if (tasks === undefined) {
      hub.tasks.set(signal, (tasks = { shutdown: new Set(), dying: new Set() }));
      // First in the row: a `once` listener that ran before would be gone already and be overlooked.
      process.prependListener(signal, hub.on);
    }
    tasks[phase].add(task);
  }
  return () => {
    for (const signal of signals) {
      const tasks = hub.tasks.get(signal);
      if (tasks?.[phase].delete(task) === true && tasks.shutdown.size + tasks.dying.size === 0) {
        hub.tasks.delete(signal);
        process.removeListener(signal, hub.on);
      }
    }
  };
}

function findHub(): Hub {
  const holder = process as unknown as Record<symbol, Hub | undefined>;
  return (holder[HUB] ??= createHub());
}

function createHub(): Hub {
  const hub: Hub = {
    tasks: new Map(),
    on: (signal) => {
      const tasks = hub.tasks.get(signal);
      if (tasks === undefined) {
        return;
      }
      const isAlone = process.listenerCount(signal) - 1 - politeListeners(signal) <= 0;
      const shutdowns = [...tasks.shutdown];
      if (shutdowns.length === 0) {
        die(hub, signal, tasks, isAlone);
        return;
      }
      // Ctrl-C under a package manager arrives twice: the second one waits for the same shutdown, which has its deadline.
      void Promise.allSettled(shutdowns.map(async (task) => task(signal))).then(() => die(hub, signal, tasks, isAlone));
    },
  };
  return hub;
}

function die(hub: Hub, signal: NodeJS.Signals, tasks: Tasks, isAlone: boolean): void {
  if (!isAlone) {
    return;
  }
  for (const task of tasks.dying) {
    try {
      void task(signal);
    } catch {
      // The next one has to be tried all the same, and nobody is left to be told.
    }
  }
  process.removeListener(signal, hub.on);
  hub.tasks.delete(signal);
  process.kill(process.pid, signal);
}

/** The signals that can be told to end a process and on which signal-exit listens too. */
const POLITE_SIGNALS: ReadonlySet<string> = /* @__PURE__ */ new Set(['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGUSR2']);

/**
 * Listeners of the package signal-exit, which wait to be the only ones just as this module does. It publishes their
 * number for this purpose: version 3 on `process`, version 4 on the global object.
 */
function politeListeners(signal: NodeJS.Signals): number {
  if (!POLITE_SIGNALS.has(signal)) {
    return 0;
  }
  const published = [
    (process as unknown as Record<string, unknown>)['__signal_exit_emitter__'],
    (globalThis as unknown as Record<symbol, unknown>)[Symbol.for('signal-exit emitter')],
  ] as ({ count?: unknown } | undefined)[];
  return published.reduce((sum, emitter) => sum + (typeof emitter?.count === 'number' ? emitter.count : 0), 0);
}
