import { placeAtStart } from '../../repairs/place-statement.js';
import { shiftLines } from '../../repairs/shift-lines.js';
import type { TextEdit } from '../../repairs/text-edit.js';
import { getIndent, getIndentUnit, getLineBreak, hasSemicolons } from '../../repairs/text-layout.js';
import type { SourceFile } from '../../source-file.js';
import { isTypeScript } from '../../syntax/is-type-script.js';
import { type FunctionNode, type Node, type TSESTree, findEnclosingClass, getEnclosingRoot, getPropertyName, isFunction, outermostWrapper } from '../../syntax/node.js';
import type { FlawedController } from '../controller-flaws.js';
import { collectBelow, someBelow } from '../functions.js';
import { findFreshName, findRest, skipComment } from './guard-rest.js';
import type { AbortRepair } from './repair.js';

/** Methods that break off what runs, by their name; `stop` and `close` may as well let it end. */
const CANCELS = /^#?_*(?:cancel|abort|terminate|destroy|dispose|kill)(?:All|Jobs|Running|Everything)?$/;

/**
 * class Pool { async run(job) { const c = new AbortController(); await work(c.signal); } cancelAll() { … } }: each job gets a
 * context of `JobContexts`, which the method that breaks off aborts. Undefined for every other shape.
 */
export function getJobContextsRepair(file: SourceFile, { node }: FlawedController): AbortRepair | undefined {
  const owner = findEnclosingClass(node);
  const method = getEnclosingRoot(node);
  const place = findRest(node);
  const declaration = place?.statement;
  if (!owner || !place || !isFunction(method) || !isMethod(method) || place.block !== method.body || declaration?.type !== 'VariableDeclaration' || declaration.declarations.length > 1) return undefined;
  const uses = findSignalUses(file, declaration.declarations[0]);
  const canceller = owner.body.body.map(findCanceller).find((body) => body !== undefined && body !== method.body);
  const field = ['jobs', 'contexts', 'jobContexts'].find((name) => !new RegExp(`#${name}\\b`).test(file.getText(owner)));
  const signal = isUnused(file, method, 'signal') ? 'signal' : findFreshName(file, ['jobSignal', 'contextSignal'], node);
  const [first] = owner.body.body;
  const last = place.rest.at(-1);
  if (!uses || !canceller || field === undefined || signal === undefined || !first || !last || !canMove(file, place.rest)) return undefined;
  const { text } = file;
  const indent = getIndent(text, declaration.range[0]);
  const fieldIndent = getIndent(text, first.range[0]);
  if (!indent.isOnOwnLine || !fieldIndent.isOnOwnLine) return undefined;
  const end = hasSemicolons(text) ? ';' : '';
  const lineBreak = getLineBreak(text);
  const returns = place.rest.some((statement) => returnsValue(file, statement));
  const head = `${returns ? 'return ' : ''}await this.#${field}.run(Symbol('${getMethodName(method)}'), async ({ signal${signal === 'signal' ? '' : `: ${signal}`} }) => {`;
  const close = skipComment(text, last.range[1]);
  const bodyStart = declaration.range[1];
  const edits: TextEdit[] = [
    { start: owner.body.range[0] + 1, end: owner.body.range[0] + 1, text: `${lineBreak}${fieldIndent.text}${isTypeScript(file) ? 'readonly ' : ''}#${field} = new JobContexts${isTypeScript(file) ? '<symbol>' : ''}()${end}` },
    { start: declaration.range[0], end: declaration.range[1], text: head },
    ...shiftLines(bodyStart, close, getIndentUnit(text), place.block, file),
    ...uses.map((use) => replaceSignal(use, signal)),
    { start: close, end: close, text: `${lineBreak}${indent.text}})${end}` },
    ...placeAtStart(canceller, `this.#${field}.cancelAll();`, file),
  ];
  return { edits: edits.sort((a, b) => a.start - b.start || a.end - b.end), helpers: ['JobContexts'] };
}

function isMethod({ parent, async: isAsync }: FunctionNode): boolean {
  return isAsync && parent.type === 'MethodDefinition' && parent.kind === 'method' && !parent.static;
}

function getMethodName({ parent }: FunctionNode): string {
  return (parent.type === 'MethodDefinition' ? getPropertyName(parent) : undefined)?.replace(/\W/g, '') ?? 'job';
}

/** The block of a method that breaks off what runs. */
function findCanceller(member: TSESTree.ClassElement): TSESTree.BlockStatement | undefined {
  if (member.type !== 'MethodDefinition' || member.kind !== 'method' || member.static || !isFunction(member.value)) return undefined;
  const name = getPropertyName(member);
  const isDispose = member.key.type === 'MemberExpression' && /^(?:dispose|asyncDispose)$/.test(getPropertyName(member.key) ?? '');
  const { body } = member.value;
  return (isDispose || (name !== undefined && CANCELS.test(name))) && body.type === 'BlockStatement' ? body : undefined;
}

/** The places that read the signal of a controller; undefined where it is used in other ways, or its signal has a short form there. */
function findSignalUses(file: SourceFile, { id }: TSESTree.VariableDeclarator): Node[] | undefined {
  const variable = id.type === 'Identifier' ? file.getVariable(id) : undefined;
  if (!variable) return undefined;
  const uses: Node[] = [];
  for (const { identifier, init } of variable.references) {
    if (init) continue;
    const { parent } = outermostWrapper(identifier);
    if (parent?.type !== 'MemberExpression' || getPropertyName(parent) !== 'signal') return undefined;
    uses.push(parent);
  }
  return uses;
}

/** { signal: controller.signal }  →  { signal } */
function replaceSignal(use: Node, name: string): TextEdit {
  const property = outermostWrapper(use).parent;
  const isShort = property?.type === 'Property' && !property.computed && getPropertyName(property) === name;
  const [start, end] = isShort ? property.range : use.range;
  return { start, end, text: name };
}

/** Whether no variable in a function, or read by it, has this name. */
function isUnused(file: SourceFile, fn: FunctionNode, name: string): boolean {
  return !someBelow(fn, (node) => node.type === 'Identifier' && node.name === name && file.getVariable(node) !== undefined, file);
}

/** Whether statements mean the same in an arrow function. */
function canMove(file: SourceFile, rest: readonly Node[]): boolean {
  return !rest.some((statement) => /^(?:Function|Class)/.test(statement.type) || someBelow(statement, (node) => node.type === 'Identifier' && node.name === 'arguments', file));
}

function returnsValue(file: SourceFile, statement: Node): boolean {
  let found = false;
  collectBelow(statement, file, (node) => {
    if (node.type === 'ReturnStatement' && node.argument) found = true;
  });
  return found;
}
