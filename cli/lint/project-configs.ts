import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import type { ESLint, Linter } from 'eslint';
import type { Plugin } from '../context.js';
import { UsageError, getErrorMessage } from '../errors.js';
import { isOff } from './is-off.js';
import { leavePlainErrors } from './leave-plain-errors.js';
import type { LintConfig } from './lint-config.js';
import type { LintSettings } from './lint-settings.js';
import { findEslintCommand, loadEslint } from './load-eslint.js';

/** The names that ESLint looks for, in its order. */
export const CONFIG_NAMES = ['js', 'mjs', 'cjs', 'ts', 'mts', 'cts'].map((extension) => `eslint.config.${extension}`);

/** The first major version of ESLint whose recommended rules have `preserve-caught-error`. */
const FIRST_WITH_RULE = 10;

/** What ESLint works out for one file; of the parts that the command uses. */
interface ComputedConfig {
  readonly plugins?: Readonly<Record<string, { readonly meta?: { readonly name?: string; readonly version?: string } }>>;
  readonly rules?: Readonly<Record<string, Linter.RuleEntry>>;
  readonly languageOptions?: Linter.LanguageOptions;
  readonly settings?: Linter.Config['settings'];
  readonly linterOptions?: { readonly noInlineConfig?: boolean };
}

/**
 * The project's own ESLint configurations. They are worked out by the project's own ESLint; the rules that then run are
 * those of this command, so that codemods meet the findings they know.
 */
export class ProjectConfigs {
  readonly #plugin: Plugin;
  readonly #nearest = new Map<string, string | undefined>();
  readonly #engines = new Map<string, Promise<ESLint>>();
  readonly #converted = new WeakMap<ComputedConfig, LintConfig | undefined>();
  #adapted: LintConfig | undefined;

  constructor(plugin: Plugin) {
    this.#plugin = plugin;
  }

