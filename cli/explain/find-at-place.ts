import { UsageError } from '../errors.js';
import type { CheckedFile, CheckedFinding } from '../lint/finding.js';

export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column?: number | undefined;
}

/** Reads `FILE:LINE` and `FILE:LINE:COLUMN`, as editors and the other commands print it. */
export function parsePlace(text: string): Place {
  const match = /^(.+?):(\d+)(?::(\d+))?$/.exec(text);
  if (!match) throw new UsageError(`\`${text}\` is no place in a file.`, 'Give a file and a line, such as src/a.ts:12.');
  return { file: match[1]!, line: Number(match[2]), column: match[3] === undefined ? undefined : Number(match[3]) };
}

/** The findings that stand on the line; when there are none, those whose path leads over it. */
export function findAtPlace({ findings }: CheckedFile, { line, column }: Place): CheckedFinding[] {
  const onLine = findings.filter((finding) => finding.line <= line && line <= finding.endLine);
  const exact = column === undefined ? [] : onLine.filter((finding) => finding.line === line && finding.column === column);
  if (exact.length > 0) return exact;
  return onLine.length > 0 ? onLine : findings.filter((finding) => finding.path.some((step) => step.line === line));
}
