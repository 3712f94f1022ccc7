import type { RuleDocs } from './rule-docs.js';

/** A file that a host has read and not parsed. */
export interface UnparsedFile {
  readonly text: string;
  /** Absolute. */
  readonly filename: string;
  /** Where the run was started: the folders from there to the file tell whether it is a test, too. */
  readonly cwd?: string;
}

/**
 * A rule as the package shows it to TypeScript. It fits the types of every ESLint and of typescript-eslint, and names
 * neither: what is not installed along with the plugin must not stand in its declarations.
 */
export interface PluginRule {
  readonly name: string;
  /** Whether the rule, with these options and without settings, may find something in a file, told by its name, its text and those of the files that it imports. */
  readonly mayReport?: ((file: UnparsedFile, options?: object) => boolean) | undefined;
  readonly defaultOptions?: [object];
  readonly meta: {
    readonly type: 'problem' | 'suggestion' | 'layout';
    readonly docs?: RuleDocs;
    readonly messages: Record<string, string>;
    readonly fixable?: 'code' | 'whitespace';
    readonly hasSuggestions?: boolean;
    readonly schema: object[];
    readonly defaultOptions?: [object];
  };
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the context of ESLint 8, 9, 10 or oxlint, and a listener for any of them
  create(context: any): any;
}

export type PresetName = 'recommended' | 'strict' | 'all' | 'phase-1' | 'phase-2' | 'phase-3' | 'phase-4';
export type RuleSettings = Record<`watertight/${string}`, 'error' | 'warn' | ['error' | 'warn', object]>;

/** Rules of ESLint that report what a rule of the preset reports, too: off, so that no place is reported twice. */
export type ReplacedRules = Partial<Record<'preserve-caught-error', 'off'>>;

/** A flat configuration that turns on the rules of a preset. */
export interface PluginConfig {
  readonly name: string;
  readonly plugins: { readonly watertight: Plugin };
  readonly rules: RuleSettings & ReplacedRules;
}

export interface Plugin {
  readonly meta: { readonly name: string; readonly namespace: string; readonly version: string };
  readonly rules: Record<string, PluginRule>;
  readonly configs: Record<PresetName, PluginConfig>;
}
