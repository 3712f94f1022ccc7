import { ContextualError } from '../errors/contextual-error.js';
import { checkTimeout } from './delay.js';
import { Fifo } from './fifo.js';
import { publishJobEvent } from './job-events.js';
import { onAbort } from './on-abort.js';
import { timeoutError } from './timeout-error.js';
import { waitTurn } from './wait-turn.js';
import type { Place } from './fifo.js';
import type { JobEvent } from './job-events.js';
import type { PoolJob, PoolMetrics, SubmitOptions, WorkerPoolOptions } from './pool-types.js';

type Outcome = 'completed' | 'failed' | 'cancelled';

interface Job {
  readonly id: number;
  readonly controller: AbortController;
  readonly timeoutMs: number;
  /** Calls the function of the job. */
  readonly call: (signal: AbortSignal) => unknown;
  /** Gives the caller of `submit` its `PoolJob`. */
  readonly accept: () => void;
  /** Rejects the caller of `submit`. */
  readonly refuse: (reason: unknown) => void;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
  /** The signals that cancel it. */
  readonly parents: readonly AbortSignal[];
  readonly links: Disposable[];
  state: 'waiting' | 'queued' | 'active' | 'over';
  place?: Place<Job>;
  /** What its caller has been told. The first to settle wins. */
  outcome?: Outcome;
  error?: unknown;
  startedAt?: number;
}

/**
 * Runs jobs on a bounded number of workers, with a bounded queue before them.
 *
 * `await pool.submit(job)` returns when the job has been accepted, not when it is done, and waits while there is no room:
 * a producer that awaits it can never run ahead of the workers. `await pool.run(job)` waits for the result as well.
 * Jobs start in the order in which they were submitted. A job that fails, synchronously or not, ends itself alone.
 *
 * A job that is cancelled or out of time keeps its worker until its function has settled, since its work is still going
 * on: jobs should pass their signal on. A job must not wait for room in its own pool: when all workers do, nothing moves.
 */
export class WorkerPool implements AsyncDisposable {
  readonly #concurrency: number;
  readonly #capacity: number;
  readonly #timeoutMs: number;
  readonly #signal: AbortSignal | null | undefined;
  readonly #onFailure: WorkerPoolOptions['onFailure'];
  readonly #name: string;
  /** Everything that waits, is queued or runs. */
  readonly #jobs = new Set<Job>();
  readonly #waiting = new Fifo<Job>();
  readonly #queue = new Fifo<Job>();
  readonly #drained = new Fifo<() => void>();
  readonly #counts = { completed: 0, failed: 0, cancelled: 0 };
  #active = 0;
  #peak = 0;
  #submitted = 0;
  #lastId = 0;
  #closed = false;

  constructor({ concurrency, queueLimit = concurrency, timeoutMs = Infinity, signal, onFailure, name = 'WorkerPool' }: WorkerPoolOptions) {
    checkCount(concurrency, 1, 'concurrency');
    checkCount(queueLimit, 0, 'queueLimit');
    this.#concurrency = concurrency;
    this.#capacity = concurrency + queueLimit;
    this.#timeoutMs = checkTimeout(timeoutMs, 'timeoutMs');
    this.#signal = signal;
    this.#onFailure = onFailure;
    this.#name = name;
  }

  /** The numbers of this moment: a copy, which does not change later. */
  get metrics(): PoolMetrics {
    return {
      active: this.#active,
      queued: this.#queue.size,
      waiting: this.#waiting.size,
      peak: this.#peak,
      submitted: this.#submitted,
      ...this.#counts,
    };
  }

