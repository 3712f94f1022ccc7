import { type Node, type TSESTree, getPropertyName, skipWrappers } from '../syntax/node.js';
import type { Finding } from '../finding.js';
import type { SourceFile } from '../source-file.js';
import { type CaughtError, findCaughtErrors } from './caught-error.js';
import { getKnown } from './guards.js';
import { findReplacementExit } from './replacement-exit.js';
import { Share } from './share.js';
import { ShareTracker } from './share-tracker.js';

/** A text that is thrown in place of the error it was taken from. */
export interface ThrownText extends Finding {
  readonly node: TSESTree.Expression;
  readonly caught: CaughtError;
}

/** Finds ``throw `failed: ${error}` `` and `reject(error.message)`, in source order. */
export function findThrownTexts(file: SourceFile): ThrownText[] {
  const found: ThrownText[] = [];
  for (const node of file.getNodes('ThrowStatement', 'CallExpression')) {
    const argument = getThrown(node);
    const text = argument && judge(file, argument);
    if (text) found.push(text);
  }
  return found;
}

function getThrown(node: Node): Node | undefined {
  if (node.type === 'ThrowStatement') return node.argument;
  if (node.type !== 'CallExpression' || node.arguments.length !== 1) return undefined;
  const callee = skipWrappers(node.callee);
  const name = callee.type === 'Identifier' ? callee.name : callee.type === 'MemberExpression' ? getPropertyName(callee) : undefined;
  return name === 'reject' ? node.arguments[0] : undefined;
}

function judge(file: SourceFile, argument: Node): ThrownText | undefined {
  const node = skipWrappers(argument);
  if (!isText(node)) return undefined;
  const [caught] = findCaughtErrors(file, node);
  if (!caught || caught.kind === 'parameter') return undefined;
  const tracker = new ShareTracker(file, caught.tracked);
  if (tracker.getShare(node) !== Share.Text) return undefined;
  const leaving = findReplacementExit(file, node, caught.node);
  if (leaving?.kind !== 'thrown' && leaving?.kind !== 'rejected') return undefined;
  if (getKnown(file, node, caught, tracker) !== 'open') return undefined;
  const what = caught.name === undefined ? 'what was caught' : `\`${caught.name}\``;
  return {
    node: node as TSESTree.Expression,
    caught,
    certainty: 'certain',
    path: [
      { kind: 'note', node, text: `only the text of ${what} is taken` },
      { kind: leaving.kind === 'thrown' ? 'throw' : 'exit', node: leaving.node, text: `it is ${leaving.kind} in place of ${what}` },
    ],
  };
}

/** error.message, `failed: ${error}`, 'failed: ' + error, String(error) */
function isText(node: Node): boolean {
  switch (node.type) {
    case 'TemplateLiteral':
      return true;
    case 'BinaryExpression':
      return node.operator === '+';
    case 'MemberExpression':
      return getPropertyName(node) === 'message';
    case 'CallExpression': {
      const callee = skipWrappers(node.callee);
      return callee.type === 'Identifier' ? callee.name === 'String' : callee.type === 'MemberExpression' && getPropertyName(callee) === 'toString';
    }
    default:
      return false;
  }
}
