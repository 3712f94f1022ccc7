import type { SourceCode } from 'eslint';
import type { Plugin } from '../context.js';
import { getErrorMessage } from '../errors.js';
import { isGenerated } from '../files/is-generated.js';
import { readSource } from '../files/read-source.js';
import type { CheckedFile, CheckedFinding, FileProblem } from './finding.js';
import { getBuiltinConfig } from './get-builtin-config.js';
import { type LintConfig, mayReport, withParser } from './lint-config.js';
import type { LintSettings } from './lint-settings.js';
import { lintText } from './lint-text.js';
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
    if (!mayReport(config, text, path)) return { checked: leave(path, 'no-trigger', config.configPath) };
    const { messages, problems, sourceCode } = lintText(text, path, await withParser(config), this.#settings.cwd);
    const findings = messages.map(toCheckedFinding);
    const state = problems.some(({ kind }) => kind === 'syntax') ? 'failed' : 'linted';
    const sourceLines = pickLines(text, findings, problems);
    return { checked: { path, state, findings, problems, sourceLines, configPath: config.configPath }, sourceCode, settings: config.settings.watertight };
  }
}

function leave(path: string, state: CheckedFile['state'], configPath?: string): CheckedFile {
  return { path, state, findings: [], problems: [], sourceLines: {}, configPath };
}

function fail(path: string, problem: FileProblem): CheckedFile {
  return { ...leave(path, 'failed'), problems: [problem] };
}

/** Lines between two that are wanted are taken along up to this many, so that a path can be read without the file. */
const MAX_BETWEEN = 24;

function pickLines(text: string, findings: readonly CheckedFinding[], problems: readonly FileProblem[]): Record<number, string> {
  if (findings.length === 0 && problems.length === 0) return {};
  const wanted = new Set<number>();
  for (const { line, path } of findings) {
    const places = [line, ...path.map((step) => step.line)];
    for (const place of places) for (const near of [place - 2, place - 1, place, place + 1, place + 2]) wanted.add(near);
    addBetween(wanted, places);
  }
  for (const { line } of problems) if (line !== undefined) wanted.add(line);
  const lines = text.split(/\r\n|[\r\n\u2028\u2029]/);
  const picked = [...wanted].filter((line) => line >= 1 && line <= lines.length).sort((a, b) => a - b);
  return Object.fromEntries(picked.map((line) => [line, lines[line - 1]!]));
}

function addBetween(wanted: Set<number>, places: readonly number[]): void {
  const sorted = [...places].sort((a, b) => a - b);
  for (const [index, place] of sorted.entries()) {
    const next = sorted[index + 1];
    if (next === undefined || next - place > MAX_BETWEEN) continue;
    for (let line = place + 1; line < next; line += 1) wanted.add(line);
  }
}
