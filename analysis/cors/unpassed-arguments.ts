import type { SourceFile } from '../source-file.js';
import { type Node, getCalleeName, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { getFunctionUses } from './functions.js';
import { getRequestOrigins } from './request-origin.js';

/** Whether every caller is known and leaves an argument out, or one property of it. */
export function isNeverPassed(file: SourceFile, fn: Parameters<typeof getFunctionUses>[1], index: number, property: Node | undefined): boolean {
  if (!property && isBeyondCall(file, fn, index)) return true;
  const { calls, escapes } = getFunctionUses(file, fn);
  if (escapes || calls.length === 0) return false;
  return calls.every((call) => {
    if (call.arguments.some(({ type }) => type === 'SpreadElement')) return false;
    const argument = call.arguments[index];
    if (!argument) return true;
    const node = skipWrappers(argument);
    if (!property) return node.type === 'Identifier' && node.name === 'undefined';
    const key = property.parent?.type === 'AssignmentPattern' ? property.parent.parent : property.parent;
    const keyName = key?.type === 'Property' && key.key.type === 'Identifier' ? key.key.name : undefined;
    if (node.type !== 'ObjectExpression' || keyName === undefined) return false;
    return node.properties.every((one) => one.type === 'Property' && !one.computed && one.key.type === 'Identifier' && one.key.name !== keyName);
  });
}

/** A third parameter of `origin: (origin, callback) => …`, or a fourth of a handler: the library passes no such argument. */
export function isBeyondCall(file: SourceFile, fn: Parameters<typeof getFunctionUses>[1], index: number): boolean {
  if (getRequestOrigins(file).isOriginCallback(fn)) return index >= 2;
  const { parent } = outermostWrapper(fn);
  if (parent?.type !== 'CallExpression' || parent.callee.type !== 'MemberExpression') return false;
  const [first] = fn.params;
  const isHandler = /^(?:use|all|get|post|put|patch|delete|options)$/.test(getCalleeName(parent.callee) ?? '') && first?.type === 'Identifier' && /^_?req(?:uest)?$/.test(first.name);
  return isHandler && index >= 3;
}
