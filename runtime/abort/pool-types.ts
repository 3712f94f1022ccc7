/** The bounds of a pool. */
export interface WorkerPoolOptions {
  /** How many jobs run at a time. */
  concurrency: number;
  /** How many accepted jobs may wait for a worker before `submit` makes its caller wait. Default: `concurrency`. */
  queueLimit?: number;
  /** Time limit of each job from its start, in milliseconds. Default: none. */
  timeoutMs?: number;
  /** When it aborts, all jobs are cancelled and no further one is accepted. */
  signal?: AbortSignal | null | undefined;
  /** Called with the error of every job that fails, for jobs whose result nobody reads. */
  onFailure?: (error: unknown, id: number) => void;
  /** The `source` in the events on the diagnostics channel `watertight:jobs`. Default `'WorkerPool'`. */
  name?: string;
}

/** The bounds of one job. */
export interface SubmitOptions {
  /** Cancels this job, whether it waits for room, for a worker or is running. */
  signal?: AbortSignal | null | undefined;
  /** Time limit of this job from its start, in milliseconds; `Infinity` for none. Default: that of the pool. */
  timeoutMs?: number;
}

/** A job that the pool has accepted. */
export interface PoolJob<T> {
  /** Counts the jobs of the pool, from 1. */
  readonly id: number;
  /**
   * Settles as the job does, or rejects as soon as its time is up or it is cancelled. It may be left unread: a failure
   * is then seen in the metrics, by `onFailure` and on the diagnostics channel, and is no unhandled rejection.
   */
  readonly result: Promise<T>;
  /** Cancels the job. The default reason is a `DOMException` named `AbortError`. */
  cancel(reason?: unknown): void;
}

/** The numbers of a pool at one moment. */
export interface PoolMetrics {
  /** Jobs running now. */
  readonly active: number;
  /** Accepted jobs that wait for a worker. */
  readonly queued: number;
  /** Callers of `submit` that wait for room. */
  readonly waiting: number;
  /** The most jobs that ever ran at the same time. */
  readonly peak: number;
  /** Jobs accepted so far: the sum of `active`, `queued`, `completed`, `failed` and `cancelled`. */
  readonly submitted: number;
  /** Jobs whose function has returned or resolved. */
  readonly completed: number;
  /** Jobs that threw or ran out of time. */
  readonly failed: number;
  /** Jobs that were cancelled, whether in the queue or while they ran. */
  readonly cancelled: number;
}
