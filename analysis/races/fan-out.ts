import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, findEnclosingClass, findEnclosingFunction, getPropertyName, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { findMemberUses, getFunctionName } from './serialised.js';

/** Whether the file itself starts several calls of a function side by side: `Promise.all(items.map((item) => this.f(item)))`. */
export function isFannedOut(fn: FunctionNode, file: SourceFile, seen: Set<Node> = new Set<Node>()): boolean {
  if (seen.has(fn) || seen.size > 12) return false;
  seen.add(fn);
  if (isMapped(fn)) return true;
  return findCalls(fn, file).some((call) => {
    const caller = findEnclosingFunction(call);
    return caller !== undefined && isFannedOut(caller, file, seen);
  });
}

/** items.map(async (item) => …), not awaited one by one. */
function isMapped(fn: FunctionNode): boolean {
  const outer = outermostWrapper(fn);
  const call = outer.parent;
  if (call?.type !== 'CallExpression' || call.arguments[0] !== outer) return false;
  const callee = skipWrappers(call.callee);
  const method = callee.type === 'MemberExpression' ? getPropertyName(callee) : undefined;
  if (method === 'forEach') return true;
  if (method !== 'map' && method !== 'flatMap') return false;
  // Promise.all(items.map(…))
  const holder = outermostWrapper(call).parent;
  if (holder?.type !== 'CallExpression') return false;
  const outside = skipWrappers(holder.callee);
  return outside.type === 'MemberExpression' && /^(?:all|allSettled|race|any)$/.test(getPropertyName(outside) ?? '');
}

function findCalls(fn: FunctionNode, file: SourceFile): Node[] {
  const name = getFunctionName(fn);
  if (name) return (file.getVariable(name)?.references ?? []).flatMap(({ identifier }) => (isCallee(identifier) ? [identifier] : []));
  const member = fn.parent;
  if (member.type !== 'MethodDefinition' && member.type !== 'PropertyDefinition') return [];
  const key = getPropertyName(member);
  const owner = findEnclosingClass(fn);
  return key === undefined || !owner ? [] : findMemberUses(owner, key, file).filter(isCallee);
}

function isCallee(node: Node): boolean {
  const outer = outermostWrapper(node);
  return outer.parent?.type === 'CallExpression' && outer.parent.callee === outer;
}
