import { onAbort } from '../abort/on-abort.js';
import { ItemSource } from './item-source.js';

/** What stops the work. */
export interface MapConcurrentOptions {
  /** Stops the work; the promise then rejects with its reason. */
  signal?: AbortSignal | null | undefined;
  /**
   * Whether the first error stops the work. Default `true`. With `false` every item is tried, and all errors come
   * together in an `AggregateError`, in the order of the items.
   */
  stopOnError?: boolean;
}

/**
 * Calls `fn` for every item, at most `limit` calls at a time, and resolves with the results in the order of the items.
 *
 * Items are taken from `items` only when there is a place for them, so an endless or slow source is not read ahead. At
 * the first error, or when the signal aborts, no further item is taken, the source is closed, and the signal handed to
 * the running calls aborts. The promise rejects once those calls have ended, so nothing of the work is going on after it;
 * calls that ignore their signal are waited for. Errors that come after the first are dropped.
 *
 * @param limit a whole number from 1, or `Infinity`; anything else is a `RangeError`
 */
export async function mapConcurrent<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  limit: number,
  fn: (item: Item, index: number, signal: AbortSignal) => Result | PromiseLike<Result>,
  { signal: parent, stopOnError = true }: MapConcurrentOptions = {},
): Promise<Awaited<Result>[]> {
  if (!(limit === Infinity || (Number.isInteger(limit) && limit >= 1))) {
    throw new RangeError(`The limit must be a whole number from 1, or Infinity, not ${String(limit)}`);
  }
  parent?.throwIfAborted();
  const stop = new AbortController();
  const results: Awaited<Result>[] = [];
  const errors: { index: number; error: unknown }[] = [];
  // Fields of an object, since the compiler does not see a variable change inside a closure.
  const state: { failure?: { readonly error: unknown }; active: number } = { active: 0 };
  // Ends the one wait that the loop is in. A race over the running calls would add a reaction to each, for every item.
  let wake = () => {};

  const fail = (error: unknown) => {
    state.failure ??= { error };
    stop.abort(error);
    wake();
  };
  const call = async (item: Item, index: number) => {
    state.active++;
    try {
      results[index] = await fn(item, index, stop.signal);
    } catch (error) {
      if (stopOnError) fail(error);
      else errors.push({ index, error });
    }
    state.active--;
    wake();
  };
  const change = () => new Promise<void>((resolve) => (wake = resolve));
  const unlessStopped = (step: PromiseLike<IteratorResult<Item>>) =>
    new Promise<IteratorResult<Item> | undefined>((resolve, reject) => {
      wake = () => state.failure && resolve(undefined);
      wake();
      step.then(resolve, reject);
    });

  const link = onAbort(parent, fail);
  let count = 0;
  try {
    const source = new ItemSource(items);
    while (!state.failure) {
      while (state.active >= limit && !state.failure) await change();
      if (state.failure) break;
      const next = source.next();
      const step = 'then' in next ? await unlessStopped(next) : next;
      if (state.failure || !step || step.done) break;
      void call(step.value, count++);
    }
    await source.close();
  } catch (error) {
    fail(error);
  }
  while (state.active > 0) await change();
  link[Symbol.dispose]();
  if (state.failure) throw state.failure.error;
  if (errors.length > 0) {
    errors.sort((a, b) => a.index - b.index);
    throw new AggregateError(errors.map(({ error }) => error), `${errors.length} of ${count} items failed.`);
  }
  return results;
}
