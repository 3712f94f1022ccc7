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

interface ReportOptions extends LintOptions {
  readonly format?: ReportFormat | undefined;
  /** Files, or `-` for standard output. */
  readonly output: readonly string[];
}

const DEFAULT_PAGE = 'watertight-report.html';

/** Writes the findings as one document or several. That there are findings is no failure here: `check` is the gate. */
export async function report(paths: readonly string[], options: ReportOptions, context: Context): Promise<ExitCode> {
  const { io, parts, version } = context;
  if (options.format !== undefined && options.output.length > 1) {
    throw new UsageError('--format is for one --output.', 'Leave it out: the names of the files say what each is to be.');
  }
  const { files } = await lintPaths(paths, options, context);
  const { errors, warnings, problems, internalProblems } = summarizeCheck(files);
  const isPage = (options.format ?? 'html') === 'html';
  for (const output of options.output.length > 0 ? options.output : [isPage ? DEFAULT_PAGE : '-']) {
    const format = options.format ?? guessFormat(output);
    const root = format === 'json' ? io.cwd : getReportRoot(io);
    const text = await renderReport(format, { files, root, toolVersion: version, rules: getRuleInfo(parts.plugin) });
    if (output === '-') {
      io.stdout.write(text);
    } else {
      await write(resolve(io.cwd, output), text);
      io.stderr.write(`${output}: ${count(errors + warnings, 'finding')}${problems > 0 ? `, ${count(problems, 'problem')}` : ''}\n`);
    }
  }
  return internalProblems > 0 ? EXIT.internal : EXIT.clean;
}

function guessFormat(output: string): ReportFormat {
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
