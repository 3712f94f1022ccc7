import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, type TSESTree, findEnclosingFunction, getPropertyName, isWithin, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { type Uses, findCallsByName } from './release-loss.js';
import { findClearedTimer } from './timer-calls.js';

/** Sorts the uses of the variable that holds a timer. */
export function getTimerUses(file: SourceFile, variable: Variable): Uses {
  const clears: TSESTree.CallExpression[] = [];
  let isOutOfSight = false;
  for (const reference of variable.references) {
    const node = reference.identifier;
    if (reference.isWrite() && !reference.isRead()) continue;
    const call = findClearingCall(file, node);
    if (call) clears.push(call);
    else if (!isNeutral(node)) isOutOfSight = true;
  }
  // A declaration that others import.
  if (variable.defs.some((definition) => definition.parent?.parent?.type === 'ExportNamedDeclaration')) isOutOfSight = true;
  const helpers = new Map<FunctionNode, readonly TSESTree.CallExpression[]>();
  for (const clear of clears) {
    const helper = findEnclosingFunction(clear);
    // A function around the timer as a whole is no helper.
    const isInside = helper && !isWithin(variable.identifiers[0] ?? variable.scope.block, helper);
    const calls = isInside ? findCallsByName(file, helper) : undefined;
    if (helper && calls) helpers.set(helper, calls);
  }
  return { clears, helpers, isOutOfSight };
}

function findClearingCall(file: SourceFile, node: Node): TSESTree.CallExpression | undefined {
  const value = outermostWrapper(node);
  const { parent } = value;
  if (parent?.type === 'CallExpression' && findClearedTimer(file, parent) === node) return parent;
  if (parent?.type === 'MemberExpression' && parent.object === value) {
    const method = getPropertyName(parent);
    const isDispose = parent.computed && /Symbol\.(?:asyncD|d)ispose/.test(file.getText(parent.property));
    const outer = outermostWrapper(parent);
    if ((method === 'close' || isDispose) && outer.parent?.type === 'CallExpression' && outer.parent.callee === outer) return outer.parent;
  }
  return undefined;
}

/** if (t), !t, t !== undefined, t.refresh(), typeof t: looks at the timer and keeps nothing. */
function isNeutral(node: Node): boolean {
  const value = outermostWrapper(node);
  const { parent } = value;
  switch (parent?.type) {
    case 'IfStatement':
    case 'WhileStatement':
    case 'ConditionalExpression':
      return parent.test === value;
    case 'UnaryExpression':
      return true;
    case 'BinaryExpression':
      return true;
    case 'LogicalExpression':
      return parent.left === value || isNeutral(parent);
    case 'ExpressionStatement':
      return true;
    case 'MemberExpression': {
      const method = parent.object === value ? getPropertyName(parent) : undefined;
      return method === 'refresh' || method === 'hasRef' || method === 'ref';
    }
    default:
      return false;
  }
}

/** Whether the handle of a timer is read off `this` anywhere in `owner`, other than to see whether it is set. */
export function isFieldRead(file: SourceFile, member: TSESTree.MemberExpression): boolean {
  const value = outermostWrapper(member);
  const { parent } = value;
  if (parent?.type === 'AssignmentExpression' && skipWrappers(parent.left) === member) return false;
  return !isNeutral(member);
}
