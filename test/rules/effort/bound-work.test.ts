import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import plugin, { type GivenUp, getGivenUp } from 'eslint-plugin-watertight';
import { describe, expect, it } from 'vitest';

const LOST = 'export async function lost(url) {\n  const res = await fetch(url);\n  return res.status;\n}\n';
/** Every response is alive, so far as the rule knows, while all others are: the pairs are too many to go through. */
const LARGE = `export async function f(u) {\n${Array.from({ length: 450 }, (_, index) => `const r${index} = await fetch(u); if (!r${index}.ok) { throw new Error('x') } await r${index}.text();`).join('\n')}\n}\n`;
/** Each helper hands the response to the next one. */
const DEEP = `${Array.from({ length: 2500 }, (_, index) => `async function h${index}(r) { return h${index + 1}(r); }`).join('\n')}\nexport async function f(u) { return h0(await fetch(u)); }\n`;
/** Each flag doubles the states of the paths. */
const BRANCHED = `export async function f(u, ...p) {\n  const res = await fetch(u);\n${Array.from({ length: 16 }, (_, index) => `  let f${index} = null; if (p[${index}]) f${index} = g();`).join('\n')}\n${Array.from({ length: 16 }, (_, index) => `  if (f${index}) g(f${index});`).join('\n')}\n  await res.text();\n}\n`;

function lint(text: string, rule = 'no-unclosed-response-body'): { lines: number[]; linter: Linter } {
  const linter = new Linter();
  const messages = linter.verify(text, { plugins: { watertight: plugin }, languageOptions: { parser }, rules: { [`watertight/${rule}`]: 'error' } }, { filename: 'a.js' });
  expect(messages.filter(({ fatal }) => fatal)).toEqual([]);
  return { lines: messages.map(({ line }) => line), linter };
}

function findGivenUp(text: string): { lines: number[]; givenUp: readonly GivenUp[] } {
  const { lines, linter } = lint(text);
  return { lines, givenUp: getGivenUp(linter.getSourceCode().ast) };
}

describe('a rule', () => {
  const ruleName = 'no-unclosed-response-body';

  it('gives nothing up in code that people write', () => {
    expect(findGivenUp(LOST)).toEqual({ lines: [2], givenUp: [] });
  });

  it('stops where a file would take too long, and says so', () => {
    expect(findGivenUp(LARGE).givenUp).toEqual([{ ruleName, reason: 'work' }]);
  });

  it('stops where code is nested too deeply, and says so', () => {
    expect(findGivenUp(DEEP).givenUp).toEqual([{ ruleName, reason: 'depth' }]);
  });

  it('says which function has too many paths, and goes on with the others', () => {
    expect(findGivenUp(BRANCHED + LOST)).toEqual({ lines: [BRANCHED.split('\n').length + 1], givenUp: [{ ruleName, reason: 'function', line: 1 }] });
  });

  it('warns where the host does not ask', async () => {
    const warnings: string[] = [];
    const onWarning = ({ name, message }: Error) => {
      if (name === 'WatertightWarning') warnings.push(message);
    };
    process.on('warning', onWarning);
    try {
      lint(BRANCHED);
      findGivenUp(DEEP);
      await new Promise((resolve) => setTimeout(resolve, 50));
    } finally {
      process.off('warning', onWarning);
    }
    expect(warnings).toEqual(['no-unclosed-response-body has not followed every path of the function at a.js:1, which is too large.']);
  });
});
