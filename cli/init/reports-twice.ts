import { dirname, join } from 'node:path';
import type { Linter } from 'eslint';
import { isOff } from '../lint/is-off.js';
import { loadEslint } from '../lint/load-eslint.js';

/** Whether `preserve-caught-error` and `require-error-cause` both report a plain `throw new Error(…)` under a configuration. */
export async function reportsTwice(configPath: string): Promise<boolean> {
  const eslint = await loadEslint(configPath);
  const computed = (await eslint.calculateConfigForFile(join(dirname(configPath), 'probe.js'))) as { rules?: Record<string, Linter.RuleEntry> } | undefined;
  const rules = computed?.rules ?? {};
  const theirs = rules['preserve-caught-error'];
  const [, ours] = Object.entries(rules).find(([id]) => id.endsWith('/require-error-cause')) ?? [];
  if (!theirs || !ours || isOff(theirs) || isOff(ours)) return false;
  const options = (Array.isArray(ours) ? ours[1] : undefined) as { checkPlainErrors?: boolean } | undefined;
  return options?.checkPlainErrors !== false;
}
