import rule from '../../rules/no-abandoned-race.js';
import { runRuleTests } from './support/run-rule-tests.js';

const SLEEP = `function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => { clearTimeout(timer); reject(signal?.reason); };
    const timer = setTimeout(() => { signal?.removeEventListener('abort', onAbort); resolve(); }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
`;

runRuleTests(rule, {
  valid: [
    // the process ends behind it
    `export async function shutdown(close: () => Promise<void>) {
  await Promise.race([close(), new Promise((resolve) => setTimeout(resolve, 5000))]);
  process.exit(0);
}`,
    // the process ends in the finally around it
    `export async function fail(info: () => Promise<string>) {
  try { console.log(await Promise.race([info(), new Promise((resolve) => setTimeout(resolve, 5000))])); } finally { process.exit(1); }
}`,
    // a pause that a cancellation ends early
    `${SLEEP}async function poll(cancelled: Promise<void>, isDone: () => Promise<boolean>) {
  while (!(await isDone())) await Promise.race([sleep(2000), cancelled]);
}`,
    // the wait is ended by a signal
    `${SLEEP}async function drain(jobs: Promise<unknown>, ms: number) {
  const over = new AbortController();
  try { return await Promise.race([jobs, sleep(ms, over.signal)]); } finally { over.abort(); }
}`,
    // cleared in finally
    `async function load(work: () => Promise<string>, ms: number) {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([work(), new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new Error('timeout')), ms); })]);
  } finally {
    clearTimeout(timer);
  }
}`,
    // cleared in finally under a test of the timer
    `async function load(work: () => Promise<string>, ms: number) {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new Error('timeout')), ms); });
  try {
    return await Promise.race([work(), late]);
  } finally {
    if (typeof timer !== 'undefined') clearTimeout(timer);
  }
}`,
    // cleared at the end of the chain
    `function load(work: Promise<string>, ms: number) {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new Error('timeout')), ms); });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}`,
    // cleared in both handlers of the chain
    `function load(work: Promise<string>, ms: number) {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new Error('timeout')), ms); });
  return Promise.race([work, late]).then((value) => { clearTimeout(timer); return value; }, (error) => { clearTimeout(timer); throw error; });
}`,
    // cleared where the work ends
    `function load(work: Promise<string>, ms: number) {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new Error('timeout')), ms); });
  return Promise.race([work.finally(() => clearTimeout(timer)), late]);
}`,
    // cleared by an abort that comes on every way out
    `async function lookUp(work: Promise<string>) {
  const controller = new AbortController();
  try {
    const late = new Promise<never>((_, reject) => {
      const timer = setTimeout(() => reject(new Error('timeout')), 5000);
      controller.signal.addEventListener('abort', () => clearTimeout(timer));
    });
    return await Promise.race([work, late]);
  } finally {
    controller.abort();
  }
}`,
    // nothing can reject, so fulfilment is every outcome
    `function waitForExit(child: import('node:child_process').ChildProcess) {
  let timer: NodeJS.Timeout;
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const late = new Promise<void>((resolve) => { timer = setTimeout(resolve, 2000); });
  return Promise.race([exited, late]).then(() => { clearTimeout(timer); });
}`,
    // the timer does not hold the process
    `function load(work: Promise<string>, ms: number) {
  return Promise.race([work, new Promise((resolve) => setTimeout(resolve, ms).unref())]);
}`,
    // unref'd later
    `function load(work: Promise<string>, ms: number) {
  return Promise.race([work, new Promise((resolve) => { const timer = setTimeout(resolve, ms); timer.unref(); })]);
}`,
    // a sleep that a signal ends
    `import { setTimeout as sleep } from 'node:timers/promises';
async function load(work: Promise<string>, signal: AbortSignal) { return Promise.race([work, sleep(5000, undefined, { signal })]); }`,
    // over soon
    'async function settle(work: Promise<string>) { return Promise.race([work, new Promise((resolve) => setTimeout(resolve, 100))]); }',
    // the way out without a clear is the one of the timer
    `async function load(work: Promise<string | undefined>, ms: number) {
  let timer: NodeJS.Timeout;
  const late = new Promise<'late'>((resolve) => { timer = setTimeout(() => resolve('late'), ms); });
  const result = await Promise.race([work.catch(() => undefined), late]);
  if (result === 'late') return undefined;
  clearTimeout(timer!);
  return result;
}`,
    // two pieces of work
    'async function first(a: Promise<string>, b: Promise<string>) { return Promise.race([a, b]); }',
    // two timers and no work
    `function either() {
  return Promise.race([new Promise((resolve) => setTimeout(resolve, 5000)), new Promise((resolve) => setTimeout(resolve, 9000))]);
}`,
    // a promise that an event settles as well is no timer
    `function ready(emitter: import('node:events').EventEmitter, work: Promise<void>) {
  return Promise.race([work, new Promise<void>((resolve) => { const timer = setTimeout(resolve, 5000); emitter.once('ready', () => { clearTimeout(timer); resolve(); }); })]);
}`,
    // another race than that of Promise
    'async function load(work: Promise<string>) { return cars.race([work, new Promise((resolve) => setTimeout(resolve, 5000))]); }',
    // the handle is kept by somebody else
    `function load(task: { timer?: NodeJS.Timeout }, work: Promise<string>, ms: number) {
  return Promise.race([work, new Promise((_, reject) => { task.timer = setTimeout(() => reject(new Error('timeout')), ms); })]);
}`,
    // a page keeps no process alive
    `async function load(work: Promise<string>) {
  document.title = 'Loading';
  return Promise.race([work, new Promise((resolve) => setTimeout(resolve, 5000))]);
}`,
    // a test by what it imports
    `import { it } from 'vitest';
it('loads', async () => { await Promise.race([load(), new Promise((resolve) => setTimeout(resolve, 5000))]); });`,
    // a test by its name
    { code: 'async function load(work: Promise<string>) { return Promise.race([work, new Promise((resolve) => setTimeout(resolve, 5000))]); }', filename: 'load.test.ts' },
  ],
  invalid: [
    // the process ends in one branch
    {
      code: `export async function shutdown(close: () => Promise<void>, isLast: boolean) {
  await Promise.race([close(), new Promise((resolve) => setTimeout(resolve, 5000))]);
  if (isLast) process.exit(0);
}`,
      errors: [
        {
          messageId: 'neverCleared',
          line: 2, column: 9, endLine: 2, endColumn: 21,
          suggestions: [{ messageId: 'clearTimer', output: `export async function shutdown(close: () => Promise<void>, isLast: boolean) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  await Promise.race([close(), new Promise((resolve) => { timer = setTimeout(resolve, 5000); })]).finally(() => clearTimeout(timer));
  if (isLast) process.exit(0);
}` }],
        },
      ],
    },
    // nothing ends the wait, which could be given a signal
    {
      code: `${SLEEP}async function drain(jobs: Promise<unknown>, ms: number) {
  return Promise.race([jobs, sleep(ms).then(() => false)]);
}`,
      errors: [{ messageId: 'neverCleared', line: 9, column: 10, endLine: 9, endColumn: 22 }],
    },
    // nothing holds the timer
    {
      code: `async function load(work: () => Promise<string>, ms: number) {
  return Promise.race([
    work(),
    new Promise<never>((_, reject) => setTimeout(() => reject(new Error('timeout')), ms)),
  ]);
}`,
      errors: [
        {
          messageId: 'neverCleared',
          line: 2, column: 10, endLine: 2, endColumn: 22,
          suggestions: [{ messageId: 'clearTimer', output: `async function load(work: () => Promise<string>, ms: number) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return Promise.race([
    work(),
    new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new Error('timeout')), ms); }),
  ]).finally(() => clearTimeout(timer));
}` }],
        },
      ],
    },
    // nothing holds the timer, in a body of its own
    {
      code: `async function load(work: () => Promise<string>) {
  const result = await Promise.race([
    work(),
    new Promise((resolve) => {
      setTimeout(() => resolve(undefined), 30_000);
    }),
  ]);
  return result;
}`,
      errors: [
        {
          messageId: 'neverCleared',
          line: 2, column: 24, endLine: 2, endColumn: 36,
          suggestions: [{ messageId: 'clearTimer', output: `async function load(work: () => Promise<string>) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const result = await Promise.race([
    work(),
    new Promise((resolve) => {
      timer = setTimeout(() => resolve(undefined), 30_000);
    }),
  ]).finally(() => clearTimeout(timer));
  return result;
}` }],
        },
      ],
    },
    // plain JavaScript
    {
      code: `async function load(work) {
  return await Promise.race([work(), new Promise((resolve) => setTimeout(resolve, 2000, 'late'))]);
}`,
      filename: 'file.js',
      errors: [
        {
          messageId: 'neverCleared',
          line: 2, column: 16, endLine: 2, endColumn: 28,
          suggestions: [{ messageId: 'clearTimer', output: `async function load(work) {
  let timer;
  return await Promise.race([work(), new Promise((resolve) => { timer = setTimeout(resolve, 2000, 'late'); })]).finally(() => clearTimeout(timer));
}` }],
        },
      ],
    },
    // the timer in a variable of its own
    {
      code: `async function load(work: () => Promise<string>) {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error('timeout')), 10_000);
  });
  try {
    return await Promise.race([work(), late]);
  } catch {
    return undefined;
  }
}`,
      errors: [
        {
          messageId: 'neverCleared',
          line: 6, column: 18, endLine: 6, endColumn: 30,
          suggestions: [{ messageId: 'clearTimer', output: `async function load(work: () => Promise<string>) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('timeout')), 10_000);
  });
  try {
    return await Promise.race([work(), late]).finally(() => clearTimeout(timer));
  } catch {
    return undefined;
  }
}` }],
        },
      ],
    },
    // one timer for all rounds of a loop: no place to clear it in the race
    {
      code: `async function load(work: () => Promise<string>) {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error('timeout')), 10_000);
  });
  for (;;) {
    try {
      return await Promise.race([work(), late]);
    } catch (error) {
      if (!isTransient(error)) throw error;
    }
  }
}`,
      errors: [
        {
          messageId: 'neverCleared',
          line: 7, column: 20, endLine: 7, endColumn: 32,
          suggestions: [
            {
              messageId: 'clearTimer',
              output: `async function load(work: () => Promise<string>) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('timeout')), 10_000);
  });
  try {
    for (;;) {
      try {
        return await Promise.race([work(), late]);
      } catch (error) {
        if (!isTransient(error)) throw error;
      }
    }
  } finally {
    clearTimeout(timer);
  }
}`,
            },
          ],
        },
      ],
    },
    // held and never cleared
    {
      code: `function load(work: Promise<string>, ms: number) {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new Error('timeout')), ms); });
  return Promise.race([work, late]);
}`,
      errors: [
        {
          messageId: 'neverCleared',
          line: 4, column: 10, endLine: 4, endColumn: 22,
          suggestions: [{ messageId: 'clearTimer', output: `function load(work: Promise<string>, ms: number) {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new Error('timeout')), ms); });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}` }],
        },
      ],
    },
    // cleared only by the callback of the timer itself
    {
      code: `function load(work: Promise<string>, ms: number) {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      clearTimeout(timer);
      reject(new Error('timeout'));
    }, ms);
  });
  return Promise.race([work, late]);
}`,
      errors: [
        {
          messageId: 'neverCleared',
          line: 9, column: 10, endLine: 9, endColumn: 22,
          suggestions: [{ messageId: 'clearTimer', output: `function load(work: Promise<string>, ms: number) {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      clearTimeout(timer);
      reject(new Error('timeout'));
    }, ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}` }],
        },
      ],
    },
    // cleared when the race fulfils
    {
      code: `function load(work: Promise<string>, ms: number) {
  let timer: NodeJS.Timeout;
  const late = new Promise<string>((resolve) => { timer = setTimeout(() => resolve('timeout'), ms); });
  return Promise.race([work, late]).then((result) => {
    clearTimeout(timer);
    return result;
  });
}`,
      errors: [
        {
          messageId: 'clearedWhenFulfilled',
          line: 4, column: 10, endLine: 4, endColumn: 22,
          suggestions: [{ messageId: 'clearTimer', output: `function load(work: Promise<string>, ms: number) {
  let timer: NodeJS.Timeout;
  const late = new Promise<string>((resolve) => { timer = setTimeout(() => resolve('timeout'), ms); });
  return Promise.race([work, late]).then((result) => {
    clearTimeout(timer);
    return result;
  }).finally(() => clearTimeout(timer));
}` }],
        },
      ],
    },
    // cleared behind the await
    {
      code: `async function load(work: Promise<string>, ms: number) {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new Error('timeout')), ms); });
  const result = await Promise.race([work, late]);
  clearTimeout(timer!);
  return result;
}`,
      errors: [
        {
          messageId: 'clearedWhenFulfilled',
          line: 4, column: 24, endLine: 4, endColumn: 36,
          suggestions: [{ messageId: 'clearTimer', output: `async function load(work: Promise<string>, ms: number) {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new Error('timeout')), ms); });
  const result = await Promise.race([work, late]).finally(() => clearTimeout(timer));
  clearTimeout(timer!);
  return result;
}` }],
        },
      ],
    },
    // cleared when the work fulfils
    {
      code: `function load(work: Promise<string>, ms: number) {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new Error('timeout')), ms); });
  return Promise.race([work.then((value) => { clearTimeout(timer); return value; }), late]);
}`,
      errors: [
        {
          messageId: 'clearedWhenFulfilled',
          line: 4, column: 10, endLine: 4, endColumn: 22,
          suggestions: [{ messageId: 'clearTimer', output: `function load(work: Promise<string>, ms: number) {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new Error('timeout')), ms); });
  return Promise.race([work.then((value) => { clearTimeout(timer); return value; }), late]).finally(() => clearTimeout(timer));
}` }],
        },
      ],
    },
    // cleared on one way out only, on which the timer may have fired
    {
      code: `async function load(work: Promise<string | undefined>, ms: number) {
  let timer: NodeJS.Timeout;
  const late = new Promise<undefined>((resolve) => { timer = setTimeout(resolve, ms); });
  const result = await Promise.race([work.catch(() => undefined), late]);
  if (result === undefined) return 'late';
  clearTimeout(timer!);
  return result;
}`,
      options: [{ includePotential: true }],
      errors: [
        {
          messageId: 'clearedOnPath',
          data: { exit: 'line 5 returns' },
          line: 4, column: 24, endLine: 4, endColumn: 36,
          suggestions: [{ messageId: 'clearTimer', output: `async function load(work: Promise<string | undefined>, ms: number) {
  let timer: NodeJS.Timeout;
  const late = new Promise<undefined>((resolve) => { timer = setTimeout(resolve, ms); });
  const result = await Promise.race([work.catch(() => undefined), late]).finally(() => clearTimeout(timer));
  if (result === undefined) return 'late';
  clearTimeout(timer!);
  return result;
}` }],
        },
      ],
    },
    // a sleep of the file
    {
      code: `const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
async function load(work: Promise<string>) {
  return Promise.race([work, sleep(5000).then(() => { throw new Error('timeout'); })]);
}`,
      errors: [
        {
          messageId: 'neverCleared',
          line: 3, column: 10, endLine: 3, endColumn: 22,
          suggestions: [
            {
              messageId: 'clearTimer',
              output: `const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
async function load(work: Promise<string>) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return Promise.race([work, new Promise<void>((resolve) => { timer = setTimeout(resolve, 5000); }).then(() => { throw new Error('timeout'); })]).finally(() => clearTimeout(timer));
}`,
            },
          ],
        },
      ],
    },
    // a sleep of Node
    {
      code: `import { setTimeout as sleep } from 'node:timers/promises';
async function load(work: Promise<string>) {
  return Promise.race([work, sleep(5000, 'late')]);
}`,
      errors: [
        {
          messageId: 'neverCleared',
          line: 3, column: 10, endLine: 3, endColumn: 22,
          suggestions: null,
        },
      ],
    },
    // the operands in a variable
    {
      code: `async function load(work: Promise<string>) {
  const contenders = [work, new Promise((resolve) => setTimeout(resolve, 5000))];
  return Promise.race(contenders);
}`,
      errors: [
        {
          messageId: 'neverCleared',
          line: 3, column: 10, endLine: 3, endColumn: 22,
          suggestions: [{ messageId: 'clearTimer', output: `async function load(work: Promise<string>) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const contenders = [work, new Promise((resolve) => { timer = setTimeout(resolve, 5000); })];
  return Promise.race(contenders).finally(() => clearTimeout(timer));
}` }],
        },
      ],
    },
    // in a page, where only the timer is left
    {
      code: `async function load(work: Promise<string>) {
  document.title = 'Loading';
  return Promise.race([work, new Promise((resolve) => setTimeout(resolve, 5000))]);
}`,
      options: [{ includePotential: true }],
      errors: [
        {
          messageId: 'neverCleared',
          line: 3, column: 10, endLine: 3, endColumn: 22,
          suggestions: [{ messageId: 'clearTimer', output: `async function load(work: Promise<string>) {
  document.title = 'Loading';
  let timer: ReturnType<typeof setTimeout> | undefined;
  return Promise.race([work, new Promise((resolve) => { timer = setTimeout(resolve, 5000); })]).finally(() => clearTimeout(timer));
}` }],
        },
      ],
    },
    // in a test, when asked to
    {
      code: `import { it } from 'vitest';
it('loads', async () => { await Promise.race([load(), new Promise((resolve) => setTimeout(resolve, 5000))]); });`,
      options: [{ checkTestFiles: true }],
      errors: [
        {
          messageId: 'neverCleared',
          line: 2, column: 33, endLine: 2, endColumn: 45,
          suggestions: [{ messageId: 'clearTimer', output: `import { it } from 'vitest';
it('loads', async () => { let timer: ReturnType<typeof setTimeout> | undefined; await Promise.race([load(), new Promise((resolve) => { timer = setTimeout(resolve, 5000); })]).finally(() => clearTimeout(timer)); });` }],
        },
      ],
    },
  ],
});
