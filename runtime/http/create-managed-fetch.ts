import { managed } from './managed.js';
import { releaseBody } from './release-body.js';
import { RequestTracker, type RequestLogger, type RequestTracking } from './request-tracker.js';
import { trackedBody } from './tracked-body.js';

/** What to fetch with, and who is told. */
export interface ManagedFetchOptions {
  /** The fetch to call. @defaultValue the global `fetch`, looked up at each call */
  fetch?: typeof globalThis.fetch | undefined;
  /** Told about each start and end (`debug`), and about bodies that were dropped unread (`warn`). */
  logger?: RequestLogger | undefined;
  /** What releasing one of the responses reads at most, in bytes; see `releaseBody`. @defaultValue 65536 */
  drainLimit?: number | undefined;
}

/** A `fetch` that knows which of its requests are active. Its responses are disposable: `await using res = await fetch(url)`. */
export interface ManagedFetch extends RequestTracking {
  (input: string | URL | Request, init?: RequestInit): Promise<Response & AsyncDisposable>;
}

/**
 * Makes a `fetch` that keeps count of its active requests and can end them all.
 *
 * A request is active from the call until its body has been read to the end, cancelled, or has failed; one without a
 * body until its headers are there. A response that is collected unread is cancelled, and the logger is warned.
 * `closeAll()` aborts what is active; disposing does so too and refuses later calls. Each request is cleaned up once,
 * whichever of these comes first, and its listener on the caller's signal goes with it.
 *
 * @example
 * ```ts
 * await using http = createManagedFetch({ logger: console });
 * await using res = await http(url);
 * console.log(http.active, http.requests());
 * ```
 */
export function createManagedFetch(options: ManagedFetchOptions = {}): ManagedFetch {
  const tracker = new RequestTracker(options.logger);
  const dropped = new FinalizationRegistry<ActiveCall>((call) => call.drop());

  const managedFetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response & AsyncDisposable> => {
    const call = new ActiveCall(tracker, options.logger, input, init);
    try {
      const response = await (options.fetch ?? globalThis.fetch)(input, { ...init, signal: call.signal });
      if (call.isEnded) {
        // A fetch that does not heed its signal answers after all.
        await releaseBody(response, { drainLimit: 0 });
        throw call.signal.reason;
      }
      return managed(call.answer(response, dropped), { drainLimit: options.drainLimit });
    } catch (error) {
      call.end();
      throw error;
    }
  };
  return tracker.expose(managedFetch);
}

/** One request, from the call to the end of its body. */
class ActiveCall {
  readonly #controller = new AbortController();
  readonly #finish: () => boolean;
  readonly #unlink: () => void;
  readonly #logger: RequestLogger | undefined;
  readonly #name: string;
  /** Ends the body once there is one. */
  #failBody: ((reason: unknown) => Promise<void>) | undefined;
  isEnded = false;

  constructor(tracker: RequestTracker, logger: RequestLogger | undefined, input: string | URL | Request, init: RequestInit | undefined) {
    const request = typeof input === 'object' && 'url' in input ? input : undefined;
    const url = typeof input === 'object' && 'url' in input ? input.url : String(input);
    const method = (init?.method ?? request?.method ?? 'GET').toUpperCase();
    this.#name = `${method} ${url}`;
    this.#logger = logger;
    this.#finish = tracker.start(url, method, (reason) => this.abort(reason));
    // As in fetch itself: the signal in `init` takes the place of the request's own, and `null` means none.
    this.#unlink = this.#follow(init?.signal === undefined ? request?.signal : init.signal);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Once headers are there: gives back a response whose body tells when it ends. */
  answer(response: Response, dropped: FinalizationRegistry<ActiveCall>): Response {
    const body: unknown = response.body;
    if (body == null) {
      this.end();
      return response;
    }
    if (!(body instanceof ReadableStream)) {
      // node-fetch gives a Node stream, which tells by itself.
      const stream = body as { once?: (event: string, listener: () => void) => unknown };
      stream.once?.('end', () => this.end());
      stream.once?.('close', () => this.end());
      this.#failBody = () => releaseBody(response, { drainLimit: 0 });
      return response;
    }
    const tracked = trackedBody(body as ReadableStream<Uint8Array>, () => this.end());
    this.#failBody = tracked.fail;
    dropped.register(tracked.stream, this);
    return rebuilt(response, tracked.stream);
  }

  /** Counts the request as over. Safe to call again. */
  end(): void {
    if (this.#finish()) {
      this.isEnded = true;
      this.#unlink();
    }
  }

  async abort(reason: unknown): Promise<void> {
    if (this.isEnded) {
      return;
    }
    this.end();
    this.#controller.abort(reason);
    await this.#failBody?.(reason);
  }

  /** The body was collected and can no longer be read by anybody. */
  drop(): void {
    if (!this.isEnded) {
      this.#logger?.warn?.(`${this.#name}: the response was dropped without reading or cancelling its body`);
      void this.abort(new DOMException('The response was dropped unread.', 'AbortError'));
    }
  }

  /** Not `AbortSignal.any`: on Node 20 it leaks when the caller's signal lives long. */
  #follow(signal: AbortSignal | null | undefined): () => void {
    if (signal == null) {
      return () => {};
    }
    if (signal.aborted) {
      this.#controller.abort(signal.reason);
      return () => {};
    }
    const onAbort = () => void this.abort(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    return () => signal.removeEventListener('abort', onAbort);
  }
}

/** The same response over another body. A new `Response` knows neither its address nor how it was reached, so these are set again. */
function rebuilt(response: Response, body: ReadableStream<Uint8Array>): Response {
  // The class of the given response: undici's own `fetch` has a `Response` of its own.
  const ResponseClass = response.constructor as typeof Response;
  const init = { status: response.status, statusText: response.statusText, headers: response.headers };
  let copy: Response;
  try {
    copy = new ResponseClass(body, init);
  } catch {
    // A class with a constructor of another shape, as test doubles have.
    copy = new Response(body, init);
  }
  return described(copy, response);
}

function described(target: Response, source: Response): Response {
  const { url, redirected, type } = source;
  return Object.defineProperties(target, {
    url: { value: url, configurable: true },
    redirected: { value: redirected, configurable: true },
    type: { value: type, configurable: true },
    clone: {
      value: () => described((Object.getPrototypeOf(target) as Response).clone.call(target), source),
      configurable: true,
      writable: true,
    },
  });
}
