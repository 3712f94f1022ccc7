/** What is used of an `EventEmitter`. */
export interface EmitterLike {
  on(event: string | symbol, handler: (...args: never[]) => void): unknown;
  off?(event: string | symbol, handler: (...args: never[]) => void): unknown;
  removeListener(event: string | symbol, handler: (...args: never[]) => void): unknown;
}

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
 * `process`). Removing twice is harmless.
 *
 * @example
 * ```ts
 * using _listening = listen(signal, 'abort', () => request.destroy());
 * await once(request, 'response');
 * ```
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the arguments belong to the event, which is only a name here
export function listen(target: EmitterLike, event: string | symbol, handler: (...args: any[]) => void, options?: ListenOptions): Disposable;
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export function listen(target: EventTarget, event: string, handler: (event: any) => void, options?: ListenOptions): Disposable;
export function listen(
  target: EventTarget | EmitterLike,
  event: string | symbol,
  handler: (...args: never[]) => void,
  options: ListenOptions = {},
): Disposable {
  if ('addEventListener' in target) {
    const listener = handler as unknown as (event: Event) => void;
    target.addEventListener(event as string, listener, options);
    return { [Symbol.dispose]: () => target.removeEventListener(event as string, listener, { capture: options.capture === true }) };
  }
  const remove = () => void target.removeListener(event, listener);
  // A function of its own for each call, so that the same handler added twice is removed once for each.
  const listener = function (this: unknown, ...args: never[]): void {
    if (options.once === true) {
      remove();
    }
    Reflect.apply(handler, this, args);
  };
  target.on(event, listener);
  return { [Symbol.dispose]: remove };
}
