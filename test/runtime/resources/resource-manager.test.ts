import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { getEventListeners } from 'node:events';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ResourceManager, type ResourceEvent } from 'watertight-runtime';
import { bundledRuntime } from '../support/bundle.js';
import { runChild } from '../support/child.js';

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const hang = () => new Promise<never>(() => {});

async function failureOf(promise: Promise<unknown>): Promise<AggregateError> {
  const error = await promise.then(() => undefined, (reason: unknown) => reason);
  expect(error).toBeInstanceOf(AggregateError);
  return error as AggregateError;
}

const messages = (error: AggregateError) => error.errors.map((each: Error) => each.message);

describe('shutdown', () => {
  test('cleans in reverse order, each when the one before has finished', async () => {
    const log: string[] = [];
    const resources = new ResourceManager();
    for (const name of ['a', 'b', 'c']) {
      resources.register(name, async () => {
        log.push(`${name} begins`);
        await sleep(5);
        log.push(`${name} ends`);
      });
    }
    await resources.shutdown();
    expect(log).toEqual(['c begins', 'c ends', 'b begins', 'b ends', 'a begins', 'a ends']);
  });

  test('gives the same promise again, and cleans once', async () => {
    let count = 0;
    const resources = new ResourceManager();
    resources.register(() => void count++);
    const first = resources.shutdown();
    expect(resources.shutdown()).toBe(first);
    expect(resources[Symbol.asyncDispose]()).toBe(first);
    await first;
    expect(resources.shutdown()).toBe(first);
    expect(count).toBe(1);
  });

  test('goes on after failures and reports them all', async () => {
    const log: string[] = [];
    const resources = new ResourceManager({ name: 'job' });
    const first = new Error('disk full');
    resources.register('a', () => void log.push('a'));
    resources.register('b', () => Promise.reject(first));
    resources.register('c', () => void log.push('c'));
    resources.register('d', () => {
      throw 'a string';
    });
    resources.register('e', () => void log.push('e'));
    const error = await failureOf(resources.shutdown());
    expect(log).toEqual(['e', 'c', 'a']);
    expect(messages(error)).toEqual(['The cleanup of d failed: a string', 'The cleanup of b failed: disk full']);
    expect(error.errors[1].cause).toBe(first);
    expect(error.message).toBe('2 cleanups of job failed: The cleanup of d failed: a string; The cleanup of b failed: disk full');
    expect([resources.active, resources.cleaned, resources.failed]).toEqual([0, 3, 2]);
  });

  test('ends on time although cleanups hang, and loses no other', async () => {
    const log: string[] = [];
    const resources = new ResourceManager();
    resources.register('first', () => void log.push('first'));
    resources.register('hangs too', () => hang());
    resources.register('second', async () => {
      await sleep(10);
      log.push('second');
    });
    resources.register('hangs', hang);
    const start = performance.now();
    const error = await failureOf(resources.shutdown({ timeoutMs: 300 }));
    expect(performance.now() - start).toBeGreaterThan(290);
    expect(performance.now() - start).toBeLessThan(5000);
    expect(log).toEqual(['second', 'first']);
    expect(messages(error)).toEqual([
      'The cleanup of hangs had not finished when the shutdown had to end.',
      'The cleanup of hangs too had not finished when the shutdown had to end.',
    ]);
    expect(error.errors[0].cause).toMatchObject({ name: 'TimeoutError' });
    expect([resources.cleaned, resources.failed]).toEqual([2, 2]);
  });

  test('a cleanup that is only slow holds the next one up, and is no failure', async () => {
    const log: string[] = [];
    const resources = new ResourceManager();
    resources.register(() => void log.push('database'));
    resources.register(async () => {
      await sleep(100);
      log.push('server');
    });
    await resources.shutdown({ timeoutMs: 5000 });
    expect(log).toEqual(['server', 'database']);
  });

  test('one that is overtaken still counts when it finishes before the deadline', async () => {
    const log: string[] = [];
    const resources = new ResourceManager();
    resources.register(() => void log.push('next'));
    resources.register('slow', async () => {
      await sleep(80);
      log.push('slow');
    }, { timeoutMs: 20 });
    await resources.shutdown({ timeoutMs: 2000 });
    expect(log).toEqual(['next', 'slow']);
    expect([resources.cleaned, resources.failed]).toEqual([2, 0]);
  });

  test('a signal ends the waiting, and every cleanup is begun', async () => {
    const log: string[] = [];
    const resources = new ResourceManager();
    resources.register(() => void log.push('a'));
    resources.register('b', async () => {
      await sleep(0);
      log.push('b');
    });
    resources.register('hangs', hang);
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('hurry')), 30);
    const start = performance.now();
    const error = await failureOf(resources.shutdown({ timeoutMs: 60_000, signal: controller.signal }));
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(log).toContain('a');
    expect(error.errors[0].cause).toEqual(new Error('hurry'));
    await sleep(10);
    expect(log).toEqual(['a', 'b']);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  test('an already aborted signal still lets every cleanup begin', async () => {
    const log: string[] = [];
    const resources = new ResourceManager();
    for (const name of ['a', 'b']) resources.register(name, async () => void log.push(name));
    await resources.shutdown({ signal: AbortSignal.abort() });
    expect(log).toEqual(['b', 'a']);
    expect([resources.cleaned, resources.failed]).toEqual([2, 0]);
  });

  test('a cleanup that ends after it was given up is not counted twice', async () => {
    const resources = new ResourceManager();
    resources.register(() => sleep(500));
    await failureOf(resources.shutdown({ timeoutMs: 20 }));
    expect([resources.active, resources.cleaned, resources.failed]).toEqual([1, 0, 1]);
    await sleep(600);
    expect([resources.active, resources.cleaned, resources.failed]).toEqual([0, 0, 1]);
  });

  test('Infinity waits as long as it takes', async () => {
    const resources = new ResourceManager();
    let isDone = false;
    resources.register(async () => {
      await sleep(50);
      isDone = true;
    });
    await resources.shutdown({ timeoutMs: Infinity });
    expect(isDone).toBe(true);
  });

  test('leaves no timer behind that keeps the process alive', async () => {
    const before = process.getActiveResourcesInfo().filter((type) => type === 'Timeout').length;
    const resources = new ResourceManager();
    resources.register(async () => {});
    await resources.shutdown({ timeoutMs: 60_000 });
    expect(process.getActiveResourcesInfo().filter((type) => type === 'Timeout').length).toBe(before);
  });
});

