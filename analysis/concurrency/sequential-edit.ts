import { type Node, type TSESTree, isFunction, skipWrappers } from '../syntax/node.js';
import { getChildren } from '../syntax/walk.js';
import type { TextEdit } from '../repairs/text-edit.js';
import type { SourceFile } from '../source-file.js';
import { dedent } from './dedent.js';
import type { UnboundedStart } from './find-unbounded-starts.js';

/**
 * `await Promise.all(items.map(async (item) => { … }))` as `for (const item of items) { … }`. Only where the statement
 * throws the results away and the body of the function can stand in a loop as it is; undefined elsewhere.
 */
export function getSequentialEdit(file: SourceFile, { node, combinator, method, list, callback, shape, holder }: UnboundedStart): TextEdit | undefined {
  const fn = callback && skipWrappers(callback);
  if (shape !== 'map' || method !== 'all' || holder || !combinator || !list || !fn || !isFunction(fn)) return undefined;
  if (combinator.arguments[0] !== node || node.arguments.length !== 1 || skipWrappers(node.callee).type !== 'MemberExpression') return undefined;
  const awaited = combinator.parent;
  const statement = awaited.type === 'AwaitExpression' ? awaited.parent : undefined;
  const [parameter, ...others] = fn.params;
  if (statement?.type !== 'ExpressionStatement' || !parameter || others.length > 0 || !canBeBound(parameter)) return undefined;
  const [start, end] = statement.range;
  const write = (part: Node) => dedent(file.text, part, start);
  const head = `for (const ${file.getText(parameter)} of ${write(list)})`;
  if (fn.body.type === 'BlockStatement') return leaves(fn.body) ? undefined : { start, end, text: `${head} ${write(fn.body)}` };
  const body = skipAwait(fn.body);
  const isOperand = body.type === 'CallExpression' || body.type === 'Identifier' || body.type === 'MemberExpression';
  return { start, end, text: `${head} await ${isOperand ? write(body) : `(${write(body)})`};` };
}

/** A type, a default or a rest cannot stand in the head of `for … of`. */
function canBeBound(parameter: TSESTree.Parameter): boolean {
  return (parameter.type === 'Identifier' || parameter.type === 'ObjectPattern' || parameter.type === 'ArrayPattern') && !parameter.typeAnnotation;
}

/** Whether `return` or `this` would mean something else in a loop. */
function leaves(node: Node): boolean {
  if (node.type === 'ReturnStatement' || node.type === 'ThisExpression') return true;
  if (isFunction(node)) return false;
  return getChildren(node).some(leaves);
}

function skipAwait(body: Node): Node {
  return body.type === 'AwaitExpression' ? body.argument : body;
}
