import { resolve } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import type { Context } from '../context.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { LintEngine } from '../lint/lint-engine.js';
import type { CheckedFile } from '../lint/finding.js';
import { type LintOptions, getLintSettings, lintPaths } from '../lint/lint-paths.js';
import { UsageError } from '../errors.js';
import { formatCheckGithub } from '../reporters/format-check-github.js';
import { formatCheckPretty } from '../reporters/format-check-pretty.js';
import { getRuleInfo } from '../reporters/check-report.js';
import { type TraceReport, formatTrace } from '../reporters/format-trace.js';
import { getReportRoot } from '../reporters/get-report-root.js';
import { type ReportFormat, renderReport } from '../reporters/render-report.js';
import { getReportStyle } from '../reporters/report-style.js';
import { summarizeCheck } from '../reporters/summarize-check.js';

export interface CheckOptions extends LintOptions {
  /** `pretty` when nothing is asked for, with annotations below it in a workflow of GitHub. */
  readonly format?: 'pretty' | 'github' | ReportFormat | undefined;
  readonly quiet: boolean;
  readonly color?: boolean | undefined;
  readonly stdin: boolean;
  readonly stdinFilename?: string | undefined;
  /** A command to run, which confirms findings. */
  readonly trace?: string | undefined;
}

/** Prints the findings of files, or of the text on standard input. */
export async function check(paths: readonly string[], options: CheckOptions, context: Context): Promise<ExitCode> {
  const { io } = context;
  const usesStdin = options.stdin || options.stdinFilename !== undefined;
  if (usesStdin && paths.length > 0) throw new UsageError('Paths and --stdin exclude each other.', 'Leave one of them out.');
  if (usesStdin && options.trace !== undefined) throw new UsageError('--stdin and --trace exclude each other.', 'Leave one of them out.');
  const linted = usesStdin ? [await checkStdin(options, context)] : (await lintPaths(paths, options, context)).files;
  const { files, trace } = options.trace === undefined ? { files: linted } : await traceCommand(options.trace, linted, io);
  io.stdout.write(await print(files, trace, options, context));
  const { errors, problems, internalProblems } = summarizeCheck(files);
  if (internalProblems > 0) return EXIT.internal;
  return errors + problems > 0 ? EXIT.findings : EXIT.clean;
}

/** Runs the user's command, and marks what it confirms. */
async function traceCommand(command: string, linted: readonly CheckedFile[], io: Context['io']): Promise<{ files: readonly CheckedFile[]; trace: TraceReport }> {
  const { confirmFindings } = await import('../trace/confirm-findings.js');
  const { runTraced } = await import('../trace/run-traced.js');
  const { held, ...run } = await runTraced(command, io);
  const { files, ...rest } = confirmFindings(linted, held, io.cwd);
  return { files, trace: { ...run, ...rest } };
}

async function print(files: readonly CheckedFile[], trace: TraceReport | undefined, { format, color, quiet }: CheckOptions, { io, parts, version }: Context): Promise<string> {
  const root = getReportRoot(io);
  const annotations = () => formatCheckGithub(files, root);
  if (format === 'github') return annotations();
  if (format !== undefined && format !== 'pretty') {
    return renderReport(format, { files, root: format === 'json' ? io.cwd : root, trace, toolVersion: version, rules: getRuleInfo(parts.plugin) });
  }
  const style = getReportStyle(io, color);
  const pretty = formatCheckPretty(files, style, quiet) + (trace ? `\n${formatTrace(trace, files, style)}` : '');
  return format === undefined && io.env.GITHUB_ACTIONS === 'true' ? pretty + annotations() : pretty;
}

async function checkStdin(options: CheckOptions, { io, parts }: Context): Promise<CheckedFile> {
  const path = resolve(io.cwd, options.stdinFilename ?? 'stdin.ts');
  const settings = await getLintSettings([path], options, { io, parts });
  const engine = new LintEngine(settings, parts.plugin);
  const config = await engine.findConfig(path);
  if (!config) throw new UsageError(`No rule is turned on for ${path}.`, 'Choose another --stdin-filename, --preset or --rule.');
  const text = await readAll(io.stdin);
  return engine.lintLoaded(path, text.replace(/^\uFEFF/, ''), config);
}
