import { type Node, getPropertyName, skipWrappers } from '../syntax/node.js';
import { isEmptyValue } from './accesses.js';
import { decidingEdges } from './decides.js';
import type { Window } from './explore-place.js';
import type { FunctionFacts } from './function-facts.js';
import type { Place } from './place.js';

/** What the code asks of a place before it acts: that nothing is there, that something is, or how it compares. */
export type Question = 'absent' | 'present' | 'compared';

export function getQuestion(window: Window, place: Place, facts: FunctionFacts): Question {
  const { test, write, late } = window;
  if (!test) return 'compared';
  const [target] = facts.getPoints(late?.call ?? write.node);
  const leads = target ? decidingEdges(test, target, facts.graph) : [];
  const direct = isDirect(skipWrappers(test.node), place, facts);
  if (direct === undefined) return 'compared';
  // `if (cached && isFresh(cached))`: both ways out of the first operand lead on, one of them because nothing is there.
  const absent = direct ? ['false', 'nullish'] : ['true', 'present'];
  return leads.some((kind) => absent.includes(kind)) ? 'absent' : 'present';
}

/** True for a test that is true when something is there (`this.x`, `map.has(k)`, `this.x !== undefined`), false for its opposite. */
function isDirect(node: Node, place: Place, facts: FunctionFacts): boolean | undefined {
  switch (node.type) {
    case 'BinaryExpression': {
      if (node.operator === 'in') return true;
      if (!/^[!=]==?$/.test(node.operator)) return undefined;
      const isNegated = node.operator.startsWith('!');
      const sides = [skipWrappers(node.left), skipWrappers(node.right)];
      return sides.some(isNothing) ? isNegated : undefined;
    }
    case 'Identifier':
      return true;
    case 'MemberExpression': {
      // this.client.isOpen looks at the state of what is there
      const read = facts.accesses.reads.find((candidate) => candidate.node === node);
      return read && read.place.key !== place.key && !/\.(?:length|size)$/.test(read.place.key) ? undefined : true;
    }
    case 'CallExpression': {
      const method = node.callee.type === 'MemberExpression' ? getPropertyName(node.callee) : undefined;
      return method !== undefined && /^(?:has|get|getItem|includes|hasOwnProperty|hasOwn)$/.test(method) ? true : undefined;
    }
    default:
      return undefined;
  }
}

/** null, undefined, 'undefined' (of typeof), -1 (of indexOf), 0, false, but no other text. */
function isNothing(side: Node): boolean {
  if (side.type === 'UnaryExpression' && side.operator === '-') return true;
  if (side.type === 'Literal' && typeof side.value === 'string') return side.value === 'undefined';
  return isEmptyValue(side);
}
