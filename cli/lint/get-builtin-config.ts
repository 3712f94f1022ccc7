import type { Linter } from 'eslint';
import type { Plugin } from '../context.js';
import type { LintConfig } from './lint-config.js';
import type { LintSettings } from './lint-settings.js';

/** The configuration for projects that have none: a preset of the plugin. */
export function getBuiltinConfig(settings: LintSettings, plugin: Plugin): LintConfig {
  const preset = (plugin.configs[settings.preset] as Linter.Config).rules ?? {};
  const inPreset = Object.fromEntries(Object.entries(preset).flatMap(([id, entry]) => (entry === undefined || !id.startsWith('watertight/') ? [] : [[id.slice('watertight/'.length), entry] as const])));
  const chosen = Object.fromEntries(settings.rules.map((name) => [name, inPreset[name] ?? ('error' as const)]));
  return {
    plugin,
    namespace: 'watertight',
    rules: settings.rules.length > 0 ? chosen : inPreset,
    settings: {},
    noInlineConfig: false,
  };
}
