import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Draft, Request, Response } from '../../playground/engine/messages.js';
import { WorkerClient } from '../../playground/page/worker-client.js';

/** A worker that answers when the test says so. */
class FakeWorker {
  static all: FakeWorker[] = [];
  readonly requests: Request[] = [];
  onmessage?: (event: { data: Response }) => void;
  onerror?: (event: { message: string }) => void;
  isEnded = false;

  constructor() {
    FakeWorker.all.push(this);
  }

  postMessage(request: Request): void {
    this.requests.push(request);
  }

  terminate(): void {
    this.isEnded = true;
  }

  answer(index: number): void {
    const { id, draft } = this.requests[index]!;
    this.onmessage!({ data: { id, answer: { text: draft.text, diff: '', sites: [] } } });
  }
}

const make = (text: string): Draft => ({ text, language: 'ts', preset: 'recommended', style: 'using' });

describe('the questions to a worker', () => {
  beforeEach(() => {
    FakeWorker.all = [];
    vi.stubGlobal('Worker', FakeWorker);
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('go one at a time, and of those that wait only the last is asked', async () => {
    const client = new WorkerClient('worker.js', 'rewrite', 1000);
    const [first, second, third] = [client.ask(make('1')), client.ask(make('2')), client.ask(make('3'))];
    expect(await second).toEqual({ status: 'superseded' });
    const [worker] = FakeWorker.all;
    expect(worker!.requests.map(({ draft }) => draft.text)).toEqual(['1']);
    worker!.answer(0);
    expect(await first).toMatchObject({ status: 'answered', answer: { text: '1' } });
    expect(worker!.requests.map(({ draft }) => draft.text)).toEqual(['1', '3']);
    worker!.answer(1);
    expect(await third).toMatchObject({ status: 'answered', answer: { text: '3' } });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('end a worker that hangs, and go on with another', async () => {
    const client = new WorkerClient('worker.js', 'rewrite', 1000);
    const [first, second] = [client.ask(make('1')), client.ask(make('2'))];
    await vi.advanceTimersByTimeAsync(1000);
    expect(await first).toEqual({ status: 'failed', error: 'No answer within 1 seconds.' });
    expect(FakeWorker.all.map(({ isEnded }) => isEnded)).toEqual([true, false]);
    FakeWorker.all[1]!.answer(0);
    expect(await second).toMatchObject({ status: 'answered', answer: { text: '2' } });
  });

  it('tell of a worker that cannot be loaded, and of an error in it', async () => {
    const client = new WorkerClient('worker.js', 'rewrite', 1000);
    const first = client.ask(make('1'));
    FakeWorker.all[0]!.onerror!({ message: '' });
    expect(await first).toEqual({ status: 'failed', error: 'The worker could not be loaded.' });
    const second = client.ask(make('2'));
    const [worker] = FakeWorker.all.slice(1);
    worker!.onmessage!({ data: { id: worker!.requests[0]!.id, error: 'too much' } });
    expect(await second).toEqual({ status: 'failed', error: 'too much' });
    expect(worker!.isEnded).toBe(false);
  });

  it('leave nothing behind when the page is left', async () => {
    const client = new WorkerClient('worker.js', 'rewrite', 1000);
    const [first, second] = [client.ask(make('1')), client.ask(make('2'))];
    client.close();
    expect(await Promise.all([first, second])).toEqual([{ status: 'superseded' }, { status: 'superseded' }]);
    expect(FakeWorker.all[0]!.isEnded).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });
});
