import { placeBefore, findStatement } from '../../repairs/place-statement.js';
import { moveOut } from '../../repairs/move-out.js';
import { addArguments } from '../../errors/cause-edits.js';
import { type Refusal, refuse } from '../../repairs/refusal.js';
import { removeLine } from '../../repairs/remove-line.js';
import type { TextEdit } from '../../repairs/text-edit.js';
import type { SourceFile } from '../../source-file.js';
import { type Node, type TSESTree, getEnclosingRoot, getPropertyName, isFunction, skipWrappers } from '../../syntax/node.js';
import { getTimerHolder } from '../../timers/timer-calls.js';
import { findAbortable, getGivenSignal } from '../abortable-calls.js';
import type { AbandonedRace } from '../abandoned-races.js';
import { someBelow } from '../functions.js';
import { findRun } from '../signal-run.js';
import { joinLimit } from './join-limit.js';
import { addFinally } from './finally-edit.js';
import { addSignal } from './forward-edits.js';
import { findFreshName } from './guard-rest.js';
import { getRaceEdits } from './race-edits.js';
import type { AbortRepair, AbortStyle } from './repair.js';

/**
 * Ends what loses a race: `withTimeout`, which also ends the work, where the timer rejects; else the timer is cleared when the
 * race is over.
 */
export function getRaceRepair(file: SourceFile, finding: AbandonedRace, style: AbortStyle): AbortRepair | Refusal {
  const limited = getTimeoutRepair(file, finding, style);
  if (limited) return limited;
  const cleared = getRaceEdits(file, finding) ?? abortSleep(file, finding);
  if (cleared) return { edits: cleared, helpers: [] };
  return refuse('unsupported-shape', finding.timer.promise ? 'the timer is started elsewhere, and perhaps for other races, too' : 'the timer is started in another function');
}

/** Promise.race([work(), new Promise((_, reject) => setTimeout(() => reject(error), ms))])  →  withTimeout(() => work(), ms, { reason: () => error }) */
function getTimeoutRepair(file: SourceFile, finding: AbandonedRace, { isNumber, lowestNode }: AbortStyle): AbortRepair | undefined {
  const { node, work, timer } = finding;
  const [only, ...others] = work;
  const list = node.arguments[0] && skipWrappers(node.arguments[0]);
  if (!only || others.length > 0 || list?.type !== 'ArrayExpression' || list.elements.length !== 2 || !timer.promise) return undefined;
  const limit = findLimit(file, finding);
  if (!limit || !isNumber(limit.delay) || waits(file, only) || (limit.declaration && !isRightBefore(file, limit.declaration, node))) return undefined;
  // A comment on what goes would go with it.
  const kept: Node[] = [only, limit.error, limit.delay].filter((part) => part !== undefined);
  if ([node, limit.declaration].some((gone) => gone && hasComment(file, gone, kept))) return undefined;
  const types = node.typeArguments ? file.getText(node.typeArguments) : '';
  const error = limit.error ? file.getText(limit.error) : 'undefined';
  const reason = limit.error && skipWrappers(limit.error).type === 'ObjectExpression' ? `(${error})` : error;
  const text = `withTimeout${types}(${writeWork(file, only, node, lowestNode)}, ${file.getText(limit.delay)}, { reason: () => ${reason} })`;
  const edits: TextEdit[] = [{ start: node.range[0], end: node.range[1], text }];
  if (limit.declaration) edits.unshift(removeLine(file, limit.declaration));
  return { edits, helpers: ['withTimeout'] };
}

/** `AbortSignal.any` came with 20.3. https://nodejs.org/api/globals.html#static-method-abortsignalanysignals */
const NODE_WITH_ANY = 20;

interface Limit {
  readonly delay: Node;
  readonly error: Node | undefined;
  /** The statement that declares the promise of the timer, where it is not written in the race. */
  readonly declaration?: Node | undefined;
}

/** new Promise((_, reject) => setTimeout(() => reject(error), ms)), in the race or declared right before it for it alone. */
function findLimit(file: SourceFile, { timerOperand, timer }: AbandonedRace): Limit | undefined {
  const { promise } = timer;
  if (!promise || promise.settles.has('resolve') || getTimerHolder(file, promise.timer).kind !== 'discarded') return undefined;
  const { executor, timer: call } = promise;
  const [callback, delay, ...rest] = call.arguments;
  const handler = callback && skipWrappers(callback);
  if (!delay || rest.length > 0 || !handler || !isFunction(handler) || handler.async || !isOnlyStatement(executor, call)) return undefined;
  const rejection = findOnlyCall(handler);
  if (!rejection || rejection.arguments.length > 1 || rejection.arguments[0]?.type === 'SpreadElement') return undefined;
  const callee = skipWrappers(rejection.callee);
  const parameter = executor.params[1];
  if (callee.type !== 'Identifier' || parameter?.type !== 'Identifier' || callee.name !== parameter.name) return undefined;
  const error = rejection.arguments[0];
  if (skipWrappers(timerOperand) === promise.creation) return { delay, error };
  const operand = skipWrappers(timerOperand);
  const variable = operand.type === 'Identifier' ? file.getVariable(operand) : undefined;
  const declarator = variable?.defs[0]?.node;
  const isAlone = variable?.references.filter((reference) => !reference.init).length === 1;
  const declaration = declarator?.type === 'VariableDeclarator' && declarator.parent.declarations.length === 1 ? declarator.parent : undefined;
  return isAlone && declaration ? { delay, error, declaration } : undefined;
}

