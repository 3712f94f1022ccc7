import { describe, expect, it } from 'vitest';
import { noLeakedAbortListener as codemod } from '../../codemods/no-leaked-abort-listener.js';
import { type Scenario, type Subject, describeAbortFixtures } from './support/abort-fixtures.js';
import { repairText } from './support/repair-text.js';

describeAbortFixtures(
  codemod,
  import.meta.glob<Subject>('../../fixtures/no-leaked-abort-listener/*/{input,expected}.ts'),
  import.meta.glob<Scenario>('../../fixtures/no-leaked-abort-listener/*/scenario.ts'),
);

describe('listeners that are removed by name', () => {
  const load = (listen: string, rest = 'const res = await fetch(url, { signal: c.signal }); return await res.text();') =>
    `export async function load(url: string, signal: AbortSignal) {\n  const c = new AbortController();\n  ${listen}\n  ${rest}\n}\n`;

  it('where they read their event', async () => {
    const { text } = await repairText(codemod, load("signal.addEventListener('abort', (event) => c.abort(event.type));"));
    expect(text).toContain("const onAbort = (event) => c.abort(event.type);\n  signal.addEventListener('abort', onAbort);\n  try {");
    expect(text).toContain("} finally {\n    signal.removeEventListener('abort', onAbort);\n  }");
  });

  it('where `onAbort` means something else', async () => {
    const { text } = await repairText(codemod, load("const onAbort = () => c.abort(signal.reason);\n  signal.addEventListener('abort', onAbort);"));
    expect(text).not.toContain('watertight-runtime');
    expect(text).toContain("signal.removeEventListener('abort', onAbort);");
  });
});

describe('what is left alone, and why', () => {
  const skipped: Record<string, readonly [text: string, reason: string]> = {
    'work that is elsewhere': ['export class Job { constructor(signal: AbortSignal, private readonly c: AbortController) { signal.addEventListener("abort", () => this.c.abort()); } }', 'unsupported-shape'],
    'a promise that a `catch` around it would catch from now on': [
      'export async function load(url: string, signal: AbortSignal) {\n  const c = new AbortController();\n  signal.addEventListener("abort", () => c.abort());\n  try {\n    return fetch(url, { signal: c.signal });\n  } catch {\n    return undefined;\n  }\n}',
      'unsupported-shape',
    ],
  };
  it.each(Object.entries(skipped))('%s', async (_name, [text, reason]) => {
    const { text: after, results } = await repairText(codemod, text);
    expect(results.map((result) => ('reason' in result ? result.reason : result.status))).toEqual([reason]);
    expect(after).toBe(text);
  });
});
