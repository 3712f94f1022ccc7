import { ContextualError, JobStates, sleep } from 'watertight-runtime';
import { describe, expect, test } from 'vitest';
import { deferred, isSettled, seeded } from '../abort/support.js';

interface Replication {
  readonly status: 'queued' | 'running' | 'done' | 'failed';
  readonly attempts: number;
}

const transitions = { queued: ['running'], running: ['done', 'failed'], failed: ['queued'] } as const;

describe('JobStates', () => {
  test('keeps what an update returns', async () => {
    const states = new JobStates<Replication>();
    expect(states.get('a')).toBeUndefined();
    expect(await states.update('a', (state) => {
      expect(state).toBeUndefined();
      return { status: 'queued', attempts: 0 };
    })).toEqual({ status: 'queued', attempts: 0 });
    await states.update('a', async (state) => ({ status: 'running', attempts: (state?.attempts ?? 0) + 1 }));
    expect(states.get('a')).toEqual({ status: 'running', attempts: 1 });
    expect(states.size).toBe(1);
  });

  test('a failing update changes nothing and the next one runs', async () => {
    const states = new JobStates<number>();
    await states.update('a', () => 1);
    const [failed, next] = await Promise.allSettled([
      states.update('a', async () => {
        await sleep(1);
        throw new Error('failed');
      }),
      states.update('a', (value) => (value ?? 0) + 1),
    ]);
    expect(failed).toMatchObject({ status: 'rejected', reason: new Error('failed') });
    expect(next).toMatchObject({ status: 'fulfilled', value: 2 });
  });

  test('an update that returns nothing is refused', async () => {
    const states = new JobStates<{ count: number }>();
    await states.update('a', () => ({ count: 1 }));
    await expect(states.update('a', (() => {}) as never)).rejects.toThrow(TypeError);
    expect(states.get('a')).toEqual({ count: 1 });
  });

  test('a snapshot is not changed by later updates', async () => {
    const states = new JobStates<number>();
    await states.update('a', () => 1);
    const snapshot = states.snapshot();
    await states.update('a', () => 2);
    await states.update('b', () => 3);
    expect([...snapshot]).toEqual([['a', 1]]);
    expect([...states.snapshot()]).toEqual([['a', 2], ['b', 3]]);
  });

  test('delete waits for the update under way, which cannot bring the job back', async () => {
    const states = new JobStates<number>();
    const gate = deferred();
    const update = states.update('a', () => gate.promise.then(() => 1));
    const deleted = states.delete('a');
    expect(await isSettled(deleted)).toBe(false);
    gate.resolve();
    await update;
    expect(await deleted).toBe(true);
    expect(states.get('a')).toBeUndefined();
    expect(await states.delete('a')).toBe(false);
  });

  test('the wait for the turn can be given up', async () => {
    const states = new JobStates<number>();
    const gate = deferred();
    const update = states.update('a', () => gate.promise.then(() => 1));
    await expect(states.update('a', () => 2, { signal: AbortSignal.timeout(5) })).rejects.toMatchObject({ name: 'TimeoutError' });
    gate.resolve();
    expect(await update).toBe(1);
    expect(states.get('a')).toBe(1);
  });

  test('moves an object to a status, with other fields', async () => {
    const states = new JobStates<Replication>({ transitions });
    await states.update('a', () => ({ status: 'queued', attempts: 0 }));
    expect(await states.transition('a', 'running', { attempts: 1 })).toEqual({ status: 'running', attempts: 1 });
    await expect(states.transition('unknown', 'running')).rejects.toMatchObject({ code: 'UNKNOWN_JOB' });
  });

  test('refuses a transition that is not allowed, by transition and by update', async () => {
    const states = new JobStates<Replication>({ transitions });
    await states.update('a', () => ({ status: 'queued', attempts: 0 }));
    const refusal = await states.transition('a', 'done').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ContextualError);
    expect(refusal).toMatchObject({ code: 'ILLEGAL_TRANSITION', context: { id: 'a', from: 'queued', to: 'done' } });
    await expect(states.update('a', (state) => ({ attempts: 9, ...state, status: 'failed' }))).rejects.toMatchObject({ code: 'ILLEGAL_TRANSITION' });
    expect(states.get('a')).toEqual({ status: 'queued', attempts: 0 });
    await states.update('a', () => ({ status: 'queued', attempts: 5 }));
    await states.transition('a', 'running');
    await states.transition('a', 'done');
    await expect(states.transition('a', 'queued')).rejects.toMatchObject({ code: 'ILLEGAL_TRANSITION' });
  });

  test('knows states that are text, and a status named like a field of every object', async () => {
    const states = new JobStates<'off' | 'on' | 'constructor'>({ transitions: { off: ['on'] } as never });
    await states.update('a', () => 'off');
    expect(await states.transition('a', 'on')).toBe('on');
    await states.update('b', () => 'constructor');
    await expect(states.transition('b', 'on')).rejects.toMatchObject({ code: 'ILLEGAL_TRANSITION' });
  });
});

describe('100 workers, 10 iterations, with random delays', () => {
  interface Tally {
    readonly attempts: number;
    readonly workers: readonly number[];
  }

  const pause = async (random: () => number) => {
    if (random() < 0.1) await sleep(random() * 2);
    else await Promise.resolve();
  };

  test.each([1, 2, 3])('attempts are lost with get, await, set, and none with update (seed %i)', async (seed) => {
    const work = async (update: (id: string, change: (tally: Tally | undefined) => Promise<Tally>) => Promise<unknown>) => {
      const random = seeded(seed);
      await Promise.all(
        Array.from({ length: 100 }, async (_, worker) => {
          for (let index = 0; index < 10; index++) {
            await update(`job ${Math.floor(random() * 3)}`, async (tally = { attempts: 0, workers: [] }) => {
              await pause(random);
              return { attempts: tally.attempts + 1, workers: [...tally.workers, worker] };
            });
          }
        }),
      );
    };
    const sum = (tallies: Iterable<Tally>) => [...tallies].reduce((total, { attempts, workers }) => {
      expect(workers.length).toBe(attempts);
      return total + attempts;
    }, 0);

    const bare = new Map<string, Tally>();
    await work(async (id, change) => bare.set(id, await change(bare.get(id))));
    expect(sum(bare.values())).toBeLessThan(900);

    const states = new JobStates<Tally>();
    await work((id, change) => states.update(id, change));
    expect(sum(states.snapshot().values())).toBe(1_000);
  });

  test.each([1, 2, 3])('a job is started many times with a bare check, and once with transition (seed %i)', async (seed) => {
    const ids = Array.from({ length: 10 }, (_, index) => `job ${index}`);
    const race = async (start: (id: string, random: () => number) => Promise<boolean>) => {
      const random = seeded(seed);
      let starts = 0;
      await Promise.all(
        Array.from({ length: 100 }, async () => {
          for (const id of ids) if (await start(id, random)) starts++;
        }),
      );
      return starts;
    };

    const bare = new Map<string, string>(ids.map((id) => [id, 'queued']));
    expect(await race(async (id, random) => {
      if (bare.get(id) !== 'queued') return false;
      await pause(random);
      bare.set(id, 'running');
      return true;
    })).toBeGreaterThan(50);

    const states = new JobStates<'queued' | 'running'>({ transitions: { queued: ['running'], running: [] } });
    for (const id of ids) await states.update(id, () => 'queued');
    expect(await race((id, random) =>
      states.update(id, async (state) => {
        if (state === 'running') throw new Error('running already');
        await pause(random);
        return 'running' as const;
      }).then(() => true, () => false),
    )).toBe(10);
  });
});