/** (_, reject) => setTimeout(…), (_, reject) => { setTimeout(…); } */
function isOnlyStatement(owner: Node, call: Node): boolean {
  if (!isFunction(owner)) return false;
  return findOnlyCall(owner) === call;
}

function findOnlyCall(fn: Node): TSESTree.CallExpression | undefined {
  if (!isFunction(fn)) return undefined;
  let body: Node = fn.body;
  if (body.type === 'BlockStatement') {
    const [only, ...others] = body.body;
    if (!only || others.length > 0) return undefined;
    if (only.type === 'ReturnStatement' && only.argument) body = only.argument;
    else if (only.type === 'ExpressionStatement') body = only.expression;
  }
  const call = skipWrappers(body);
  return call.type === 'CallExpression' ? call : undefined;
}

/** Whether an operand waits itself: inside another function it cannot. */
function waits(file: SourceFile, operand: Node): boolean {
  return someBelow(operand, (inner) => inner.type === 'AwaitExpression' || inner.type === 'YieldExpression' || (inner.type === 'Identifier' && inner.name === 'arguments'), file);
}

function isRightBefore(file: SourceFile, declaration: Node, race: Node): boolean {
  const statement = findStatement(race);
  return statement !== undefined && statement.parent === declaration.parent && /^\s*$/.test(file.text.slice(declaration.range[1], statement.range[0]));
}

function hasComment(file: SourceFile, gone: Node, kept: readonly Node[]): boolean {
  const parts = kept.filter(({ range }) => range[0] >= gone.range[0] && range[1] <= gone.range[1]).sort((a, b) => a.range[0] - b.range[0]);
  let at = gone.range[0];
  const between = parts.map(({ range }) => {
    const text = file.text.slice(at, range[0]);
    at = range[1];
    return text;
  });
  return /\/[/*]/.test([...between, file.text.slice(at, gone.range[1])].join(' '));
}

/** `() => work()`, or `(signal) => fetch(url, { signal })` where the work takes a signal and has none yet. */
function writeWork(file: SourceFile, work: Node, race: Node, lowestNode: number | undefined): string {
  const text = file.getText(work);
  const finish = (written: string) => moveOut(file, work, race, written);
  const head = findChainHead(work);
  const abortable = head && findAbortable(file, head);
  const given = abortable && getGivenSignal(file, abortable);
  const takes = abortable && given?.state === 'missing' && !/\bsignal\b/.test(text) ? addSignal(file, abortable, given, 'signal') : undefined;
  const limit = head && !takes ? findFreshName(file, ['limit', 'timeLimit'], race) : undefined;
  const joined = limit === undefined || (lowestNode !== undefined && lowestNode < NODE_WITH_ANY) ? undefined : joinLimit(file, head!, limit);
  const start = work.range[0];
  const isObject = skipWrappers(work).type === 'ObjectExpression';
  const edits = takes ?? joined;
  if (!edits || edits.some((edit) => edit.start < start || edit.end > work.range[1])) return isObject ? `() => (${finish(text)})` : `() => ${finish(text)}`;
  let written = text;
  for (const edit of [...edits].sort((a, b) => b.start - a.start)) written = written.slice(0, edit.start - start) + edit.text + written.slice(edit.end - start);
  return `(${takes ? 'signal' : limit!}) => ${finish(written)}`;
}

/** fetch(url) of fetch(url).then(…).catch(…) */
function findChainHead(work: Node): TSESTree.CallExpression | undefined {
  let node = skipWrappers(work);
  while (node.type === 'CallExpression') {
    const callee = skipWrappers(node.callee);
    if (callee.type !== 'MemberExpression' || !/^(?:then|catch|finally)$/.test(getPropertyName(callee) ?? '')) return node;
    node = skipWrappers(callee.object);
  }
  return undefined;
}

/** Promise.race([work, setTimeout(ms)]) of `timers/promises`, Promise.race([work, sleep(ms)]): the timer gets a signal that aborts when the race is over. */
function abortSleep(file: SourceFile, { node, timer }: AbandonedRace): TextEdit[] | undefined {
  const statement = findStatement(node);
  const isPlatform = file.getOrigin(timer.call.callee) === 'timers:promises.setTimeout';
  const { signalIndex } = timer;
  const name = findFreshName(file, ['patience', 'raceIsOver'], node);
  if ((!isPlatform && signalIndex === undefined) || !statement || name === undefined || isGivenSignal(file, node) || getEnclosingRoot(timer.call) !== getEnclosingRoot(node)) return undefined;
  const missing = Array<string>(Math.max(0, (signalIndex ?? 2) - timer.call.arguments.length)).fill('undefined');
  // sleep(ms, undefined)
  if (signalIndex !== undefined && timer.call.arguments.length > signalIndex) return undefined;
  const declared = placeBefore(statement, [`const ${name} = new AbortController();`], file);
  // Declared on an earlier line, it would be aborted before another round of a loop.
  if (!declared || timer.call.range[0] < statement.range[0]) return undefined;
  return [...declared, ...addArguments(file.text, timer.call, [...missing, signalIndex === undefined ? `{ signal: ${name}.signal }` : `${name}.signal`]), ...addFinally(node, `${name}.abort();`)];
}

/** The caller's own signal belongs there; that of an object says when the object ends. */
function isGivenSignal(file: SourceFile, race: Node): boolean {
  const run = findRun(file, race);
  return run !== undefined && run.carriers.source.kind !== 'field';
}
