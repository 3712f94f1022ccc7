import plugin from 'eslint-plugin-watertight';
import { getBuiltinConfig } from '../../cli/lint/get-builtin-config.js';
import { type LintConfig, withParser } from '../../cli/lint/lint-config.js';
import { type LintedText, lintText } from '../../cli/lint/lint-text.js';
import type { Draft } from './messages.js';

const ROOT = '/';

/** The name under which the rules and codemods see the text; there is no such file. */
export function getDraftPath({ language }: Pick<Draft, 'language'>): string {
  return `${ROOT}playground.${language}`;
}

/** What a preset says of a text, as `watertight check` would. */
export async function getDraftConfig({ preset }: Pick<Draft, 'preset'>): Promise<LintConfig> {
  return withParser(getBuiltinConfig({ cwd: ROOT, preset, host: 'eslint', rules: [], owners: [] }, plugin));
}

export function lintDraft(text: string, draft: Draft, config: LintConfig): LintedText {
  return lintText(text, getDraftPath(draft), config, ROOT);
}
