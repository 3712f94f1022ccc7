import { type Node, type TSESTree, getPropertyName, getStringValue, skipWrappers } from '../syntax/node.js';
import { Share, max } from './share.js';
import type { ShareTracker } from './share-tracker.js';

/** What holds the text of an error, or makes one of it. */
export const MESSAGE_PROPERTIES = new Set(['message', 'msg', 'shortMessage', 'description', 'reason', 'toString', 'text', 'title']);
const DETAIL_PROPERTIES = new Set(['stderr', 'stdout', 'name', 'code', 'errno', 'status', 'statusCode', 'statusText', 'exitCode', 'signal', 'path', 'syscall', 'type', 'constructor', 'length', 'line', 'column', 'lineNumber', 'columnNumber', 'link', 'action', 'hint', 'help', 'url', 'label', 'exit', 'severity', 'requestId', 'request_id']);

/** How much of the error is in `a.b`. */
export function getShareOfMember(tracker: ShareTracker, node: TSESTree.MemberExpression): Share {
  const name = getPropertyName(node);
  if (name !== undefined) return getShareOfProperty(tracker, node.object, name);
  const names = findLoopValues(tracker, node.property);
  if (!names) return getShareOfProperty(tracker, node.object, undefined);
  return names.map((value) => getShareOfProperty(tracker, node.object, value)).reduce<Share>(max, Share.None);
}

/** for (const key of ['request', 'response'] as const) … the values of `key`. */
function findLoopValues(tracker: ShareTracker, key: Node): string[] | undefined {
  const variable = key.type === 'Identifier' ? tracker.file.getReference(key)?.resolved : undefined;
  const declarator = variable?.defs[0]?.node;
  if (declarator?.type !== 'VariableDeclarator' || declarator.id.type !== 'Identifier') return undefined;
  const loop = declarator.parent.parent;
  const list = loop.type === 'ForOfStatement' && loop.left === declarator.parent ? skipWrappers(loop.right) : undefined;
  if (list?.type !== 'ArrayExpression') return undefined;
  const values = list.elements.map((element) => getStringValue(element));
  return values.every((value) => value !== undefined) ? values : undefined;
}

/** How much of the error a property of a value has; of all of its properties where the name is not known. */
export function getShareOfProperty(tracker: ShareTracker, object: Node, name: string | undefined): Share {
  const base = skipWrappers(object);
  const variable = base.type === 'Identifier' ? tracker.file.getReference(base)?.resolved : undefined;
  const tracked = variable && tracker.tracked.get(variable);
  if (tracked?.keys) return name === undefined || tracked.keys.has(name) ? tracked.share : Share.None;
  if (base.type === 'ThisExpression') return Share.None;
  const share = tracker.getShare(base);
  if (share < Share.Whole) return share;
  if (name === 'stack') return Share.Kept;
  if (name === undefined || tracked?.isOpaque) return share;
  if (MESSAGE_PROPERTIES.has(name)) return Share.Text;
  if (DETAIL_PROPERTIES.has(name)) return Share.Detail;
  return Share.Whole;
}
