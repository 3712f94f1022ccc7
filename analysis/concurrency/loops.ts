import { type Node, type TSESTree, isFunction, skipWrappers } from '../syntax/node.js';

/** A loop that runs once for each element of something. */
export interface Loop {
  readonly node: TSESTree.ForOfStatement | TSESTree.ForInStatement | TSESTree.ForStatement | TSESTree.WhileStatement | TSESTree.DoWhileStatement;
  readonly body: Node;
  /** What it goes over; undefined where no list stands in its head. */
  readonly list: Node | undefined;
  /** Whether a number in its head says how often it runs. */
  readonly isBounded: boolean;
}

/** The nearest loop around a node in the same function. */
export function findLoop(node: Node): Loop | undefined {
  for (let outer = node.parent; outer && !isFunction(outer); outer = outer.parent) {
    switch (outer.type) {
      case 'ForOfStatement':
        // `for await` takes one element after the other from its source, but what the body starts goes on.
        return { node: outer, body: outer.body, list: outer.right, isBounded: false };
      case 'ForInStatement':
        return { node: outer, body: outer.body, list: outer.right, isBounded: false };
      case 'ForStatement':
        return { node: outer, body: outer.body, ...readTest(outer.test) };
      case 'WhileStatement':
      case 'DoWhileStatement':
        return { node: outer, body: outer.body, list: undefined, isBounded: false };
      default:
        break;
    }
  }
  return undefined;
}

/** i < items.length  goes over the items; i < 3 and i < workers say how often. */
function readTest(test: Node | null): Pick<Loop, 'list' | 'isBounded'> {
  if (test?.type !== 'BinaryExpression' || !/^[<>!]/.test(test.operator)) return { list: undefined, isBounded: false };
  for (const side of [test.right, test.left]) {
    const node = skipWrappers(side);
    if (node.type === 'MemberExpression' && node.property.type === 'Identifier' && node.property.name === 'length') return { list: node.object, isBounded: false };
  }
  return { list: undefined, isBounded: true };
}
