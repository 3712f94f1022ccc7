import { describe, expect, test } from 'vitest';
import { stress, StressError } from 'watertight-runtime/testing';

test('runs 100 workers x 10 iterations, each once', async () => {
  const runs = new Set<string>();
  let active = 0;
  let peak = 0;
  const result = await stress(async ({ worker, iteration, pause }) => {
    runs.add(`${worker}/${iteration}`);
    peak = Math.max(peak, ++active);
    await pause();
    active--;
  });
  expect(result).toEqual({ runs: 1000, seed: expect.any(Number) });
  expect(runs.size).toBe(1000);
  expect(peak).toBeGreaterThan(50);
});

describe('a race', () => {
  const racy = async (seed: number) => {
    let count = 0;
    await stress(async ({ pause }) => {
      const read = count;
      await pause();
      count = read + 1;
    }, { seed, workers: 20, iterations: 5 });
    return count;
  };

  test('loses updates', async () => {
    expect(await racy(1)).toBeLessThan(100);
  });

  test('is repeated by its seed and not by another', async () => {
    const counts = await Promise.all([racy(1), racy(1)]);
    expect(counts[0]).toBe(counts[1]);
    const others = await Promise.all(Array.from({ length: 10 }, (_, seed) => racy(seed + 2)));
    expect(new Set(others).size).toBeGreaterThan(1);
  });
});

test('the whole order follows from the seed', async () => {
  const orderOf = async (seed: number) => {
    const order: string[] = [];
    await stress(async ({ worker, iteration, pause, random }) => {
      for (let i = 0; random() < 0.7 && i < 5; i++) {
        order.push(`${worker}/${iteration}/${i}`);
        await pause();
      }
    }, { seed, workers: 10, iterations: 3 });
    return order.join(' ');
  };
  const [first, again, other] = [await orderOf(42), await orderOf(42), await orderOf(43)];
  expect(first.length).toBeGreaterThan(100);
  expect(again).toBe(first);
  expect(other).not.toBe(first);
});

test('collects every error, goes on, and says the seed', async () => {
  let runs = 0;
  const error = await stress(({ worker, iteration }) => {
    runs++;
    if ((worker + iteration) % 4 === 0) throw new Error(`broken at ${worker}`);
  }, { workers: 8, iterations: 4, seed: 99 }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(StressError);
  expect((error as StressError).errors).toHaveLength(8);
  expect((error as StressError).seed).toBe(99);
  expect((error as StressError).message).toMatch(/^8 of 32 runs failed; repeat them with \{ seed: 99 \}:\n- broken at \d/);
  expect(runs).toBe(32);
});

test('an unknown seed is in the error, and brings the failure back', async () => {
  const run = (seed?: number) => {
    const order: number[] = [];
    return stress(async ({ worker, pause }) => {
      await pause();
      order.push(worker);
      if (order.length === 10) throw new Error(`tenth is ${worker}`);
    }, { workers: 10, iterations: 2, seed }).catch((reason: StressError) => reason) as Promise<StressError>;
  };
  const first = await run();
  expect((await run(first.seed)).message).toBe(first.message);
});

test('runs that hang are counted, and the others end', async () => {
  const ended: number[] = [];
  const error = await stress(async ({ worker }) => {
    if (worker === 3) await new Promise(() => {});
    ended.push(worker);
  }, { workers: 10, iterations: 1, timeoutMs: 100 }).catch((reason: unknown) => reason);
  expect((error as StressError).errors.map((each: Error) => each.message)).toEqual(['1 runs had not ended after 100 ms.']);
  expect((error as Error).message).toMatch(/^1 of 10 runs failed;/);
  expect(ended).toHaveLength(9);
});

test('random is from 0 up to 1, spread out, and differs between runs', async () => {
  const numbers: number[] = [];
  await stress(({ random }) => void numbers.push(random(), random()), { seed: 0 });
  expect(new Set(numbers).size).toBeGreaterThan(1990);
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...numbers)).toBeLessThan(1);
  const mean = numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
  expect(mean).toBeGreaterThan(0.45);
  expect(mean).toBeLessThan(0.55);
});
