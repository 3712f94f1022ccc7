import type { SourceCode } from 'eslint';
import type { Plugin } from '../context.js';
import { getErrorMessage } from '../errors.js';
import { isGenerated } from '../files/is-generated.js';
import { readSource } from '../files/read-source.js';
import type { CheckedFile, FileProblem } from './finding.js';
import { getBaseDirectory } from './get-base-directory.js';
import { getBuiltinConfig } from './get-builtin-config.js';
import { leave } from './leave.js';
import { type LintConfig, mayReport, withParser } from './lint-config.js';
import type { LintSettings } from './lint-settings.js';
import { lintText } from './lint-text.js';
import { pickLines } from './pick-lines.js';
import { ProjectConfigs } from './project-configs.js';
import { toCheckedFinding } from './to-checked-finding.js';

export interface InspectedFile {
  readonly checked: CheckedFile;
  readonly sourceCode?: SourceCode | undefined;
  /** `settings.watertight` of the configuration. */
  readonly settings?: unknown;
}

/** Lints files one at a time under the configuration of each; what one process or thread needs for it. */
export class LintEngine {
  readonly #settings: LintSettings;
  readonly #configs: ProjectConfigs;
  readonly #builtin: LintConfig;

  constructor(settings: LintSettings, plugin: Plugin) {
    this.#settings = settings;
    this.#configs = new ProjectConfigs(plugin);
    this.#builtin = getBuiltinConfig(settings, plugin);
  }

  /** Undefined when no rule is turned on for the file. */
  async findConfig(path: string): Promise<LintConfig | undefined> {
    const config = (await this.#configs.get(path, this.#settings)) ?? (await this.#configs.adapt(this.#builtin, path, this.#settings));
    return config === 'off' || Object.keys(config.rules).length === 0 ? undefined : config;
  }

  /** A generated file is only looked at when the user named it. */
  async lintFile(path: string, isNamed: boolean): Promise<CheckedFile> {
    let text: string;
    try {
      ({ text } = await readSource(path));
    } catch (error) {
      return fail(path, { kind: 'unreadable', message: getErrorMessage(error), hint: 'Check that the file exists and can be read.' });
    }
    const config = await this.findConfig(path);
    if (!config) return leave(path, 'not-covered');
    if (!isNamed && isGenerated(path, text)) return leave(path, 'generated');
    return this.lintLoaded(path, text, config);
  }

  async lintLoaded(path: string, text: string, config: LintConfig): Promise<CheckedFile> {
    return (await this.inspect(path, text, config)).checked;
  }

  /** As `lintLoaded`, with what the rules looked at, where they did. */
  async inspect(path: string, text: string, config: LintConfig): Promise<InspectedFile> {
    if (!mayReport(config, { text, filename: path, cwd: getBaseDirectory(path, this.#settings.cwd) })) return { checked: leave(path, 'no-trigger', config.configPath) };
    const { messages, problems, sourceCode } = lintText(text, path, await withParser(config), this.#settings.cwd);
    const findings = messages.map(toCheckedFinding);
    const state = problems.some(({ kind }) => kind === 'syntax') ? 'failed' : 'linted';
    const sourceLines = pickLines(text, findings, problems);
    return { checked: { path, state, findings, problems, sourceLines, configPath: config.configPath }, sourceCode, settings: config.settings.watertight };
  }
}

function fail(path: string, problem: FileProblem): CheckedFile {
  return { ...leave(path, 'failed'), problems: [problem] };
}
