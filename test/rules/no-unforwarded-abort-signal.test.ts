import rule from '../../rules/no-unforwarded-abort-signal.js';
import { runRuleTests } from './support/run-rule-tests.js';

runRuleTests(rule, {
  valid: [
    // a pause in a function that listens by a helper, as one that listens itself
    `import { onAbort } from 'watertight-runtime';
async function load(work: { stop(): void; run(): Promise<string> }, signal: AbortSignal) {
  using _listener = onAbort(signal, () => work.stop());
  await new Promise((resolve) => setTimeout(resolve, 1000));
  return await work.run();
}`,
    // joined by a helper that listens
    `import { onAbort } from 'watertight-runtime';
async function load(url: string, signal?: AbortSignal) {
  const controller = new AbortController();
  const stop = (reason: unknown) => controller.abort(reason);
  using _link = onAbort(signal, stop);
  const res = await fetch(url, { signal: controller.signal });
  return await res.text();
}`,
    `import { addAbortListener } from 'node:events';
async function load(url: string, signal: AbortSignal) {
  const controller = new AbortController();
  using _link = addAbortListener(signal, () => controller.abort());
  const res = await fetch(url, { signal: controller.signal });
  return await res.text();
}`,
    // passed on
    'async function load(url: string, signal: AbortSignal) { return fetch(url, { signal }); }',
    // passed on inside the options
    `async function load(url: string, options: RequestInit) { return fetch(url, { ...options, method: 'POST' }); }`,
    // the options of the caller as they are
    'async function load(url: string, options: RequestInit = {}) { return fetch(url, options); }',
    // passed on through a variable
    `async function load(url: string, signal: AbortSignal) { const init: RequestInit = { method: 'POST' }; init.signal = signal; return fetch(url, init); }`,
    // joined with a time limit
    'async function load(url: string, signal: AbortSignal) { return fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(5000)]) }); }',
    // a controller that follows it
    `async function load(url: string, signal: AbortSignal) {
  const controller = new AbortController();
  signal.addEventListener('abort', () => controller.abort(signal.reason), { signal: controller.signal });
  return fetch(url, { signal: controller.signal });
}`,
    // a controller that a helper links to it
    `import { link } from './link.js';
async function load(url: string, signal: AbortSignal) {
  const controller = new AbortController();
  link(signal, controller);
  return fetch(url, { signal: controller.signal });
}`,
    // only without a signal of the caller
    'async function load(url: string, signal?: AbortSignal) { return fetch(url, { signal: signal ?? AbortSignal.timeout(5000) }); }',
    // nobody hands a signal in
    `async function fetchWithTimeout(url: string, options: RequestInit = {}) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 3000);
  try { return await fetch(url, { ...options, signal: controller.signal }); } finally { clearTimeout(timer); }
}
export async function symbolicate(url: string, body: string) { return fetchWithTimeout(url, { method: 'POST', body }); }`,
    // the other branch has no signal
    'async function load(url: string, signal?: AbortSignal) { if (signal) return fetch(url, { signal }); return fetch(url); }',
    // the other branch has no signal, and says so
    'async function load(url: string, signal?: AbortSignal) { return signal ? fetch(url, { signal }) : fetch(url); }',
    // the race ends with the signal
    `import { raceWithSignal } from './race.js';
async function load(url: string, signal: AbortSignal) { return raceWithSignal(fetch(url), signal); }`,
    // a retry that gets the signal
    `import pRetry from 'p-retry';
async function load(url: string, signal: AbortSignal) { return pRetry(() => fetch(url), { signal }); }`,
    // a request that brings its own
    'async function load(request: Request, options: { signal?: AbortSignal }) { return fetch(request); }',
    // options that may bring it
    'async function load(url: string, signal: AbortSignal) { return fetch(url, buildInit(signal)); }',
    // clean-up goes on after the abort
    `async function withLock(url: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<void>) {
  try { await work(signal); } finally { await fetch(\`\${url}/unlock\`, { method: 'POST' }); }
}`,
    // what happens because of the abort
    'async function run(url: string, signal: AbortSignal) { if (signal.aborted) { await fetch(`${url}/cancelled`); return; } await fetch(url, { signal }); }',
    // a method that ends the work
    `class Session { constructor(private readonly signal: AbortSignal) {} async close() { await fetch('https://example.com/logout'); } }`,
    // nobody waits for it
    `async function load(url: string, signal: AbortSignal) { void fetch('https://stats.example.com/hit').catch(() => {}); return fetch(url, { signal }); }`,
    // a handler that runs later
    `function watch(emitter: import('node:events').EventEmitter, signal: AbortSignal) { emitter.on('change', async () => { await fetch('https://example.com'); }); signal.addEventListener('abort', () => emitter.removeAllListeners()); }`,
    // the signal of an operating system
    `import { spawn } from 'node:child_process';
function run(done: (code: number | null, signal: string | null) => Promise<void>) { spawn('ls').on('exit', async (code, signal) => { await fetch(\`https://example.com/\${signal}\`); await done(code, signal); }); }`,
    // a signal to send
    `async function stop(url: string, signal = 'SIGTERM') { process.kill(1, signal); await fetch(url); }`,
    // a process that lives on
    `import { spawn } from 'node:child_process';
async function serve(signal: AbortSignal) { const child = spawn('server'); await ready(child, signal); return child; }`,
    // a process that is ended by hand
    `import { spawn } from 'node:child_process';
function run(signal: AbortSignal) { return new Promise((resolve) => { const child = spawn('job'); signal.addEventListener('abort', () => child.kill(), { once: true }); child.once('exit', resolve); }); }`,
    // an emitter that ends with the signal
    `import { once } from 'node:events'; import { spawn } from 'node:child_process';
async function run(signal: AbortSignal) { const child = spawn('job', { signal }); await once(child, 'exit'); }`,
    // a stream that ends with the signal
    `import { pipeline } from 'node:stream/promises';
async function save(url: string, target: NodeJS.WritableStream, signal: AbortSignal) { const res = await fetch(url, { signal }); await pipeline(res.body!, target); }`,
    // a loop that looks at the signal
    'async function poll(check: () => Promise<boolean>, signal: AbortSignal) { while (!(await check())) { signal.throwIfAborted(); await new Promise((resolve) => setTimeout(resolve, 1000)); } }',
    // a loop that looks at the signal through a helper
    'async function poll(check: () => Promise<boolean>, signal: AbortSignal) { const stop = () => signal.aborted; while (!stop()) { await check(); await new Promise((resolve) => setTimeout(resolve, 1000)); } }',
    // a list that is worked off
    'async function all(items: string[], signal: AbortSignal) { for (const item of items) await work(item, signal); }',
    // a short pause
    'async function settle(signal: AbortSignal) { await new Promise((resolve) => setTimeout(resolve, 20)); await work(signal); }',
    // a pause that the signal ends
    `async function pause(ms: number, signal: AbortSignal) { await new Promise<void>((resolve, reject) => { const timer = setTimeout(resolve, ms); signal.addEventListener('abort', () => { clearTimeout(timer); reject(signal.reason); }, { once: true }); }); }`,
    // a small file is read soon
    `import { readFile } from 'node:fs/promises';
async function load(path: string, signal: AbortSignal) { const text = await readFile(path, 'utf8'); return work(text, signal); }`,
    // a function of the file that takes no signal
    `async function read(url: string) { return url; }
async function load(url: string, signal: AbortSignal) { await work(signal); return read(url); }`,
    // the options as a whole
    `async function read(url: string, options: { signal?: AbortSignal }) { return fetch(url, { signal: options.signal }); }
async function load(url: string, options: { signal?: AbortSignal }) { return read(url, options); }`,
    // a controller that is aborted and heard
    'async function load(url: string) { const controller = new AbortController(); const timer = setTimeout(() => controller.abort(), 5000); try { return await fetch(url, { signal: controller.signal }); } finally { clearTimeout(timer); } }',
    // a controller that serves as a flag
    'function start() { const controller = new AbortController(); tick(() => controller.signal.aborted); return () => controller.abort(); }',
    // a controller that is handed out
    'function create() { const controller = new AbortController(); return { controller, signal: controller.signal }; }',
    // a signal that is meant never to abort
    'async function load(url: string) { return work(url, new AbortController().signal); }',
    // the type keeps it under this name
    `interface Options { abortSignal?: AbortSignal }
async function load(url: string, options: Options) { return fetch(url, { signal: options.abortSignal }); }`,
    // the client calls it so
    `import { generateText } from 'ai';
async function ask(model: object, signal: AbortSignal) { return generateText({ model, abortSignal: signal }); }`,
    // a request whose signal nobody takes
    'export async function GET(request: Request) { return fetch(`https://example.com${new URL(request.url).pathname}`); }',
    // a test by what it imports
    `import test from 'node:test';
async function load(url: string, signal: AbortSignal) { return fetch(url); }`,
  ],
  invalid: [
    // the helper listens to another signal
    {
      code: `import { onAbort } from 'watertight-runtime';
async function load(url: string, shutdown: { on: AbortSignal }[], signal: AbortSignal) {
  const controller = new AbortController();
  using _link = onAbort(shutdown[0].on, (reason) => controller.abort(reason));
  const res = await fetch(url, { signal: controller.signal });
  return await res.text();
}`,
      errors: [
        {
          messageId: 'replaced',
          data: { own: 'controller.signal', signal: 'signal', call: 'fetch', name: 'signal', expected: '' },
          line: 5,
          column: 21,
          endLine: 5,
          endColumn: 26,
          suggestions: [
            {
              messageId: 'joinSignals',
              output: `import { onAbort } from 'watertight-runtime';
async function load(url: string, shutdown: { on: AbortSignal }[], signal: AbortSignal) {
  const controller = new AbortController();
  using _link = onAbort(shutdown[0].on, (reason) => controller.abort(reason));
  const res = await fetch(url, { signal: AbortSignal.any([signal, controller.signal]) });
  return await res.text();
}`,
            },
          ],
        },
      ],
    },
    // a parameter
    {
      code: `async function load(url: string, signal: AbortSignal) {
  const res = await fetch(url);
  return res.json();
}`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'fetch', signal: 'signal' },
          line: 2, column: 21, endLine: 2, endColumn: 26,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'signal' }, output: `async function load(url: string, signal: AbortSignal) {
  const res = await fetch(url, { signal });
  return res.json();
}` }],
        },
      ],
    },
    // options that do not mention it
    {
      code: `async function save(url: string, user: object, { signal }: { signal?: AbortSignal }) {
  return fetch(url, {
    method: 'PUT',
    body: JSON.stringify(user), // the whole user
  });
}`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'fetch', signal: 'signal' },
          line: 2, column: 10, endLine: 2, endColumn: 15,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'signal' }, output: `async function save(url: string, user: object, { signal }: { signal?: AbortSignal }) {
  return fetch(url, {
    method: 'PUT',
    body: JSON.stringify(user), // the whole user
    signal,
  });
}` }],
        },
      ],
    },
    // an option of a type of the file
    {
      code: `interface Options extends Base { signal?: AbortSignal }
interface Base { retries?: number }
async function load(url: string, options?: Partial<Options>) { return fetch(url, { redirect: 'manual' }); }`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'fetch', signal: 'options?.signal' },
          line: 3, column: 71, endLine: 3, endColumn: 76,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'options?.signal' }, output: `interface Options extends Base { signal?: AbortSignal }
interface Base { retries?: number }
async function load(url: string, options?: Partial<Options>) { return fetch(url, { redirect: 'manual', signal: options?.signal }); }` }],
        },
      ],
    },
    // an option that another function reads of the same type
    {
      code: `import type { CallOptions } from './types.js';
class Model {
  async generate(prompt: string, options: CallOptions) { return this.client.fetch(new Request(this.url, { method: 'POST', body: prompt })); }
  async stream(prompt: string, options: CallOptions) { return this.client.fetch(new Request(this.url, { method: 'POST', body: prompt, signal: options.signal })); }
}`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'new Request', signal: 'options.signal' },
          line: 3, column: 83, endLine: 3, endColumn: 94,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'options.signal' }, output: `import type { CallOptions } from './types.js';
class Model {
  async generate(prompt: string, options: CallOptions) { return this.client.fetch(new Request(this.url, { method: 'POST', body: prompt, signal: options.signal })); }
  async stream(prompt: string, options: CallOptions) { return this.client.fetch(new Request(this.url, { method: 'POST', body: prompt, signal: options.signal })); }
}` }],
        },
      ],
    },
    // an option that the function reads elsewhere
    {
      code: 'async function load(a: string, b: string, options) { await fetch(a, { signal: options.signal }); return fetch(b); }',
      errors: [
        {
          messageId: 'missing',
          data: { call: 'fetch', signal: 'options.signal' },
          line: 1, column: 105, endLine: 1, endColumn: 110,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'options.signal' }, output: 'async function load(a: string, b: string, options) { await fetch(a, { signal: options.signal }); return fetch(b, { signal: options.signal }); }' }],
        },
      ],
    },
    // a request that the function listens to
    {
      code: `export async function GET(request: Request) { request.signal.throwIfAborted(); return fetch('https://upstream.example.com'); }`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'fetch', signal: 'request.signal' },
          line: 1, column: 87, endLine: 1, endColumn: 92,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'request.signal' }, output: `export async function GET(request: Request) { request.signal.throwIfAborted(); return fetch('https://upstream.example.com', { signal: request.signal }); }` }],
        },
      ],
    },
    // a field
    {
      code: 'class Job { constructor(private readonly signal: AbortSignal) {} async run(url: string) { return fetch(url); } }',
      errors: [
        {
          messageId: 'missing',
          data: { call: 'fetch', signal: 'this.signal' },
          line: 1, column: 98, endLine: 1, endColumn: 103,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'this.signal' }, output: 'class Job { constructor(private readonly signal: AbortSignal) {} async run(url: string) { return fetch(url, { signal: this.signal }); } }' }],
        },
      ],
    },
    // a documented parameter of plain JavaScript
    {
      code: `/**
 * @param {string} url
 * @param {AbortSignal} cancelled
 */
async function load(url, cancelled) { return fetch(url); }`,
      filename: 'file.js',
      errors: [
        {
          messageId: 'missing',
          data: { call: 'fetch', signal: 'cancelled' },
          line: 5, column: 46, endLine: 5, endColumn: 51,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'cancelled' }, output: `/**
 * @param {string} url
 * @param {AbortSignal} cancelled
 */
async function load(url, cancelled) { return fetch(url, { signal: cancelled }); }` }],
        },
      ],
    },
    // a signal that is undefined
    {
      code: 'async function load(url: string, signal: AbortSignal) { return fetch(url, { signal: undefined }); }',
      errors: [
        {
          messageId: 'missing',
          data: { call: 'fetch', signal: 'signal' },
          line: 1, column: 64, endLine: 1, endColumn: 69,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'signal' }, output: 'async function load(url: string, signal: AbortSignal) { return fetch(url, { signal }); }' }],
        },
      ],
    },
    // under another name
    {
      code: 'async function load(url: string, options: { signal?: AbortSignal }) { const { signal } = options; await check(); return fetch(url); }',
      errors: [
        {
          messageId: 'missing',
          data: { call: 'fetch', signal: 'signal' },
          line: 1, column: 121, endLine: 1, endColumn: 126,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'signal' }, output: 'async function load(url: string, options: { signal?: AbortSignal }) { const { signal } = options; await check(); return fetch(url, { signal }); }' }],
        },
      ],
    },
    // inside a callback that is part of the work
    {
      code: 'async function loadAll(urls: string[], signal: AbortSignal) { return Promise.all(urls.map(async (url) => (await fetch(url)).text())); }',
      errors: [
        {
          messageId: 'missing',
          data: { call: 'fetch', signal: 'signal' },
          line: 1, column: 113, endLine: 1, endColumn: 118,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'signal' }, output: 'async function loadAll(urls: string[], signal: AbortSignal) { return Promise.all(urls.map(async (url) => (await fetch(url, { signal })).text())); }' }],
        },
      ],
    },
    // inside a wrapper that is awaited
    {
      code: `import { retry } from './retry.js';
async function load(url: string, signal: AbortSignal) { return retry(async () => { const res = await fetch(url); return res.json(); }); }`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'fetch', signal: 'signal' },
          line: 2, column: 102, endLine: 2, endColumn: 107,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'signal' }, output: `import { retry } from './retry.js';
async function load(url: string, signal: AbortSignal) { return retry(async () => { const res = await fetch(url, { signal }); return res.json(); }); }` }],
        },
      ],
    },
    // clients with their options in third place
    {
      code: `import axios from 'axios';
async function save(url: string, user: object, signal: AbortSignal) { return axios.post(url, user); }`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'axios.post', signal: 'signal' },
          line: 2, column: 78, endLine: 2, endColumn: 88,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'signal' }, output: `import axios from 'axios';
async function save(url: string, user: object, signal: AbortSignal) { return axios.post(url, user, { signal }); }` }],
        },
      ],
    },
    // timers that take a value first
    {
      code: `import { setTimeout as sleep } from 'node:timers/promises';
async function pause(signal: AbortSignal) { await sleep(5000); }`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'sleep', signal: 'signal' },
          line: 2, column: 51, endLine: 2, endColumn: 56,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'signal' }, output: `import { setTimeout as sleep } from 'node:timers/promises';
async function pause(signal: AbortSignal) { await sleep(5000, undefined, { signal }); }` }],
        },
      ],
    },
    // an event
    {
      code: `import { once } from 'node:events';
async function ready(server: import('node:net').Server, signal: AbortSignal) { await once(server, 'listening'); }`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'once', signal: 'signal' },
          line: 2, column: 86, endLine: 2, endColumn: 90,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'signal' }, output: `import { once } from 'node:events';
async function ready(server: import('node:net').Server, signal: AbortSignal) { await once(server, 'listening', { signal }); }` }],
        },
      ],
    },
    // a pipeline
    {
      code: `import { pipeline } from 'node:stream/promises';
async function copy(from: NodeJS.ReadableStream, to: NodeJS.WritableStream, signal: AbortSignal) { await pipeline(from, to); }`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'pipeline', signal: 'signal' },
          line: 2, column: 106, endLine: 2, endColumn: 114,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'signal' }, output: `import { pipeline } from 'node:stream/promises';
async function copy(from: NodeJS.ReadableStream, to: NodeJS.WritableStream, signal: AbortSignal) { await pipeline(from, to, { signal }); }` }],
        },
      ],
    },
    // a process that is waited for
    {
      code: `import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
const run = promisify(execFile);
async function log(signal: AbortSignal) { const { stdout } = await run('git', ['log']); return stdout; }`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'run', signal: 'signal' },
          line: 4, column: 68, endLine: 4, endColumn: 71,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'signal' }, output: `import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
const run = promisify(execFile);
async function log(signal: AbortSignal) { const { stdout } = await run('git', ['log'], { signal }); return stdout; }` }],
        },
      ],
    },
    // a callback stands where the options belong
    {
      code: `import { exec } from 'node:child_process';
function run(signal: AbortSignal) { return new Promise((resolve) => { const child = exec('make', (error) => resolve(error)); child.once('exit', resolve); }); }`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'exec', signal: 'signal' },
          line: 2, column: 85, endLine: 2, endColumn: 89,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'signal' }, output: `import { exec } from 'node:child_process';
function run(signal: AbortSignal) { return new Promise((resolve) => { const child = exec('make', { signal }, (error) => resolve(error)); child.once('exit', resolve); }); }` }],
        },
      ],
    },
    // a watcher
    {
      code: `import { watch } from 'node:fs/promises';
async function follow(path: string, signal: AbortSignal) { for await (const event of watch(path)) console.log(event); }`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'watch', signal: 'signal' },
          line: 2, column: 86, endLine: 2, endColumn: 91,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'signal' }, output: `import { watch } from 'node:fs/promises';
async function follow(path: string, signal: AbortSignal) { for await (const event of watch(path, { signal })) console.log(event); }` }],
        },
      ],
    },
    // a function of the file with a signal in second place
    {
      code: `async function read(url: string, signal?: AbortSignal) { return fetch(url, { signal }); }
async function load(url: string, signal: AbortSignal) { return read(url); }`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'read', signal: 'signal' },
          line: 2, column: 64, endLine: 2, endColumn: 68,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'signal' }, output: `async function read(url: string, signal?: AbortSignal) { return fetch(url, { signal }); }
async function load(url: string, signal: AbortSignal) { return read(url, signal); }` }],
        },
      ],
    },
    // a method with a signal among its options
    {
      code: `class Api {
  async read(url: string, { signal }: { signal?: AbortSignal } = {}) { return fetch(url, { signal }); }
  async load(url: string, signal: AbortSignal) { return this.read(url, {}); }
}`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'this.read', signal: 'signal' },
          line: 3, column: 57, endLine: 3, endColumn: 66,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'signal' }, output: `class Api {
  async read(url: string, { signal }: { signal?: AbortSignal } = {}) { return fetch(url, { signal }); }
  async load(url: string, signal: AbortSignal) { return this.read(url, { signal }); }
}` }],
        },
      ],
    },
    // a time limit takes its place
    {
      code: 'async function load(url: string, signal: AbortSignal) { return fetch(url, { signal: AbortSignal.timeout(5000) }); }',
      errors: [
        {
          messageId: 'replaced',
          data: { own: 'AbortSignal.timeout(5000)', signal: 'signal' },
          line: 1, column: 64, endLine: 1, endColumn: 69,
          suggestions: [{ messageId: 'joinSignals', output: 'async function load(url: string, signal: AbortSignal) { return fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(5000)]) }); }' }],
        },
      ],
    },
    // a controller takes its place
    {
      code: `export async function fetchWithTimeout(url: string, options: RequestInit = {}, ms = 5000) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ms);
  try {
    return await fetch(url, { ...options, signal: controller.signal });
  } finally {
    clearTimeout(timer);
  }
}`,
      errors: [
        {
          messageId: 'replaced',
          data: { own: 'controller.signal', signal: 'options.signal' },
          line: 5, column: 18, endLine: 5, endColumn: 23,
          suggestions: [{ messageId: 'joinSignals', output: `export async function fetchWithTimeout(url: string, options: RequestInit = {}, ms = 5000) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ms);
  try {
    return await fetch(url, { ...options, signal: options.signal ? AbortSignal.any([options.signal, controller.signal]) : controller.signal });
  } finally {
    clearTimeout(timer);
  }
}` }],
        },
      ],
    },
    // a controller takes its place, plain JavaScript
    {
      code: `async function fetchWithTimeout(url, options, ms) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ms);
  try {
    return await fetch(url, { ...options, signal: controller.signal });
  } finally {
    clearTimeout(timer);
  }
}`,
      filename: 'file.js',
      errors: [
        {
          messageId: 'replaced',
          data: { own: 'controller.signal', signal: 'options?.signal' },
          line: 5, column: 18, endLine: 5, endColumn: 23,
          suggestions: [{ messageId: 'joinSignals', output: `async function fetchWithTimeout(url, options, ms) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ms);
  try {
    return await fetch(url, { ...options, signal: options?.signal ? AbortSignal.any([options.signal, controller.signal]) : controller.signal });
  } finally {
    clearTimeout(timer);
  }
}` }],
        },
      ],
    },
    // set over the caller's
    {
      code: `async function load(url: string, init: RequestInit, ms: number) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ms);
  init.signal = controller.signal;
  try { return await fetch(url, init); } finally { clearTimeout(timer); }
}`,
      errors: [
        {
          messageId: 'replaced',
          data: { own: 'controller.signal', signal: 'init.signal' },
          line: 4, column: 3, endLine: 4, endColumn: 14,
          suggestions: [{ messageId: 'joinSignals', output: `async function load(url: string, init: RequestInit, ms: number) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ms);
  init.signal = init.signal ? AbortSignal.any([init.signal, controller.signal]) : controller.signal;
  try { return await fetch(url, init); } finally { clearTimeout(timer); }
}` }],
        },
      ],
    },
    // the spread puts the caller's back
    {
      code: `async function load(url: string, options: RequestInit, own: AbortSignal) {
  const signal = options.signal ? AbortSignal.any([options.signal, own]) : own;
  return fetch(url, { signal, ...options });
}`,
      errors: [
        {
          messageId: 'overwritten',
          line: 3, column: 10, endLine: 3, endColumn: 15,
          suggestions: [{ messageId: 'spreadFirst', output: `async function load(url: string, options: RequestInit, own: AbortSignal) {
  const signal = options.signal ? AbortSignal.any([options.signal, own]) : own;
  return fetch(url, { ...options, signal });
}` }],
        },
      ],
    },
    // a loop that never looks
    {
      code: `async function poll(check: () => Promise<boolean>, signal: AbortSignal) {
  while (!(await check())) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}`,
      errors: [
        {
          messageId: 'loop',
          data: { signal: 'signal' },
          line: 2, column: 3, endLine: 2, endColumn: 28,
          suggestions: [{ messageId: 'checkSignal', data: { signal: 'signal' }, output: `async function poll(check: () => Promise<boolean>, signal: AbortSignal) {
  while (!(await check())) {
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}` }],
        },
      ],
    },
    // a retry that never looks
    {
      code: `import { sleep } from './sleep.js';
async function retry(work: () => Promise<void>, options: { retries: number; signal?: AbortSignal }) {
  for (let attempt = 0; attempt < options.retries; attempt++) {
    try {
      return await work();
    } catch {
      await sleep(2 ** attempt * 1000);
    }
  }
}`,
      errors: [
        {
          messageId: 'loop',
          data: { signal: 'options.signal' },
          line: 3, column: 3, endLine: 3, endColumn: 63,
          suggestions: [{ messageId: 'checkSignal', data: { signal: 'options.signal' }, output: `import { sleep } from './sleep.js';
async function retry(work: () => Promise<void>, options: { retries: number; signal?: AbortSignal }) {
  for (let attempt = 0; attempt < options.retries; attempt++) {
    options.signal?.throwIfAborted();
    try {
      return await work();
    } catch {
      await sleep(2 ** attempt * 1000);
    }
  }
}` }],
        },
      ],
    },
    // a sleep that ignores its signal
    {
      code: `async function pause(ms: number, signal?: AbortSignal) {
  await new Promise((resolve) => setTimeout(resolve, ms));
}`,
      errors: [
        {
          messageId: 'sleep',
          data: { signal: 'signal' },
          line: 2, column: 9, endLine: 2, endColumn: 20,
          suggestions: null,
        },
      ],
    },
    // the option of another client
    {
      code: 'async function load(url: string, abortSignal: AbortSignal) { return fetch(url, { abortSignal } as RequestInit); }',
      errors: [
        {
          messageId: 'misnamed',
          data: { call: 'fetch', name: 'abortSignal', expected: 'signal' },
          line: 1, column: 82, endLine: 1, endColumn: 93,
          suggestions: [{ messageId: 'renameOption', data: { expected: 'signal' }, output: 'async function load(url: string, abortSignal: AbortSignal) { return fetch(url, { signal: abortSignal } as RequestInit); }' }],
        },
      ],
    },
    // a controller among the options
    {
      code: 'async function load(url: string) { const abortController = new AbortController(); onClick(() => abortController.abort()); return fetch(url, { abortController } as RequestInit); }',
      errors: [
        {
          messageId: 'misnamed',
          data: { call: 'fetch', name: 'abortController', expected: 'signal' },
          line: 1, column: 143, endLine: 1, endColumn: 158,
          suggestions: [{ messageId: 'renameOption', data: { expected: 'signal' }, output: 'async function load(url: string) { const abortController = new AbortController(); onClick(() => abortController.abort()); return fetch(url, { signal: abortController.signal } as RequestInit); }' }],
        },
      ],
    },
    // a name that the type does not have
    {
      code: `interface Options { signal?: AbortSignal }
async function load(url: string, options: Options) { return fetch(url, { signal: (options as any).abortSignal }); }`,
      errors: [
        {
          messageId: 'misread',
          data: { name: '(options as any).abortSignal', expected: 'options.signal' },
          line: 2, column: 82, endLine: 2, endColumn: 110,
          suggestions: [{ messageId: 'readExpected', data: { expected: 'options.signal' }, output: `interface Options { signal?: AbortSignal }
async function load(url: string, options: Options) { return fetch(url, { signal: options.signal }); }` }],
        },
      ],
    },
    // where a library keeps it
    {
      code: `import type { RequestParameters } from '@octokit/types';
async function load(url: string, options: RequestParameters) { return fetch(url, { signal: (options as any).signal }); }`,
      errors: [
        {
          messageId: 'misread',
          data: { name: '(options as any).signal', expected: 'options.request?.signal' },
          line: 2, column: 92, endLine: 2, endColumn: 115,
          suggestions: [{ messageId: 'readExpected', data: { expected: 'options.request?.signal' }, output: `import type { RequestParameters } from '@octokit/types';
async function load(url: string, options: RequestParameters) { return fetch(url, { signal: options.request?.signal }); }` }],
        },
      ],
    },
    // a controller that nothing aborts
    {
      code: 'async function load(url: string) { const controller = new AbortController(); return fetch(url, { signal: controller.signal }); }',
      errors: [
        {
          messageId: 'idle',
          data: { name: 'controller' },
          line: 1, column: 55, endLine: 1, endColumn: 74,
          suggestions: null,
        },
      ],
    },
    // a private controller that nothing aborts
    {
      code: 'class Client { #controller = new AbortController(); async load(url: string) { return fetch(url, { signal: this.#controller.signal }); } }',
      errors: [
        {
          messageId: 'idle',
          data: { name: 'this.#controller' },
          line: 1, column: 30, endLine: 1, endColumn: 49,
          suggestions: null,
        },
      ],
    },
    // a controller that nobody hears
    {
      code: `async function load(url: string) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 5000);
  try { return await work(url); } finally { clearTimeout(timer); }
}`,
      errors: [
        {
          messageId: 'unheard',
          data: { name: 'controller' },
          line: 2, column: 22, endLine: 2, endColumn: 41,
          suggestions: null,
        },
      ],
    },
    // a controller for a signal
    {
      code: 'async function load(url: string) { const controller = new AbortController(); onClick(() => controller.abort()); return fetch(url, { signal: controller }); }',
      errors: [
        {
          messageId: 'notASignal',
          data: { name: 'controller' },
          line: 1, column: 141, endLine: 1, endColumn: 151,
          suggestions: [{ messageId: 'passOwnSignal', data: { name: 'controller' }, output: 'async function load(url: string) { const controller = new AbortController(); onClick(() => controller.abort()); return fetch(url, { signal: controller.signal }); }' }],
        },
      ],
    },
    // files are short, and asked for
    {
      code: `import { readFile, writeFile } from 'node:fs/promises';
async function copy(from: string, to: string, signal: AbortSignal) { await writeFile(to, await readFile(from, 'utf8')); }`,
      options: [{ includePotential: true }],
      errors: [
        {
          messageId: 'missing',
          data: { call: 'writeFile', signal: 'signal' },
          line: 2, column: 76, endLine: 2, endColumn: 85,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'signal' }, output: `import { readFile, writeFile } from 'node:fs/promises';
async function copy(from: string, to: string, signal: AbortSignal) { await writeFile(to, await readFile(from, 'utf8'), { signal }); }` }],
        },
        {
          messageId: 'missing',
          data: { call: 'readFile', signal: 'signal' },
          line: 2, column: 96, endLine: 2, endColumn: 104,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'signal' }, output: `import { readFile, writeFile } from 'node:fs/promises';
async function copy(from: string, to: string, signal: AbortSignal) { await writeFile(to, await readFile(from, { encoding: 'utf8', signal })); }` }],
        },
      ],
    },
  ],
});
