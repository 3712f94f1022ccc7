import { type Refusal, refuse } from '../repairs/refusal.js';
import { getIndent, getIndentUnit, getLineBreak, hasSemicolons } from '../repairs/text-layout.js';
import type { TextEdit } from '../repairs/text-edit.js';
import type { SourceFile } from '../source-file.js';
import { isTypeScript } from '../syntax/is-type-script.js';
import { type Node, type TSESTree, findEnclosingFunction, getPropertyName, isFunction, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { findUnremovedListeners } from './find-unremoved-listeners.js';
import type { ListenerCall } from './listener-calls.js';
import { getHandlerIdentity } from './removals.js';
import type { ListenerOwner, UnremovedListener } from './unremoved-listener.js';

/** *plain*: with what the platform has. *listen*: with the runtime's `listen`, which gives back a `Disposable`. */
export type ListenerStyle = 'plain' | 'listen';

export interface ListenerRepair {
  readonly edits: readonly TextEdit[];
  readonly usesListen: boolean;
  /** What the edits do. */
  readonly kind: 'counterpart' | 'teardown' | 'cleanup';
}

const COUNTERPARTS: Readonly<Record<string, string>> = {
  on: 'off',
  once: 'off',
  addListener: 'removeListener',
  prependListener: 'removeListener',
  prependOnceListener: 'removeListener',
  addEventListener: 'removeEventListener',
};

/** The name of the method that takes back what a method adds. */
export function getCounterpart(method: string): string {
  return COUNTERPARTS[method] ?? 'off';
}

/** The edits that end a listener in time, or why there are none. */
export function getListenerRepair(file: SourceFile, finding: UnremovedListener, style: ListenerStyle): ListenerRepair | Refusal {
  const { reason, listener, owner } = finding;
  if (!listener) return refuse('unsupported-shape', 'the call is not seen');
  switch (reason) {
    case 'addedInRemoval': {
      const [start, end] = listener.callee.property.range;
      return { kind: 'counterpart', usesListen: false, edits: [{ start, end, text: getCounterpart(listener.method) }] };
    }
    case 'instance':
      return owner ? repairInTeardown(file, listener, owner, style) : refuse('unsupported-shape', 'no method ends it');
    case 'effect':
      return repairEffect(file, finding, listener);
    case 'pair':
    case 'failedListen':
      return refuse('unsupported-shape', 'the two listeners have to know each other');
    default:
      return refuse('unsupported-shape', 'where the listening should end is not written in the code');
  }
}

/** The statement that only adds the listener, in a block of its own. */
function findStatement(listener: ListenerCall): TSESTree.ExpressionStatement | undefined {
  const { parent } = outermostWrapper(listener.call);
  if (parent?.type !== 'ExpressionStatement') return undefined;
  if (skipWrappers(listener.callee.object).type === 'CallExpression') return undefined;
  return parent.parent.type === 'BlockStatement' || parent.parent.type === 'StaticBlock' ? parent : undefined;
}

function repairInTeardown(file: SourceFile, listener: ListenerCall, owner: ListenerOwner, style: ListenerStyle): ListenerRepair | Refusal {
  const statement = findStatement(listener);
  const { body } = owner.teardown.body;
  if (!statement) return refuse('unsupported-shape', 'the call is part of a larger expression');
  if (body?.type !== 'BlockStatement') return refuse('unsupported-shape', 'the method that ends it has no block');
  const place = getList(file, owner, style);
  if ('reason' in place) return place;
  const added = style === 'listen' ? writeListen(file, listener, place.access) : writePlain(file, listener, statement, place.access);
  if ('reason' in added) return added;
  return { kind: 'teardown', usesListen: style === 'listen', edits: [...place.edits, ...added.edits, ...place.getTeardownEdits(body)] };
}

interface ListPlace {
  /** How the list is read: `this.#listeners`, or `listeners` in a factory. */
  readonly access: string;
  readonly edits: readonly TextEdit[];
  readonly getTeardownEdits: (body: TSESTree.BlockStatement) => readonly TextEdit[];
}

/** The list that the teardown goes through: the one that an earlier repair made, or a new one. */
function getList(file: SourceFile, owner: ListenerOwner, style: ListenerStyle): ListPlace | Refusal {
  const { text } = file;
  const base = style === 'listen' ? 'listeners' : 'removals';
  const name = owner.kind === 'class' ? `#${base}` : base;
  const access = owner.kind === 'class' ? `this.${name}` : name;
  const container = owner.kind === 'class' ? owner.node.body : owner.node.body;
  if (container?.type !== 'ClassBody' && container?.type !== 'BlockStatement') return refuse('unsupported-shape', 'the factory has no block');
  const loop = style === 'listen' ? `for (const listener of ${access}.splice(0)) listener[Symbol.dispose]();` : `for (const remove of ${access}.splice(0)) remove();`;
  if (file.getText(container).includes(loop)) return { access, edits: [], getTeardownEdits: () => [] };
  if (new RegExp(`(?<![\\w$])${name}(?![\\w$])`).test(file.getText(container))) return refuse('name-taken', `\`${name}\` is in use`);
  const type = style === 'listen' ? 'Disposable[]' : '(() => void)[]';
  const annotation = isTypeScript(file) ? `: ${type}` : '';
  const readonly = owner.kind === 'class' ? (isTypeScript(file) ? 'readonly ' : '') : 'const ';
  return {
    access,
    edits: insertFirst(file, container, `${readonly}${name}${annotation} = [];`, text),
    getTeardownEdits: (body) => insertFirst(file, body, loop, text),
  };
}

/** A statement as the file ends them. */
function endLine(statement: string, text: string): string {
  return hasSemicolons(text) ? statement : statement.replace(/;$/, '');
}

/** Puts a line at the head of a block or class body, in the layout of the file. */
function insertFirst(file: SourceFile, block: TSESTree.BlockStatement | TSESTree.ClassBody, ended: string, text: string): TextEdit[] {
  const start = block.range[0] + 1;
  const [first] = block.body;
  const line = first && /^[[(*`/+-]/.test(text.slice(first.range[0])) ? ended : endLine(ended, text);
  const lineBreak = getLineBreak(text);
  const indent = first && getIndent(text, first.range[0]).isOnOwnLine ? getIndent(text, first.range[0]).text : getIndent(text, block.range[0]).text + getIndentUnit(text);
  const end = block.range[1] - 1;
  if (text.slice(start, end).includes('\n')) return [{ start, end: start, text: `${lineBreak}${indent}${line}` }];
  // { stop(); } on one line, or {}
  const outer = `${lineBreak}${getIndent(text, block.range[0]).text}`;
  if (!first) return [{ start, end, text: `${lineBreak}${indent}${line}${outer}` }];
  return [
    { start, end: first.range[0], text: `${lineBreak}${indent}${line}${lineBreak}${indent}` },
    { start: block.body.at(-1)!.range[1], end, text: outer },
  ];
}

/** process.on('SIGTERM', handler)  →  listeners.push(listen(process, 'SIGTERM', handler)) */
function writeListen(file: SourceFile, listener: ListenerCall, access: string): { edits: TextEdit[] } | Refusal {
  if (listener.method.startsWith('prepend')) return refuse('would-change-behaviour', 'the listener wants to be the first');
  const options = getListenOptions(file, listener);
  if (options === undefined) return refuse('unsupported-shape', 'the options are not seen');
  const [start] = listener.call.range;
  const { eventNode, handler, call } = listener;
  const target = file.getText(listener.callee.object);
  return {
    edits: [
      { start, end: eventNode!.range[0], text: `${access}.push(listen(${target}, ` },
      { start: handler!.range[1], end: call.range[1], text: `${options}))` },
    ],
  };
}

function getListenOptions(file: SourceFile, { method, options }: ListenerCall): string | undefined {
  if (method === 'once') return ', { once: true }';
  if (!options) return '';
  if (options.type === 'Literal') return options.value === true ? ', { capture: true }' : '';
  return options.type === 'ObjectExpression' ? `, ${file.getText(options)}` : undefined;
}

/** const onSigterm = handler; process.on('SIGTERM', onSigterm); removals.push(() => process.off('SIGTERM', onSigterm)); */
function writePlain(file: SourceFile, listener: ListenerCall, statement: Node, access: string): { edits: TextEdit[] } | Refusal {
  const named = nameHandler(file, listener, statement);
  if ('reason' in named) return named;
  const { indent, lineBreak } = getLine(file, statement);
  const push = `${access}.push(() => ${writeRemoval(file, listener, named.name)});`;
  return { edits: [...named.edits, { start: statement.range[1], end: statement.range[1], text: `${lineBreak}${indent}${endLine(push, file.text)}` }] };
}

function getLine(file: SourceFile, statement: Node): { indent: string; lineBreak: string } {
  return { indent: getIndent(file.text, statement.range[0]).text, lineBreak: getLineBreak(file.text) };
}

function writeRemoval(file: SourceFile, { callee, method, eventNode, options }: ListenerCall, handler: string): string {
  const capture = options && method === 'addEventListener' ? `, ${file.getText(options)}` : '';
  return `${file.getText(callee.object)}.${getCounterpart(method)}(${file.getText(eventNode!)}, ${handler}${capture})`;
}

/** The name of the handler; a handler written in place gets one. */
function nameHandler(file: SourceFile, listener: ListenerCall, statement: Node): { name: string; edits: TextEdit[] } | Refusal {
  const handler = listener.handler!;
  if (getHandlerIdentity(file, handler).kind !== 'inline') return { name: file.getText(handler), edits: [] };
  const name = getFreeName(file, getHandlerName(listener));
  const { indent, lineBreak } = getLine(file, statement);
  const text = file.getText(handler);
  // A comment between the call and its handler would be lost.
  if (/\/[/*]/.test(file.text.slice(statement.range[0], handler.range[0]))) return refuse('unsupported-shape', 'a comment stands in the way');
  return {
    name,
    edits: [
      { start: statement.range[0], end: statement.range[0], text: `const ${name} = ${text};${lineBreak}${indent}` },
      { start: handler.range[0], end: handler.range[1], text: name },
    ],
  };
}

function getFreeName(file: SourceFile, base: string): string {
  const isTaken = (name: string) => new RegExp(`(?<![\\w$.])${name}(?![\\w$])`).test(file.text);
  let name = base;
  for (let number = 2; isTaken(name); number++) name = `${base}${number}`;
  return name;
}

/** 'SIGTERM' gives `onSigterm`, 'visibilitychange' `onVisibilitychange`; an event without a name gives `onEvent`. */
function getHandlerName({ event }: ListenerCall): string {
  const words = (event ?? 'event').split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const parts = words.map((word) => (word === word.toUpperCase() ? word.toLowerCase() : word)).map((word) => word[0]!.toUpperCase() + word.slice(1));
  return parts.length > 0 ? `on${parts.join('')}` : 'onEvent';
}

/** useEffect(() => { window.addEventListener(e, h); })  →  … return () => window.removeEventListener(e, h); */
/** `store.subscribe(f);` at the end of an effect gives back what the effect should. */
function returnSubscription(listener: ListenerCall): ListenerRepair | Refusal {
  const statement = findStatement(listener);
  if (!statement || statement.parent.type !== 'BlockStatement' || statement.parent.body.at(-1) !== statement) return refuse('unsupported-shape', 'the subscription is not the last thing that the effect does');
  if (!isFunction(statement.parent.parent)) return refuse('unsupported-shape', 'the subscription does not stand in the effect itself');
  return { kind: 'cleanup', usesListen: false, edits: [{ start: statement.range[0], end: statement.range[0], text: 'return ' }] };
}

function repairEffect(file: SourceFile, finding: UnremovedListener, listener: ListenerCall): ListenerRepair | Refusal {
  if (listener.verb === 'subscribe') return returnSubscription(listener);
  const statement = findStatement(listener);
  const effect = findEnclosingFunction(listener.call);
  if (!statement || !effect || effect.async || effect.parent?.type !== 'CallExpression') return refuse('unsupported-shape', 'the component has no place that ends it');
  if (statement.parent !== effect.body || !isReactEffect(effect.parent)) return refuse('unsupported-shape', 'the listener is added on some conditions only');
  const others = findUnremovedListeners(file).filter(({ reason, node }) => reason === 'effect' && node !== finding.node && findEnclosingFunction(node) === effect);
  if (others.length > 0) return refuse('unsupported-shape', 'the effect adds several listeners');
  const named = nameHandler(file, listener, statement);
  if ('reason' in named) return named;
  const last = (effect.body as TSESTree.BlockStatement).body.at(-1)!;
  const { indent, lineBreak } = getLine(file, last);
  return {
    kind: 'cleanup',
    usesListen: false,
    edits: [...named.edits, { start: last.range[1], end: last.range[1], text: `${lineBreak}${indent}return () => ${writeRemoval(file, listener, named.name)};` }],
  };
}

function isReactEffect(call: TSESTree.CallExpression): boolean {
  const callee = skipWrappers(call.callee);
  const name = callee.type === 'Identifier' ? callee.name : callee.type === 'MemberExpression' ? getPropertyName(callee) : '';
  return /^use(?:Layout|Insertion)?Effect$/.test(name ?? '') && isFunction(call.arguments[0]);
}
