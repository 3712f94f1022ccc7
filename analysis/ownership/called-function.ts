import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, isFunction, skipWrappers } from '../syntax/node.js';
import { findMethod } from './classes.js';
import { findLocalFunction } from './values.js';

/** The function of the same file that a callee is: in place, by its name, or as a method of the class around the call. */
export function findCalledFunction(callee: Node, file: SourceFile): FunctionNode | undefined {
  const node = skipWrappers(callee);
  if (isFunction(node)) return node;
  if (node.type === 'Identifier') return findLocalFunction(node, file);
  return node.type === 'MemberExpression' ? findMethod(node) : undefined;
}
