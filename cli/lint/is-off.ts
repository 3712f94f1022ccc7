import type { Linter } from 'eslint';

/** Whether an entry of a configuration turns its rule off. */
export function isOff(entry: Linter.RuleEntry): boolean {
  const severity: unknown = Array.isArray(entry) ? entry[0] : entry;
  return severity === 0 || severity === 'off';
}
