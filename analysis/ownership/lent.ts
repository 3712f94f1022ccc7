import type { SourceFile } from '../source-file.js';
import type { ResourceKind } from '../resources/resource-kind.js';
import { type Node, type TSESTree, getEnclosingRoot, isFunction, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import { matchesCallee } from './acquisitions.js';

/**
 * `await copy(new Staging(dir)); await rm(dir);`: an object that is made to work in a folder, and that nobody keeps. The function
 * that removes the folder itself, whatever became of the object, has only lent it.
 */
export function isOnlyLent(creation: TSESTree.NewExpression, argument: Node, kind: ResourceKind, file: SourceFile): boolean {
  const variable = argument.type === 'Identifier' ? file.getVariable(argument) : undefined;
  const root = getEnclosingRoot(creation);
  if (kind.onUnknownCall !== 'borrowed' || !variable || !isFunction(root) || !isTemporary(creation, file)) return false;
  let isRemoved = false;
  walk(
    root,
    (node) => {
      if (isRemoved || node.type === 'CatchClause' || (isFunction(node) && node !== root)) return false;
      if (node.type !== 'CallExpression' || node.range[0] < creation.range[1]) return true;
      isRemoved = (kind.releasers ?? []).some((releaser) => {
        const released = node.arguments[releaser.argument];
        return released?.type === 'Identifier' && file.getVariable(released) === variable && matchesCallee(releaser.calls, node, file) && !/rename|move|mv/i.test(file.getText(node.callee));
      });
      return !isRemoved;
    },
    file.visitorKeys,
  );
  return isRemoved;
}

/** An argument of a call that is waited for, or a variable of which only methods are called. */
function isTemporary(creation: Node, file: SourceFile): boolean {
  const outer = outermostWrapper(creation);
  const { parent } = outer;
  if (parent?.type === 'CallExpression') return parent.callee !== outer && outermostWrapper(parent).parent?.type === 'AwaitExpression';
  if (parent?.type !== 'VariableDeclarator' || parent.id.type !== 'Identifier') return false;
  const uses = file.getVariable(parent.id)?.references.filter((reference) => !reference.init) ?? [];
  return uses.length > 0 && uses.every(({ identifier }) => isReceiver(identifier));
}

/** staging in staging.store(…) */
function isReceiver(identifier: Node): boolean {
  const { parent } = identifier;
  if (parent?.type !== 'MemberExpression' || parent.object !== identifier) return false;
  const call = outermostWrapper(parent).parent;
  return call?.type === 'CallExpression' && skipWrappers(call.callee) === parent;
}
