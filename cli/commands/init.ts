import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Context } from '../context.js';
import { UsageError, getErrorMessage } from '../errors.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { decodeSource, encodeSource } from '../files/read-source.js';
import { createSource, writeSource } from '../files/write-source.js';
import { askPhase, canAsk } from '../init/ask-phase.js';
import { type ConfigEdit, editConfig } from '../init/edit-config.js';
import { findConfigsBelow } from '../init/find-configs-below.js';
import { findConfig } from '../init/find-config.js';
import { PHASES, type Phase, getPreset } from '../init/phases.js';
import { recordFindings } from '../init/record-findings.js';
import { reportsTwice } from '../init/reports-twice.js';
import { writeNewConfig } from '../init/write-new-config.js';
import { findEslintCommand, loadEslint } from '../lint/load-eslint.js';
import { findPackage } from '../project/find-package.js';
import { count } from '../reporters/count.js';
import { formatDiff } from '../reporters/format-diff.js';
import { getReportStyle, showPath } from '../reporters/report-style.js';

export interface InitOptions {
  readonly phase?: Phase | undefined;
  /** False with `--no-record`; undefined records when the configuration changed. */
  readonly record?: boolean | undefined;
  readonly dryRun: boolean;
  readonly color?: boolean | undefined;
}

interface Plan {
  readonly path: string;
  /** Undefined when there is no such file yet. */
  readonly before: Buffer | undefined;
  readonly after: Buffer;
  readonly edit: ConfigEdit;
}

/** Adds the plugin to the ESLint configuration, and records today's findings, so that only new code is judged. */
export async function init(options: InitOptions, context: Context): Promise<ExitCode> {
  const { io, parts } = context;
  const found = findConfig(io.cwd);
  const phase = options.phase ?? (canAsk(io) && !(await hasPlugin(found)) ? await askPhase(io) : 1);
  const plan = found === undefined ? await planNew(io.cwd, phase) : await planEdit(found, phase, options.phase !== undefined);
  const say = (text: string) => io.stdout.write(`${text}\n`);
  const name = showPath(plan.path, io.cwd);

  if (options.dryRun) {
    const { colors } = getReportStyle(io, options.color);
    const diff = formatDiff(name, plan.before?.toString('utf8') ?? '', plan.after.toString('utf8'), colors);
    io.stdout.write(diff === '' ? `${name} has the plugin already; nothing would change.\n` : diff);
    return EXIT.clean;
  }
  const { change } = plan.edit;
  const warning = change === 'kept' ? undefined : await writeProven(plan);
  if (change === 'kept') {
    say(`${name} has the plugin already${plan.edit.before ? ` (phase ${plan.edit.before})` : ''}; it was not changed.`);
    const isRecorded = existsSync(join(dirname(plan.path), 'eslint-suppressions.json'));
    if (options.record === undefined && !isRecorded) say("To have only new code judged, record today's findings: watertight init --record");
  } else {
    say(`${name}: ${plan.before ? (change === 'moved' ? 'moved to' : 'added') : 'written, with'} the preset phase-${phase} (${PHASES[phase]}).`);
  }
  if (warning !== undefined) {
    io.stderr.write(`warning: ${warning}\nToday's findings were not recorded.\n`);
    return EXIT.clean;
  }
  if (change !== 'kept' && (await reportsTwice(plan.path))) {
    io.stderr.write(`warning: ${name} turns \`preserve-caught-error\` on behind the preset, so a plain \`throw new Error()\` in \`catch\` is reported twice. Move the preset to the end.\n`);
  }

  for (const other of await findConfigsBelow(plan.path)) {
    io.stderr.write(`warning: ${showPath(other, io.cwd)} is the configuration of the files below it, and has no plugin. Run watertight init there as well; then, to lint from here, watertight init --record.\n`);
  }

  if (options.record === false || (change === 'kept' && options.record !== true)) return EXIT.clean;
  const rules = getNewRules(change === 'kept' ? (plan.edit.before ?? 4) : phase, change === 'moved' ? plan.edit.before : undefined, parts.plugin);
  const isRecorded = await record(plan.path, rules, context);
  return isRecorded ? EXIT.clean : EXIT.findings;
}

async function hasPlugin(path: string | undefined): Promise<boolean> {
  return path !== undefined && (await readFile(path, 'utf8')).includes('eslint-plugin-watertight');
}

