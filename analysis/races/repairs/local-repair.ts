import { findFreshName } from '../../abort/edits/guard-rest.js';
import type { TextEdit } from '../../repairs/text-edit.js';
import { getIndent, getIndentUnit, getLineBreak, hasSemicolons } from '../../repairs/text-layout.js';
import type { SourceFile } from '../../source-file.js';
import { type Node, type TSESTree, isFunction, isWithin, outermostWrapper, skipWrappers } from '../../syntax/node.js';
import { walk } from '../../syntax/walk.js';
import type { Race } from '../find-races.js';
import { getFacts } from '../function-facts.js';
import { getDroppedStatement, isInList } from './statements.js';

/**
 * *awaitFirst*: what is awaited is awaited before the old value is read. *readAgain*: the old value is read at the write.
 * *setFirst*: the mark is set before anything is awaited. *dropAccess*: the question that nothing rests on is not put.
 */
export interface LocalRaceRepair {
  readonly kind: 'awaitFirst' | 'readAgain' | 'setFirst' | 'dropAccess';
  readonly edits: readonly TextEdit[];
}

/**
 * A repair of a few statements that needs no lock, where the race has one.
 *
 * @param taken names that other repairs of the file are about to declare; the name that is chosen is added
 */
export function getLocalRaceRepair(race: Race, file: SourceFile, taken: Set<string> = new Set<string>()): LocalRaceRepair | undefined {
  switch (race.kind) {
    case 'update':
      return awaitFirst(race, file, taken) ?? readAgain(race, file);
    case 'check':
      return setFirst(race, file);
    case 'file-access':
      return dropAccess(race, file);
    default:
      return undefined;
  }
}

/** total += await f();  →  const result = await f(); total += result; */
function awaitFirst({ act, awaited }: Race, file: SourceFile, taken: Set<string>): LocalRaceRepair | undefined {
  if (act.type !== 'AssignmentExpression' || !isWithin(awaited, act.right)) return undefined;
  const statement = outermostWrapper(act).parent;
  if (statement?.type !== 'ExpressionStatement' || !isInList(statement)) return undefined;
  const [only, ...more] = findAwaits(act.right, file);
  if (!only || more.length > 0 || !isFirstEffect(only, act.right)) return undefined;
  const { text } = file;
  const indent = getIndent(text, statement.range[0]);
  const names = ['result', 'value', 'awaited', ...[2, 3, 4, 5, 6, 7, 8, 9].map((index) => `result${index}`)];
  const name = findFreshName(file, names.filter((candidate) => !taken.has(candidate)), statement);
  if (!indent.isOnOwnLine || name === undefined) return undefined;
  taken.add(name);
  const end = hasSemicolons(text) ? ';' : '';
  const [from, to] = withoutParentheses(only, text);
  return {
    kind: 'awaitFirst',
    edits: [
      { start: statement.range[0], end: statement.range[0], text: `const ${name} = ${file.getText(only)}${end}${getLineBreak(text)}${indent.text}` },
      { start: from, end: to, text: name },
    ],
  };
}

function findAwaits(root: Node, file: SourceFile): TSESTree.AwaitExpression[] {
  const awaits: TSESTree.AwaitExpression[] = [];
  walk(
    root,
    (node) => {
      if (isFunction(node)) return false;
      if (node.type === 'AwaitExpression') awaits.push(node);
      return true;
    },
    file.visitorKeys,
  );
  return awaits;
}

