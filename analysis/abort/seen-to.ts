import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, type TSESTree, findEnclosingFunction, getPropertyName, getStringValue, isWithin, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { findExecutor, getSettleSites } from '../timers/promise-executor.js';
import { findNumber } from '../timers/timer-calls.js';
import type { Abortable } from './abortable-calls.js';
import { isDropped, isShared } from './call-role.js';
import { someBelow } from './functions.js';
import { type Carriers, mentions } from './signal-carriers.js';
import { type Run, isAwaited } from './signal-run.js';
import type { Call } from './unforwarded-signal.js';
import { findLoop, looksAtSignal } from './unheeding-waits.js';

/** A sleep shorter than this is over before an abort would be missed. */
export const SHORT_SLEEP_MS = 500;

/** Somebody else sees to it that an abort ends the call. */
export function isSeenTo(file: SourceFile, target: Abortable, { carriers, owner }: Run): boolean {
  const { call, kind } = target;
  const { source } = carriers;
  const callee = skipWrappers(call.callee);
  if (callee.type === 'MemberExpression' && mentions(file, callee.object, carriers) && !isThisMember(callee)) return true;
  // once(child, 'exit') where the child, pipeline(body, …) where the body follows the signal
  if (kind !== 'network' && kind !== 'file' && kind !== 'model' && kind !== 'project' && call.arguments.some((argument) => mentions(file, argument, carriers))) return true;
  if (isShared(file, call)) return true;
  if (isDropped(call) && source.kind !== 'controller' && kind !== 'process' && kind !== 'watch' && call.type === 'CallExpression' && !settlesPromise(file, call)) return true;
  if (call.type === 'NewExpression' && outermostWrapper(call).parent?.type === 'ThrowStatement') return true;
  const result = findResultVariable(file, call);
  if (result && (carriers.variables.has(result) || isPassedWithSignal(file, result, carriers) || isRacedLater(file, result, carriers, owner))) return true;
  if (kind === 'process' && !isRunToEnd(file, call, result, owner)) return true;
  // The abort is dealt with by hand.
  if (kind !== 'network' && kind !== 'model' && kind !== 'project' && hasAbortListener(file, owner, carriers)) return true;
  if (kind === 'timer' && isShort(file, call)) return true;
  return isWrapped(file, call, carriers, owner);
}

/** new Promise((resolve, reject) => https.get(url, (response) => { … resolve(text) }).on('error', reject)): somebody waits for the promise. */
function settlesPromise(file: SourceFile, call: TSESTree.CallExpression): boolean {
  const executor = findEnclosingFunction(call);
  if (!executor || findExecutor(file, executor.parent) !== executor) return false;
  return getSettleSites(file, executor).some(({ node }) => call.arguments.some((argument) => isWithin(node, argument)));
}

/** const request = new Request(url); client.send(request, { signal }) */
function isPassedWithSignal(file: SourceFile, result: Variable, carriers: Carriers): boolean {
  return result.references.some(({ identifier }) => {
    const { parent } = outermostWrapper(identifier);
    // once(child, 'exit', { signal }) stops waiting for the child, and leaves it running.
    return parent?.type === 'CallExpression' && file.getOrigin(parent.callee) !== 'events:once' && parent.arguments.some((argument) => argument !== identifier && mentions(file, argument, carriers));
  });
}

/** const work = fetch(url); await Promise.race([work, aborted]) */
function isRacedLater(file: SourceFile, result: Variable, carriers: Carriers, owner: FunctionNode): boolean {
  return result.references.some(({ identifier }) => outermostWrapper(identifier).parent?.type === 'ArrayExpression' && isWrapped(file, identifier, carriers, owner));
}

