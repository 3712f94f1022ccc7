import type { Linter } from 'eslint';
import { isOff } from './is-off.js';

type Rules = Readonly<Record<string, Linter.RuleEntry>>;

const NAME = 'require-error-cause';

/**
 * Where the project has ESLint's own `preserve-caught-error` on, that reports a plain `throw new Error(…)` in `catch`, and
 * `require-error-cause` reports the rest, unless its options say otherwise. A rule cannot see this: it knows no other rule.
 */
export function leavePlainErrors(rules: Rules, ofProject: Rules = {}): Rules {
  const entry = rules[NAME];
  const other = ofProject['preserve-caught-error'];
  if (entry === undefined || other === undefined || isOff(other)) return rules;
  const [severity, options] = (Array.isArray(entry) ? entry : [entry]) as [Linter.RuleSeverity, { checkPlainErrors?: boolean }?];
  return { ...rules, [NAME]: [severity, { checkPlainErrors: false, ...options }] };
}
