import { RequestTracker, type RequestLogger, type RequestTracking } from './request-tracker.js';

/** Who is told. */
export interface TrackBodiesOptions {
  /** Told about each start and end (`debug`). */
  logger?: RequestLogger | undefined;
}

/** The shape of `dispatcher.dispatch` in undici 6 and 7; the types of undici itself fit it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Dispatch = (options: any, handler: any) => boolean;

/** An undici interceptor that knows which requests hold a connection. */
export interface BodyTracking extends RequestTracking {
  <D extends Dispatch>(dispatch: D): D;
}

/**
 * An undici interceptor that keeps count of the requests that hold a connection, and can end them all.
 *
 * A request is active until undici has received the whole body, or the body was cancelled, or the request failed.
 * This is one step earlier than in `createManagedFetch`: a small body that undici has taken from the wire no longer
 * holds anything, read or not. Works with the handlers of undici 6 and of undici 7, and with the global `fetch` when
 * the composed dispatcher is passed to it or set as the global one.
 *
 * @example
 * ```ts
 * const bodies = trackBodies();
 * const agent = new Agent().compose(bodies);
 * await request(url, { dispatcher: agent });
 * console.log(bodies.active); // 1 until the body has been read or dumped
 * ```
 */
export function trackBodies(options: TrackBodiesOptions = {}): BodyTracking {
  const tracker = new RequestTracker(options.logger);
  const interceptor = <D extends Dispatch>(dispatch: D): D => {
    const tracked: Dispatch = (request: RequestOptions, handler: Handler) => {
      const call = new DispatchedCall(tracker, request);
      try {
        return dispatch(request, usesControllers(handler) ? controllerHandler(handler, call) : callbackHandler(handler, call));
      } catch (error) {
        call.finish();
        throw error;
      }
    };
    return tracked as D;
  };
  return tracker.expose(interceptor);
}

interface RequestOptions {
  origin?: string | URL;
  path?: string;
  method?: string;
}

interface Handler {
  [method: string]: ((...args: never[]) => unknown) | undefined;
}

class DispatchedCall {
  readonly finish: () => boolean;
  #abort: ((reason: Error) => unknown) | undefined;
  #reason: Error | undefined;

  constructor(tracker: RequestTracker, request: RequestOptions) {
    const url = `${request.origin === undefined ? '' : String(request.origin).replace(/\/$/, '')}${request.path ?? ''}`;
    this.finish = tracker.start(url, request.method ?? 'GET', (reason) => {
      this.#reason = reason;
      this.#abort?.(reason);
    });
  }

  /** The request is being sent, perhaps once more: from here on it can be aborted. */
  started(abort: (reason: Error) => unknown): void {
    this.#abort = abort;
    if (this.#reason !== undefined) {
      abort(this.#reason);
    }
  }
}

function usesControllers(handler: Handler): boolean {
  return typeof handler['onRequestStart'] === 'function';
}

/** undici 7: each hook gets a controller first. */
function controllerHandler(handler: Handler, call: DispatchedCall): Handler {
  return forwarding(handler, {
    onRequestStart: (controller: { abort(reason: Error): void }) => call.started((reason) => controller.abort(reason)),
    onRequestUpgrade: call.finish,
    onResponseEnd: call.finish,
    onResponseError: call.finish,
  });
}

/** undici 6, and handlers of that kind in undici 7. */
function callbackHandler(handler: Handler, call: DispatchedCall): Handler {
  return forwarding(handler, {
    onConnect: (abort: (reason: Error) => void) => call.started(abort),
    onUpgrade: call.finish,
    onComplete: call.finish,
    onError: call.finish,
  });
}

/**
 * A handler that passes everything on, after its own hooks. A proxy, because undici asks which hooks a handler has
 * and adds to them from version to version.
 */
function forwarding(handler: Handler, hooks: Handler): Handler {
  const methods = new Map<PropertyKey, unknown>();
  return new Proxy(handler, {
    get(target, name) {
      if (!methods.has(name)) {
        const method: unknown = Reflect.get(target, name, target);
        const hook = typeof name === 'string' && Object.hasOwn(hooks, name) ? hooks[name] : undefined;
        methods.set(name, typeof method === 'function' ? after(hook, method.bind(target) as (...args: never[]) => unknown) : (hook ?? method));
      }
      return methods.get(name);
    },
    has: (target, name) => Reflect.has(target, name) || Object.hasOwn(hooks, name),
  });
}

function after(hook: Handler[string], method: (...args: never[]) => unknown): (...args: never[]) => unknown {
  if (hook === undefined) {
    return method;
  }
  return (...args) => {
    hook(...args);
    return method(...args);
  };
}
