import rule from '../../../rules/no-unforwarded-abort-signal.js';
import { runRuleTests } from '../support/run-rule-tests.js';

runRuleTests(rule, {
  valid: [
    // work that nobody waits for
    `export async function f(url: string, signal: AbortSignal) {
  signal.throwIfAborted();
  void (async () => { const r = await fetch(url); console.log(await r.text()); })();
}`,
    // work that nobody waits for, with its errors
    `export async function f(url: string, signal: AbortSignal) {
  signal.throwIfAborted();
  (async () => { const r = await fetch(url); console.log(await r.text()); })().catch(console.error);
}`,
  ],
  invalid: [
    // work that settles the promise around it
    {
      code: `export function f(url: string, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => { void (async () => { try { const r = await fetch(url); resolve(await r.text()); } catch (e) { reject(e); } })(); });
}`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'fetch', signal: 'signal' },
          line: 3, column: 87, endLine: 3, endColumn: 92,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'signal' }, output: `export function f(url: string, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => { void (async () => { try { const r = await fetch(url, { signal }); resolve(await r.text()); } catch (e) { reject(e); } })(); });
}` }],
        },
      ],
    },
    // work that is waited for in place
    {
      code: `export async function f(url: string, signal: AbortSignal) {
  signal.throwIfAborted();
  await (async () => { const r = await fetch(url); console.log(await r.text()); })();
}`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'fetch', signal: 'signal' },
          line: 3, column: 40, endLine: 3, endColumn: 45,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'signal' }, output: `export async function f(url: string, signal: AbortSignal) {
  signal.throwIfAborted();
  await (async () => { const r = await fetch(url, { signal }); console.log(await r.text()); })();
}` }],
        },
      ],
    },
    // an effect with a controller that serves as a flag
    {
      code: `import { useEffect } from 'react';
export function useUser(id: string, show: (user: unknown) => void) {
  useEffect(() => {
    const controller = new AbortController();
    (async () => { const res = await fetch(\`/api/users/\${id}\`); if (!controller.signal.aborted) show(await res.json()); })();
    return () => controller.abort();
  }, [id]);
}`,
      errors: [
        {
          messageId: 'missing',
          data: { call: 'fetch', signal: 'controller.signal' },
          line: 5, column: 38, endLine: 5, endColumn: 43,
          suggestions: [{ messageId: 'passSignal', data: { signal: 'controller.signal' }, output: `import { useEffect } from 'react';
export function useUser(id: string, show: (user: unknown) => void) {
  useEffect(() => {
    const controller = new AbortController();
    (async () => { const res = await fetch(\`/api/users/\${id}\`, { signal: controller.signal }); if (!controller.signal.aborted) show(await res.json()); })();
    return () => controller.abort();
  }, [id]);
}` }],
        },
      ],
    },
  ],
});
