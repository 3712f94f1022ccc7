import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Context } from '../context.js';
import { UsageError, getErrorMessage } from '../errors.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { type LintOptions, lintPaths } from '../lint/lint-paths.js';
import { getRuleInfo } from '../reporters/check-report.js';
import { count } from '../reporters/count.js';
import { getReportRoot } from '../reporters/get-report-root.js';
import { type ReportFormat, renderReport } from '../reporters/render-report.js';
import { summarizeCheck } from '../reporters/summarize-check.js';

export interface ReportOptions extends LintOptions {
  readonly format?: ReportFormat | undefined;
  readonly output?: string | undefined;
}

const DEFAULT_PAGE = 'watertight-report.html';

/** Writes the findings as a document. That there are findings is no failure here: `check` is the gate. */
export async function report(paths: readonly string[], options: ReportOptions, context: Context): Promise<ExitCode> {
  const { io, parts, version } = context;
  const format = options.format ?? guessFormat(options.output);
  const output = options.output ?? (format === 'html' ? DEFAULT_PAGE : '-');
  const { files } = await lintPaths(paths, options, context);
  const root = format === 'json' ? io.cwd : getReportRoot(io);
  const text = await renderReport(format, { files, root, toolVersion: version, rules: getRuleInfo(parts.plugin) });
  const { errors, warnings, problems, internalProblems } = summarizeCheck(files);
  if (output === '-') {
    io.stdout.write(text);
  } else {
    await write(resolve(io.cwd, output), text);
    io.stderr.write(`${output}: ${count(errors + warnings, 'finding')}${problems > 0 ? `, ${count(problems, 'problem')}` : ''}\n`);
  }
  return internalProblems > 0 ? EXIT.internal : EXIT.clean;
}

function guessFormat(output = ''): ReportFormat {
  if (/\.sarif(?:\.json)?$/i.test(output)) return 'sarif';
  if (/\.json$/i.test(output)) return 'json';
  return /\.(?:md|markdown)$/i.test(output) ? 'markdown' : 'html';
}

async function write(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  } catch (error) {
    throw new UsageError(`The report cannot be written: ${getErrorMessage(error)}`, 'Give another --output.', { cause: error });
  }
}
