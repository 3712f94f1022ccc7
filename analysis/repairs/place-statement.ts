import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, type TSESTree, isFunction } from '../syntax/node.js';
import { shiftLines } from './shift-lines.js';
import type { TextEdit } from './text-edit.js';
import { getIndent, getIndentUnit, getLineBreak, hasSemicolons } from './text-layout.js';

type ArrowWithValue = TSESTree.ArrowFunctionExpression & { body: TSESTree.Expression };
type Block = Node & { body: Node[] };

/** White space and comments. */
const TRIVIA = /^(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/;

/** The statement around a node, within its function. */
export function findStatement(node: Node): Node | undefined {
  for (let outer: Node | undefined = node; outer; outer = outer.parent) {
    if (isFunction(outer)) return undefined;
    if (/(?:Statement|Declaration)$/.test(outer.type)) return outer;
  }
  return undefined;
}

/** if (!res.ok) throw …  →  if (!res.ok) { added; throw …; } */
export function placeBefore(statement: Node, added: readonly string[], file: SourceFile): TextEdit[] | undefined {
  const type = statement.parent?.type;
  if (type === 'LabeledStatement' || type?.startsWith('Export')) return undefined;
  const isInList = type === 'BlockStatement' || type === 'Program' || type === 'SwitchCase' || type === 'StaticBlock';
  if (!isInList) return wrapInBlock(statement, added, file);
  const indent = getIndent(file.text, statement.range[0]);
  const separator = indent.isOnOwnLine ? `${getLineBreak(file.text)}${indent.text}` : ' ';
  // A line that begins so would go on with the one before it.
  const isOpen = /^[([`/+-]/.test(file.getText(statement)) || !indent.isOnOwnLine;
  const lines = added.map((text, index) => (isOpen && index === added.length - 1 ? text : style(text, file)));
  return [{ start: statement.range[0], end: statement.range[0], text: lines.map((line) => `${line}${separator}`).join('') }];
}

function wrapInBlock(statement: Node, added: readonly string[], file: SourceFile): TextEdit[] {
  const { text } = file;
  const [start, end] = statement.range;
  const { parent } = statement;
  const base = getIndent(text, parent!.range[0]).text;
  const unit = getIndentUnit(text);
  const lineBreak = getLineBreak(text);
  const inner = `${lineBreak}${base}${unit}`;
  const lines = added.map((line) => `${inner}${style(line, file)}`).join('');
  const header = findHeaderEnd(statement, file) ?? start;
  const between = text.slice(header, start);
  const edits: TextEdit[] = [];
  if (between.trim() === '') edits.push({ start: header, end: start, text: `${header === start ? '' : ' '}{${lines}${inner}` });
  else {
    edits.push({ start: header, end: header, text: ' {' });
    const own = getIndent(text, start);
    const following = own.isOnOwnLine ? `${added.map((line) => `${style(line, file)}${lineBreak}${own.text}`).join('')}` : `${lines}${inner}`;
    edits.push({ start, end: start, text: following });
  }
  if (!getIndent(text, start).isOnOwnLine) edits.push(...shiftLines(start, end, unit, statement, file));
  const isBeforeElse = parent?.type === 'IfStatement' && parent.consequent === statement && parent.alternate;
  if (!isBeforeElse) {
    const comment = /^[ \t]*\/\/[^\r\n]*/.exec(text.slice(end))?.[0] ?? '';
    edits.push({ start: end + comment.length, end: end + comment.length, text: `${lineBreak}${base}}` });
    return edits;
  }
  const gap = /^\s*(?=else\b)/.exec(text.slice(end))?.[0];
  edits.push({ start: end, end: end + (gap?.length ?? 0), text: `${lineBreak}${base}}${gap === undefined ? '' : ' '}` });
  return edits;
}

/** Where the head of the statement around a statement without braces ends: after `)` or `else`. */
function findHeaderEnd(statement: Node, file: SourceFile): number | undefined {
  const { parent } = statement;
  let from: number | undefined;
  let closing = /^\)/;
  if (parent?.type === 'IfStatement' && parent.alternate === statement) {
    from = parent.consequent.range[1];
    closing = /^else\b/;
  } else if (parent?.type === 'IfStatement' || parent?.type === 'WhileStatement') from = parent.test.range[1];
  else if (parent?.type === 'ForOfStatement' || parent?.type === 'ForInStatement') from = parent.right.range[1];
  if (from === undefined) return undefined;
  let end: number | undefined;
  for (let at = from; at < statement.range[0]; ) {
    at += TRIVIA.exec(file.text.slice(at, statement.range[0]))![0].length;
    const found = closing.exec(file.text.slice(at, statement.range[0]));
    if (!found) break;
    at += found[0].length;
    end = at;
  }
  return end;
}

/** (r) => r.ok  →  (r) => { added; return r.ok; } */
export function placeInArrow(fn: ArrowWithValue, added: readonly string[], file: SourceFile): TextEdit[] | undefined {
  const { text } = file;
  const [first, end] = fn.range;
  // Comments may have an arrow in them: they count as white space here.
  const head = text.slice(first, fn.body.range[0]).replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, (comment) => ' '.repeat(comment.length));
  const arrow = first + head.lastIndexOf('=>') + 2;
  const trivia = TRIVIA.exec(text.slice(arrow, end))![0];
  const start = arrow + trivia.length;
  const base = getIndent(text, arrow).text;
  const unit = getIndentUnit(text);
  const inner = `${getLineBreak(text)}${base}${unit}`;
  const comment = trivia.trim();
  const lines = [...(comment ? [comment] : []), ...added.map((line) => style(line, file))].map((line) => `${inner}${line}`).join('');
  const edits: TextEdit[] = [{ start: arrow, end: start, text: ` {${lines}${inner}return ` }];
  // ({ ok: r.ok })  →  { ok: r.ok }
  const isOnlyWrapped = fn.body.type === 'ObjectExpression' && text.slice(start, end) === `(${file.getText(fn.body)})`;
  if (isOnlyWrapped) edits.push({ start, end: start + 1, text: '' });
  if (!/[\r\n]/.test(trivia)) edits.push(...shiftLines(start, end, unit, fn.body, file));
  const closing = `${hasSemicolons(text) ? ';' : ''}${getLineBreak(text)}${base}}`;
  edits.push({ start: isOnlyWrapped ? end - 1 : end, end, text: closing });
  return edits;
}

/** { … }  →  { …; added; } */
export function placeAtEnd(block: Block, added: string, file: SourceFile): TextEdit[] {
  const { text } = file;
  const last = block.body.at(-1);
  const lineBreak = getLineBreak(text);
  if (!last) return [placeInEmpty(block, added, file)];
  const indent = getIndent(text, last.range[0]);
  if (indent.isOnOwnLine) {
    const at = last.range[1] + /^(?:[ \t]*(?:\/\/[^\r\n]*|\/\*[^\r\n]*?\*\/(?=[ \t]*\r?\n)))?/.exec(text.slice(last.range[1]))![0].length;
    return [{ start: at, end: at, text: `${lineBreak}${indent.text}${style(added, file)}` }];
  }
  const separator = /[;}]$/.test(file.getText(last)) ? ' ' : '; ';
  return [{ start: last.range[1], end: last.range[1], text: `${separator}${added}` }];
}

/** { … }  →  { added; … } */
export function placeAtStart(block: Block, added: string, file: SourceFile): TextEdit[] {
  const { text } = file;
  const [first] = block.body;
  if (!first) return [placeInEmpty(block, added, file)];
  const indent = getIndent(text, first.range[0]);
  const open = block.range[0] + 1;
  if (!indent.isOnOwnLine) return [{ start: open, end: open, text: ` ${added}` }];
  const at = open + /^(?:[ \t]*\/\/[^\r\n]*)?/.exec(text.slice(open))![0].length;
  return [{ start: at, end: at, text: `${getLineBreak(text)}${indent.text}${style(added, file)}` }];
}

function placeInEmpty(block: Block, added: string, file: SourceFile): TextEdit {
  const { text } = file;
  const [start, end] = block.range;
  const base = getIndent(text, start).text;
  const content = text.slice(start + 1, end - 1).trimEnd();
  const line = `${getLineBreak(text)}${base}${getIndentUnit(text)}${style(added, file)}`;
  return { start: start + 1 + content.length, end: end - 1, text: `${line}${getLineBreak(text)}${base}` };
}

/** The same statement as the file would write it. */
function style(statement: string, file: SourceFile): string {
  return hasSemicolons(file.text) ? statement : statement.replace(/;$/, '');
}

export function isArrowWithValue(node: Node | undefined): node is ArrowWithValue {
  return node?.type === 'ArrowFunctionExpression' && node.body.type !== 'BlockStatement';
}

/** Adds a parameter to a function that has none, and a first statement that uses it. */
export function placeWithParameter(fn: FunctionNode, name: string, added: string, file: SourceFile): TextEdit[] | undefined {
  const head = /^(?:async\b\s*)?(?:function\b\s*\*?\s*[\w$]*\s*)?\(\s*\)/.exec(file.getText(fn))?.[0];
  if (head === undefined) return undefined;
  const at = fn.range[0] + head.lastIndexOf('(') + 1;
  const parameter: TextEdit = { start: at, end: fn.range[0] + head.length - 1, text: name };
  const body = isArrowWithValue(fn) ? placeInArrow(fn, [added], file) : placeAtStart(fn.body, added, file);
  return body && [parameter, ...body];
}