  /** The configuration files above the given files that have the plugin. Those that surely have not are never run. */
  async findOwners(files: readonly string[], warn: (text: string) => void): Promise<string[]> {
    const byConfig = new Map<string, string[]>();
    for (const file of files) {
      const path = this.#findNearest(dirname(file));
      if (path !== undefined) byConfig.set(path, [...(byConfig.get(path) ?? []), file]);
    }
    const owners: string[] = [];
    for (const [path, covered] of byConfig) {
      if (readFileSync(path, 'utf8').includes('watertight')) owners.push(path);
      else if (canReachPlugin(path) && (await this.#hasPlugin(path, covered, warn))) owners.push(path);
    }
    return owners;
  }

  /** The configuration files above the given files that have no plugin, and may have `preserve-caught-error` on. */
  findNeighbours(files: readonly string[], owners: readonly string[]): string[] {
    const paths = new Set(files.map((file) => this.#findNearest(dirname(file))));
    return [...paths].filter((path) => path !== undefined && !owners.includes(path) && mayPreserveCaughtError(path)) as string[];
  }

  /** The built-in settings, less what the project's own ESLint reports in the file. */
  async adapt(builtin: LintConfig, file: string, { neighbours = [] }: LintSettings): Promise<LintConfig> {
    const path = this.#findNearest(dirname(file));
    if (path === undefined || !neighbours.includes(path)) return builtin;
    // A configuration that cannot be loaded reports nothing.
    const computed = await this.#compute(path, file).catch(() => undefined);
    const rules = leavePlainErrors(builtin.rules, computed?.rules);
    if (rules === builtin.rules) return builtin;
    this.#adapted ??= { ...builtin, rules };
    return this.#adapted;
  }

  /** The project's settings for the file; `off` when its configuration leaves it out; undefined when it has none. */
  async get(file: string, settings: LintSettings): Promise<LintConfig | 'off' | undefined> {
    const path = this.#findNearest(dirname(file));
    if (path === undefined || !settings.owners.includes(path)) return undefined;
    const computed = await this.#compute(path, file);
    if (!computed) return 'off';
    if (!this.#converted.has(computed)) this.#converted.set(computed, this.#convert(computed, path, settings));
    return this.#converted.get(computed) ?? 'off';
  }

  #findNearest(directory: string): string | undefined {
    if (!this.#nearest.has(directory)) {
      const name = CONFIG_NAMES.find((candidate) => existsSync(join(directory, candidate)));
      const parent = dirname(directory);
      const above = () => (parent === directory ? undefined : this.#findNearest(parent));
      this.#nearest.set(directory, name === undefined ? above() : join(directory, name));
    }
    return this.#nearest.get(directory);
  }

  /** Whether a configuration that does not name the plugin has it all the same, through one that it extends. */
  async #hasPlugin(path: string, files: readonly string[], warn: (text: string) => void): Promise<boolean> {
    try {
      for (const file of files) {
        const computed = await this.#compute(path, file);
        if (computed && this.#findNamespace(computed) !== undefined) return true;
      }
    } catch (error) {
      warn(`${path} could not be loaded, so the built-in preset is used: ${getErrorMessage(error)}`);
    }
    return false;
  }

  async #compute(path: string, file: string): Promise<ComputedConfig | undefined> {
    let engine = this.#engines.get(path);
    if (!engine) {
      engine = loadEslint(path);
      this.#engines.set(path, engine);
    }
    try {
      return (await (await engine).calculateConfigForFile(file)) as ComputedConfig | undefined;
    } catch (error) {
      const hint = `Correct ${basename(path)}, or run with --no-config to use the built-in preset.`;
      throw new UsageError(`The ESLint configuration ${path} could not be loaded: ${getErrorMessage(error)}`, hint, { cause: error });
    }
  }

  #findNamespace({ plugins = {} }: ComputedConfig): string | undefined {
    return Object.keys(plugins).find((name) => plugins[name]?.meta?.name === this.#plugin.meta.name);
  }

  #convert(computed: ComputedConfig, configPath: string, settings: LintSettings): LintConfig | undefined {
    const namespace = this.#findNamespace(computed);
    if (namespace === undefined) return undefined;
    const rules: Record<string, Linter.RuleEntry> = {};
    for (const [id, entry] of Object.entries(computed.rules ?? {})) {
      const name = id.slice(namespace.length + 1);
      const isWanted = settings.rules.length === 0 || settings.rules.includes(name);
      if (!id.startsWith(`${namespace}/`) || isOff(entry) || !isWanted) continue;
      if (!Object.hasOwn(this.#plugin.rules, name)) throw this.#unknownRule(id, configPath, computed.plugins?.[namespace]?.meta?.version);
      rules[name] = entry;
    }
    if (Object.keys(rules).length === 0) return undefined;
    return {
      plugin: this.#plugin,
      namespace,
      rules: leavePlainErrors(rules, computed.rules),
      languageOptions: keepTypes(computed.languageOptions ?? {}),
      settings: computed.settings ?? {},
      noInlineConfig: computed.linterOptions?.noInlineConfig ?? false,
      configPath,
    };
  }

  #unknownRule(id: string, configPath: string, version: string | undefined): UsageError {
    const own = this.#plugin.meta.version;
    const hint = `Install the same version of eslint-plugin-watertight (the project has ${version ?? 'an unknown one'}) and watertight (${own}).`;
    return new UsageError(`${configPath} turns on \`${id}\`, which this version of the command does not have.`, hint);
  }
}

/** Told without running it: it names the rule, or takes in the recommended rules of an ESLint that has it among them. */
function mayPreserveCaughtError(configPath: string): boolean {
  const text = readFileSync(configPath, 'utf8');
  if (text.includes('preserve-caught-error')) return true;
  return text.includes('@eslint/js') && Number(findEslintCommand(configPath)?.version.split('.')[0]) >= FIRST_WITH_RULE;
}

function canReachPlugin(configPath: string): boolean {
  try {
    createRequire(configPath).resolve('eslint-plugin-watertight');
    return true;
  } catch {
    return false;
  }
}

/** A text that is linted again in memory must get types again; typescript-eslint reads each file once in CI otherwise. */
function keepTypes(options: Linter.LanguageOptions): Linter.LanguageOptions {
  const { parserOptions } = options as { parserOptions?: { project?: unknown; projectService?: unknown } };
  if (!parserOptions?.project && !parserOptions?.projectService) return options;
  return { ...options, parserOptions: { ...parserOptions, disallowAutomaticSingleRunInference: true } };
}
