import type { CheckedFile } from '../lint/finding.js';
import type { TracedLeak, UnreportedLeak } from '../trace/confirm-findings.js';
import type { TracedRun } from '../trace/run-traced.js';
import { count } from './count.js';
import { type ReportStyle, showPath } from './report-style.js';
import { getReported } from './summarize-check.js';

/** What a run of the user's command showed, beside the findings that it confirmed. */
export interface TraceReport extends Omit<TracedRun, 'held'> {
  readonly unreported: readonly UnreportedLeak[];
  readonly leaks: readonly TracedLeak[];
  readonly inTests: number;
}

export function formatTrace({ command, passes, processes, killed, unreported, inTests }: TraceReport, files: readonly CheckedFile[], style: ReportStyle): string {
  const { colors, cwd } = style;
  const reported = files.flatMap(getReported);
  const confirmed = reported.filter(({ confirmed }) => confirmed !== undefined).length;
  const notes = [
    `\`${command}\` ${passes ? 'passed' : 'failed'} in ${count(processes, 'process')}; it confirmed ${confirmed} of ${count(reported.length, 'finding')}.`,
    ...(killed > 0 ? [`${count(killed, 'process')} ended without a last record; what was held up to a second before counts.`] : []),
    ...(inTests > 0 ? [`${inTests} more were left by tests themselves.`] : []),
  ];
  const rows = unreported.map(({ file, line, column, kind, description, count: times }) =>
    [colors.bold(`${showPath(file, cwd)}:${line}:${column}`), kind, `${description}${times > 1 ? ` (${times} times)` : ''}`].join('  '),
  );
  const list = rows.length > 0 ? ['', 'Left behind in the run, without a finding:', ...rows] : [];
  return `${[...notes, ...list].join('\n')}\n`;
}

export function toJsonTrace({ unreported, leaks, ...trace }: TraceReport, cwd: string): object {
  const show = <Place extends { readonly file: string }>(place: Place) => ({ ...place, file: showPath(place.file, cwd) });
  return { ...trace, unreported: unreported.map(show), leaks: leaks.map((leak) => ({ ...leak, stack: leak.stack.map(show) })) };
}
