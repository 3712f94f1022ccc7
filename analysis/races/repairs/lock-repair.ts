import { findFreshName } from '../../abort/edits/guard-rest.js';
import { type Refusal, refuse } from '../../repairs/refusal.js';
import { shiftLines } from '../../repairs/shift-lines.js';
import type { TextEdit } from '../../repairs/text-edit.js';
import { getIndent, getIndentUnit, getLineBreak, hasSemicolons } from '../../repairs/text-layout.js';
import type { Variable } from '../../scopes/scope.js';
import type { SourceFile } from '../../source-file.js';
import { isTypeScript } from '../../syntax/is-type-script.js';
import { type ClassNode, type FunctionNode, type Node, type TSESTree, findEnclosingClass, isFunction, isWithin, skipWrappers } from '../../syntax/node.js';
import { walk } from '../../syntax/walk.js';
import type { Race } from '../find-races.js';
import { getFacts } from '../function-facts.js';
import { findCallee } from '../late-writes.js';
import { type Key, getBaseName, getKey, isAskedFor } from './lock-key.js';
import { type Region, isInside, isInsideOrAround } from './lock-region.js';
import { findNarrowRegion } from './narrow-region.js';

export interface LockRepair {
  readonly edits: readonly TextEdit[];
}

/**
 * Lets one call at a time into the rest of a function, from the statement that reads on, or into that statement alone where
 * nothing behind it rests on the answer: `await this.#clientLock.run('client', async () => { … })`, with a `KeyedLock`
 * beside the state.
 */
export function getLockRepair(race: Race, file: SourceFile): LockRepair | Refusal {
  if (race.kind === 'reset' || race.write?.effect === 'empty') {
    return refuse('would-change-behaviour', 'taking it out before the `await` would lose it when the work fails');
  }
  const region = findNarrowRegion(race, file) ?? getRegion(race, file);
  if ('reason' in region) return region;
  if (isTakenBack(race, region, file)) return refuse('would-change-behaviour', 'a call that does nothing while another one is at it would then do it all again');
  const refusal = findObstacle(race, region, file);
  if (refusal) return refusal;
  const key = getKey(race, region, file);
  if (isAskedFor(key, region, file)) return refuse('would-change-behaviour', 'there may be no key, and then all calls would wait for each other');
  const home = getHome(race, key, file);
  if ('reason' in home) return home;
  return { edits: [...home.edits, ...wrap(region, `${home.access}.run(${key.text}, `, file)] };
}

function getRegion({ fn, read }: Race, file: SourceFile): Region | Refusal {
  const { body } = fn;
  if (!fn.async || fn.generator || body?.type !== 'BlockStatement') return refuse('unsupported-shape', 'the function is not an async one with a block');
  const index = body.body.findIndex((statement) => isWithin(read, statement));
  const statements = body.body.slice(index);
  const [first] = statements;
  if (index < 0 || !first) return refuse('unsupported-shape', 'the check is no statement of the function');
  if (!getIndent(file.text, first.range[0]).isOnOwnLine) return refuse('unsupported-shape', 'the check shares its line');
  return { body, statements, start: first.range[0], end: statements.at(-1)!.range[1] };
}

/** if (this.running) return; … this.running = true; … this.running = false; */
function isTakenBack({ fn, kind, read, write }: Race, region: Region, file: SourceFile): boolean {
  const [guard] = region.statements;
  if (kind !== 'check' || !write || write.value?.type !== 'Literal' || guard?.type !== 'IfStatement' || guard.alternate || !isWithin(read, guard.test)) return false;
  const left = guard.consequent.type === 'BlockStatement' ? guard.consequent.body.at(-1) : guard.consequent;
  if (left?.type !== 'ReturnStatement' && left?.type !== 'ThrowStatement') return false;
  return getFacts(fn, file).accesses.writes.some((other) => other.place.key === write.place.key && other.effect === 'empty' && isInside(other.node, region));
}

