/**
 * Calls `listener` with the reason when `signal` aborts, and stops listening when disposed.
 *
 * - Already aborted: the listener is called once, in a microtask. So it never runs before the caller holds the returned
 *   disposable, and disposing first means it is not called.
 * - `{ once: true }` removes nothing when the work ends without an abort; disposing does:
 *   `using _ = onAbort(signal, () => request.destroy())`, or `[Symbol.dispose]()` in a `finally`. Twice does no harm.
 * - All listeners of one signal share one event listener, which is gone when the last of them is. A thousand waiters on
 *   one signal bring no `MaxListenersExceededWarning`, and removing one takes the same time however many there are.
 * - A listener that throws keeps no other from being called; its error surfaces as an uncaught exception, as it does with
 *   `addEventListener`.
 *
 * @param signal `undefined` and `null` are signals that never abort
 */
export function onAbort(signal: AbortSignal | null | undefined, listener: (reason: unknown) => void): Disposable {
  if (signal === undefined || signal === null) return { [Symbol.dispose]: () => {} };
  return signal.aborted ? callSoon(signal, listener) : subscribe(signal, listener);
}

function callSoon(signal: AbortSignal, listener: (reason: unknown) => void): Disposable {
  let disposed = false;
  queueMicrotask(() => {
    if (disposed) return;
    disposed = true;
    listener(signal.reason);
  });
  return {
    [Symbol.dispose]: () => {
      disposed = true;
    },
  };
}

interface Hub {
  readonly listeners: Set<Subscription>;
  readonly dispatch: () => void;
}

interface Subscription {
  readonly call: (reason: unknown) => void;
}

const hubs = new WeakMap<AbortSignal, Hub>();

function subscribe(signal: AbortSignal, listener: (reason: unknown) => void): Disposable {
  const hub = hubs.get(signal) ?? openHub(signal);
  // An object of its own, so that one function can be registered twice.
  const subscription: Subscription = { call: listener };
  hub.listeners.add(subscription);
  return {
    [Symbol.dispose]: () => {
      if (hub.listeners.delete(subscription) && hub.listeners.size === 0) closeHub(signal, hub);
    },
  };
}

function openHub(signal: AbortSignal): Hub {
  const listeners = new Set<Subscription>();
  const hub: Hub = {
    listeners,
    dispatch: () => {
      closeHub(signal, hub);
      for (const subscription of listeners) {
        // Disposed by a listener before it: the set no longer yields it.
        listeners.delete(subscription);
        callSafely(subscription, signal.reason);
      }
    },
  };
  hubs.set(signal, hub);
  signal.addEventListener('abort', hub.dispatch, { once: true });
  return hub;
}

function closeHub(signal: AbortSignal, hub: Hub): void {
  signal.removeEventListener('abort', hub.dispatch);
  if (hubs.get(signal) === hub) hubs.delete(signal);
}

function callSafely(subscription: Subscription, reason: unknown): void {
  try {
    subscription.call(reason);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
