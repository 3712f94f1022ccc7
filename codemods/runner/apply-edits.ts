import { sortEdits } from 'watertight-analysis';
import type { Edit } from '../types.js';

/**
 * The text with the edits applied. Insertions at one place keep the order in which they are given. Throws a
 * `RangeError` when two edits overlap or one lies outside the text: the caller proposed something that means nothing.
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let position = 0;
  for (const edit of sortEdits(edits)) {
    if (edit.start > edit.end || edit.start < 0 || edit.end > text.length) {
      throw new RangeError(`Edit [${edit.start}, ${edit.end}) lies outside the text of ${text.length} characters.`);
    }
    if (edit.start < position) throw new RangeError(`Edit [${edit.start}, ${edit.end}) overlaps one that ends at ${position}.`);
    result += text.slice(position, edit.start) + edit.text;
    position = edit.end;
  }
  return result + text.slice(position);
}