/** Whether an expression is always evaluated, and nothing with an effect before it. */
function isFirstEffect(expression: Node, root: Node): boolean {
  for (let inner = expression; inner !== root; inner = inner.parent!) {
    const outer = inner.parent!;
    switch (outer.type) {
      case 'BinaryExpression':
        if (outer.right === inner && !isPlain(outer.left)) return false;
        break;
      case 'CallExpression':
      case 'NewExpression': {
        const index = outer.arguments.indexOf(inner as TSESTree.CallExpressionArgument);
        if (index >= 0 && (!isPlain(outer.callee) || !outer.arguments.slice(0, index).every(isPlain))) return false;
        break;
      }
      case 'ArrayExpression': {
        const index = outer.elements.indexOf(inner as TSESTree.Expression);
        if (!outer.elements.slice(0, index).every((element) => element === null || isPlain(element))) return false;
        break;
      }
      case 'ObjectExpression': {
        const index = outer.properties.indexOf(inner as TSESTree.ObjectLiteralElement);
        if (!outer.properties.slice(0, index).every((property) => isPlain(property.type === 'Property' ? property.value : property.argument))) return false;
        break;
      }
      case 'TemplateLiteral': {
        const index = outer.expressions.indexOf(inner as TSESTree.Expression);
        if (!outer.expressions.slice(0, index).every(isPlain)) return false;
        break;
      }
      case 'Property':
        if (outer.computed) return false;
        break;
      case 'ConditionalExpression':
      case 'LogicalExpression':
      case 'SequenceExpression':
        return false;
      case 'MemberExpression':
        if (outer.optional) return false;
        break;
      case 'SpreadElement':
      case 'ChainExpression':
      case 'TSAsExpression':
      case 'TSNonNullExpression':
      case 'TSSatisfiesExpression':
      case 'UnaryExpression':
        break;
      default:
        return false;
    }
  }
  return true;
}

/** Reads and literals: it does not matter if they are evaluated a moment later. */
function isPlain(expression: Node): boolean {
  const node = skipWrappers(expression);
  switch (node.type) {
    case 'Identifier':
    case 'Literal':
    case 'ThisExpression':
      return true;
    case 'MemberExpression':
      return isPlain(node.object) && (!node.computed || isPlain(node.property));
    case 'SpreadElement':
      return isPlain(node.argument);
    case 'BinaryExpression':
      return isPlain(node.left) && isPlain(node.right);
    case 'TemplateLiteral':
      return node.expressions.every(isPlain);
    default:
      return false;
  }
}

