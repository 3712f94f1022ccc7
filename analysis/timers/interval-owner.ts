import { findFreshName } from '../abort/edits/guard-rest.js';
import type { AbortRepair } from '../abort/edits/repair.js';
import { collectBelow } from '../abort/functions.js';
import { type Teardown, getObjectTeardowns, getTeardowns } from '../listeners/teardown.js';
import { placeAtStart } from '../repairs/place-statement.js';
import { type Refusal, refuse } from '../repairs/refusal.js';
import type { TextEdit } from '../repairs/text-edit.js';
import { getIndent, getLineBreak, hasSemicolons } from '../repairs/text-layout.js';
import type { SourceFile } from '../source-file.js';
import { isTypeScript } from '../syntax/is-type-script.js';
import { type ClassNode, type FunctionNode, type Node, type TSESTree, findEnclosingClass, getEnclosingRoot, isFunction, skipWrappers } from '../syntax/node.js';
import type { UnclearedTimer } from './uncleared-timers.js';

/** Ends an interval in the method that ends the object which started it, or says why it cannot. */
export function repairInOwner(file: SourceFile, finding: UnclearedTimer): AbortRepair | Refusal {
  const { holder, node } = finding;
  const owner = findEnclosingClass(node);
  if (owner) {
    const teardowns = getLastWords(file, getTeardowns(owner));
    if (teardowns.length === 0) return refuse('ambiguous-owner', 'the class has no method that ends its work');
    if (holder.kind === 'field') return clearField(file, holder.field, holder.name, teardowns);
    return holder.kind === 'discarded' ? keepInField(file, owner, node, teardowns) : refuse('ambiguous-owner', 'when the interval should end is not written in the code');
  }
  return endWithObject(file, finding) ?? refuse('ambiguous-owner', 'when the interval should end is not written in the code');
}

/** Of the methods that end an object, those that leave it to no other of them. */
function getLastWords(file: SourceFile, teardowns: readonly Teardown[]): Teardown[] {
  return teardowns.filter(({ body }) => body.body.type === 'BlockStatement' && !teardowns.some(({ name }) => new RegExp(`\\bthis\\.${name.replace(/[^\w]/g, '\\$&')}\\(`).test(file.getText(body))));
}

/** stop() { … }  →  stop() { clearInterval(this.timer); … } */
function clearField(file: SourceFile, field: Node, name: string, teardowns: readonly Teardown[]): AbortRepair {
  const member = `this.${name}`;
  // this.timer ??= setInterval(…): it can start again only when the field is empty.
  const isConditional = field.type === 'AssignmentExpression' && (field.operator !== '=' || new RegExp(`!\\s*${member.replace(/[$#]/g, '\\$&')}\\b`).test(file.text));
  const lines = [`clearInterval(${member});`, ...(isConditional ? [`${member} = undefined;`] : [])];
  const edits = teardowns.flatMap(({ body }) => lines.flatMap((line) => placeAtStart(body.body as TSESTree.BlockStatement, line, file)));
  return { edits, helpers: [] };
}

/** setInterval(tick, ms);  →  this.#interval = every(ms, tick);, which the method that ends the object disposes. */
function keepInField(file: SourceFile, owner: ClassNode, node: TSESTree.CallExpression, teardowns: readonly Teardown[]): AbortRepair | Refusal {
  const value = writeEvery(file, node);
  const name = ['interval', 'timer', 'everyTick'].find((candidate) => !new RegExp(`#${candidate}\\b`).test(file.getText(owner)));
  const [first] = owner.body.body;
  if (value === undefined || name === undefined || !first || node.parent.type !== 'ExpressionStatement') return refuse('unsupported-shape', 'the interval is started within a larger expression, or with arguments');
  const indent = getIndent(file.text, first.range[0]);
  if (!indent.isOnOwnLine) return refuse('unsupported-shape', 'the class stands on one line');
  const end = hasSemicolons(file.text) ? ';' : '';
  const field: TextEdit = {
    start: owner.body.range[0] + 1,
    end: owner.body.range[0] + 1,
    text: `${getLineBreak(file.text)}${indent.text}#${name}${isTypeScript(file) ? ': Disposable | undefined' : ''}${end}`,
  };
  const started: TextEdit = { start: node.range[0], end: node.range[1], text: `this.#${name} = ${value}` };
  const ended = teardowns.flatMap(({ body }) => placeAtStart(body.body as TSESTree.BlockStatement, `this.#${name}?.[Symbol.dispose]();`, file));
  return { edits: [field, started, ...ended].sort((a, b) => a.start - b.start), helpers: ['every'] };
}

/** function create() { setInterval(tick, ms); return { close() { … } }; }  →  const interval = every(ms, tick);, disposed in `close`. */
function endWithObject(file: SourceFile, { node, holder }: UnclearedTimer): AbortRepair | undefined {
  const root = getEnclosingRoot(node);
  const statement = node.parent.type === 'ExpressionStatement' ? node.parent : undefined;
  const value = writeEvery(file, node);
  const name = findFreshName(file, ['interval', 'ticks', 'everyTick'], node);
  if (!isFunction(root) || holder.kind !== 'discarded' || statement?.parent !== root.body || value === undefined || name === undefined) return undefined;
  const teardowns = findReturnedTeardowns(file, root);
  const [teardown] = teardowns;
  if (teardowns.length !== 1 || teardown?.body.body.type !== 'BlockStatement') return undefined;
  const started: TextEdit = { start: node.range[0], end: node.range[1], text: `const ${name} = ${value}` };
  return { edits: [started, ...placeAtStart(teardown.body.body, `${name}[Symbol.dispose]();`, file)], helpers: ['every'] };
}

function findReturnedTeardowns(file: SourceFile, root: FunctionNode): Teardown[] {
  const found: Teardown[] = [];
  collectBelow(root, file, (inner) => {
    if (inner.type !== 'ReturnStatement' || !inner.argument) return;
    const value = skipWrappers(inner.argument);
    if (value.type === 'ObjectExpression') found.push(...getObjectTeardowns(value));
  });
  return found;
}

/** `every(ms, tick)` of `setInterval(tick, ms)`; undefined where the callback gets arguments. */
export function writeEvery(file: SourceFile, { arguments: args }: TSESTree.CallExpression): string | undefined {
  const [callback, delay] = args;
  if (!callback || !delay || args.length > 2) return undefined;
  // A comment in between would be lost.
  const between = file.text.slice(callback.range[1], delay.range[0]);
  return /\/[/*]/.test(between) ? undefined : `every(${file.getText(delay)}, ${file.getText(callback)})`;
}
