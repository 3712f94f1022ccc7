import { createRequire } from 'node:module';
import type { Linter } from '@typescript-eslint/utils/ts-eslint';
import { type PresetName, getPresetRules } from './presets.js';
import { rules } from './rules.js';

const { version } = createRequire(import.meta.url)('eslint-plugin-watertight/package.json') as { version: string };

/** The ESLint plugin. `configs.<preset>` is usable as it stands in a flat config. */
const plugin = {
  meta: { name: 'eslint-plugin-watertight', namespace: 'watertight', version },
  rules,
  configs: {} as Record<PresetName, Linter.ConfigType>,
};

for (const [name, settings] of Object.entries(getPresetRules(rules))) {
  plugin.configs[name as PresetName] = { name: `watertight/${name}`, plugins: { watertight: plugin }, rules: settings };
}

export default plugin;
export { plugin as 'module.exports' };
export { type ReportedFinding, getReportedFindings } from './support/report-finding.js';
export type { AnyRule, WatertightRule } from './support/create-rule.js';