function findObstacle({ fn }: Race, region: Region, file: SourceFile): Refusal | undefined {
  const isNeededBefore = file.getScopes(fn).some((scope) =>
    scope.variables.some(
      (variable) =>
        variable.identifiers.some((identifier) => isInside(identifier, region)) && variable.references.some(({ identifier }) => identifier.range[0] < region.start),
    ),
  );
  if (isNeededBefore) return refuse('unsupported-shape', 'something above uses a name that the rest declares');
  if (reaches(fn, fn, file)) return refuse('would-change-behaviour', 'the function calls itself, and would wait for itself');
  if (waitsForOthers(region, file)) return refuse('would-change-behaviour', 'it waits for something that another call may have to do');
  return undefined;
}

/** Whether a function, itself or through others of the file, calls another one. */
export function reaches(from: FunctionNode, to: FunctionNode, file: SourceFile, seen = new Set<FunctionNode>()): boolean {
  if (seen.has(from)) return false;
  seen.add(from);
  let found = false;
  walk(
    from,
    (node) => {
      const callee = found ? undefined : findCallee(node, file);
      if (callee && (callee === to || reaches(callee, to, file, seen))) found = true;
      return !found;
    },
    file.visitorKeys,
  );
  return found;
}

/** await new Promise((resolve) => this.waiting.push(resolve)) */
function waitsForOthers(region: Region, file: SourceFile): boolean {
  let found = false;
  walk(
    region.body,
    (node) => {
      if (found || !isInsideOrAround(node, region)) return false;
      if (node.type !== 'NewExpression' || file.getOrigin(node.callee) !== 'global:Promise') return true;
      const [executor] = node.arguments;
      const [resolve] = executor && isFunction(executor) ? executor.params : [];
      const variable = resolve?.type === 'Identifier' ? file.getVariable(resolve) : undefined;
      found = variable?.references.some(({ identifier }) => isKept(identifier)) ?? true;
      return true;
    },
    file.visitorKeys,
  );
  return found;
}

function isKept(identifier: Node): boolean {
  const { parent } = identifier;
  if (parent?.type === 'AssignmentExpression') return parent.right === identifier;
  if (parent?.type !== 'CallExpression' || parent.callee === identifier) return false;
  const callee = skipWrappers(parent.callee);
  return callee.type === 'MemberExpression' && callee.property.type === 'Identifier' && /^(?:push|add|set|unshift)$/.test(callee.property.name);
}

interface Home {
  readonly access: string;
  readonly edits: readonly TextEdit[];
}

/** Where the lock lives: beside the state that it guards. */
function getHome(race: Race, key: Key, file: SourceFile): Home | Refusal {
  const creation = `new KeyedLock${isTypeScript(file) ? key.type : ''}()`;
  const base = `${getBaseName(race)}Lock`;
  if (race.place?.reach === 'field') return getFieldHome(race, base, creation, file);
  if (race.place?.reach === 'captured') return getDeclaredHome(race.place.variable!, base, creation, file);
  return getModuleHome(race, base, creation, file);
}

/** const clientLock = new KeyedLock(); above the function */
function getModuleHome({ read }: Race, base: string, creation: string, file: SourceFile): Home | Refusal {
  const statement = findTopStatement(read);
  const name = statement && findFreshName(file, [base, `${base}2`, `${base}3`], statement);
  if (!statement || name === undefined) return refuse('unsupported-shape', 'no name for the lock is free');
  const start = getStartWithComments(statement, file);
  const lineBreak = getLineBreak(file.text);
  return { access: name, edits: [{ start, end: start, text: `const ${name} = ${creation}${hasSemicolons(file.text) ? ';' : ''}${lineBreak}${lineBreak}` }] };
}

