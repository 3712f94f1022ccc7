import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import type { Context, PresetName } from '../context.js';
import { UsageError } from '../errors.js';
import { findFiles } from '../files/find-files.js';
import { readSuppressions } from '../files/read-suppressions.js';
import { Progress } from '../reporters/progress.js';
import { applySuppressions } from './apply-suppressions.js';
import type { CheckedFile } from './finding.js';
import { lintFiles } from './lint-files.js';
import type { LintSettings } from './lint-settings.js';
import { ProjectConfigs } from './project-configs.js';

/** The options that every command which lints has. */
export interface LintOptions {
  readonly preset?: PresetName | undefined;
  readonly rule: readonly string[];
  /** False with `--no-config`. */
  readonly config: boolean;
  readonly jobs?: number | undefined;
  readonly host: LintSettings['host'];
  readonly includeSuppressed: boolean;
}

export interface LintedPaths {
  readonly files: readonly CheckedFile[];
  readonly named: ReadonlySet<string>;
  readonly settings: LintSettings;
}

/** Finds the files, decides under which configuration each is linted, and lints them. */
export async function lintPaths(paths: readonly string[], options: LintOptions, { io, parts }: Context): Promise<LintedPaths> {
  const found = await findFiles(paths.length > 0 ? paths : ['.'], io.cwd);
  const settings = await getLintSettings(found.files, options, { io, parts });
  const progress = new Progress(io.stderr, 'checking', found.files.length);
  const job = {
    ...found,
    settings,
    jobs: options.jobs ?? availableParallelism(),
    onProgress: (done: number) => progress.update(done),
  };
  const linted = await lintFiles(job, parts.plugin, parts.canUseThreads).finally(() => progress.clear());
  if (linted.every(({ state }) => state === 'not-covered')) {
    throw new UsageError(
      'No rule is turned on for any of these files.',
      settings.owners.length > 0
        ? `${settings.owners.join(', ')} decides which rules run where. With --preset recommended the built-in settings are used instead.`
        : 'Choose another --preset or --rule.',
    );
  }
  return { files: options.includeSuppressed ? linted : await applyAll(linted, settings), named: found.named, settings };
}

/** An explicit `--preset` asks for the built-in settings, so the project's own are not loaded. */
export async function getLintSettings(files: readonly string[], options: LintOptions, { io, parts }: Pick<Context, 'io' | 'parts'>): Promise<LintSettings> {
  const usesProject = options.config && options.preset === undefined;
  const warn = (text: string) => io.stderr.write(`warning: ${text}\n`);
  const configs = new ProjectConfigs(parts.plugin);
  const owners = usesProject ? await configs.findOwners(files, warn) : [];
  const neighbours = usesProject ? configs.findNeighbours(files, owners) : [];
  return { cwd: io.cwd, preset: options.preset ?? 'recommended', host: options.host, rules: options.rule, owners, neighbours };
}

async function applyAll(files: readonly CheckedFile[], { owners, cwd }: LintSettings): Promise<CheckedFile[]> {
  let applied = [...files];
  const directories = owners.length > 0 ? new Set([cwd, ...owners.map((owner) => dirname(owner))]) : [];
  for (const directory of directories) {
    const path = join(directory, 'eslint-suppressions.json');
    const suppressions = await readSuppressions(path);
    if (suppressions) applied = applied.map((file) => (file.configPath === undefined ? file : applySuppressions(file, suppressions, path)));
  }
  return applied;
}
