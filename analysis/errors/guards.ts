import { type Node, type TSESTree, getPropertyName, isFunction, isUndefined, skipWrappers } from '../syntax/node.js';
import type { SourceFile } from '../source-file.js';
import type { CaughtError } from './caught-error.js';
import { Share } from './share.js';
import type { ShareTracker } from './share-tracker.js';

/**
 * What is known of the error at a place. `not-an-error`: it is no error there, so there is no cause to keep.
 * `classified`: it is of one class (`instanceof X`, `isX(error)`), or the
 * handler has looked for the reason itself. `identified`: a test picked out one failure (a code, a
 * status, words of the message). `cancelled`: a test about something else (an abort, a timeout) explains
 * why the error is replaced.
 */
export type Known = 'not-an-error' | 'classified' | 'identified' | 'cancelled' | 'open';

const RANK: Record<Known, number> = { open: 0, classified: 1, identified: 2, cancelled: 3, 'not-an-error': 4 };
const STOP_WORDS = /abort|cancel|paus|timed?_?out|deadline|expired|closed|closing|destroy|dispos|stopp|killed|shutdown|exiting|interrupt/i;

/** What the tests on the way to `node` say about the error that `caught` binds. */
export function getKnown(file: SourceFile, node: Node, caught: CaughtError, tracker: ShareTracker): Known {
  let known: Known = 'open';
  for (const { test, holds } of getConditions(node, caught.node)) {
    const fact = judge({ file, tracker, region: caught.node }, test, holds);
    if (fact === 'not-an-error') return fact;
    if (RANK[fact] > RANK[known]) known = fact;
  }
  return known;
}

interface Condition {
  readonly test: Node | { readonly discriminant: Node };
  readonly holds: boolean;
}

/** The tests between `node` and `region` that must have come out one way for `node` to be reached. */
function getConditions(node: Node, region: Node): Condition[] {
  const conditions: Condition[] = [];
  let inner: Node = node;
  for (let outer = node.parent; outer && inner !== region; inner = outer, outer = outer.parent) {
    switch (outer.type) {
      case 'IfStatement':
      case 'ConditionalExpression':
        if (outer.test !== inner) conditions.push({ test: outer.test, holds: outer.consequent === inner });
        break;
      case 'LogicalExpression':
        if (outer.right === inner) conditions.push({ test: outer.left, holds: outer.operator === '&&' });
        break;
      case 'SwitchCase':
        if (outer.test !== inner && outer.test) {
          const statement = outer.parent;
          const isTrue = statement.discriminant.type === 'Literal' && statement.discriminant.value === true;
          conditions.push({ test: isTrue ? outer.test : { discriminant: statement.discriminant }, holds: true });
        }
        addEarlyExits(conditions, outer.consequent, inner);
        break;
      case 'BlockStatement':
        addEarlyExits(conditions, outer.body, inner);
        break;
      default:
        break;
    }
  }
  return conditions;
}

/** if (isKnown(error)) throw error;  …  what follows is reached only where the test failed. */
function addEarlyExits(conditions: Condition[], statements: readonly Node[], until: Node): void {
  for (const statement of statements) {
    if (statement === until) return;
    if (statement.type !== 'IfStatement') continue;
    if (alwaysLeaves(statement.consequent)) conditions.push({ test: statement.test, holds: false });
    else if (statement.alternate && alwaysLeaves(statement.alternate)) conditions.push({ test: statement.test, holds: true });
  }
}

/** Whether control never goes on after a statement. Knows `process.exit()` besides the statements that say so. */
export function alwaysLeaves(node: Node): boolean {
  switch (node.type) {
    case 'ReturnStatement':
    case 'ThrowStatement':
    case 'ContinueStatement':
    case 'BreakStatement':
      return true;
    case 'BlockStatement':
      return node.body.some(alwaysLeaves);
    case 'IfStatement':
      return alwaysLeaves(node.consequent) && node.alternate !== null && alwaysLeaves(node.alternate);
    case 'TryStatement':
      return (node.finalizer !== null && alwaysLeaves(node.finalizer)) || (alwaysLeaves(node.block) && (!node.handler || alwaysLeaves(node.handler.body)));
    case 'ExpressionStatement': {
      const call = skipWrappers(node.expression);
      const callee = call.type === 'CallExpression' ? skipWrappers(call.callee) : undefined;
      return callee?.type === 'MemberExpression' && getPropertyName(callee) === 'exit' && callee.object.type === 'Identifier' && callee.object.name === 'process';
    }
    default:
      return false;
  }
}

interface Inquiry {
  readonly file: SourceFile;
  readonly tracker: ShareTracker;
  /** The catch clause or the function that handles the error. */
  readonly region: Node;
}

function judge(inquiry: Inquiry, test: Condition['test'], holds: boolean): Known {
  const { tracker } = inquiry;
  if ('discriminant' in test) return tracker.mentions(test.discriminant) ? 'identified' : 'open';
  const node = skipWrappers(test);
  switch (node.type) {
    case 'AwaitExpression':
      return judge(inquiry, node.argument, holds);
    case 'UnaryExpression':
      return node.operator === '!' ? judge(inquiry, node.argument, !holds) : 'open';
    case 'LogicalExpression':
      return judgeLogical(inquiry, node, holds);
    case 'BinaryExpression':
      return judgeComparison(node, holds, tracker);
    case 'CallExpression':
      return judgeCall(node, holds, tracker);
    default:
      return judgeValue(inquiry, node, holds);
  }
}

