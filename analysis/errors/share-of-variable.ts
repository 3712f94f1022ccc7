import type { Reference, Variable } from '../scopes/scope.js';
import { type Node, type TSESTree, getPropertyName, getStringValue, skipWrappers } from '../syntax/node.js';
import { isReportingCall } from './is-reporting-call.js';
import { Share, max, toText } from './share.js';
import { MESSAGE_PROPERTIES, getShareOfProperty } from './share-of-member.js';
import type { ShareTracker } from './share-tracker.js';

/** How much of the error the values of a variable have, with what is added to them later. */
export function findShareOfVariable(tracker: ShareTracker, variable: Variable): Share {
  if (variable.defs[0]?.type !== 'Variable') return Share.None;
  let share: Share = Share.None;
  let isText = true;
  for (const reference of variable.references) {
    if (!reference.isWrite() || !reference.writeExpr) continue;
    isText &&= isTextExpression(reference.writeExpr);
    share = max(share, getShareOfWrite(tracker, reference));
  }
  // Text cannot be added to later; everything else can: `details.push(error)`, `failure.cause = error`.
  return isText ? share : max(share, getShareOfAdditions(tracker, variable));
}

function getShareOfWrite(tracker: ShareTracker, reference: Reference): Share {
  const value = reference.writeExpr!;
  const { parent } = reference.identifier;
  if (parent?.type === 'AssignmentExpression' && parent.operator === '+=') return toText(tracker.getShare(value));
  const name = findTakenProperty(reference.identifier);
  const share = tracker.getShare(value);
  if (name === undefined || share < Share.Whole) return share;
  return getShareOfProperty(tracker, value, name);
}

/** What statements add to the value of a variable after it was made: assigned members, calls that get both. */
export function getShareOfAdditions(tracker: ShareTracker, variable: Variable): Share {
  let share: Share = Share.None;
  for (const { identifier } of variable.references) {
    const use = findOutermostMember(identifier);
    const { parent } = use;
    if (!parent) continue;
    if (use !== identifier && parent.type === 'AssignmentExpression' && parent.left === use) {
      const isMessage = use.type === 'MemberExpression' && getPropertyName(use) === 'message';
      const added = tracker.getShare(parent.right);
      share = max(share, isMessage ? toText(added) : added);
    } else if (parent.type === 'CallExpression' && !isReportingCall(parent)) {
      const isReceiver = parent.callee === use && use !== identifier;
      const isArgument = use === identifier && parent.arguments.includes(identifier as TSESTree.Expression);
      if (!isReceiver && !isArgument) continue;
      const others = tracker.join(parent.arguments.filter((argument) => argument !== identifier));
      share = max(share, isArgument && others < Share.Whole ? Share.None : others);
    }
  }
  return share;
}

function isTextExpression(node: Node): boolean {
  const inner = skipWrappers(node);
  if (inner.type === 'ConditionalExpression') return isTextExpression(inner.consequent) && isTextExpression(inner.alternate);
  if (inner.type === 'LogicalExpression') return isTextExpression(inner.right);
  if (inner.type === 'BinaryExpression') return inner.operator === '+';
  if (inner.type === 'MemberExpression') return MESSAGE_PROPERTIES.has(getPropertyName(inner) ?? '');
  return inner.type === 'TemplateLiteral' || getStringValue(inner) !== undefined;
}

/** `name` of `const { name } = value`, `{ name: x }`; undefined where the whole value is taken. */
function findTakenProperty(identifier: Node): string | undefined {
  let node = identifier;
  if (node.parent?.type === 'AssignmentPattern') node = node.parent;
  const property = node.parent;
  return property?.type === 'Property' && property.parent.type === 'ObjectPattern' ? getPropertyName(property) : undefined;
}

/** `a.b.c` for the `a` in it. */
function findOutermostMember(identifier: Node): Node {
  let node = identifier;
  for (;;) {
    const { parent } = node;
    if (parent?.type === 'MemberExpression' && parent.object === node) node = parent;
    else if (parent && skipWrappers(parent) !== parent && skipWrappers(parent) === skipWrappers(node)) node = parent;
    else return node;
  }
}
