import { clearTimeout, queueMicrotask, setImmediate, setTimeout } from './clock.js';

/** How many runs there are, and in which order. */
export interface StressOptions {
  /** How many run side by side. @defaultValue 100 */
  workers?: number | undefined;
  /** How often each runs, one after the other. @defaultValue 10 */
  iterations?: number | undefined;
  /** Makes the order of everything that goes through `pause` and `random` the same again. @defaultValue a random one */
  seed?: number | undefined;
  /** Milliseconds for all runs together; what has not ended by then is reported as hanging. @defaultValue 30000 */
  timeoutMs?: number | undefined;
}

/** What each run is given. */
export interface StressContext {
  /** 0 to workers - 1. */
  readonly worker: number;
  /** 0 to iterations - 1. */
  readonly iteration: number;
  /**
   * Lets others go first: goes on after a microtask, an immediate or a timer, whichever the seed says, in an order that
   * the seed says. Put it where the code under test waits for something.
   */
  readonly pause: () => Promise<void>;
  /** A number from 0 up to 1, from the seed, this worker and this iteration alone. */
  readonly random: () => number;
}

/** What ran, when nothing failed. */
export interface StressResult {
  /** How often the function was called: workers times iterations. */
  readonly runs: number;
  /** Repeats the order of these runs when given as the option. */
  readonly seed: number;
}

/** Every run that failed, and the seed that repeats them. */
export class StressError extends AggregateError {
  /** Tells it from other errors, also across copies of this package. */
  override readonly name = 'StressError';
  /** Repeats the order of these runs when given as the option. */
  readonly seed: number;

  constructor(errors: unknown[], failed: number, runs: number, seed: number) {
    const shown = [...new Set(errors.map((error) => (error instanceof Error ? error.message : String(error))))].slice(0, 5);
    super(errors, `${failed} of ${runs} runs failed; repeat them with { seed: ${seed} }:\n${shown.map((line) => `- ${line}`).join('\n')}`);
    this.seed = seed;
  }
}

/**
 * Runs a function many times side by side, in a random order that can be repeated, to bring races to light.
 *
 * The order is that of the seed as far as the function waits only by `pause()`, or for what follows from it; waiting for the
 * network or the disk adds chance of its own. All runs come to their end, whatever fails.
 *
 * @throws StressError with every error and with the seed
 *
 * @example
 * ```ts
 * await stress(async ({ pause }) => {
 *   await jobs.update('job-1', async (state) => {
 *     await pause();
 *     return { ...state, count: state.count + 1 };
 *   });
 * });
 * assert.equal(jobs.get('job-1').count, 1000);
 * ```
 */
export async function stress(fn: (context: StressContext) => unknown, options: StressOptions = {}): Promise<StressResult> {
  const { workers = 100, iterations = 10, timeoutMs = 30_000 } = options;
  const seed = options.seed ?? Math.floor(Math.random() * 2 ** 32);
  const scheduler = new SeededScheduler(generator(seed));
  const errors: unknown[] = [];
  let ended = 0;

  const runWorker = async (worker: number): Promise<void> => {
    for (let iteration = 0; iteration < iterations; iteration++) {
      const random = generator(mix(seed, worker * iterations + iteration));
      await scheduler.pause();
      try {
        await fn({ worker, iteration, random, pause: () => scheduler.pause() });
      } catch (error) {
        errors.push(error);
      }
      ended++;
    }
  };
  const all = Promise.all(Array.from({ length: workers }, (_, worker) => runWorker(worker)));
  const runs = workers * iterations;
  const isEnded = await endsWithin(timeoutMs, all);
  scheduler.stop();
  const failed = errors.length + runs - ended;
  if (!isEnded) {
    errors.push(new Error(`${runs - ended} runs had not ended after ${timeoutMs} ms.`));
  }
  if (errors.length > 0) {
    throw new StressError(errors, failed, runs, seed);
  }
  return { runs, seed };
}

/** Wakes those who pause one at a time, so that only the seed and not the clock decides who is next. */
class SeededScheduler {
  readonly #random: () => number;
  readonly #waiting: (() => void)[] = [];
  #isScheduled = false;
  #isStopped = false;

  constructor(random: () => number) {
    this.#random = random;
  }

  pause(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#schedule();
    });
  }

  /** Those who still pause are left where they are. */
  stop(): void {
    this.#isStopped = true;
  }

  #schedule(): void {
    if (this.#isScheduled || this.#isStopped || this.#waiting.length === 0) {
      return;
    }
    this.#isScheduled = true;
    const wake = () => {
      this.#isScheduled = false;
      const [next] = this.#waiting.splice(Math.floor(this.#random() * this.#waiting.length), 1);
      next?.();
      this.#schedule();
    };
    const kind = this.#random();
    if (kind < 0.5) {
      queueMicrotask(wake);
    } else if (kind < 0.98) {
      setImmediate(wake);
    } else {
      setTimeout(wake, 1);
    }
  }
}

async function endsWithin(ms: number, promise: Promise<unknown>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A xorshift generator: G. Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8 (14), 2003. */
function generator(seed: number): () => number {
  // Its state must not be zero, and neighbouring seeds begin alike.
  let state = scattered(seed) || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** A seed for each run of its own. */
function mix(seed: number, index: number): number {
  return scattered(seed) ^ scattered(index + 1);
}

/** A number whose bits all depend on all bits of the other: odd factors and shifts lose nothing. */
function scattered(value: number): number {
  const first = Math.imul(value ^ (value >>> 16), 0x45d9f3b);
  return Math.imul(first ^ (first >>> 15), 0x2c1b3c6d) ^ 0x5bd1e995;
}
