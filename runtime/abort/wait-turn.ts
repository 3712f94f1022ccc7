import { onAbort } from './on-abort.js';
import type { Fifo } from './fifo.js';

/** Resolves when whoever takes the entry from the queue calls it; rejects, and leaves the queue, when `signal` aborts. */
export function waitTurn(queue: Fifo<() => void>, signal: AbortSignal | null | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const place = queue.push(() => {
      link[Symbol.dispose]();
      resolve();
    });
    const link = onAbort(signal, (reason) => {
      queue.remove(place);
      reject(reason);
    });
  });
}
