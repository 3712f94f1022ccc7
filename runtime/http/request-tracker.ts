import { within } from './delay.js';

/** A request whose response has not been read, cancelled or failed yet. */
export interface ActiveRequest {
  /** As the request was made with, the query included. */
  readonly url: string;
  /** As it is sent. */
  readonly method: string;
  /** Milliseconds since the epoch, as `Date.now()` gives them. */
  readonly startedAt: number;
}

/** Where the tracking helpers report to; `console` fits. */
export interface RequestLogger {
  /** A request has started or ended. */
  debug?(message: string): void;
  /** A body was dropped unread, or a request could not be aborted. */
  warn?(message: string): void;
}

/** What a tracker of requests shows to its user. */
export interface RequestTracking extends AsyncDisposable {
  /** How many requests are active now. */
  readonly active: number;
  /** The active requests, oldest first: a copy, which does not change later. */
  requests(): ActiveRequest[];
  /** Aborts every active request, also those whose body is being read; their readers get an `AbortError`. */
  closeAll(): Promise<void>;
}

/** Milliseconds that the source of a body may take to cancel: streams of others may never answer. */
const ABORT_GRACE = 1000;

interface Entry {
  readonly request: ActiveRequest;
  readonly abort: (reason: Error) => unknown;
}

/** The bookkeeping behind `createManagedFetch` and `trackBodies`: what is active, and how to end it. */
export class RequestTracker {
  readonly #entries = new Set<Entry>();
  readonly #logger: RequestLogger | undefined;
  #isClosed = false;

  constructor(logger: RequestLogger | undefined) {
    this.#logger = logger;
  }

  get active(): number {
    return this.#entries.size;
  }

  requests(): ActiveRequest[] {
    return [...this.#entries].map((entry) => ({ ...entry.request }));
  }

  /**
   * Counts a request as active until the returned function is called; only the first call does anything and is
   * answered with `true`.
   */
  start(url: string, method: string, abort: (reason: Error) => unknown): () => boolean {
    if (this.#isClosed) {
      throw new Error(`Cannot request ${url}: this client has been disposed.`);
    }
    const entry: Entry = { request: { url, method, startedAt: Date.now() }, abort };
    this.#entries.add(entry);
    this.#logger?.debug?.(`${method} ${url} started, ${this.#entries.size} active`);
    return () => {
      const isFirst = this.#entries.delete(entry);
      if (isFirst) {
        this.#logger?.debug?.(`${method} ${url} ended after ${Date.now() - entry.request.startedAt} ms, ${this.#entries.size} active`);
      }
      return isFirst;
    };
  }

  async closeAll(): Promise<void> {
    const reason = new DOMException('The client that sent this request was closed.', 'AbortError');
    await Promise.all([...this.#entries].map((entry) => this.#abort(entry, reason)));
  }

  async #abort(entry: Entry, reason: Error): Promise<void> {
    try {
      await within(ABORT_GRACE, Promise.resolve(entry.abort(reason)));
    } catch (error) {
      this.#logger?.warn?.(`${entry.request.method} ${entry.request.url} could not be aborted: ${String(error)}`);
    }
  }

  /** Like {@link closeAll}, and refuses requests from now on. */
  async dispose(): Promise<void> {
    this.#isClosed = true;
    await this.closeAll();
  }

  /** Adds what {@link RequestTracking} promises to a function. */
  expose<F extends object>(target: F): F & RequestTracking {
    return Object.defineProperties(target, {
      active: { get: () => this.active, enumerable: true },
      requests: { value: () => this.requests() },
      closeAll: { value: () => this.closeAll() },
      [Symbol.asyncDispose]: { value: () => this.dispose() },
    }) as F & RequestTracking;
  }
}
