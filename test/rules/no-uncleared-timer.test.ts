import rule from '../../rules/no-uncleared-timer.js';
import { runRuleTests } from './support/run-rule-tests.js';

runRuleTests(rule, {
  valid: [
    // the work is the caller's, who has no way to clear the timer but none to know of it either
    `function timeoutSignal(ms: number) {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), ms);
  return controller.signal;
}`,
    `function withTimeout(ms: number, init: RequestInit) {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), ms);
  return { ...init, signal: controller.signal };
}`,
    // cleared in finally
    `async function load(url: string) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 5000);
  try {
    const res = await fetch(url, { signal: controller.signal });
    return await res.json();
  } finally {
    clearTimeout(timer);
  }
}`,
    // started in an executor, cleared in a finally around the promise
    `async function ask(work: () => Promise<string>, ms: number) {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<string>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error('too late')), ms);
      work().then(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
  }
}`,
    // made in a branch, cleared in a later finally
    `async function load(url: string, timeout?: number) {
  let timer: NodeJS.Timeout | undefined;
  const controller = new AbortController();
  if (timeout) {
    timer = setTimeout(() => controller.abort(), timeout);
  }
  try {
    return await fetch(url, { signal: controller.signal });
  } finally {
    if (timer) clearTimeout(timer);
  }
}`,
    // declared before the try, made in a nested branch
    `async function wait(client: Client, key: string, seconds: number) {
  let timer: NodeJS.Timeout | undefined;
  try {
    if (seconds > 0) {
      timer = setTimeout(async () => client.reconnect(), seconds * 1000);
      return await client.pop(key, seconds);
    }
  } catch (error) {
    report(error);
  } finally {
    clearTimeout(timer);
  }
}`,
    // cleared on every way, one by one
    `async function get(key: string, ms: number) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ms);
  try {
    const res = await fetch(key, { signal: controller.signal });
    if (res.status === 404) {
      clearTimeout(timer);
      return null;
    }
    const value = await res.json();
    clearTimeout(timer);
    return value;
  } catch (error) {
    clearTimeout(timer);
    throw error;
  }
}`,
    // the same test guards the start and the end
    `async function run(work: () => Promise<void>, isVerbose: boolean) {
  let timer: NodeJS.Timeout | undefined;
  if (isVerbose) timer = setInterval(() => console.log('busy'), 1000);
  await work().catch(() => undefined);
  if (isVerbose) clearInterval(timer);
}`,
    // nothing in between can reject
    `async function spin(ms: number) {
  const timer = setInterval(() => process.stdout.write('.'), 100);
  await new Promise((resolve) => setTimeout(resolve, ms));
  clearInterval(timer);
}`,
    // cleared by a function that every outcome calls
    `function run(child: import('node:child_process').ChildProcess) {
  return new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => { child.kill(); done(new Error('timeout')); }, 5000);
    const done = (error?: Error) => {
      clearTimeout(timer);
      if (error) reject(error);
      else resolve();
    };
    child.once('exit', () => done());
    child.once('error', (error) => done(error));
  });
}`,
    // the close of a process comes after its error
    `function run(child: import('node:child_process').ChildProcess) {
  return new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('timeout')), 5000);
    child.on('error', reject);
    child.on('close', () => { clearTimeout(timer); resolve(); });
  });
}`,
    // cleared where a promise chain ends
    `function load(url: string) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 5000);
  return fetch(url, { signal: controller.signal }).then((res) => res.json()).finally(() => clearTimeout(timer));
}`,
    // cleared in both handlers
    `function within<T>(ms: number, promise: Promise<T>) {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('timeout')), ms);
    promise.then((value) => { clearTimeout(timer); resolve(value); }, (error) => { clearTimeout(timer); reject(error); });
  });
}`,
    // does not hold the process
    `async function load(url: string) {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 5000).unref();
  return fetch(url, { signal: controller.signal });
}`,
    // unref'd in a statement of its own
    `function start(beat: () => void) {
  const timer = setInterval(beat, 1000);
  timer.unref?.();
}`,
    // returned
    'export function start(beat: () => void) { return setInterval(beat, 1000); }',
    // the function that stops it is returned
    'export function start(beat: () => void) { const timer = setInterval(beat, 1000); return () => clearInterval(timer); }',
    // put into a list that somebody clears
    'class Queues { ids: NodeJS.Timeout[] = []; add(queue: Queue) { const id = setInterval(() => queue.refill(), 1000); this.ids.push(id); } }',
    // handed over with the promise it belongs to
    `class Client {
  pending = new Map<number, object>();
  call(id: number) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => { this.pending.delete(id); reject(new Error('timeout')); }, 5000);
      this.pending.set(id, { resolve, reject, timer });
    });
  }
}`,
    // a class that can stop
    'class Poller { #timer?: NodeJS.Timeout; start() { this.#timer = setInterval(() => this.poll(), 1000); } stop() { clearInterval(this.#timer); } poll() {} }',
    // a class that stops through a local name
    'class Poller { private timer?: NodeJS.Timeout; start() { this.timer = setInterval(() => this.poll(), 1000); } stop() { const { timer } = this; clearInterval(timer); } poll() {} }',
    // a subclass may stop it
    'abstract class Poller { protected timer?: NodeJS.Timeout; start() { this.timer = setInterval(() => this.poll(), 1000); } abstract poll(): void; }',
    // an effect that cleans up
    `import { useEffect } from 'react';
function Clock() { useEffect(() => { const id = setInterval(() => tick(), 1000); return () => clearInterval(id); }, []); }`,
    // for as long as the module
    `setInterval(() => console.log('alive'), 60_000);`,
    // for as long as the program
    `async function main() { setInterval(() => console.log('alive'), 60_000); await serve(); }
main();`,
    // started once by the module
    `function startMetrics() { setInterval(() => report(), 60_000); }
startMetrics();`,
    // clears itself
    'function poll(check: () => boolean) { return new Promise<void>((resolve) => { const timer = setInterval(() => { if (check()) { clearInterval(timer); resolve(); } }, 50); }); }',
    // a sleep
    'const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));',
    // one-shot work that is meant to come
    'function schedule() { setTimeout(() => flush(), 5000); }',
    // a debounce
    `let timer: NodeJS.Timeout | undefined;
export function debounced() { clearTimeout(timer); timer = setTimeout(() => flush(), 300); }`,
    // a watchdog that ends the process
    `async function stop(server: import('node:http').Server) { setTimeout(() => process.exit(1), 10_000); await new Promise((resolve) => server.close(resolve)); }`,
    // the timer that kills is wanted when the friendly way fails
    `async function close(browser: Browser) {
  const timer = setTimeout(() => browser.process().kill('SIGKILL'), 5000);
  try {
    await browser.close();
    clearTimeout(timer);
  } catch (error) {
    report(error);
  }
}`,
    // the event may come after the kill
    `function stop(child: import('node:child_process').ChildProcess) { child.kill(); setTimeout(() => child.kill('SIGKILL'), 5000); }`,
    // over soon
    `function settle(emitter: import('node:events').EventEmitter) { return new Promise((resolve) => { emitter.once('ready', resolve); setTimeout(resolve, 500); }); }`,
    // a sleep that an abort ends
    `async function pause(ms: number, signal?: AbortSignal) {
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => { clearTimeout(timer); reject(signal.reason); }, { once: true });
  });
}`,
    // work to come, which an abort calls off
    `function start(controller: ReadableStreamDefaultController, signal?: AbortSignal) {
  const timer = setTimeout(() => controller.close(), 5000);
  signal?.addEventListener('abort', () => clearTimeout(timer), { once: true });
}`,
    // every task swallows its own failure
    `function drain(tasks: (() => Promise<void>)[], ms: number) {
  return new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    void Promise.all(tasks.map((task) => task().then(undefined, () => {}))).then(() => { clearTimeout(timer); resolve(true); });
  });
}`,
    // the timer closes what a failure leaves open
    `async function open(session: Session, ms: number) {
  const timer = setTimeout(() => session.close(), ms);
  const result = await session.read();
  clearTimeout(timer);
  return result;
}`,
    // a program that stands in for its user
    `async function main() { const controller = new AbortController(); setTimeout(() => controller.abort(), 3000); await work(controller.signal); }
main();`,
    // the operand of a race is the business of another rule
    `async function load(work: Promise<string>, ms: number) { return Promise.race([work, new Promise((_, reject) => setTimeout(() => reject(new Error('timeout')), ms))]); }`,
    // a clock of its own
    `import { setTimeout } from './clock.js';
async function load(controller: AbortController) { setTimeout(() => controller.abort(), 5000); await work(controller.signal); }`,
    // the controller belongs to somebody else
    'async function abortLater(controller: AbortController, ms: number) { setTimeout(() => controller.abort(), ms); }',
    // in a page an abort after the end does nothing
    `async function load(url: string) {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 5000);
  document.title = await (await fetch(url, { signal: controller.signal })).text();
}`,
    // a test by its name
    { code: 'async function load(url: string) { const controller = new AbortController(); setTimeout(() => controller.abort(), 5000); return fetch(url, { signal: controller.signal }); }', filename: 'load.spec.ts' },
  ],
  invalid: [
    // started in an executor, cleared behind the promise, not when it rejects
    {
      code: `async function ask(work: () => Promise<string>, ms: number) {
  let timer: NodeJS.Timeout | undefined;
  const answer = await new Promise<string>((resolve, reject) => {
    timer = setTimeout(() => reject(new Error('too late')), ms);
    work().then(resolve, reject);
  });
  clearTimeout(timer);
  return answer;
}`,
      errors: [{ messageId: 'onPath', data: { timer: 'timer', exit: 'line 3 throws' }, line: 4, column: 13, endLine: 4, endColumn: 23, suggestions: [] }],
    },
    // everything on one line: found, with no room for a repair
    {
      code: 'async function upload(send: () => Promise<void>) { const timer = setInterval(() => draw(), 500); await send(); clearInterval(timer); }',
      errors: [{ messageId: 'onPath', data: { timer: 'timer', exit: 'line 1 throws' }, line: 1, column: 66, endLine: 1, endColumn: 77, suggestions: [] }],
    },
    // on each request of a server
    {
      code: `import http from 'node:http';
http.createServer((req, res) => {
  setInterval(() => res.write(': ping'), 15000);
}).listen(80);`,
      errors: [{ messageId: 'dropped', line: 3, column: 3, endLine: 3, endColumn: 14, suggestions: [{ messageId: 'unref', output: `import http from 'node:http';
http.createServer((req, res) => {
  setInterval(() => res.write(': ping'), 15000).unref();
}).listen(80);` }] }],
    },
    {
      code: `app.get('/events', (req, res) => {
  setInterval(() => res.write(': ping'), 15000);
});`,
      errors: [{ messageId: 'dropped', line: 2, column: 3, endLine: 2, endColumn: 14, suggestions: [{ messageId: 'unref', output: `app.get('/events', (req, res) => {
  setInterval(() => res.write(': ping'), 15000).unref();
});` }] }],
    },
    // cleared only when the request succeeds
    {
      code: `async function load(url: string) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 5000);
  const res = await fetch(url, { signal: controller.signal });
  clearTimeout(timer);
  return res.json();
}`,
      errors: [
        {
          messageId: 'onPath',
          data: { timer: 'timer', exit: 'line 4 throws' },
          line: 3, column: 17, endLine: 3, endColumn: 27,
          suggestions: [{ messageId: 'clearTimer', output: `async function load(url: string) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 5000);
  try {
    const res = await fetch(url, { signal: controller.signal });
    clearTimeout(timer);
    return await res.json();
  } finally {
    clearTimeout(timer);
  }
}` }],
        },
      ],
    },
    // the exception is caught, and the function returns with the timer armed
    {
      code: `async function wait(client: Client, key: string, seconds: number) {
  try {
    if (seconds > 0) {
      const timer = setTimeout(async () => client.reconnect(), seconds * 1000);
      const result = await client.pop(key, seconds);
      clearTimeout(timer);
      if (result) return result;
    }
  } catch (error) {
    report(error);
  }
  return undefined;
}`,
      errors: [
        {
          messageId: 'onPath',
          data: { timer: 'timer', exit: 'line 12 returns' },
          line: 4, column: 21, endLine: 4, endColumn: 31,
          suggestions: [{ messageId: 'clearTimer', output: `async function wait(client: Client, key: string, seconds: number) {
  try {
    if (seconds > 0) {
      const timer = setTimeout(async () => client.reconnect(), seconds * 1000);
      try {
        const result = await client.pop(key, seconds);
        clearTimeout(timer);
        if (result) return result;
      } finally {
        clearTimeout(timer);
      }
    }
  } catch (error) {
    report(error);
  }
  return undefined;
}` }],
        },
      ],
    },
    // an early return
    {
      code: `async function load(read: () => Promise<string>) {
  const slow = setTimeout(() => console.warn('slow'), 2000);
  const text = await read().catch(() => '');
  if (text === '') return undefined;
  clearTimeout(slow);
  return text;
}`,
      errors: [
        {
          messageId: 'onPath',
          data: { timer: 'slow', exit: 'line 4 returns' },
          line: 2, column: 16, endLine: 2, endColumn: 26,
          suggestions: [{ messageId: 'clearTimer', output: `async function load(read: () => Promise<string>) {
  const slow = setTimeout(() => console.warn('slow'), 2000);
  try {
    const text = await read().catch(() => '');
    if (text === '') return undefined;
    clearTimeout(slow);
    return text;
  } finally {
    clearTimeout(slow);
  }
}` }],
        },
      ],
    },
    // a spinner that a failure leaves turning
    {
      code: `async function deploy(upload: () => Promise<void>) {
	const spinner = setInterval(() => process.stdout.write('.'), 200);
	await upload(); // may fail
	clearInterval(spinner);
}`,
      errors: [
        {
          messageId: 'onPath',
          data: { timer: 'spinner', exit: 'line 3 throws' },
          line: 2, column: 18, endLine: 2, endColumn: 29,
          suggestions: [{ messageId: 'clearTimer', output: `async function deploy(upload: () => Promise<void>) {
	const spinner = setInterval(() => process.stdout.write('.'), 200);
	try {
		await upload(); // may fail
		clearInterval(spinner);
	} finally {
		clearInterval(spinner);
	}
}` }],
        },
      ],
    },
    // the deadline of a request, dropped
    {
      code: `async function load(url: string, ms: number) {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), ms);
  return fetch(url, { signal: controller.signal });
}`,
      errors: [
        {
          messageId: 'deadline',
          data: { effect: 'controller.abort()' },
          line: 3, column: 3, endLine: 3, endColumn: 13,
          suggestions: [{ messageId: 'clearTimer', output: `async function load(url: string, ms: number) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ms);
  try {
    return await fetch(url, { signal: controller.signal });
  } finally {
    clearTimeout(timer);
  }
}` }],
        },
      ],
    },
    // the deadline of a request, bound
    {
      code: `function load(url: string, ms: number) {
  const controller = new AbortController();
  setTimeout(controller.abort.bind(controller), ms);
  return fetch(url, { signal: controller.signal });
}`,
      errors: [
        {
          messageId: 'deadline',
          data: { effect: 'controller.abort()' },
          line: 3, column: 3, endLine: 3, endColumn: 13,
          suggestions: [{ messageId: 'clearTimer', output: `function load(url: string, ms: number) {
  const controller = new AbortController();
  const timer = setTimeout(controller.abort.bind(controller), ms);
  return fetch(url, { signal: controller.signal }).finally(() => clearTimeout(timer));
}` }],
        },
      ],
    },
    // the deadline of a request, held and never used
    {
      code: `async function load(url: string, ms: number) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ms);
  const res = await fetch(url, { signal: controller.signal });
  return res.json();
}`,
      errors: [
        {
          messageId: 'deadline',
          data: { effect: 'controller.abort()' },
          line: 3, column: 17, endLine: 3, endColumn: 27,
          suggestions: [{ messageId: 'clearTimer', output: `async function load(url: string, ms: number) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ms);
  try {
    const res = await fetch(url, { signal: controller.signal });
    return await res.json();
  } finally {
    clearTimeout(timer);
  }
}` }],
        },
      ],
    },
    // the deadline is made in a branch, the work is elsewhere: nothing to offer
    {
      code: `async function load(context: Context) {
  if (!context.signal && context.timeout) {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), context.timeout);
    context.signal = controller.signal;
  }
  return fetch(context.url, context as RequestInit);
}`,
      errors: [
        {
          messageId: 'deadline',
          data: { effect: 'controller.abort()' },
          line: 4, column: 5, endLine: 4, endColumn: 15,
          suggestions: null,
        },
      ],
    },
    // a deadline whose signal is kept here
    {
      code: `function startWork(ms: number, work: (signal: AbortSignal) => void) {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), ms);
  work(controller.signal);
}`,
      errors: [
        {
          messageId: 'deadline',
          data: { effect: 'controller.abort()' },
          line: 3, column: 3, endLine: 3, endColumn: 13,
          suggestions: null,
        },
      ],
    },
    // a process that usually ends before it is killed
    {
      code: `async function stop(child: import('node:child_process').ChildProcess) {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill();
  setTimeout(() => {
    if (!child.killed) child.kill('SIGKILL');
  }, 10_000);
  await ended;
}`,
      errors: [
        {
          messageId: 'deadline',
          data: { effect: `child.kill('SIGKILL')` },
          line: 4, column: 3, endLine: 4, endColumn: 13,
          suggestions: [{ messageId: 'clearTimer', output: `async function stop(child: import('node:child_process').ChildProcess) {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill();
  const timer = setTimeout(() => {
    if (!child.killed) child.kill('SIGKILL');
  }, 10_000);
  try {
    await ended;
  } finally {
    clearTimeout(timer);
  }
}` }],
        },
      ],
    },
    // a promise that an event usually settles before
    {
      code: `function ask(channel: import('node:events').EventEmitter) {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('timeout')), 5000);
    channel.once('answer', (answer) => {
      log(answer);
      resolve(answer);
    });
    channel.once('error', reject);
  });
}`,
      errors: [
        {
          messageId: 'deadline',
          data: { effect: 'reject(…)' },
          line: 3, column: 5, endLine: 3, endColumn: 15,
          suggestions: [{ messageId: 'clearTimer', output: `function ask(channel: import('node:events').EventEmitter) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('timeout')), 5000);
    channel.once('answer', (answer) => {
      log(answer);
      clearTimeout(timer);
      resolve(answer);
    });
    channel.once('error', (error) => { clearTimeout(timer); reject(error); });
  });
}` }],
        },
      ],
    },
    // cleared in then only
    {
      code: `function load(url: string) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 5000);
  return fetch(url, { signal: controller.signal }).then((res) => {
    clearTimeout(timer);
    return res.json();
  });
}`,
      errors: [
        {
          messageId: 'onRejection',
          data: { timer: 'timer' },
          line: 3, column: 17, endLine: 3, endColumn: 27,
          suggestions: [{ messageId: 'clearTimer', output: `function load(url: string) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 5000);
  return fetch(url, { signal: controller.signal }).then((res) => {
    clearTimeout(timer);
    return res.json();
  }).finally(() => clearTimeout(timer));
}` }],
        },
      ],
    },
    // cleared on the answer, not on the error
    {
      code: `function ask(channel: import('node:events').EventEmitter) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('timeout')), 5000);
    channel.once('answer', (answer) => {
      clearTimeout(timer);
      resolve(answer);
    });
    channel.once('error', (error) => reject(error));
  });
}`,
      errors: [
        {
          messageId: 'onSettlement',
          data: { timer: 'timer', line: '8' },
          line: 3, column: 19, endLine: 3, endColumn: 29,
          suggestions: [{ messageId: 'clearTimer', output: `function ask(channel: import('node:events').EventEmitter) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('timeout')), 5000);
    channel.once('answer', (answer) => {
      clearTimeout(timer);
      resolve(answer);
    });
    channel.once('error', (error) => {
      clearTimeout(timer);
      return reject(error);
    });
  });
}` }],
        },
      ],
    },
    // cleared when the promise fulfils, settled when it rejects
    {
      code: `function within<T>(ms: number, promise: Promise<T>) {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('timeout')), ms);
    promise.then((value) => { clearTimeout(timer); resolve(value); }).catch(reject);
  });
}`,
      errors: [
        {
          messageId: 'onSettlement',
          data: { timer: 'timer', line: '4' },
          line: 3, column: 19, endLine: 3, endColumn: 29,
          suggestions: [{ messageId: 'clearTimer', output: `function within<T>(ms: number, promise: Promise<T>) {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('timeout')), ms);
    promise.then((value) => { clearTimeout(timer); resolve(value); }).catch((error) => { clearTimeout(timer); reject(error); });
  });
}` }],
        },
      ],
    },
    // an interval that goes on after it has rejected
    {
      code: `function flush(isBusy: () => boolean, limit: number) {
  return new Promise<void>((resolve, reject) => {
    let elapsed = 0;
    const interval = setInterval(() => {
      elapsed += 100;
      if (elapsed >= limit) {
        reject(new Error('still busy'));
      }
      if (!isBusy()) {
        clearInterval(interval);
        resolve();
      }
    }, 100);
  });
}`,
      errors: [
        {
          messageId: 'onSettlement',
          data: { timer: 'interval', line: '7' },
          line: 4, column: 22, endLine: 4, endColumn: 33,
          suggestions: [{ messageId: 'clearTimer', output: `function flush(isBusy: () => boolean, limit: number) {
  return new Promise<void>((resolve, reject) => {
    let elapsed = 0;
    const interval = setInterval(() => {
      elapsed += 100;
      if (elapsed >= limit) {
        clearInterval(interval);
        reject(new Error('still busy'));
      }
      if (!isBusy()) {
        clearInterval(interval);
        resolve();
      }
    }, 100);
  });
}` }],
        },
      ],
    },
    // the handlers that clear it come too late
    {
      code: `async function tail(client: Client, url: string) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 60_000);
  const res = await client.fetch(url, { signal: controller.signal });
  return new Promise<void>((resolve) => {
    res.body.on('end', () => { clearTimeout(timer); resolve(); });
  });
}`,
      errors: [
        {
          messageId: 'onPath',
          data: { timer: 'timer', exit: 'line 4 throws' },
          line: 3, column: 17, endLine: 3, endColumn: 27,
          suggestions: [{ messageId: 'clearTimer', output: `async function tail(client: Client, url: string) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 60_000);
  try {
    const res = await client.fetch(url, { signal: controller.signal });
    return await new Promise<void>((resolve) => {
      res.body.on('end', () => { clearTimeout(timer); resolve(); });
    });
  } finally {
    clearTimeout(timer);
  }
}` }],
        },
      ],
    },
    // an interval of an object, dropped
    {
      code: 'class Cache { constructor() { setInterval(() => this.evict(), 60_000); } evict() {} }',
      errors: [
        {
          messageId: 'dropped',
          line: 1, column: 31, endLine: 1, endColumn: 42,
          suggestions: [{ messageId: 'unref', output: 'class Cache { constructor() { setInterval(() => this.evict(), 60_000).unref(); } evict() {} }' }],
        },
      ],
    },
    // an interval that a function starts whenever it is called
    {
      code: `export function startHeartbeat(beat: () => void) {
  setInterval(beat, 30_000);
}`,
      errors: [
        {
          messageId: 'dropped',
          line: 2, column: 3, endLine: 2, endColumn: 14,
          suggestions: [{ messageId: 'unref', output: `export function startHeartbeat(beat: () => void) {
  setInterval(beat, 30_000).unref();
}` }],
        },
      ],
    },
    // held by a name that nothing reads
    {
      code: `function connect(socket: Socket) {
  const interval = setInterval(() => socket.ping(), 5000);
  return socket;
}`,
      errors: [
        {
          messageId: 'unused',
          data: { timer: 'interval' },
          line: 2, column: 20, endLine: 2, endColumn: 31,
          suggestions: [{ messageId: 'unref', output: `function connect(socket: Socket) {
  const interval = setInterval(() => socket.ping(), 5000).unref();
  return socket;
}` }],
        },
      ],
    },
    // a class that cannot stop
    {
      code: `class Poller {
  private timer?: NodeJS.Timeout;
  start() { this.timer = setInterval(() => this.poll(), 1000); }
  poll() {}
}`,
      errors: [
        {
          messageId: 'inClass',
          data: { timer: 'this.timer' },
          line: 3, column: 26, endLine: 3, endColumn: 37,
          suggestions: null,
        },
      ],
    },
    // a class that cannot stop, plain JavaScript
    {
      code: `class Poller {
  start() { if (!this.timer) this.timer = setInterval(() => this.poll(), 1000); }
  poll() {}
}`,
      filename: 'file.js',
      errors: [
        {
          messageId: 'inClass',
          data: { timer: 'this.timer' },
          line: 2, column: 43, endLine: 2, endColumn: 54,
          suggestions: null,
        },
      ],
    },
    // an effect without an end
    {
      code: `import { useEffect } from 'react';
function Clock() {
  useEffect(() => {
    setInterval(() => tick(), 1000);
  }, []);
}`,
      errors: [
        {
          messageId: 'dropped',
          line: 4, column: 5, endLine: 4, endColumn: 16,
          suggestions: [{ messageId: 'clearTimer', output: `import { useEffect } from 'react';
function Clock() {
  useEffect(() => {
    const interval = setInterval(() => tick(), 1000);
    return () => clearInterval(interval);
  }, []);
}` }],
        },
      ],
    },
    // an effect without an end that has a name for it
    {
      code: `import { useEffect } from 'react';
function Clock() {
  useEffect(() => {
    const id = setInterval(() => tick(), 1000);
  }, []);
}`,
      errors: [
        {
          messageId: 'unused',
          data: { timer: 'id' },
          line: 4, column: 16, endLine: 4, endColumn: 27,
          suggestions: [{ messageId: 'clearTimer', output: `import { useEffect } from 'react';
function Clock() {
  useEffect(() => {
    const id = setInterval(() => tick(), 1000);
    return () => clearInterval(id);
  }, []);
}` }],
        },
      ],
    },
    // through node:timers
    {
      code: `import { clearTimeout, setTimeout } from 'node:timers';
async function load(read: () => Promise<string>) {
  const slow = setTimeout(() => console.warn('slow'), 2000);
  const text = await read();
  clearTimeout(slow);
  return text;
}`,
      errors: [
        {
          messageId: 'onPath',
          data: { timer: 'slow', exit: 'line 4 throws' },
          line: 3, column: 16, endLine: 3, endColumn: 26,
          suggestions: [{ messageId: 'clearTimer', output: `import { clearTimeout, setTimeout } from 'node:timers';
async function load(read: () => Promise<string>) {
  const slow = setTimeout(() => console.warn('slow'), 2000);
  try {
    const text = await read();
    clearTimeout(slow);
    return text;
  } finally {
    clearTimeout(slow);
  }
}` }],
        },
      ],
    },
    // any call may throw
    {
      code: `function run(task: () => void) {
  const slow = setTimeout(() => console.warn('slow'), 2000);
  task();
  clearTimeout(slow);
}`,
      options: [{ includePotential: true }],
      errors: [
        {
          messageId: 'onPath',
          data: { timer: 'slow', exit: 'line 3 throws' },
          line: 2, column: 16, endLine: 2, endColumn: 26,
          suggestions: null,
        },
      ],
    },
  ],
});
