/**
 * Loaded into every Node process of a command (`node --import watertight-runtime/testing/preload`), it writes, when the
 * process ends, what was acquired and not released, as JSON lines into a file of its own in the directory that the
 * environment variable `WATERTIGHT_TRACE_DIR` names. Without that variable it does nothing.
 *
 * The first line tells of the process: `{ version, pid, thread, argv, isFinal }`; each further one of something held:
 * `{ kind, description, count, acquiredAt }`, as in `Leak`. While the process runs, a file of the same form with
 * `isFinal: false` is kept up to date, for processes that are killed.
 *
 * @module watertight-runtime/testing/preload
 */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { probeAllListeners } from './probes/all-listeners.js';
import { probeBodies } from './probes/bodies.js';
import { probeDescriptors } from './probes/descriptors.js';
import { probeHandles } from './probes/handles.js';
import { probeTempFiles } from './probes/temp-files.js';

const TRACE_VERSION = 1;
/** Milliseconds between two records of a process that may be killed. */
const INTERVAL = 1000;

const directory = process.env.WATERTIGHT_TRACE_DIR;
if (directory) trace(directory);

function trace(directory: string): void {
  // Kept from before anybody patches them, this module's own watching included.
  const write = writeFileSync;
  const rename = renameSync;
  const file = join(directory, `${process.pid}-${threadId}-${Date.now()}.jsonl`);
  // A stack must reach from a library to the code that called it; the probes set their own depth.
  const probes = [probeBodies(), probeDescriptors(), probeTempFiles(), probeHandles()];
  const listeners = probeAllListeners();

  const record = (isFinal: boolean) => {
    const head = { version: TRACE_VERSION, pid: process.pid, thread: threadId, argv: process.argv.slice(1), isFinal };
    const held = [
      ...probes.flatMap((probe) => probe.leaks()).map((leak) => ({ ...leak, count: 1 })),
      ...listeners.held().map((each) => ({ kind: 'listener', ...each })),
    ].filter(({ acquiredAt }) => acquiredAt !== undefined);
    try {
      // In one step: a reader that comes after a kill must not see half of it.
      write(`${file}.part`, [head, ...held].map((line) => `${JSON.stringify(line)}\n`).join(''));
      rename(`${file}.part`, file);
    } catch {
      // The directory is gone, as after the end of the command that a background process outlives.
    }
  };
  const onExit = () => record(true);
  process.on('exit', onExit);
  // Last of all, so that what others release at the exit counts as released.
  process.on('newListener', (name, listener) => {
    if (name !== 'exit' || listener === onExit) return;
    process.nextTick(() => {
      process.off('exit', onExit);
      process.on('exit', onExit);
    });
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    if (threadId !== 0) break;
    const onSignal = () => {
      record(true);
      if (process.listenerCount(signal) > 1) return;
      process.off(signal, onSignal);
      process.kill(process.pid, signal);
    };
    process.on(signal, onSignal);
  }
  setInterval(() => record(false), INTERVAL).unref();
}
