import { type Refusal, refuse } from '../../repairs/refusal.js';
import type { TextEdit } from '../../repairs/text-edit.js';
import { placeBefore, findStatement } from '../../repairs/place-statement.js';
import { addArguments } from '../../errors/cause-edits.js';
import type { SourceFile } from '../../source-file.js';
import { type Node, type TSESTree, getEnclosingRoot, getPropertyName, isFunction, isWithin, outermostWrapper, skipWrappers } from '../../syntax/node.js';
import { isExecutor } from '../../timers/timer-calls.js';
import type { LeakedListener } from '../abort-listeners.js';
import { findFunction, someBelow } from '../functions.js';
import { addFinally } from './finally-edit.js';
import { findFreshName, findRest } from './guard-rest.js';
import { hasWait } from './guard-work.js';
import { holdUntilEnd } from './hold-edits.js';
import { getListenerEdits } from './listener-edits.js';
import type { AbortRepair, AbortStyle } from './repair.js';

/** Ends a listener with the work that it is for: as the `Disposable` of `onAbort`, or by `removeEventListener` where a promise is settled. */
export function getAbortListenerRepair(file: SourceFile, finding: LeakedListener, style: AbortStyle): AbortRepair | Refusal {
  const held = finding.loss === 'never' ? hold(file, finding, style) : undefined;
  if (held) return held;
  const edits = getListenerEdits(file, finding) ?? abortRaced(file, finding);
  return edits ? { edits, helpers: [] } : refuse('unsupported-shape', 'where the work ends is not written in this function');
}

/** signal.addEventListener('abort', stop);  →  using _abortListener = onAbort(signal, stop); */
function hold(file: SourceFile, finding: LeakedListener, { form }: AbortStyle): AbortRepair | undefined {
  const { node, form: registration } = finding;
  const statement = outermostWrapper(node).parent;
  const root = getEnclosingRoot(node);
  const name = findFreshName(file, form === 'using' ? ['_abortListener', '_stopListening'] : ['abortListener', 'stopListening'], node);
  if (statement?.type !== 'ExpressionStatement' || name === undefined || registration === 'once' || !isFunction(root) || isExecutor(file, root)) return undefined;
  const isHelper = registration === 'helper';
  const guard = findGuard(file, statement, finding);
  const value = isHelper ? file.getText(node) : writeOnAbort(file, finding, guard !== undefined);
  const place = guard ?? statement;
  const rest = findRest(place)?.rest ?? [];
  if (value === undefined || !isInBody(place, root) || !rest.some((next) => hasWait(file, next))) return undefined;
  const helpers = isHelper ? [] : ['onAbort'];
  const isAlone = !guard || guard.consequent === statement || isOnlyStatement(guard.consequent);
  const edits = holdUntilEnd(file, place, { place: isAlone ? 'instead' : 'behind', name, value, form });
  if (!edits) return undefined;
  return { edits: isAlone ? edits : [removeLine(file, statement), ...edits], helpers };
}

/** `onAbort(signal, stop)`; undefined where the listener reads its event, or the name means something else here. */
function writeOnAbort(file: SourceFile, { node, signal, listener }: LeakedListener, mayBeMissing: boolean): string | undefined {
  const handler = findFunction(file, listener);
  const written = skipWrappers(listener);
  const [, , options] = node.arguments;
  const isDeclared = file.scopeManager.scopes.some((scope) => scope.set.get('onAbort')?.defs.some(({ type }) => type !== 'ImportBinding'));
  if (!handler || handler.params.length > 0 || isDeclared || !isPlain(options) || (!isFunction(written) && written.type !== 'Identifier')) return undefined;
  const callee = skipWrappers(node.callee);
  const isOptional = mayBeMissing || (callee.type === 'MemberExpression' && callee.optional);
  const name = file.getText(signal);
  // Nothing says any more that the signal is there.
  const pattern = new RegExp(`(?<![\\w$.])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\.(?=(?:reason|aborted)\\b)`, 'g');
  const text = file.getText(listener);
  return `onAbort(${name}, ${isOptional && isFunction(written) ? text.replace(pattern, `${name}?.`) : text})`;
}

/** { once: true }: nothing that would be missed. */
function isPlain(options: Node | undefined): boolean {
  if (!options) return true;
  const node = skipWrappers(options);
  return node.type === 'Literal' || (node.type === 'ObjectExpression' && node.properties.every((property) => property.type === 'Property' && /^(?:once|passive)$/.test(getPropertyName(property) ?? '')));
}

/** if (signal) { signal.addEventListener(…); }: the statement that only asks whether there is a signal. */
function findGuard(file: SourceFile, statement: TSESTree.Statement, { signal, listener, form }: LeakedListener): TSESTree.IfStatement | undefined {
  const { parent } = statement;
  const outer = parent?.type === 'BlockStatement' ? parent.parent : parent;
  if (outer?.type !== 'IfStatement' || outer.alternate || form !== 'method') return undefined;
  const test = skipWrappers(outer.test);
  const asked = test.type === 'BinaryExpression' && /^!==?$/.test(test.operator) ? test.left : test;
  if (file.getText(asked).replaceAll('?', '') !== file.getText(signal).replaceAll('?', '')) return undefined;
  const usesInner = someBelow(
    listener,
    (node) => {
      const variable = node.type === 'Identifier' ? file.getReference(node)?.resolved : undefined;
      const [definition] = variable?.defs ?? [];
      return definition !== undefined && isWithin(definition.name, outer) && !isWithin(definition.name, listener);
    },
    file,
  );
  return usesInner ? undefined : outer;
}

function isOnlyStatement(block: Node): boolean {
  return block.type === 'BlockStatement' && block.body.length === 1;
}

/** In the body of the function itself, or in a `try` of it, so that what follows is the work. */
function isInBody(statement: Node, root: Node): boolean {
  const { parent } = statement;
  return parent?.type === 'BlockStatement' && (parent.parent === root || parent.parent.type === 'TryStatement');
}

/** The whole line of a statement, the line break before it included. */
function removeLine(file: SourceFile, statement: Node): TextEdit {
  const before = /\r?\n[ \t]*$/.exec(file.text.slice(0, statement.range[0]))?.[0] ?? '';
  return { start: statement.range[0] - before.length, end: statement.range[1], text: '' };
}

/** Promise.race([work, once(signal, 'abort')]): the wait for the abort gets a signal that ends it with the race. */
function abortRaced(file: SourceFile, { node, form }: LeakedListener): TextEdit[] | undefined {
  const list = outermostWrapper(node).parent;
  const race = list?.type === 'ArrayExpression' ? list.parent : undefined;
  const statement = race && findStatement(race);
  const name = findFreshName(file, ['raceIsOver', 'stopWaiting'], node);
  if (form !== 'once' || race?.type !== 'CallExpression' || !statement || name === undefined) return undefined;
  const declared = placeBefore(statement, [`const ${name} = new AbortController();`], file);
  return declared && [...declared, ...addArguments(file.text, node, [`{ signal: ${name}.signal }`]), ...addFinally(race, `${name}.abort();`)];
}
