import { placeBefore } from '../../repairs/place-statement.js';
import type { TextEdit } from '../../repairs/text-edit.js';
import { getIndent, getLineBreak, hasSemicolons } from '../../repairs/text-layout.js';
import type { SourceFile } from '../../source-file.js';
import type { Node } from '../../syntax/node.js';
import { awaitReturns, findRest, guardFrom, guardRest, skipComment } from './guard-rest.js';

/** How something with `[Symbol.dispose]()` is given back: by its declaration, or in `finally`. */
export type HoldForm = 'using' | 'try-finally';

export interface Hold {
  /** Where the declaration goes: in place of the statement, behind it, or before it, with the statement as a part of the work. */
  readonly place: 'instead' | 'behind' | 'before';
  readonly name: string;
  /** The expression that gives the `Disposable`. */
  readonly value: string;
  readonly form: HoldForm;
}

/**
 * The edits that hold a `Disposable` for as long as the block around a statement runs. Undefined where nothing follows that
 * could be waited for, or the block leaves no room.
 */
export function holdUntilEnd(file: SourceFile, node: Node, { place, name, value, form }: Hold): TextEdit[] | undefined {
  const found = findRest(node);
  if (!found) return undefined;
  const { statement, rest } = found;
  if (place !== 'before' && rest.length === 0) return undefined;
  const indent = getIndent(file.text, statement.range[0]);
  if (!indent.isOnOwnLine) return undefined;
  const end = hasSemicolons(file.text) ? ';' : '';
  const line = `${form === 'using' ? 'using' : 'const'} ${name} = ${value}${end}`;
  const release = `${name}[Symbol.dispose]();`;
  if (place === 'before') {
    if (form === 'try-finally') return guardFrom(file, statement, line, release);
    const awaited = awaitReturns(file, [statement, ...rest]);
    const placed = awaited && placeBefore(statement, [`${line.replace(/;$/, '')};`], file);
    return placed && merge(placed, awaited);
  }
  const declaring: TextEdit =
    place === 'instead'
      ? { start: statement.range[0], end: statement.range[1], text: line }
      : insertAt(skipComment(file.text, statement.range[1]), `${getLineBreak(file.text)}${indent.text}${line}`);
  const ending = form === 'using' ? awaitReturns(file, rest) : guardRest(file, statement, release);
  return ending && merge([declaring], ending);
}

function insertAt(place: number, text: string): TextEdit {
  return { start: place, end: place, text };
}

/** Both lists in the order of the text; where two begin together, those of the first come first. */
function merge(first: readonly TextEdit[], second: readonly TextEdit[]): TextEdit[] {
  return [...first, ...second].sort((a, b) => a.start - b.start || a.end - b.end);
}
