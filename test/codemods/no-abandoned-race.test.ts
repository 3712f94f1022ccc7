import { describe, expect, it } from 'vitest';
import { noAbandonedRace as codemod } from '../../codemods/no-abandoned-race.js';
import { type Scenario, type Subject, describeAbortFixtures } from './support/abort-fixtures.js';
import { repairText } from './support/repair-text.js';

describeAbortFixtures(
  codemod,
  import.meta.glob<Subject>('../../fixtures/no-abandoned-race/*/{input,expected}.ts'),
  import.meta.glob<Scenario>('../../fixtures/no-abandoned-race/*/scenario.ts'),
);

it('keeps the promise, and clears the timer, where a comment would be lost', async () => {
  const { text } = await repairText(
    codemod,
    `export async function load(work: Promise<string>) {
  return await Promise.race([work, new Promise<never>((_, reject) => setTimeout(() => reject(new Error('late')), 5000 /* as agreed */))]);
}
`,
  );
  expect(text).toContain('timer = setTimeout(() => reject(new Error(\'late\')), 5000 /* as agreed */);');
  expect(text).toContain('.finally(() => clearTimeout(timer))');
});

it.each(['ms?: number', 'ms'])('keeps the timer where its delay may be no number: `%s`', async (parameter) => {
  const { text } = await repairText(
    codemod,
    `export async function load(work: Promise<string>, ${parameter}) {
  return await Promise.race([work, new Promise<never>((_, reject) => setTimeout(() => reject(new Error('late')), ms))]);
}
`,
  );
  expect(text).not.toContain('withTimeout');
  expect(text).toContain('.finally(() => clearTimeout(timer))');
});

it('gives work that waits itself no function of its own', async () => {
  const { text } = await repairText(
    codemod,
    `export async function load(url: Promise<string>) {
  return await Promise.race([fetch(await url), new Promise<never>((_, reject) => setTimeout(() => reject(new Error('late')), 5000))]);
}
`,
  );
  expect(text).not.toContain('withTimeout');
  expect(text).toContain('.finally(() => clearTimeout(timer))');
});

describe('what is left alone, and why', () => {
  const skipped: Record<string, readonly [text: string, reason: string]> = {
    'a timer of a function with a default delay': [
      'const sleep = (ms = 5000) => new Promise((resolve) => setTimeout(resolve, ms));\nexport const load = (work: Promise<string>) => Promise.race([work, sleep()]);',
      'unsupported-shape',
    ],
    'a timer of a function that reads what may be hidden': [
      'export function load(limits: { ms: number }, work: Promise<string>) { const scale = 2; const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms * scale)); { const scale = 3; void scale; return Promise.race([work, sleep(limits.ms)]); } }',
      'unsupported-shape',
    ],
  };
  it.each(Object.entries(skipped))('%s', async (_name, [text, reason]) => {
    const { text: after, results } = await repairText(codemod, text);
    expect(results.map((result) => ('reason' in result ? result.reason : result.status))).toEqual([reason]);
    expect(after).toBe(text);
  });
});
