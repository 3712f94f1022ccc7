import { ContextualError } from '../errors/contextual-error.js';
import { Fifo } from './fifo.js';
import { publishJobEvent } from './job-events.js';
import { onAbort } from './on-abort.js';
import { waitTurn } from './wait-turn.js';
import type { JobEvent } from './job-events.js';

/** How the contexts of the jobs are made. */
export interface JobContextsOptions {
  /** The parent: when it aborts, every job's signal does, with its reason. */
  signal?: AbortSignal | null | undefined;
  /** The `source` in the events on the diagnostics channel `watertight:jobs`. Default `'JobContexts'`. */
  name?: string;
}

/** What a job is given. */
export interface JobContext<Id = string> {
  /** The id that `run` was called with. */
  readonly id: Id;
  /** Aborts when the job, all jobs or the parent are cancelled. Pass it to everything that takes a signal. */
  readonly signal: AbortSignal;
}

interface Entry<Id> {
  readonly id: Id;
  readonly controller: AbortController;
  readonly startedAt: number;
}

/**
 * One cancellable context per job, linked to a parent signal for as long as the job runs.
 *
 * Cancelling aborts the signal of the job; the job is over, and its id free, when its function has settled. So whoever
 * awaits `run` knows that nothing of the job is still going on, and a job that ignores its signal stays visible in `size`.
 */
export class JobContexts<Id = string> implements AsyncDisposable {
  readonly #parent: AbortSignal | null | undefined;
  readonly #name: string;
  readonly #entries = new Map<Id, Entry<Id>>();
  readonly #drained = new Fifo<() => void>();

  constructor({ signal, name = 'JobContexts' }: JobContextsOptions = {}) {
    this.#parent = signal;
    this.#name = name;
  }

  /** Running jobs. */
  get size(): number {
    return this.#entries.size;
  }

  /** Whether a job of this id is running; also one that is cancelled and has not ended yet. */
  has(id: Id): boolean {
    return this.#entries.has(id);
  }

  /**
   * Calls `fn` with a context of its own and settles as `fn` does. Once it has, nothing is left on the parent.
   *
   * Rejects without calling `fn` when the parent has aborted (with its reason) and when a job of this id is running
   * (`ContextualError` with code `DUPLICATE_JOB`).
   */
  async run<T>(id: Id, fn: (context: JobContext<Id>) => T | PromiseLike<T>): Promise<T> {
    this.#parent?.throwIfAborted();
    if (this.#entries.has(id)) {
      throw new ContextualError(`Job ${String(id)} is running already.`, { code: 'DUPLICATE_JOB', context: { id } });
    }
    const entry: Entry<Id> = { id, controller: new AbortController(), startedAt: performance.now() };
    this.#entries.set(id, entry);
    const link = onAbort(this.#parent, (reason) => this.#abort(entry, reason));
    const { signal } = entry.controller;
    this.#publish(entry, 'started');
    try {
      const result = await fn({ id, signal });
      this.#end(entry, link, 'completed');
      return result;
    } catch (error) {
      this.#end(entry, link, signal.aborted ? 'cancelled' : 'failed', error);
      throw error;
    }
  }

  /**
   * Aborts the signal of one job.
   *
   * @param reason default: a `DOMException` named `AbortError`
   * @returns whether a job of this id was running and not cancelled before
   */
  cancel(id: Id, reason?: unknown): boolean {
    const entry = this.#entries.get(id);
    return entry !== undefined && this.#abort(entry, reason);
  }

  /** Aborts the signals of all running jobs, and returns how many were not cancelled before. Later jobs run as usual. */
  cancelAll(reason?: unknown): number {
    return [...this.#entries.values()].filter((entry) => this.#abort(entry, reason)).length;
  }

  /** Resolves as soon as no job is running. The signal ends the wait, not the jobs. */
  async drain({ signal }: { signal?: AbortSignal | null | undefined } = {}): Promise<void> {
    signal?.throwIfAborted();
    if (this.#entries.size > 0) await waitTurn(this.#drained, signal);
  }

  /** Cancels all jobs and waits for them. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.cancelAll();
    await this.drain();
  }

  #abort(entry: Entry<Id>, reason: unknown = new DOMException(`Job ${String(entry.id)} was cancelled.`, 'AbortError')): boolean {
    if (entry.controller.signal.aborted) return false;
    entry.controller.abort(reason);
    this.#publish(entry, 'cancelling', { error: reason });
    return true;
  }

  #end(entry: Entry<Id>, link: Disposable, phase: JobEvent['phase'], error?: unknown): void {
    link[Symbol.dispose]();
    this.#entries.delete(entry.id);
    this.#publish(entry, phase, { durationMs: performance.now() - entry.startedAt, error });
    if (this.#entries.size === 0) for (let wake = this.#drained.shift(); wake; wake = this.#drained.shift()) wake();
  }

  #publish({ id }: Entry<Id>, phase: JobEvent['phase'], more?: Partial<JobEvent>): void {
    publishJobEvent(() => ({ source: this.#name, id, phase, active: this.#entries.size, queued: 0, ...more }));
  }
}
