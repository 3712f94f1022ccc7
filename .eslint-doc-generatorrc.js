/** The headings of the list, by the phase that a rule names in its `meta.docs`. */
const GROUPS = { 1: 'Leaks', 2: 'Races and security', 3: 'Error context', 4: 'More' };

/** The pages and the README say of each rule what its `meta` says: `npm run docs` writes them from the built plugin. */
export default {
  pathRuleDoc: '../docs/rules/{name}.md',
  pathRuleList: '../README.md',
  ignoreConfig: ['strict', 'all', 'phase-1', 'phase-2', 'phase-3', 'phase-4'],
  configEmoji: [['recommended', '✅']],
  ruleDocTitleFormat: 'name',
  ruleDocNotices: ['description', 'configs', 'fixable', 'hasSuggestions', 'requiresTypeChecking', 'deprecated'],
  ruleDocSectionInclude: ['Why', 'Examples', 'What it proves, and what it does not', 'Options', 'Fixing', 'When not to use it'],
  ruleListColumns: ['name', 'description', 'configsError', 'fixable', 'hasSuggestions', 'deprecated'],
  ruleListSplit: (rules) =>
    Object.entries(GROUPS)
      .map(([phase, title]) => ({ title, rules: rules.filter(([, rule]) => String(rule.meta.docs.phase) === phase) }))
      .filter((list) => list.rules.length > 0),
};
