import { getEventListeners } from 'node:events';
import { mapConcurrent, sleep } from 'watertight-runtime';
import { describe, expect, test } from 'vitest';
import { deferred, isSettled, seeded, unhandledIn } from '../abort/support.js';

const listenersOf = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;
const numbers = (length: number) => Array.from({ length }, (_, index) => index);

/** A source that says how far it was read and whether it was closed. */
function watched(length: number) {
  const log = { taken: 0, closed: 0 };
  function* synchronous() {
    try {
      for (; log.taken < length; ) yield log.taken++;
    } finally {
      log.closed++;
    }
  }
  async function* asynchronous() {
    try {
      for (; log.taken < length; ) {
        await Promise.resolve();
        yield log.taken++;
      }
    } finally {
      log.closed++;
    }
  }
  return { log, synchronous, asynchronous };
}

describe('mapConcurrent', () => {
  test('keeps the order of the items, at most so many at a time', async () => {
    const random = seeded(1);
    let running = 0;
    let most = 0;
    const results = await mapConcurrent(numbers(50), 4, async (item, index) => {
      expect(index).toBe(item);
      most = Math.max(most, ++running);
      await sleep(random() * 4);
      running--;
      return item * 2;
    });
    expect(results).toEqual(numbers(50).map((item) => item * 2));
    expect(most).toBe(4);
  });

  test('starts the first calls at once, as map does', () => {
    const started: number[] = [];
    void mapConcurrent(numbers(5), 3, (item) => {
      started.push(item);
      return sleep(1);
    });
    expect(started).toEqual([0, 1, 2]);
  });

  test('takes an async iterable, a generator, a Set, nothing, and has no limit at Infinity', async () => {
    const { asynchronous, synchronous } = watched(3);
    expect(await mapConcurrent(asynchronous(), 2, (item) => item + 1)).toEqual([1, 2, 3]);
    expect(await mapConcurrent(watched(3).synchronous(), 2, async (item) => item + 1)).toEqual([1, 2, 3]);
    expect([...synchronous()]).toEqual([]);
    expect(await mapConcurrent(new Set('ab'), Infinity, (item) => item)).toEqual(['a', 'b']);
    expect(await mapConcurrent([], 1, () => 1)).toEqual([]);
    expect(await mapConcurrent([undefined, null], 1, (item) => item)).toEqual([undefined, null]);
  });

  test.each([0, -1, 1.5, NaN, '2' as never])('refuses the limit %s', async (limit) => {
    await expect(mapConcurrent([1], limit, (item) => item)).rejects.toThrow(RangeError);
  });

  test.each(['synchronous', 'asynchronous'] as const)('reads a %s source no further than there is room', async (kind) => {
    const source = watched(100);
    const gate = deferred();
    const all = mapConcurrent(source[kind](), 3, () => gate.promise);
    expect(await isSettled(all)).toBe(false);
    expect(source.log.taken).toBe(3);
    gate.resolve();
    await all;
    expect(source.log).toEqual({ taken: 100, closed: 1 });
  });

  test.each(['synchronous', 'asynchronous'] as const)('the first error stops a %s source, tells the running calls, and waits for them', async (kind) => {
    const source = watched(100);
    const started: number[] = [];
    const ended: number[] = [];
    const unhandled = await unhandledIn(async () => {
      const all = mapConcurrent(source[kind](), 3, async (item, _, signal) => {
        started.push(item);
        if (item === 1) throw new Error('item 1');
        await sleep(60_000, { signal }).catch(() => {});
        await sleep(5);
        ended.push(item);
        throw new Error(`item ${item}, after the first`);
      });
      await expect(all).rejects.toThrow('item 1');
      expect(started).toContain(0);
      expect(ended).toEqual(started.filter((item) => item !== 1));
    });
    expect(unhandled).toEqual([]);
    expect(source.log.taken).toBeLessThanOrEqual(3);
    expect(source.log.closed).toBe(1);
  });

  test('a synchronous throw, and one of undefined, stop it as well', async () => {
    const throwing = (error: unknown) => mapConcurrent([1], 1, () => {
      throw error;
    });
    await expect(throwing(new Error('at once'))).rejects.toThrow('at once');
    await expect(throwing(undefined)).rejects.toBeUndefined();
  });

  test('without stopOnError every item is tried, and the errors come together in order', async () => {
    const tried: number[] = [];
    const error = await mapConcurrent(numbers(6), 4, async (item) => {
      tried.push(item);
      await sleep(60 - item * 10);
      if (item % 2 === 1) throw new Error(`item ${item}`);
      return item;
    }, { stopOnError: false }).catch((caught: unknown) => caught);
    expect(tried).toEqual(numbers(6));
    expect(error).toBeInstanceOf(AggregateError);
    expect((error as AggregateError).message).toBe('3 of 6 items failed.');
    expect((error as AggregateError).errors).toEqual([new Error('item 1'), new Error('item 3'), new Error('item 5')]);
  });

  test('the signal stops it with its reason, and nothing is left on it', async () => {
    const parent = new AbortController();
    const source = watched(100);
    const all = mapConcurrent(source.synchronous(), 3, (_, __, signal) => sleep(60_000, { signal }), { signal: parent.signal });
    expect(listenersOf(parent.signal)).toBe(1);
    parent.abort('enough');
    await expect(all).rejects.toBe('enough');
    expect(listenersOf(parent.signal)).toBe(0);
    expect(source.log).toEqual({ taken: 3, closed: 1 });
    await expect(mapConcurrent(source.synchronous(), 3, () => 1, { signal: parent.signal })).rejects.toBe('enough');
    expect(await mapConcurrent([1], 1, (item) => item, { signal: new AbortController().signal })).toEqual([1]);
  });

  test('the signal ends the wait for a source that never answers', async () => {
    const parent = new AbortController();
    let told = 0;
    const silent: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => {}),
        return: () => {
          told++;
          return new Promise(() => {});
        },
      }),
    };
    const all = mapConcurrent(silent, 1, (item) => item, { signal: parent.signal });
    parent.abort('enough');
    await expect(all).rejects.toBe('enough');
    expect(told).toBe(1);
  });

  test('an item that comes with the abort is not begun', async () => {
    const parent = new AbortController();
    const begun: number[] = [];
    function* stopping() {
      yield 0;
      parent.abort('enough');
      yield 1;
    }
    await expect(mapConcurrent(stopping(), 5, (item) => void begun.push(item), { signal: parent.signal })).rejects.toBe('enough');
    expect(begun).toEqual([0]);
  });

  test('a source that aborts and then never answers is left as well', async () => {
    const parent = new AbortController();
    const stopping: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next: () => {
          parent.abort('enough');
          return new Promise(() => {});
        },
      }),
    };
    await expect(mapConcurrent(stopping, 1, (item) => item, { signal: parent.signal })).rejects.toBe('enough');
  });

  test('a source that fails stops the work, and is not closed again', async () => {
    let closed = 0;
    const failing = (step: () => Promise<IteratorResult<number>>) => ({
      [Symbol.asyncIterator]: () => ({
        next: step,
        return: async () => {
          closed++;
          return { done: true as const, value: undefined };
        },
      }),
    });
    let steps = 0;
    const unhandled = await unhandledIn(async () => {
      const late = failing(async () => {
        if (++steps < 3) return { done: false, value: steps };
        throw new Error('source');
      });
      await expect(mapConcurrent(late, 5, (_, __, signal) => sleep(60_000, { signal }))).rejects.toThrow('source');
      await expect(mapConcurrent(failing(() => {
        throw new Error('at once');
      }), 5, () => 1)).rejects.toThrow('at once');
      await expect(mapConcurrent(undefined as never, 5, () => 1)).rejects.toThrow(TypeError);
    });
    expect(closed).toBe(0);
    expect(unhandled).toEqual([]);
  });

  test('an error while a slow source is asked ends the wait, and what the source does later is dropped', async () => {
    const gate = deferred<IteratorResult<number>>();
    let asked = 0;
    const slow: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({ next: () => (asked++ === 0 ? Promise.resolve({ done: false, value: 1 }) : gate.promise) }),
    };
    const unhandled = await unhandledIn(async () => {
      await expect(mapConcurrent(slow, 2, async () => {
        await sleep(1);
        throw new Error('call');
      })).rejects.toThrow('call');
      gate.reject(new Error('late'));
    });
    expect(unhandled).toEqual([]);
  });

  test.each([1, 2, 3])('100 runs of 10 items with random delays, failures and aborts: every outcome is right (seed %i)', async (seed) => {
    const random = seeded(seed);
    const parent = new AbortController();
    const outcomes = { done: 0, failed: 0, aborted: 0 };
    let running = 0;
    const unhandled = await unhandledIn(() =>
      Promise.all(
        Array.from({ length: 100 }, async () => {
          const own = new AbortController();
          const kind = random();
          const timer = kind < 0.3 ? setTimeout(() => own.abort('enough'), random() * 4) : undefined;
          const failAt = kind > 0.6 ? Math.floor(random() * 10) : -1;
          const limit = 1 + Math.floor(random() * 5);
          let mine = 0;
          const items = random() < 0.5 ? watched(10).synchronous() : watched(10).asynchronous();
          try {
            const results = await mapConcurrent(items, limit, async (item, _, signal) => {
              running++;
              expect(++mine).toBeLessThanOrEqual(limit);
              try {
                await sleep(random() * 3, { signal: random() < 0.5 ? signal : undefined });
                if (item === failAt) throw new Error('failed');
                return item;
              } finally {
                mine--;
                running--;
              }
            }, { signal: random() < 0.5 || timer ? own.signal : parent.signal });
            expect(results).toEqual(numbers(10));
            outcomes.done++;
          } catch (error) {
            if (error === 'enough') outcomes.aborted++;
            else if (error instanceof Error && error.message === 'failed') outcomes.failed++;
            else throw error;
          } finally {
            clearTimeout(timer);
            expect(mine).toBe(0);
          }
        }),
      ),
    );
    expect(unhandled).toEqual([]);
    expect(outcomes.done + outcomes.failed + outcomes.aborted).toBe(100);
    for (const count of Object.values(outcomes)) expect(count).toBeGreaterThan(5);
    expect(running).toBe(0);
    expect(listenersOf(parent.signal)).toBe(0);
  });
});
