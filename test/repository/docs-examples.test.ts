import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findWrongExamples } from './support/find-wrong-examples.js';
import { ROOT, findNames } from './support/paths.js';

const RULE = 'no-unclosed-response-body';
const LEAK = "```ts\n// ❌\nasync function get(url: string) {\n  const res = await fetch(url);\n  if (!res.ok) throw new Error('no');\n  return res.text();\n}\n```\n";
const SOUND = '```ts\n// ✅\nasync function get(url: string) {\n  const res = await fetch(url);\n  return res.text();\n}\n```\n';

describe('the examples of the pages', () => {
  it.each(findNames('docs/rules', '.md'))('%s says the same as its rule', (rule) => {
    expect(findWrongExamples(rule, readFileSync(join(ROOT, 'docs/rules', `${rule}.md`), 'utf8'))).toEqual([]);
  });

  it('agree when both sides are right', () => {
    expect(findWrongExamples(RULE, `# page\n\n${LEAK}\ntext\n\n${SOUND}`)).toEqual([]);
  });

  it('disagree when a wrong one is not reported, or a right one is', () => {
    const swapped = `${LEAK.replace('❌', '✅')}${SOUND.replace('✅', '❌')}`;
    expect(findWrongExamples(RULE, swapped)).toEqual([expect.stringMatching(/^4: ✅ is reported: Body of `res`/), '10: ❌ is not reported']);
  });

  it('disagree when one side is missing, or an example does not parse', () => {
    expect(findWrongExamples(RULE, SOUND)).toEqual(['1: no example with ❌']);
    expect(findWrongExamples(RULE, LEAK)).toEqual(['1: no example with ✅']);
    expect(findWrongExamples(RULE, `${LEAK}${SOUND.replace('await fetch', 'await await (')}`)).toEqual([expect.stringMatching(/^10: Parsing error/)]);
  });
});
