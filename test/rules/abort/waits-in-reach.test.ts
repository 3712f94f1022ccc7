import rule from '../../../rules/no-unforwarded-abort-signal.js';
import { runRuleTests } from '../support/run-rule-tests.js';

runRuleTests(rule, {
  valid: [
    // the signal of a request that a pattern takes out, passed on
    `export async function loader({ request }: { request: Request }) { const res = await fetch('https://api.example/things', { signal: request.signal }); return await res.json(); }`,
    // an answer that the promise waits for, with the signal
    `import https from 'node:https';
export function get(url: string, signal: AbortSignal) {
  return new Promise<void>((resolve, reject) => { https.get(url, { signal }, (res) => { res.resume(); resolve(); }).on('error', reject); });
}`,
    // a request that the abort destroys
    `import https from 'node:https';
export function get(url: string, signal: AbortSignal) {
  return new Promise<void>((resolve, reject) => {
    const req = https.get(url, (res) => { res.resume(); resolve(); }).on('error', reject);
    signal.addEventListener('abort', () => req.destroy());
  });
}`,
    // options of a request made elsewhere
    `import http from 'node:http';
export function get(options: http.RequestOptions, signal: AbortSignal) {
  return new Promise<void>((resolve, reject) => { http.get(options, (res) => { res.resume(); resolve(); }).on('error', reject); });
}`,
    // a child that is killed when the wait is given up
    `import { spawn } from 'node:child_process';
import { once } from 'node:events';
export async function run(command: string, signal: AbortSignal) {
  const child = spawn(command, []);
  try { await once(child, 'exit', { signal }); } finally { child.kill(); }
}`,
    // a signal field that the loop looks at
    `export class Watcher {
  constructor(private readonly options: { signal: AbortSignal }) {}
  async loop(tick: () => Promise<void>) {
    while (!this.options.signal.aborted) { await tick(); await new Promise((resolve) => setTimeout(resolve, 5000)); }
  }
}`,
    // attempts that end with the signal
    `export async function retry<T>(work: () => Promise<T>, attempts: number, signal?: AbortSignal): Promise<T> {
  let last: unknown;
  for (let attempt = 0; attempt < attempts; attempt++) {
    signal?.throwIfAborted();
    try { return await work(); } catch (error) { last = error; }
  }
  throw last;
}`,
    // a loop that ends where one fails
    `export async function first<T>(works: (() => Promise<T>)[], signal?: AbortSignal): Promise<T | undefined> {
  for (const work of works) {
    try { return await work(); } catch (error) { console.error(error); break; }
  }
  return undefined;
}`,
    // a controller of the class whose signal a method passes on
    `export class Sync {
  #abort = new AbortController();
  async run() { const res = await fetch('https://api.example/changes', { signal: this.#abort.signal }); return await res.json(); }
  stop() { this.#abort.abort(); }
}`,
    // an address that may be a request
    `export async function all(requests: Request[], signal: AbortSignal) { return await Promise.all(requests.map(async (each) => { const res = await fetch(each); return await res.json(); })); }`,
    // clients with the signal
    `import { Pool } from 'undici';
import OpenAI from 'openai';
const pool = new Pool('https://api.example');
const client = new OpenAI();
export async function ask(prompt: string, signal: AbortSignal) {
  const { body } = await pool.request({ path: '/context', method: 'GET', signal });
  return await client.chat.completions.create({ model: 'small', messages: [{ role: 'user', content: prompt + await body.text() }] }, { signal });
}`,
    // a question with the signal
    `import { createInterface } from 'node:readline/promises';
export async function ask(question: string, signal: AbortSignal) {
  const lines = createInterface({ input: process.stdin });
  try { return await lines.question(question, { signal }); } finally { lines.close(); }
}`,
    // documented options without a signal
    `/**
 * @param {string} url
 * @param {{ retries?: number }} options
 */
export async function get(url, options) { const res = await fetch(url, { headers: { accept: 'text/plain' } }); return await res.text(); }`,
    // work that is raced with the abort
    `export async function get(url: string, signal: AbortSignal) {
  const work = fetch(url, { method: 'POST' });
  const aborted = new Promise<never>((_, reject) => { signal.addEventListener('abort', () => reject(signal.reason), { once: true }); });
  return await Promise.race([work, aborted]);
}`,
    // a method that asks its controller before the next round
    `export class Queue {
  private readonly controller = new AbortController();
  stop() { this.controller.abort(); }
  async work(next: (signal: AbortSignal) => Promise<boolean>): Promise<void> {
    if (this.controller.signal.aborted) return;
    if (!(await next(this.controller.signal))) return;
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await this.work(next);
  }
}`,
    // addresses that are tried one after the other, each with the signal of the class
    `export class Client {
  constructor(private readonly options: { urls: string[]; signal?: AbortSignal }) {}
  private async one(url: string) { const res = await fetch(url, { signal: this.options.signal }); return await res.text(); }
  async get() {
    let last: unknown;
    for (const url of this.options.urls) {
      try { return await this.one(url); } catch (error) { last = error; }
    }
    throw last;
  }
}`,
    // options of a field, with their signal
    `import { setTimeout as sleep } from 'node:timers/promises';
export class Stream {
  private readonly options: { url: string; signal?: AbortSignal };
  constructor(options: { url: string; signal?: AbortSignal }) { this.options = options; }
  async backOff(ms: number) { await sleep(ms, undefined, { signal: this.options.signal }); }
}`,
    // a part of work that a field keeps for others
    `export class Client {
  private static ready: Promise<string> | undefined;
  static getReady(signal?: AbortSignal): Promise<string> {
    signal?.throwIfAborted();
    if (!Client.ready) {
      Client.ready = (async () => { const res = await fetch('https://api.example/ready'); return await res.text(); })();
    }
    return Client.ready;
  }
}`,
  ],
  invalid: [
    // the signal of a request that a pattern takes out
    {
      code: `export async function loader({ request }: { request: Request }) {
  if (request.signal.aborted) return undefined;
  const res = await fetch('https://api.example/things');
  return await res.json();
}`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'fetch', signal: 'request.signal' },
          line: 3, column: 21, endLine: 3, endColumn: 26,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'request.signal' }, output: `export async function loader({ request }: { request: Request }) {
  if (request.signal.aborted) return undefined;
  const res = await fetch('https://api.example/things', { signal: request.signal });
  return await res.json();
}` }],
        },
      ],
    },
    // an answer that the promise waits for
    {
      code: `import https from 'node:https';
export function get(url: string, signal: AbortSignal) {
  return new Promise<void>((resolve, reject) => { https.get(url, (res) => { res.resume(); resolve(); }).on('error', reject); });
}`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'https.get', signal: 'signal' },
          line: 3, column: 51, endLine: 3, endColumn: 60,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'signal' }, output: `import https from 'node:https';
export function get(url: string, signal: AbortSignal) {
  return new Promise<void>((resolve, reject) => { https.get(url, { signal }, (res) => { res.resume(); resolve(); }).on('error', reject); });
}` }],
        },
      ],
    },
    // options of a request in sight
    {
      code: `import http from 'node:http';
export function get(host: string, signal: AbortSignal) {
  return new Promise<void>((resolve, reject) => { http.get({ host, path: '/' }, (res) => { res.resume(); resolve(); }).on('error', reject); });
}`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'http.get', signal: 'signal' },
          line: 3, column: 51, endLine: 3, endColumn: 59,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'signal' }, output: `import http from 'node:http';
export function get(host: string, signal: AbortSignal) {
  return new Promise<void>((resolve, reject) => { http.get({ host, path: '/', signal }, (res) => { res.resume(); resolve(); }).on('error', reject); });
}` }],
        },
      ],
    },
    // a child that outlives the wait for it
    {
      code: `import { spawn } from 'node:child_process';
import { once } from 'node:events';
export async function run(command: string, signal: AbortSignal) {
  const child = spawn(command, []);
  await once(child, 'exit', { signal });
}`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'spawn', signal: 'signal' },
          line: 4, column: 17, endLine: 4, endColumn: 22,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'signal' }, output: `import { spawn } from 'node:child_process';
import { once } from 'node:events';
export async function run(command: string, signal: AbortSignal) {
  const child = spawn(command, [], { signal });
  await once(child, 'exit', { signal });
}` }],
        },
      ],
    },
    // a signal field that the loop does not look at
    {
      code: `export class Watcher {
  constructor(private readonly options: { signal: AbortSignal }) {}
  async loop(tick: () => Promise<void>) {
    for (;;) { await tick(); await new Promise((resolve) => setTimeout(resolve, 5000)); }
  }
}`,
      errors: [
        {
          messageId: 'loop',
          data: { signal: 'this.options.signal' },
          line: 4, column: 5, endLine: 4, endColumn: 14,
          suggestions: [{ messageId: 'checkSignal', data: { signal: 'this.options.signal' }, output: `export class Watcher {
  constructor(private readonly options: { signal: AbortSignal }) {}
  async loop(tick: () => Promise<void>) {
    for (;;) { this.options.signal?.throwIfAborted(); await tick(); await new Promise((resolve) => setTimeout(resolve, 5000)); }
  }
}` }],
        },
      ],
    },
    // attempts without a pause
    {
      code: `export async function retry<T>(work: () => Promise<T>, attempts: number, signal?: AbortSignal): Promise<T> {
  let last: unknown;
  for (let attempt = 0; attempt < attempts; attempt++) {
    try { return await work(); } catch (error) { last = error; }
  }
  throw last;
}`,
      errors: [
        {
          messageId: 'loop',
          data: { signal: 'signal' },
          line: 3, column: 3, endLine: 3, endColumn: 56,
          suggestions: [{ messageId: 'checkSignal', data: { signal: 'signal' }, output: `export async function retry<T>(work: () => Promise<T>, attempts: number, signal?: AbortSignal): Promise<T> {
  let last: unknown;
  for (let attempt = 0; attempt < attempts; attempt++) {
    signal?.throwIfAborted();
    try { return await work(); } catch (error) { last = error; }
  }
  throw last;
}` }],
        },
      ],
    },
    // a controller of the class whose signal nobody has
    {
      code: `export class Sync {
  #abort = new AbortController();
  async run() { const res = await fetch('https://api.example/changes'); return await res.json(); }
  stop() { this.#abort.abort(); }
}`,
      errors: [
        {
          messageId: 'unheard',
          data: { name: 'this.#abort' },
          line: 2, column: 12, endLine: 2, endColumn: 31,
        },
      ],
    },
    // the addresses of a list
    {
      code: `export async function all(urls: string[], signal: AbortSignal) {
  return await Promise.all(urls.map(async (each) => { const res = await fetch(each); return await res.json(); }));
}`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'fetch', signal: 'signal' },
          line: 2, column: 73, endLine: 2, endColumn: 78,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'signal' }, output: `export async function all(urls: string[], signal: AbortSignal) {
  return await Promise.all(urls.map(async (each) => { const res = await fetch(each, { signal }); return await res.json(); }));
}` }],
        },
      ],
    },
    // a pool
    {
      code: `import { Pool } from 'undici';
const pool = new Pool('https://api.example');
export async function get(path: string, signal: AbortSignal) { const { body } = await pool.request({ path, method: 'GET' }); return await body.json(); }`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'pool.request', signal: 'signal' },
          line: 3, column: 87, endLine: 3, endColumn: 99,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'signal' }, output: `import { Pool } from 'undici';
const pool = new Pool('https://api.example');
export async function get(path: string, signal: AbortSignal) { const { body } = await pool.request({ path, method: 'GET', signal }); return await body.json(); }` }],
        },
      ],
    },
    // a model
    {
      code: `import OpenAI from 'openai';
const client = new OpenAI();
export async function ask(prompt: string, signal: AbortSignal) { return await client.chat.completions.create({ model: 'small', messages: [{ role: 'user', content: prompt }] }); }`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'client.chat.completions.create', signal: 'signal' },
          line: 3, column: 79, endLine: 3, endColumn: 109,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'signal' }, output: `import OpenAI from 'openai';
const client = new OpenAI();
export async function ask(prompt: string, signal: AbortSignal) { return await client.chat.completions.create({ model: 'small', messages: [{ role: 'user', content: prompt }] }, { signal }); }` }],
        },
      ],
    },
    // a question
    {
      code: `import { createInterface } from 'node:readline/promises';
export async function ask(question: string, signal: AbortSignal) {
  const lines = createInterface({ input: process.stdin });
  try { return await lines.question(question); } finally { lines.close(); }
}`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'lines.question', signal: 'signal' },
          line: 4, column: 22, endLine: 4, endColumn: 36,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'signal' }, output: `import { createInterface } from 'node:readline/promises';
export async function ask(question: string, signal: AbortSignal) {
  const lines = createInterface({ input: process.stdin });
  try { return await lines.question(question, { signal }); } finally { lines.close(); }
}` }],
        },
      ],
    },
    // options that a comment documents
    {
      code: `/**
 * @param {string} url
 * @param {{ signal?: AbortSignal, retries?: number }} options
 */
export async function get(url, options) { const res = await fetch(url, { headers: { accept: 'text/plain' } }); return await res.text(); }`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'fetch', signal: 'options.signal' },
          line: 5, column: 61, endLine: 5, endColumn: 66,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'options.signal' }, output: `/**
 * @param {string} url
 * @param {{ signal?: AbortSignal, retries?: number }} options
 */
export async function get(url, options) { const res = await fetch(url, { headers: { accept: 'text/plain' }, signal: options.signal }); return await res.text(); }` }],
        },
      ],
    },
    // work that is raced with something else
    {
      code: `export async function get(url: string, signal: AbortSignal, answer: Promise<Response>) {
  signal.throwIfAborted();
  const work = fetch(url, { method: 'POST' });
  return await Promise.race([work, answer]);
}`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'fetch', signal: 'signal' },
          line: 3, column: 16, endLine: 3, endColumn: 21,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'signal' }, output: `export async function get(url: string, signal: AbortSignal, answer: Promise<Response>) {
  signal.throwIfAborted();
  const work = fetch(url, { method: 'POST', signal });
  return await Promise.race([work, answer]);
}` }],
        },
      ],
    },
    // options of a field that the constructor sets
    {
      code: `export class Stream {
  private readonly options: { url: string; signal?: AbortSignal };
  constructor(options: { url: string; signal?: AbortSignal }) { this.options = options; }
  async backOff(ms: number) { await new Promise((resolve) => setTimeout(resolve, ms)); }
}`,
      errors: [
        {
          messageId: 'sleep',
          data: { signal: 'this.options.signal' },
          line: 4, column: 37, endLine: 4, endColumn: 48,
        },
      ],
    },
    // options of a field that may be missing
    {
      code: `export class Stream {
  private options: { signal?: AbortSignal } | undefined;
  configure(options: { signal?: AbortSignal }) { this.options = options; }
  async backOff(ms: number) { await new Promise((resolve) => setTimeout(resolve, ms)); }
}`,
      errors: [
        {
          messageId: 'sleep',
          data: { signal: 'this.options?.signal' },
          line: 4, column: 37, endLine: 4, endColumn: 48,
        },
      ],
    },
    // a part of work that only this caller waits for
    {
      code: `export class Client {
  static async getReady(signal?: AbortSignal): Promise<string> {
    signal?.throwIfAborted();
    const ready = (async () => { const res = await fetch('https://api.example/ready'); return await res.text(); })();
    return await ready;
  }
}`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'fetch', signal: 'signal' },
          line: 4, column: 52, endLine: 4, endColumn: 57,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'signal' }, output: `export class Client {
  static async getReady(signal?: AbortSignal): Promise<string> {
    signal?.throwIfAborted();
    const ready = (async () => { const res = await fetch('https://api.example/ready', { signal }); return await res.text(); })();
    return await ready;
  }
}` }],
        },
      ],
    },
  ],
});
