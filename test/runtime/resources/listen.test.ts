import { EventEmitter, getEventListeners, setMaxListeners } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { after, every, listen } from 'watertight-runtime';
import { eventually } from '../support/eventually.js';

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

describe('listen', () => {
  test('to an EventEmitter until disposed', () => {
    const emitter = new EventEmitter();
    const heard: unknown[] = [];
    {
      using _listening = listen(emitter, 'data', (...args) => heard.push(args));
      emitter.emit('data', 1, 2);
    }
    emitter.emit('data', 3);
    expect(heard).toEqual([[1, 2]]);
    expect(emitter.listenerCount('data')).toBe(0);
  });

  test('to an EventTarget until disposed', () => {
    const controller = new AbortController();
    const before = getEventListeners(controller.signal, 'abort').length;
    const listening = listen(controller.signal, 'abort', () => {});
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(before + 1);
    listening[Symbol.dispose]();
    listening[Symbol.dispose]();
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(before);
  });

  test('once: the listener goes with the event', () => {
    const emitter = new EventEmitter();
    const target = new EventTarget();
    let count = 0;
    listen(emitter, 'x', () => count++, { once: true });
    listen(target, 'x', () => count++, { once: true });
    for (let i = 0; i < 2; i++) {
      emitter.emit('x');
      target.dispatchEvent(new Event('x'));
    }
    expect(count).toBe(2);
    expect(emitter.listenerCount('x')).toBe(0);
  });

  test('capture listeners are removed as such', () => {
    const target = new EventTarget();
    let count = 0;
    listen(target, 'x', () => count++, { capture: true })[Symbol.dispose]();
    target.dispatchEvent(new Event('x'));
    expect(count).toBe(0);
  });

  test('the same handler twice is removed once for each', () => {
    const emitter = new EventEmitter();
    const handler = () => {};
    const first = listen(emitter, 'x', handler);
    const second = listen(emitter, 'x', handler);
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    expect(emitter.listenerCount('x')).toBe(1);
    second[Symbol.dispose]();
    expect(emitter.listenerCount('x')).toBe(0);
  });

  test('what is both is taken as an emitter, whose handlers get the value', async () => {
    const { port1, port2 } = new MessageChannel();
    try {
      const heard = new Promise((resolve) => listen(port1, 'message', resolve));
      port2.postMessage(7);
      expect(await heard).toBe(7);
    } finally {
      port1.close();
    }
  });

  test('this is the emitter', () => {
    const emitter = new EventEmitter();
    let self: unknown;
    using _listening = listen(emitter, 'x', function (this: unknown) {
      // eslint-disable-next-line @typescript-eslint/no-this-alias -- what `this` is, is the question
      self = this;
    });
    emitter.emit('x');
    expect(self).toBe(emitter);
  });

  test('100 users x 10 listeners on one signal leave none', async () => {
    const { signal } = new AbortController();
    setMaxListeners(0, signal);
    let peak = 0;
    await Promise.all(Array.from({ length: 100 }, async () => {
      for (let i = 0; i < 10; i++) {
        using _listening = listen(signal, 'abort', () => {});
        peak = Math.max(peak, getEventListeners(signal, 'abort').length);
        await sleep(0);
      }
    }));
    expect(peak).toBeGreaterThan(50);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});

describe('every and after', () => {
  test('every calls until disposed', async () => {
    let count = 0;
    {
      using _ticking = every(5, () => count++);
      await eventually(() => count > 2, () => count);
    }
    const seen = count;
    await sleep(30);
    expect(count).toBe(seen);
  });

  test('after calls once, or not at all when disposed before', async () => {
    let count = 0;
    using _once = after(5, () => count++);
    after(5, () => (count += 100))[Symbol.dispose]();
    await sleep(40);
    expect(count).toBe(1);
  });

  test('unref does not keep the process alive, the default does', () => {
    const active = () => process.getActiveResourcesInfo().filter((type) => type === 'Timeout').length;
    const before = active();
    using _a = every(1000, () => {}, { unref: true });
    using _b = after(1000, () => {}, { unref: true });
    expect(active()).toBe(before);
    using _c = every(1000, () => {});
    using _d = after(1000, () => {});
    expect(active()).toBe(before + 2);
  });
});
