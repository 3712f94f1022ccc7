import type { SourceFile } from '../../source-file.js';
import { findStatement, placeBefore } from '../../repairs/place-statement.js';
import { moveOut } from '../../repairs/move-out.js';
import type { TextEdit } from '../../repairs/text-edit.js';
import { type FunctionNode, type Node, findEnclosingFunction, getEnclosingRoot, isFunction, isWithin, outermostWrapper, skipWrappers } from '../../syntax/node.js';
import { isReleaseOf } from '../../timers/release-loss.js';
import { isExecutor } from '../../timers/timer-calls.js';
import type { LeakedListener } from '../abort-listeners.js';
import { getRemovals } from '../listener-removals.js';
import { findFunction } from '../functions.js';
import { addFinally } from './finally-edit.js';
import { findFreshName } from './guard-rest.js';
import { guardWork } from './guard-work.js';
import { getSettleEdits } from './settle-edits.js';

/** The edits that remove an abort listener when the work has ended; undefined where its end is not in sight. */
export function getListenerEdits(file: SourceFile, finding: LeakedListener): TextEdit[] | undefined {
  const { node, listener, loss, form, exit } = finding;
  if (form !== 'method') return undefined;
  const named = nameListener(file, finding);
  if (!named) return undefined;
  const release = writeRemoval(file, finding, named.name);
  if (loss === 'rejection') {
    const handler = exit && findEnclosingFunction(exit.node);
    return handler && addFinally(handler.parent, release);
  }
  const clearing = endWith(file, node, release, listener);
  if (!clearing && loss === 'never') return endWithRace(file, finding);
  return clearing && [...named.edits, ...clearing].sort((a, b) => a.start - b.start || a.end - b.end);
}

/** Runs `release` where the work ends: at every settlement of an executor, or in `finally` behind the registration. */
export function endWith(file: SourceFile, node: Node, release: string, listener: Node): TextEdit[] | undefined {
  const root = getEnclosingRoot(node);
  if (!isFunction(root)) return undefined;
  if (!isExecutor(file, root)) return isDirect(node, root) ? guardWork(file, node, release) : undefined;
  const handler = findFunction(file, listener);
  const uses = getRemovals(file, listener);
  // const done = () => resolve(); work.then(done): what else calls it counts on it.
  const isShared = isUsedOtherwise(file, listener);
  const isOwn = (place: Node) => !isShared && handler !== undefined && isWithin(place, handler);
  return getSettleEdits(file, root, release, node, isOwn, (call) => isReleaseOf(file, call, uses));
}

/** Whether a function that listens is also called or passed on in other ways. */
function isUsedOtherwise(file: SourceFile, listener: Node): boolean {
  const node = skipWrappers(listener);
  const variable = node.type === 'Identifier' ? file.getVariable(node) : undefined;
  return (
    variable?.references.some(({ identifier, init }) => {
      const { parent } = identifier;
      return !init && !(parent?.type === 'CallExpression' && /(?:add|remove)EventListener$/.test(file.getText(parent.callee)));
    }) ?? false
  );
}

/** Promise.race([work, new Promise((_, reject) => { signal.addEventListener('abort', …); })]): removed when the race is over. */
function endWithRace(file: SourceFile, finding: LeakedListener): TextEdit[] | undefined {
  const { node, listener } = finding;
  const executor = getEnclosingRoot(node);
  const list = isFunction(executor) && isExecutor(file, executor) ? outermostWrapper(executor.parent).parent : undefined;
  const race = list?.type === 'ArrayExpression' ? list.parent : undefined;
  const handler = skipWrappers(listener);
  const registration = outermostWrapper(node).parent;
  const statement = race && findStatement(race);
  const name = findFreshName(file, ['onAbort', 'handleAbort', 'abortListener'], race ?? node);
  const isRace = race?.type === 'CallExpression' && file.getOrigin(race.callee) === 'global:Promise.race';
  if (!isRace || !statement || !isFunction(handler) || registration?.type !== 'ExpressionStatement' || name === undefined) return undefined;
  const declared = placeBefore(statement, [`let ${name} = () => {};`], file);
  const assigned = placeBefore(registration, [`${name} = ${file.getText(handler)};`], file);
  if (!declared || !assigned) return undefined;
  const passed = { start: listener.range[0], end: listener.range[1], text: name };
  return [...declared, ...assigned, passed, ...addFinally(race, writeRemoval(file, finding, name))];
}

/** Whether the statement of a node stands in the body of the function itself, so that what follows is the work. */
function isDirect(node: Node, root: FunctionNode): boolean {
  const statement = outermostWrapper(node).parent;
  return statement?.type === 'ExpressionStatement' && (statement.parent === root.body || statement.parent.type === 'BlockStatement' && statement.parent.parent.type === 'TryStatement');
}

/** signal?.addEventListener('abort', …)  →  signal?.removeEventListener('abort', name); */
function writeRemoval(file: SourceFile, { node }: LeakedListener, name: string): string {
  return `${file.getText(node.callee).replace(/addEventListener$/, 'removeEventListener')}(${file.getText(node.arguments[0]!)}, ${name});`;
}

/** Outside of `signal?.addEventListener(…)` nothing says that the signal is there. */
function getHandlerText(file: SourceFile, registration: LeakedListener['node'], handler: Node): string {
  const text = file.getText(handler);
  const callee = skipWrappers(registration.callee);
  if (callee.type !== 'MemberExpression' || !callee.optional) return text;
  const signal = file.getText(callee.object).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.replace(new RegExp(`\\b${signal}\\.(?=reason|aborted)`, 'g'), (match) => `${match.slice(0, -1)}?.`);
}

/** signal.addEventListener('abort', () => …)  →  const onAbort = () => …; signal.addEventListener('abort', onAbort) */
function nameListener(file: SourceFile, { node, listener }: LeakedListener): { name: string; edits: TextEdit[] } | undefined {
  const handler = skipWrappers(listener);
  if (handler.type === 'Identifier') return { name: handler.name, edits: [] };
  const statement = outermostWrapper(node).parent;
  const name = findFreshName(file, ['onAbort', 'handleAbort', 'abortListener'], node);
  if (!isFunction(handler) || statement?.type !== 'ExpressionStatement' || name === undefined) return undefined;
  const placed = placeBefore(statement, [`const ${name} = ${moveOut(file, handler, statement, getHandlerText(file, node, handler))};`], file);
  return placed && { name, edits: [...placed, { start: listener.range[0], end: listener.range[1], text: name }] };
}
