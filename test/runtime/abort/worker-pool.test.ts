import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { getEventListeners } from 'node:events';
import { ContextualError, WorkerPool, sleep } from 'watertight-runtime';
import { describe, expect, test } from 'vitest';
import { deferred, isSettled, seeded, timersLeftBy, unhandledIn, usedHeap } from './support.js';
import type { JobEvent } from 'watertight-runtime';

const listenersOf = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;

describe('WorkerPool', () => {
  test('runs at most as many jobs as it has workers, in the order they came', async () => {
    const pool = new WorkerPool({ concurrency: 3 });
    const started: number[] = [];
    let running = 0;
    let most = 0;
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) => pool.run(async () => {
        started.push(index);
        most = Math.max(most, ++running);
        await sleep(index % 4);
        running--;
        return index * 2;
      })),
    );
    expect(results).toEqual(Array.from({ length: 20 }, (_, index) => index * 2));
    expect(started).toEqual(Array.from({ length: 20 }, (_, index) => index));
    expect(most).toBe(3);
    expect(pool.metrics).toEqual({ active: 0, queued: 0, waiting: 0, peak: 3, submitted: 20, completed: 20, failed: 0, cancelled: 0 });
  });

  test('submit returns once the job is accepted, and waits while there is no room', async () => {
    const pool = new WorkerPool({ concurrency: 1, queueLimit: 1 });
    const gates = [deferred(), deferred(), deferred()];
    const submissions = gates.map((gate) => pool.submit(() => gate.promise));
    await submissions[0];
    await submissions[1];
    expect(await isSettled(submissions[2] as Promise<unknown>)).toBe(false);
    expect(pool.metrics).toMatchObject({ active: 1, queued: 1, waiting: 1, submitted: 2 });
    gates[0]?.resolve();
    await submissions[2];
    expect(pool.metrics).toMatchObject({ active: 1, queued: 1, waiting: 0, submitted: 3 });
    gates[1]?.resolve();
    gates[2]?.resolve();
    expect(await pool.drain()).toMatchObject({ completed: 3, peak: 1 });
  });

  test('a producer that awaits submit never runs ahead', async () => {
    const pool = new WorkerPool({ concurrency: 2, queueLimit: 3 });
    let produced = 0;
    let done = 0;
    let furthest = 0;
    while (produced < 200) {
      await pool.submit(async () => {
        await Promise.resolve();
        done++;
      });
      furthest = Math.max(furthest, ++produced - done);
    }
    await pool.drain();
    expect(done).toBe(200);
    expect(furthest).toBeLessThanOrEqual(5);
  });

  test('without a queue a job is accepted only by a free worker', async () => {
    const pool = new WorkerPool({ concurrency: 1, queueLimit: 0 });
    const gate = deferred();
    await pool.submit(() => gate.promise);
    const second = pool.submit(() => 'second');
    expect(await isSettled(second)).toBe(false);
    gate.resolve();
    expect(await (await second).result).toBe('second');
  });

  test('a failing job, synchronous or not, ends itself alone', async () => {
    const reported: unknown[] = [];
    const pool = new WorkerPool({ concurrency: 1, onFailure: (error, id) => reported.push([error, id]) });
    const unhandled = await unhandledIn(async () => {
      await pool.submit(() => {
        throw new Error('at once');
      });
      await pool.submit(() => Promise.reject(new Error('later')));
      expect(await pool.run(() => 'fine')).toBe('fine');
    });
    expect(unhandled).toEqual([]);
    expect(pool.metrics).toMatchObject({ completed: 1, failed: 2 });
    expect(reported).toEqual([[new Error('at once'), 1], [new Error('later'), 2]]);
    await expect(pool.run(() => Promise.reject(new Error('read')))).rejects.toThrow('read');
  });

  test('a job out of time is told, its result rejects at once, and it keeps its worker until it ends', async () => {
    const pool = new WorkerPool({ concurrency: 1, timeoutMs: 20 });
    const gate = deferred();
    let given: AbortSignal | undefined;
    const job = await pool.submit((signal) => {
      given = signal;
      return gate.promise;
    });
    await expect(job.result).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(given?.reason).toMatchObject({ name: 'TimeoutError' });
    expect(pool.metrics).toMatchObject({ active: 1, failed: 0 });
    const next = pool.run(() => 'next');
    expect(await isSettled(next)).toBe(false);
    gate.resolve();
    expect(await next).toBe('next');
    expect(pool.metrics).toMatchObject({ active: 0, completed: 1, failed: 1 });
  });

  test('the time limit starts with the job, can be set per job, and leaves no timer', async () => {
    let states: string[] = [];
    const left = await timersLeftBy(async () => {
      const pool = new WorkerPool({ concurrency: 1, timeoutMs: 300 });
      const results = await Promise.allSettled([
        pool.run(() => sleep(180)),
        pool.run(() => sleep(180)),
        pool.run(() => sleep(20), { timeoutMs: 5 }),
        pool.run(() => sleep(400), { timeoutMs: Infinity }),
        pool.run(() => sleep(1), { timeoutMs: 60_000 }),
      ]);
      await pool.drain();
      states = results.map(({ status }) => status);
    });
    expect(states).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(left).toBe(0);
  });

  test.each(['waiting', 'queued', 'active'] as const)('a signal cancels a job that is %s', async (state) => {
    const pool = new WorkerPool({ concurrency: 1, queueLimit: 1 });
    const gate = deferred();
    const before = { waiting: 2, queued: 1, active: 0 }[state];
    for (let index = 0; index < before; index++) await pool.submit(() => gate.promise);
    const parent = new AbortController();
    let calls = 0;
    const result = pool.run(async (signal) => {
      calls++;
      await sleep(60_000, { signal });
    }, { signal: parent.signal });
    await Promise.resolve();
    expect(pool.metrics[state]).toBe(1);
    parent.abort('not needed');
    await expect(result).rejects.toBe('not needed');
    gate.resolve();
    await pool.drain();
    expect(calls).toBe(state === 'active' ? 1 : 0);
    expect(listenersOf(parent.signal)).toBe(0);
    expect(pool.metrics).toMatchObject({ cancelled: state === 'waiting' ? 0 : 1, completed: before, submitted: before + (state === 'waiting' ? 0 : 1) });
  });

  test('a cancelled job in the queue makes room for the next', async () => {
    const pool = new WorkerPool({ concurrency: 1, queueLimit: 1 });
    const gate = deferred();
    await pool.submit(() => gate.promise);
    const queued = await pool.submit(() => 'never');
    const waiting = pool.submit(() => 'third');
    queued.cancel();
    const third = await waiting;
    await expect(queued.result).rejects.toMatchObject({ name: 'AbortError' });
    gate.resolve();
    expect(await third.result).toBe('third');
  });

  test('cancelling a job that is over changes nothing', async () => {
    const pool = new WorkerPool({ concurrency: 1 });
    let given: AbortSignal | undefined;
    const job = await pool.submit((signal) => {
      given = signal;
      return 'done';
    });
    expect(await job.result).toBe('done');
    job.cancel();
    expect(given?.aborted).toBe(false);
    expect(pool.metrics).toMatchObject({ completed: 1, cancelled: 0 });
  });

  test('the signal of the pool cancels everything, and ends the pool', async () => {
    const parent = new AbortController();
    const pool = new WorkerPool({ concurrency: 2, queueLimit: 2, signal: parent.signal });
    const unhandled = await unhandledIn(async () => {
      const results = Array.from({ length: 8 }, () => pool.run((signal) => sleep(60_000, { signal })));
      const settled = Promise.allSettled(results);
      await Promise.resolve();
      parent.abort('shutdown');
      expect(await settled).toEqual(Array(8).fill({ status: 'rejected', reason: 'shutdown' }));
      expect(await pool.drain()).toMatchObject({ active: 0, queued: 0, waiting: 0, cancelled: 4, submitted: 4 });
      await expect(pool.submit(() => 'late')).rejects.toBe('shutdown');
    });
    expect(unhandled).toEqual([]);
    expect(listenersOf(parent.signal)).toBe(0);
  });

  test('closing lets accepted jobs finish and refuses the others', async () => {
    const pool = new WorkerPool({ concurrency: 1, queueLimit: 1, name: 'uploads' });
    const results = Array.from({ length: 3 }, (_, index) => pool.run(() => sleep(5).then(() => index)));
    const settled = Promise.allSettled(results);
    await Promise.resolve();
    expect(await pool.close()).toMatchObject({ active: 0, queued: 0, waiting: 0, completed: 2 });
    const [first, second, third] = await settled;
    expect([first, second]).toEqual([{ status: 'fulfilled', value: 0 }, { status: 'fulfilled', value: 1 }]);
    const refusal = (third as PromiseRejectedResult).reason as unknown;
    expect(refusal).toBeInstanceOf(ContextualError);
    expect(refusal).toMatchObject({ code: 'POOL_CLOSED', message: 'The pool uploads is closed.' });
    await expect(pool.submit(() => 'late')).rejects.toMatchObject({ code: 'POOL_CLOSED' });
    await pool.close();
  });

  test('closing with cancel aborts accepted jobs, and waits for those that run', async () => {
    const pool = new WorkerPool({ concurrency: 1, queueLimit: 1 });
    let ended = false;
    const jobs = [
      await pool.submit(async (signal) => {
        await sleep(60_000, { signal }).catch(() => {});
        await sleep(10);
        ended = true;
      }),
      await pool.submit(() => 'never'),
    ];
    const metrics = await pool.close({ cancel: true, reason: 'leaving' });
    expect(ended).toBe(true);
    expect(metrics).toMatchObject({ active: 0, queued: 0, cancelled: 2 });
    expect(await Promise.allSettled(jobs.map(({ result }) => result))).toEqual(Array(2).fill({ status: 'rejected', reason: 'leaving' }));
  });

  test('leaving its scope waits for the jobs', async () => {
    let done = 0;
    {
      await using pool = new WorkerPool({ concurrency: 2 });
      for (let index = 0; index < 4; index++) await pool.submit(() => sleep(5).then(() => done++));
    }
    expect(done).toBe(4);
  });

  test('a job may submit to its own pool while there is room', async () => {
    const pool = new WorkerPool({ concurrency: 1, queueLimit: 5 });
    const outer = await pool.run(() => pool.submit(() => 'inner'));
    expect(await outer.result).toBe('inner');
  });

  test.each([{ concurrency: 0 }, { concurrency: 1.5 }, { concurrency: NaN }, { concurrency: Infinity }, { concurrency: 1, queueLimit: -1 }, { concurrency: 1, timeoutMs: NaN }])(
    'refuses %o',
    (options) => {
      expect(() => new WorkerPool(options)).toThrow(RangeError);
    },
  );

  test('publishes what happens to a job', async () => {
    const events: JobEvent[] = [];
    const note = (event: unknown) => void events.push(event as JobEvent);
    subscribe('watertight:jobs', note);
    const pool = new WorkerPool({ concurrency: 1, name: 'uploads' });
    await pool.run(() => 'good');
    const running = await pool.submit((signal) => sleep(60_000, { signal }));
    const queued = await pool.submit(() => 'never');
    queued.cancel('first');
    running.cancel('second');
    await pool.drain();
    await expect(pool.run(() => Promise.reject(new Error('bad')))).rejects.toThrow('bad');
    unsubscribe('watertight:jobs', note);
    expect(events.splice(-2).map(({ phase, metrics }) => [phase, metrics?.active, metrics?.peak, metrics?.failed])).toEqual([
      ['started', 1, 1, 0],
      ['failed', 0, 1, 1],
    ]);
    expect(events.map(({ source, id, phase, active, queued: waiting, error }) => [source, id, phase, active, waiting, error])).toEqual([
      ['uploads', 1, 'started', 1, 0, undefined],
      ['uploads', 1, 'completed', 0, 0, undefined],
      ['uploads', 2, 'started', 1, 0, undefined],
      ['uploads', 3, 'cancelled', 1, 0, 'first'],
      ['uploads', 2, 'cancelling', 1, 0, 'second'],
      ['uploads', 2, 'cancelled', 0, 0, 'second'],
    ]);
    expect(events.map(({ metrics }) => metrics)).toMatchObject([
      { active: 1, peak: 1, completed: 0 },
      { active: 0, peak: 1, completed: 1 },
      { active: 1, submitted: 2 },
      { queued: 0, submitted: 3, cancelled: 1 },
      { active: 1, cancelled: 1 },
      { active: 0, peak: 1, submitted: 3, completed: 1, failed: 0, cancelled: 2 },
    ]);
  });

  test('20,000 waiting callers are served while 20,000 others are cancelled', async () => {
    const pool = new WorkerPool({ concurrency: 10 });
    const parent = new AbortController();
    const served = Array.from({ length: 20_000 }, () => pool.run(() => 'served'));
    const dropped = Array.from({ length: 20_000 }, () => pool.run(() => 'served', { signal: parent.signal }));
    const settled = Promise.allSettled(dropped);
    await Promise.resolve();
    parent.abort('not needed');
    expect(new Set(await Promise.all(served))).toEqual(new Set(['served']));
    expect((await settled).every((outcome) => outcome.status === 'rejected' && outcome.reason === 'not needed')).toBe(true);
    expect(pool.metrics).toMatchObject({ submitted: 20_000, completed: 20_000, cancelled: 0 });
  });
});

