import type { Variable } from '../scopes/scope.js';
import { type CallLike, type Node, type TSESTree, getPropertyName, isFunction, skipWrappers } from '../syntax/node.js';
import { getChildren, walk } from '../syntax/walk.js';
import { type ErrorClass, findErrorClass } from './error-class.js';
import { isReportingCall } from './is-reporting-call.js';
import { Share, type Tracked, max, min, toText } from './share.js';
import type { ShareTracker } from './share-tracker.js';

/** How much of the error an error made by `new X(…)` or `Error(…)` has in it. */
export function getShareOfNew(tracker: ShareTracker, node: CallLike): Share {
  const errorClass = findErrorClass(tracker.file, node.callee);
  return getShareOfArguments(tracker, errorClass, node.arguments);
}

function getShareOfArguments(tracker: ShareTracker, errorClass: ErrorClass | undefined, args: readonly TSESTree.CallExpressionArgument[]): Share {
  if (args.some((argument) => argument.type === 'SpreadElement')) {
    // What a spread hands over cannot be told apart.
    return tracker.join(args) > Share.None ? Share.Whole : Share.None;
  }
  if (errorClass?.kind === 'native') return getShareOfNative(tracker, errorClass.base, args);
  if (errorClass?.kind === 'local') return getShareOfLocal(tracker, errorClass, args);
  return tracker.join(args);
}

function getShareOfNative(tracker: ShareTracker, base: string, args: readonly TSESTree.CallExpressionArgument[]): Share {
  if (base === 'SuppressedError') return tracker.join(args);
  const first = base === 'AggregateError' ? 1 : 0;
  let share: Share = base === 'AggregateError' && args[0] ? tracker.getShare(args[0]) : Share.None;
  const [message, options] = args.slice(first);
  if (message) share = max(share, toText(tracker.getShare(message)));
  if (options) share = max(share, getShareOfNativeOptions(tracker, options));
  return share;
}

/** `new Error(message, options)` reads `cause` of its options and nothing else (ECMA-262 InstallErrorCause). */
function getShareOfNativeOptions(tracker: ShareTracker, options: Node): Share {
  const node = skipWrappers(options);
  if (node.type === 'ObjectExpression') {
    let share: Share = Share.None;
    for (const property of node.properties) {
      if (property.type === 'SpreadElement') share = max(share, tracker.getShare(property.argument));
      else if (getPropertyName(property) === 'cause' || property.computed) share = max(share, tracker.getShare(property.value));
    }
    return share;
  }
  if (node.type === 'ConditionalExpression') return max(getShareOfNativeOptions(tracker, node.consequent), getShareOfNativeOptions(tracker, node.alternate));
  if (node.type === 'LogicalExpression') return max(getShareOfNativeOptions(tracker, node.left), getShareOfNativeOptions(tracker, node.right));
  const variable = node.type === 'Identifier' ? tracker.file.getReference(node)?.resolved : undefined;
  const tracked = variable && tracker.tracked.get(variable);
  // new Error('message', error): the error is taken for options, and only its own cause is kept.
  if (tracked && !tracked.isOpaque && !tracked.keys) return Share.Detail;
  return tracker.getShare(node);
}

/** Reads the constructor: an argument counts for what the constructor does with its parameter. */
function getShareOfLocal(tracker: ShareTracker, errorClass: Extract<ErrorClass, { kind: 'local' }>, args: readonly TSESTree.CallExpressionArgument[]): Share {
  let share: Share = Share.None;
  for (const [index, argument] of args.entries()) {
    const given = tracker.getShare(argument);
    if (given === Share.None) continue;
    share = max(share, min(given, getFate(tracker, errorClass, index, argument)));
  }
  return share;
}

function getFate(tracker: ShareTracker, { node, constructor }: Extract<ErrorClass, { kind: 'local' }>, index: number, argument: Node): Share {
  if (tracker.depth > 3) return Share.Whole;
  let parameter: Node | undefined = constructor.params[index];
  if (!parameter) {
    const last = constructor.params.at(-1);
    return last?.type === 'RestElement' || mentionsArguments(constructor) ? Share.Kept : Share.None;
  }
  if (parameter.type === 'TSParameterProperty') return Share.Kept;
  if (parameter.type === 'AssignmentPattern') parameter = parameter.left;
  const tracked = trackParameter(tracker, parameter, skipWrappers(argument));
  if (!tracked) return Share.Kept;
  if (tracked.size === 0) return Share.None;
  const inner = tracker.derive(tracked);
  const base = node.superClass ? findErrorClass(tracker.file, node.superClass) : undefined;
  let share: Share = Share.None;
  walk(
    constructor.body,
    (statement) => {
      if (statement.type === 'CallExpression') {
        if (statement.callee.type === 'Super') share = max(share, getShareOfArguments(inner, base, statement.arguments));
        else if (mentionsThis(statement) && !isReportingCall(statement)) share = max(share, inner.join(statement.arguments));
      } else if (statement.type === 'AssignmentExpression' && mentionsThis(statement.left)) {
        const isMessage = statement.left.type === 'MemberExpression' && getPropertyName(statement.left) === 'message';
        const stored = inner.getShare(statement.right);
        share = max(share, isMessage ? toText(stored) : stored);
      }
    },
    tracker.file.visitorKeys,
  );
  return share;
}

/** The variables that get the error when `argument` meets `parameter`; undefined where that cannot be told. */
function trackParameter(tracker: ShareTracker, parameter: Node, argument: Node): Map<Variable, Tracked> | undefined {
  const tracked = new Map<Variable, Tracked>();
  const keys = argument.type === 'ObjectExpression' ? getKeysWithShare(tracker, argument) : undefined;
  if (parameter.type === 'Identifier') {
    const variable = tracker.file.getVariable(parameter);
    if (!variable) return undefined;
    tracked.set(variable, keys ? { share: Share.Kept, keys } : { share: Share.Whole, isOpaque: !tracker.isError(argument) });
    return tracked;
  }
  if (parameter.type !== 'ObjectPattern' || !keys) return undefined;
  for (const property of parameter.properties) {
    if (property.type !== 'Property') return undefined;
    const name = getPropertyName(property);
    const target = property.value.type === 'AssignmentPattern' ? property.value.left : property.value;
    const variable = tracker.file.getVariable(target);
    if (name === undefined || !variable) return undefined;
    if (keys.has(name)) tracked.set(variable, { share: Share.Kept, isOpaque: true });
  }
  return tracked;
}

function getKeysWithShare(tracker: ShareTracker, object: TSESTree.ObjectExpression): Set<string> | undefined {
  const keys = new Set<string>();
  for (const property of object.properties) {
    if (property.type === 'SpreadElement') return undefined;
    const name = getPropertyName(property);
    if (name === undefined) return undefined;
    if (tracker.getShare(property.value) > Share.None) keys.add(name);
  }
  return keys;
}

function mentionsThis(node: Node): boolean {
  if (node.type === 'ThisExpression') return true;
  return !isFunction(node) && getChildren(node).some(mentionsThis);
}

function mentionsArguments(node: TSESTree.FunctionExpression): boolean {
  let found = false;
  walk(node, (inner) => {
    if (inner.type === 'Identifier' && inner.name === 'arguments') found = true;
    return !found;
  });
  return found;
}
