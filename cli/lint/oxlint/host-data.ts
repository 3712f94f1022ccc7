import type { CheckedFile } from '../finding.js';
import type { LintConfig } from '../lint-config.js';

/** What a run of oxlint is told. Paths are absolute. */
export interface HostData {
  /** Where `HostReport` is written when the run ends. */
  readonly reportPath: string;
  readonly rules: LintConfig['rules'];
  /** Files that the user named one by one: they are looked at even when a tool wrote them. */
  readonly named: readonly string[];
}

/** What a run of oxlint has to say, of files in which every rule came to its end. */
export interface HostReport {
  /** Those in which nothing is to be told. */
  readonly silent: readonly string[];
  readonly told: readonly CheckedFile[];
}

/** The environment variable that names the file with `HostData` as JSON. */
export const HOST_DATA = 'WATERTIGHT_OXLINT_HOST';
