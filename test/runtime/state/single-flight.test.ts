import { singleFlight, sleep } from 'watertight-runtime';
import { describe, expect, expectTypeOf, test, vi } from 'vitest';
import { deferred, seeded, unhandledIn } from '../abort/support.js';

describe('singleFlight', () => {
  test('overlapping calls share one run and its promise; the next call runs anew', async () => {
    let runs = 0;
    const load = singleFlight(async () => {
      const run = ++runs;
      await sleep(2);
      return run;
    });
    const [first, second] = [load(), load()];
    expect(second).toBe(first);
    expect(load.size).toBe(1);
    expect(await first).toBe(1);
    expect(load.size).toBe(0);
    expect(await load()).toBe(2);
  });

  test('calls for different keys do not share', async () => {
    const seen: string[] = [];
    const load = singleFlight(async (id: string) => {
      seen.push(id);
      await sleep(1);
      return id.toUpperCase();
    });
    expectTypeOf(load).parameters.toEqualTypeOf<[string]>();
    expect(await Promise.all([load('a'), load('b'), load('a')])).toEqual(['A', 'B', 'A']);
    expect(seen).toEqual(['a', 'b']);
  });

  test('a rejection reaches all who shared the run, and is not kept', async () => {
    let runs = 0;
    const load = singleFlight(async () => {
      await sleep(1);
      if (++runs === 1) throw new Error('first run');
      return runs;
    }, undefined, { keepMs: Infinity });
    const unhandled = await unhandledIn(async () => {
      expect(await Promise.allSettled([load(), load()])).toEqual(Array(2).fill({ status: 'rejected', reason: new Error('first run') }));
    });
    expect(unhandled).toEqual([]);
    expect(load.size).toBe(0);
    expect(await load()).toBe(2);
  });

  test('a synchronous throw is a rejection, and is not kept', async () => {
    let runs = 0;
    const load = singleFlight(() => {
      if (++runs === 1) throw new Error('at once');
      return runs;
    });
    await expect(load()).rejects.toThrow('at once');
    expect(await load()).toBe(2);
  });

  test('several arguments need a key', async () => {
    const sum = async (a: number, b: number) => a + b;
    // @ts-expect-error no keyOf
    const broken = singleFlight(sum);
    expect(() => broken(...([1, 2] as unknown as [never]))).toThrow(TypeError);
    let runs = 0;
    const keyed = singleFlight((a: number, b: number) => {
      runs++;
      return sum(a, b);
    }, (a, b) => `${a},${b}`);
    expect(await Promise.all([keyed(1, 2), keyed(1, 3), keyed(1, 2)])).toEqual([3, 4, 3]);
    expect(runs).toBe(2);
  });

  test('keeps results for as long as it is told, the oldest going first', async () => {
    let now = 1_000;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
    let runs = 0;
    const load = singleFlight(async (id: string) => `${id}${++runs}`, undefined, { keepMs: 500, keepMax: 2 });
    expect([await load('a'), await load('b'), await load('a')]).toEqual(['a1', 'b2', 'a1']);
    await load('c');
    expect(load.size).toBe(2);
    expect([await load('b'), await load('a')]).toEqual(['b2', 'a4']);
    now += 499;
    expect(await load('a')).toBe('a4');
    now += 1;
    expect(await load('a')).toBe('a5');
    expect(load.size).toBe(1);
    clock.mockRestore();
  });

  test('forget makes the next call run anew, also during a run', async () => {
    const gates = [deferred<string>(), deferred<string>()];
    let runs = 0;
    const load = singleFlight((_: string) => gates[runs++]?.promise, undefined, { keepMs: Infinity });
    const first = load('a');
    load.forget('a');
    const second = load('a');
    gates[1]?.resolve('second');
    expect(await second).toBe('second');
    gates[0]?.resolve('first');
    expect(await first).toBe('first');
    expect(await load('a')).toBe('second');
    load.forget('a');
    expect(load.size).toBe(0);
  });
});

describe('100 workers, 10 iterations, with random delays', () => {
  test.each([1, 2, 3])('a bare check starts a load twice, singleFlight never (seed %i)', async (seed) => {
    const race = async (wrap: (load: (id: string) => Promise<string>) => (id: string) => Promise<string>) => {
      const random = seeded(seed);
      const open = new Map<string, number>();
      let overlaps = 0;
      let failures = 0;
      const load = wrap(async (id) => {
        open.set(id, (open.get(id) ?? 0) + 1);
        if ((open.get(id) ?? 0) > 1) overlaps++;
        await sleep(random() * 3);
        open.set(id, (open.get(id) ?? 0) - 1);
        if (random() < 0.2) throw new Error('failed');
        return id;
      });
      await Promise.all(
        Array.from({ length: 100 }, async () => {
          for (let index = 0; index < 10; index++) {
            const id = `key ${Math.floor(random() * 4)}`;
            if (random() < 0.5) await sleep(random() * 2);
            await load(id).then((result) => expect(result).toBe(id), () => failures++);
          }
        }),
      );
      expect(failures).toBeGreaterThan(0);
      return overlaps;
    };

    expect(await race((load) => {
      const cache = new Map<string, string>();
      return async (id) => {
        const known = cache.get(id);
        if (known !== undefined) return known;
        const value = await load(id);
        cache.set(id, value);
        return value;
      };
    })).toBeGreaterThan(20);
    expect(await race((load) => singleFlight(load))).toBe(0);
  });
});
