// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the arguments belong to the event, which is only a name here
type Handler = (...args: any[]) => void;

/** What is used of an `EventEmitter`. */
export interface EmitterLike {
  /** Adds a listener. */
  on(event: string, handler: Handler): unknown;
  /** Removes a listener that `on` added. */
  removeListener(event: string, handler: Handler): unknown;
}

/** As those of `addEventListener`. */
export interface ListenOptions {
  /** Listen for one event only. @defaultValue false */
  once?: boolean;
  /** For an `EventTarget`: hear the event on its way down. @defaultValue false */
  capture?: boolean;
  /** For an `EventTarget`: promise not to prevent the default. */
  passive?: boolean;
}

/**
 * Adds a listener and gives back what removes it, for `using` or for a `ResourceManager`.
 *
 * Takes an `EventTarget` (an `AbortSignal`, a `WebSocket`, a DOM node) or an `EventEmitter` (a stream, a socket,
 * `process`). What is both, as a `MessagePort` or the `WebSocket` of `ws`, is taken as an emitter: the handler gets the
 * values, not an event. Removing twice is harmless.
 *
 * @example
 * ```ts
 * using _listening = listen(signal, 'abort', () => request.destroy());
 * await once(request, 'response');
 * ```
 */
export function listen(target: EmitterLike, event: string | symbol, handler: Handler, options?: ListenOptions): Disposable;
export function listen(target: EventTarget, event: string, handler: Handler, options?: ListenOptions): Disposable;
export function listen(target: EventTarget | EmitterLike, event: string | symbol, handler: Handler, options: ListenOptions = {}): Disposable {
  if (!isEmitter(target)) {
    target.addEventListener(event as string, handler, options);
    return { [Symbol.dispose]: () => target.removeEventListener(event as string, handler, { capture: options.capture === true }) };
  }
  const remove = () => void target.removeListener(event as string, listener);
  // A function of its own for each call, so that the same handler added twice is removed once for each.
  const listener = function (this: unknown, ...args: unknown[]): void {
    if (options.once === true) {
      remove();
    }
    Reflect.apply(handler, this, args);
  };
  target.on(event as string, listener);
  return { [Symbol.dispose]: remove };
}

function isEmitter(target: EventTarget | EmitterLike): target is EmitterLike {
  return 'on' in target && 'removeListener' in target;
}
