import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import type { Target } from 'watertight-codemods';
import type { Context } from '../context.js';
import { UsageError } from '../errors.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { askForEach } from '../fix/ask-for-each.js';
import { keepPassing } from '../fix/keep-passing.js';
import { keepTogether } from '../fix/keep-together.js';
import { type FilePlan, hasChanges } from '../fix/plan.js';
import { planFile } from '../fix/plan-file.js';
import { runCheck } from '../fix/run-check.js';
import { takeBackPlan, writePlan } from '../fix/write-plan.js';
import { LintEngine } from '../lint/lint-engine.js';
import { type LintOptions, type LintedPaths, lintPaths } from '../lint/lint-paths.js';
import { findPackage } from '../project/find-package.js';
import { type FixReport, formatFixPretty } from '../reporters/format-fix-pretty.js';
import { formatFixJson } from '../reporters/format-fix-json.js';
import { Progress } from '../reporters/progress.js';
import { getReportStyle } from '../reporters/report-style.js';
import { getReported, summarizeCheck } from '../reporters/summarize-check.js';
import { summarizeFix } from '../reporters/summarize-fix.js';

export interface FixOptions extends LintOptions {
  readonly format: 'pretty' | 'json';
  readonly quiet: boolean;
  readonly color?: boolean | undefined;
  readonly write: boolean;
  readonly interactive: boolean;
  readonly style: Target['style'];
  readonly runtimeModule: string;
  readonly verify?: string | undefined;
  /** Thread signals through calls instead of repairing what is reported. */
  readonly threadSignals?: boolean | undefined;
}

/** How much of a failing check is shown. */
const LAST_LINES = 20;

/** Repairs what `check` reports: shows the changes, or writes those that are proven, and tells what became of each site. */
export async function fix(paths: readonly string[], options: FixOptions, context: Context): Promise<ExitCode> {
  const { io, version } = context;
  const isWrite = options.write || options.interactive;
  if (options.verify !== undefined && !isWrite) throw new UsageError('--verify runs after writing.', 'Add --write or --interactive.');
  if (options.threadSignals && options.interactive) {
    throw new UsageError('--interactive asks for each place, and a chain of calls changes as a whole.', 'Leave it out to see the changes, or give --write.');
  }
  const { planned, files } = await plan(paths, options, context);
  const plans = isWrite ? await writeAll(planned, options, context) : planned;

  const missingPackages = await findMissingPackages(plans, options.runtimeModule);
  const report: FixReport = { plans, files, isWrite, missingPackages };
  const style = getReportStyle(io, options.color);
  io.stdout.write(options.format === 'json' ? formatFixJson(report, style, version) : formatFixPretty(report, style, options.quiet));

  const { reported, changed } = summarizeFix(plans);
  const { problems, internalProblems } = summarizeCheck(files);
  if (internalProblems > 0) return EXIT.internal;
  const isOpen = isWrite ? changed < reported : reported > 0;
  return isOpen || problems > 0 ? EXIT.findings : EXIT.clean;
}

async function plan(paths: readonly string[], options: FixOptions, context: Context): Promise<{ readonly planned: FilePlan[]; readonly files: LintedPaths['files'] }> {
  if (options.threadSignals) {
    // It brings the parser along.
    const { threadFiles } = await import('../fix/thread-files.js');
    return { planned: await threadFiles(paths, options, context), files: [] };
  }
  const linted = await lintPaths(paths, options, context);
  return { planned: await planAll(linted, options, context), files: linted.files };
}

async function planAll({ files, settings }: LintedPaths, options: FixOptions, { io, parts }: Context): Promise<FilePlan[]> {
  const open = files.filter((file) => getReported(file).length > 0);
  if (open.length === 0) return [];
  const { TypeProjects } = await import('watertight-codemods');
  const interview = options.interactive ? askForEach(io, getReportStyle(io, options.color)) : undefined;
  const tools = {
    cwd: io.cwd,
    engine: new LintEngine(settings, parts.plugin),
    types: new TypeProjects({ bundledTypes: findBundledTypes() }),
    codemods: await parts.loadCodemods(),
    target: { cwd: io.cwd, runtimeModule: options.runtimeModule, style: options.style },
    confirm: interview?.confirm,
  };
  const progress = new Progress(io.stderr, 'repairing', open.length);
  const plans: FilePlan[] = [];
  try {
    for (const file of open) {
      plans.push(await planFile(file, tools));
      if (!interview) progress.update(plans.length);
    }
  } finally {
    progress.clear();
    interview?.close();
  }
  return plans;
}

/** The types of the runtime that came with this command, for projects that have not installed it yet. */
function findBundledTypes(): Record<string, string> {
  const types = createRequire(import.meta.url).resolve('watertight-runtime').replace(/\.js$/, '.d.ts');
  return existsSync(types) ? { 'watertight-runtime': types } : {};
}

async function writeAll(plans: readonly FilePlan[], { verify, threadSignals }: FixOptions, { io }: Context): Promise<FilePlan[]> {
  const changing = plans.filter(hasChanges);
  const others = plans.filter((plan) => !hasChanges(plan));
  let written: FilePlan[];
  if (threadSignals && verify === undefined) {
    written = await keepTogether(changing, { write: writePlan, takeBack: takeBackPlan });
  } else if (verify === undefined) {
    written = [];
    for (const plan of changing) written.push(await writePlan(plan));
  } else {
    written = changing.length === 0 ? [] : await writeVerified(changing, verify, threadSignals ? keepTogether : keepPassing, io);
  }
  const byPath = new Map([...written, ...others].map((plan) => [plan.path, plan]));
  return plans.map((plan) => byPath.get(plan.path)!);
}

async function writeVerified(plans: readonly FilePlan[], command: string, keep: typeof keepPassing, io: Context['io']): Promise<FilePlan[]> {
  const run = async () => {
    io.stderr.write(`running ${command}\n`);
    const { passes, output } = await runCheck(command, io.cwd);
    if (!passes) io.stderr.write(`${command} failed; its last lines:\n${output.trimEnd().split('\n').slice(-LAST_LINES).join('\n')}\n`);
    return passes;
  };
  if (!(await run())) {
    throw new UsageError(`\`${command}\` fails before anything is changed, so nothing was written.`, 'Make it pass first, or leave --verify out.');
  }
  return keep(plans, { write: writePlan, takeBack: takeBackPlan, check: run });
}

async function findMissingPackages(plans: readonly FilePlan[], runtimeModule: string): Promise<string[]> {
  if (/^\.{0,2}\//.test(runtimeModule)) return [];
  for (const plan of plans.filter(hasChanges)) {
    const isNew = plan.text.includes(runtimeModule) && !plan.source.text.includes(runtimeModule);
    if (isNew && !(await findPackage(plan.path)).dependencies.has(runtimeModule)) return [runtimeModule];
  }
  return [];
}
