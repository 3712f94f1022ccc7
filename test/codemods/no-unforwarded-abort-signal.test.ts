import { describe, expect, it } from 'vitest';
import { noUnforwardedAbortSignal as codemod } from '../../codemods/no-unforwarded-abort-signal.js';
import { type Scenario, type Subject, describeAbortFixtures } from './support/abort-fixtures.js';
import { repairText } from './support/repair-text.js';

describeAbortFixtures(
  codemod,
  import.meta.glob<Subject>('../../fixtures/no-unforwarded-abort-signal/*/{input,expected}.ts'),
  import.meta.glob<Scenario>('../../fixtures/no-unforwarded-abort-signal/*/scenario.ts'),
);

it('waits for no time where the delay may be missing', async () => {
  const { text } = await repairText(codemod, 'export async function rest(ms, signal) {\n  await new Promise((resolve) => setTimeout(resolve, ms));\n  return fetch("/rested", { signal });\n}\n');
  expect(text).toContain('await sleep(ms ?? 0, { signal });');
});

describe('what is left alone, and why', () => {
  const skipped: Record<string, readonly [text: string, reason: string, lowestNode?: number]> = {
    'a name that another variable hides': [
      'export async function load(url: string, signal: AbortSignal) { for (const signal of [1, 2]) { const res = await fetch(url + signal); await res.text(); } }',
      'name-taken',
    ],
    'a controller that nobody aborts': [
      'export async function load(url: string) { const controller = new AbortController(); const res = await fetch(url, { signal: controller.signal }); return await res.text(); }',
      'ambiguous-owner',
    ],
    'a controller whose signal two requests could take': [
      "export async function load(url: string) { const c = new AbortController(); const t = setTimeout(() => c.abort(), 50); try { const a = await fetch(url); const b = await fetch(url + '/b'); return [await a.text(), await b.text()]; } finally { clearTimeout(t); } }",
      'ambiguous-owner',
    ],
    'a pause that ends with a value': [
      "export async function load(signal: AbortSignal, ms: number) { return await new Promise((resolve) => setTimeout(() => resolve('late'), ms)); }",
      'unsupported-shape',
    ],
    'a comment in a pause': ['export async function load(signal: AbortSignal, ms: number) { await new Promise((resolve) => setTimeout(resolve, ms /* patience */)); }', 'comment-in-the-way'],
    'what is returned, where Node has no `AbortSignal.any`': [
      'export async function load(url: string, signal: AbortSignal) { return await fetch(url, { signal: AbortSignal.timeout(5000) }); }',
      'unsupported-shape',
      18,
    ],
  };
  it.each(Object.entries(skipped))('%s', async (_name, [text, reason, lowestNode]) => {
    const { text: after, results } = await repairText(codemod, text, { target: { lowestNode } });
    expect(results.map((result) => ('reason' in result ? result.reason : result.status))).toEqual([reason]);
    expect(after).toBe(text);
  });
});