describe('late registrations', () => {
  test('during the shutdown are cleaned at once, and awaited', async () => {
    const log: string[] = [];
    const resources = new ResourceManager();
    resources.register(() => void log.push('first'));
    resources.register(async () => {
      resources.register('late', async () => {
        log.push('late begins');
        await sleep(50);
        log.push('late ends');
      });
      await sleep(5);
      log.push('second');
    });
    await resources.shutdown();
    expect(log).toEqual(['late begins', 'second', 'first', 'late ends']);
    expect(resources.cleaned).toBe(3);
  });

  test('that fail are reported with the others', async () => {
    const resources = new ResourceManager();
    resources.register(() => void resources.register('late', () => Promise.reject(new Error('too late'))));
    expect(messages(await failureOf(resources.shutdown()))).toEqual(['The cleanup of late failed: too late']);
  });

  test('after the shutdown are cleaned at once, and a failure goes to onError', async () => {
    const errors: Error[] = [];
    const log: string[] = [];
    const resources = new ResourceManager({ onError: (error) => void errors.push(error as Error) });
    await resources.shutdown();
    resources.register(() => void log.push('late'));
    expect(log).toEqual(['late']);
    resources.register('broken', () => Promise.reject(new Error('no')));
    await sleep(5);
    expect(errors.map((error) => error.message)).toEqual(['The cleanup of broken failed: no']);
  });

  test('of what is already registered do not clean it twice', async () => {
    let count = 0;
    const cleanup = () => void count++;
    const resources = new ResourceManager();
    resources.register(cleanup);
    resources.register(() => void resources.register(cleanup));
    await resources.shutdown();
    resources.register(cleanup);
    expect(count).toBe(1);
  });

  test('nor do those of a descriptor, whose number may be given to another file later', async () => {
    const closed: number[] = [];
    const cleanup = (descriptor: number) => void closed.push(descriptor);
    const resources = new ResourceManager();
    resources.register(7, { cleanup });
    resources.register(() => void resources.register(7, { cleanup }));
    await resources.shutdown();
    expect(closed).toEqual([7]);
    resources.register(7, { cleanup });
    expect(closed).toEqual([7, 7]);
  });
});

