import { channel } from 'node:diagnostics_channel';
import { isObject } from './is-object.js';
import { cleanupFor } from './cleanup-for.js';
import { onSignal } from './process-signals.js';

/** How one resource is released. */
export interface RegisterOptions<T = unknown> {
  /** The release, when the shape of the resource does not tell it or tells another one. */
  cleanup?: ((resource: T) => unknown) | undefined;
  /**
   * Milliseconds that this cleanup may hold up the next one.
   * @defaultValue half of what is left until the deadline of the shutdown
   */
  timeoutMs?: number | undefined;
}

/** How long a shutdown may take. */
export interface ShutdownOptions {
  /** Milliseconds until the shutdown ends, finished or not. `Infinity` waits for ever. @defaultValue 10000 */
  timeoutMs?: number | undefined;
  /** Ends the waiting at once when it aborts; cleanups that have not begun are begun. */
  signal?: AbortSignal | undefined;
}

/** On which signals of the process to shut down, and how long that may take. */
export interface BindOptions extends ShutdownOptions {
  /** The signals that begin it. @defaultValue SIGTERM, SIGINT and SIGHUP */
  signals?: readonly NodeJS.Signals[] | undefined;
}

/** How a manager is called, and who hears of what it cannot tell otherwise. */
export interface ResourceManagerOptions {
  /** Says in metrics and errors which manager it is. @defaultValue 'resources' */
  name?: string | undefined;
  /** Hears of failures that no call can report: of late registrations, and of a shutdown on a signal. @defaultValue `process.emitWarning` */
  onError?: ((error: unknown) => void) | undefined;
}

/** What is published on the channel `watertight:resources` of `node:diagnostics_channel` at each change. */
export interface ResourceEvent {
  /** What has happened. `failed`: a cleanup threw, or was not finished when the shutdown had to end. */
  event: 'registered' | 'unregistered' | 'cleaned' | 'failed';
  /** The name of the manager. */
  manager: string;
  /** The name of the resource. */
  resource: string;
  /** Resources that are held, after this event. */
  active: number;
  /** The most that were ever held at one time. */
  peak: number;
  /** Cleanups that succeeded, so far. */
  cleaned: number;
  /** Cleanups that failed or were not finished in time, so far. */
  failed: number;
}

/** Takes back what `bindToProcess` did; a function, and disposable. */
export interface Unbind extends Disposable {
  (): void;
}

interface Registration {
  readonly target: unknown;
  name: string;
  cleanup: () => unknown;
  timeoutMs: number | undefined;
  /** The shutdown ended before this cleanup did, and has reported it. */
  isGivenUp: boolean;
}

const DEFAULT_TIMEOUT = 10_000;
const DEFAULT_SIGNALS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGHUP'];
const resourceChannel = /* @__PURE__ */ channel('watertight:resources');

/**
 * Owns resources that live longer than one block, and releases them in the reverse order of their registration.
 *
 * Every cleanup runs exactly once. One that fails or hangs keeps no other from running: failures are gathered into
 * one `AggregateError`, and the shutdown ends by its deadline. What is registered while or after the manager shuts
 * down is released at once.
 *
 * @example
 * ```ts
 * const resources = new ResourceManager();
 * const pool = resources.register('database', new Pool());
 * const server = resources.register('http', createServer(app).listen(8080));
 * resources.register('metrics', () => metrics.flush());
 * resources.bindToProcess(); // SIGTERM: metrics, then http, then database, then the process ends
 * ```
 */
export class ResourceManager implements AsyncDisposable {
  readonly #name: string;
  readonly #onError: (error: unknown) => void;
  readonly #registrations = new Map<unknown, Registration>();
  /** What this shutdown has begun to release, for a late registration of the same not to release it again. */
  readonly #shutDown = new WeakSet<object>();
  /** Cleanups that the shutdown has begun and that have not finished. */
  readonly #unfinished = new Map<Promise<void>, Registration>();
  readonly #errors: unknown[] = [];
  readonly #unbinds = new Set<() => void>();
  #shutdown: Promise<void> | undefined;
  #isFinished = false;
  #running = 0;
  #peak = 0;
  #cleaned = 0;
  #failed = 0;

