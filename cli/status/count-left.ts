import { dirname, relative, sep } from 'node:path';
import type { Suppressions } from '../lint/apply-suppressions.js';
import type { CheckedFile } from '../lint/finding.js';

export interface LeftCounts {
  /** Reported by `check` and by ESLint. */
  readonly reported: number;
  /** Covered by the bulk suppressions of the project. */
  readonly recorded: number;
  /** Disabled by comments; somebody has looked at these, so they are not left to do. */
  readonly disabled: number;
}

export interface LeftOver {
  readonly total: LeftCounts;
  readonly rules: Readonly<Record<string, LeftCounts>>;
  /** By folder, relative to the working directory, cut to a depth; `.` for the directory itself. */
  readonly folders: Readonly<Record<string, LeftCounts>>;
}

const NOTHING: LeftCounts = { reported: 0, recorded: 0, disabled: 0 };

export function countLeft(files: readonly CheckedFile[], cwd: string, depth: number): LeftOver {
  let total = NOTHING;
  const rules: Record<string, LeftCounts> = {};
  const folders: Record<string, LeftCounts> = {};
  for (const { path, findings } of files) {
    const folder = relative(cwd, dirname(path)).split(sep).slice(0, depth).join('/') || '.';
    for (const { rule, suppressedBy } of findings) {
      const key = suppressedBy === undefined ? 'reported' : suppressedBy === 'comment' ? 'disabled' : 'recorded';
      const addOne = (counts: LeftCounts = NOTHING): LeftCounts => ({ ...counts, [key]: counts[key] + 1 });
      total = addOne(total);
      rules[rule] = addOne(rules[rule]);
      folders[folder] = addOne(folders[folder]);
    }
  }
  return { total, rules: sortKeys(rules), folders: sortKeys(folders) };
}

/** What is still to do: disabled findings are not. */
export function sumLeft({ reported, recorded }: LeftCounts): number {
  return reported + recorded;
}

/** How many recorded findings of the rules of this plugin are no longer there, in the files that were looked at. */
export function countRepaired(files: readonly CheckedFile[], suppressions: Suppressions, suppressionsPath: string): number {
  let repaired = 0;
  for (const { path, state, findings } of files) {
    if (state === 'failed' || state === 'not-covered') continue;
    const recorded = suppressions[relative(dirname(suppressionsPath), path).split(sep).join('/')] ?? {};
    for (const [id, { count }] of Object.entries(recorded)) {
      if (!id.startsWith('watertight/')) continue;
      const found = findings.filter(({ rule, severity, suppressedBy }) => id === `watertight/${rule}` && severity === 'error' && suppressedBy !== 'comment');
      repaired += Math.max(0, count - found.length);
    }
  }
  return repaired;
}

function sortKeys<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
