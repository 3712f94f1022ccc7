import { getEventListeners } from 'node:events';
import { sleep, withTimeout } from 'watertight-runtime';
import { describe, expect, test } from 'vitest';
import { deferred, timersLeftBy, unhandledIn } from './support.js';

const listenersOf = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;

/** Runs `fn` and says what it left: timers, and listeners on the signal it was given. */
async function leftBy(fn: (parent: AbortController) => Promise<unknown>): Promise<{ timers: number; listeners: number }> {
  const parent = new AbortController();
  const timers = await timersLeftBy(() => fn(parent));
  return { timers, listeners: listenersOf(parent.signal) };
}

const NOTHING = { timers: 0, listeners: 0 };

describe('withTimeout', () => {
  test('rejects and aborts the work with the reason that the caller makes, which is made only then', async () => {
    const tooLate = new Error('too late');
    let made = 0;
    let seen: unknown;
    const reason = () => {
      made++;
      return tooLate;
    };
    expect(await withTimeout(() => 'in time', 1000, { reason })).toBe('in time');
    expect(made).toBe(0);
    const work = (own: AbortSignal) => new Promise<void>((_, reject) => own.addEventListener('abort', () => reject((seen = own.reason)), { once: true }));
    await expect(withTimeout(work, 5, { reason })).rejects.toBe(tooLate);
    expect([made, seen]).toEqual([1, tooLate]);
  });

  test('gives what the function gives, and leaves nothing', async () => {
    const left = await leftBy(async ({ signal }) => {
      expect(await withTimeout(async () => 'done', 60_000, { signal })).toBe('done');
      expect(await withTimeout(() => 'synchronous', 60_000, { signal })).toBe('synchronous');
    });
    expect(left).toEqual(NOTHING);
  });

  test('throws what the function throws, synchronously or not, and leaves nothing', async () => {
    const left = await leftBy(async ({ signal }) => {
      const synchronous = withTimeout(() => {
        throw new Error('at once');
      }, 60_000, { signal });
      await expect(synchronous).rejects.toThrow('at once');
      await expect(withTimeout(() => Promise.reject(new Error('later')), 60_000, { signal })).rejects.toThrow('later');
    });
    expect(left).toEqual(NOTHING);
  });

  test('rejects with a TimeoutError, aborts the signal with it, and leaves nothing', async () => {
    let given: AbortSignal | undefined;
    const left = await leftBy(async ({ signal }) => {
      const error = await withTimeout((own) => {
        given = own;
        return new Promise(() => {});
      }, 20, { signal }).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(DOMException);
      expect(error).toMatchObject({ name: 'TimeoutError', message: 'The operation did not finish within 20 ms.' });
      expect(given?.reason).toBe(error);
    });
    expect(left).toEqual(NOTHING);
  });

  test('rejects with the reason of the parent, aborts the signal with it, and leaves nothing', async () => {
    let given: AbortSignal | undefined;
    const left = await leftBy(async (parent) => {
      const result = withTimeout((own) => {
        given = own;
        return new Promise(() => {});
      }, 60_000, { signal: parent.signal });
      expect(listenersOf(parent.signal)).toBe(1);
      parent.abort('shutdown');
      await expect(result).rejects.toBe('shutdown');
      expect(given?.reason).toBe('shutdown');
    });
    expect(left).toEqual(NOTHING);
  });

  test('does not call the function when the parent has aborted', async () => {
    let calls = 0;
    await expect(withTimeout(() => calls++, 10, { signal: AbortSignal.abort('before') })).rejects.toBe('before');
    expect(calls).toBe(0);
  });

  test('rejects with the reason, not with what the function makes of it, and drops what comes late', async () => {
    const late = deferred();
    const unhandled = await unhandledIn(async () => {
      const strict = withTimeout((signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('own')))), 5);
      await expect(strict).rejects.toMatchObject({ name: 'TimeoutError' });
      await expect(withTimeout(() => late.promise, 5)).rejects.toMatchObject({ name: 'TimeoutError' });
      late.reject(new Error('too late'));
    });
    expect(unhandled).toEqual([]);
  });

  test('has no limit at Infinity, and takes no number that a timer would misread', async () => {
    const left = await leftBy(async () => expect(await withTimeout(() => sleep(5).then(() => 'done'), Infinity)).toBe('done'));
    expect(left).toEqual(NOTHING);
    for (const ms of [-1, NaN, 2 ** 31]) await expect(withTimeout(() => 'never', ms)).rejects.toThrow(RangeError);
  });
});

describe('sleep', () => {
  test('waits, and leaves nothing', async () => {
    const start = performance.now();
    const left = await leftBy(({ signal }) => sleep(30, { signal }));
    expect(performance.now() - start).toBeGreaterThanOrEqual(29);
    expect(left).toEqual(NOTHING);
  });

  test('ends with the reason of the signal, and leaves nothing', async () => {
    const left = await leftBy(async (parent) => {
      const nap = sleep(60_000, { signal: parent.signal });
      parent.abort('up');
      await expect(nap).rejects.toBe('up');
      await expect(sleep(60_000, { signal: parent.signal })).rejects.toBe('up');
    });
    expect(left).toEqual(NOTHING);
  });

  test('keeps the process alive unless ref is false', async () => {
    const { setTimeout } = globalThis;
    const timers: NodeJS.Timeout[] = [];
    globalThis.setTimeout = ((...args: Parameters<typeof setTimeout>) => {
      const timer = setTimeout(...args);
      timers.push(timer);
      return timer;
    }) as typeof setTimeout;
    const naps = [sleep(1), sleep(1, { ref: false })];
    Object.assign(globalThis, { setTimeout });
    expect(timers.map((timer) => timer.hasRef())).toEqual([true, false]);
    await Promise.all(naps);
  });

  test.each([-1, NaN, Infinity, 2 ** 31])('refuses %s ms', async (ms) => {
    await expect(sleep(ms)).rejects.toThrow(RangeError);
  });
});