function judgeLogical(inquiry: Inquiry, node: TSESTree.LogicalExpression, holds: boolean): Known {
  const both = [judge(inquiry, node.left, holds), judge(inquiry, node.right, holds)] as const;
  // Of `a && b` that failed, and of `a || b` that held, only what is common to both is known.
  const isEither = (node.operator === '&&') !== holds;
  if (isEither) return both[0] === both[1] ? both[0] : both.includes('open') ? 'open' : 'identified';
  return RANK[both[0]] > RANK[both[1]] ? both[0] : both[1];
}

function judgeComparison(node: TSESTree.BinaryExpression, holds: boolean, tracker: ShareTracker): Known {
  const { left, operator, right } = node;
  if (operator === 'instanceof') {
    if (!tracker.isError(left)) return holds && tracker.mentions(left) ? 'identified' : 'open';
    const isPlain = right.type === 'Identifier' && right.name === 'Error';
    if (holds) return isPlain ? 'open' : 'classified';
    return isPlain ? 'not-an-error' : 'open';
  }
  if (operator === 'in') {
    if (!tracker.mentions(right)) return 'open';
    const isMessage = left.type === 'Literal' && (left.value === 'message' || left.value === 'stack');
    if (holds) return isMessage ? 'open' : 'identified';
    return isMessage ? 'not-an-error' : 'open';
  }
  if (!/^[=!]==?$/.test(operator)) return holds && (tracker.mentions(left) || tracker.mentions(right)) ? 'identified' : 'open';
  const isSame = operator.startsWith('=') === holds;
  const [subject, value] = left.type === 'Literal' || isUndefined(left) ? [right, left] : [left, right];
  if (subject.type === 'UnaryExpression' && subject.operator === 'typeof' && tracker.isError(subject.argument)) {
    const isObject = value.type === 'Literal' && value.value === 'object';
    return isSame === isObject ? 'open' : 'not-an-error';
  }
  if (!tracker.mentions(subject)) return isSame && STOP_WORDS.test(JSON.stringify([...namesIn(subject), ...namesIn(value)])) ? 'cancelled' : 'open';
  const isEmpty = isUndefined(value) || (value.type === 'Literal' && (value.value === null || value.value === ''));
  if (isEmpty) return isSame && (tracker.isError(subject) || tracker.getShare(subject) === Share.Text) ? 'not-an-error' : 'open';
  return isSame ? 'identified' : 'open';
}

function judgeCall(node: TSESTree.CallExpression, holds: boolean, tracker: ShareTracker): Known {
  if (!tracker.mentions(node)) {
    if (holds && STOP_WORDS.test(namesIn(node.callee).join(' '))) return 'cancelled';
    // if (!existsSync(path)) throw …: the handler has found out itself what is wrong.
    return 'classified';
  }
  const name = namesIn(node.callee).at(-1) ?? '';
  // isError(error), types.isNativeError(error), isErrorWithMessage(error): says that it is one, not which.
  const isGeneral = /^(?:is(?:An?)?(?:Native)?Error(?:Like|Object|Instance|With[A-Z]\w*)?|is)$/.test(name);
  if (isGeneral) return holds ? 'open' : 'not-an-error';
  if (!holds) return 'open';
  return node.arguments.length === 1 && tracker.isError(node.arguments[0]!) ? 'classified' : 'identified';
}

function judgeValue(inquiry: Inquiry, node: Node, holds: boolean): Known {
  const { file, tracker, region } = inquiry;
  if (tracker.isError(node) && node.type === 'Identifier') return holds ? 'open' : 'not-an-error';
  if (node.type === 'MemberExpression') {
    const share = tracker.getShare(node);
    if (share === Share.Text) return holds ? 'open' : 'not-an-error';
    if (share > Share.None) return holds ? 'identified' : 'open';
  } else if (tracker.mentions(node)) {
    // const isGone = error.code === 'ENOENT'; if (isGone) …
    const variable = node.type === 'Identifier' ? file.getReference(node)?.resolved : undefined;
    const value = variable && file.getOnlyValue(variable);
    if (value && tracker.getShare(node) === Share.None && !isFunction(value)) return judge(inquiry, value, holds);
    return holds && tracker.getShare(node) !== Share.Text ? 'identified' : 'open';
  }
  if (holds && STOP_WORDS.test(namesIn(node).join(' '))) return 'cancelled';
  const tested = node.type === 'Identifier' ? file.getReference(node)?.resolved : undefined;
  const [definition] = tested?.defs ?? [];
  const isFoundOut = definition?.type === 'Variable' && region.range[0] < definition.node.range[0] && definition.node.range[1] < region.range[1];
  return isFoundOut ? 'classified' : 'open';
}

/** The names in a member chain: `a.b?.c` gives a, b, c. */
function namesIn(expression: Node): string[] {
  const node = skipWrappers(expression);
  if (node.type === 'Identifier') return [node.name];
  if (node.type === 'MemberExpression') return [...namesIn(node.object), getPropertyName(node) ?? ''];
  if (node.type === 'CallExpression') return namesIn(node.callee);
  if (node.type === 'Literal' && typeof node.value === 'string') return [node.value];
  return [];
}
