import rule from '../../rules/require-abort-signal.js';
import { runRuleTests } from './support/run-rule-tests.js';

runRuleTests(rule, {
  valid: [
    // a file beside the module
    `export async function load() { const res = await fetch(new URL('./mod.wasm', import.meta.url)); return await res.arrayBuffer(); }`,
    // an address that holds its data
    `export async function toBlob(text: string) { const res = await fetch(\`data:text/plain,\${text}\`); return await res.blob(); }`,
    // a signal
    'async function load(url: string) { return fetch(url, { signal: AbortSignal.timeout(5000) }); }',
    // options that are not in sight
    'async function load(url: string, init: RequestInit) { return fetch(url, init); }',
    // options with a spread
    `const defaults = { signal: AbortSignal.timeout(5000) };
async function load(url: string) { return fetch(url, { method: 'POST', ...defaults }); }`,
    // options in a variable that get a signal later
    `async function load(url: string, signal?: AbortSignal) { const init: RequestInit = { method: 'POST' }; if (signal) init.signal = signal; return fetch(url, init); }`,
    // a prebuilt request
    'async function load(request: Request) { return fetch(request); }',
    // a client with a time limit
    `import axios from 'axios';
const api = axios.create({ baseURL: 'https://api.example.com', timeout: 5000 });
async function load() { return api.get('/users'); }`,
    // a client that somebody else made
    `class Users { constructor(private readonly client: import('axios').AxiosInstance) {} async load() { return this.client.get('/users'); } }`,
    // a time limit of the call
    `import got from 'got';
async function load(url: string) { return got(url, { timeout: { request: 5000 } }); }`,
    // a client that gives up by itself
    `import ky from 'ky';
async function load(url: string) { return ky.get(url); }`,
    // a time limit for all requests
    `import { Agent, fetch, setGlobalDispatcher } from 'undici';
setGlobalDispatcher(new Agent({ headersTimeout: 5000, bodyTimeout: 5000 }));
async function load(url: string) { return fetch(url); }`,
    // a dispatcher that may have a limit
    `import { request } from 'undici';
async function load(url: string, dispatcher: import('undici').Dispatcher) { return request(url, { dispatcher }); }`,
    // wrapped in a time limit
    'async function load(url: string) { return withTimeout(fetch(url), 5000); }',
    // raced against a time limit
    'async function load(url: string, late: Promise<never>) { return Promise.race([fetch(url), late]); }',
    // the request gets its limit afterwards
    `import http from 'node:http';
function load(url: string) { const req = http.get(url); req.setTimeout(5000, () => req.destroy()); return req; }`,
    // a page asks its own server
    `async function load() { return fetch('/api/users'); }`,
    // on the same machine
    `async function load() { return fetch('http://localhost:3000/health'); }`,
    // nobody waits for it
    'function ping(url: string) { void fetch(url).catch(() => {}); }',
    // a binding of a platform is no network
    `async function load(env: { ASSETS: { fetch(url: string, init: object): Promise<Response> } }) { return env.ASSETS.fetch('https://assets.local/a', { headers: {} }); }`,
    // another rule asks for the signal of the caller
    'async function load(url: string, signal: AbortSignal) { return fetch(url); }',
    // waiting for an event may be meant to last
    `import { once } from 'node:events';
async function ready(server: import('node:net').Server) { await once(server, 'listening'); }`,
    // a test by its name
    { code: 'async function load(url: string) { return fetch(url); }', filename: 'load.test.ts' },
  ],
  invalid: [
    // an answer that comes in a callback
    {
      code: `import https from 'node:https';
export function head(url: string, done: (status: number) => void) { https.get(url, (res) => { res.resume(); done(res.statusCode ?? 0); }).on('error', () => done(0)); }`,
      errors: [
        {
          messageId: 'unbounded',
          data: { call: 'https.get', timeout: '30000' },
          line: 2, column: 69, endLine: 2, endColumn: 78,
          suggestions: [{ messageId: 'addTimeout', data: { timeout: '30000' }, output: `import https from 'node:https';
export function head(url: string, done: (status: number) => void) { https.get(url, { signal: AbortSignal.timeout(30000) }, (res) => { res.resume(); done(res.statusCode ?? 0); }).on('error', () => done(0)); }` }],
        },
      ],
    },
    // a request without options
    {
      code: `async function load(id: string) {
  const res = await fetch(\`https://api.example.com/users/\${id}\`);
  return res.json();
}`,
      errors: [
        {
          messageId: 'unbounded',
          data: { call: 'fetch', timeout: '30000' },
          line: 2, column: 21, endLine: 2, endColumn: 26,
          suggestions: [{ messageId: 'addTimeout', data: { timeout: '30000' }, output: `async function load(id: string) {
  const res = await fetch(\`https://api.example.com/users/\${id}\`, { signal: AbortSignal.timeout(30000) });
  return res.json();
}` }],
        },
      ],
    },
    // options without a signal
    {
      code: `async function save(url: string, user: object) {
  const res = await fetch(url, {
    method: 'PUT',
    body: JSON.stringify(user),
  });
  return res.ok;
}`,
      errors: [
        {
          messageId: 'unbounded',
          data: { call: 'fetch', timeout: '30000' },
          line: 2, column: 21, endLine: 2, endColumn: 26,
          suggestions: [{ messageId: 'addTimeout', data: { timeout: '30000' }, output: `async function save(url: string, user: object) {
  const res = await fetch(url, {
    method: 'PUT',
    body: JSON.stringify(user),
    signal: AbortSignal.timeout(30000),
  });
  return res.ok;
}` }],
        },
      ],
    },
    // a limit of one's own choice
    {
      code: 'async function load(url: string) { return fetch(url); }',
      options: [{ suggestedTimeout: 5000 }],
      errors: [
        {
          messageId: 'unbounded',
          data: { call: 'fetch', timeout: '5000' },
          line: 1, column: 43, endLine: 1, endColumn: 48,
          suggestions: [{ messageId: 'addTimeout', data: { timeout: '5000' }, output: 'async function load(url: string) { return fetch(url, { signal: AbortSignal.timeout(5000) }); }' }],
        },
      ],
    },
    // what is spread is in sight
    {
      code: `async function save(url: string, user?: object) { return fetch(url, { method: 'PUT', ...(user ? { body: JSON.stringify(user) } : {}) }); }`,
      errors: [
        {
          messageId: 'unbounded',
          data: { call: 'fetch', timeout: '30000' },
          line: 1, column: 58, endLine: 1, endColumn: 63,
          suggestions: [{ messageId: 'addTimeout', data: { timeout: '30000' }, output: `async function save(url: string, user?: object) { return fetch(url, { method: 'PUT', ...(user ? { body: JSON.stringify(user) } : {}), signal: AbortSignal.timeout(30000) }); }` }],
        },
      ],
    },
    // an option that is not known there
    {
      code: `async function load(url: string) {
  return fetch(url, { timeout: 5000 } as RequestInit);
}`,
      errors: [
        {
          messageId: 'ignoredTimeout',
          data: { call: 'fetch', option: 'timeout' },
          line: 2, column: 10, endLine: 2, endColumn: 15,
          suggestions: [{ messageId: 'addTimeout', data: { timeout: '30000' }, output: `async function load(url: string) {
  return fetch(url, { timeout: 5000, signal: AbortSignal.timeout(30000) } as RequestInit);
}` }],
        },
      ],
    },
    // axios waits without end
    {
      code: `import axios from 'axios';
async function save(url: string, user: object) { await axios.get(url); return axios.post(url, user); }`,
      errors: [
        {
          messageId: 'unbounded',
          data: { call: 'axios.get', timeout: '30000' },
          line: 2, column: 56, endLine: 2, endColumn: 65,
          suggestions: [{ messageId: 'addTimeout', data: { timeout: '30000' }, output: `import axios from 'axios';
async function save(url: string, user: object) { await axios.get(url, { signal: AbortSignal.timeout(30000) }); return axios.post(url, user); }` }],
        },
        {
          messageId: 'unbounded',
          data: { call: 'axios.post', timeout: '30000' },
          line: 2, column: 79, endLine: 2, endColumn: 89,
          suggestions: [{ messageId: 'addTimeout', data: { timeout: '30000' }, output: `import axios from 'axios';
async function save(url: string, user: object) { await axios.get(url); return axios.post(url, user, { signal: AbortSignal.timeout(30000) }); }` }],
        },
      ],
    },
    // a client without a limit
    {
      code: `import axios from 'axios';
const api = axios.create({ baseURL: 'https://api.example.com' });
async function load() { return api.get('/users'); }`,
      errors: [
        {
          messageId: 'unbounded',
          data: { call: 'api.get', timeout: '30000' },
          line: 3, column: 32, endLine: 3, endColumn: 39,
          suggestions: [{ messageId: 'addTimeout', data: { timeout: '30000' }, output: `import axios from 'axios';
const api = axios.create({ baseURL: 'https://api.example.com' });
async function load() { return api.get('/users', { signal: AbortSignal.timeout(30000) }); }` }],
        },
      ],
    },
    // the limit is turned off
    {
      code: `import ky from 'ky';
async function load(url: string) { return ky.get(url, { timeout: false }); }`,
      errors: [
        {
          messageId: 'unbounded',
          data: { call: 'ky.get', timeout: '30000' },
          line: 2, column: 43, endLine: 2, endColumn: 49,
          suggestions: [{ messageId: 'addTimeout', data: { timeout: '30000' }, output: `import ky from 'ky';
async function load(url: string) { return ky.get(url, { timeout: false, signal: AbortSignal.timeout(30000) }); }` }],
        },
      ],
    },
    // a callback API
    {
      code: `import https from 'node:https';
function load(url: string, done: (res: object) => void) {
  const req = https.get(url, (res) => done(res));
  req.on('error', console.error);
}`,
      errors: [
        {
          messageId: 'unbounded',
          data: { call: 'https.get', timeout: '30000' },
          line: 3, column: 15, endLine: 3, endColumn: 24,
          suggestions: [{ messageId: 'addTimeout', data: { timeout: '30000' }, output: `import https from 'node:https';
function load(url: string, done: (res: object) => void) {
  const req = https.get(url, { signal: AbortSignal.timeout(30000) }, (res) => done(res));
  req.on('error', console.error);
}` }],
        },
      ],
    },
    // a controller serves another request
    {
      code: `async function load(a: string, b: string) {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 1000).unref();
  await fetch(a, { signal: controller.signal });
  return fetch(b);
}`,
      errors: [
        {
          messageId: 'unbounded',
          data: { call: 'fetch', timeout: '30000' },
          line: 5, column: 10, endLine: 5, endColumn: 15,
          suggestions: [{ messageId: 'addTimeout', data: { timeout: '30000' }, output: `async function load(a: string, b: string) {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 1000).unref();
  await fetch(a, { signal: controller.signal });
  return fetch(b, { signal: AbortSignal.timeout(30000) });
}` }],
        },
      ],
    },
    // an event that may never come
    {
      code: `import { once } from 'node:events';
async function ready(server: import('node:net').Server) { await once(server, 'listening'); }`,
      options: [{ includePotential: true }],
      errors: [
        {
          messageId: 'unbounded',
          data: { call: 'once', timeout: '30000' },
          line: 2, column: 65, endLine: 2, endColumn: 69,
          suggestions: [{ messageId: 'addTimeout', data: { timeout: '30000' }, output: `import { once } from 'node:events';
async function ready(server: import('node:net').Server) { await once(server, 'listening', { signal: AbortSignal.timeout(30000) }); }` }],
        },
      ],
    },
  ],
});
