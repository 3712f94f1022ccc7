import rule from '../../../rules/require-abort-signal.js';
import { runRuleTests } from '../support/run-rule-tests.js';

runRuleTests(rule, {
  valid: [
    // options of a request made elsewhere
    `import http from 'node:http';
export function get(options: http.RequestOptions) { return new Promise<void>((resolve, reject) => { http.get(options, (res) => { res.resume(); resolve(); }).on('error', reject); }); }`,
    // options that spread others
    `import http from 'node:http';
export function get(connection: { options(): object }) { return new Promise<void>((resolve, reject) => { http.get({ ...connection.options(), path: '/' }, (res) => { res.resume(); resolve(); }).on('error', reject); }); }`,
    // a time limit in the options
    `import http from 'node:http';
export function get(host: string) { return new Promise<void>((resolve, reject) => { http.get({ host, timeout: 5000 }, (res) => { res.resume(); resolve(); }).on('error', reject); }); }`,
    // a socket of the machine
    `import http from 'node:http';
export function get(path: string) { return new Promise<void>((resolve, reject) => { http.get({ socketPath: '/run/service.sock', path }, (res) => { res.resume(); resolve(); }).on('error', reject); }); }`,
    // the machine itself
    `import http from 'node:http';
export function get(port: number) { return new Promise<void>((resolve, reject) => { http.get({ host: '127.0.0.1', port }, (res) => { res.resume(); resolve(); }).on('error', reject); }); }`,
    // a client that is handed in, and may have a limit
    `export async function get(url: string, fetchFn: (url: string, init: RequestInit) => Promise<Response>) { const res = await fetchFn(url, { method: 'POST', headers: {} }); return await res.json(); }`,
    // a server of the machine by a constant
    `const BASE = \`http://127.0.0.1:\${process.env.PORT}\`;
export async function getState() { return await (await fetch(\`\${BASE}/state\`)).json(); }`,
    // a server of the machine by a client
    `import axios from 'axios';
export async function isRunning(port: number) { const host = \`localhost:\${port}\`; return (await axios.get(\`http://\${host}\`)).status === 200; }`,
    // the machine itself by the base of an address
    `export async function isUp(port: number) { const res = await fetch(new URL('/health', \`http://localhost:\${port}\`)); return res.ok; }`,
  ],
  invalid: [
    // options without a limit
    {
      code: `import http from 'node:http';
export function get(host: string) { return new Promise<void>((resolve, reject) => { http.get({ host, path: '/' }, (res) => { res.resume(); resolve(); }).on('error', reject); }); }`,
      errors: [
        {
          messageId: 'unbounded',
          data: { call: 'http.get', timeout: '30000' },
          line: 2, column: 85, endLine: 2, endColumn: 93,
          suggestions: [{ messageId: 'addTimeout', data: { timeout: '30000' }, output: `import http from 'node:http';
export function get(host: string) { return new Promise<void>((resolve, reject) => { http.get({ host, path: '/', signal: AbortSignal.timeout(30000) }, (res) => { res.resume(); resolve(); }).on('error', reject); }); }` }],
        },
      ],
    },
    // a pool without a limit
    {
      code: `import { Pool } from 'undici';
const pool = new Pool('https://api.example');
export async function get(path: string) { const { body } = await pool.request({ path, method: 'GET' }); return await body.json(); }`,
      errors: [
        {
          messageId: 'unbounded',
          data: { call: 'pool.request', timeout: '30000' },
          line: 3, column: 66, endLine: 3, endColumn: 78,
          suggestions: [{ messageId: 'addTimeout', data: { timeout: '30000' }, output: `import { Pool } from 'undici';
const pool = new Pool('https://api.example');
export async function get(path: string) { const { body } = await pool.request({ path, method: 'GET', signal: AbortSignal.timeout(30000) }); return await body.json(); }` }],
        },
      ],
    },
    // a client that may be handed in
    {
      code: `export async function get(url: string, fetchFn: typeof fetch = fetch) { const res = await fetchFn(url, { method: 'POST', headers: {} }); return await res.json(); }`,
      errors: [
        {
          messageId: 'unbounded',
          data: { call: 'fetchFn', timeout: '30000' },
          line: 1, column: 91, endLine: 1, endColumn: 98,
          suggestions: [{ messageId: 'addTimeout', data: { timeout: '30000' }, output: `export async function get(url: string, fetchFn: typeof fetch = fetch) { const res = await fetchFn(url, { method: 'POST', headers: {}, signal: AbortSignal.timeout(30000) }); return await res.json(); }` }],
        },
      ],
    },
    // a server elsewhere by a constant
    {
      code: `const BASE = \`https://\${process.env.HOST}\`;
export async function getState() { return await (await fetch(\`\${BASE}/state\`)).json(); }`,
      errors: [
        {
          messageId: 'unbounded',
          data: { call: 'fetch', timeout: '30000' },
          line: 2, column: 56, endLine: 2, endColumn: 61,
          suggestions: [{ messageId: 'addTimeout', data: { timeout: '30000' }, output: `const BASE = \`https://\${process.env.HOST}\`;
export async function getState() { return await (await fetch(\`\${BASE}/state\`, { signal: AbortSignal.timeout(30000) })).json(); }` }],
        },
      ],
    },
  ],
});
