import type { ResourceKind } from '../resources/resource-kind.js';
import type { SourceFile } from '../source-file.js';
import { type Node, getPropertyName, outermostWrapper } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import type { State } from './state.js';
import { getHoldingShape } from './values.js';

interface Context {
  readonly kind: ResourceKind;
  readonly file: SourceFile;
}

/**
 * Whether what is asked for is there to be piped into the resource: `child.stdout?.pipe(log)`, `if (child.stdout) child.stdout.pipe(log)`.
 * Such a question is put for the types; that the source is missing is not known to happen.
 */
export function pipesIntoHeld(asked: Node, state: State, context: Context): boolean {
  if (state.phase !== 'held') return false;
  const { parent } = outermostWrapper(asked);
  if (parent?.type === 'MemberExpression') return isPipeOf(parent.parent, asked, state, context);
  if (parent?.type !== 'IfStatement' || parent.test !== asked) return false;
  let isFound = false;
  walk(parent.consequent, (node) => {
    isFound ||= isPipeOf(node, asked, state, context);
    return !isFound;
  });
  return isFound;
}

function isPipeOf(node: Node | undefined, asked: Node, state: State, { kind, file }: Context): boolean {
  if (node?.type !== 'CallExpression' || node.callee.type !== 'MemberExpression' || getPropertyName(node.callee) !== 'pipe') return false;
  const [target] = node.arguments;
  return target !== undefined && file.getText(node.callee.object) === file.getText(asked) && getHoldingShape(target, state, kind, file) !== undefined;
}