async function planNew(cwd: string, phase: Phase): Promise<Plan> {
  const require = createRequire(join(cwd, 'package.json'));
  const canReach = (name: string) => {
    try {
      return require.resolve(name) !== '';
    } catch {
      return false;
    }
  };
  const { type } = await findPackage(join(cwd, 'package.json'));
  const typescriptParser = (['typescript-eslint', '@typescript-eslint/parser'] as const).find(canReach);
  const text = writeNewConfig({ phase, typescriptParser });
  const path = join(cwd, type === 'module' ? 'eslint.config.js' : 'eslint.config.mjs');
  return { path, before: undefined, after: Buffer.from(text), edit: { text, change: 'added', before: undefined } };
}

async function planEdit(path: string, phase: Phase, isPhaseWanted: boolean): Promise<Plan> {
  const source = decodeSource(await readFile(path));
  const edit = editConfig(path, source.text, phase, isPhaseWanted);
  return { path, before: source.bytes, after: encodeSource(edit.text, source), edit };
}

/**
 * Writes the configuration and lets the project's ESLint load it. One that could be loaded before and cannot now is put
 * back. Gives what the user should know when nothing could be shown.
 */
async function writeProven({ path, before, after }: Plan): Promise<string | undefined> {
  if (!canReachPlugin(path)) {
    await (before ? writeSource(path, before, after) : createSource(path, after));
    return `eslint-plugin-watertight is not installed beside ${path}. Install it: npm install --save-dev eslint eslint-plugin-watertight\nThen: watertight init --record`;
  }
  const failedBefore = before && (await tryLoad(path));
  await (before ? writeSource(path, before, after) : createSource(path, after));
  const failedAfter = await tryLoad(path);
  if (failedAfter === undefined) return undefined;
  // What fails otherwise than before may fail because of the change.
  if (failedBefore === failedAfter) return `${path} could not be loaded, before the change neither: ${failedAfter}\nOnce it loads: watertight init --record`;
  if (before) await writeSource(path, after, before);
  throw new UsageError(
    `${path} could not be loaded with the preset, so it was ${before ? 'put back as it was' : 'left as it was written'}: ${failedAfter}`,
    "Add it by hand, at the end of what the file exports: import watertight from 'eslint-plugin-watertight' and watertight.configs['phase-1'].",
  );
}

function canReachPlugin(configPath: string): boolean {
  try {
    return createRequire(configPath).resolve('eslint-plugin-watertight') !== '';
  } catch {
    return false;
  }
}

/** Why ESLint cannot work with a configuration; undefined when it can. */
async function tryLoad(path: string): Promise<string | undefined> {
  try {
    const eslint = await loadEslint(path);
    for (const name of ['probe.js', 'probe.ts']) await eslint.calculateConfigForFile(join(dirname(path), name));
    return undefined;
  } catch (error) {
    return getErrorMessage(error);
  }
}

/** The rules, with their namespace, of a phase that an earlier one had not. */
function getNewRules(phase: Phase, earlier: Phase | undefined, plugin: Context['parts']['plugin']): string[] {
  const rulesOf = (each: Phase) => Object.keys((plugin.configs[getPreset(each)] as { rules?: object }).rules ?? {}).filter((rule) => rule.startsWith('watertight/'));
  const known = earlier === undefined ? [] : rulesOf(earlier);
  return rulesOf(phase).filter((rule) => !known.includes(rule));
}

/** Records the findings and says what was recorded. Gives whether it went as it should. */
async function record(configPath: string, rules: readonly string[], { io }: Context): Promise<boolean> {
  const eslint = findEslintCommand(configPath);
  if (!eslint || !canReachPlugin(configPath)) {
    io.stderr.write(`warning: today's findings were not recorded: ${eslint ? 'eslint-plugin-watertight' : 'ESLint'} is not installed. Install it, then run: watertight init --record\n`);
    return true;
  }
  if (rules.length === 0) return true;
  const recording = await recordFindings(configPath, rules, eslint);
  const list = showPath(join(dirname(configPath), 'eslint-suppressions.json'), io.cwd);
  switch (recording.state) {
    case 'unsupported':
      io.stderr.write(`warning: ESLint ${recording.version} cannot record findings (9.24 and later can), so today's findings will be reported.\n`);
      return true;
    case 'failed':
      io.stderr.write(`error: today's findings were not recorded, because ESLint stopped: ${recording.reason}\n`);
      return false;
    case 'recorded':
      io.stdout.write(
        recording.findings === 0
          ? 'Today there is nothing to record: none of these rules finds anything new.\n'
          : `${list}: ${count(recording.findings, 'finding')} of today recorded in ${count(recording.files, 'file')}; only new ones are reported from now on.\n`,
      );
      if (recording.findings > 0) io.stdout.write('Commit it with the configuration. Once some are repaired: npx eslint --prune-suppressions .\n');
      return true;
  }
}
