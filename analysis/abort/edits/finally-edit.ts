import type { TextEdit } from '../../repairs/text-edit.js';
import { type Node, outermostWrapper, skipWrappers } from '../../syntax/node.js';

/** The end of a promise chain: `p.then(a)` of `p`, through every link. */
export function findChainEnd(promise: Node): Node {
  for (let call = promise; ; ) {
    const member: Node | undefined = outermostWrapper(call).parent;
    const outer: Node | undefined = member && outermostWrapper(member).parent;
    if (member?.type !== 'MemberExpression' || outer?.type !== 'CallExpression' || skipWrappers(outer.callee) !== member) return call;
    call = outer;
  }
}

/** promise  →  promise.finally(() => release) */
export function addFinally(promise: Node, release: string): TextEdit[] {
  const end = findChainEnd(promise).range[1];
  return [{ start: end, end, text: `.finally(() => ${release.replace(/;$/, '')})` }];
}