  constructor(options: ResourceManagerOptions = {}) {
    this.#name = options.name ?? 'resources';
    this.#onError = options.onError ?? ((error) => process.emitWarning(describe(error), { code: 'WATERTIGHT_CLEANUP_FAILED' }));
  }

  /** Resources that are held: registered, or their cleanup still under way. */
  get active(): number {
    return this.#registrations.size + this.#running;
  }

  /** The highest that {@link active} has been. */
  get peak(): number {
    return this.#peak;
  }

  /** Cleanups that succeeded. */
  get cleaned(): number {
    return this.#cleaned;
  }

  /** Cleanups that failed, or were not finished when the shutdown had to end. */
  get failed(): number {
    return this.#failed;
  }

  /**
   * Takes charge of a resource, or of a cleanup function, and gives it back, so that it can be registered where it is made.
   *
   * How a resource is released is told by its shape, as in `asyncDisposable`, or by `options.cleanup`. Registering the same one
   * again changes its name and options and keeps its place.
   *
   * `name` says in errors and metrics what it is.
   *
   * @throws TypeError when nothing tells how the resource is released
   */
  register<T>(resource: T, options?: RegisterOptions<T>): T;
  register<T>(name: string, resource: T, options?: RegisterOptions<T>): T;
  register(...args: [unknown, RegisterOptions?] | [string, unknown, RegisterOptions?]): unknown {
    const isNamed = typeof args[0] === 'string';
    const [target, options = {}] = (isNamed ? args.slice(1) : args) as [unknown, RegisterOptions?];
    const registration: Registration = {
      target,
      name: isNamed ? (args[0] as string) : nameOf(target),
      cleanup: cleanupOf(target, options),
      timeoutMs: options.timeoutMs,
      isGivenUp: false,
    };
    if (this.#shutdown !== undefined) {
      this.#registrations.delete(target);
      void this.#cleanInShutdown(registration);
      return target;
    }
    const earlier = this.#registrations.get(target);
    if (earlier !== undefined) {
      Object.assign(earlier, registration);
      return target;
    }
    this.#registrations.set(target, registration);
    this.#peak = Math.max(this.#peak, this.active);
    this.#publish('registered', registration);
    return target;
  }

  /**
   * Gives a resource out of charge without releasing it: it has a new owner, or has been released.
   * @param resource the resource or cleanup function, or the name of the one registered last under it
   * @returns whether it was registered
   */
  unregister(resource: unknown): boolean {
    const registration = this.#take(resource);
    if (registration !== undefined) {
      this.#publish('unregistered', registration);
    }
    return registration !== undefined;
  }

  /**
   * Releases one resource now. Rejects with what its cleanup threw.
   * @param resource as for {@link unregister}
   * @returns whether it was registered
   */
  async release(resource: unknown): Promise<boolean> {
    const registration = this.#take(resource);
    if (registration === undefined) {
      return false;
    }
    await this.#clean(registration);
    return true;
  }

  /**
   * Releases everything, last registered first, each when the one before it has finished.
   *
   * A cleanup that hangs holds up the next one for half of the time that is left at most (or for its own `timeoutMs`)
   * and goes on beside the others until the deadline. At the deadline the shutdown ends, whatever is still going on.
   *
   * Calling it again gives the same promise; the options of the first call hold.
   *
   * @throws AggregateError with one error for each cleanup that failed or did not finish; the `cause` of each is what was thrown
   */
  shutdown(options: ShutdownOptions = {}): Promise<void> {
    if (this.#shutdown === undefined) {
      const { promise, resolve, reject } = deferred();
      // Set before the first cleanup runs: what a cleanup registers is late, and its own call of `shutdown` is the second one.
      this.#shutdown = promise;
      this.#runShutdown(options).then(resolve, reject);
    }
    return this.#shutdown;
  }

