import { channel } from 'node:diagnostics_channel';
import type { PoolMetrics } from './pool-types.js';

/** What `JobContexts` and `WorkerPool` publish on the diagnostics channel `watertight:jobs`. */
export interface JobEvent {
  /** The `name` given to the contexts or the pool. */
  readonly source: string;
  /** The id of the job; in a pool its number. */
  readonly id: unknown;
  /**
   * `started`: its function is being called. `cancelling`: its signal has aborted. Then one of `completed`, `failed` and
   * `cancelled`; a job that a pool cancels in the queue never starts.
   */
  readonly phase: 'started' | 'cancelling' | 'completed' | 'failed' | 'cancelled';
  /** Running jobs of the source, after this event. */
  readonly active: number;
  /** Jobs of the source that wait to run, after this event. */
  readonly queued: number;
  /** Since the start, in milliseconds. With `completed`, `failed` and `cancelled`; 0 if it never started. */
  readonly durationMs?: number;
  /** What it was rejected with, or the reason it is cancelled for. */
  readonly error?: unknown;
  /** Of a `WorkerPool`: all its numbers, after this event. */
  readonly metrics?: PoolMetrics;
}

const jobs = /* @__PURE__ */ channel('watertight:jobs');

/** Publishes an event; builds it only when someone listens. */
export function publishJobEvent(event: () => JobEvent): void {
  if (jobs.hasSubscribers) jobs.publish(event());
}
