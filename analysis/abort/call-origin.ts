import type { SourceFile } from '../source-file.js';
import { type Node, type TSESTree, getPropertyName, skipWrappers } from '../syntax/node.js';

/**
 * The origin of what a call calls, asked for only where it can matter: a plain name, which may be an alias of anything, or a
 * member with one of these names.
 */
export function getCallOrigin(file: SourceFile, call: TSESTree.CallExpression | TSESTree.NewExpression, names: ReadonlySet<string>): string | undefined {
  const callee: Node = skipWrappers(call.callee);
  if (callee.type === 'Identifier') return file.getOrigin(callee);
  if (callee.type !== 'MemberExpression') return undefined;
  const name = getPropertyName(callee);
  return name !== undefined && names.has(name) ? file.getOrigin(callee) : undefined;
}
