import { resolve } from 'node:path';
import type { Context } from '../context.js';
import { UsageError, getErrorMessage } from '../errors.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { type SourceText, readSource } from '../files/read-source.js';
import { type InspectedFile, LintEngine } from '../lint/lint-engine.js';
import { isNotice } from '../lint/finding.js';
import { type LintOptions, getLintSettings } from '../lint/lint-paths.js';
import { describeSilence } from '../explain/describe-silence.js';
import { findHidden } from '../explain/find-hidden.js';
import { findAtPlace, parsePlace } from '../explain/find-at-place.js';
import { formatExplanation } from '../reporters/format-explanation.js';
import { formatProblem } from '../reporters/format-check-pretty.js';
import { formatJson, toJsonFinding, toJsonProblems } from '../reporters/format-json.js';
import { getReportStyle } from '../reporters/report-style.js';

export interface ExplainOptions extends LintOptions {
  readonly format: 'pretty' | 'json';
  readonly color?: boolean | undefined;
}

/** Draws the paths of the findings at a place. Answering is success, whether there are any or not. */
export async function explain(placeText: string, options: ExplainOptions, context: Context): Promise<ExitCode> {
  const { io, parts, version } = context;
  const place = parsePlace(placeText);
  const path = resolve(io.cwd, place.file);
  const { text } = await read(path, place.file);
  const length = text.split(/\r\n|[\r\n\u2028\u2029]/).length;
  if (place.line < 1 || place.line > length) throw new UsageError(`${place.file} has no line ${place.line}.`, `Its last line is ${length}.`);

  const engine = new LintEngine(await getLintSettings([path], options, { io, parts }), parts.plugin);
  const config = await engine.findConfig(path);
  const inspected = config ? await engine.inspect(path, text, config) : notCovered(path);
  const { checked } = inspected;
  const style = getReportStyle(io, options.color);
  const findings = findAtPlace(checked, place);
  const hidden = config && findings.length === 0 ? await findHidden(place, path, text, config, engine) : [];
  const silence = findings.length > 0 ? undefined : describeSilence(inspected, place, hidden);
  const reports = {
    json: () =>
      formatJson('explain', version, {
        findings: findings.map((finding) => toJsonFinding(finding, checked, io.cwd)),
        problems: toJsonProblems([checked], io.cwd),
        silence: silence ?? null,
      }),
    pretty: () =>
      [
        ...findings.map((finding) => formatExplanation(finding, checked, style)),
        ...checked.problems.map((problem) => formatProblem(problem, checked, style)),
        ...(silence === undefined ? [] : [silence]),
      ]
        .map((block) => `${block}\n`)
        .join('\n'),
  };
  io.stdout.write(reports[options.format]());
  return checked.problems.some((problem) => !isNotice(problem)) ? EXIT.findings : EXIT.clean;
}

async function read(path: string, shown: string): Promise<SourceText> {
  try {
    return await readSource(path);
  } catch (error) {
    throw new UsageError(`${shown} cannot be read: ${getErrorMessage(error)}`, 'Give a file and a line, such as src/a.ts:12.', { cause: error });
  }
}

function notCovered(path: string): InspectedFile {
  return { checked: { path, state: 'not-covered', findings: [], problems: [], sourceLines: {} } };
}
