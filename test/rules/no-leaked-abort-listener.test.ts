import rule from '../../rules/no-leaked-abort-listener.js';
import { runRuleTests } from './support/run-rule-tests.js';

runRuleTests(rule, {
  valid: [
    // one for each signal, kept by the signal
    `const controllers = new WeakMap<AbortSignal, AbortController>();
function getController(signal: AbortSignal) {
  if (!controllers.has(signal)) {
    const controller = new AbortController();
    signal.addEventListener('abort', () => controller.abort(signal.reason));
    controllers.set(signal, controller);
  }
  return controllers.get(signal);
}`,
    // what never settles settles nothing
    `function all(work: Promise<string>, signal: AbortSignal) {
  return new Promise<string>((resolve_, reject_) => {
    const stop = () => reject_(signal.reason);
    signal.addEventListener('abort', stop);
    work.then((value) => { signal.removeEventListener('abort', stop); resolve_(value); });
    work.then(() => new Promise<never>(() => {})).then(resolve_);
  });
}`,
    // removed in finally
    `async function load(url: string, signal: AbortSignal) {
  const controller = new AbortController();
  const onAbort = () => controller.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const res = await fetch(url, { signal: controller.signal });
    return await res.text();
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}`,
    // an optional signal, removed in finally far below
    `async function read(lines: AsyncIterable<string> & { close(): void }, options?: { signal?: AbortSignal }) {
  const onAbort = () => lines.close();
  options?.signal?.addEventListener('abort', onAbort, { once: true });
  const found: string[] = [];
  try {
    for await (const line of lines) {
      if (line === '') return found;
      found.push(line);
    }
  } finally {
    options?.signal?.removeEventListener('abort', onAbort);
  }
}`,
    // one clean-up for every outcome
    `function withCancel<T>(work: () => PromiseLike<T> | T, signal: AbortSignal) {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    const cleanup = () => signal.removeEventListener('abort', onAbort);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      const result = work();
      if (isThenable(result)) {
        result.then((value) => { cleanup(); resolve(value); }, (error) => { cleanup(); reject(error); });
      } else {
        cleanup();
        resolve(result);
      }
    } catch (error) {
      cleanup();
      reject(error);
    }
  });
}`,
    // kept in an outer variable, removed at the end of the race
    `function raceWithSignal<T>(promise: Promise<T>, signal: AbortSignal) {
  let listener: () => void;
  return Promise.race([
    promise,
    new Promise<never>((_, reject) => {
      listener = () => reject(new Error('aborted'));
      signal.addEventListener('abort', listener);
    }),
  ]).finally(() => signal.removeEventListener('abort', listener));
}`,
    // removed under a test of the listener itself
    `async function preload(work: () => Promise<void>, signal: AbortSignal) {
  let abort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort);
  });
  try {
    await Promise.race([work(), aborted]);
  } finally {
    if (abort) signal.removeEventListener('abort', abort);
  }
}`,
    // removed under a test of the signal, which must have been there
    `async function wait(done: Promise<void>, signal?: AbortSignal) {
  let onAbort: (() => void) | undefined;
  try {
    await Promise.race([done, new Promise<never>((_, reject) => {
      if (!signal) return;
      onAbort = () => reject(signal.reason);
      signal.addEventListener('abort', onAbort, { once: true });
    })]);
  } finally {
    if (onAbort && signal) signal.removeEventListener('abort', onAbort);
  }
}`,
    // another signal removes it
    `async function load(url: string, signal: AbortSignal) {
  const controller = new AbortController();
  signal.addEventListener('abort', () => controller.abort(), { signal: controller.signal });
  try { return await (await fetch(url, { signal: controller.signal })).text(); } finally { controller.abort(); }
}`,
    // a signal made for this one call
    `async function load(url: string) {
  const controller = new AbortController();
  controller.signal.addEventListener('abort', () => log('gave up'));
  setTimeout(() => controller.abort(), 5000).unref();
  return fetch(url, { signal: controller.signal });
}`,
    // joined signals are made for this one call
    `async function load(work: (signal: AbortSignal) => Promise<void>, parent: AbortSignal) {
  const signal = AbortSignal.any([parent, AbortSignal.timeout(5000)]);
  let isLate = false;
  signal.addEventListener('abort', () => { isLate = true; });
  await work(signal);
  return isLate;
}`,
    // a signal that lives as long as the request
    `export async function POST(request: Request) {
  const job = start();
  request.signal.addEventListener('abort', () => job.cancel());
  await job.done;
  return new Response();
}`,
    // a signal that says that it is the one of the request
    `async function chat(work: (signal: AbortSignal) => Promise<void>, options: { requestSignal: AbortSignal }) {
  const controller = new AbortController();
  options.requestSignal.addEventListener('abort', () => controller.abort());
  await work(controller.signal);
}`,
    // a callback that gets a signal for its one run
    `queue.add(async ({ signal }: { signal: AbortSignal }) => {
  const job = start();
  signal.addEventListener('abort', () => job.cancel());
  await job.done;
});`,
    // what is started lives until the abort
    `function serve(signal: AbortSignal) {
  const server = createServer();
  signal.addEventListener('abort', () => server.close());
  return server;
}`,
    // what is started lives until the abort, and starting takes a while
    `async function serve(signal: AbortSignal) {
  const server = createServer();
  signal.addEventListener('abort', () => server.close());
  await listen(server);
  return { server, url: server.url };
}`,
    // a flag of an object that lives on
    `class Loader {
  #isStopped = false;
  static async open(options: { signal?: AbortSignal }) {
    const loader = new Loader();
    await loader.restore();
    options.signal?.addEventListener('abort', () => { loader.#isStopped = true; });
    return loader;
  }
}`,
    // the listener is handed out with what removes it
    `function link(signal: AbortSignal, controller: AbortController) {
  const onAbort = () => controller.abort(signal.reason);
  signal.addEventListener('abort', onAbort);
  return { dispose: () => signal.removeEventListener('abort', onAbort) };
}`,
    // the listener itself is handed out
    `class Stream {
  #listen(signal: AbortSignal, controller: AbortController) {
    const onAbort = () => controller.abort(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    return onAbort;
  }
}`,
    // one function for the abort and for every other outcome
    `async function pause(ms: number, signal?: AbortSignal) {
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}`,
    // a field that a method removes
    `class Job {
  start(signal: AbortSignal) { signal.addEventListener('abort', this.onAbort); }
  stop(signal: AbortSignal) { signal.removeEventListener('abort', this.onAbort); }
  onAbort = () => this.controller.abort();
}`,
    // for as long as the module
    `const shutdown = new AbortController();
shutdown.signal.addEventListener('abort', () => pool.close());`,
    // the abort of a download is another event
    `function upload(xhr: XMLHttpRequest) { return new Promise((resolve, reject) => { xhr.addEventListener('abort', () => reject(new Error('aborted'))); xhr.addEventListener('load', resolve); }); }`,
    // disposed with its scope
    `import { addAbortListener } from 'node:events';
async function load(url: string, signal: AbortSignal) {
  const controller = new AbortController();
  using link = addAbortListener(signal, () => controller.abort());
  return await (await fetch(url, { signal: controller.signal })).text();
}`,
    // an effect takes it back
    `function useAbort(signal: AbortSignal) { useEffect(() => { const stop = () => close(); signal.addEventListener('abort', stop); return () => signal.removeEventListener('abort', stop); }, [signal]); }`,
  ],
  invalid: [
    // one for each call, kept by nothing
    {
      code: `const controllers = new Map<string, AbortController>();
function getController(name: string, signal: AbortSignal) {
  const controller = new AbortController();
  signal.addEventListener('abort', () => controller.abort(signal.reason));
  controllers.set(name, controller);
  return controllers.get(name);
}`,
      errors: [{ messageId: 'neverRemoved', data: { signal: 'signal' }, line: 4, column: 3, endLine: 4, endColumn: 26, suggestions: [] }],
    },
    {
      code: `function all(work: Promise<string>, signal: AbortSignal) {
  return new Promise<string>((resolve_, reject_) => {
    const stop = () => reject_(signal.reason);
    signal.addEventListener('abort', stop);
    work.then((value) => { signal.removeEventListener('abort', stop); resolve_(value); });
    work.then(() => new Promise<string>((done) => done('late'))).then(resolve_);
  });
}`,
      errors: [
        {
          messageId: 'onSettlement',
          data: { signal: 'signal', line: '6' },
          line: 4,
          column: 5,
          endLine: 4,
          endColumn: 28,
          suggestions: [
            {
              messageId: 'removeListener',
              output: `function all(work: Promise<string>, signal: AbortSignal) {
  return new Promise<string>((resolve_, reject_) => {
    const stop = () => reject_(signal.reason);
    signal.addEventListener('abort', stop);
    work.then((value) => { signal.removeEventListener('abort', stop); resolve_(value); });
    work.then(() => new Promise<string>((done) => done('late'))).then((value) => { signal.removeEventListener('abort', stop); resolve_(value); });
  });
}`,
            },
          ],
        },
      ],
    },
    // an executor that settles without an abort
    {
      code: `function withCancel<T>(work: () => Promise<T>, signal: AbortSignal) {
  return new Promise<T>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
    work().then(resolve, reject);
  });
}`,
      errors: [
        {
          messageId: 'neverRemoved',
          data: { signal: 'signal' },
          line: 3, column: 5, endLine: 3, endColumn: 28,
          suggestions: [{ messageId: 'removeListener', output: `function withCancel<T>(work: () => Promise<T>, signal: AbortSignal) {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort);
    work().then((value) => { signal.removeEventListener('abort', onAbort); resolve(value); }, (error) => { signal.removeEventListener('abort', onAbort); reject(error); });
  });
}` }],
        },
      ],
    },
    // once removes nothing when there is no abort
    {
      code: `function withCancel<T>(work: () => Promise<T>, signal: AbortSignal) {
  return new Promise<T>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    work().then(
      (value) => {
        log(value);
        resolve(value);
      },
      (error) => reject(error),
    );
  });
}`,
      errors: [
        {
          messageId: 'neverRemoved',
          data: { signal: 'signal' },
          line: 3, column: 5, endLine: 3, endColumn: 28,
          suggestions: [{ messageId: 'removeListener', output: `function withCancel<T>(work: () => Promise<T>, signal: AbortSignal) {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    work().then(
      (value) => {
        log(value);
        signal.removeEventListener('abort', onAbort);
        resolve(value);
      },
      (error) => {
        signal.removeEventListener('abort', onAbort);
        return reject(error);
      },
    );
  });
}` }],
        },
      ],
    },
    // one operand of a race
    {
      code: `async function raceWithSignal<T>(promise: Promise<T>, signal?: AbortSignal) {
  if (signal === undefined) return promise;
  return Promise.race([
    promise,
    new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => {
        reject(new Error('aborted'));
      });
    }),
  ]);
}`,
      errors: [
        {
          messageId: 'neverRemoved',
          data: { signal: 'signal' },
          line: 6, column: 7, endLine: 6, endColumn: 30,
          suggestions: [{ messageId: 'removeListener', output: `async function raceWithSignal<T>(promise: Promise<T>, signal?: AbortSignal) {
  if (signal === undefined) return promise;
  let onAbort = () => {};
  return Promise.race([
    promise,
    new Promise<never>((_, reject) => {
      onAbort = () => {
        reject(new Error('aborted'));
      };
      signal.addEventListener('abort', onAbort);
    }),
  ]).finally(() => signal.removeEventListener('abort', onAbort));
}` }],
        },
      ],
    },
    // a controller that follows the caller's
    {
      code: `async function load(url: string, { signal }: { signal?: AbortSignal } = {}) {
  const controller = new AbortController();
  signal?.addEventListener('abort', () => controller.abort(signal.reason));
  const res = await fetch(url, { signal: controller.signal });
  return res.text();
}`,
      errors: [
        {
          messageId: 'neverRemoved',
          data: { signal: 'signal' },
          line: 3, column: 3, endLine: 3, endColumn: 27,
          suggestions: [{ messageId: 'removeListener', output: `async function load(url: string, { signal }: { signal?: AbortSignal } = {}) {
  const controller = new AbortController();
  const onAbort = () => controller.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort);
  try {
    const res = await fetch(url, { signal: controller.signal });
    return await res.text();
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}` }],
        },
      ],
    },
    // a controller of an object that follows the caller's
    {
      code: `class Request {
  controller = new AbortController();
  constructor(options: { signal?: AbortSignal }) {
    const original = options.signal;
    original?.addEventListener('abort', () => {
      this.controller.abort(original.reason);
    });
    const signal = original ?? options.signal;
    signal?.addEventListener('abort', () => this.controller.abort());
  }
}`,
      errors: [
        {
          messageId: 'neverRemoved',
          data: { signal: 'original' },
          line: 5, column: 5, endLine: 5, endColumn: 31,
          suggestions: null,
        },
        {
          messageId: 'neverRemoved',
          data: { signal: 'signal' },
          line: 9, column: 5, endLine: 9, endColumn: 29,
          suggestions: null,
        },
      ],
    },
    // signals joined by hand
    {
      code: `function joinSignals(...signals: AbortSignal[]) {
  const controller = new AbortController();
  for (const signal of signals) {
    signal.addEventListener('abort', () => controller.abort(signal.reason), { once: true });
  }
  return controller.signal;
}`,
      errors: [
        {
          messageId: 'neverRemoved',
          data: { signal: 'signal' },
          line: 4, column: 5, endLine: 4, endColumn: 28,
          suggestions: null,
        },
      ],
    },
    // one more in every round
    {
      code: `async function retry(work: (signal: AbortSignal) => Promise<boolean>, init?: { signal?: AbortSignal }) {
  for (;;) {
    const controller = new AbortController();
    init?.signal?.addEventListener('abort', () => controller.abort());
    if (await work(controller.signal)) return;
  }
}`,
      errors: [
        {
          messageId: 'neverRemoved',
          data: { signal: 'init?.signal' },
          line: 4, column: 5, endLine: 4, endColumn: 35,
          suggestions: null,
        },
      ],
    },
    // a sleep that the timer ends
    {
      code: `function pause(ms: number, signal: AbortSignal) {
  return new Promise<void>((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      reject(signal.reason);
    };
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', onAbort);
  });
}`,
      errors: [
        {
          messageId: 'neverRemoved',
          data: { signal: 'signal' },
          line: 9, column: 5, endLine: 9, endColumn: 28,
          suggestions: [{ messageId: 'removeListener', output: `function pause(ms: number, signal: AbortSignal) {
  return new Promise<void>((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      reject(signal.reason);
    };
    const timer = setTimeout(() => { signal.removeEventListener('abort', onAbort); resolve(); }, ms);
    signal.addEventListener('abort', onAbort);
  });
}` }],
        },
      ],
    },
    // removed on success, not when the work fails
    {
      code: `async function load(url: string, signal: AbortSignal) {
  const controller = new AbortController();
  const onAbort = () => controller.abort(signal.reason);
  signal.addEventListener('abort', onAbort);
  const res = await fetch(url, { signal: controller.signal });
  signal.removeEventListener('abort', onAbort);
  return res.text();
}`,
      errors: [
        {
          messageId: 'onPath',
          data: { signal: 'signal', exit: 'line 5 throws' },
          line: 4, column: 3, endLine: 4, endColumn: 26,
          suggestions: [{ messageId: 'removeListener', output: `async function load(url: string, signal: AbortSignal) {
  const controller = new AbortController();
  const onAbort = () => controller.abort(signal.reason);
  signal.addEventListener('abort', onAbort);
  try {
    const res = await fetch(url, { signal: controller.signal });
    signal.removeEventListener('abort', onAbort);
    return await res.text();
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}` }],
        },
      ],
    },
    // removed on success, through a field
    {
      code: `class Runner {
  executionController = new AbortController();
  async run(work: () => Promise<void>) {
    const onAbort = () => this.kill();
    this.executionController.signal.addEventListener('abort', onAbort);
    await work();
    this.executionController.signal.removeEventListener('abort', onAbort);
  }
  kill() {}
}`,
      errors: [
        {
          messageId: 'onPath',
          data: { signal: 'this.executionController.signal', exit: 'line 6 throws' },
          line: 5, column: 5, endLine: 5, endColumn: 53,
          suggestions: [{ messageId: 'removeListener', output: `class Runner {
  executionController = new AbortController();
  async run(work: () => Promise<void>) {
    const onAbort = () => this.kill();
    this.executionController.signal.addEventListener('abort', onAbort);
    try {
      await work();
      this.executionController.signal.removeEventListener('abort', onAbort);
    } finally {
      this.executionController.signal.removeEventListener('abort', onAbort);
    }
  }
  kill() {}
}` }],
        },
      ],
    },
    // removed in then only
    {
      code: `function load(url: string, signal: AbortSignal) {
  const controller = new AbortController();
  const onAbort = () => controller.abort(signal.reason);
  signal.addEventListener('abort', onAbort);
  return fetch(url, { signal: controller.signal }).then((res) => {
    signal.removeEventListener('abort', onAbort);
    return res;
  });
}`,
      errors: [
        {
          messageId: 'onRejection',
          data: { signal: 'signal' },
          line: 4, column: 3, endLine: 4, endColumn: 26,
          suggestions: [{ messageId: 'removeListener', output: `function load(url: string, signal: AbortSignal) {
  const controller = new AbortController();
  const onAbort = () => controller.abort(signal.reason);
  signal.addEventListener('abort', onAbort);
  return fetch(url, { signal: controller.signal }).then((res) => {
    signal.removeEventListener('abort', onAbort);
    return res;
  }).finally(() => signal.removeEventListener('abort', onAbort));
}` }],
        },
      ],
    },
    // removed on one outcome of the executor
    {
      code: `function withCancel<T>(work: Promise<T>, signal: AbortSignal) {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    work.then((value) => { signal.removeEventListener('abort', onAbort); resolve(value); }, reject);
  });
}`,
      errors: [
        {
          messageId: 'onSettlement',
          data: { signal: 'signal', line: '5' },
          line: 4, column: 5, endLine: 4, endColumn: 28,
          suggestions: [{ messageId: 'removeListener', output: `function withCancel<T>(work: Promise<T>, signal: AbortSignal) {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    work.then((value) => { signal.removeEventListener('abort', onAbort); resolve(value); }, (error) => { signal.removeEventListener('abort', onAbort); reject(error); });
  });
}` }],
        },
      ],
    },
    // stops what the function also waits for
    {
      code: `async function run(child: import('node:child_process').ChildProcess, options: { signal: AbortSignal }) {
  options.signal.addEventListener('abort', () => child.kill());
  await new Promise((resolve) => child.once('exit', resolve));
}`,
      errors: [
        {
          messageId: 'neverRemoved',
          data: { signal: 'options.signal' },
          line: 2, column: 3, endLine: 2, endColumn: 34,
          suggestions: [{ messageId: 'removeListener', output: `async function run(child: import('node:child_process').ChildProcess, options: { signal: AbortSignal }) {
  const onAbort = () => child.kill();
  options.signal.addEventListener('abort', onAbort);
  try {
    await new Promise((resolve) => child.once('exit', resolve));
  } finally {
    options.signal.removeEventListener('abort', onAbort);
  }
}` }],
        },
      ],
    },
    // a flag of the operation
    {
      code: `async function copy(chunks: AsyncIterable<Uint8Array>, write: (chunk: Uint8Array) => Promise<void>, signal: AbortSignal) {
  let isAborted = false;
  signal.addEventListener('abort', () => { isAborted = true; });
  for await (const chunk of chunks) {
    if (isAborted) break;
    await write(chunk);
  }
}`,
      errors: [
        {
          messageId: 'neverRemoved',
          data: { signal: 'signal' },
          line: 3, column: 3, endLine: 3, endColumn: 26,
          suggestions: [{ messageId: 'removeListener', output: `async function copy(chunks: AsyncIterable<Uint8Array>, write: (chunk: Uint8Array) => Promise<void>, signal: AbortSignal) {
  let isAborted = false;
  const onAbort = () => { isAborted = true; };
  signal.addEventListener('abort', onAbort);
  try {
    for await (const chunk of chunks) {
      if (isAborted) break;
      await write(chunk);
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}` }],
        },
      ],
    },
    // options that a helper has filled in, plain JavaScript
    {
      code: `async function run(work, options) {
  const config = withDefaults(options);
  const controller = new AbortController();
  config.signal.addEventListener('abort', () => controller.abort());
  await work(controller.signal);
}`,
      filename: 'file.js',
      errors: [
        {
          messageId: 'neverRemoved',
          data: { signal: 'config.signal' },
          line: 4, column: 3, endLine: 4, endColumn: 33,
          suggestions: [{ messageId: 'removeListener', output: `async function run(work, options) {
  const config = withDefaults(options);
  const controller = new AbortController();
  const onAbort = () => controller.abort();
  config.signal.addEventListener('abort', onAbort);
  try {
    await work(controller.signal);
  } finally {
    config.signal.removeEventListener('abort', onAbort);
  }
}` }],
        },
      ],
    },
    // the disposable of addAbortListener is dropped
    {
      code: `import { addAbortListener } from 'node:events';
async function load(url: string, signal: AbortSignal) {
  const controller = new AbortController();
  addAbortListener(signal, () => controller.abort());
  return fetch(url, { signal: controller.signal });
}`,
      errors: [
        {
          messageId: 'neverRemoved',
          data: { signal: 'signal' },
          line: 4, column: 3, endLine: 4, endColumn: 19,
          suggestions: null,
        },
      ],
    },
    // an abort that is waited for in a race
    {
      code: `import { once } from 'node:events';
async function orAbort<T>(work: Promise<T>, signal: AbortSignal) {
  return Promise.race([work, once(signal, 'abort')]);
}`,
      errors: [
        {
          messageId: 'neverRemoved',
          data: { signal: 'signal' },
          line: 3, column: 30, endLine: 3, endColumn: 34,
          suggestions: null,
        },
      ],
    },
    // what the listener does is not known
    {
      code: `async function run(job: Job, signal: AbortSignal) {
  signal.addEventListener('abort', () => job.cancel());
  await job.done;
}`,
      options: [{ includePotential: true }],
      errors: [
        {
          messageId: 'neverRemoved',
          data: { signal: 'signal' },
          line: 2, column: 3, endLine: 2, endColumn: 26,
          suggestions: [{ messageId: 'removeListener', output: `async function run(job: Job, signal: AbortSignal) {
  const onAbort = () => job.cancel();
  signal.addEventListener('abort', onAbort);
  try {
    await job.done;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}` }],
        },
      ],
    },
  ],
});