  /**
   * Shuts down when the process is told to end. When no other listener is there, the signal is raised again after
   * that, so that the process ends as it would have; otherwise that listener decides. The listeners are taken off when
   * the manager has shut down.
   *
   * @returns takes the listeners off
   */
  bindToProcess(options: BindOptions = {}): Unbind {
    const takeBack = onSignal(options.signals ?? DEFAULT_SIGNALS, 'shutdown', () => this.shutdown(options).catch(this.#onError));
    const unbind = () => {
      this.#unbinds.delete(unbind);
      takeBack();
    };
    if (this.#isFinished) {
      takeBack();
    } else {
      this.#unbinds.add(unbind);
    }
    return Object.defineProperty(unbind, Symbol.dispose, { value: unbind }) as unknown as Unbind;
  }

  /** Shuts down with the default time limit. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }

  async #runShutdown(options: ShutdownOptions): Promise<void> {
    const deadline = new Deadline(options.timeoutMs ?? DEFAULT_TIMEOUT, options.signal);
    try {
      let registration: Registration | undefined;
      while ((registration = this.#takeLast()) !== undefined) {
        const isLast = this.#registrations.size === 0;
        const cleaning = this.#cleanInShutdown(registration);
        await deadline.wait(cleaning, registration.timeoutMs ?? (isLast ? deadline.left : deadline.left / 2));
      }
      while (this.#unfinished.size > 0 && !deadline.isOver) {
        await deadline.wait(Promise.all(this.#unfinished.keys()), deadline.left);
      }
      if (this.#unfinished.size > 0) {
        // Cleanups that were begun only now, and need no time, are to count as finished.
        await new Promise((resolve) => setImmediate(resolve));
      }
      for (const registration of this.#unfinished.values()) {
        this.#giveUp(registration, deadline.reason);
      }
    } finally {
      deadline.clear();
      this.#isFinished = true;
      [...this.#unbinds].forEach((unbind) => unbind());
    }
    if (this.#errors.length > 0) {
      const summary = this.#errors.map(describe).join('; ');
      throw new AggregateError(this.#errors, `${this.#errors.length} ${this.#errors.length === 1 ? 'cleanup' : 'cleanups'} of ${this.#name} failed: ${summary}`);
    }
  }

  /** Starts one cleanup and leaves its failure where the shutdown reports it. Never rejects. */
  #cleanInShutdown(registration: Registration): Promise<void> {
    const { target } = registration;
    if (isObject(target)) {
      if (this.#shutDown.has(target)) {
        return Promise.resolve();
      }
      this.#shutDown.add(target);
    }
    const cleaning = this.#clean(registration)
      .catch((error: unknown) => {
        if (this.#isFinished) {
          this.#onError(error);
        } else {
          this.#errors.push(error);
        }
      })
      .finally(() => this.#unfinished.delete(cleaning));
    this.#unfinished.set(cleaning, registration);
    return cleaning;
  }

  /** Runs one cleanup. The registration has been taken from the list before, so nobody else runs it too. */
  async #clean(registration: Registration): Promise<void> {
    this.#running++;
    this.#peak = Math.max(this.#peak, this.active);
    try {
      await registration.cleanup();
      this.#settle(registration, 'cleaned');
    } catch (error) {
      this.#settle(registration, 'failed');
      throw new Error(`The cleanup of ${registration.name} failed: ${describe(error)}`, { cause: error });
    }
  }

  #settle(registration: Registration, event: 'cleaned' | 'failed'): void {
    this.#running--;
    if (registration.isGivenUp) {
      return;
    }
    if (event === 'cleaned') {
      this.#cleaned++;
    } else {
      this.#failed++;
    }
    this.#publish(event, registration);
  }

