import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { getEventListeners } from 'node:events';
import { ContextualError, JobContexts, sleep } from 'watertight-runtime';
import { describe, expect, test } from 'vitest';
import { deferred, isSettled, seeded, unhandledIn } from './support.js';
import type { JobEvent } from 'watertight-runtime';

const listenersOf = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;

/** The events on `watertight:jobs` while `fn` runs. */
async function eventsOf(fn: () => Promise<unknown>): Promise<JobEvent[]> {
  const events: JobEvent[] = [];
  const note = (event: unknown) => void events.push(event as JobEvent);
  subscribe('watertight:jobs', note);
  try {
    await fn();
  } finally {
    unsubscribe('watertight:jobs', note);
  }
  return events;
}

describe('JobContexts', () => {
  test('gives each job a context of its own and settles as the job does', async () => {
    const jobs = new JobContexts();
    const signals = await Promise.all(['a', 'b'].map((id) => jobs.run(id, (context) => {
      expect(context.id).toBe(id);
      return context.signal;
    })));
    expect(new Set(signals).size).toBe(2);
    await expect(jobs.run('a', () => {
      throw new Error('at once');
    })).rejects.toThrow('at once');
    expect(jobs.size).toBe(0);
  });

  test('cancels one job and leaves the others', async () => {
    const jobs = new JobContexts();
    const a = jobs.run('a', ({ signal }) => sleep(60_000, { signal }));
    const b = jobs.run('b', ({ signal }) => sleep(10, { signal }).then(() => 'b'));
    expect(jobs.cancel('a', 'not needed')).toBe(true);
    expect(jobs.cancel('a')).toBe(false);
    expect(jobs.cancel('unknown')).toBe(false);
    await expect(a).rejects.toBe('not needed');
    await expect(b).resolves.toBe('b');
    expect(jobs.cancel('b')).toBe(false);
  });

  test('without a reason the signal aborts with an AbortError that names the job', async () => {
    const jobs = new JobContexts();
    const job = jobs.run('a', ({ signal }) => sleep(60_000, { signal }));
    jobs.cancel('a');
    await expect(job).rejects.toMatchObject({ name: 'AbortError', message: 'Job a was cancelled.' });
  });

  test('cancelAll reaches every job, also when a listener of one throws, and later jobs run', async () => {
    const jobs = new JobContexts<number>();
    const results = [1, 2, 3].map((id) => jobs.run(id, ({ signal }) => {
      if (id === 1) signal.addEventListener('abort', () => {
        throw new Error('broken listener');
      });
      return sleep(60_000, { signal });
    }));
    const uncaught = await unhandledIn(() => {
      expect(jobs.cancelAll('shutdown')).toBe(3);
      return Promise.allSettled(results);
    });
    expect(uncaught).toEqual([new Error('broken listener')]);
    expect(await Promise.allSettled(results)).toEqual(Array(3).fill({ status: 'rejected', reason: 'shutdown' }));
    await expect(jobs.run(1, () => 'again')).resolves.toBe('again');
  });

  test('the parent cancels all with its reason, and no further job starts', async () => {
    const parent = new AbortController();
    const jobs = new JobContexts({ signal: parent.signal });
    const job = jobs.run('a', ({ signal }) => sleep(60_000, { signal }));
    parent.abort('stop');
    await expect(job).rejects.toBe('stop');
    let started = false;
    await expect(jobs.run('b', () => {
      started = true;
    })).rejects.toBe('stop');
    expect(started).toBe(false);
  });

  test('refuses a second job of a running id, and takes the id again afterwards', async () => {
    const jobs = new JobContexts();
    const gate = deferred();
    const first = jobs.run('a', () => gate.promise);
    const refusal = await jobs.run('a', () => 'second').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ContextualError);
    expect(refusal).toMatchObject({ code: 'DUPLICATE_JOB', context: { id: 'a' } });
    expect(jobs.size).toBe(1);
    gate.resolve();
    await first;
    await expect(jobs.run('a', () => 'third')).resolves.toBe('third');
  });

  test('a job that ignores its cancellation stays visible until it has ended', async () => {
    const jobs = new JobContexts();
    const gate = deferred<string>();
    const job = jobs.run('a', () => gate.promise);
    jobs.cancelAll();
    const drained = jobs.drain();
    expect(await isSettled(drained)).toBe(false);
    expect(jobs.has('a')).toBe(true);
    gate.resolve('finished anyway');
    await expect(job).resolves.toBe('finished anyway');
    await drained;
    expect(jobs.has('a')).toBe(false);
  });

  test('leaving its scope cancels the jobs and waits for them', async () => {
    const order: string[] = [];
    let job: Promise<unknown> | undefined;
    {
      await using jobs = new JobContexts();
      job = jobs.run('a', async ({ signal }) => {
        await sleep(60_000, { signal }).catch(() => {});
        await sleep(5);
        order.push('job');
      });
    }
    order.push('scope');
    await job;
    expect(order).toEqual(['job', 'scope']);
  });

  test('the wait for the jobs can be given up', async () => {
    const jobs = new JobContexts();
    const gate = deferred();
    const job = jobs.run('a', () => gate.promise);
    const parent = new AbortController();
    const drained = jobs.drain({ signal: parent.signal });
    parent.abort('enough');
    await expect(drained).rejects.toBe('enough');
    expect(listenersOf(parent.signal)).toBe(0);
    gate.resolve();
    await job;
    await jobs.drain();
  });

  test('10,000 jobs, in turn and at once, leave no listener on the parent', async () => {
    const random = seeded(1);
    const parent = new AbortController();
    const jobs = new JobContexts<number>({ signal: parent.signal });
    const job = async ({ id, signal }: { id: number; signal: AbortSignal }) => {
      const dice = random();
      if (dice < 0.2) throw new Error('failed');
      if (dice < 0.4) jobs.cancel(id);
      else await Promise.resolve();
      signal.throwIfAborted();
    };
    let settled = 0;
    const count = () => void settled++;
    for (let id = 0; id < 5_000; id++) await jobs.run(id, job).then(count, count);
    expect(listenersOf(parent.signal)).toBe(0);
    const batch = Array.from({ length: 5_000 }, (_, id) => jobs.run(id, job).then(count, count));
    expect(jobs.size).toBeGreaterThan(1_000);
    expect(listenersOf(parent.signal)).toBe(1);
    await Promise.all(batch);
    expect(settled).toBe(10_000);
    expect(jobs.size).toBe(0);
    expect(listenersOf(parent.signal)).toBe(0);
  });

  test('publishes what happens to a job', async () => {
    const jobs = new JobContexts({ name: 'sync' });
    const events = await eventsOf(async () => {
      await jobs.run('good', () => sleep(5));
      await jobs.run('bad', () => Promise.reject(new Error('no'))).catch(() => {});
      const job = jobs.run('stopped', ({ signal }) => sleep(60_000, { signal }));
      jobs.cancel('stopped', 'why');
      await job.catch(() => {});
    });
    expect(events.map(({ source, id, phase, active }) => [source, id, phase, active])).toEqual([
      ['sync', 'good', 'started', 1],
      ['sync', 'good', 'completed', 0],
      ['sync', 'bad', 'started', 1],
      ['sync', 'bad', 'failed', 0],
      ['sync', 'stopped', 'started', 1],
      ['sync', 'stopped', 'cancelling', 1],
      ['sync', 'stopped', 'cancelled', 0],
    ]);
    expect(events[1]?.durationMs).toBeGreaterThanOrEqual(4);
    expect([events[3]?.error, events[5]?.error, events[6]?.error]).toEqual([new Error('no'), 'why', 'why']);
  });

  test('a subscriber that throws does not touch the job', async () => {
    const broken = () => {
      throw new Error('broken subscriber');
    };
    subscribe('watertight:jobs', broken);
    const uncaught = await unhandledIn(async () => expect(await new JobContexts().run('a', () => 'fine')).toBe('fine'));
    unsubscribe('watertight:jobs', broken);
    expect(uncaught).toEqual([new Error('broken subscriber'), new Error('broken subscriber')]);
  });
});
