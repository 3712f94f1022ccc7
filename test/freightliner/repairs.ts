import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One edit of a repair by hand. */
export interface RepairEdit {
  /** The ids in `seeded-bugs.json` that it mends, together. */
  readonly bugs: readonly string[];
  readonly file: string;
  /** Several repairs need it, an import for example: it is made when any of them is. */
  readonly shared?: boolean;
  /** Occurs exactly once, with the edits of the file before it made. */
  readonly find: string;
  /** What stands there in its place once the codemods have run. */
  readonly afterCodemods?: string;
  readonly replace: string;
}

/**
 * Repairs of all seeded bugs, written without this project's tools: with them the counts of the fixture's leak test
 * are zero, which shows that each count stands for a bug that is listed, and that the service can be mended without
 * a change of its public API.
 */
export const REPAIRS = JSON.parse(
  readFileSync(join(fileURLToPath(new URL('../../fixtures/freightliner', import.meta.url)), 'repairs.json'), 'utf8'),
) as readonly RepairEdit[];

/** The edits that leave one bug as it is. */
export function takeBack(bug: string): RepairEdit[] {
  return REPAIRS.filter(({ bugs, shared }) => !bugs.includes(bug) || (shared === true && bugs.length > 1));
}
