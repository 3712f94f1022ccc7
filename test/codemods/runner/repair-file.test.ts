import { Project } from 'ts-morph';
import { describe, expect, it } from 'vitest';
import { type LintOutcome, type RepairInput, repairFile } from '../../../codemods/runner/repair-file.js';
import type { Codemod, Edit, Site, SiteOutcome } from '../../../codemods/types.js';

/** A tiny rule in place of a real one: every `leak(…)` that is not the argument of `held(…)` is reported. */
function lint(text: string): LintOutcome {
  if (text.includes('@@')) return { ok: false, error: 'Invalid character.' };
  const find = (ruleName: string, pattern: RegExp): Site[] =>
    [...text.matchAll(pattern)].map((match) => ({
      ruleName,
      messageId: 'reported',
      start: match.index,
      end: match.index + match[0].length,
      finding: undefined as never,
    }));
  const sites = [...find('no-leak', /(?<!held\()\bleak\([^()]*\)/g), ...find('no-noise', /\bnoise\(\)/g)];
  return { ok: true, sites: sites.sort((a, b) => a.start - b.start) };
}

/** What the codemod does with a site hangs on the argument of the call. */
function transform(text: string, site: Site): SiteOutcome {
  const argument = /\((.*)\)$/.exec(text.slice(site.start, site.end))![1]!;
  const change = (...edits: Edit[]): SiteOutcome => ({ status: 'changed', site, edits, imports: [{ module: 'kit', name: 'held' }] });
  const open: Edit = { start: site.start, end: site.start, text: 'held(' };
  const close: Edit = { start: site.end, end: site.end, text: ')' };
  switch (argument) {
    case "'skip'":
      return { status: 'skipped', site, reason: 'ambiguous-owner', detail: 'two owners' };
    case "'throw'":
      throw new Error('no idea');
    case "'syntax'":
      return change(open, close, { start: text.length, end: text.length, text: '@@' });
    case "'noise'":
      return change(open, close, { start: site.end, end: site.end, text: '; noise()' });
    case "'moved'": {
      const start = text.indexOf('; noise()');
      return change({ ...open, text: `noise(); ${open.text}` }, close, { start, end: start + '; noise()'.length, text: '' });
    }
    case "'still'":
      return change({ start: site.start, end: site.start, text: ' ' });
    case "'type'":
      return change(open, close, { start: site.end, end: site.end, text: ' as never' });
    case "'overlap'":
      return change({ start: site.start, end: site.end, text: '' }, { start: site.start + 1, end: site.end, text: '' });
    case "'nothing'":
      return change({ start: site.start, end: site.end, text: text.slice(site.start, site.end) });
    case "'no edit'":
      return change();
    case "'wide'":
      // Takes in everything to the end of the file, so it meets the edits of every later site.
      return change(open, close, { start: text.length, end: text.length, text: '\n' });
    case '3':
    case '2 left':
    case '1 left': {
      // As many changes as it says until nothing is reported: each repairs one exit of several.
      const left = Number.parseInt(argument, 10) - 1;
      return left === 0 ? change(open, close) : change({ start: site.start, end: site.end, text: `leak(${left} left)` });
    }
    case "'second'":
      // Only possible once another site was repaired.
      return text.includes('held(') ? change(open, close) : { status: 'skipped', site, reason: 'unsupported-shape' };
    default:
      return change(open, close);
  }
}

const codemod: Codemod = { name: 'no-leak', transform: ({ text, sites }) => sites.map((site) => transform(text, site)) };

async function repair(text: string, changes: Partial<RepairInput> = {}) {
  const project = new Project({ useInMemoryFileSystem: true });
  const { text: after, results } = await repairFile({
    text,
    lint,
    types: {
      getSourceFile: (version) => project.createSourceFile('file.ts', version, { overwrite: true }),
      findNewErrors: (_, version) => (version.includes('as never') ? ['TS2322: never is never.'] : []),
    },
    codemods: { 'no-leak': codemod },
    target: { runtimeModule: 'kit', canUseUsing: false, style: 'auto', moduleFormat: 'esm', dependencies: new Set() },
    isWanted: () => true,
    ...changes,
  });
  return {
    after,
    results,
    buckets: results.map((result) => {
      if (result.status === 'failed') return `failed: ${result.error}`;
      const detail = result.detail === undefined ? '' : `: ${result.detail}`;
      return result.status === 'skipped' ? `skipped ${result.reason}${detail}` : `changed${detail}`;
    }),
  };
}

const IMPORT = `import { held } from 'kit';\n\n`;

describe('repairFile', () => {
  it('repairs every site and brings the import in once', async () => {
    const { after, buckets } = await repair(`leak(1);\nleak(2);\n`);
    expect(after).toBe(`${IMPORT}held(leak(1));\nheld(leak(2));\n`);
    expect(buckets).toEqual(['changed', 'changed']);
  });

  it('gives the sites as they were reported in the given text', async () => {
    const text = `leak(1);\nleak('skip');\n`;
    const { results } = await repair(text);
    expect(results.map(({ site }) => text.slice(site.start, site.end))).toEqual(['leak(1)', `leak('skip')`]);
  });

  it('changes nothing the second time', async () => {
    const { after } = await repair(`leak(1);\nleak('skip');\nleak('still');\n`);
    const second = await repair(after);
    expect(second.after).toBe(after);
    expect(second.buckets).toHaveLength(2);
  });

  it('returns the very text when nothing can be changed', async () => {
    const text = `leak('skip');\n`;
    const { after, buckets } = await repair(text);
    expect(after).toBe(text);
    expect(buckets).toEqual(['skipped ambiguous-owner: two owners']);
  });

  it('counts a site without a codemod as skipped', async () => {
    const { buckets } = await repair('noise();\n');
    expect(buckets).toEqual(['skipped no-codemod']);
  });

  it('leaves sites alone that are not wanted', async () => {
    const { after, results } = await repair('leak(1);\nleak(2);\n', { isWanted: (site) => site.start > 0 });
    expect(after).toBe(`${IMPORT}leak(1);\nheld(leak(2));\n`);
    expect(results).toHaveLength(1);
  });

  it('knows again what another rule reports in code that the change moves', async () => {
    const { after, buckets } = await repair("leak('moved'); noise();\n");
    expect(buckets).toEqual(['changed', 'skipped no-codemod']);
    expect(after).toBe(`${IMPORT}noise(); held(leak('moved'));\n`);
  });

  it.each([
    ['syntax', 'failed: The result does not parse: Invalid character.'],
    ['noise', 'failed: The result brings a new finding: `no-noise` at line 3, column 22 of the result.'],
    ['still', 'failed: The result is still reported after 16 changes: `no-leak` at line 3, column 17 of the result.'],
    ['type', 'failed: The result brings a type error: TS2322: never is never.'],
    ['overlap', 'failed: Edit [1, 15) overlaps one that ends at 15.'],
    ['throw', 'failed: The codemod stopped: no idea'],
    ['no edit', 'failed: The codemod gave no edit.'],
  ])('does not take a change that fails the proof: %s', async (argument, expected) => {
    const text = `leak('${argument}');\n`;
    const { after, buckets } = await repair(text);
    expect(buckets).toEqual([expected]);
    expect(after).toBe(text);
  });

  it('does not take edits that change nothing', async () => {
    const text = `${IMPORT}leak('nothing');\n`;
    expect((await repair(text)).buckets).toEqual(['failed: The edits change nothing.']);
  });

  it('keeps what can be kept when the changes of a file fail together', async () => {
    const { after, buckets } = await repair(`leak(1);\nleak('type');\nleak('throw');\nleak(2);\n`);
    expect(after).toBe(`${IMPORT}held(leak(1));\nleak('type');\nleak('throw');\nheld(leak(2));\n`);
    expect(buckets.map((bucket) => bucket.split(':')[0])).toEqual(['changed', 'failed', 'failed', 'changed']);
  });

  it('lets a site wait for the next round when its edits meet those of another', async () => {
    let rounds = 0;
    const counting: Codemod = {
      name: 'no-leak',
      transform: (input) => {
        rounds += 1;
        return codemod.transform(input);
      },
    };
    const { after, buckets } = await repair(`leak('wide');\nleak(2);\n`, { codemods: { 'no-leak': counting } });
    expect(after).toBe(`${IMPORT}held(leak('wide'));\nheld(leak(2));\n\n`);
    expect(buckets).toEqual(['changed', 'changed']);
    expect(rounds).toBe(2);
  });

  it('asks again after a round, since one repair can make another possible', async () => {
    const { after, buckets } = await repair(`leak('second');\nleak(1);\n`);
    expect(buckets).toEqual(['changed', 'changed']);
    expect(after).toContain(`held(leak('second'))`);
  });

  it('counts a site that went away with another as changed, and says so', async () => {
    const greedy: Codemod = {
      name: 'no-leak',
      transform: ({ text, sites }) =>
        sites.map((site, index) =>
          index === 0
            ? { status: 'changed', site, edits: [{ start: 0, end: text.length, text: 'rest();\n' }] }
            : { status: 'skipped', site, reason: 'unsupported-shape' },
        ),
    };
    const { buckets } = await repair('leak(1);\nleak(2);\n', { codemods: { 'no-leak': greedy } });
    expect(buckets).toEqual(['changed', 'changed: repaired by the change of another site']);
  });

  it('changes a site again while it is reported for another exit', async () => {
    const text = `leak(1);\nleak(3);\nleak('skip');\n`;
    const { after, buckets } = await repair(text);
    expect(after).toBe(`${IMPORT}held(leak(1));\nheld(leak(1 left));\nleak('skip');\n`);
    expect(buckets).toEqual(['changed', 'changed', 'skipped ambiguous-owner: two owners']);
  });

  it('asks once for a site that takes several changes', async () => {
    const asked: string[] = [];
    const confirm = async ({ before, after }: { before: string; after: string }) => asked.push(`${before} -> ${after.replace(IMPORT, '')}`) > 0;
    await repair('leak(3);', { confirm });
    expect(asked).toEqual(['leak(3); -> held(leak(1 left));']);
  });

  it('does not let a repair silence one site by moving its report to another', async () => {
    const swapping: Codemod = {
      name: 'no-leak',
      transform: ({ text, sites }) =>
        sites.map((site) => ({ status: 'changed', site, edits: [{ start: site.start, end: site.end, text: `other(${text.length}); leak(0)` }] })),
    };
    const { after, buckets } = await repair('leak(1);\n', { codemods: { 'no-leak': swapping } });
    expect(after).toBe('leak(1);\n');
    expect(buckets[0]).toMatch(/^failed: The result is still reported/);
  });

  it('fails a site for which the codemod gives no outcome, or two', async () => {
    const silent: Codemod = { name: 'no-leak', transform: () => [] };
    const double: Codemod = { name: 'no-leak', transform: (input) => [...codemod.transform(input), ...codemod.transform(input)] };
    expect((await repair('leak(1);\n', { codemods: { 'no-leak': silent } })).buckets).toEqual(['failed: The codemod gave 0 outcomes for one site.']);
    expect((await repair('leak(1);\n', { codemods: { 'no-leak': double } })).buckets).toEqual(['failed: The codemod gave 2 outcomes for one site.']);
  });

  it('skips a site whose import would take a name in use', async () => {
    const text = `const held = 1;\nleak(held);\n`;
    const { after, buckets } = await repair(text);
    expect(after).toBe(text);
    expect(buckets).toEqual(['skipped name-taken: `held` is declared in the file already.']);
  });

  it('asks for each proven change, in order, and leaves out what is declined', async () => {
    const asked: string[] = [];
    const { after, buckets } = await repair(`leak(1);\nleak('still');\nleak(2);\nleak(4);\n`, {
      confirm: async (proposal) => {
        asked.push(proposal.after.replace(IMPORT, '').replaceAll('\n', ' ').trim());
        return !proposal.after.includes('held(leak(2))');
      },
    });
    expect(asked).toEqual([
      `held(leak(1)); leak('still'); leak(2); leak(4);`,
      `held(leak(1)); leak('still'); held(leak(2)); leak(4);`,
      `held(leak(1)); leak('still'); leak(2); held(leak(4));`,
    ]);
    expect(after).toBe(`${IMPORT}held(leak(1));\nleak('still');\nleak(2);\nheld(leak(4));\n`);
    expect(buckets.map((bucket) => bucket.split(':')[0])).toEqual(['changed', 'failed', 'skipped declined', 'changed']);
  });

  it('says what is wrong with a text that cannot be linted', async () => {
    await expect(repair('@@')).rejects.toThrow('Invalid character.');
  });

  it('puts every site in exactly one bucket', async () => {
    const argumentsOfAll = ['1', "'skip'", "'throw'", "'syntax'", "'noise'", "'still'", "'type'", "'overlap'", "'wide'", "'second'", '2'];
    const text = argumentsOfAll.map((argument) => `leak(${argument});\n`).join('');
    const { results } = await repair(text);
    expect(results.map(({ site }) => site.start)).toEqual([...text.matchAll(/leak/g)].map(({ index }) => index));
    expect(results.every(({ status }) => ['changed', 'skipped', 'failed'].includes(status))).toBe(true);
  });
});
