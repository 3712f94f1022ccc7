import type { ts } from 'ts-morph';
import type { Edit } from '../types.js';
import type { TextStyle } from './get-text-style.js';

/** The edits that add names behind the last element of a list in brackets, on lines of their own where the elements stand so. */
export function addToList(
  file: ts.SourceFile,
  brackets: { readonly start: number; readonly end: number },
  elements: ts.NodeArray<ts.Node>,
  names: readonly string[],
  style: Pick<TextStyle, 'eol'>,
): Edit[] {
  const last = elements.at(-1);
  if (!last) return [{ ...brackets, text: `{ ${names.join(', ')} }` }];
  const lineOf = (position: number) => file.getLineAndCharacterOfPosition(position).line;
  const isOnLinesOfItsOwn = lineOf(last.getStart(file)) > lineOf(brackets.start) && lineOf(last.end) < lineOf(brackets.end);
  if (!isOnLinesOfItsOwn) return [{ start: last.end, end: last.end, text: names.map((name) => `, ${name}`).join('') }];
  // A comment behind the last name stays with it: the new names go on the lines after.
  const lineStart = file.getPositionOfLineAndCharacter(lineOf(last.getStart(file)), 0);
  const indent = /^[ \t]*/.exec(file.text.slice(lineStart))![0];
  const rest = /^[^\r\n]*/.exec(file.text.slice(last.end))![0];
  const lineEnd = last.end + rest.length;
  const separator = `,${style.eol}${indent}`;
  const added = `${style.eol}${indent}${names.join(separator)}${elements.hasTrailingComma ? ',' : ''}`;
  const comma: Edit[] = elements.hasTrailingComma ? [] : [{ start: last.end, end: last.end, text: ',' }];
  return [...comma, { start: lineEnd, end: lineEnd, text: added }];
}
