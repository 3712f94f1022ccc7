import { describe, expect, it } from 'vitest';
import { checkDraft } from '../../playground/engine/check-draft.js';
import type { Draft } from '../../playground/engine/messages.js';
import { rewriteDraft } from '../../playground/engine/rewrite-draft.js';
import { getExamples } from '../../playground/get-examples.js';

const LEAK = `export async function load(url: string) {
  const res = await fetch(url);
  if (!res.ok) throw new Error('no');
  return await res.json();
}
`;
const make = (text: string, more: Partial<Draft> = {}): Draft => ({ text, language: 'ts', preset: 'recommended', style: 'using', ...more });
const getRules = async (draft: Draft) => (await checkDraft(draft)).findings.map(({ rule }) => rule);

describe('what the playground runs beside its page', () => {
  it('gives findings with the places of their paths', async () => {
    const { findings, problems } = await checkDraft(make(LEAK));
    expect(problems).toEqual([]);
    expect(findings).toMatchObject([
      {
        rule: 'no-unclosed-response-body',
        line: 2,
        column: 21,
        path: [
          { kind: 'acquire', line: 2 },
          { kind: 'branch', line: 3 },
          { kind: 'exit', line: 3 },
        ],
      },
    ]);
  });

  it('knows only what the preset asks for', async () => {
    const text = 'export const load = (ids: string[]) => Promise.all(ids.map((id) => fetch(`https://api.example.com/${id}`)));\n';
    expect(await getRules(make(text))).not.toContain('no-unbounded-concurrency');
    expect(await getRules(make(text, { preset: 'strict' }))).toContain('no-unbounded-concurrency');
  });

  it('leaves out what a comment disables', async () => {
    expect(await getRules(make(LEAK.replace('  const', '  // eslint-disable-next-line watertight/no-unclosed-response-body\n  const')))).toEqual([]);
  });

  it('says where a text does not parse', async () => {
    const { findings, problems } = await checkDraft(make('const a = ;\n'));
    expect(findings).toEqual([]);
    expect(problems).toMatchObject([{ kind: 'syntax', line: 1 }]);
  });

  it('reads a text in the language that was chosen', async () => {
    const text = 'const a = <string>b;\n';
    expect((await checkDraft(make(text))).problems).toEqual([]);
    expect((await checkDraft(make(text, { language: 'tsx' }))).problems).toHaveLength(1);
  });

  it.each([
    ['using', 'await using res = managed(await fetch(url));'],
    ['try-finally', 'await releaseBody(res);'],
  ] as const)('rewrites with %s', async (style, written) => {
    const { text, diff, sites } = await rewriteDraft(make(LEAK, { style }));
    expect(text).toContain(written);
    expect(diff).toMatch(/^\+import \{ \w+ \} from 'watertight-runtime';$/m);
    expect(sites).toMatchObject([{ rule: 'no-unclosed-response-body', status: 'changed' }]);
  });

  it('writes no name that is taken', async () => {
    const { text, sites } = await rewriteDraft(make(`import { releaseBody } from './mine.js';\n${LEAK}void releaseBody;\n`, { style: 'try-finally' }));
    expect(sites).toMatchObject([{ status: 'skipped', reason: 'name-taken' }]);
    expect(text).not.toContain('watertight-runtime');
  });
});

/** What the code alone does not say, so that no rewrite can. */
const LEFT = new Set(['require-abort-signal']);

describe.each(getExamples())('the example $name', ({ name, draft }) => {
  it('is reported, and rewritten to something that is not', async () => {
    const found = await getRules(draft);
    if (name === 'manifest') expect(found).toEqual(['no-unclosed-response-body', 'require-error-cause']);
    else expect(found).toContain(name);
    const rewritten = await rewriteDraft(draft);
    expect(rewritten.sites.every(({ status, reason }) => status === 'changed' || (status === 'skipped' && reason !== undefined))).toBe(true);
    if (LEFT.has(name)) return;
    expect(await getRules({ ...draft, text: rewritten.text })).not.toContain(name);
    expect((await rewriteDraft({ ...draft, text: rewritten.text })).diff).toBe('');
  });
});
