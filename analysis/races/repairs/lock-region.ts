import type { Node, TSESTree } from '../../syntax/node.js';

/** The statements that are to run alone. */
export interface Region {
  readonly body: TSESTree.BlockStatement;
  readonly statements: readonly TSESTree.Statement[];
  readonly start: number;
  readonly end: number;
}

export function isInside(node: Node, { start, end }: Region): boolean {
  return node.range[0] >= start && node.range[1] <= end;
}

export function isInsideOrAround(node: Node, { start, end }: Region): boolean {
  return node.range[1] > start && node.range[0] < end;
}
