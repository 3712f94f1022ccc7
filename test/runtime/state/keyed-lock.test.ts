import { getEventListeners } from 'node:events';
import { KeyedLock, sleep } from 'watertight-runtime';
import { describe, expect, test } from 'vitest';
import { deferred, isSettled, seeded, unhandledIn } from '../abort/support.js';

const listenersOf = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;

describe('KeyedLock', () => {
  test('runs one function at a time per key, in the order of the calls', async () => {
    const lock = new KeyedLock();
    const order: string[] = [];
    const task = (name: string, ms: number) => lock.run('a', async () => {
      order.push(`${name} in`);
      await sleep(ms);
      order.push(`${name} out`);
      return name;
    });
    expect(await Promise.all([task('first', 10), task('second', 0), task('third', 5)])).toEqual(['first', 'second', 'third']);
    expect(order).toEqual(['first in', 'first out', 'second in', 'second out', 'third in', 'third out']);
    expect(lock.size).toBe(0);
  });

  test('runs different keys side by side', async () => {
    const lock = new KeyedLock<object>();
    const gate = deferred();
    const first = lock.run({}, () => gate.promise);
    expect(await lock.run({}, () => 'other')).toBe('other');
    expect(lock.size).toBe(1);
    gate.resolve();
    await first;
  });

  test('a function that fails, synchronously or not, gives up its turn', async () => {
    const lock = new KeyedLock();
    const results = await Promise.allSettled([
      lock.run('a', () => {
        throw new Error('at once');
      }),
      lock.run('a', () => Promise.reject(new Error('later'))),
      lock.run('a', () => 'fine'),
    ]);
    expect(results).toEqual([
      { status: 'rejected', reason: new Error('at once') },
      { status: 'rejected', reason: new Error('later') },
      { status: 'fulfilled', value: 'fine' },
    ]);
    expect(lock.size).toBe(0);
  });

  test('a newcomer does not overtake one whose turn has come', async () => {
    const lock = new KeyedLock();
    const order: string[] = [];
    const first = lock.run('a', () => Promise.resolve());
    const second = lock.run('a', () => void order.push('second'));
    const third = first.then(() => lock.run('a', () => void order.push('third')));
    await Promise.all([second, third]);
    expect(order).toEqual(['second', 'third']);
  });

  test('the wait ends with the reason of the signal, and those behind move up', async () => {
    const lock = new KeyedLock();
    const gate = deferred();
    const parent = new AbortController();
    const first = lock.run('a', () => gate.promise);
    let called = false;
    const second = lock.run('a', () => {
      called = true;
    }, { signal: parent.signal });
    const third = lock.run('a', () => 'third', { signal: parent.signal });
    const fourth = lock.run('a', () => 'fourth');
    parent.abort('enough');
    await expect(second).rejects.toBe('enough');
    await expect(third).rejects.toBe('enough');
    expect(await isSettled(fourth)).toBe(false);
    gate.resolve();
    await first;
    expect(await fourth).toBe('fourth');
    expect(called).toBe(false);
    expect(lock.size).toBe(0);
    expect(listenersOf(parent.signal)).toBe(0);
  });

  test('an abort after the turn was given, but before it is taken, passes it on', async () => {
    const lock = new KeyedLock();
    const gate = deferred();
    const parent = new AbortController();
    let called = false;
    const first = lock.run('a', () => gate.promise);
    const second = lock.run('a', () => {
      called = true;
    }, { signal: parent.signal });
    const outcome = second.catch((error: unknown) => error);
    const third = lock.run('a', () => 'third');
    expect(listenersOf(parent.signal)).toBe(1);
    gate.resolve();
    // Once the lock no longer listens, the turn has been given.
    while (listenersOf(parent.signal) > 0) await Promise.resolve();
    parent.abort('enough');
    expect(await outcome).toBe('enough');
    expect(called).toBe(false);
    await first;
    expect(await third).toBe('third');
    expect(lock.size).toBe(0);
  });

  test('does not run under an aborted signal, even when the key is free', async () => {
    const lock = new KeyedLock();
    let called = false;
    await expect(lock.run('a', () => {
      called = true;
    }, { signal: AbortSignal.abort('before') })).rejects.toBe('before');
    expect(called).toBe(false);
    expect(lock.isHeld('a')).toBe(false);
  });

  test('a time limit ends even a wait for oneself', async () => {
    const lock = new KeyedLock();
    const outer = lock.run('a', () => lock.run('a', () => 'inner', { signal: AbortSignal.timeout(20) }));
    await expect(outer).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(lock.size).toBe(0);
  });
});

describe('100 workers, 10 iterations, with random delays', () => {
  /** Every worker adds one to one of four counters, ten times, reading before and writing after an await. */
  async function count(seed: number, guard: (key: number, fn: () => Promise<void>) => Promise<void>): Promise<number> {
    const random = seeded(seed);
    const counters = [0, 0, 0, 0];
    await Promise.all(
      Array.from({ length: 100 }, async () => {
        for (let index = 0; index < 10; index++) {
          const key = Math.floor(random() * counters.length);
          await guard(key, async () => {
            const before = counters[key] as number;
            if (random() < 0.1) await sleep(random() * 2);
            else await Promise.resolve();
            counters[key] = before + 1;
          });
        }
      }),
    );
    return counters.reduce((sum, value) => sum + value);
  }

  test.each([1, 2, 3])('updates are lost without the lock, and none with it (seed %i)', async (seed) => {
    expect(await count(seed, (_, fn) => fn())).toBeLessThan(900);
    const lock = new KeyedLock<number>();
    expect(await count(seed, (key, fn) => lock.run(key, fn))).toBe(1_000);
    expect(lock.size).toBe(0);
  });

  test.each([1, 2, 3])('failures and given-up waits leave no entry, no overlap and no unhandled rejection (seed %i)', async (seed) => {
    const random = seeded(seed);
    const lock = new KeyedLock<number>();
    const inside = new Map<number, number>();
    let overlaps = 0;
    const outcomes = { done: 0, failed: 0, gaveUp: 0 };
    const shared = new AbortController();
    const unhandled = await unhandledIn(() =>
      Promise.all(
        Array.from({ length: 100 }, async () => {
          for (let index = 0; index < 10; index++) {
            const key = Math.floor(random() * 5);
            const own = new AbortController();
            const timer = random() < 0.4 ? setTimeout(() => own.abort('gave up'), random() * 20) : undefined;
            try {
              await lock.run(key, async () => {
                const holders = (inside.get(key) ?? 0) + 1;
                inside.set(key, holders);
                if (holders > 1) overlaps++;
                if (random() < 0.3) await sleep(random() * 2);
                inside.set(key, (inside.get(key) ?? 0) - 1);
                if (random() < 0.3) throw new Error('failed');
              }, { signal: index % 2 === 0 ? own.signal : shared.signal });
              outcomes.done++;
            } catch (error) {
              outcomes[error === 'gave up' ? 'gaveUp' : 'failed']++;
            } finally {
              clearTimeout(timer);
            }
          }
        }),
      ),
    );
    expect(unhandled).toEqual([]);
    expect(overlaps).toBe(0);
    expect(outcomes.done + outcomes.failed + outcomes.gaveUp).toBe(1_000);
    for (const amount of Object.values(outcomes)) expect(amount).toBeGreaterThan(20);
    expect(lock.size).toBe(0);
    expect(listenersOf(shared.signal)).toBe(0);
  });
});