/** A process that is started to run to its end: the function waits for it, and hands it to nobody. */
function isRunToEnd(file: SourceFile, call: Call, result: Variable | undefined, owner: FunctionNode): boolean {
  if (/\bdetached\s*:\s*true/.test(call.arguments.map((argument) => file.getText(argument)).join())) return false;
  // await execFile(…), with promisify
  if (!result) return isAwaited(call);
  let isWaitedFor = false;
  let isKilled = false;
  let isEventWaitedFor = false;
  for (const { identifier } of result.references) {
    const { parent } = outermostWrapper(identifier);
    // await once(child, 'exit')
    if (parent?.type === 'CallExpression' && file.getOrigin(parent.callee) === 'events:once') isEventWaitedFor ||= isEnd(parent.arguments[1]);
    if (parent?.type === 'ReturnStatement' || parent?.type === 'Property' || parent?.type === 'ArrayExpression') return false;
    if (parent?.type === 'AssignmentExpression' && parent.right === identifier) return false;
    if (parent?.type !== 'MemberExpression' || !isWithin(identifier, owner)) continue;
    if (getPropertyName(parent) === 'unref') return false;
    if (getPropertyName(parent) === 'kill') isKilled = true;
    const use = outermostWrapper(parent).parent;
    if (use?.type === 'CallExpression' && isEnd(use.arguments[0])) isWaitedFor = true;
  }
  // Where the wait may be given up, what is killed is killed for it.
  return isWaitedFor || (isEventWaitedFor && !isKilled);
}

function isEnd(event: Node | undefined): boolean {
  return /^(?:exit|close)$/.test(getStringValue(event) ?? '');
}

/** A delay that is over before it matters. */
function isShort(file: SourceFile, call: Call): boolean {
  const [first] = call.arguments;
  const delay = first && findNumber(file, first);
  return delay !== undefined && delay < SHORT_SLEEP_MS;
}

/** A pause in a loop that looks at the signal afterwards: an abort is noticed one delay later. */
export function isPolled(file: SourceFile, call: Call, run: Run): boolean {
  const loop = findLoop(call, run.owner);
  return loop !== undefined && looksAtSignal(file, loop, run);
}

/** this.fetch(…) in a class that has the signal in another field is no client that carries it. */
function isThisMember(callee: TSESTree.MemberExpression): boolean {
  return skipWrappers(callee.object).type === 'ThisExpression';
}

const LISTENER_METHOD = /^(?:on|once|addListener)$/;

function findResultVariable(file: SourceFile, call: Node): Variable | undefined {
  let value = outermostWrapper(call);
  // https.get(url).on('error', reject)
  while (value.parent?.type === 'MemberExpression' && value.parent.object === value && LISTENER_METHOD.test(getPropertyName(value.parent) ?? '') && value.parent.parent.type === 'CallExpression') {
    value = outermostWrapper(value.parent.parent);
  }
  let { parent } = value;
  if (parent?.type === 'AwaitExpression') parent = outermostWrapper(parent).parent;
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return file.getVariable(parent.id);
  if (parent?.type === 'AssignmentExpression' && parent.left.type === 'Identifier') return file.getVariable(parent.left);
  return undefined;
}

/** signal.addEventListener('abort', …) anywhere in the function. */
export function hasAbortListener(file: SourceFile, owner: FunctionNode, carriers: Carriers): boolean {
  return someBelow(
    owner,
    (node) => node.type === 'CallExpression' && /\b(?:addEventListener|addAbortListener|onAbort)$/.test(file.getText(node.callee)) && mentions(file, node, carriers),
    file,
  );
}

/** raceWithSignal(fetch(url), signal), pRetry(() => fetch(url), { signal }) */
export function isWrapped(file: SourceFile, call: Node, carriers: Carriers, owner: FunctionNode): boolean {
  for (let node: Node = call; node !== owner && node.parent; node = node.parent) {
    const { parent } = node;
    if (parent.type === 'CallExpression' || parent.type === 'NewExpression') {
      if (parent.arguments.some((argument) => argument !== node && mentions(file, argument, carriers))) return true;
      const isRace = parent.type === 'CallExpression' && /\b(?:race|any)$/.test(file.getText(parent.callee));
      if (isRace && mentions(file, parent, carriers)) return true;
    }
    // Promise.race([fetch(url), aborted])
    if (parent.type === 'ArrayExpression' && parent.elements.some((element) => element !== node && element !== null && mentions(file, element, carriers))) return true;
  }
  return false;
}
