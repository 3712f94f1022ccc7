import rule from '../../../rules/no-unclosed-response-body.js';
import { t } from '../support/dedent-snippet.js';
import { runRuleTests } from '../support/run-rule-tests.js';

runRuleTests(rule, {
  valid: [
    // Beside: Nobody looks at the answers of many.
    t`
      export async function purge(urls) {
        await Promise.all(urls.map((url) => fetch(url, { method: 'PURGE' }).then((res) => res.text())));
      }
    `,
    // Beside: The same with an async callback, and whatever becomes of each.
    t`
      export async function purge(urls) {
        await Promise.allSettled(urls.map((url) => fetch(url, { method: 'HEAD' })));
      }
    `,
    // Beside: Only asked whether all went well.
    t`
      export async function areUp(urls) {
        const answers = await Promise.all(urls.map((url) => fetch(url)));
        await Promise.all(answers.map((res) => res.body?.cancel()));
        return answers.every((res) => res.ok);
      }
    `,
    // Beside: One that failed has all the others dropped.
    t`
      export async function loadAll(urls) {
        const answers = await Promise.all(urls.map((url) => fetch(url)));
        const texts = await Promise.all(answers.map((res) => res.text()));
        if (answers.some((res) => !res.ok)) {
          throw new Error('Not all answered.');
        }
        return texts;
      }
    `,
    // Beside: A loop that goes on without the body.
    t`
      export async function loadGood(urls) {
        const answers = await Promise.all(urls.map((url) => fetch(url)));
        const texts = [];
        for (const res of answers) {
          const text = await res.text();
          if (!res.ok) continue;
          texts.push(text);
        }
        return texts;
      }
    `,
    // Beside: A loop over what is awaited in its head.
    t`
      export async function show(urls) {
        for (const res of await Promise.all(urls.map((url) => fetch(url)))) {
          if (!res.ok) await res.body?.cancel();
          else console.log(await res.text());
        }
      }
    `,
    // Beside: A loop that the first success ends.
    t`
      export async function loadLast(urls) {
        const answers = await Promise.all(urls.map((url) => fetch(url)));
        let last;
        for (const res of answers) {
          if (res.ok) last = await res.json();
          else await res.body?.cancel();
        }
        return last;
      }
    `,
    // Beside: Settled, and read where the status is right only.
    t`
      export async function loadSettled(urls) {
        const results = await Promise.allSettled(urls.map((url) => fetch(url)));
        const found = [];
        for (const result of results) {
          if (result.status === 'rejected') continue;
          found.push(await result.value.json());
        }
        return found;
      }
    `,
    // Beside: A callback that reads in one branch.
    t`
      export async function loadEach(urls) {
        const answers = await Promise.all(urls.map((url) => fetch(url)));
        return Promise.all(answers.map((res) => (res.ok ? res.json() : res.text())));
      }
    `,
    // Beside: An async callback that throws.
    t`
      export async function loadEach(urls) {
        const answers = await Promise.all(urls.map((url) => fetch(url)));
        return Promise.all(answers.map(async (res) => {
          if (!res.ok) throw new Error(await res.text());
          return await res.json();
        }));
      }
    `,
    // Beside: Those that a filter leaves out.
    t`
      export async function loadGood(urls) {
        const answers = await Promise.all(urls.map((url) => fetch(url)));
        const good = answers.filter((res) => res.ok);
        const bad = answers.filter((res) => !res.ok);
        for (const res of bad) await res.body?.cancel();
        return Promise.all(good.map((res) => res.json()));
      }
    `,
    // Beside: All but the one that was looked for.
    t`
      export async function loadAny(urls) {
        const answers = await Promise.all(urls.map((url) => fetch(url)));
        const found = answers.find((res) => res.ok);
        for (const res of answers) if (res !== found) await res.body?.cancel();
        return found ? await found.json() : undefined;
      }
    `,
    // Beside: A list that grows.
    t`
      export async function ping(urls) {
        const pending = [];
        for (const url of urls) pending.push(fetch(url));
        return Promise.all(pending);
      }
    `,
    // Beside: A function that gets the list.
    t`
      async function cancelAll(answers) {
        for (const res of answers) await res.body?.cancel();
      }
      export async function areUp(urls) {
        const answers = await Promise.all(urls.map((url) => fetch(url)));
        const areAll = answers.every((res) => res.ok);
        await cancelAll(answers);
        return areAll;
      }
    `,
    // Beside: A method for each of many.
    t`
      export class Client {
        async #send(path) {
          const res = await fetch(this.base + path);
          return await res.json();
        }
        async touch(paths) {
          await Promise.all(paths.map((path) => this.#send(path)));
        }
      }
    `,
    // Beside: The one branch of a value has the body, the other nobody.
    t`
      export async function open(url) {
        const res = await fetch(url);
        return res.body ?? null;
      }
    `,
    // Beside: Handed on where all went well.
    t`
      export async function open(url) {
        const res = await fetch(url);
        return { ok: res.ok, size: res.ok ? res.headers.get('content-length') : 0, res };
      }
    `,
    // Beside: An assertion.
    t`
      import assert from 'node:assert';
      export async function load(url) {
        const res = await fetch(url);
        assert(res);
        return await res.json();
      }
    `,
    // Beside: An assertion of the status.
    t`
      import { strictEqual } from 'node:assert';
      export async function load(url) {
        const res = await fetch(url);
        const found = await res.json();
        strictEqual(res.status, 200);
        return found;
      }
    `,
    // Beside: An assertion of the file's own.
    t`
      function ensure(condition, message) {
        if (!condition) throw new Error(message);
      }
      export async function load(url) {
        const res = await fetch(url);
        ensure(res.ok, await res.text());
        return await res.json();
      }
    `,
    // A list that something unknown counts through.
    t`
      export async function loadAll(urls) {
        const answers = await Promise.all(urls.map((url) => fetch(url)));
        const texts = [];
        for (let index = 0; index < answers.length; index++) texts.push(await answers[index].text());
        return texts;
      }
    `,
    // A list with nothing in it.
    t`
      export async function loadAll(urls) {
        const answers = await Promise.all(urls.map((url) => fetch(url)));
        if (answers.length === 0) return [];
        return Promise.all(answers.map((res) => res.json()));
      }
    `,
    // A list that is handed over.
    t`
      import { collect } from './collect.js';
      export async function loadAll(urls) {
        const answers = await Promise.all(urls.map((url) => fetch(url)));
        return collect(answers);
      }
    `,
    // What is awaited one after the other.
    t`
      export async function loadAll(urls) {
        const texts = [];
        for await (const res of urls.map((url) => fetch(url))) texts.push(await res.text());
        return texts;
      }
    `,
    // An assertion of something else.
    t`
      import assert from 'node:assert';
      export async function load(url, retries) {
        const res = await fetch(url);
        assert(retries > 0);
        return await res.json();
      }
    `,
  ],
  invalid: [
    {
      // Nobody looks at the answers of many.
      code: t`
        export async function purge(urls) {
          await Promise.all(urls.map((url) => fetch(url, { method: 'PURGE' })));
        }
      `,
      errors: [
        {
          messageId: 'droppedResponse',
          data: { call: 'fetch' },
          line: 2,
          column: 39,
          endLine: 2,
          endColumn: 70,
          suggestions: [{ messageId: 'cancelBody', output: t`
            export async function purge(urls) {
              await Promise.all(urls.map((url) => fetch(url, { method: 'PURGE' }).then((response) => response.body?.cancel())));
            }
          ` }],
        },
      ],
    },
    {
      // The same with an async callback, and whatever becomes of each.
      code: t`
        export async function purge(urls) {
          await Promise.allSettled(urls.map(async (url) => await fetch(url, { method: 'PURGE' })));
        }
      `,
      errors: [
        {
          messageId: 'droppedResponse',
          data: { call: 'fetch' },
          line: 2,
          column: 58,
          endLine: 2,
          endColumn: 89,
          suggestions: [{ messageId: 'cancelBody', output: t`
            export async function purge(urls) {
              await Promise.allSettled(urls.map(async (url) => await (await fetch(url, { method: 'PURGE' })).body?.cancel()));
            }
          ` }],
        },
      ],
    },
    {
      // Only asked whether all went well.
      code: t`
        export async function areUp(urls) {
          const answers = await Promise.all(urls.map((url) => fetch(url)));
          return answers.every((res) => res.ok);
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: 'one of `answers`', exit: 'line 3 returns' },
          line: 2,
          column: 55,
          endLine: 2,
          endColumn: 65,
          suggestions: [{ messageId: 'cancelBody', output: t`
            export async function areUp(urls) {
              const answers = await Promise.all(urls.map((url) => fetch(url)));
              await Promise.all(answers.map((response) => response.body?.cancel()));
              return answers.every((res) => res.ok);
            }
          ` }],
        },
      ],
    },
    {
      // One that failed has all the others dropped.
      code: t`
        export async function loadAll(urls) {
          const answers = await Promise.all(urls.map((url) => fetch(url)));
          if (answers.some((res) => !res.ok)) {
            throw new Error('Not all answered.');
          }
          return Promise.all(answers.map((res) => res.json()));
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: 'one of `answers`', exit: 'line 4 throws' },
          line: 2,
          column: 55,
          endLine: 2,
          endColumn: 65,
          suggestions: [{ messageId: 'cancelBody', output: t`
            export async function loadAll(urls) {
              const answers = await Promise.all(urls.map((url) => fetch(url)));
              if (answers.some((res) => !res.ok)) {
                await Promise.all(answers.map((response) => response.body?.cancel()));
                throw new Error('Not all answered.');
              }
              return Promise.all(answers.map((res) => res.json()));
            }
          ` }],
        },
      ],
    },
    {
      // A loop that goes on without the body.
      code: t`
        export async function loadGood(urls) {
          const answers = await Promise.all(urls.map((url) => fetch(url)));
          const texts = [];
          for (const res of answers) {
            if (!res.ok) continue;
            texts.push(await res.text());
          }
          return texts;
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 5 continues' },
          line: 2,
          column: 55,
          endLine: 2,
          endColumn: 65,
          suggestions: [{ messageId: 'cancelBody', output: t`
            export async function loadGood(urls) {
              const answers = await Promise.all(urls.map((url) => fetch(url)));
              const texts = [];
              for (const res of answers) {
                if (!res.ok) {
                  await res.body?.cancel();
                  continue;
                }
                texts.push(await res.text());
              }
              return texts;
            }
          ` }],
        },
      ],
    },
    {
      // A loop over what is awaited in its head.
      code: t`
        export async function show(urls) {
          for (const res of await Promise.all(urls.map((url) => fetch(url)))) {
            if (!res.ok) console.warn(res.status);
            else console.log(await res.text());
          }
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'the iteration ends on line 5' },
          line: 2,
          column: 57,
          endLine: 2,
          endColumn: 67,
          suggestions: [{ messageId: 'cancelBody', output: t`
            export async function show(urls) {
              for (const res of await Promise.all(urls.map((url) => fetch(url)))) {
                if (!res.ok) console.warn(res.status);
                else console.log(await res.text());
                if (!res.bodyUsed) await res.body?.cancel();
              }
            }
          ` }],
        },
      ],
    },
    {
      // A loop that the first success ends.
      code: t`
        export async function loadFirst(urls) {
          const answers = await Promise.all(urls.map((url) => fetch(url)));
          for (const res of answers) {
            if (res.ok) return await res.json();
            await res.body?.cancel();
          }
          return undefined;
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: 'one of `answers`', exit: 'line 4 returns' },
          line: 2,
          column: 55,
          endLine: 2,
          endColumn: 65,
          suggestions: null,
        },
      ],
    },
    {
      // Settled, and read where the status is right only.
      code: t`
        export async function loadSettled(urls) {
          const results = await Promise.allSettled(urls.map((url) => fetch(url)));
          const found = [];
          for (const result of results) {
            if (result.status === 'fulfilled' && result.value.ok) found.push(await result.value.json());
          }
          return found;
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`result`', exit: 'the iteration ends on line 6' },
          line: 2,
          column: 62,
          endLine: 2,
          endColumn: 72,
          suggestions: null,
        },
      ],
    },
    {
      // A callback that reads in one branch.
      code: t`
        export async function loadEach(urls) {
          const answers = await Promise.all(urls.map((url) => fetch(url)));
          return Promise.all(answers.map((res) => (res.ok ? res.json() : null)));
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 3 returns' },
          line: 2,
          column: 55,
          endLine: 2,
          endColumn: 65,
          suggestions: [{ messageId: 'cancelBody', output: t`
            export async function loadEach(urls) {
              const answers = await Promise.all(urls.map((url) => fetch(url)));
              return Promise.all(answers.map((res) => {
                if (!res.ok) {
                  void res.body?.cancel();
                  return null;
                }
                return res.json();
              }));
            }
          ` }],
        },
      ],
    },
    {
      // An async callback that throws.
      code: t`
        export async function loadEach(urls) {
          const answers = await Promise.all(urls.map((url) => fetch(url)));
          return Promise.all(answers.map(async (res) => {
            if (!res.ok) throw new Error(res.statusText);
            return await res.json();
          }));
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: '`res`', exit: 'line 4 throws' },
          line: 2,
          column: 55,
          endLine: 2,
          endColumn: 65,
          suggestions: [{ messageId: 'cancelBody', output: t`
            export async function loadEach(urls) {
              const answers = await Promise.all(urls.map((url) => fetch(url)));
              return Promise.all(answers.map(async (res) => {
                if (!res.ok) {
                  await res.body?.cancel();
                  throw new Error(res.statusText);
                }
                return await res.json();
              }));
            }
          ` }],
        },
      ],
    },
    {
      // Those that a filter leaves out.
      code: t`
        export async function loadGood(urls) {
          const answers = await Promise.all(urls.map((url) => fetch(url)));
          const good = answers.filter((res) => res.ok);
          return Promise.all(good.map((res) => res.json()));
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: 'one of `answers`', exit: 'line 4 returns' },
          line: 2,
          column: 55,
          endLine: 2,
          endColumn: 65,
          suggestions: null,
        },
      ],
    },
    {
      // All but the one that was looked for.
      code: t`
        export async function loadAny(urls) {
          const answers = await Promise.all(urls.map((url) => fetch(url)));
          const found = answers.find((res) => res.ok);
          return found ? await found.json() : undefined;
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: 'one of `answers`', exit: 'line 4 returns' },
          line: 2,
          column: 55,
          endLine: 2,
          endColumn: 65,
          suggestions: null,
        },
      ],
    },
    {
      // A list that grows.
      code: t`
        export async function ping(urls) {
          const pending = [];
          for (const url of urls) pending.push(fetch(url));
          await Promise.all(pending);
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: 'one of `pending`', exit: 'the function ends' },
          line: 3,
          column: 40,
          endLine: 3,
          endColumn: 50,
          suggestions: null,
        },
      ],
    },
    {
      // A function that gets the list.
      code: t`
        function ensureAll(answers) {
          for (const res of answers) if (!res.ok) throw new Error(res.statusText);
        }
        export async function loadAll(urls) {
          const answers = await Promise.all(urls.map((url) => fetch(url)));
          ensureAll(answers);
          return Promise.all(answers.map((res) => res.json()));
        }
      `,
      errors: [
        {
          messageId: 'unreadOnPath',
          data: { holder: 'one of `answers`', exit: 'line 6 throws' },
          line: 5,
          column: 55,
          endLine: 5,
          endColumn: 65,
          suggestions: null,
        },
      ],
    },
    {
      // A method for each of many.
      code: t`
        export class Client {
          async #send(path) {
            return await fetch(this.base + path);
          }
          async touch(paths) {
            await Promise.all(paths.map((path) => this.#send(path)));
          }
        }
      `,
      errors: [
        {
          messageId: 'droppedResponse',
          data: { call: 'this.#send' },
          line: 6,
          column: 43,
          endLine: 6,
          endColumn: 59,
          suggestions: [{ messageId: 'cancelBody', output: t`
            export class Client {
              async #send(path) {
                return await fetch(this.base + path);
              }
              async touch(paths) {
                await Promise.all(paths.map((path) => this.#send(path).then((response) => response.body?.cancel())));
              }
            }
          ` }],
        },
      ],
    },
    {
      // The one branch of a value has the body, the other nobody.
      code: t`
        export async function open(url) {
          const res = await fetch(url);
          return res.ok ? res.body : null;
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
            export async function open(url) {
              const res = await fetch(url);
              if (!res.ok) {
                await res.body?.cancel();
                return null;
              }
              return res.body;
            }
          ` }],
        },
      ],
    },
    {
      // Handed on where all went well.
      code: t`
        export async function open(url) {
          const res = await fetch(url);
          return res.ok && res;
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
      // An assertion.
      code: t`
        import assert from 'node:assert';
        export async function load(url) {
          const res = await fetch(url);
          assert(res.ok);
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
          endColumn: 31,
          suggestions: [{ messageId: 'cancelBody', output: t`
            import assert from 'node:assert';
            export async function load(url) {
              const res = await fetch(url);
              await res.body?.cancel();
              assert(res.ok);
              return await res.json();
            }
          ` }],
        },
      ],
    },
    {
      // An assertion of the status.
      code: t`
        import { strictEqual } from 'node:assert';
        export async function load(url) {
          const res = await fetch(url);
          strictEqual(res.status, 200);
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
          endColumn: 31,
          suggestions: [{ messageId: 'cancelBody', output: t`
            import { strictEqual } from 'node:assert';
            export async function load(url) {
              const res = await fetch(url);
              await res.body?.cancel();
              strictEqual(res.status, 200);
              return await res.json();
            }
          ` }],
        },
      ],
    },
    {
      // An assertion of the file's own.
      code: t`
        function ensure(condition, message) {
          if (!condition) throw new Error(message);
        }
        export async function load(url) {
          const res = await fetch(url);
          ensure(res.ok, 'No answer.');
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
          suggestions: [{ messageId: 'cancelBody', output: t`
            function ensure(condition, message) {
              if (!condition) throw new Error(message);
            }
            export async function load(url) {
              const res = await fetch(url);
              await res.body?.cancel();
              ensure(res.ok, 'No answer.');
              return await res.json();
            }
          ` }],
        },
      ],
    },
  ],
});
