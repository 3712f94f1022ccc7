import { describe, expect, it } from 'vitest';
import { noUnclearedTimer as codemod } from '../../codemods/no-uncleared-timer.js';
import { type Scenario, type Subject, describeAbortFixtures } from './support/abort-fixtures.js';
import { repairText } from './support/repair-text.js';

describeAbortFixtures(
  codemod,
  import.meta.glob<Subject>('../../fixtures/no-uncleared-timer/*/{input,expected}.ts'),
  import.meta.glob<Scenario>('../../fixtures/no-uncleared-timer/*/scenario.ts'),
);

it('keeps the controller where somebody may look at the error', async () => {
  const { text } = await repairText(
    codemod,
    `export async function answers(url: string) {
  try {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 3000);
    return (await fetch(url, { signal: controller.signal })).ok;
  } catch (error) {
    return String(error);
  }
}
`,
  );
  expect(text).not.toContain('AbortSignal.timeout');
  expect(text).toContain('const timer = setTimeout(() => controller.abort(), 3000);');
  expect(text).toContain('clearTimeout(timer);');
});

it('ends an interval with the effect that starts it', async () => {
  const { text } = await repairText(codemod, `import { useEffect } from 'react';\nexport function Clock({ tick }: { tick: () => void }) {\n  useEffect(() => {\n    setInterval(tick, 1000);\n  }, [tick]);\n}\n`);
  expect(text).toContain('const interval = setInterval(tick, 1000);\n    return () => clearInterval(interval);');
});

describe('what is left alone, and why', () => {
  const skipped: Record<string, readonly [text: string, reason: string]> = {
    'an interval that may go on for ever': ['export function watch(tick: () => void) { setInterval(tick, 1000); }', 'ambiguous-owner'],
    'an interval of a class that nothing ends': ['export class Meter {\n  private timer?: NodeJS.Timeout;\n  start() {\n    this.timer = setInterval(() => this.tick(), 1000);\n  }\n  tick() {}\n}', 'ambiguous-owner'],
    'an interval whose callback gets an argument, in a class': ['export class Meter {\n  start() {\n    setInterval(tick, 1000, this);\n  }\n  close() {}\n}\nfunction tick(meter: Meter) {\n  void meter;\n}', 'unsupported-shape'],
    'a timer whose variable may never be set, and whose type does not say so': [
      "export async function load(url: string, ms: number) {\n  const c = new AbortController();\n  let timer: NodeJS.Timeout;\n  if (ms) {\n    timer = setTimeout(() => c.abort(), ms);\n  }\n  const res = await fetch(url, { signal: c.signal });\n  clearTimeout(timer!);\n  return await res.text();\n}",
      'unsupported-shape',
    ],
  };
  it.each(Object.entries(skipped))('%s', async (_name, [text, reason]) => {
    const { text: after, results } = await repairText(codemod, text);
    expect(results.map((result) => ('reason' in result ? result.reason : result.status))).toEqual([reason]);
    expect(after).toBe(text);
  });
});
