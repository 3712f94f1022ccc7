import { fileURLToPath } from 'node:url';

/** A place on a stack; line and column from 1. */
export interface Frame {
  /** Absolute. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The places of files in a stack as V8 prints it, `at f (file:///a.js:1:2)` and `at /a.js:1:2`, innermost first. */
export function parseFrames(stack: string): Frame[] {
  return stack.split('\n').flatMap((line) => {
    const [, place, row, column] = /(?:\(|at (?:async )?)((?:file:\/\/|\/|[A-Za-z]:[\\/])[^()]*?):(\d+):(\d+)\)?$/.exec(line.trim()) ?? [];
    const file = place === undefined ? undefined : toPath(place);
    return file === undefined ? [] : [{ file, line: Number(row), column: Number(column) }];
  });
}

function toPath(place: string): string | undefined {
  if (!place.startsWith('file:')) return place;
  try {
    // A loader may have put a query behind the name.
    return fileURLToPath(place.replace(/\?.*$/, ''));
  } catch {
    return undefined;
  }
}
