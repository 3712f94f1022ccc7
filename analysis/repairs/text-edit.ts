/** A replacement of `[start, end)` in UTF-16 offsets of the original text. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** In the order of the text; an insertion comes before a replacement that starts at the same place. */
export function sortEdits<Edit extends TextEdit>(edits: readonly Edit[]): Edit[] {
  return [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
}
