/** A replacement of `[start, end)` in UTF-16 offsets of the original text. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}
