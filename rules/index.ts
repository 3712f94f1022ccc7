import { createRequire } from 'node:module';
import { getPresetRules, getReplacedRules } from './presets.js';
import { rules } from './rules.js';
import type { Plugin, PluginConfig, PresetName } from './support/plugin-types.js';

const { version } = createRequire(import.meta.url)('eslint-plugin-watertight/package.json') as { version: string };

/** The ESLint plugin. `configs.<preset>` is usable as it stands in a flat config. */
const plugin: Plugin = {
  meta: { name: 'eslint-plugin-watertight', namespace: 'watertight', version },
  rules,
  configs: {} as Record<PresetName, PluginConfig>,
};

for (const [name, settings] of Object.entries(getPresetRules(rules))) {
  plugin.configs[name as PresetName] = { name: `watertight/${name}`, plugins: { watertight: plugin }, rules: { ...getReplacedRules(settings), ...settings } };
}

export default plugin;
export { plugin as 'module.exports' };
export { type ReportedFinding, getReportedFindings } from './support/reported-findings.js';
export { type GivenUp, getGivenUp } from './support/given-up.js';
export type { Plugin, PluginConfig, PluginRule, UnparsedFile } from './support/plugin-types.js';
export { isTestFile } from './support/is-test-file.js';
