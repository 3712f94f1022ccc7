import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type Node, getPropertyName, skipWrappers } from '../syntax/node.js';

/** `new AbortController()`: the global, a polyfill, or one that was handed in under that name. */
export function isControllerCreation(file: SourceFile, expression: Node): boolean {
  const node = skipWrappers(expression);
  if (node.type !== 'NewExpression') return false;
  const callee = skipWrappers(node.callee);
  if (file.getOrigin(callee) === 'global:AbortController') return true;
  if (callee.type === 'Identifier') return callee.name === 'AbortController';
  return callee.type === 'MemberExpression' && getPropertyName(callee) === 'AbortController';
}

/** The variable of a controller that the code made itself: `const controller = new AbortController()`. */
export function findOwnController(file: SourceFile, expression: Node): Variable | undefined {
  const node = skipWrappers(expression);
  if (node.type !== 'Identifier') return undefined;
  const variable = file.getVariable(node);
  const value = variable && file.getOnlyValue(variable);
  return value && isControllerCreation(file, value) ? variable : undefined;
}
