import { describe, expect, it } from 'vitest';
import { lintEverything } from './lint-everything.js';
import { LONG } from './shapes.js';

const SIZE = Number(process.env['WATERTIGHT_GROWTH'] ?? 100);

/** The least of several runs: what else the machine does only ever adds. */
async function measure(text: string): Promise<{ ms: number; isComplete: boolean }> {
  const runs = [await lintEverything(text), await lintEverything(text)];
  expect(runs.flatMap(({ crashes }) => crashes)).toEqual([]);
  return { ms: Math.min(...runs.map(({ ms }) => ms)), isComplete: runs[0]!.problems.length === 0 };
}

describe('the time that all rules and the parser take', () => {
  it.each(Object.keys(LONG))('grows with the number of %s, or stops with a notice', { timeout: 600_000 }, async (name) => {
    const write = LONG[name]!;
    // The compiler warms up.
    await measure(write(SIZE));
    const [first, second] = [await measure(write(SIZE * 2)), await measure(write(SIZE * 8))];
    console.log(`${name}: ${first.ms.toFixed(0)} ms for ${SIZE * 2}, ${second.ms.toFixed(0)} ms for ${SIZE * 8}${second.isComplete ? '' : ', given up'}`);
    // Four times the text: 4 is linear and 16 is square. What is short is mostly noise; what is given up is bounded instead.
    if (second.isComplete) expect(second.ms).toBeLessThan(9 * first.ms + 1_500);
    else expect(second.ms).toBeLessThan(60_000);
  });
});
