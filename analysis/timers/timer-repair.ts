import { awaitReturns, findRest, guardRest } from '../abort/edits/guard-rest.js';
import type { AbortRepair, AbortStyle } from '../abort/edits/repair.js';
import { findOwnController } from '../abort/controllers.js';
import { someBelow } from '../abort/functions.js';
import { type Refusal, refuse } from '../repairs/refusal.js';
import { removeLine } from '../repairs/remove-line.js';
import type { TextEdit } from '../repairs/text-edit.js';
import type { SourceFile } from '../source-file.js';
import { isTypeScript } from '../syntax/is-type-script.js';
import { type Node, type TSESTree, getEnclosingRoot, getPropertyName, isFunction, isWithin, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { repairInOwner, writeEvery } from './interval-owner.js';
import { findTimerCallback } from './promise-executor.js';
import { findNumber } from './timer-calls.js';
import { getTimerEdits, isEffect } from './timer-edits.js';
import { getTimerUses } from './timer-uses.js';
import type { UnclearedTimer } from './uncleared-timers.js';

/** `AbortSignal.timeout` came with 17.3. https://nodejs.org/api/globals.html#static-method-abortsignaltimeoutdelay */
const NODE_WITH_TIMEOUT = 18;

/**
 * Ends a timer with the work that it is for: an interval as the `Disposable` of `every`, a time limit of which nobody learns
 * by `AbortSignal.timeout`, everything else cleared in `finally` or where a promise is settled.
 */
export function getTimerRepair(file: SourceFile, finding: UnclearedTimer, style: AbortStyle): AbortRepair | Refusal {
  const { loss, node } = finding;
  if (loss === 'field') return repairInOwner(file, finding);
  if (loss === 'unclearable' && !isEffect(getEnclosingRoot(node))) return repairInOwner(file, finding);
  const replaced = holdInterval(file, finding, style) ?? limitSignal(file, finding, style);
  if (replaced) return replaced;
  const edits = getTimerEdits(file, finding) ?? guardFromDeclaration(file, finding);
  return edits ? { edits, helpers: [] } : refuse('unsupported-shape', 'the end of the work leaves no room to clear the timer');
}

/** const timer = setInterval(tick, ms); …; clearInterval(timer);  →  using timer = every(ms, tick); …; timer[Symbol.dispose](); */
function holdInterval(file: SourceFile, { loss, node, timer, holder }: UnclearedTimer, { form }: AbortStyle): AbortRepair | undefined {
  if (loss !== 'path' || timer !== 'interval' || form !== 'using' || holder.kind !== 'variable') return undefined;
  const { variable, bind } = holder;
  const declaration = bind.type === 'VariableDeclarator' ? bind.parent : undefined;
  const value = writeEvery(file, node);
  const rest = findRest(node);
  if (declaration?.type !== 'VariableDeclaration' || declaration.kind !== 'const' || declaration.declarations.length > 1 || value === undefined || rest?.statement !== declaration) return undefined;
  const { clears } = getTimerUses(file, variable);
  const clearing = clears.filter((clear) => clear.arguments.length === 1 && outermostWrapper(clear).parent?.type === 'ExpressionStatement');
  const awaited = awaitReturns(file, rest.rest);
  if (!awaited || rest.rest.length === 0 || clearing.length !== variable.references.filter((reference) => !reference.init).length) return undefined;
  const name = declaration.declarations[0]!.id as TSESTree.Identifier;
  const edits: TextEdit[] = [
    { start: declaration.range[0], end: declaration.range[0] + 'const'.length, text: 'using' },
    ...(name.typeAnnotation ? [{ start: name.typeAnnotation.range[0], end: name.typeAnnotation.range[1], text: '' }] : []),
    { start: node.range[0], end: node.range[1], text: value },
    ...awaited,
    ...clearing.map((clear) => ({ start: clear.range[0], end: clear.range[1], text: `${variable.name}[Symbol.dispose]()` })),
  ];
  return { edits: edits.sort((a, b) => a.start - b.start || a.end - b.end), helpers: ['every'] };
}

/** const c = new AbortController(); setTimeout(() => c.abort(), ms); … c.signal  →  … AbortSignal.timeout(ms), where nobody looks at the error. */
function limitSignal(file: SourceFile, { loss, node, deadline, holder }: UnclearedTimer, { lowestNode }: AbortStyle): AbortRepair | undefined {
  const [callback, delay] = node.arguments;
  const statement = node.parent;
  if (loss !== 'deadline' || deadline?.effect !== 'abort' || holder.kind !== 'discarded' || !callback || !delay || statement.type !== 'ExpressionStatement') return undefined;
  if (lowestNode !== undefined && lowestNode < NODE_WITH_TIMEOUT) return undefined;
  // It takes whole numbers only.
  const ms = findNumber(file, delay);
  if (ms === undefined || ms < 0 || !Number.isInteger(ms)) return undefined;
  const body = findTimerCallback(file, node);
  const abort = body && findOnlyAbort(body);
  const controller = abort && findOwnController(file, abort.object);
  const declarator = controller?.defs[0]?.node;
  const declaration = declarator?.type === 'VariableDeclarator' && declarator.parent.declarations.length === 1 ? declarator.parent : undefined;
  if (!controller || !declaration || declaration.parent !== statement.parent || !isFunction(getEnclosingRoot(node))) return undefined;
  const others = controller.references.filter(({ identifier, init }) => !init && !isWithin(identifier, node));
  const [only, ...more] = others.map(({ identifier }) => outermostWrapper(identifier).parent);
  if (only?.type !== 'MemberExpression' || getPropertyName(only) !== 'signal' || more.length > 0 || !isSwallowed(file, only)) return undefined;
  if ([declaration, statement].some((gone) => /\/[/*]/.test(file.getText(gone)))) return undefined;
  const edits: TextEdit[] = [removeLine(file, declaration), removeLine(file, statement), { start: only.range[0], end: only.range[1], text: `AbortSignal.timeout(${file.getText(delay)})` }];
  return { edits: edits.sort((a, b) => a.start - b.start), helpers: [] };
}

/** () => controller.abort() */
function findOnlyAbort(callback: Node): TSESTree.MemberExpression | undefined {
  if (!isFunction(callback)) return undefined;
  const statement = callback.body.type === 'BlockStatement' && callback.body.body.length === 1 ? callback.body.body[0] : undefined;
  const call = skipWrappers(statement?.type === 'ExpressionStatement' ? statement.expression : callback.body);
  const callee = call.type === 'CallExpression' && call.arguments.length === 0 ? skipWrappers(call.callee) : undefined;
  return callee?.type === 'MemberExpression' && getPropertyName(callee) === 'abort' ? callee : undefined;
}

/** try { … } catch { … } around a place of the same function, with nothing thrown on. */
function isSwallowed(file: SourceFile, place: Node): boolean {
  for (let node = place; node.parent && !isFunction(node.parent); node = node.parent) {
    const { parent } = node;
    if (parent.type !== 'TryStatement' || parent.block !== node || !parent.handler) continue;
    return !parent.handler.param && !someBelow(parent.handler.body, (inner) => inner.type === 'ThrowStatement', file);
  }
  return false;
}

/** let timer; if (ms) timer = setTimeout(…); rest  →  let timer; if (ms) timer = setTimeout(…); try { rest } finally { clearTimeout(timer); } */
function guardFromDeclaration(file: SourceFile, { loss, holder, timer }: UnclearedTimer): TextEdit[] | undefined {
  if (loss !== 'path' || holder.kind !== 'variable' || holder.bind.type !== 'AssignmentExpression') return undefined;
  const { variable, bind } = holder;
  const declarator = variable.defs[0]?.node;
  const block = declarator?.type === 'VariableDeclarator' ? declarator.parent.parent : undefined;
  if (declarator?.type !== 'VariableDeclarator' || block?.type !== 'BlockStatement' || getEnclosingRoot(bind) !== getEnclosingRoot(declarator)) return undefined;
  let statement: Node = bind;
  while (statement.parent && statement.parent !== block) statement = statement.parent;
  const type = declarator.id.typeAnnotation ? file.getText(declarator.id.typeAnnotation) : '';
  // Where it may never be set, its type must say so.
  const isAlwaysSet = statement.type === 'ExpressionStatement' || declarator.init !== null;
  if (statement.parent !== block || (!isAlwaysSet && isTypeScript(file) && !/\bundefined\b/.test(type))) return undefined;
  return guardRest(file, statement, `${timer === 'interval' ? 'clearInterval' : 'clearTimeout'}(${variable.name});`);
}
