import rule from '../../../rules/no-unforwarded-abort-signal.js';
import { runRuleTests } from '../support/run-rule-tests.js';

runRuleTests(rule, {
  valid: [
    // the signal in the options of the class, passed on
    `interface TransportOptions { url: string; signal?: AbortSignal }
class Transport {
  constructor(private readonly options: TransportOptions) {}
  async post(body: string) { const res = await fetch(this.options.url, { method: 'POST', body, signal: this.options.signal }); return res.ok; }
}`,
    // a controller of the class that the method does not ask
    `class Poller {
  private readonly controller = new AbortController();
  stop() { this.controller.abort(); }
  async start(url: string) { const res = await fetch(url, { signal: this.controller.signal }); return await res.text(); }
  async count(url: string) { const res = await fetch(url); return await res.text(); }
}`,
    // an effect that passes its signal on
    `import { useEffect } from 'react';
export function useUser(id: string, show: (user: unknown) => void) {
  useEffect(() => {
    const controller = new AbortController();
    fetch(\`/api/users/\${id}\`, { signal: controller.signal }).then((res) => res.json()).then((user) => { if (!controller.signal.aborted) show(user); }).catch(console.error);
    return () => controller.abort();
  }, [id]);
}`,
    // a time limit for one of two requests
    `async function load(first: string, second: string) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 5000);
  try { await fetch(first, { signal: controller.signal }); } finally { clearTimeout(timer); }
  const res = await fetch(second);
  if (controller.signal.aborted) console.warn('slow');
  return res;
}`,
    // options of which the pattern takes the rest along
    `type Common = { signal?: AbortSignal; token: string };
export async function whoami({ token, ...rest }: Common) { const res = await fetch('https://api.example/me', { headers: { token }, ...rest }); return await res.json(); }`,
    // a promise that a map keeps for others
    `const cache = new Map<string, Promise<unknown>>();
async function getConfig(url: string, signal: AbortSignal) {
  let pending = cache.get(url);
  if (!pending) { pending = fetch(url).then((res) => res.json()); cache.set(url, pending); }
  signal.throwIfAborted();
  return await pending;
}`,
    // a function that cleans up
    `async function releaseAll(url: string, { signal }: { signal?: AbortSignal }) { await fetch(url, { method: 'DELETE' }); }`,
    // a signal that the called function does not look at
    `async function getCommit(rev: string, _cancellation?: AbortSignal) { return await Promise.resolve(rev); }
async function getFiles(rev: string, cancellation?: AbortSignal) { return [await getCommit(rev)]; }`,
    // nobody hands options in
    `async function fetchWithin(url: string, init?: RequestInit, ms = 3000) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ms);
  try { return await fetch(url, { ...init, signal: controller.signal }); } finally { clearTimeout(timer); }
}
export async function font(url: string) { return await fetchWithin(url, undefined, 5000); }`,
    // a loop in a function that deals with the abort by a listener
    `async function* drain(buffer: string[], cancel: () => void, signal: AbortSignal, isDone: () => boolean) {
  signal.addEventListener('abort', cancel);
  try {
    while (!isDone()) { yield buffer.splice(0); await new Promise((resolve) => setTimeout(resolve, 50)); }
  } finally { signal.removeEventListener('abort', cancel); }
}`,
    // a method of the class has the signal itself
    `class Transport {
  private requestInit?: RequestInit;
  private async open(options: { token: string; signal?: AbortSignal }) { return await fetch(options.token, { ...this.requestInit, signal: options.signal ?? this.requestInit?.signal }); }
  async resume(token: string) { return await this.open({ token }); }
}`,
  ],
  invalid: [
    // the signal in the options of the class
    {
      code: `interface TransportOptions { url: string; signal?: AbortSignal }
class Transport {
  constructor(private readonly options: TransportOptions) {}
  async post(body: string) { const res = await fetch(this.options.url, { method: 'POST', body }); return res.ok; }
}`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'fetch', signal: 'this.options.signal' },
          line: 4, column: 48, endLine: 4, endColumn: 53,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'this.options.signal' }, output: `interface TransportOptions { url: string; signal?: AbortSignal }
class Transport {
  constructor(private readonly options: TransportOptions) {}
  async post(body: string) { const res = await fetch(this.options.url, { method: 'POST', body, signal: this.options.signal }); return res.ok; }
}` }],
        },
      ],
    },
    // a method asks the controller of its class, and does not pass its signal on
    {
      code: `class Poller {
  private readonly controller = new AbortController();
  stop() { this.controller.abort(); }
  async start(url: string) {
    while (!this.controller.signal.aborted) { const res = await fetch(url); console.log(await res.text()); }
  }
}`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'fetch', signal: 'this.controller.signal' },
          line: 5, column: 65, endLine: 5, endColumn: 70,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'this.controller.signal' }, output: `class Poller {
  private readonly controller = new AbortController();
  stop() { this.controller.abort(); }
  async start(url: string) {
    while (!this.controller.signal.aborted) { const res = await fetch(url, { signal: this.controller.signal }); console.log(await res.text()); }
  }
}` }],
        },
      ],
    },
    // an effect whose controller serves as a flag only
    {
      code: `import { useEffect } from 'react';
export function useUser(id: string, show: (user: unknown) => void) {
  useEffect(() => {
    const controller = new AbortController();
    fetch(\`/api/users/\${id}\`).then((res) => res.json()).then((user) => { if (!controller.signal.aborted) show(user); }).catch(console.error);
    return () => controller.abort();
  }, [id]);
}`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'fetch', signal: 'controller.signal' },
          line: 5, column: 5, endLine: 5, endColumn: 10,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'controller.signal' }, output: `import { useEffect } from 'react';
export function useUser(id: string, show: (user: unknown) => void) {
  useEffect(() => {
    const controller = new AbortController();
    fetch(\`/api/users/\${id}\`, { signal: controller.signal }).then((res) => res.json()).then((user) => { if (!controller.signal.aborted) show(user); }).catch(console.error);
    return () => controller.abort();
  }, [id]);
}` }],
        },
      ],
    },
    // a controller that a field keeps, asked after the request
    {
      code: `class Provider {
  private controller?: AbortController;
  cancel() { this.controller?.abort(); }
  async complete(prompt: string) {
    const controller = new AbortController();
    this.controller = controller;
    const response = await fetch('https://complete.example', { method: 'POST', body: prompt });
    return controller.signal.aborted ? undefined : await response.text();
  }
}`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'fetch', signal: 'controller.signal' },
          line: 7, column: 28, endLine: 7, endColumn: 33,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'controller.signal' }, output: `class Provider {
  private controller?: AbortController;
  cancel() { this.controller?.abort(); }
  async complete(prompt: string) {
    const controller = new AbortController();
    this.controller = controller;
    const response = await fetch('https://complete.example', { method: 'POST', body: prompt, signal: controller.signal });
    return controller.signal.aborted ? undefined : await response.text();
  }
}` }],
        },
      ],
    },
    // options of which the pattern takes all but the signal
    {
      code: `type Common = { signal?: AbortSignal; token: string };
export async function whoami({ token }: Common) { const res = await fetch('https://api.example/me', { headers: { token } }); return await res.json(); }`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'fetch', signal: 'signal' },
          line: 2, column: 69, endLine: 2, endColumn: 74,
          suggestions: null,
        },
      ],
    },
    // the options of a request, of which all but the signal are passed on
    {
      code: `export async function post(url: string, init: RequestInit = {}) { const res = await fetch(url, { method: init.method, body: init.body }); return res; }`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'fetch', signal: 'init.signal' },
          line: 1, column: 85, endLine: 1, endColumn: 90,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'init.signal' }, output: `export async function post(url: string, init: RequestInit = {}) { const res = await fetch(url, { method: init.method, body: init.body, signal: init.signal }); return res; }` }],
        },
      ],
    },
    // a method of the class itself
    {
      code: `class Http {
  static async get(url: string, signal?: AbortSignal) { const res = await fetch(url, { signal }); return res.text(); }
  static async getBoth(url: string, signal?: AbortSignal) { return (await Http.get(url)) + (await Http.get(\`\${url}/2\`, signal)); }
}`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'Http.get', signal: 'signal' },
          line: 3, column: 75, endLine: 3, endColumn: 83,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'signal' }, output: `class Http {
  static async get(url: string, signal?: AbortSignal) { const res = await fetch(url, { signal }); return res.text(); }
  static async getBoth(url: string, signal?: AbortSignal) { return (await Http.get(url, signal)) + (await Http.get(\`\${url}/2\`, signal)); }
}` }],
        },
      ],
    },
    // the signal of the request that a handler looks at
    {
      code: `import { Hono } from 'hono';
const app = new Hono();
app.get('/proxy/:id', async (c) => {
  const signal = c.req.raw.signal;
  const upstream = await fetch(\`https://upstream.example/\${c.req.param('id')}\`);
  return signal.aborted ? c.text('gone') : new Response(upstream.body);
});`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'fetch', signal: 'signal' },
          line: 5, column: 26, endLine: 5, endColumn: 31,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'signal' }, output: `import { Hono } from 'hono';
const app = new Hono();
app.get('/proxy/:id', async (c) => {
  const signal = c.req.raw.signal;
  const upstream = await fetch(\`https://upstream.example/\${c.req.param('id')}\`, { signal });
  return signal.aborted ? c.text('gone') : new Response(upstream.body);
});` }],
        },
      ],
    },
    // an inner object of the options has the signal
    {
      code: `interface Options { request?: { signal?: AbortSignal }; url: string }
async function send(options: Options) { return await fetch(options.url, { signal: (options as any).signal }); }`,
      errors: [
        {
          messageId: 'misread',
          data: { name: '(options as any).signal', expected: 'options.request?.signal' },
          line: 2, column: 83, endLine: 2, endColumn: 106,
          suggestions: [{ messageId: 'readExpected', data: { expected: 'options.request?.signal' }, output: `interface Options { request?: { signal?: AbortSignal }; url: string }
async function send(options: Options) { return await fetch(options.url, { signal: options.request?.signal }); }` }],
        },
      ],
    },
    // a function whose name only begins like one that cleans up
    {
      code: `async function releases(url: string, { signal }: { signal?: AbortSignal }) { const res = await fetch(url); return await res.json(); }`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'fetch', signal: 'signal' },
          line: 1, column: 96, endLine: 1, endColumn: 101,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'signal' }, output: `async function releases(url: string, { signal }: { signal?: AbortSignal }) { const res = await fetch(url, { signal }); return await res.json(); }` }],
        },
      ],
    },
    // an address that may be missing
    {
      code: `async function* pages(url: string, signal?: AbortSignal) {
  let next: string | undefined = url;
  while (next) { const res: Response = await fetch(next); const page = await res.json(); yield page.items; next = page.next; }
}`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'fetch', signal: 'signal' },
          line: 3, column: 46, endLine: 3, endColumn: 51,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'signal' }, output: `async function* pages(url: string, signal?: AbortSignal) {
  let next: string | undefined = url;
  while (next) { const res: Response = await fetch(next, { signal }); const page = await res.json(); yield page.items; next = page.next; }
}` }],
        },
      ],
    },
    // a retry that waits in its catch
    {
      code: `async function retry<T>(fn: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    try { return await fn(signal); } catch { await new Promise((resolve) => setTimeout(resolve, 5000)); }
  }
}`,
      options: [{ includePotential: true }],
      errors: [
        {
          messageId: 'sleep',
          data: { signal: 'signal' },
          line: 3, column: 52, endLine: 3, endColumn: 63,
          suggestions: null,
        },
      ],
    },
    // a pause in a method that asks the controller of its class
    {
      code: `import { setTimeout } from 'node:timers/promises';
class Queue {
  private readonly controller = new AbortController();
  stop() { this.controller.abort(); }
  async work(next: () => Promise<boolean>): Promise<void> {
    if (this.controller.signal.aborted) return;
    if (await next()) { await setTimeout(1000); await this.work(next); }
  }
}`,
      options: [{ includePotential: true }],
      errors: [
        {
          messageId: 'missing',
          data: { call: 'setTimeout', signal: 'this.controller.signal' },
          line: 7, column: 31, endLine: 7, endColumn: 41,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'this.controller.signal' }, output: `import { setTimeout } from 'node:timers/promises';
class Queue {
  private readonly controller = new AbortController();
  stop() { this.controller.abort(); }
  async work(next: () => Promise<boolean>): Promise<void> {
    if (this.controller.signal.aborted) return;
    if (await next()) { await setTimeout(1000, undefined, { signal: this.controller.signal }); await this.work(next); }
  }
}` }],
        },
      ],
    },
  ],
});