describe('100 workers, 10 iterations, in random order', () => {
  test.each([1, 2, 3])('no job is lost and no rejection is unhandled (seed %i)', async (seed) => {
    const random = seeded(seed);
    const parent = new AbortController();
    const pool = new WorkerPool({ concurrency: 20, queueLimit: 20, signal: parent.signal });
    const outcomes = { completed: 0, failed: 0, cancelled: 0, refused: 0 };
    const calls = { started: 0, ended: 0 };

    const job = (fails: boolean, ms: number) => async (signal: AbortSignal) => {
      calls.started++;
      try {
        await sleep(ms, { signal });
        if (fails) throw new Error('failed');
      } finally {
        calls.ended++;
      }
    };

    async function iterate(): Promise<void> {
      const [kind, ms, patience] = [random(), Math.floor(random() * 4), Math.floor(random() * 12)];
      const own = new AbortController();
      const timer = kind < 0.25 ? setTimeout(() => own.abort('cancelled'), patience) : undefined;
      let accepted = false;
      try {
        const submitted = await pool.submit(job(kind >= 0.35 && kind < 0.6, ms), { signal: own.signal, ...(kind > 0.9 && { timeoutMs: 0 }) });
        accepted = true;
        if (kind >= 0.25 && kind < 0.35) submitted.cancel('cancelled');
        // Some results are never read: their failures must still be nobody's unhandled rejection.
        if (random() < 0.2) {
          submitted.result.then(() => outcomes.completed++, (error: unknown) => outcomes[error === 'cancelled' ? 'cancelled' : 'failed']++);
        } else {
          await submitted.result;
          outcomes.completed++;
        }
      } catch (error) {
        outcomes[!accepted ? 'refused' : error === 'cancelled' ? 'cancelled' : 'failed']++;
      } finally {
        clearTimeout(timer);
        expect(listenersOf(own.signal)).toBeLessThanOrEqual(1);
      }
    }

    const unhandled = await unhandledIn(async () => {
      await Promise.all(
        Array.from({ length: 100 }, async () => {
          for (let index = 0; index < 10; index++) await iterate();
        }),
      );
      await pool.drain();
    });

    const { metrics } = pool;
    expect(unhandled).toEqual([]);
    expect(outcomes.completed + outcomes.failed + outcomes.cancelled + outcomes.refused).toBe(1_000);
    expect(metrics).toEqual({
      active: 0,
      queued: 0,
      waiting: 0,
      peak: 20,
      submitted: 1_000 - outcomes.refused,
      completed: outcomes.completed,
      failed: outcomes.failed,
      cancelled: outcomes.cancelled,
    });
    for (const count of Object.values(outcomes)) expect(count).toBeGreaterThan(20);
    expect(calls.started).toBe(calls.ended);
    expect(listenersOf(parent.signal)).toBe(0);
  });

  test('twelve such rounds leave no more memory than two', async () => {
    const random = seeded(4);
    const parent = new AbortController();
    const pool = new WorkerPool({ concurrency: 20, queueLimit: 20, signal: parent.signal });

    async function iterate(): Promise<void> {
      const kind = random();
      const own = new AbortController();
      const work = async (signal: AbortSignal) => {
        await sleep(1, { signal });
        if (kind < 1 / 3) throw new Error('failed');
      };
      const submitted = await pool.submit(work, { signal: own.signal });
      if (kind > 2 / 3) submitted.cancel('cancelled');
      await submitted.result.catch(() => {});
    }
    async function runRound(): Promise<void> {
      await Promise.all(
        Array.from({ length: 100 }, async () => {
          for (let index = 0; index < 10; index++) await iterate();
        }),
      );
      await pool.drain();
    }

    await runRound();
    await runRound();
    const before = usedHeap();
    for (let round = 0; round < 10; round++) await runRound();
    // One job that stayed, with its controller and its error, would be more than 1 KB.
    expect(usedHeap() - before).toBeLessThan(4_000_000);
    const { submitted, completed, failed, cancelled } = pool.metrics;
    expect([submitted, completed + failed + cancelled]).toEqual([12_000, 12_000]);
    expect(Math.min(completed, failed, cancelled)).toBeGreaterThan(1_000);
    expect(listenersOf(parent.signal)).toBe(0);
  });
});
