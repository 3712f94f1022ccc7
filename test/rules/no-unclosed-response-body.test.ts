import rule from '../../rules/no-unclosed-response-body.js';
import { t } from './support/dedent-snippet.js';
import { runRuleTests } from './support/run-rule-tests.js';

const loadOnPage = t`
  async function load(url) {
    const res = await fetch(url);
    if (!res.ok) return undefined;
    document.title = await res.text();
  }
`;
const failBetween = t`
  async function load(url) {
    const res = await fetch(url);
    check(res.headers);
    return await res.json();
  }
`;
const forget = t`
  async function ping(url) {
    await fetch(url);
  }
`;

runRuleTests(rule, {
  valid: [
    { name: 'a test, which ends soon', code: forget, filename: 'load.test.ts' },
    { name: 'a browser, which takes the body back', code: loadOnPage },
    { name: 'a call that may throw or not', code: failBetween },
    {
      name: 'a client that the settings say to be harmless',
      code: `import { ask } from './client.js';\nask('/');`,
      settings: { watertight: { resources: [{ id: 'response-body', acquisitions: [{ calls: ['other-client:ask'], yields: 'promise' }] }] } },
    },
    // Beside: A status that is an error is thrown, and the body with it is forgotten.
    t`
      async function load(url) {
        const res = await fetch(url);
        if (!res.ok) throw new Error('Answered ' + (await res.text()));
        return await res.json();
      }
    `,
    // Beside: Returned early, in a block with a comment.
    t`
      async function load(url: string): Promise<unknown> {
        const res = await fetch(url);
        if (res.status === 204) {
          // Nobody has it.
          return null;
        }
        return await res.json();
      }
    `,
    // Beside: Only the status is asked for.
    t`
      async function isUp(url) {
        const res = await fetch(url, { method: 'HEAD' });
        return res.status < 500;
      }
    `,
    // Beside: A retry that goes on without the body.
    t`
      async function load(url) {
        for (let attempt = 0; attempt < 3; attempt++) {
          const res = await fetch(url);
          if (res.status === 304) continue;
          return await res.text();
        }
      }
    `,
    // Beside: A loop that is left.
    t`
      async function findFirst(urls) {
        let found;
        for (const url of urls) {
          const res = await fetch(url);
          if (res.ok) {
            found = await res.json();
            break;
          }
          await res.body?.cancel();
        }
        return found;
      }
    `,
    // Beside: The variable of a retry is set again.
    t`
      async function load(url) {
        let res = await fetch(url);
        if (res.status === 401) {
          await res.arrayBuffer();
          res = await fetch(url, { headers: { authorization: await renew() } });
        }
        return await res.json();
      }
    `,
    // Beside: A variable outside of the loop keeps the last response, which nobody reads.
    t`
      async function load(url: string) {
        let res: Response;
        for (let attempt = 0; attempt < 3; attempt++) {
          res = await fetch(url);
          if (res.ok) return await res.json();
          await res.body?.cancel();
          await delay(100);
        }
        throw new Error('No answer.');
      }
    `,
    // Beside: Nobody looks at the response.
    t`
      async function notify(url, body) {
        return await fetch(url, { method: 'POST', body });
      }
    `,
    // Beside: Nobody waits for it, either.
    t`
      function notify(url, body) {
        void fetch(url, { method: 'POST', body }).then((res) => res.text());
      }
    `,
    // Beside: Its failure is caught, its success dropped.
    t`
      function notify(url) {
        fetch(url).then(drain).catch(() => {});
      }
    `,
    // Beside: Both of several are dropped.
    t`
      async function warmUp(first, second) {
        return await Promise.all([fetch(first), fetch(second, { method: 'HEAD' })]);
      }
    `,
    // Beside: Asked in place.
    t`
      async function isUp(url) {
        return (await fetch(url)).json();
      }
    `,
    // Beside: Taken apart, without the body.
    t`
      async function getStatus(url) {
        const { status, body } = await fetch(url);
        await body.cancel();
        return status;
      }
    `,
    // Beside: Asked in a test.
    t`
      async function choose(url) {
        if ((await (await fetch(url)).text()) === 'ok') return url;
        return undefined;
      }
    `,
    // Beside: Asked where it is evaluated after something that may change: no suggestion.
    t`
      async function count(urls) {
        let total = 0;
        for (const url of urls) total += (await (await fetch(url)).text()).length;
        return total;
      }
    `,
    // Beside: A handler that returns what it asked.
    t`
      const load = (url) => fetch(url).then((res) => res.json());
    `,
    // Beside: A handler that returns an object.
    t`
      const probe = (url) =>
        fetch(url)
          .then((res) => ({ ok: res.ok, res }))
          .catch(() => ({ ok: false, res: undefined }));
    `,
    // Beside: A handler that takes the response apart.
    t`
      const load = (url) => fetch(url).then(({ body }) => new Response(body));
    `,
    // Beside: A handler that throws.
    t`
      function load(url) {
        return fetch(url).then((res) => {
          if (!res.ok) return Promise.reject(res);
          return res.json();
        });
      }
    `,
    // Beside: The error is swallowed outside.
    t`
      async function isUp(url) {
        let res;
        try {
          res = await fetch(url);
          return res.ok;
        } finally {
          await res?.body?.cancel();
        }
      }
    `,
    // Beside: One case of a switch forgets it.
    t`
      async function load(url) {
        const res = await fetch(url);
        switch (res.status) {
          case 200:
            return await res.json();
          case 205:
            return null;
          default:
            return await res.text();
        }
      }
    `,
    // Beside: undici: the body of a result that is taken apart.
    t`
      import { request } from 'undici';
      async function load(url) {
        const { statusCode, body } = await request(url);
        if (statusCode !== 200) throw new Error('Answered ' + (await body.text()));
        return await body.json();
      }
    `,
    // Beside: node-fetch: a Node stream, which has no cancel().
    t`
      import fetch from 'node-fetch';
      async function load(url) {
        const res = await fetch(url);
        if (!res.ok) {
          res.body.resume();
          return null;
        }
        return await res.json();
      }
    `,
    // Beside: axios: only with a stream is there anything to close.
    t`
      import axios from 'axios';
      async function open(url) {
        const res = await axios.get(url, { responseType: 'arraybuffer' });
        if (res.headers['x-kind'] !== 'log') throw new Error('No log.');
        return res.data;
      }
    `,
    // Beside: http.get: the early return leaves the message paused.
    t`
      import http from 'node:http';
      function load(url, done) {
        http.get(url, (res) => {
          if (res.statusCode !== 200) {
            done(new Error('Answered ' + res.statusCode));
            res.resume();
            return;
          }
          res.on('data', (chunk) => done(null, chunk));
        });
      }
    `,
    // Beside: http or https, whichever the URL asks for.
    t`
      import http from 'node:http';
      import https from 'node:https';
      function load(url, done) {
        const client = url.startsWith('https:') ? https : http;
        client.get(url, (res) => {
          if (res.statusCode !== 200) {
            res.resume();
            return;
          }
          res.on('data', (chunk) => done(null, chunk));
        });
      }
    `,
    // Beside: A helper that ends the request, with its response.
    t`
      import http from 'node:http';
      function load(options, done) {
        const req = http.request(options);
        const finish = () => req.destroy();
        req.on('response', (res) => {
          if (res.statusCode !== 200) {
            finish();
            return;
          }
          done(res);
        });
      }
    `,
    // Beside: The request ended by hand, where the response is of a listener.
    t`
      import http from 'node:http';
      function load(options, done) {
        const req = http.request(options);
        req.on('response', (res) => {
          if (res.statusCode !== 200) {
            req.destroy();
            return;
          }
          done(res);
        });
      }
    `,
    // Beside: A client that may be somebody else's.
    t`
      import http from 'node:http';
      function load(url, given, done) {
        const client = given ? given : http;
        client.get(url, (res) => done(res.statusCode));
      }
    `,
    // Beside: https.request: a callback that only asks.
    t`
      import * as https from 'https';
      const ask = (url) =>
        new Promise((resolve) => {
          https.request(url, (res) => resolve(res)).end();
        });
    `,
    // Beside: A callback without a parameter.
    t`
      const { get } = require('http');
      function ping(url, done) {
        get(url, (res) => done(res)).on('error', done);
      }
    `,
    // Beside: A callback with nothing in it.
    t`
      import http from 'http';
      http.get('http://localhost/', (res) => res.destroy());
    `,
    // Beside: The listener hears of the end, which never comes without a reader.
    t`
      import http from 'http';
      function wait(url, done) {
        http.get(url, (res) => {
          res.on('end', done);
          res.resume();
        });
      }
    `,
    // Beside: A reader that is left early keeps the stream.
    t`
      async function readFirst(url) {
        const res = await fetch(url);
        const reader = res.body.getReader();
        for (;;) {
          const { done, value } = await reader.read();
          if (done) return undefined;
          await use(value);
        }
      }
    `,
    // Beside: A method of the class makes the request.
    t`
      class Client {
        async request(path) {
          const res = await fetch(this.base + path);
          return await res.json();
        }
        async find(path) {
          const found = await this.request(path);
          if (found.status === 404) return undefined;
          return found;
        }
      }
    `,
    // Beside: A helper of the file throws; the caller has the body still. Nothing can be put before a throw elsewhere.
    t`
      async function assertOk(res) {
        if (!res.ok) throw new Error(await res.text());
      }
      async function load(url) {
        const res = await fetch(url);
        await assertOk(res);
        return await res.json();
      }
    `,
    // Beside: Logging is no hand-over.
    t`
      async function ping(url) {
        const res = await fetch(url);
        record('answered', res);
      }
    `,
    // Beside: Read on one way only.
    t`
      async function load(url, isVerbose) {
        const res = await fetch(url);
        const text = await res.text();
        if (isVerbose) {
          console.log(text);
        }
        return res.ok;
      }
    `,
    // Beside: A conditional reads in one branch and forgets in the other.
    t`
      async function load(url) {
        const res = await fetch(url);
        return res.ok ? await res.json() : await res.text();
      }
    `,
    // Beside: Both branches of a conditional use it, one to ask only: no suggestion.
    t`
      async function load(url) {
        const res = await fetch(url);
        return res.body && (await res.json());
      }
    `,
    // Beside: A handler with a conditional.
    t`
      const load = (url) => fetch(url).then((res) => (res.status === 204 ? undefined : res.json()));
    `,
    // Beside: Undefined where the helper of the file says so: no suggestion inside of another statement.
    t`
      async function load(url) {
        const res = await fetch(url);
        if (!res.ok) await fail(res);
        return await res.json();
      }
      async function fail(res) {
        throw new Error('Answered ' + (await res.text()));
      }
    `,
    // Beside: Every second response of a poll is forgotten.
    t`
      async function wait(url) {
        for (;;) {
          try {
            const res = await fetch(url);
            await res.body?.cancel();
            if (res.ok) return;
          } catch {
            await delay(100);
          }
        }
      }
    `,
    // Beside: An object that says only how it went.
    t`
      async function load(url) {
        const res = await fetch(url);
        if (!res.ok) return { ok: false, res };
        return { ok: true, data: await res.json() };
      }
    `,
    // Beside: A wrapper with a timeout returns what it acquires.
    t`
      async function fetchInTime(url) {
        const controller = new AbortController();
        const timer = setTimeout(() => controller.abort(), 1000);
        try {
          const res = await fetch(url, { signal: controller.signal });
          return { ok: res.ok, data: await res.json() };
        } finally {
          clearTimeout(timer);
        }
      }
      async function load(url) {
        const res = await fetchInTime(url);
        if (!res.ok) return null;
        return await res.data;
      }
    `,
    // Beside: A function from elsewhere that is known by the request in it and by its use.
    t`
      import { retry } from './retry.js';
      async function load(url) {
        const res = await retry(() => fetch(url).then((response) => response.json()));
        if (!res.ok) throw new Error(res.statusText);
        return await res.json();
      }
    `,
    // Beside: A timeout on the request is cleared before the body would have been read.
    t`
      async function load(url) {
        const controller = new AbortController();
        try {
          const res = await fetch(url, { signal: controller.signal });
          if (!res.ok) throw new Error(res.statusText);
          return await res.json();
        } finally {
          controller.abort();
        }
      }
    `,
    // Beside: A file without semicolons, and with tabs.
    t`
      async function load(url) {
      	const res = await fetch(url)
      	if (!res.ok) return await res.text() // gone
      	return await res.json()
      }
    `,
    // Beside: An else on a line of its own.
    t`
      async function load(url) {
        const res = await fetch(url);
        if (res.ok) return await res.json();
        else if (res.status === 404) return await res.text();
        else
          throw new Error(
            await res.text(),
          );
      }
    `,
    // Beside: A generator that ends.
    t`
      async function* pages(url) {
        for (let page = 1; ; page++) {
          const res = await fetch(url + page);
          yield await res.json();
          if (res.status === 206) return;
        }
      }
    `,
    // Beside: Top level of a module, which goes on.
    t`
      const res = await fetch('https://example.com/feed');
      if (!res.ok) throw new Error(res.statusText);
      export const feed = await res.json();
    `,
    // Returned, and so somebody else's.
    t`
      async function open(url) {
        const res = await fetch(url);
        console.log(res.status);
        return { status: res.status, res };
      }
    `,
    // Stored.
    t`
      class Loader {
        async start(url) {
          const res = await fetch(url);
          this.current = res;
        }
      }
    `,
    // Collected.
    t`
      async function openAll(urls) {
        const all = [];
        for (const url of urls) all.push(await fetch(url));
        return all;
      }
    `,
    // Resolved.
    t`
      import http from 'http';
      const open = (url) => new Promise((resolve, reject) => {
        http.get(url, resolve).on('error', reject);
      });
    `,
    // The new response has the old body.
    t`
      async function proxy(request) {
        const res = await fetch(request);
        return new Response(res.body, { status: res.status });
      }
    `,
    // Piped.
    t`
      import { pipeline } from 'node:stream/promises';
      async function download(url, file) {
        const res = await fetch(url);
        await pipeline(res.body, file);
      }
    `,
    // Piped to a web stream.
    t`
      async function download(url, writable) {
        const res = await fetch(url);
        await res.body.pipeTo(writable);
      }
    `,
    // Given to a cache.
    t`
      async function remember(cache, url) {
        const res = await fetch(url);
        await cache.put(url, res);
      }
    `,
    // Read by a helper of the file.
    t`
      async function readAll(res) {
        return Buffer.from(await res.arrayBuffer());
      }
      async function load(url) {
        const res = await fetch(url);
        const data = await readAll(res);
        return res.ok ? data : undefined;
      }
    `,
    // Read by a method of the class.
    t`
      class Client {
        async parse(res) {
          const text = await res.text();
          return res.ok ? JSON.parse(text) : undefined;
        }
        async load(url) {
          const res = await fetch(url);
          return await this.parse(res);
        }
      }
    `,
    // Released on every way out.
    t`
      async function isUp(url) {
        const res = await fetch(url);
        try {
          if (res.status === 404) return false;
          check(res.headers);
          return res.ok;
        } finally {
          await res.body?.cancel();
        }
      }
    `,
    // Released by a function that is imported.
    t`
      import { releaseBody } from 'watertight-runtime';
      async function isUp(url) {
        const res = await fetch(url);
        await releaseBody(res);
        return res.ok;
      }
    `,
    // Disposed.
    t`
      import { managed } from 'watertight-runtime';
      async function load(url) {
        await using res = managed(await fetch(url));
        if (!res.ok) throw new Error(res.statusText);
        return await res.json();
      }
    `,
    // Read together.
    t`
      async function loadBoth(a, b) {
        const [first, second] = await Promise.all([fetch(a), fetch(b)]);
        return [await first.json(), await second.json()];
      }
    `,
    // Iterated, also when it is left early.
    t`
      async function findLine(url) {
        const res = await fetch(url);
        for await (const chunk of res.body) {
          if (chunk.length > 10) return chunk;
        }
      }
    `,
    // Without a body there is nothing to read.
    t`
      async function load(url) {
        const res = await fetch(url);
        if (!res.body) return null;
        return await res.text();
      }
    `,
    // Without a body, by its status.
    t`
      async function load(url) {
        const res = await fetch(url);
        if (res.status === 304 || res.status === 204) return null;
        return await res.text();
      }
    `,
    // Read already where the flag says so.
    t`
      async function finish(url) {
        const res = await fetch(url);
        if (!res.bodyUsed) await res.body?.cancel();
        return res.ok;
      }
    `,
    // The reader is cancelled where it is left.
    t`
      async function readFirst(url) {
        const res = await fetch(url);
        const reader = res.body.getReader();
        try {
          const { value } = await reader.read();
          return value;
        } finally {
          await reader.cancel();
        }
      }
    `,
    // An http message that flows.
    t`
      import http from 'http';
      function load(url, done) {
        http.get(url, (res) => {
          const chunks = [];
          res.on('data', (chunk) => chunks.push(chunk));
          res.on('end', () => done(Buffer.concat(chunks)));
        });
      }
    `,
    // An http message that is ended with the request that it knows.
    t`
      import http from 'http';
      function ask(url, done) {
        http.get(url, (res) => {
          done(res.statusCode);
          res.req.destroy();
        });
      }
    `,
    // A message for each event, taken by a stream.
    t`
      import https from 'https';
      function save(url, file) {
        https.get(url, (res) => {
          res.pipe(file);
        });
      }
    `,
    // The process ends.
    t`
      async function main(url) {
        const res = await fetch(url);
        if (!res.ok) process.exit(1);
        await res.text();
      }
    `,
    // A namesake.
    t`
      function load(url) {
        const fetch = (target) => ({ status: target.length });
        const res = fetch(url);
        return res.status;
      }
    `,
    // A method that is called fetch belongs to something unknown.
    t`
      async function load(repository) {
        const res = await repository.fetch('main');
        return res.status;
      }
    `,
    // axios has read the body by then.
    t`
      import axios from 'axios';
      async function isUp(url) {
        const { status } = await axios.get(url);
        return status === 200;
      }
    `,
    // Options that cannot be seen: the answer may be to HEAD, but then it is read as well.
    t`
      async function load(url, init) {
        const res = await fetch(url, init);
        return await res.text();
      }
    `,
    // Both copies are read.
    t`
      async function load(url) {
        const res = await fetch(url);
        const copy = res.clone();
        return [await res.json(), await copy.text()];
      }
    `,
    // The promise is passed on.
    t`
      function load(url, race) {
        const pending = fetch(url);
        race.add(pending);
      }
    `,
    // A listener that is registered may read it.
    t`
      async function load(url, events) {
        const res = await fetch(url);
        events.once('ready', () => res.text());
      }
    `,
    // Read in the template of the error.
    t`
      async function load(url) {
        const res = await fetch(url);
        if (!res.ok) throw new Error(\`\${res.status}: \${await res.text()}\`);
        return await res.json();
      }
    `,
    // An error that carries the response.
    t`
      async function load(url) {
        const res = await fetch(url);
        if (!res.ok) throw new HttpError('failed', res);
        return await res.json();
      }
    `,
    // Cancelled in the handler of a failed read.
    t`
      async function load(url) {
        const res = await fetch(url);
        return await res.json().catch(() => undefined);
      }
    `,
    // got has its own way with bodies.
    t`
      import got from 'got';
      async function load(url) {
        const { body } = await got(url);
        return body;
      }
    `,
    // Read before anything is decided.
    t`
      async function load(url) {
        const res = await fetch(url);
        const text = res.text();
        if (!res.ok) throw new Error(await text);
        return JSON.parse(await text);
      }
    `,
    // A helper gives it back or reads it.
    t`
      async function ensureOk(res) {
        if (res.ok) return res;
        throw new Error(await res.text());
      }
      async function load(url) {
        const res = await ensureOk(await fetch(url));
        return await res.json();
      }
    `,
    // A parameter says that it is a HEAD request.
    t`
      async function load(url, method) {
        const res = await fetch(url, { method });
        if (method === 'HEAD') return res.headers;
        return await res.json();
      }
    `,
    // A redirect is followed, and the message before it flows on.
    t`
      import https from 'https';
      function save(url, file) {
        https.get(url, (res) => {
          if (res.statusCode === 302) {
            res.resume();
            save(res.headers.location, file);
            return;
          }
          res.pipe(file);
        });
      }
    `,
    // A worker that goes on after it has answered.
    t`
      export default {
        async fetch(request, env, context) {
          context.waitUntil(fetch('https://example.com/log', { method: 'POST' }));
          return new Response('ok');
        },
      };
    `,
    // The limit of a reader.
    t`
      async function readUpTo(url, limit) {
        const res = await fetch(url);
        const reader = res.body.getReader();
        let size = 0;
        for (;;) {
          const { done, value } = await reader.read();
          if (done) return size;
          size += value.byteLength;
          if (size > limit) {
            await reader.cancel();
            throw new RangeError('too large');
          }
        }
      }
    `,
    // The outcome of several is read where there is one.
    t`
      async function readAll(urls) {
        const results = await Promise.allSettled(urls.map((url) => fetch(url)));
        for (const result of results) if (result.status === 'fulfilled') await result.value.text();
      }
    `,
    // A closure that is returned reads it when it is wanted.
    t`
      async function open(url) {
        const res = await fetch(url);
        return { status: res.status, text: () => res.text() };
      }
    `,
    // Statuses without a body, by their list.
    t`
      async function load(url) {
        const res = await fetch(url);
        if ([204, 205].includes(res.status)) return null;
        return await res.json();
      }
    `,
    // A response that is opaque has nothing to read.
    t`
      async function touch(url) {
        const res = await fetch(url, { mode: 'no-cors' });
        if (res.type === 'opaque') return true;
        await res.text();
        return res.ok;
      }
    `,
  ],
  invalid: [
    {
      name: 'a test, where tests are to be checked',
      code: forget,
      filename: 'load.test.ts',
      options: [{ checkTestFiles: true }],
      errors: [
        {
          messageId: 'droppedResponse',
          data: { call: 'fetch' },
          line: 2,
          column: 9,
          endLine: 2,
          endColumn: 19,
          suggestions: [{ messageId: 'cancelBody', output: forget.replace('await fetch(url)', 'await (await fetch(url)).body?.cancel()') }],
        },
      ],
    },
    {
      name: 'a browser, where the likely is asked for',
      code: loadOnPage,
      options: [{ includePotential: true }],
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 3 returns' },
          line: 2,
          column: 21,
          endLine: 2,
          endColumn: 31,
          suggestions: [
            {
              messageId: 'cancelBody',
              output: loadOnPage.replace('return undefined;', '{\n    await res.body?.cancel();\n    return undefined;\n  }'),
            },
          ],
        },
      ],
    },
    {
      name: 'a call that may throw, where the likely is asked for: nothing can be put before it',
      code: failBetween,
      options: [{ includePotential: true }],
      errors: [
        { messageId: 'unreadOnPath', data: { holder: '`res`', exit: 'line 3 throws' }, line: 2, column: 21, endLine: 2, endColumn: 31, suggestions: null },
      ],
    },
    {
      name: 'lines that end as on Windows',
      code: 'async function ping(url) {\r\n  const res = await fetch(url);\r\n  if (!res.ok) return;\r\n  await res.text();\r\n}\r\n',
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 3 returns' },
          line: 2,
          column: 21,
          endLine: 2,
          endColumn: 31,
          suggestions: [
            {
              messageId: 'cancelBody',
              output:
                'async function ping(url) {\r\n  const res = await fetch(url);\r\n  if (!res.ok) {\r\n    await res.body?.cancel();\r\n    return;\r\n  }\r\n  await res.text();\r\n}\r\n',
            },
          ],
        },
      ],
    },
    {
      name: 'a client that only the settings know',
      code: `import { ask } from './client.js';\nimport { ask as other } from 'other-client';\nasync function ping() {\n  const res = await other('/');\n  return res.status;\n}`,
      settings: { watertight: { resources: [{ id: 'response-body', acquisitions: [{ calls: ['other-client:ask'], yields: 'promise' }] }] } },
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 5 returns' },
          line: 4,
          column: 21,
          endLine: 4,
          endColumn: 31,
          suggestions: [
            {
              messageId: 'cancelBody',
              output: `import { ask } from './client.js';\nimport { ask as other } from 'other-client';\nasync function ping() {\n  const res = await other('/');\n  await res.body?.cancel();\n  return res.status;\n}`,
            },
          ],
        },
      ],
    },
    {
      // A status that is an error is thrown, and the body with it is forgotten.
      code: t`
        async function load(url) {
          const res = await fetch(url);
          if (!res.ok) throw new Error('Answered ' + res.status);
          return await res.json();
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 3 throws' },
          line: 2,
          column: 21,
          endLine: 2,
          endColumn: 31,
          suggestions: [{ messageId: 'cancelBody', output: t`
            async function load(url) {
              const res = await fetch(url);
              if (!res.ok) {
                await res.body?.cancel();
                throw new Error('Answered ' + res.status);
              }
              return await res.json();
            }
          ` }],
        },
      ],
    },
    {
      // Returned early, in a block with a comment.
      code: t`
        async function load(url: string): Promise<unknown> {
          const res = await fetch(url);
          if (res.status === 404) {
            // Nobody has it.
            return null;
          }
          return await res.json();
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 5 returns' },
          line: 2,
          column: 21,
          endLine: 2,
          endColumn: 31,
          suggestions: [{ messageId: 'cancelBody', output: t`
            async function load(url: string): Promise<unknown> {
              const res = await fetch(url);
              if (res.status === 404) {
                // Nobody has it.
                await res.body?.cancel();
                return null;
              }
              return await res.json();
            }
          ` }],
        },
      ],
    },
    {
      // Only the status is asked for.
      code: t`
        async function isUp(url) {
          const res = await fetch(url, { method: 'GET' });
          return res.status < 500;
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 3 returns' },
          line: 2,
          column: 21,
          endLine: 2,
          endColumn: 50,
          suggestions: [{ messageId: 'cancelBody', output: t`
            async function isUp(url) {
              const res = await fetch(url, { method: 'GET' });
              await res.body?.cancel();
              return res.status < 500;
            }
          ` }],
        },
      ],
    },
    {
      // A retry that goes on without the body.
      code: t`
        async function load(url) {
          for (let attempt = 0; attempt < 3; attempt++) {
            const res = await fetch(url);
            if (res.status === 503) continue;
            return await res.text();
          }
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 4 continues' },
          line: 3,
          column: 23,
          endLine: 3,
          endColumn: 33,
          suggestions: [{ messageId: 'cancelBody', output: t`
            async function load(url) {
              for (let attempt = 0; attempt < 3; attempt++) {
                const res = await fetch(url);
                if (res.status === 503) {
                  await res.body?.cancel();
                  continue;
                }
                return await res.text();
              }
            }
          ` }],
        },
      ],
    },
    {
      // A loop that is left.
      code: t`
        async function findFirst(urls) {
          let found;
          for (const url of urls) {
            const res = await fetch(url);
            if (res.ok) {
              found = url;
              break;
            }
            await res.body?.cancel();
          }
          return found;
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 7 breaks' },
          line: 4,
          column: 23,
          endLine: 4,
          endColumn: 33,
          suggestions: [{ messageId: 'cancelBody', output: t`
            async function findFirst(urls) {
              let found;
              for (const url of urls) {
                const res = await fetch(url);
                if (res.ok) {
                  found = url;
                  await res.body?.cancel();
                  break;
                }
                await res.body?.cancel();
              }
              return found;
            }
          ` }],
        },
      ],
    },
    {
      // The variable of a retry is set again.
      code: t`
        async function load(url) {
          let res = await fetch(url);
          if (res.status === 401) {
            res = await fetch(url, { headers: { authorization: await renew() } });
          }
          return await res.json();
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 4 overwrites it' },
          line: 2,
          column: 19,
          endLine: 2,
          endColumn: 29,
          suggestions: [{ messageId: 'cancelBody', output: t`
            async function load(url) {
              let res = await fetch(url);
              if (res.status === 401) {
                await res.body?.cancel();
                res = await fetch(url, { headers: { authorization: await renew() } });
              }
              return await res.json();
            }
          ` }],
        },
      ],
    },
    {
      // A variable outside of the loop keeps the last response, which nobody reads.
      code: t`
        async function load(url: string) {
          let res: Response;
          for (let attempt = 0; attempt < 3; attempt++) {
            res = await fetch(url);
            if (res.ok) return await res.json();
            await delay(100);
          }
          throw new Error('No answer.');
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 8 throws' },
          line: 4,
          column: 17,
          endLine: 4,
          endColumn: 27,
          suggestions: [{ messageId: 'cancelBody', output: t`
            async function load(url: string) {
              let res: Response;
              for (let attempt = 0; attempt < 3; attempt++) {
                res = await fetch(url);
                if (res.ok) return await res.json();
                await delay(100);
                await res.body?.cancel();
              }
              throw new Error('No answer.');
            }
          ` }],
        },
      ],
    },
    {
      // Nobody looks at the response.
      code: t`
        async function notify(url, body) {
          await fetch(url, { method: 'POST', body });
        }
      `,
      errors: [
        {
          messageId: 'droppedResponse',
          data: { call: 'fetch' },
          line: 2,
          column: 9,
          endLine: 2,
          endColumn: 45,
          suggestions: [{ messageId: 'cancelBody', output: t`
            async function notify(url, body) {
              await (await fetch(url, { method: 'POST', body })).body?.cancel();
            }
          ` }],
        },
      ],
    },
    {
      // Nobody waits for it, either.
      code: t`
        function notify(url, body) {
          void fetch(url, { method: 'POST', body });
        }
      `,
      errors: [
        {
          messageId: 'droppedResponse',
          data: { call: 'fetch' },
          line: 2,
          column: 8,
          endLine: 2,
          endColumn: 44,
          suggestions: [{ messageId: 'cancelBody', output: t`
            function notify(url, body) {
              void fetch(url, { method: 'POST', body }).then((response) => response.body?.cancel());
            }
          ` }],
        },
      ],
    },
    {
      // Its failure is caught, its success dropped.
      code: t`
        function notify(url) {
          fetch(url).catch(() => {});
        }
      `,
      errors: [
        {
          messageId: 'droppedResponse',
          data: { call: 'fetch' },
          line: 2,
          column: 3,
          endLine: 2,
          endColumn: 13,
          suggestions: [{ messageId: 'cancelBody', output: t`
            function notify(url) {
              fetch(url).then((response) => response.body?.cancel()).catch(() => {});
            }
          ` }],
        },
      ],
    },
    {
      // Both of several are dropped.
      code: t`
        async function warmUp(first, second) {
          await Promise.all([fetch(first), fetch(second, { method: 'HEAD' })]);
        }
      `,
      errors: [
        {
          messageId: 'droppedResponse',
          data: { call: 'fetch' },
          line: 2,
          column: 22,
          endLine: 2,
          endColumn: 34,
          suggestions: [{ messageId: 'cancelBody', output: t`
            async function warmUp(first, second) {
              await Promise.all([fetch(first).then((response) => response.body?.cancel()), fetch(second, { method: 'HEAD' })]);
            }
          ` }],
        },
      ],
    },
    {
      // Asked in place.
      code: t`
        async function isUp(url) {
          return (await fetch(url)).ok;
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: 'the response of `fetch`', exit: 'line 2 returns' },
          line: 2,
          column: 17,
          endLine: 2,
          endColumn: 27,
          suggestions: [{ messageId: 'cancelBody', output: t`
            async function isUp(url) {
              const response = await fetch(url);
              await response.body?.cancel();
              return response.ok;
            }
          ` }],
        },
      ],
    },
    {
      // Taken apart, without the body.
      code: t`
        async function getStatus(url) {
          const { status } = await fetch(url);
          return status;
        }
      `,
      errors: [
        {
          messageId: 'droppedResponse',
          data: { call: 'fetch' },
          line: 2,
          column: 28,
          endLine: 2,
          endColumn: 38,
          suggestions: [{ messageId: 'cancelBody', output: t`
            async function getStatus(url) {
              const response = await fetch(url);
              await response.body?.cancel();
              const { status } = response;
              return status;
            }
          ` }],
        },
      ],
    },
    {
      // Asked in a test.
      code: t`
        async function choose(url) {
          if ((await fetch(url)).ok) return url;
          return undefined;
        }
      `,
      errors: [
        {
          messageId: 'droppedResponse',
          data: { call: 'fetch' },
          line: 2,
          column: 14,
          endLine: 2,
          endColumn: 24,
          suggestions: [{ messageId: 'cancelBody', output: t`
            async function choose(url) {
              const response = await fetch(url);
              await response.body?.cancel();
              if (response.ok) return url;
              return undefined;
            }
          ` }],
        },
      ],
    },
    {
      // Asked where it is evaluated after something that may change: no suggestion.
      code: t`
        async function count(urls) {
          let total = 0;
          for (const url of urls) total += (await fetch(url)).status;
          return total;
        }
      `,
      errors: [
        {
          messageId: 'droppedResponse',
          data: { call: 'fetch' },
          line: 3,
          column: 43,
          endLine: 3,
          endColumn: 53,
          suggestions: null,
        },
      ],
    },
    {
      // A handler that returns what it asked.
      code: t`
        const isUp = (url) => fetch(url).then((res) => res.ok);
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 1 returns' },
          line: 1,
          column: 23,
          endLine: 1,
          endColumn: 33,
          suggestions: [{ messageId: 'cancelBody', output: t`
            const isUp = (url) => fetch(url).then((res) => {
              void res.body?.cancel();
              return res.ok;
            });
          ` }],
        },
      ],
    },
    {
      // A handler that returns an object.
      code: t`
        const probe = (url) =>
          fetch(url)
            .then((res) => ({ ok: res.ok, status: res.status }))
            .catch(() => ({ ok: false, status: 0 }));
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 3 returns' },
          line: 2,
          column: 3,
          endLine: 2,
          endColumn: 13,
          suggestions: [{ messageId: 'cancelBody', output: t`
            const probe = (url) =>
              fetch(url)
                .then((res) => {
                  void res.body?.cancel();
                  return { ok: res.ok, status: res.status };
                })
                .catch(() => ({ ok: false, status: 0 }));
          ` }],
        },
      ],
    },
    {
      // A handler that takes the response apart.
      code: t`
        const isUp = (url) => fetch(url).then(({ ok }) => ok);
      `,
      errors: [
        {
          messageId: 'droppedResponse',
          data: { call: 'fetch' },
          line: 1,
          column: 23,
          endLine: 1,
          endColumn: 33,
          suggestions: [{ messageId: 'cancelBody', output: t`
            const isUp = (url) => fetch(url).then(({ ok, body }) => {
              void body?.cancel();
              return ok;
            });
          ` }],
        },
      ],
    },
    {
      // A handler that throws.
      code: t`
        function load(url) {
          return fetch(url).then((res) => {
            if (!res.ok) throw new Error(res.statusText);
            return res.json();
          });
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 3 throws' },
          line: 2,
          column: 10,
          endLine: 2,
          endColumn: 20,
          suggestions: [{ messageId: 'cancelBody', output: t`
            function load(url) {
              return fetch(url).then((res) => {
                if (!res.ok) {
                  void res.body?.cancel();
                  throw new Error(res.statusText);
                }
                return res.json();
              });
            }
          ` }],
        },
      ],
    },
    {
      // The error is swallowed outside.
      code: t`
        async function isUp(url) {
          try {
            const res = await fetch(url);
            return res.ok;
          } catch {
            return false;
          }
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 4 returns' },
          line: 3,
          column: 23,
          endLine: 3,
          endColumn: 33,
          suggestions: [{ messageId: 'cancelBody', output: t`
            async function isUp(url) {
              try {
                const res = await fetch(url);
                await res.body?.cancel();
                return res.ok;
              } catch {
                return false;
              }
            }
          ` }],
        },
      ],
    },
    {
      // One case of a switch forgets it.
      code: t`
        async function load(url) {
          const res = await fetch(url);
          switch (res.status) {
            case 200:
              return await res.json();
            case 404:
              return null;
            default:
              return await res.text();
          }
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 7 returns' },
          line: 2,
          column: 21,
          endLine: 2,
          endColumn: 31,
          suggestions: [{ messageId: 'cancelBody', output: t`
            async function load(url) {
              const res = await fetch(url);
              switch (res.status) {
                case 200:
                  return await res.json();
                case 404:
                  await res.body?.cancel();
                  return null;
                default:
                  return await res.text();
              }
            }
          ` }],
        },
      ],
    },
    {
      // undici: the body of a result that is taken apart.
      code: t`
        import { request } from 'undici';
        async function load(url) {
          const { statusCode, body } = await request(url);
          if (statusCode !== 200) throw new Error('Answered ' + statusCode);
          return await body.json();
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`body`', exit: 'line 4 throws' },
          line: 3,
          column: 38,
          endLine: 3,
          endColumn: 50,
          suggestions: [{ messageId: 'cancelBody', output: t`
            import { request } from 'undici';
            async function load(url) {
              const { statusCode, body } = await request(url);
              if (statusCode !== 200) {
                await body.dump();
                throw new Error('Answered ' + statusCode);
              }
              return await body.json();
            }
          ` }],
        },
      ],
    },
    {
      // node-fetch: a Node stream, which has no cancel().
      code: t`
        import fetch from 'node-fetch';
        async function load(url) {
          const res = await fetch(url);
          if (!res.ok) return null;
          return await res.json();
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 4 returns' },
          line: 3,
          column: 21,
          endLine: 3,
          endColumn: 31,
          suggestions: [{ messageId: 'cancelBody', output: t`
            import fetch from 'node-fetch';
            async function load(url) {
              const res = await fetch(url);
              if (!res.ok) {
                res.body?.resume();
                return null;
              }
              return await res.json();
            }
          ` }],
        },
      ],
    },
    {
      // axios: only with a stream is there anything to close.
      code: t`
        import axios from 'axios';
        async function open(url) {
          const res = await axios.get(url, { responseType: 'stream' });
          if (res.headers['x-kind'] !== 'log') throw new Error('No log.');
          return res.data;
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 4 throws' },
          line: 3,
          column: 21,
          endLine: 3,
          endColumn: 63,
          suggestions: [{ messageId: 'cancelBody', output: t`
            import axios from 'axios';
            async function open(url) {
              const res = await axios.get(url, { responseType: 'stream' });
              if (res.headers['x-kind'] !== 'log') {
                res.data.destroy();
                throw new Error('No log.');
              }
              return res.data;
            }
          ` }],
        },
      ],
    },
    {
      // http.get: the early return leaves the message paused.
      code: t`
        import http from 'node:http';
        function load(url, done) {
          http.get(url, (res) => {
            if (res.statusCode !== 200) {
              done(new Error('Answered ' + res.statusCode));
              return;
            }
            res.on('data', (chunk) => done(null, chunk));
          });
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 6 returns' },
          line: 3,
          column: 3,
          endLine: 9,
          endColumn: 5,
          suggestions: [{ messageId: 'cancelBody', output: t`
            import http from 'node:http';
            function load(url, done) {
              http.get(url, (res) => {
                if (res.statusCode !== 200) {
                  done(new Error('Answered ' + res.statusCode));
                  res.resume();
                  return;
                }
                res.on('data', (chunk) => done(null, chunk));
              });
            }
          ` }],
        },
      ],
    },
    {
      // A helper that ends something else.
      code: t`
        import http from 'node:http';
        function load(options, done) {
          const req = http.request(options);
          const finish = () => clearTimeout(options.timer);
          req.on('response', (res) => {
            if (res.statusCode !== 200) {
              finish();
              return;
            }
            done(res);
          });
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 8 returns' },
          line: 5,
          column: 3,
          endLine: 11,
          endColumn: 5,
          suggestions: [{ messageId: 'cancelBody', output: t`
            import http from 'node:http';
            function load(options, done) {
              const req = http.request(options);
              const finish = () => clearTimeout(options.timer);
              req.on('response', (res) => {
                if (res.statusCode !== 200) {
                  finish();
                  res.resume();
                  return;
                }
                done(res);
              });
            }
          ` }],
        },
      ],
    },
    {
      // http or https, whichever the URL asks for.
      code: t`
        import http from 'node:http';
        import https from 'node:https';
        function load(url, done) {
          const client = url.startsWith('https:') ? https : http;
          client.get(url, (res) => done(res.statusCode));
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 5 returns' },
          line: 5,
          column: 3,
          endLine: 5,
          endColumn: 49,
          suggestions: [{ messageId: 'cancelBody', output: t`
            import http from 'node:http';
            import https from 'node:https';
            function load(url, done) {
              const client = url.startsWith('https:') ? https : http;
              client.get(url, (res) => {
                res.resume();
                return done(res.statusCode);
              });
            }
          ` }],
        },
      ],
    },
    {
      // The function of http or of https.
      code: t`
        import http from 'node:http';
        import https from 'node:https';
        function load(url, done) {
          const get = url.startsWith('https:') ? https.get : http.get;
          get(url, (res) => done(res.statusCode));
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 5 returns' },
          line: 5,
          column: 3,
          endLine: 5,
          endColumn: 42,
          suggestions: [{ messageId: 'cancelBody', output: t`
            import http from 'node:http';
            import https from 'node:https';
            function load(url, done) {
              const get = url.startsWith('https:') ? https.get : http.get;
              get(url, (res) => {
                res.resume();
                return done(res.statusCode);
              });
            }
          ` }],
        },
      ],
    },
    {
      // https instead of http, where it is wanted.
      code: t`
        import http from 'node:http';
        import https from 'node:https';
        function load(url, done) {
          let client = http;
          if (url.startsWith('https:')) client = https;
          client.get(url, (res) => done(res.statusCode));
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 6 returns' },
          line: 6,
          column: 3,
          endLine: 6,
          endColumn: 49,
          suggestions: [{ messageId: 'cancelBody', output: t`
            import http from 'node:http';
            import https from 'node:https';
            function load(url, done) {
              let client = http;
              if (url.startsWith('https:')) client = https;
              client.get(url, (res) => {
                res.resume();
                return done(res.statusCode);
              });
            }
          ` }],
        },
      ],
    },
    {
      // https.request: a callback that only asks.
      code: t`
        import * as https from 'https';
        const ask = (url) =>
          new Promise((resolve) => {
            https.request(url, (res) => resolve(res.statusCode)).end();
          });
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 4 returns' },
          line: 4,
          column: 5,
          endLine: 4,
          endColumn: 57,
          suggestions: [{ messageId: 'cancelBody', output: t`
            import * as https from 'https';
            const ask = (url) =>
              new Promise((resolve) => {
                https.request(url, (res) => {
                  res.resume();
                  return resolve(res.statusCode);
                }).end();
              });
          ` }],
        },
      ],
    },
    {
      // A callback without a parameter.
      code: t`
        const { get } = require('http');
        function ping(url, done) {
          get(url, () => done()).on('error', done);
        }
      `,
      errors: [
        {
          messageId: 'ignoredResponse',
          data: { call: 'get', action: 'Call `resume()` on it.' },
          line: 3,
          column: 3,
          endLine: 3,
          endColumn: 25,
          suggestions: [{ messageId: 'cancelBody', output: t`
            const { get } = require('http');
            function ping(url, done) {
              get(url, (res) => {
                res.resume();
                return done();
              }).on('error', done);
            }
          ` }],
        },
      ],
    },
    {
      // A promise that is only waited for.
      code: t`
        function beat(url) {
          return fetch(url, { method: 'POST' }).then(() => {}, () => {});
        }
      `,
      errors: [
        {
          messageId: 'ignoredResponse',
          data: { call: 'fetch', action: 'Take it, and read or cancel its body.' },
          line: 2,
          column: 10,
          endLine: 2,
          endColumn: 40,
          suggestions: [{ messageId: 'cancelBody', output: t`
            function beat(url) {
              return fetch(url, { method: 'POST' }).then((res) => {
                void res.body?.cancel();
              }, () => {});
            }
          ` }],
        },
      ],
    },
    {
      // A callback with nothing in it.
      code: t`
        import http from 'http';
        http.get('http://localhost/', () => {});
      `,
      errors: [
        {
          messageId: 'ignoredResponse',
          data: { call: 'http.get', action: 'Call `resume()` on it.' },
          line: 2,
          column: 1,
          endLine: 2,
          endColumn: 40,
          suggestions: [{ messageId: 'cancelBody', output: t`
            import http from 'http';
            http.get('http://localhost/', (res) => {
              res.resume();
            });
          ` }],
        },
      ],
    },
    {
      // The listener hears of the end, which never comes without a reader.
      code: t`
        import http from 'http';
        function wait(url, done) {
          http.get(url, (res) => {
            res.on('end', done);
          });
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'the function ends' },
          line: 3,
          column: 3,
          endLine: 5,
          endColumn: 5,
          suggestions: [{ messageId: 'cancelBody', output: t`
            import http from 'http';
            function wait(url, done) {
              http.get(url, (res) => {
                res.on('end', done);
                res.resume();
              });
            }
          ` }],
        },
      ],
    },
    {
      // A reader that is left early keeps the stream.
      code: t`
        async function readFirst(url) {
          const res = await fetch(url);
          const reader = res.body.getReader();
          for (;;) {
            const { done, value } = await reader.read();
            if (done) return undefined;
            if (value.length > 0) return value;
          }
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 7 returns' },
          line: 2,
          column: 21,
          endLine: 2,
          endColumn: 31,
          suggestions: [{ messageId: 'cancelBody', output: t`
            async function readFirst(url) {
              const res = await fetch(url);
              const reader = res.body.getReader();
              for (;;) {
                const { done, value } = await reader.read();
                if (done) return undefined;
                if (value.length > 0) {
                  await reader.cancel();
                  return value;
                }
              }
            }
          ` }],
        },
      ],
    },
    {
      // A method of the class makes the request.
      code: t`
        class Client {
          async request(path) {
            return await fetch(this.base + path);
          }
          async find(path) {
            const res = await this.request(path);
            if (res.status === 404) return undefined;
            return await res.json();
          }
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 7 returns' },
          line: 6,
          column: 23,
          endLine: 6,
          endColumn: 41,
          suggestions: [{ messageId: 'cancelBody', output: t`
            class Client {
              async request(path) {
                return await fetch(this.base + path);
              }
              async find(path) {
                const res = await this.request(path);
                if (res.status === 404) {
                  await res.body?.cancel();
                  return undefined;
                }
                return await res.json();
              }
            }
          ` }],
        },
      ],
    },
    {
      // A helper of the file throws; the caller has the body still. Nothing can be put before a throw elsewhere.
      code: t`
        function assertOk(res) {
          if (!res.ok) throw new Error(res.statusText);
        }
        async function load(url) {
          const res = await fetch(url);
          assertOk(res);
          return await res.json();
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 6 throws' },
          line: 5,
          column: 21,
          endLine: 5,
          endColumn: 31,
          suggestions: null,
        },
      ],
    },
    {
      // Logging is no hand-over.
      code: t`
        async function ping(url) {
          const res = await fetch(url);
          console.log('answered', res);
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'the function ends' },
          line: 2,
          column: 21,
          endLine: 2,
          endColumn: 31,
          suggestions: [{ messageId: 'cancelBody', output: t`
            async function ping(url) {
              const res = await fetch(url);
              console.log('answered', res);
              if (!res.bodyUsed) await res.body?.cancel();
            }
          ` }],
        },
      ],
    },
    {
      // Read on one way only.
      code: t`
        async function load(url, isVerbose) {
          const res = await fetch(url);
          if (isVerbose) {
            const text = await res.text();
            console.log(text);
          }
          return res.ok;
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 7 returns' },
          line: 2,
          column: 21,
          endLine: 2,
          endColumn: 31,
          suggestions: [{ messageId: 'cancelBody', output: t`
            async function load(url, isVerbose) {
              const res = await fetch(url);
              if (isVerbose) {
                const text = await res.text();
                console.log(text);
              }
              if (!res.bodyUsed) await res.body?.cancel();
              return res.ok;
            }
          ` }],
        },
      ],
    },
    {
      // A conditional reads in one branch and forgets in the other.
      code: t`
        async function load(url) {
          const res = await fetch(url);
          return res.ok ? await res.json() : null;
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 3 returns' },
          line: 2,
          column: 21,
          endLine: 2,
          endColumn: 31,
          suggestions: [{ messageId: 'cancelBody', output: t`
            async function load(url) {
              const res = await fetch(url);
              if (!res.ok) {
                await res.body?.cancel();
                return null;
              }
              return await res.json();
            }
          ` }],
        },
      ],
    },
    {
      // Both branches of a conditional use it, one to ask only: no suggestion.
      code: t`
        async function load(url) {
          const res = await fetch(url);
          return res.ok && (await res.json());
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 3 returns' },
          line: 2,
          column: 21,
          endLine: 2,
          endColumn: 31,
          suggestions: null,
        },
      ],
    },
    {
      // A handler with a conditional.
      code: t`
        const load = (url) => fetch(url).then((res) => (res.status === 200 ? res.json() : undefined));
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 1 returns' },
          line: 1,
          column: 23,
          endLine: 1,
          endColumn: 33,
          suggestions: [{ messageId: 'cancelBody', output: t`
            const load = (url) => fetch(url).then((res) => {
              if (res.status !== 200) {
                void res.body?.cancel();
                return undefined;
              }
              return res.json();
            });
          ` }],
        },
      ],
    },
    {
      // Undefined where the helper of the file says so: no suggestion inside of another statement.
      code: t`
        async function load(url) {
          const res = await fetch(url);
          if (!res.ok) fail(res.status);
          return await res.json();
        }
        function fail(status) {
          throw new Error('Answered ' + status);
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 3 throws' },
          line: 2,
          column: 21,
          endLine: 2,
          endColumn: 31,
          suggestions: [{ messageId: 'cancelBody', output: t`
            async function load(url) {
              const res = await fetch(url);
              if (!res.ok) {
                await res.body?.cancel();
                fail(res.status);
              }
              return await res.json();
            }
            function fail(status) {
              throw new Error('Answered ' + status);
            }
          ` }],
        },
      ],
    },
    {
      // Every second response of a poll is forgotten.
      code: t`
        async function wait(url) {
          for (;;) {
            try {
              const res = await fetch(url);
              if (res.ok) return;
            } catch {
              await delay(100);
            }
          }
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 5 returns' },
          line: 4,
          column: 25,
          endLine: 4,
          endColumn: 35,
          suggestions: [{ messageId: 'cancelBody', output: t`
            async function wait(url) {
              for (;;) {
                try {
                  const res = await fetch(url);
                  if (res.ok) {
                    await res.body?.cancel();
                    return;
                  }
                  await res.body?.cancel();
                } catch {
                  await delay(100);
                }
              }
            }
          ` }],
        },
      ],
    },
    {
      // An object that says only how it went.
      code: t`
        async function load(url) {
          const res = await fetch(url);
          if (!res.ok) return { ok: false, status: res.status };
          return { ok: true, data: await res.json() };
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 3 returns' },
          line: 2,
          column: 21,
          endLine: 2,
          endColumn: 31,
          suggestions: [{ messageId: 'cancelBody', output: t`
            async function load(url) {
              const res = await fetch(url);
              if (!res.ok) {
                await res.body?.cancel();
                return { ok: false, status: res.status };
              }
              return { ok: true, data: await res.json() };
            }
          ` }],
        },
      ],
    },
    {
      // A wrapper with a timeout returns what it acquires.
      code: t`
        async function fetchInTime(url) {
          const controller = new AbortController();
          const timer = setTimeout(() => controller.abort(), 1000);
          try {
            return await fetch(url, { signal: controller.signal });
          } finally {
            clearTimeout(timer);
          }
        }
        async function load(url) {
          const res = await fetchInTime(url);
          if (!res.ok) return null;
          return await res.json();
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 12 returns' },
          line: 11,
          column: 21,
          endLine: 11,
          endColumn: 37,
          suggestions: [{ messageId: 'cancelBody', output: t`
            async function fetchInTime(url) {
              const controller = new AbortController();
              const timer = setTimeout(() => controller.abort(), 1000);
              try {
                return await fetch(url, { signal: controller.signal });
              } finally {
                clearTimeout(timer);
              }
            }
            async function load(url) {
              const res = await fetchInTime(url);
              if (!res.ok) {
                await res.body?.cancel();
                return null;
              }
              return await res.json();
            }
          ` }],
        },
      ],
    },
    {
      // A function from elsewhere that is known by the request in it and by its use.
      code: t`
        import { retry } from './retry.js';
        async function load(url) {
          const res = await retry(() => fetch(url));
          if (!res.ok) throw new Error(res.statusText);
          return await res.json();
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 4 throws' },
          line: 3,
          column: 21,
          endLine: 3,
          endColumn: 44,
          suggestions: [{ messageId: 'cancelBody', output: t`
            import { retry } from './retry.js';
            async function load(url) {
              const res = await retry(() => fetch(url));
              if (!res.ok) {
                await res.body?.cancel();
                throw new Error(res.statusText);
              }
              return await res.json();
            }
          ` }],
        },
      ],
    },
    {
      // A timeout on the request is cleared before the body would have been read.
      code: t`
        async function load(url) {
          const controller = new AbortController();
          const timer = setTimeout(() => controller.abort(), 1000);
          try {
            const res = await fetch(url, { signal: controller.signal });
            if (!res.ok) throw new Error(res.statusText);
            return await res.json();
          } finally {
            clearTimeout(timer);
          }
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 6 throws' },
          line: 5,
          column: 23,
          endLine: 5,
          endColumn: 64,
          suggestions: [{ messageId: 'cancelBody', output: t`
            async function load(url) {
              const controller = new AbortController();
              const timer = setTimeout(() => controller.abort(), 1000);
              try {
                const res = await fetch(url, { signal: controller.signal });
                if (!res.ok) {
                  await res.body?.cancel();
                  throw new Error(res.statusText);
                }
                return await res.json();
              } finally {
                clearTimeout(timer);
              }
            }
          ` }],
        },
      ],
    },
    {
      // A file without semicolons, and with tabs.
      code: t`
        async function load(url) {
        	const res = await fetch(url)
        	if (!res.ok) return // gone
        	return await res.json()
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 3 returns' },
          line: 2,
          column: 20,
          endLine: 2,
          endColumn: 30,
          suggestions: [{ messageId: 'cancelBody', output: t`
            async function load(url) {
            	const res = await fetch(url)
            	if (!res.ok) {
            		await res.body?.cancel()
            		return // gone
            	}
            	return await res.json()
            }
          ` }],
        },
      ],
    },
    {
      // An else on a line of its own.
      code: t`
        async function load(url) {
          const res = await fetch(url);
          if (res.ok) return await res.json();
          else if (res.status === 404) return null;
          else
            throw new Error(
              res.statusText,
            );
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 6 throws' },
          line: 2,
          column: 21,
          endLine: 2,
          endColumn: 31,
          suggestions: [{ messageId: 'cancelBody', output: t`
            async function load(url) {
              const res = await fetch(url);
              if (res.ok) return await res.json();
              else if (res.status === 404) {
                await res.body?.cancel();
                return null;
              } else {
                await res.body?.cancel();
                throw new Error(
                  res.statusText,
                );
              }
            }
          ` }],
        },
      ],
    },
    {
      // A generator that ends.
      code: t`
        async function* pages(url) {
          for (let page = 1; ; page++) {
            const res = await fetch(url + page);
            if (res.status === 404) return;
            yield await res.json();
          }
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 4 returns' },
          line: 3,
          column: 23,
          endLine: 3,
          endColumn: 40,
          suggestions: [{ messageId: 'cancelBody', output: t`
            async function* pages(url) {
              for (let page = 1; ; page++) {
                const res = await fetch(url + page);
                if (res.status === 404) {
                  await res.body?.cancel();
                  return;
                }
                yield await res.json();
              }
            }
          ` }],
        },
      ],
    },
    {
      // Top level of a module, which goes on.
      code: t`
        for (const name of ['a', 'b']) {
          const res = await fetch('https://example.com/' + name);
          if (!res.ok) continue;
          console.log(await res.text());
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 3 continues' },
          line: 2,
          column: 21,
          endLine: 2,
          endColumn: 57,
          suggestions: [{ messageId: 'cancelBody', output: t`
            for (const name of ['a', 'b']) {
              const res = await fetch('https://example.com/' + name);
              if (!res.ok) {
                await res.body?.cancel();
                continue;
              }
              console.log(await res.text());
            }
          ` }],
        },
      ],
    },
  ],
});