  /**
   * Resolves when the pool has accepted the job; waits for room, first come, first served.
   *
   * Rejects, and never calls `fn`, when the pool is closed (`ContextualError` with code `POOL_CLOSED`) or when a signal
   * aborts before the job is accepted (with its reason).
   */
  async submit<T>(fn: (signal: AbortSignal) => T | PromiseLike<T>, options: SubmitOptions = {}): Promise<PoolJob<T>> {
    const { signal, timeoutMs = this.#timeoutMs } = options;
    checkTimeout(timeoutMs, 'timeoutMs');
    if (this.#closed) throw this.#closedError();
    this.#signal?.throwIfAborted();
    signal?.throwIfAborted();
    // The job is built inside the promise of its acceptance, so that each holds the other's settling functions.
    return await new Promise<PoolJob<T>>((accept, refuse) => {
      const id = ++this.#lastId;
      let settle!: Pick<Job, 'resolve' | 'reject'>;
      const result = new Promise<T>((resolve, reject) => {
        settle = { resolve: resolve as (value: unknown) => void, reject };
      });
      result.catch(() => {});
      const job: Job = {
        id,
        controller: new AbortController(),
        timeoutMs,
        call: fn,
        accept: () => accept({ id, result, cancel: (reason) => this.#cancel(job, reason) }),
        refuse,
        ...settle,
        parents: [this.#signal, signal].filter((parent) => parent !== undefined && parent !== null),
        links: [],
        state: 'waiting',
      };
      for (const parent of job.parents) job.links.push(onAbort(parent, (reason) => this.#cancel(job, reason)));
      this.#jobs.add(job);
      job.place = this.#waiting.push(job);
      this.#pump();
    });
  }

  /** Submits a job, waiting for room, and resolves with its result. */
  async run<T>(fn: (signal: AbortSignal) => T | PromiseLike<T>, options?: SubmitOptions): Promise<T> {
    const { result } = await this.submit(fn, options);
    return await result;
  }

  /**
   * Resolves, with the metrics, as soon as no job waits or runs. Never rejects because of a job. The pool stays open.
   * The signal ends the wait, not the jobs.
   */
  async drain({ signal }: { signal?: AbortSignal | null | undefined } = {}): Promise<PoolMetrics> {
    signal?.throwIfAborted();
    if (this.#jobs.size > 0) await waitTurn(this.#drained, signal);
    return this.metrics;
  }

  /**
   * Accepts no further job, refuses those that wait for room, and resolves when all accepted ones are done.
   *
   * @param options `cancel: true` also cancels the accepted ones, with `reason` or a `DOMException` named `AbortError`
   */
  async close({ cancel = false, reason }: { cancel?: boolean; reason?: unknown } = {}): Promise<PoolMetrics> {
    this.#closed = true;
    for (let job = this.#waiting.shift(); job; job = this.#waiting.shift()) {
      this.#forget(job);
      job.refuse(this.#closedError());
    }
    if (cancel) for (const job of [...this.#jobs]) this.#cancel(job, reason);
    this.#wakeIfDrained();
    return await this.drain();
  }

  /** `close()`: lets accepted jobs finish. To leave faster, abort the signal of the pool. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Moves jobs forward while there is room. */
  #pump(): void {
    while (this.#waiting.size > 0 && this.#active + this.#queue.size < this.#capacity) {
      const job = this.#waiting.shift() as Job;
      if (isDoomed(job)) continue;
      job.state = 'queued';
      job.place = this.#queue.push(job);
      this.#submitted++;
      job.accept();
      this.#startNext();
    }
    this.#startNext();
  }

  #startNext(): void {
    while (this.#active < this.#concurrency) {
      const job = this.#queue.shift();
      if (job === undefined) return;
      job.state = 'active';
      job.startedAt = performance.now();
      this.#peak = Math.max(this.#peak, ++this.#active);
      void this.#execute(job);
    }
  }

  async #execute(job: Job): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    if (job.timeoutMs !== Infinity) {
      timer = setTimeout(() => this.#cancel(job, timeoutError(job.timeoutMs), 'failed'), job.timeoutMs);
    }
    this.#publish(job, 'started');
    try {
      const value = await job.call(job.controller.signal);
      job.outcome ??= 'completed';
      job.resolve(value);
    } catch (error) {
      this.#tell(job, 'failed', error);
    }
    clearTimeout(timer);
    this.#active--;
    this.#end(job, job.outcome as Outcome);
    this.#pump();
    this.#wakeIfDrained();
  }

  #cancel(job: Job, reason: unknown = cancelledError(job), outcome: Outcome = 'cancelled'): void {
    if (job.state === 'over' || job.outcome !== undefined) return;
    const { state } = job;
    if (state === 'waiting') {
      this.#waiting.remove(job.place as Place<Job>);
      this.#forget(job);
      job.refuse(reason);
    } else {
      this.#tell(job, outcome, reason);
    }
    if (state === 'queued') {
      this.#queue.remove(job.place as Place<Job>);
      this.#end(job, outcome);
    }
    job.controller.abort(reason);
    if (state === 'active') this.#publish(job, 'cancelling', { error: reason });
    else this.#pump();
    this.#wakeIfDrained();
  }

  /** Rejects the result, unless the caller has heard otherwise. */
  #tell(job: Job, outcome: Outcome, error: unknown): void {
    if (job.outcome !== undefined) return;
    job.outcome = outcome;
    job.error = error;
    job.reject(error);
    if (outcome === 'failed' && this.#onFailure) {
      const report = this.#onFailure;
      // Out of the way of the pool: what the callback throws is an uncaught exception, not an unfinished job.
      queueMicrotask(() => report(error, job.id));
    }
  }

  #end(job: Job, outcome: Outcome): void {
    this.#forget(job);
    this.#counts[outcome]++;
    const durationMs = job.startedAt === undefined ? 0 : performance.now() - job.startedAt;
    this.#publish(job, outcome, { durationMs, ...(outcome !== 'completed' && { error: job.error }) });
  }

  #forget(job: Job): void {
    job.state = 'over';
    for (const link of job.links) link[Symbol.dispose]();
    this.#jobs.delete(job);
  }

  #wakeIfDrained(): void {
    if (this.#jobs.size === 0) for (let wake = this.#drained.shift(); wake; wake = this.#drained.shift()) wake();
  }

  #closedError(): ContextualError {
    return new ContextualError(`The pool ${this.#name} is closed.`, { code: 'POOL_CLOSED', context: { pool: this.#name } });
  }

  #publish({ id }: Job, phase: JobEvent['phase'], more?: Partial<JobEvent>): void {
    publishJobEvent(() => ({ source: this.#name, id, phase, active: this.#active, queued: this.#queue.size, metrics: this.metrics, ...more }));
  }
}

// One abort cancels jobs one after the other; the room that one leaves is not for another that is next to go.
function isDoomed(job: Job): boolean {
  return job.parents.some((parent) => parent.aborted);
}

function cancelledError({ id }: Job): DOMException {
  return new DOMException(`Job ${id} was cancelled.`, 'AbortError');
}

function checkCount(count: number, least: number, name: string): void {
  if (Number.isInteger(count) && count >= least) return;
  throw new RangeError(`${name} must be a whole number from ${least}, not ${String(count)}`);
}
