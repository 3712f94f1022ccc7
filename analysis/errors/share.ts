/**
 * How much of an error a value has in it. `Detail`: a code or a status; `Text`: its message, or the error turned into
 * text; `Whole`: the error itself, or so much that the rest can be asked for; `Kept`: like `Whole`, and it survives
 * being made a string (the stack, an inspected error).
 */
export const Share = { None: 0, Detail: 1, Text: 2, Whole: 3, Kept: 4 } as const;
export type Share = (typeof Share)[keyof typeof Share];

/** What a tracker follows: the variables that hold the error, or hold it under some keys (`ctx.error`). */
export interface Tracked {
  readonly share: Share;
  /** With keys, the variable is a container and only these members hold the error. */
  readonly keys?: ReadonlySet<string> | undefined;
  /** A parameter of a constructor: what it reads of the parameter counts whole, since the argument was chosen for it. */
  readonly isOpaque?: boolean | undefined;
}

/** What is left of a share once it is text. */
export function toText(share: Share): Share {
  return share === Share.Whole ? Share.Text : share;
}

export function max(a: Share, b: Share): Share {
  return a > b ? a : b;
}

export function min(a: Share, b: Share): Share {
  return a < b ? a : b;
}
