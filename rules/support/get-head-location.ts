import type { Node } from 'watertight-analysis';

/** Where a construct is reported: a call up to its arguments, a loop up to its body, everything else as it stands. */
export function getHeadLocation(node: Node): Node['loc'] {
  switch (node.type) {
    case 'CallExpression':
    case 'NewExpression':
      return { start: node.loc.start, end: node.callee.loc.end };
    case 'WhileStatement':
    case 'ForStatement':
    case 'ForOfStatement':
      return { start: node.loc.start, end: node.body.loc.start };
    case 'DoWhileStatement':
      return { start: node.loc.start, end: { line: node.loc.start.line, column: node.loc.start.column + 2 } };
    default:
      return node.loc;
  }
}
