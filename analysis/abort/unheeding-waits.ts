import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, type TSESTree, findEnclosingFunction, getPropertyName, isWithin, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { findTimerPromise } from '../timers/promise-executor.js';
import { findDelay } from '../timers/timer-calls.js';
import { isCleanup } from './call-role.js';
import { collectBelow, findFunction, someBelow } from './functions.js';
import { hasAbortListener, isWrapped, SHORT_SLEEP_MS } from './seen-to.js';
import { mentions } from './signal-carriers.js';
import { isOfCaller, isToldToStop } from './signal-sources.js';
import { type Run, findRun, isAwaited, isPartOfRun } from './signal-run.js';
import { type UnforwardedSignal, describeFlaw } from './unforwarded-signal.js';

const SLEEP_NAME = /^(?:sleep|delay|wait|pause|backoff)$/i;

/** A loop that waits between attempts, or starts the next where one fails, and never looks at the signal. */
export function findUnheedingLoop(file: SourceFile, loop: Node & { body: Node }, reported: ReadonlySet<Node>): UnforwardedSignal | undefined {
  const run = findRun(file, loop);
  if (!run || !isToldToStop(run.carriers.source) || isCleanup(file, loop, run.owner)) return undefined;
  if (findEnclosingFunction(loop) !== run.owner && !isPartOfRun(file, findEnclosingFunction(loop)!)) return undefined;
  let waits = false;
  let isReported = false;
  collectBelow(loop, file, (node) => {
    if (reported.has(node)) isReported = true;
    if (node.type === 'AwaitExpression' && isSleep(file, node.argument)) waits = true;
    if (node.type === 'TryStatement' && isOfCaller(run.carriers.source) && isAttempt(file, node)) waits = true;
  });
  return !waits || isReported || looksAtSignal(file, loop, run) || hasAbortListener(file, run.owner, run.carriers) ? undefined : describeFlaw(file, loop, run, 'loop', {});
}

/** for (…) try { return await work(); } catch (error) { last = error; }: what fails is done again. */
function isAttempt(file: SourceFile, { block, handler }: TSESTree.TryStatement): boolean {
  const last = block.body.at(-1);
  const isTry = last?.type === 'ReturnStatement' && last.argument?.type === 'AwaitExpression';
  const after = handler?.body.body.at(-1);
  return isTry && handler !== null && !/^(?:Return|Throw|Break)Statement$/.test(after?.type ?? '') && !someBelow(block, (node) => node.type === 'BreakStatement', file);
}

/** Whether a loop looks at the signal, itself or through a function that stands in the same one. */
export function looksAtSignal(file: SourceFile, loop: Node, run: Run): boolean {
  if (isSignalRead(file, loop, run)) return true;
  return someBelow(
    loop,
    (node) => {
      const helper = node.type === 'CallExpression' && node.callee.type === 'Identifier' ? findFunction(file, node.callee) : undefined;
      return helper !== undefined && isWithin(helper, run.owner) && isSignalRead(file, helper, run);
    },
    file,
  );
}

/** Whether the signal is looked at or passed on anywhere below `root`, `signal.aborted` included. */
function isSignalRead(file: SourceFile, root: Node, { carriers }: Run): boolean {
  if (mentions(file, root, carriers)) return true;
  return someBelow(root, (node) => node.type === 'MemberExpression' && /^(?:aborted|throwIfAborted)$/.test(getPropertyName(node) ?? ''), file);
}

function isSleep(file: SourceFile, awaited: Node): boolean {
  const node = skipWrappers(awaited);
  return node.type === 'NewExpression' ? findTimerPromise(file, node) !== undefined : isWait(file, node);
}

/** sleep(ms) */
function isWait(file: SourceFile, node: Node): boolean {
  if (node.type !== 'CallExpression') return false;
  const callee = skipWrappers(node.callee);
  if (file.getOrigin(callee) === 'timers:promises.setTimeout') return true;
  const name = callee.type === 'Identifier' ? callee.name : callee.type === 'MemberExpression' ? getPropertyName(callee) : undefined;
  return name !== undefined && SLEEP_NAME.test(name);
}

/** await new Promise((resolve) => setTimeout(resolve, ms)) that an abort does not cut short. */
export function findUnendedSleep(file: SourceFile, creation: TSESTree.NewExpression, findings: readonly UnforwardedSignal[]): UnforwardedSignal | undefined {
  if (!isAwaited(creation)) return undefined;
  const sleep = findTimerPromise(file, creation);
  const run = sleep && findRun(file, creation);
  if (!run || isRaced(file, creation) || hasAbortListener(file, run.owner, run.carriers) || isCleanup(file, findLoop(creation, run.owner) ?? creation, run.owner) || isWrapped(file, creation, run.carriers, run.owner)) return undefined;
  if (!isToldToStop(run.carriers.source)) return undefined;
  const delay = findDelay(file, sleep.timer);
  if ((delay !== undefined && delay < SHORT_SLEEP_MS) || mentions(file, creation, run.carriers)) return undefined;
  const loop = findLoop(creation, run.owner);
  if (loop && findings.some((finding) => finding.node === loop)) return undefined;
  // A loop that looks at the signal notices an abort one delay later.
  const certainty = loop && looksAtSignal(file, loop, run) ? 'potential' : 'certain';
  return describeFlaw(file, creation, run, 'sleep', { certainty });
}

/** `Promise.race([work, sleep(ms).then(() => false)])`: a time limit, which is to last however the work ends. */
export function isTimeLimit(file: SourceFile, call: Node): boolean {
  let value = outermostWrapper(call);
  while (value.parent?.type === 'MemberExpression' && value.parent.object === value && value.parent.parent.type === 'CallExpression') value = outermostWrapper(value.parent.parent);
  return isWait(file, call) && isRaced(file, value);
}

/** What decides whether a call is part of a clean-up: the pause between two tries stands in a `catch`, and belongs to the loop. */
export function findPurpose(file: SourceFile, call: Node, owner: FunctionNode): Node {
  return (isWait(file, call) ? findLoop(call, owner) : undefined) ?? call;
}

/** Promise.race([work, sleep]): what is waited for is the work. */
function isRaced(file: SourceFile, operand: Node): boolean {
  const list = outermostWrapper(operand).parent;
  const call = list?.type === 'ArrayExpression' ? list.parent : undefined;
  return call?.type === 'CallExpression' && /\bPromise\.(?:race|any)$/.test(file.getText(call.callee));
}

export function findLoop(place: Node, owner: FunctionNode): Node | undefined {
  for (let node = place.parent; node && node !== owner; node = node.parent) {
    if (/^(?:While|DoWhile|For|ForOf)Statement$/.test(node.type)) return node;
  }
  return undefined;
}