  #giveUp(registration: Registration, reason: unknown): void {
    registration.isGivenUp = true;
    this.#failed++;
    this.#publish('failed', registration);
    this.#errors.push(new Error(`The cleanup of ${registration.name} had not finished when the shutdown had to end.`, { cause: reason }));
  }

  #takeLast(): Registration | undefined {
    const last = [...this.#registrations.values()].pop();
    return last && this.#take(last.target);
  }

  #take(resource: unknown): Registration | undefined {
    const registration =
      this.#registrations.get(resource) ??
      (typeof resource === 'string' ? [...this.#registrations.values()].reverse().find(({ name }) => name === resource) : undefined);
    if (registration !== undefined) {
      this.#registrations.delete(registration.target);
    }
    return registration;
  }

  #publish(event: ResourceEvent['event'], { name }: Registration): void {
    if (resourceChannel.hasSubscribers) {
      resourceChannel.publish({
        event,
        manager: this.#name,
        resource: name,
        active: this.active,
        peak: this.#peak,
        cleaned: this.#cleaned,
        failed: this.#failed,
      } satisfies ResourceEvent);
    }
  }
}

/** A point in time, and a signal that moves it to now. */
class Deadline {
  readonly #end: number;
  readonly #timeoutMs: number;
  readonly #signal: AbortSignal | undefined;
  readonly #aborted: Promise<void>;
  readonly #onAbort: () => void;

  constructor(timeoutMs: number, signal: AbortSignal | undefined) {
    const { promise, resolve } = deferred();
    this.#timeoutMs = timeoutMs;
    this.#end = performance.now() + timeoutMs;
    this.#signal = signal;
    this.#aborted = promise;
    this.#onAbort = resolve;
    if (signal?.aborted === true) {
      resolve();
    } else {
      signal?.addEventListener('abort', resolve, { once: true });
    }
  }

  get left(): number {
    return this.#signal?.aborted === true ? 0 : Math.max(0, this.#end - performance.now());
  }

  get isOver(): boolean {
    return this.left === 0;
  }

  get reason(): unknown {
    return this.#signal?.aborted === true
      ? (this.#signal.reason as unknown)
      : new DOMException(`The shutdown took longer than ${this.#timeoutMs} ms.`, 'TimeoutError');
  }

  /** Waits for a promise that does not reject, but no longer than `ms`, the deadline, and the signal allow. */
  async wait(promise: Promise<unknown>, ms: number): Promise<void> {
    const limit = Math.min(ms, this.left);
    if (limit === 0) {
      return;
    }
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => {
      // A longer delay than this overflows and fires at once.
      timer = setTimeout(resolve, Math.min(limit, 2 ** 31 - 1));
    });
    try {
      await Promise.race([promise, late, this.#aborted]);
    } finally {
      clearTimeout(timer);
    }
  }

  clear(): void {
    this.#signal?.removeEventListener('abort', this.#onAbort);
  }
}

function cleanupOf(target: unknown, options: RegisterOptions): () => unknown {
  const { cleanup } = options;
  if (cleanup !== undefined) {
    return () => cleanup(target);
  }
  // A function is the cleanup itself, unless it is a resource that can be called, as a managed fetch is.
  if (typeof target === 'function' && !(Symbol.asyncDispose in target) && !(Symbol.dispose in target)) {
    return () => Reflect.apply(target, undefined, []) as unknown;
  }
  return cleanupFor(target).wait;
}

function nameOf(target: unknown): string {
  if (typeof target === 'function') {
    return target.name === '' ? 'a cleanup function' : target.name;
  }
  return isObject(target) ? (target.constructor?.name ?? 'a resource') : `descriptor ${String(target)}`;
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function deferred(): { promise: Promise<void>; resolve: () => void; reject: (error: unknown) => void } {
  let resolve!: () => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
