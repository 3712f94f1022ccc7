import { type Node, isWithin } from '../syntax/node.js';

/** Whether two places are in different branches of one test, so that only one of them runs. */
export function areExclusive(a: Node, b: Node): boolean {
  let child = a;
  for (let parent = a.parent; parent; child = parent, parent = parent.parent) {
    if (!isWithin(b, parent)) continue;
    if (parent.type === 'IfStatement' || parent.type === 'ConditionalExpression') return child !== parent.test && !isWithin(b, child) && !isWithin(b, parent.test);
    return parent.type === 'SwitchStatement';
  }
  return false;
}
