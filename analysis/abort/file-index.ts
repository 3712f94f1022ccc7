import type { SourceFile } from '../source-file.js';
import type { TSESTree } from '../syntax/node.js';

/** The nodes that the abort and timer analyses start from. */
export interface FileIndex {
  readonly calls: readonly TSESTree.CallExpression[];
  readonly creations: readonly TSESTree.NewExpression[];
  readonly members: readonly TSESTree.MemberExpression[];
  readonly loops: readonly Loop[];
}

export type Loop = TSESTree.WhileStatement | TSESTree.DoWhileStatement | TSESTree.ForStatement | TSESTree.ForOfStatement;

const indexes = new WeakMap<SourceFile, FileIndex>();

export function getFileIndex(file: SourceFile): FileIndex {
  let index = indexes.get(file);
  if (!index) {
    index = {
      calls: file.getNodes('CallExpression'),
      creations: file.getNodes('NewExpression'),
      members: file.getNodes('MemberExpression'),
      loops: file.getNodes('WhileStatement', 'DoWhileStatement', 'ForStatement', 'ForOfStatement'),
    };
    indexes.set(file, index);
  }
  return index;
}
