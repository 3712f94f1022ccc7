import rule from '../../../rules/no-unclosed-response-body.js';
import { t } from '../support/dedent-snippet.js';
import { runRuleTests } from '../support/run-rule-tests.js';


runRuleTests(rule, {
  valid: [
    // Beside: A rejection brings the response, which is asked for its status only.
    t`
      import axios from 'axios';
      export async function open(url) {
        try {
          const res = await axios.get(url, { responseType: 'stream' });
          return res.data;
        } catch (error) {
          if (error.response?.status === 404) {
            error.response.data.destroy();
            return null;
          }
          throw error;
        }
      }
    `,
    // Beside: A rejection that is told as another error.
    t`
      import axios from 'axios';
      export async function open(url) {
        try {
          const res = await axios({ url, responseType: 'stream', validateStatus: () => true });
          return res.data;
        } catch (error) {
          if (axios.isAxiosError(error) && error.response) throw new Error('Answered ' + error.response.status);
          throw error;
        }
      }
    `,
    // Beside: A handler of the rejection.
    t`
      import axios from 'axios';
      export const open = (url) =>
        axios.get(url, { responseType: 'stream' }).then((res) => res.data).catch((error) => {
          if (!error.response || error.code === 'ECONNRESET') return 0;
          throw error;
        });
    `,
    // Beside: got tells of the response, and nobody reads the stream.
    t`
      import got from 'got';
      export function ask(url, target) {
        const stream = got.stream(url);
        stream.on('response', (res) => (res.statusCode === 200 ? stream.pipe(target) : stream.destroy()));
      }
    `,
    // Beside: The first event of a request.
    t`
      import { once } from 'node:events';
      import http from 'node:http';
      export async function ask(url) {
        const req = http.get(url);
        const [res] = await once(req, 'response');
        req.destroy();
        return res.statusCode;
      }
    `,
    // Beside: A reader that is left when the signal of another request is aborted.
    t`
      export async function load(url, signal) {
        const res = await fetch(url, { signal });
        if (signal.aborted) throw signal.reason;
        return await res.text();
      }
    `,
    // Beside: A chain that ends early has no other value.
    t`
      export async function load(url, decoder) {
        const res = await fetch(url);
        return decoder?.decode(await res.arrayBuffer()) ?? (await res.text());
      }
    `,
    // A result of a read is an object, and there.
    t`
      export async function load(url) {
        const res = await fetch(url);
        const reader = res.body?.getReader();
        for (;;) {
          const { done, value } = (await reader?.read()) || { done: true, value: undefined };
          if (done) break;
          console.log(value);
        }
      }
    `,
    // A loop that runs at least once.
    t`
      const MAX_ATTEMPTS = 3;
      export async function load(url) {
        const res = await fetch(url);
        for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
          const text = await res.text();
          if (text) return text;
          break;
        }
        return '';
      }
    `,
    // The status in a variable of its own.
    t`
      export async function load(url) {
        const res = await fetch(url);
        const status = res.status;
        if (status === 204) return undefined;
        return await res.json();
      }
    `,
    // The status beside the body.
    t`
      import { request } from 'undici';
      export async function load(url) {
        const { statusCode, body } = await request(url);
        if (statusCode === 304) return undefined;
        return await body.json();
      }
    `,
    // Statuses that have no body, in a set.
    t`
      import { EMPTY } from './statuses.js';
      export async function load(url) {
        const res = await fetch(url);
        const { status } = res;
        if (EMPTY.has(status)) return undefined;
        return await res.json();
      }
    `,
  ],
  invalid: [
    {
      // A rejection brings the response, which is asked for its status only.
      code: t`
        import axios from 'axios';
        export async function open(url) {
          try {
            const res = await axios.get(url, { responseType: 'stream' });
            return res.data;
          } catch (error) {
            if (error.response?.status === 404) return null;
            throw error;
          }
        }
      `,
      errors: [
        {
          messageId: 'unreadRejection',
          data: { holder: '`error`', exit: 'line 7 returns' },
          line: 4,
          column: 23,
          endLine: 4,
          endColumn: 65,
          suggestions: null,
        },
      ],
    },
    {
      // A rejection that is told as another error.
      code: t`
        import axios from 'axios';
        export async function open(url) {
          try {
            const res = await axios({ url, responseType: 'stream' });
            return res.data;
          } catch (error) {
            if (axios.isAxiosError(error) && error.response) throw new Error('Answered ' + error.response.status);
            throw error;
          }
        }
      `,
      errors: [
        {
          messageId: 'unreadRejection',
          data: { holder: '`error`', exit: 'line 7 throws' },
          line: 4,
          column: 23,
          endLine: 4,
          endColumn: 61,
          suggestions: null,
        },
      ],
    },
    {
      // A handler of the rejection.
      code: t`
        import axios from 'axios';
        export const open = (url) =>
          axios.get(url, { responseType: 'stream' }).then((res) => res.data).catch((error) => {
            if (error.response) return error.response.status;
            throw error;
          });
      `,
      errors: [
        {
          messageId: 'unreadRejection',
          data: { holder: '`error`', exit: 'line 4 returns' },
          line: 3,
          column: 3,
          endLine: 3,
          endColumn: 45,
          suggestions: null,
        },
      ],
    },
    {
      // got tells of the response, and nobody reads the stream.
      code: t`
        import got from 'got';
        export function ask(url, done) {
          const stream = got.stream(url);
          stream.on('response', (res) => done(res.statusCode));
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`stream`', exit: 'the function ends' },
          line: 3,
          column: 18,
          endLine: 3,
          endColumn: 33,
          suggestions: [{ messageId: 'cancelBody', output: t`
            import got from 'got';
            export function ask(url, done) {
              const stream = got.stream(url);
              stream.on('response', (res) => done(res.statusCode));
              stream.destroy();
            }
          ` }],
        },
      ],
    },
    {
      // The first event of a request.
      code: t`
        import { once } from 'node:events';
        import http from 'node:http';
        export async function ask(url) {
          const req = http.get(url);
          const [res] = await once(req, 'response');
          return res.statusCode;
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 6 returns' },
          line: 5,
          column: 23,
          endLine: 5,
          endColumn: 44,
          suggestions: null,
        },
      ],
    },
    {
      // A reader that is left when the signal of another request is aborted.
      code: t`
        export async function load(url, signal) {
          const res = await fetch(url);
          if (signal.aborted) throw signal.reason;
          return await res.text();
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
            export async function load(url, signal) {
              const res = await fetch(url);
              if (signal.aborted) {
                await res.body?.cancel();
                throw signal.reason;
              }
              return await res.text();
            }
          ` }],
        },
      ],
    },
    {
      // A chain that ends early has no other value.
      code: t`
        export async function load(url, decoder) {
          const res = await fetch(url);
          return decoder?.decode(await res.arrayBuffer());
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
  ],
});
