import { writeProperty } from '../repairs/write-property.js';
import type { CallLike, Node, TSESTree } from '../syntax/node.js';
import { getIndent, getIndentUnit, getLineBreak } from '../repairs/text-layout.js';
import type { TextEdit } from '../repairs/text-edit.js';
import type { SourceFile } from '../source-file.js';
import type { CaughtError } from './caught-error.js';
import type { CausePlace } from './cause-place.js';
import type { MaskedError } from './find-masked-errors.js';

/** The edits that write `cause` (code) into the expression that makes an error. */
export function getCauseEdits(text: string, node: CallLike, place: CausePlace, cause: string): TextEdit[] {
  switch (place.kind) {
    case 'argument': {
      const argument = place.property === undefined ? cause : `{ ${writeProperty(place.property, cause)} }`;
      return addArguments(text, node, [...Array<string>(place.fill).fill('undefined'), argument]);
    }
    case 'property':
      return addProperty(text, place.object, writeProperty(place.property, cause));
    case 'instead':
      return [{ start: place.argument.range[0], end: place.argument.range[1], text: `{ ${writeProperty(place.property, cause)} }` }];
  }
}

/** The edits that bind what a `catch` without a name catches; undefined where it must stay as it is (a pattern). */
export function getBindingEdits(caught: CaughtError, name: string, text: string): TextEdit[] | undefined {
  if (caught.name !== undefined) return [];
  const { node, parameter } = caught;
  if (parameter) return undefined;
  if (node.type === 'CatchClause') {
    // catch {
    const start = node.range[0] + 'catch'.length;
    return [{ start, end: start, text: ` (${name})` }];
  }
  // () => …
  const open = text.indexOf('(', node.range[0]);
  const isEmptyList = open >= 0 && open < node.body.range[0] && /^\(\s*\)/.test(text.slice(open));
  return isEmptyList && node.params.length === 0 ? [{ start: open + 1, end: open + 1, text: name }] : undefined;
}

/** The edit that puts clean-up into a `try` of its own; undefined where it is not a statement in a block. */
export function getGuardEdit(text: string, { statement, caughtName }: Pick<MaskedError, 'statement' | 'caughtName'>): TextEdit | undefined {
  if (!statement || caughtName === undefined || statement.parent.type !== 'BlockStatement') return undefined;
  const [start, end] = statement.range;
  const step = getIndentUnit(text);
  const body = text.slice(start, end).replaceAll('\n', `\n${step}`);
  const lines = ['try {', `${step}${body}`, '} catch {', `${step}// \`${caughtName}\` says what went wrong first.`, '}'];
  return { start, end, text: lines.join(getLineBreak(text) + getIndent(text, start).text) };
}

/** How to write the caught error at a node; undefined where its name means something else there, or nothing holds all of it. */
export function findCaughtName(file: SourceFile, at: Node, { name, node, tracked }: CaughtError): string | undefined {
  if (name === undefined) return undefined;
  const [root] = name.split('.');
  const isHidden = file.scopeManager.scopes.some(({ block, set }) => {
    const isBetween = block.range[0] <= at.range[0] && at.range[1] <= block.range[1] && node.range[0] <= block.range[0];
    const other = isBetween ? set.get(root!) : undefined;
    return other !== undefined && !tracked.has(other);
  });
  return isHidden ? undefined : name;
}

/** A name for what is caught that nothing in or around the handler uses. */
export function findFreeName(file: SourceFile, caught: CaughtError): string | undefined {
  const text = file.getText(caught.node);
  const isFree = (name: string) => !new RegExp(`(?<![\\w$.])${name}(?![\\w$])`).test(text);
  return ['error', 'cause', 'caught', 'caughtError'].find(isFree);
}

/** The edits that add arguments to a call, each on a line of its own where the others are. */
export function addArguments(text: string, node: CallLike, added: readonly string[]): TextEdit[] {
  const last = node.arguments.at(-1);
  if (!last) {
    // new X  without parentheses
    const close = text[node.range[1] - 1] === ')' ? node.range[1] - 1 : undefined;
    return close === undefined
      ? [{ start: node.range[1], end: node.range[1], text: `(${added.join(', ')})` }]
      : [{ start: close, end: close, text: added.join(', ') }];
  }
  const place = getEndOfItem(text, last);
  return insertAfter(text, last, place, node.range[1], added);
}

/** The edits that add a property to an object literal, on a line of its own where the others are. */
export function addProperty(text: string, object: TSESTree.ObjectExpression, property: string): TextEdit[] {
  const last = object.properties.at(-1);
  if (!last) return [{ start: object.range[0], end: object.range[1], text: `{ ${property} }` }];
  return insertAfter(text, last, last.range[1], object.range[1], [property]);
}

/** After an argument in parentheses of its own, the closing one. */
function getEndOfItem(text: string, item: Node): number {
  let end = item.range[1];
  let start = item.range[0];
  for (;;) {
    const before = /\(\s*$/.exec(text.slice(0, start));
    const after = /^\s*\)/.exec(text.slice(end));
    const isCallParenthesis = before && /[\w$>\])]\s*\(\s*$/.test(text.slice(0, start));
    if (!before || !after || isCallParenthesis) return end;
    start = before.index;
    end += after[0].length;
  }
}

/** `, added` on the line of the last item, or on a line of its own where items stand on lines of their own. */
function insertAfter(text: string, last: Node, end: number, limit: number, added: readonly string[]): TextEdit[] {
  const rest = text.slice(end, limit);
  const comma = /^\s*,/.exec(rest)?.[0] ?? '';
  const afterComma = end + comma.length;
  // Comments behind the last item stay with it.
  const comment = /^[ \t]*(?:\/\*[^\r\n]*?\*\/[ \t]*)*(?:\/\/[^\r\n]*)?(?=\r?\n)/.exec(text.slice(afterComma, limit));
  if (!comment) {
    const list = added.join(', ');
    return [{ start: afterComma, end: afterComma, text: comma ? ` ${list},` : `, ${list}` }];
  }
  const separator = getLineBreak(text) + getIndent(text, last.range[0]).text;
  const place = afterComma + comment[0].trimEnd().length;
  const lines = separator + added.join(`,${separator}`);
  if (comma) return [{ start: place, end: place, text: `${lines},` }];
  if (place === end) return [{ start: end, end, text: `,${lines}` }];
  return [
    { start: end, end, text: ',' },
    { start: place, end: place, text: lines },
  ];
}
