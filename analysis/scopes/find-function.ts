import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, isFunction, skipWrappers } from '../syntax/node.js';

/** The function that an identifier names, where the file declares it once. */
export function findFunction(file: SourceFile, identifier: Node): FunctionNode | undefined {
  const variable = file.getReference(identifier)?.resolved;
  const [definition, ...others] = variable?.defs ?? [];
  if (!variable || !definition || others.length > 0) return undefined;
  if (definition.type === 'FunctionName' && isFunction(definition.node)) return definition.node;
  const value = file.getOnlyValue(variable);
  const inner = value && skipWrappers(value);
  return inner && isFunction(inner) ? inner : undefined;
}
