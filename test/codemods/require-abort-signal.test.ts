import { describe, expect, it } from 'vitest';
import { requireAbortSignal as codemod } from '../../codemods/require-abort-signal.js';
import { type Scenario, type Subject, describeAbortFixtures } from './support/abort-fixtures.js';
import { repairText } from './support/repair-text.js';

describeAbortFixtures(
  codemod,
  import.meta.glob<Subject>('../../fixtures/require-abort-signal/*/{input,expected}.ts'),
  import.meta.glob<Scenario>('../../fixtures/require-abort-signal/*/scenario.ts'),
  { codemodTimeout: 200 },
);

describe('what is left alone, and why', () => {
  const skipped: Record<string, string> = {
    'a request without a time limit, where none is configured': "export async function load() { return await (await fetch('https://example.com/tags')).text(); }",
    'an ignored time limit of which the value is not known': "export async function load(ms: number) { return await (await fetch('https://example.com/tags', { timeout: ms } as RequestInit)).text(); }",
    'an ignored time limit that is none': "export async function load() { return await (await fetch('https://example.com/tags', { timeout: 0 } as RequestInit)).text(); }",
  };
  it.each(Object.entries(skipped))('%s', async (_name, text) => {
    const { text: after, results } = await repairText(codemod, text);
    expect(results.map((result) => ('reason' in result ? result.reason : result.status))).toEqual(['would-change-behaviour']);
    expect(after).toBe(text);
  });
});
