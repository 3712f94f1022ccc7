import { type LeftCounts, type LeftOver, sumLeft } from '../status/count-left.js';
import type { StatusRun } from '../status/status-file.js';
import { count } from './count.js';
import { formatTable } from './format-table.js';
import type { ReportStyle } from './report-style.js';

export interface StatusReport {
  readonly run: StatusRun;
  /** The run before this one over the same paths and rules. */
  readonly previous: StatusRun | undefined;
  /** Recorded findings that are gone. */
  readonly repaired: number;
  readonly checkedFiles: number;
}

/** A table by rule and one by folder, with what changed since the run before. */
export function formatStatus({ run, previous, repaired, checkedFiles }: StatusReport, { colors }: ReportStyle): string {
  const since = previous ? ` Compared with ${previous.at.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}.` : '';
  const left = sumLeft(run.total);
  const head = left === 0 ? colors.green(`Nothing is left in ${count(checkedFiles, 'file')}.`) : `${count(left, 'finding')} left in ${count(checkedFiles, 'file')}.`;
  const blocks = [
    head + since,
    ...formatPart('rule', 'rules', run, previous),
    ...formatPart('folder', 'folders', run, previous),
    ...(repaired > 0 ? [`${count(repaired, 'recorded finding')} ${repaired === 1 ? 'is' : 'are'} repaired. To take them off the list: npx eslint --prune-suppressions .`] : []),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function formatPart(title: string, part: 'rules' | 'folders', run: LeftOver, previous: LeftOver | undefined): string[] {
  const names = [...new Set([...Object.keys(run[part]), ...Object.keys(previous?.[part] ?? {})])].sort();
  if (names.length === 0) return [];
  const rows = names.map((name) => toRow(name, run[part][name], previous && (previous[part][name] ?? null)));
  const total = toRow('total', run.total, previous?.total);
  const columns = [title, 'reported', 'recorded', 'left', ...(previous ? ['change'] : []), 'disabled'];
  return [formatTable(columns, [...rows, total]).join('\n')];
}

/** `before` is null when the name was not there in the run before, and undefined when there was no such run. */
function toRow(name: string, now: LeftCounts = { reported: 0, recorded: 0, disabled: 0 }, before?: LeftCounts | null): (string | number)[] {
  const change = before === undefined ? [] : [formatChange(sumLeft(now) - (before === null ? 0 : sumLeft(before)))];
  return [name, now.reported, now.recorded, sumLeft(now), ...change, now.disabled];
}

function formatChange(change: number): string {
  return change > 0 ? `+${change}` : String(change);
}
