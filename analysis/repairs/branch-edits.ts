import type { Leak } from '../ownership/find-leaks.js';
import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type Node, type TSESTree, skipWrappers } from '../syntax/node.js';
import { usesHeld } from './held.js';
import { isArrowWithValue } from './place-statement.js';
import type { TextEdit } from './text-edit.js';
import { getIndent, getIndentUnit, getLineBreak, hasSemicolons } from './text-layout.js';

/**
 * return res.ok ? await res.json() : null;  →  if (!res.ok) { release; return null; } return await res.json();
 *
 * For a `return`, or an arrow function's value, that uses what is held in one branch and loses it in the other.
 * Undefined for everything else, and where a comment stands between the branches.
 */
export function getBranchEdits(place: Node, added: string, held: Variable, leak: Leak, file: SourceFile): TextEdit[] | undefined {
  const isArrow = isArrowWithValue(place);
  const value = isArrow ? place.body : place.type === 'ReturnStatement' ? place.argument : undefined;
  const node = value && skipWrappers(value);
  if (node?.type !== 'ConditionalExpression' || node !== value || usesHeld(node.test, held, leak)) return undefined;
  const isUsed = [node.consequent, node.alternate].map((branch) => usesHeld(branch, held, leak));
  if (isUsed[0] === isUsed[1]) return undefined;
  const [kept, lost, test] = isUsed[0]
    ? [node.consequent, node.alternate, negate(node.test, file)]
    : [node.alternate, node.consequent, file.getText(node.test)];
  const { text } = file;
  const between = [node.test, node.consequent, node.alternate].reduce((rest, part) => rest.replace(file.getText(part), ''), text.slice(...getOuterRange(place, isArrow)));
  if (/\/[*/]/.test(between)) return undefined;
  const isInList = !isArrow && (place.parent?.type === 'BlockStatement' || place.parent?.type === 'SwitchCase');
  const indent = getIndent(text, isArrow ? findArrow(place, text) : place.range[0]);
  if (!isArrow && (!isInList || !indent.isOnOwnLine)) return undefined;
  const unit = getIndentUnit(text);
  const lineBreak = `${getLineBreak(text)}${indent.text}`;
  const base = isArrow ? `${lineBreak}${unit}` : lineBreak;
  const end = hasSemicolons(text) ? ';' : '';
  const release = hasSemicolons(text) ? added : added.replace(/;$/, '');
  const statements = `if (${test}) {${base}${unit}${release}${base}${unit}return ${file.getText(lost)}${end}${base}}${base}return ${file.getText(kept)}${end}`;
  if (!isArrow) return [{ start: place.range[0], end: place.range[1], text: statements }];
  return [{ start: findArrow(place, text), end: place.range[1], text: ` {${base}${statements}${lineBreak}}` }];
}

/** The text that is rewritten: a whole statement, or what stands behind `=>`. */
function getOuterRange(place: Node, isArrow: boolean): [number, number] {
  return isArrow ? [(place as TSESTree.ArrowFunctionExpression).body.range[0], place.range[1]] : place.range;
}

function findArrow(fn: TSESTree.ArrowFunctionExpression, text: string): number {
  const head = text.slice(fn.range[0], fn.body.range[0]).replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, (comment) => ' '.repeat(comment.length));
  return fn.range[0] + head.lastIndexOf('=>') + 2;
}

const OPPOSITES: Readonly<Record<string, string>> = { '===': '!==', '!==': '===', '==': '!=', '!=': '==' };

/** res.ok  →  !res.ok */
function negate(test: Node, file: SourceFile): string {
  const text = file.getText(test);
  switch (test.type) {
    case 'UnaryExpression':
      if (test.operator === '!') return file.getText(test.argument);
      break;
    case 'BinaryExpression': {
      const opposite = OPPOSITES[test.operator];
      if (opposite) return `${file.getText(test.left)} ${opposite} ${file.getText(test.right)}`;
      break;
    }
    case 'Identifier':
    case 'MemberExpression':
    case 'CallExpression':
    case 'ChainExpression':
      return `!${text}`;
  }
  return `!(${text})`;
}
