import type { Node } from 'watertight-analysis';
import type { Codemod, Edit, SiteOutcome } from 'watertight-codemods';
import type { Parts } from '../../../cli/context.js';
import { getPresetRules } from '../../../rules/presets.js';
import { type AnyRule, createRule } from '../../../rules/support/create-rule.js';
import { reportFinding } from '../../../rules/support/report-finding.js';

/** Reports every `leak(…)` that is not the argument of `held(…)`; its path ends with the statement around it. */
const noLeak = createRule<'leak', { includePotential: boolean }>({
  name: 'no-leak',
  triggers: ['leak'],
  meta: {
    type: 'problem',
    docs: { description: 'Disallow leaks', preset: 'recommended', phase: 1 },
    messages: { leak: '`{{ call }}` is never closed. Hold it.' },
    options: { includePotential: { type: 'boolean', description: 'Also `drip(…)`.', default: false } },
  },
  create: (context, { includePotential }) => ({
    CallExpression(node) {
      const { callee, parent } = node;
      if (callee.type !== 'Identifier') return;
      if (callee.name !== 'leak' && !(includePotential && callee.name === 'drip')) return;
      if (parent.type === 'CallExpression' && parent.callee.type === 'Identifier' && parent.callee.name === 'held') return;
      let exit = node as unknown as Node;
      while (!/Statement$|Declaration$/.test(exit.type)) exit = exit.parent!;
      const path = [
        { kind: 'acquire' as const, node: node as never, text: `\`${callee.name}\` opens it` },
        { kind: 'exit' as const, node: exit, text: 'nothing closes it' },
      ];
      reportFinding(context, { node: node, certainty: 'certain', path }, {
        node,
        messageId: 'leak',
        data: { call: context.sourceCode.getText(node as never) },
      });
    },
  }),
});

/** A rule with an error in it: it throws at the identifier `crash`. */
const noCrash = createRule<'crash', object>({
  name: 'no-crash',
  triggers: ['crash'],
  meta: {
    type: 'problem',
    docs: { description: 'Disallow crashes', preset: 'recommended', phase: 1 },
    messages: { crash: 'Crashes.' },
    options: {},
  },
  create: () => ({
    Identifier(node) {
      if (node.name === 'crash') throw new Error('cannot follow this');
    },
  }),
});

/** Only in `strict`, so that the proof can be seen to ask rules that are not turned on. */
const noNoise = createRule<'noise', object>({
  name: 'no-noise',
  triggers: ['noise'],
  meta: {
    type: 'problem',
    docs: { description: 'Disallow noise', preset: 'strict', phase: 4 },
    messages: { noise: 'Noise.' },
    options: {},
  },
  create: (context) => ({
    'CallExpression[callee.name="noise"]'(node: never) {
      reportFinding(context, { node, certainty: 'certain', path: [] }, { node, messageId: 'noise' });
    },
  }),
});

/** Wraps the call in `held(…)`; what else it does hangs on the argument. */
const holdLeaks: Codemod = {
  name: 'no-leak',
  transform: ({ text, sites, target }) =>
    sites.map((site): SiteOutcome => {
      const argument = /\((.*)\)$/s.exec(text.slice(site.start, site.end))![1];
      if (argument === "'skip'") return { status: 'skipped', site, reason: 'ambiguous-owner', detail: 'two owners' };
      if (argument === "'throw'") throw new Error('no idea');
      const tail = { "'syntax'": ') (', "'noise'": '); noise()', "'type'": ') satisfies never' }[argument!] ?? ')';
      const edits: Edit[] = [
        { start: site.start, end: site.start, text: target.canUseUsing ? '/* using */ held(' : 'held(' },
        { start: site.end, end: site.end, text: tail },
      ];
      return { status: 'changed', site, edits, imports: [{ module: target.runtimeModule, name: 'held' }] };
    }),
};

const rules: Record<string, AnyRule> = { 'no-leak': noLeak, 'no-crash': noCrash, 'no-noise': noNoise };
const configs = Object.fromEntries(Object.entries(getPresetRules(rules)).map(([name, settings]) => [name, { rules: settings }]));

/** Small rules and a codemod of which every behaviour is known, in place of those of the plugin. */
export const testParts: Parts = {
  plugin: { meta: { name: 'eslint-plugin-watertight', namespace: 'watertight', version: '0.0.0-test' }, rules, configs: configs as never },
  loadCodemods: async () => ({ 'no-leak': holdLeaks }),
  canUseThreads: false,
};
