import type { AnyRule } from './support/create-rule.js';
import type { PresetName, ReplacedRules, RuleSettings } from './support/plugin-types.js';

/** The rules of each preset, worked out from `meta.docs` so that a rule says in one place where it belongs. */
export function getPresetRules(rules: Readonly<Record<string, AnyRule>>): Record<PresetName, RuleSettings> {
  const all = Object.values(rules);
  const recommended = all.filter((rule) => rule.meta.docs?.preset === 'recommended');
  const phase = (last: number) => recommended.filter((rule) => rule.meta.docs!.phase <= last);
  return {
    recommended: turnOn(recommended),
    strict: turnOn(all),
    all: turnOn(all, { includePotential: true }),
    'phase-1': turnOn(phase(1)),
    'phase-2': turnOn(phase(2)),
    'phase-3': turnOn(phase(3)),
    'phase-4': turnOn(all),
  };
}

/** What stands in for rules of ESLint. An ESLint that has no such rule does not mind that it is off. */
export function getReplacedRules(settings: RuleSettings): ReplacedRules {
  return 'watertight/require-error-cause' in settings ? { 'preserve-caught-error': 'off' } : {};
}

function turnOn(rules: readonly AnyRule[], options: Record<string, unknown> = {}): RuleSettings {
  const settings: RuleSettings = {};
  for (const rule of rules) {
    const [schema] = rule.meta.schema as unknown as readonly [{ properties: Record<string, unknown> }];
    const known = Object.fromEntries(Object.entries(options).filter(([key]) => key in schema.properties));
    settings[`watertight/${rule.name}`] = Object.keys(known).length > 0 ? ['error', known] : 'error';
  }
  return settings;
}