/** readonly #clientLock = new KeyedLock(); at the head of the class */
function getFieldHome({ fn, read }: Race, base: string, creation: string, file: SourceFile): Home | Refusal {
  const owner = findEnclosingClass(read);
  if (!owner) return refuse('ambiguous-owner', '`this` is no instance of a class of the file');
  const { text } = file;
  const members = file.getText(owner.body);
  const name = [base, `${base}2`, `${base}3`].find((candidate) => !new RegExp(`#${candidate}\\b`).test(members));
  const [first] = owner.body.body;
  if (name === undefined || !first) return refuse('unsupported-shape', 'no name for the lock is free');
  const indent = getIndent(text, first.range[0]);
  if (!indent.isOnOwnLine) return refuse('unsupported-shape', 'the class is written on one line');
  const member = findMember(fn, owner);
  const modifiers = `${member && 'static' in member && member.static ? 'static ' : ''}${isTypeScript(file) ? 'readonly ' : ''}`;
  const lineBreak = getLineBreak(text);
  const start = owner.body.range[0] + 1;
  const field = `${lineBreak}${indent.text}${modifiers}#${name} = ${creation}${hasSemicolons(text) ? ';' : ''}`;
  return { access: `this.#${name}`, edits: [{ start, end: start, text: first.type === 'PropertyDefinition' ? field : `${field}${lineBreak}` }] };
}

/** The method or field that a function is, or is written in. */
function findMember(fn: Node, owner: ClassNode): TSESTree.ClassElement | undefined {
  for (let node: Node | undefined = fn; node; node = node.parent) if (node.parent === owner.body) return node as TSESTree.ClassElement;
  return undefined;
}

/** let current;  →  let current; const currentLock = new KeyedLock(); */
function getDeclaredHome(variable: Variable, base: string, creation: string, file: SourceFile): Home | Refusal {
  const declaration = variable.defs[0]?.node.parent;
  const isOwnStatement = declaration?.type === 'VariableDeclaration' && declaration.parent.type === 'BlockStatement';
  if (!isOwnStatement) return refuse('unsupported-shape', 'the variable is declared in no statement of its own');
  const name = findFreshName(file, [base, `${base}2`], declaration);
  const indent = getIndent(file.text, declaration.range[0]);
  if (name === undefined || !indent.isOnOwnLine) return refuse('unsupported-shape', 'no name or place for the lock is free');
  const [, end] = declaration.range;
  return { access: name, edits: [{ start: end, end, text: `${getLineBreak(file.text)}${indent.text}const ${name} = ${creation}${hasSemicolons(file.text) ? ';' : ''}` }] };
}

export function findTopStatement(node: Node): Node | undefined {
  for (let outer: Node | undefined = node; outer; outer = outer.parent) if (outer.parent?.type === 'Program') return outer;
  return undefined;
}

/** A comment directly above a statement belongs to it. */
export function getStartWithComments(statement: Node, { ast, text }: SourceFile): number {
  let [start] = statement.range;
  const comments = [...(ast.comments ?? [])].reverse();
  for (const comment of comments) {
    if (comment.range[1] > start) continue;
    const between = text.slice(comment.range[1], start);
    const isAttached = /^[ \t]*\r?\n?[ \t]*$/.test(between) && getIndent(text, comment.range[0]).isOnOwnLine;
    if (!isAttached) break;
    [start] = comment.range;
  }
  return start;
}

/** { a; b; }  →  { a; return await lock.run(key, async () => { b; }); } */
function wrap(region: Region, call: string, file: SourceFile): TextEdit[] {
  const { text } = file;
  const { start, end, body } = region;
  const indent = getIndent(text, start).text;
  const unit = getIndentUnit(text);
  const lineBreak = getLineBreak(text);
  const tail = end + /^(?:[ \t]*\/\/[^\r\n]*)?/.exec(text.slice(end))![0].length;
  const head = returnsValue(region, file) ? 'return await ' : 'await ';
  return [
    { start, end: start, text: `${head}${call}async () => {${lineBreak}${indent}${unit}` },
    ...shiftLines(start, tail, unit, body, file),
    { start: tail, end: tail, text: `${lineBreak}${indent}})${hasSemicolons(text) ? ';' : ''}` },
  ];
}

function returnsValue({ statements }: Region, file: SourceFile): boolean {
  let found = false;
  for (const statement of statements) {
    walk(
      statement,
      (node) => {
        if (found || isFunction(node)) return false;
        if (node.type === 'ReturnStatement' && node.argument) found = true;
        return true;
      },
      file.visitorKeys,
    );
  }
  return found;
}
