import { findFunction } from '../scopes/find-function.js';
import type { Variable } from '../scopes/scope.js';
import { type FunctionNode, type TSESTree, getCalleeName, isFunction, isNullish, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import { findErrorClass } from './error-class.js';
import { Share, type Tracked, max, toText } from './share.js';
import { getShareOfNew } from './share-of-new.js';
import type { ShareTracker } from './share-tracker.js';

const WRITES_OUT_ALL = /stack|inspect|trace|dump|serializ|verbose|pretty|full|debug|ansi|report/i;
const WRITES_TEXT = /mess|msg|(?<!con)text|string|descri|reason|redact|saniti|escape|strip|trim|capitali|chalk|color|bold|^(?:red|yellow|dim)$/i;
const GIVES_DETAIL = /(?:status|code|name)$/i;
const ANSWERS_YES_OR_NO = /^(?:test|includes|startsWith|endsWith|some|every|has|equals|is[A-Z]\w*|has[A-Z]\w*)$/;

/** How much of the error a call gives back, told by its name or by the function of the file that it calls. */
export function getShareOfCall(tracker: ShareTracker, node: TSESTree.CallExpression): Share {
  const callee = skipWrappers(node.callee);
  const name = getCalleeName(node.callee) ?? '';
  const errorClass = callee.type === 'Identifier' ? findErrorClass(tracker.file, callee) : undefined;
  if (errorClass?.kind === 'native') return getShareOfNew(tracker, node);
  if (ANSWERS_YES_OR_NO.test(name)) return Share.None;
  const share = tracker.join(node.arguments);
  if (callee.type === 'MemberExpression') {
    const receiver = tracker.getShare(callee.object);
    if (receiver > Share.None) {
      if (name === 'toString' || name === 'join') return max(toText(receiver), share);
      if (receiver >= Share.Whole && WRITES_OUT_ALL.test(name)) return Share.Kept;
      return max(receiver, share);
    }
  }
  if (share === Share.None) return Share.None;
  if (share >= Share.Whole && share < Share.Kept) {
    if (name === 'String' && tracker.file.isGlobal(callee)) return Share.Text;
    // A replacer lists the properties that JSON.stringify leaves out.
    if (name === 'stringify') return node.arguments.length > 1 && !isNullish(node.arguments[1]!) ? Share.Kept : Share.Text;
    const called = callee.type === 'Identifier' ? findFunction(tracker.file, callee) : undefined;
    if (called) return getShareOfReturn(tracker, called, node) ?? share;
    if (WRITES_OUT_ALL.test(name) || name === 'format') return Share.Kept;
    if (WRITES_TEXT.test(name)) return Share.Text;
    if (GIVES_DETAIL.test(name)) return Share.Detail;
  }
  return share;
}

/** What a function of the file gives back of the arguments that have a share. */
function getShareOfReturn(tracker: ShareTracker, called: FunctionNode, call: TSESTree.CallExpression): Share | undefined {
  if (tracker.depth > 3) return undefined;
  const tracked = new Map<Variable, Tracked>();
  for (const [index, argument] of call.arguments.entries()) {
    const share = tracker.getShare(argument);
    if (share === Share.None) continue;
    const parameter = called.params[index];
    const variable = parameter?.type === 'Identifier' ? tracker.file.getVariable(parameter) : undefined;
    if (!variable || argument.type === 'SpreadElement') return undefined;
    tracked.set(variable, { share });
  }
  const inner = tracker.derive(tracked);
  if (called.body.type !== 'BlockStatement') return inner.getShare(called.body);
  let share: Share | undefined;
  walk(called.body, (node) => {
    if (isFunction(node)) return false;
    if (node.type === 'ReturnStatement' && node.argument) share = max(share ?? Share.None, inner.getShare(node.argument));
    return true;
  });
  return share;
}
