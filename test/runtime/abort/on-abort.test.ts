import { getEventListeners } from 'node:events';
import { linkSignals, onAbort } from 'watertight-runtime';
import { describe, expect, test } from 'vitest';
import { unhandledIn, usedHeap } from './support.js';

const listenersOf = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;

describe('onAbort', () => {
  test('calls the listener with the reason, once', () => {
    const controller = new AbortController();
    const reasons: unknown[] = [];
    onAbort(controller.signal, (reason) => reasons.push(reason));
    expect(reasons).toEqual([]);
    controller.abort('late');
    controller.abort('later');
    expect(reasons).toEqual(['late']);
    expect(listenersOf(controller.signal)).toBe(0);
  });

  test('disposed, it neither calls nor stays', () => {
    const controller = new AbortController();
    const reasons: unknown[] = [];
    {
      using _ = onAbort(controller.signal, (reason) => reasons.push(reason));
      expect(listenersOf(controller.signal)).toBe(1);
    }
    expect(listenersOf(controller.signal)).toBe(0);
    controller.abort();
    expect(reasons).toEqual([]);
  });

  test('of an aborted signal the listener is called in a microtask, when the caller holds the disposable', async () => {
    const order: string[] = [];
    const link = onAbort(AbortSignal.abort('early'), (reason) => {
      link[Symbol.dispose]();
      order.push(`listener ${String(reason)}`);
    });
    order.push('caller');
    await Promise.resolve();
    expect(order).toEqual(['caller', 'listener early']);
  });

  test('of an aborted signal, disposed at once, the listener is not called', async () => {
    let calls = 0;
    onAbort(AbortSignal.abort(), () => calls++)[Symbol.dispose]();
    await new Promise(setImmediate);
    expect(calls).toBe(0);
  });

  test('no signal never aborts', () => {
    expect(() => {
      for (const signal of [undefined, null]) onAbort(signal, () => {})[Symbol.dispose]();
    }).not.toThrow();
  });

  test('the same function twice is called twice, and each is taken off by itself', () => {
    const controller = new AbortController();
    let calls = 0;
    const count = () => void calls++;
    const first = onAbort(controller.signal, count);
    onAbort(controller.signal, count);
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    expect(listenersOf(controller.signal)).toBe(1);
    controller.abort();
    expect(calls).toBe(1);
  });

  test('a listener that another one takes off during the abort is not called', () => {
    const controller = new AbortController();
    const calls: string[] = [];
    onAbort(controller.signal, () => {
      calls.push('first');
      second[Symbol.dispose]();
    });
    const second = onAbort(controller.signal, () => calls.push('second'));
    onAbort(controller.signal, () => calls.push('third'));
    controller.abort();
    expect(calls).toEqual(['first', 'third']);
  });

  test('a listener that throws keeps no other from being called, and its error is not lost', async () => {
    const controller = new AbortController();
    let calls = 0;
    onAbort(controller.signal, () => {
      throw new Error('broken listener');
    });
    onAbort(controller.signal, () => calls++);
    const uncaught = await unhandledIn(() => controller.abort());
    expect(calls).toBe(1);
    expect(uncaught).toEqual([new Error('broken listener')]);
  });

  test('a thousand listeners are one event listener, and bring no warning', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => void warnings.push(warning);
    process.on('warning', note);
    const controller = new AbortController();
    let calls = 0;
    const links = Array.from({ length: 1_000 }, () => onAbort(controller.signal, () => calls++));
    expect(listenersOf(controller.signal)).toBe(1);
    for (const link of links.slice(0, 400)) link[Symbol.dispose]();
    controller.abort();
    await new Promise(setImmediate);
    process.off('warning', note);
    expect(calls).toBe(600);
    expect(warnings).toEqual([]);
  });

  test('a listener can be added again after all were taken off', () => {
    const controller = new AbortController();
    let calls = 0;
    onAbort(controller.signal, () => calls++)[Symbol.dispose]();
    onAbort(controller.signal, () => calls++);
    controller.abort();
    expect(calls).toBe(1);
  });
});

describe('linkSignals', () => {
  test('aborts with the first that aborts and its reason, and leaves all of them', () => {
    const [a, b] = [new AbortController(), new AbortController()];
    const { signal } = linkSignals(a.signal, undefined, b.signal, null);
    b.abort('b');
    a.abort('a');
    expect(signal.aborted).toBe(true);
    expect(signal.reason).toBe('b');
    expect([listenersOf(a.signal), listenersOf(b.signal)]).toEqual([0, 0]);
  });

  test('is aborted at once when one is', () => {
    const parent = new AbortController();
    const { signal } = linkSignals(parent.signal, AbortSignal.abort('before'));
    expect(signal.reason).toBe('before');
    expect(listenersOf(parent.signal)).toBe(0);
  });

  test('disposed, it no longer follows', () => {
    const parent = new AbortController();
    const linked = linkSignals(parent.signal);
    linked[Symbol.dispose]();
    parent.abort();
    expect(linked.signal.aborted).toBe(false);
    expect(listenersOf(parent.signal)).toBe(0);
  });

  test('20,000 links on one parent leave nothing on it, and no memory', () => {
    const parent = new AbortController();
    const link = () => {
      using linked = linkSignals(parent.signal, undefined);
      return linked.signal.aborted;
    };
    for (let index = 0; index < 2_000; index++) link();
    const before = usedHeap();
    for (let index = 0; index < 20_000; index++) link();
    expect(listenersOf(parent.signal)).toBe(0);
    // One that stayed would be about 2 KB.
    expect(usedHeap() - before).toBeLessThan(4_000_000);
  });
});