describe('register, unregister, release', () => {
  test('gives the resource back and finds its release by its shape', async () => {
    const resources = new ResourceManager();
    const descriptor = resources.register('log', openSync('/dev/null', 'r'));
    const server = resources.register(createServer());
    await new Promise<void>((resolve) => server.listen(0, resolve));
    expect(fstatSync(descriptor).isCharacterDevice()).toBe(true);
    await resources.shutdown();
    expect(server.listening).toBe(false);
    expect(() => closeSync(descriptor)).toThrow('EBADF');
  });

  test('takes a cleanup of its own for a resource', async () => {
    const log: unknown[] = [];
    const resources = new ResourceManager();
    const resource = resources.register({ id: 7, close: () => log.push('by shape') }, { cleanup: ({ id }) => log.push(id) });
    expect(resource.id).toBe(7);
    await resources.shutdown();
    expect(log).toEqual([7]);
  });

  test('refuses at once what it could not release', () => {
    expect(() => new ResourceManager().register({ id: 7 })).toThrow(/Cannot tell how to release Object/);
  });

  test('the same resource again keeps its place and takes the new options', async () => {
    const log: string[] = [];
    const resources = new ResourceManager();
    const first = {};
    resources.register(first, { cleanup: () => log.push('old') });
    resources.register('b', () => log.push('b'));
    resources.register(first, { cleanup: () => log.push('new') });
    expect(resources.active).toBe(2);
    await resources.shutdown();
    expect(log).toEqual(['b', 'new']);
  });

  test('unregister gives a resource out of charge, by identity or by name', async () => {
    const log: string[] = [];
    const resources = new ResourceManager();
    const a = () => log.push('a');
    resources.register(a);
    resources.register('b', () => log.push('b1'));
    resources.register('b', () => log.push('b2'));
    expect(resources.unregister(a)).toBe(true);
    expect(resources.unregister(a)).toBe(false);
    expect(resources.unregister('b')).toBe(true);
    expect(resources.unregister('c')).toBe(false);
    await resources.shutdown();
    expect(log).toEqual(['b1']);
  });

  test('release cleans one now, once, and rejects with its failure', async () => {
    const log: string[] = [];
    const resources = new ResourceManager();
    const a = async () => void log.push('a');
    resources.register(a);
    resources.register('b', () => Promise.reject(new Error('no')));
    expect(await Promise.all([resources.release(a), resources.release(a)])).toEqual([true, false]);
    await expect(resources.release('b')).rejects.toThrow('The cleanup of b failed: no');
    await resources.shutdown();
    expect(log).toEqual(['a']);
  });

  test('await using shuts down', async () => {
    const log: string[] = [];
    const run = async () => {
      await using resources = new ResourceManager();
      resources.register(() => log.push('cleaned'));
      throw new Error('the real one');
    };
    await expect(run()).rejects.toThrow('the real one');
    expect(log).toEqual(['cleaned']);
  });
});

test('metrics are getters, and published at each change', async () => {
  const events: ResourceEvent[] = [];
  const hear = (message: unknown) => void events.push(message as ResourceEvent);
  subscribe('watertight:resources', hear);
  try {
    const resources = new ResourceManager({ name: 'job' });
    const a = () => {};
    resources.register('a', a);
    resources.register('b', () => Promise.reject(new Error('no')));
    resources.register('c', () => {});
    resources.unregister(a);
    expect([resources.active, resources.peak, resources.cleaned, resources.failed]).toEqual([2, 3, 0, 0]);
    await failureOf(resources.shutdown());
    expect([resources.active, resources.peak, resources.cleaned, resources.failed]).toEqual([0, 3, 1, 1]);
  } finally {
    unsubscribe('watertight:resources', hear);
  }
  expect(events.map(({ event, resource, active }) => `${event} ${resource} ${active}`)).toEqual([
    'registered a 1',
    'registered b 2',
    'registered c 3',
    'unregistered a 2',
    'cleaned c 1',
    'failed b 0',
  ]);
  expect(events.at(-1)).toEqual({ event: 'failed', manager: 'job', resource: 'b', active: 0, peak: 3, cleaned: 1, failed: 1 });
});

test('100 users x 10 resources, released in every way at once, are cleaned exactly once each', async () => {
  const resources = new ResourceManager();
  const counts = new Map<string, number>();
  const users = Array.from({ length: 100 }, async (_, user) => {
    for (let i = 0; i < 10; i++) {
      const name = `${user}/${i}`;
      const cleanup = async () => {
        counts.set(name, (counts.get(name) ?? 0) + 1);
        await sleep((user + i) % 3);
        if ((user + i) % 7 === 0) throw new Error(name);
      };
      resources.register(name, cleanup);
      if (i % 3 === 0) await Promise.allSettled([resources.release(cleanup), resources.release(name)]);
      if (user === 50 && i === 5) void resources.shutdown().catch(() => {});
      await sleep(user % 5);
    }
  });
  await Promise.all(users);
  await resources.shutdown().catch(() => {});
  await sleep(50);
  expect(counts.size).toBe(1000);
  expect(Math.max(...counts.values())).toBe(1);
  expect(resources.active).toBe(0);
  expect(resources.cleaned + resources.failed).toBe(1000);
}, 30_000);