/** The range of an expression with the parentheses that only an `await` needs. */
function withoutParentheses({ range }: Node, text: string): readonly [number, number] {
  const [start, end] = range;
  const isWrapped = text[start - 1] === '(' && text[end] === ')' && /[-+*/%&|^=,?:[{(<>]\s*$/.test(text.slice(0, start - 1));
  return isWrapped ? [start - 1, end + 1] : range;
}

/** const old = this.count; await f(); this.count = old + 1;  →  … this.count = this.count + 1; */
function readAgain({ write, fn, read }: Race, file: SourceFile): LocalRaceRepair | undefined {
  const { value } = write ?? {};
  if (!value) return undefined;
  const edits: TextEdit[] = [];
  let isSafe = true;
  walk(
    value,
    (node) => {
      if (isFunction(node)) return false;
      const variable = node.type === 'Identifier' ? file.getReference(node)?.resolved : undefined;
      const init = variable && file.getOnlyValue(variable);
      if (!init || !isWithin(read, init) || findAwaits(init, file).length > 0) return true;
      const isAllPlain = isPlainRead(init, fn, file);
      // What was asked of the old value need not hold for the new one.
      const isAsked = variable.references.some(({ identifier }) => !isWithin(identifier, value) && identifier.range[0] > init.range[1]);
      if (!isAllPlain || isAsked || node.parent?.type === 'Property') isSafe = false;
      const text = file.getText(init);
      edits.push({ start: node.range[0], end: node.range[1], text: /^(?:Identifier|MemberExpression|CallExpression|Literal|ArrayExpression)$/.test(skipWrappers(init).type) ? text : `(${text})` });
      return true;
    },
    file.visitorKeys,
  );
  return isSafe && edits.length > 0 ? { kind: 'readAgain', edits } : undefined;
}

/** Reads of state, defaults and arithmetic on them. */
function isPlainRead(value: Node, fn: Race['fn'], file: SourceFile): boolean {
  const node = skipWrappers(value);
  if (isPlain(node)) return true;
  switch (node.type) {
    case 'LogicalExpression':
      return isPlainRead(node.left, fn, file) && isPlainRead(node.right, fn, file);
    case 'CallExpression':
      return getFacts(fn, file).accesses.reads.some((read) => read.node === node) && node.arguments.every(isPlain);
    case 'ArrayExpression':
      return node.elements.every((element) => element !== null && isPlain(element));
    default:
      return false;
  }
}

/**
 * if (this.running) return; await f(); this.running = true;  →  if (this.running) return; this.running = true; await f();
 *
 * For a mark that the function itself takes back: what fails on the way must not leave it set.
 */
function setFirst({ write, read, awaited, fn }: Race, file: SourceFile): LocalRaceRepair | undefined {
  if (write?.node.type !== 'AssignmentExpression' || write.operator !== '=' || write.value?.type !== 'Literal' || write.value.value !== true) return undefined;
  const statement = outermostWrapper(write.node).parent;
  if (statement?.type !== 'ExpressionStatement' || statement.parent.type !== 'BlockStatement') return undefined;
  const block = statement.parent.body;
  const guard = block.find((candidate) => candidate.type === 'IfStatement' && isWithin(read, candidate.test));
  if (guard?.type !== 'IfStatement' || guard.alternate || isWithin(awaited, guard)) return undefined;
  const between = block.slice(block.indexOf(guard) + 1, block.indexOf(statement));
  const next = block[block.indexOf(statement) + 1];
  const reset = getFacts(fn, file).accesses.writes.find((other) => other.place.key === write.place.key && other.effect === 'empty');
  if (!reset || between.length === 0 || between.some((item) => /^(?:Variable|Function|Class)/.test(item.type))) return undefined;
  const { text } = file;
  const moved = text.slice(between[0]!.range[0], between.at(-1)!.range[1]);
  const indent = getIndent(text, statement.range[0]);
  if (!indent.isOnOwnLine || /`|\/\*/.test(moved)) return undefined;
  // try { … } finally { this.running = false; } takes in what was awaited before it; a `catch` must not.
  const isTaken = next?.type === 'TryStatement' && next.finalizer && !next.handler && isWithin(reset.node, next.finalizer);
  if (!isTaken) return setBack({ between, statement, reset: reset.node, moved }, file);
  const [first] = next.block.body;
  if (!first) return undefined;
  const inner = getIndent(text, first.range[0]);
  if (!inner.isOnOwnLine) return undefined;
  const lineBreak = getLineBreak(text);
  const unit = inner.text.slice(indent.text.length);
  return {
    kind: 'setFirst',
    edits: [
      { start: between[0]!.range[0], end: statement.range[0], text: '' },
      { start: first.range[0], end: first.range[0], text: `${moved.replaceAll(/(\r?\n)(?=[^\r\n])/g, `$1${unit}`)}${lineBreak}${inner.text}` },
    ],
  };
}

interface Mark {
  readonly between: readonly TSESTree.Statement[];
  readonly statement: TSESTree.ExpressionStatement;
  readonly reset: Node;
  readonly moved: string;
}

/** await f(); this.running = true;  →  this.running = true; try { await f(); } catch (error) { this.running = false; throw error; } */
function setBack({ between, statement, reset, moved }: Mark, file: SourceFile): LocalRaceRepair | undefined {
  const { text } = file;
  const back = outermostWrapper(reset).parent;
  const isTakenBack = back?.type === 'ExpressionStatement' && back.parent.type === 'BlockStatement' && back.parent.parent.type === 'TryStatement' && back.parent.parent.finalizer === back.parent;
  const leaves = between.some((item) => /\b(?:return|break|continue)\b/.test(file.getText(item)));
  if (!isTakenBack || leaves || text.slice(between.at(-1)!.range[1], statement.range[0]).trim() !== '') return undefined;
  const line = `${getLineBreak(text)}${getIndent(text, statement.range[0]).text}`;
  const unit = getIndentUnit(text);
  const end = hasSemicolons(text) ? ';' : '';
  const tried = `try {${line}${unit}${moved.replaceAll(/(\r?\n)(?=[^\r\n])/g, `$1${unit}`)}${line}}`;
  const failed = `catch (error) {${line}${unit}${file.getText(reset)}${end}${line}${unit}throw error${end}${line}}`;
  return { kind: 'setFirst', edits: [{ start: between[0]!.range[0], end: statement.range[1], text: `${file.getText(statement)}${line}${tried} ${failed}` }] };
}

/** try { await access(path); return await readFile(path); }  →  try { return await readFile(path); } */
function dropAccess({ read, act }: Race, file: SourceFile): LocalRaceRepair | undefined {
  const awaited = outermostWrapper(read).parent;
  const statement = awaited && outermostWrapper(awaited).parent;
  if (statement?.type !== 'ExpressionStatement' || statement.parent.type !== 'BlockStatement') return undefined;
  // Where only the question is guarded, its answer is what the handler is for.
  if (!isWithin(act, statement.parent)) return undefined;
  const edit = getDroppedStatement(statement, file);
  return edit && { kind: 'dropAccess', edits: [edit] };
}
