import type { PresetName } from '../context.js';

/** How files are linted. Plain data: it crosses threads. */
export interface LintSettings {
  readonly cwd: string;
  readonly preset: PresetName;
  /** `eslint`: every file is linted by it. `auto`: oxlint, where it is installed, takes what it can where there are many. */
  readonly host: 'auto' | 'eslint';
  /** Only these rules; empty for all that the configuration turns on. */
  readonly rules: readonly string[];
  /** The ESLint configuration files of the project that have the plugin, and so decide about the files below them. */
  readonly owners: readonly string[];
  /** Those that have not, and may turn on a rule of ESLint that reports the same places. */
  readonly neighbours?: readonly string[] | undefined;
}
