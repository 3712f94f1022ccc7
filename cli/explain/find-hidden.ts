import type { Linter } from 'eslint';
import type { CheckedFinding } from '../lint/finding.js';
import type { LintConfig } from '../lint/lint-config.js';
import type { LintEngine } from '../lint/lint-engine.js';
import { type Place, findAtPlace } from './find-at-place.js';

/** What the rules would say with everything turned on, and what it takes. */
export interface HiddenFinding {
  readonly finding: CheckedFinding;
  /** One clause without a full stop. */
  readonly reason: string;
}

/** Options of which each makes a rule report more. */
const WIDER = ['includePotential', 'checkTestFiles'];

/** The findings at a place that the configuration leaves out: of rules that are off, only likely, or in tests. */
export async function findHidden(place: Place, path: string, text: string, config: LintConfig, engine: LintEngine): Promise<HiddenFinding[]> {
  const entries = Object.entries(config.plugin.rules).map(([name, { meta }]): [string, Linter.RuleEntry] => {
    const { properties = {} } = (meta.schema[0] ?? {}) as { properties?: object };
    const own = Array.isArray(config.rules[name]) ? (config.rules[name][1] as object | undefined) : undefined;
    return [name, ['error', { ...own, ...Object.fromEntries(WIDER.filter((option) => option in properties).map((option) => [option, true])) }]];
  });
  const { checked } = await engine.inspect(path, text, { ...config, rules: Object.fromEntries(entries) });
  return findAtPlace(checked, place).map((finding) => ({ finding, reason: getReason(finding, config) }));
}

function getReason({ rule, certainty }: CheckedFinding, { rules }: LintConfig): string {
  if (!(rule in rules)) return `\`${rule}\` is not turned on`;
  if (certainty === 'potential') return `not every step is known, and the option \`includePotential\` of \`${rule}\` is not set`;
  return `\`${rule}\` leaves this file out, as it does tests; its option \`checkTestFiles\` is not set`;
}
