import { onAbort } from './on-abort.js';

/** A signal that follows others until it is disposed. */
export interface LinkedSignal extends Disposable {
  /** Aborts as soon as one of the others does, with its reason; once disposed, no more. */
  readonly signal: AbortSignal;
}

/**
 * A signal that aborts when the first of `signals` does, with its reason: `using linked = linkSignals(a, b)`.
 *
 * Disposing takes it off the others; from then on it never aborts. That is the difference to `AbortSignal.any`, whose
 * signals stay on a long-lived parent in Node 20. An abort takes it off by itself. If one is aborted already, so is the
 * result. `undefined` and `null` are left out, for optional signals.
 */
export function linkSignals(...signals: readonly (AbortSignal | null | undefined)[]): LinkedSignal {
  const controller = new AbortController();
  const links: Disposable[] = [];
  const unlink = () => {
    for (const link of links.splice(0)) link[Symbol.dispose]();
  };
  const abort = (reason: unknown) => {
    unlink();
    controller.abort(reason);
  };
  const aborted = signals.find((signal) => signal?.aborted);
  if (aborted) controller.abort(aborted.reason);
  else for (const signal of new Set(signals)) links.push(onAbort(signal, abort));
  return { signal: controller.signal, [Symbol.dispose]: unlink };
}
