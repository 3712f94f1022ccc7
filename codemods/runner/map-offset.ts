import { sortEdits } from 'watertight-analysis';
import type { Edit } from '../types.js';

/** Where a place of the old text stands in the new one. */
export interface MappedOffset {
  /** Known when no edit rewrote the place, or the rewritten text keeps it at its head or tail. */
  readonly exact: number | undefined;
  /** The part of the new text that holds the place; of no length when `exact` is all there is to say. */
  readonly start: number;
  readonly end: number;
}

/** Follows an offset through edits that do not overlap. A text inserted exactly at the offset pushes it back. */
export function mapOffset(offset: number, edits: readonly Edit[], text: string): MappedOffset {
  let shift = 0;
  for (const edit of sortEdits(edits)) {
    if (edit.start > offset) break;
    const isInside = offset < edit.end;
    if (isInside) return mapInside(offset, edit, text, shift);
    shift += edit.text.length - (edit.end - edit.start);
  }
  return { exact: offset + shift, start: offset + shift, end: offset + shift };
}

function mapInside(offset: number, edit: Edit, text: string, shift: number): MappedOffset {
  const old = text.slice(edit.start, edit.end);
  const start = edit.start + shift;
  const end = start + edit.text.length;
  const limit = Math.min(old.length, edit.text.length);
  let head = 0;
  while (head < limit && old[head] === edit.text[head]) head += 1;
  let tail = 0;
  while (tail < limit - head && old[old.length - 1 - tail] === edit.text[edit.text.length - 1 - tail]) tail += 1;
  if (offset - edit.start < head) return { exact: start + (offset - edit.start), start, end };
  if (edit.end - offset <= tail) return { exact: end - (edit.end - offset), start, end };
  return { exact: undefined, start, end };
}
