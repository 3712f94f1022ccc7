import type { Linter } from 'eslint';
import type { UnparsedFile } from 'eslint-plugin-watertight';
import type { Plugin } from '../context.js';
import { parserOptions } from './parser-options.js';

/** Under which rules and options one file is linted, wherever they come from. */
export interface LintConfig {
  readonly plugin: Plugin;
  /** What the project calls the plugin, `watertight` nearly always. */
  readonly namespace: string;
  /** The rules that are turned on, by their names without the namespace. */
  readonly rules: Readonly<Record<string, Linter.RuleEntry>>;
  /** Absent in the built-in configuration until `withParser`. */
  readonly languageOptions?: Linter.LanguageOptions | undefined;
  readonly settings: NonNullable<Linter.Config['settings']>;
  readonly noInlineConfig: boolean;
  /** The project's own configuration file, when these are its settings. */
  readonly configPath?: string | undefined;
}

/** The configuration with every rule of the plugin on; those that the project configures keep their options. */
export function withAllRules(config: LintConfig): LintConfig {
  const all = Object.fromEntries(Object.keys(config.plugin.rules).map((name) => [name, 'error' as const]));
  return { ...config, rules: { ...all, ...config.rules } };
}

/** Whether a rule that is turned on may find something in a file, told by its name, its text and those of the files that it imports. */
export function mayReport(config: LintConfig, file: UnparsedFile): boolean {
  // The project's own resources come with words of their own.
  if (config.settings.watertight !== undefined) return true;
  return Object.entries(config.rules).some(([name, entry]) => {
    const [options] = Array.isArray(entry) ? (entry.slice(1) as [object?]) : [];
    return config.plugin.rules[name]?.mayReport?.(file, options) ?? true;
  });
}

/** The configuration with a parser: the project's own, or the one that reads every file as TypeScript. */
export async function withParser(config: LintConfig): Promise<LintConfig> {
  if (config.languageOptions) return config;
  // Loaded at the first file that is really parsed: it brings all of TypeScript along.
  const parser = (await import('@typescript-eslint/parser')) as unknown as Linter.Parser;
  return { ...config, languageOptions: { parser, parserOptions } };
}
