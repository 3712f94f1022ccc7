import type { SourceFile } from '../source-file.js';
import type { Node, TSESTree } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';

/** The nodes that the abort and timer analyses start from, collected in one walk for all of them. */
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
  if (!index) indexes.set(file, (index = collect(file)));
  return index;
}

function collect(file: SourceFile): FileIndex {
  const calls: TSESTree.CallExpression[] = [];
  const creations: TSESTree.NewExpression[] = [];
  const members: TSESTree.MemberExpression[] = [];
  const loops: Loop[] = [];
  walk(
    file.ast,
    (node: Node) => {
      switch (node.type) {
        case 'CallExpression':
          calls.push(node);
          break;
        case 'NewExpression':
          creations.push(node);
          break;
        case 'MemberExpression':
          members.push(node);
          break;
        case 'WhileStatement':
        case 'DoWhileStatement':
        case 'ForStatement':
        case 'ForOfStatement':
          loops.push(node);
          break;
        default:
      }
    },
    file.visitorKeys,
  );
  return { calls, creations, members, loops };
}
