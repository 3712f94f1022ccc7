import { basename } from 'node:path';

/** How much of a file is searched for the mark of a generator; the mark stands in the first comment. */
const HEAD_LENGTH = 2000;
/** Mean line length, in characters, above which nobody wrote the file by hand. */
const MINIFIED_LINE_LENGTH = 300;
const SMALLEST_MINIFIED = 3000;

/** Whether a tool wrote the file: by its name, by the mark that generators leave in the first comment, or minified. */
export function isGenerated(path: string, text: string): boolean {
  const name = basename(path);
  if (/[.-]min\.[cm]?jsx?$|\.(?:generated|gen)\.[cm]?[jt]sx?$|_pb2?\.[cm]?[jt]s$|\.pb\.[cm]?[jt]s$|^\.pnp\./.test(name)) return true;
  if (text.length > SMALLEST_MINIFIED && text.length / text.split('\n').length > MINIFIED_LINE_LENGTH) return true;
  const comments = /^(?:#![^\n]*\n)?(?:\s|\/\/[^\n]*(?:\n|$)|\/\*[^]*?\*\/)*/.exec(text.slice(0, HEAD_LENGTH))?.[0] ?? '';
  return /@generated\b|\bgenerated\b[^]{0,200}\bdo not (?:edit|modify)\b|\bdo not (?:edit|modify)\b[^]{0,200}\bgenerated\b/i.test(comments);
}
