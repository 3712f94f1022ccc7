import { describe, expect, it } from 'vitest';
import type { Parts } from '../../cli/context.js';
import { getBuiltinParts } from '../../cli/get-builtin-parts.js';
import { makeProject } from './support/make-project.js';
import { runCli } from './support/run-cli.js';
import { findSarifErrors } from './reports/sarif-schema.js';

const parts: Parts = { ...getBuiltinParts(), canUseThreads: false };

/** Each flag doubles the states of the paths. */
const BRANCHED = `export async function f(u, ...p) {\n  const res = await fetch(u);\n${Array.from({ length: 16 }, (_, index) => `  let f${index} = null; if (p[${index}]) f${index} = g();`).join('\n')}\n${Array.from({ length: 16 }, (_, index) => `  if (f${index}) g(f${index});`).join('\n')}\n  await res.text();\n}\n`;
const NESTED = `fetch(${'['.repeat(20_000)}${']'.repeat(20_000)});\n`;
const RULE = ['--rule', 'no-unclosed-response-body'];
const NOTICE = '`no-unclosed-response-body` has not followed every path of the function on line 1, which is too large.';

describe('what a rule has given up', () => {
  it('is told by check, and is no finding', async () => {
    const { root } = makeProject({ 'a.js': BRANCHED });
    const { code, stdout } = await runCli(root, ['check', ...RULE], { parts });
    expect(stdout).toContain(`a.js:1:1  notice  ${NOTICE}`);
    expect(stdout).toContain('What it has not found in the function may be there all the same.');
    expect(stdout).toContain('No findings in 1 file; 1 notice.');
    expect(code).toBe(0);
  });

  it.each([
    ['json', '"kind": "given-up"'],
    ['github', `::notice file=a.js,line=1,col=1,title=watertight::${NOTICE}`],
    ['sarif', '"level": "warning"'],
    ['gitlab', '"check_name": "watertight/given-up"'],
    ['markdown', 'No findings; 1 file checked, 1 notice.'],
  ])('is in the %s report', async (format, expected) => {
    const { root } = makeProject({ 'a.js': BRANCHED });
    const { code, stdout } = await runCli(root, ['check', ...RULE, '--format', format], { parts });
    expect(stdout).toContain(expected);
    expect(code).toBe(0);
    if (format === 'sarif') expect(findSarifErrors(JSON.parse(stdout))).toEqual([]);
  });

  it('is told by explain', async () => {
    const { root } = makeProject({ 'a.js': BRANCHED });
    const { code, stdout } = await runCli(root, ['explain', 'a.js:2'], { parts });
    expect(stdout).toContain(NOTICE);
    expect(code).toBe(0);
  });

  it('is a problem of the file where nothing could be read', async () => {
    const { root, read } = makeProject({ 'a.js': NESTED, 'b.js': 'await (await fetch(u)).text();\n' });
    for (const command of [['check', 'a.js', 'b.js'], ['fix', '--write', 'a.js', 'b.js']]) {
      const { code, stdout } = await runCli(root, [...command, ...RULE], { parts });
      expect(stdout).toContain('a.js  problem  The code is nested too deeply to be read.');
      expect(code).toBe(1);
    }
    expect(read('a.js')).toBe(NESTED);
  });
});
