import { dirname, join } from 'node:path';
import type { Context } from '../context.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { readSuppressions } from '../files/read-suppressions.js';
import { type LintOptions, type LintedPaths, lintPaths } from '../lint/lint-paths.js';
import { formatJson, toJsonProblems } from '../reporters/format-json.js';
import { type StatusReport, formatStatus } from '../reporters/format-status.js';
import { getReportStyle } from '../reporters/report-style.js';
import { summarizeCheck } from '../reporters/summarize-check.js';
import { countLeft, countRepaired } from '../status/count-left.js';
import { readStatusFile, writeStatusFile } from '../status/status-file.js';

export interface StatusOptions extends Omit<LintOptions, 'includeSuppressed'> {
  readonly format: 'pretty' | 'json';
  readonly color?: boolean | undefined;
  /** Folders deeper than this are counted with the one above. */
  readonly depth: number;
  /** False with `--no-save`. */
  readonly save: boolean;
  readonly stateFile: string;
}

/** Prints what is left, per rule and folder, and how it changed since the last run. Answering is success. */
export async function status(paths: readonly string[], options: StatusOptions, context: Context): Promise<ExitCode> {
  const { io, version } = context;
  const linted = await lintPaths(paths, { ...options, includeSuppressed: false }, context);
  const stateFile = join(io.cwd, options.stateFile);
  const state = await readStatusFile(stateFile);
  const scope = getScope(paths, options);
  const run = { at: new Date().toISOString(), ...countLeft(linted.files, io.cwd, options.depth) };
  const { checkedFiles, internalProblems } = summarizeCheck(linted.files);
  const report: StatusReport = { run, previous: state.runs[scope], repaired: await countAllRepaired(linted), checkedFiles };
  const reports = {
    pretty: () => formatStatus(report, getReportStyle(io, options.color)),
    json: () => formatJson('status', version, { ...report, previous: report.previous ?? null, problems: toJsonProblems(linted.files, io.cwd) }),
  };
  io.stdout.write(reports[options.format]());
  if (options.save) await writeStatusFile(stateFile, state, scope, run);
  return internalProblems > 0 ? EXIT.internal : EXIT.clean;
}

/** Runs are compared with those that looked at the same. */
function getScope(paths: readonly string[], { preset, rule, config, depth }: StatusOptions): string {
  const parts = [[...paths].sort().join(' ') || '.', config && preset === undefined ? 'project' : (preset ?? 'recommended'), [...rule].sort().join(','), `depth ${depth}`];
  return parts.filter((part) => part !== '').join(' | ');
}

async function countAllRepaired({ files, settings }: LintedPaths): Promise<number> {
  let repaired = 0;
  for (const directory of new Set(settings.owners.map((owner) => dirname(owner)))) {
    const path = join(directory, 'eslint-suppressions.json');
    const suppressions = await readSuppressions(path);
    if (suppressions) repaired += countRepaired(files, suppressions, path);
  }
  return repaired;
}
