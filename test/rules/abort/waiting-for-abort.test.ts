import rule from '../../../rules/no-leaked-abort-listener.js';
import { runRuleTests } from '../support/run-rule-tests.js';

runRuleTests(rule, {
  valid: [
    // code that waits for the abort alone
    `export async function serve(server: { listen(): void; close(): void }, signal: AbortSignal) {
  server.listen();
  await new Promise<void>((resolve) => { signal.addEventListener('abort', () => resolve(), { once: true }); });
  server.close();
}`,
    // an end that is waited for when there is nothing more
    `export function guard<T>(items: AsyncIterator<T, void>, signal: AbortSignal): AsyncIterator<T, void> {
  const closed = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  return { async next() { const result = await items.next(); if (result.done) await closed; return result; } };
}`,
  ],
  invalid: [
    // a wait that something else may end
    {
      code: `export async function pause(signal: AbortSignal, ms: number) {
  await new Promise<void>((resolve) => {
    setTimeout(resolve, ms);
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}`,
      errors: [
        {
          messageId: 'neverRemoved',
          data: { signal: 'signal' },
          line: 4, column: 5, endLine: 4, endColumn: 28,
          suggestions: [{ messageId: 'removeListener', output: `export async function pause(signal: AbortSignal, ms: number) {
  await new Promise<void>((resolve) => {
    setTimeout(() => { signal.removeEventListener('abort', onAbort); resolve(); }, ms);
    const onAbort = () => resolve();
    signal.addEventListener('abort', onAbort, { once: true });
  });
}` }],
        },
      ],
    },
    // a promise of the abort that is raced
    {
      code: `export async function run(job: () => Promise<void>, signal: AbortSignal) {
  const aborted = new Promise<void>((resolve) => { signal.addEventListener('abort', () => resolve()); });
  await Promise.race([job(), aborted]);
}`,
      errors: [
        {
          messageId: 'neverRemoved',
          data: { signal: 'signal' },
          line: 2, column: 52, endLine: 2, endColumn: 75,
        },
      ],
    },
  ],
});
