import { addProperty } from '../../errors/cause-edits.js';
import { placeBefore } from '../../repairs/place-statement.js';
import { type Refusal, refuse } from '../../repairs/refusal.js';
import type { TextEdit } from '../../repairs/text-edit.js';
import type { SourceFile } from '../../source-file.js';
import { type Node, getEnclosingRoot, isFunction, skipWrappers } from '../../syntax/node.js';
import { findTimerPromise } from '../../timers/promise-executor.js';
import { findVisibleName } from '../signal-carriers.js';
import type { UnforwardedSignal } from '../unforwarded-signal.js';
import { getForwardEdits } from './forward-edits.js';
import { getJoinRepair } from './join-repair.js';
import type { AbortRepair, AbortStyle } from './repair.js';

/** The edits that let the caller's signal reach what a finding is about, or why there are none. */
export function getForwardRepair(file: SourceFile, finding: UnforwardedSignal, style: AbortStyle): AbortRepair | Refusal {
  const { flaw, name } = finding;
  if (name === undefined) return refuse('name-taken', 'another variable hides the signal here');
  switch (flaw) {
    case 'replaced':
      return getJoinRepair(file, finding, style);
    case 'sleep':
      return getSleepRepair(file, finding.node, name, style);
    default: {
      const edits = getForwardEdits(file, finding) ?? getOtherEdits(file, finding, name);
      return edits ? { edits, helpers: [] } : refuse(...describeRefusal(file, finding));
    }
  }
}

function getOtherEdits(file: SourceFile, finding: UnforwardedSignal, name: string): TextEdit[] | undefined {
  if (finding.flaw === 'missing') return addToDistantOptions(file, finding);
  if (finding.flaw !== 'loop') return undefined;
  // while (busy()) await sleep(ms);
  const { body } = finding.node as Node & { body: Node };
  return placeBefore(body, [`${name}${name.includes('?') ? '' : '?'}.throwIfAborted();`], file);
}

function describeRefusal(file: SourceFile, { flaw, node }: UnforwardedSignal): [Refusal['reason'], string] {
  if (flaw === 'overwritten' && /\/[/*]/.test(file.getText(node))) return ['comment-in-the-way', 'a comment stands between the signal and the spread'];
  return ['unsupported-shape', 'there is no room for the signal'];
}

/** const init = { method: 'POST' }; await fetch(url, init): the literal gets the signal; the call alone has it. */
function addToDistantOptions(file: SourceFile, { abortable, given, source }: UnforwardedSignal): TextEdit[] | undefined {
  const options = given?.state === 'missing' ? given.options : undefined;
  if (!options || !source || abortable?.place.form !== 'option') return undefined;
  const { place, call } = abortable;
  const name = findVisibleName(file, options, { source, variables: new Set(), aliases: [] });
  if (name === undefined || getEnclosingRoot(options) !== getEnclosingRoot(call)) return undefined;
  return addProperty(file.text, options, name === place.property ? name : `${place.property}: ${name}`);
}

/** await new Promise((resolve) => setTimeout(resolve, ms))  →  await sleep(ms, { signal }) */
function getSleepRepair(file: SourceFile, creation: Node, name: string, style: AbortStyle): AbortRepair | Refusal {
  const sleep = findTimerPromise(file, creation);
  const text = file.getText(creation);
  if (/\/[/*]/.test(text)) return refuse('comment-in-the-way', 'a comment stands in the executor');
  if (!sleep || sleep.settles.has('reject') || sleep.timer.arguments.length > 2 || !isOnlyThing(sleep.executor, sleep.timer)) {
    return refuse('unsupported-shape', 'the promise does more than wait');
  }
  const [callback, delay] = sleep.timer.arguments;
  if (!callback || !isPlainResolve(file, callback)) return refuse('unsupported-shape', 'the wait ends with a value, or does more than end');
  const option = name === 'signal' ? 'signal' : `signal: ${name}`;
  const [start, end] = creation.range;
  return { edits: [{ start, end, text: `sleep(${writeDelay(file, delay, style)}, { ${option} })` }], helpers: ['sleep'] };
}

/** (resolve) => setTimeout(…), (resolve) => { setTimeout(…); } */
function isOnlyThing(executor: Node, timer: Node): boolean {
  if (!isFunction(executor)) return false;
  if (skipWrappers(executor.body) === timer) return true;
  const [only, ...others] = executor.body.type === 'BlockStatement' ? executor.body.body : [];
  return others.length === 0 && only?.type === 'ExpressionStatement' && skipWrappers(only.expression) === timer;
}

/** setTimeout(resolve, …), setTimeout(() => resolve(), …) */
function isPlainResolve(file: SourceFile, callback: Node): boolean {
  const node = skipWrappers(callback);
  if (node.type === 'Identifier') return true;
  if (!isFunction(node) || node.params.length > 0) return false;
  const statement = node.body.type === 'BlockStatement' && node.body.body.length === 1 ? node.body.body[0] : undefined;
  const body = statement?.type === 'ExpressionStatement' ? statement.expression : node.body;
  const call = skipWrappers(body);
  return call.type === 'CallExpression' && call.arguments.length === 0 && skipWrappers(call.callee).type === 'Identifier';
}

/** A timer takes a negative delay, and none at all, for 0; `sleep` refuses both. */
function writeDelay(file: SourceFile, delay: Node | undefined, { isNumber }: AbortStyle): string {
  if (!delay) return '0';
  const node = skipWrappers(delay);
  const text = file.getText(delay);
  if (node.type === 'BinaryExpression' && text.includes('-')) return `Math.max(0, ${text})`;
  const mayBeMissing = (node.type === 'Identifier' || node.type === 'MemberExpression') && !isNumber(delay);
  return mayBeMissing ? `${text} ?? 0` : text;
}
