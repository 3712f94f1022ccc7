import { type CallLike, type Node, getCalleeName, getStringValue, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import type { SourceFile } from '../source-file.js';
import type { CaughtError } from './caught-error.js';

const CONTROL_NAMES = /abort|cancel|exit|quit|skip|bail|interrupt|redirect|stop|silent|halt|timeout|pause|suspend|signal|help/i;
const STOPS = /\b(?:cancel|abort|interrupt|terminat)|timed out|timeout/i;
const CONSTANT_NAME = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/;
/** `instance.not_found`: a word for programs, not a sentence. */
const CODE = /^[A-Za-z0-9]+(?:[._:-][A-Za-z0-9]+)+$/;
const PROMPTS = /^(?:confirm\w*|prompt\w*|select|ask\w*|question|inquir\w*|show(?:Information|Error|Warning)Message)$/;

/**
 * Whether a new error is a signal that others wait for and not a report of what went wrong:
 * `throw new Error(REPOSITORY_CHANGED)`, `throw new ExitError(1)`, `throw new UserError('Cancelled')`.
 */
export function isSignal(file: SourceFile, construct: CallLike): boolean {
  if (CONTROL_NAMES.test(getCalleeName(construct.callee) ?? '')) return true;
  const [first, ...others] = construct.arguments;
  // With more arguments, a constant in front is a code beside the message.
  if (!first || others.some((argument) => getStringValue(argument) !== undefined || argument.type === 'TemplateLiteral')) return false;
  const message = skipWrappers(first);
  if (getNames(message).some((name) => CONSTANT_NAME.test(name))) return true;
  const text = message.type === 'TemplateLiteral' ? file.getText(message) : (getStringValue(message) ?? '');
  return CODE.test(text) || STOPS.test(text);
}

/** `REASON` and `REASONS.PAUSED`. */
function getNames(node: Node): string[] {
  if (node.type === 'Identifier') return [node.name];
  if (node.type !== 'MemberExpression' || node.computed) return [];
  return [...getNames(node.object), ...getNames(node.property)];
}

/** Whether a handler asks a person what to do: the new error then says what the person chose. */
export function asksPerson(file: SourceFile, caught: CaughtError): boolean {
  let asks = false;
  walk(
    caught.node.body,
    (node) => {
      if (node.type !== 'AwaitExpression') return !asks;
      const call = skipWrappers(node.argument);
      if (call.type === 'CallExpression' && PROMPTS.test(getCalleeName(call.callee) ?? '')) asks = true;
      return !asks;
    },
    file.visitorKeys,
  );
  return asks;
}