describe('bindToProcess', () => {
  let runtime: Awaited<ReturnType<typeof bundledRuntime>>;
  beforeAll(async () => {
    runtime = await bundledRuntime();
  });
  afterAll(() => runtime[Symbol.dispose]());

  const child = (body: string) => `
    import * as rt from ${JSON.stringify(runtime.path)};
    import { writeSync } from 'node:fs';
    const { ResourceManager } = rt;
    const say = (text) => writeSync(1, text + '\\n');
    const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const alive = setInterval(() => {}, 1000);
    ${body}
    process.stdout.write('ready\\n');`;

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('on %s cleans up, then dies of the signal', async (signal) => {
    const source = child(`
      const resources = new ResourceManager();
      resources.register(() => say('first'));
      resources.register(async () => { await sleep(50); say('second'); });
      resources.bindToProcess();`);
    expect(await runChild(source, { signals: [signal] })).toMatchObject({ code: null, signal, stdout: 'second\nfirst\n' });
  });

  test('without it, nothing is cleaned', async () => {
    const source = child(`const resources = new ResourceManager(); resources.register(() => say('cleaned'));`);
    expect(await runChild(source, { signals: ['SIGTERM'] })).toMatchObject({ signal: 'SIGTERM', stdout: '' });
  });

  test('leaves the decision to another listener, even a once listener that was there before', async () => {
    const source = child(`
      process.once('SIGTERM', async () => { say('other'); await sleep(200); say('still here'); process.exit(7); });
      const resources = new ResourceManager();
      resources.register(() => say('cleaned'));
      resources.bindToProcess();`);
    expect(await runChild(source, { signals: ['SIGTERM'] })).toMatchObject({ code: 7, signal: null, stdout: 'cleaned\nother\nstill here\n' });
  });

  test('ends by its deadline, reports, and dies of the signal', async () => {
    const source = child(`
      const resources = new ResourceManager({ onError: (error) => say(error.message) });
      resources.register(() => say('cleaned'));
      resources.register('hangs', () => new Promise(() => {}));
      resources.bindToProcess({ timeoutMs: 200 });`);
    const start = performance.now();
    const result = await runChild(source, { signals: ['SIGTERM'] });
    expect(result).toMatchObject({ signal: 'SIGTERM', stdout: expect.stringMatching(/^cleaned\n1 cleanup of resources failed: The cleanup of hangs/) });
    expect(performance.now() - start).toBeLessThan(19_000);
  });

  test('the same signal again during the shutdown does not cut it short', async () => {
    const source = child(`
      const resources = new ResourceManager();
      resources.register(async () => { await sleep(300); say('cleaned'); });
      resources.bindToProcess();`);
    expect(await runChild(source, { signals: ['SIGINT', 'SIGINT', 'SIGINT'] })).toMatchObject({ signal: 'SIGINT', stdout: 'cleaned\n' });
  });

  test('two managers and temporary files share one signal', async () => {
    const source = child(`
      const file = rt.createTempFileSync({ content: 'x' });
      const { existsSync } = await import('node:fs');
      for (const name of ['a', 'b']) {
        const resources = new ResourceManager();
        resources.register(async () => { await sleep(50); say(name + ' ' + existsSync(file.path)); });
        resources.bindToProcess();
      }
      say(file.path);
      say('listeners ' + process.listenerCount('SIGTERM'));`);
    const { signal, stdout } = await runChild(source, { signals: ['SIGTERM'] });
    const [path, ...rest] = stdout.trim().split('\n');
    expect(signal).toBe('SIGTERM');
    expect(rest).toEqual(['listeners 1', 'a true', 'b true']);
    expect(() => fstatSync(openSync(path!, 'r'))).toThrow('ENOENT');
  });

  test('two copies of the package do not wait for each other', async () => {
    const source = child(`
      const copy = await import(${JSON.stringify(runtime.path)} + '?copy');
      if (copy.ResourceManager === ResourceManager) throw new Error('no copy');
      for (const [name, Manager] of [['a', ResourceManager], ['b', copy.ResourceManager]]) {
        const resources = new Manager();
        resources.register(() => say(name));
        resources.bindToProcess();
      }`);
    expect(await runChild(source, { signals: ['SIGTERM'] })).toMatchObject({ signal: 'SIGTERM', stdout: 'a\nb\n' });
  });

  test('unbinding, by call, by using, and by the shutdown, takes the listeners off', async () => {
    const count = () => process.listenerCount('SIGTERM') + process.listenerCount('SIGUSR2');
    const before = count();
    const resources = new ResourceManager();
    const unbind = resources.bindToProcess({ signals: ['SIGTERM', 'SIGUSR2'] });
    expect(count()).toBe(before + 2);
    unbind();
    unbind();
    expect(count()).toBe(before);
    {
      using _bound = resources.bindToProcess({ signals: ['SIGTERM'] });
      expect(count()).toBe(before + 1);
    }
    expect(count()).toBe(before);
    resources.bindToProcess({ signals: ['SIGTERM'] });
    await resources.shutdown();
    expect(count()).toBe(before);
    resources.bindToProcess({ signals: ['SIGTERM'] });
    expect(count()).toBe(before);
  });
});
