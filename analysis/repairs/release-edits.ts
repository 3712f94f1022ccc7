import type { Leak } from '../ownership/find-leaks.js';
import type { Loss } from '../ownership/exploration.js';
import { getInnermost } from '../ownership/witness.js';
import type { SourceFile } from '../source-file.js';
import type { Variable } from '../scopes/scope.js';
import { type CodeRoot, type Node, type TSESTree, getEnclosingRoot, isFunction, isWithin } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import { getBranchEdits } from './branch-edits.js';
import { type Held, findHeld, findLoop, isInScope, isReadableUnset, isUsedBeyond, mayBeHandedOver, mayBeReleased, mayBeUnset, usesHeld } from './held.js';
import { findElements, usesElement } from './list-elements.js';
import { findStatement, isArrowWithValue, placeAtEnd, placeAtStart, placeBefore, placeInArrow, placeWithParameter } from './place-statement.js';
import type { TextEdit } from './text-edit.js';

export type { Held } from './held.js';

export interface ReleaseSite {
  /** Whether `await` can be written there. */
  readonly isAsync: boolean;
  /** Some path to the exit has released it already. */
  readonly mayBeReleased: boolean;
  /** On some path to the exit the variable has no value yet. */
  readonly mayBeUnset: boolean;
}

export interface ReleaseWriter {
  /** What can be asked of the resource after its release is all that is asked of it without using it: it goes before a wait that may fail. */
  readonly isEarly?: boolean;
  /** The part by which a resource is released when a variable has it, rather than by the whole: a reader locks its stream. */
  readonly preferredPart?: string;
  /** The statement, with its semicolon, that releases what is held. Undefined where no such statement can be written. */
  write(held: Held, site: ReleaseSite): string | undefined;
}

/**
 * The edits that release a leaked resource before every exit that is known to lose it, and nowhere else. Undefined
 * where one of the exits leaves no room for a statement, or nothing is in scope there to release.
 */
export function getReleaseEdits(leak: Leak, file: SourceFile, writer: ReleaseWriter): TextEdit[] | undefined {
  const known = leak.exits.filter((loss) => !loss.isGuess).map((loss) => getInnermost(loss));
  // Where the list still has all of it, the list is released.
  const byList = leak.isOfList ? [...known].sort((a, b) => Number(isHeldInList(a, leak)) - Number(isHeldInList(b, leak))) : known;
  const exits = new Map(byList.map((loss) => [loss.node, loss]));
  if (exits.size === 0) return undefined;
  const edits = new Map<string, TextEdit>();
  for (const loss of exits.values()) {
    const found = getIterationEdits(loss, leak, file, writer) ?? getExitEdits(loss, leak, file, writer);
    if (!found) return undefined;
    // Two exits may stand in one statement.
    for (const edit of found) edits.set(`${edit.start} ${edit.end} ${edit.text}`, edit);
  }
  return [...edits.values()].sort((a, b) => a.start - b.start);
}

function isHeldInList(loss: Loss, leak: Leak): boolean {
  return findHeld(loss, leak)?.held.part === 'list';
}

/**
 * A variable outside of a loop that each iteration gives a new response, and that nobody reads after the loop: it is
 * released where the iteration ends, rather than before it is set again and once more below the loop.
 */
function getIterationEdits(loss: Loss, leak: Leak, file: SourceFile, writer: ReleaseWriter): TextEdit[] | undefined {
  const found = findHeld(loss, leak, writer.preferredPart);
  const loop = found && findLoop(leak.site, found.variable.scope.block);
  if (!loop || !('body' in loop) || (loop.body as Node).type !== 'BlockStatement') return undefined;
  const body = loop.body as Node & { body: Node[] };
  const { variable, held } = found;
  const isLeftBehind = !isWithin(loss.node, loop) || (loss.exit === 'overwrite' && loss.node.range[0] <= leak.site.range[0]);
  if (!isLeftBehind || variable.defs.some(({ name }) => isWithin(name, loop))) return undefined;
  const statement = findStatement(leak.site);
  if (!statement || isUsedBeyond(body, statement.range[0], variable, leak)) return undefined;
  const jumps = findJumps(body, statement.range[1], file);
  if (!jumps) return undefined;
  const last = body.body.at(-1)!;
  const ends: Node[] = /^(?:Return|Throw|Continue|Break)Statement$/.test(last.type) ? jumps : [...jumps, body];
  const edits: TextEdit[] = [];
  const isAsync = canAwait(getEnclosingRoot(leak.site));
  for (const end of ends) {
    const isUnset = mayBeUnset(variable, end);
    if (isUnset && !isReadableUnset(variable)) return undefined;
    const text = writer.write(held, { isAsync, mayBeReleased: mayBeReleased(variable, leak, end), mayBeUnset: isUnset });
    const placed = text === undefined ? undefined : end === body ? placeAtEnd(body, text, file) : placeBefore(end, [text], file);
    if (!placed) return undefined;
    edits.push(...placed);
  }
  return edits.length > 0 ? edits : undefined;
}

/** The `continue`s of a loop's body below a position; undefined where it is also left by `break`, or by a label. */
function findJumps(body: Node, start: number, file: SourceFile): Node[] | undefined {
  const jumps: Node[] = [];
  let isPlain = true;
  walk(
    body,
    (node) => {
      if (isFunction(node)) return false;
      const isJump = node.type === 'ContinueStatement' || node.type === 'BreakStatement';
      if (!isJump || node.range[0] < start) return true;
      const owner = findOwner(node, body);
      if (node.label || (node.type === 'BreakStatement' && owner === body)) isPlain = false;
      else if (owner === body) jumps.push(node);
      return true;
    },
    file.visitorKeys,
  );
  return isPlain ? jumps : undefined;
}

/** The loop or `switch` inside of `body` that a jump belongs to, or `body`. */
function findOwner(jump: Node, body: Node): Node {
  for (let outer = jump.parent; outer && outer !== body; outer = outer.parent) {
    if (/^(?:For|While|DoWhile)/.test(outer.type) || (jump.type === 'BreakStatement' && outer.type === 'SwitchStatement')) return outer;
  }
  return body;
}

function getExitEdits(loss: Loss, leak: Leak, file: SourceFile, writer: ReleaseWriter): TextEdit[] | undefined {
  // The variable of a loop over a list goes with the body.
  const node = loss.exit === 'next-iteration' && loss.node.type === 'ForOfStatement' && loss.node.body.type === 'BlockStatement' ? loss.node.body : loss.node;
  if (loss.exit === 'discard') return isFunction(node) ? nameParameter(node, file, writer) : takeBody(node, file, writer);
  const root = isFunction(node) || node.type === 'Program' ? node : getEnclosingRoot(node);
  const found = findHeld(loss, leak, writer.preferredPart);
  if (!found) return undefined;
  const { held, variable, step } = found;
  if (!isInScope(variable, node)) {
    // try { const res = …; throw … } catch { throw … }: the first throw leaves the variable behind.
    const left = step.cause?.point.node;
    const isEarlier = left?.type === 'ThrowStatement' && left !== node && isInScope(variable, left);
    return isEarlier ? getExitEdits({ ...loss, exit: 'throw', node: left }, leak, file, writer) : undefined;
  }
  const isUnset = mayBeUnset(variable, node);
  if (isUnset && !isReadableUnset(variable)) return undefined;
  // Both ways come together at the end of a block.
  if ((node.type === 'BlockStatement' || isFunction(node)) && mayBeHandedOver(variable, leak, node)) return undefined;
  const isReleased = [variable, ...(held.part === 'list' ? findElements(variable, file) : [])].some((named) => mayBeReleased(named, leak, node));
  const text = writer.write(held, { isAsync: canAwait(root), mayBeReleased: isReleased, mayBeUnset: isUnset });
  if (text === undefined) return undefined;
  switch (loss.exit) {
    case 'return':
    case 'throw':
    case 'overwrite':
    case 'next-iteration':
    case 'leave-block': {
      if (node.type === 'BlockStatement') return placeAtEnd(node, text, file);
      const arrow = findArrow(node);
      if (arrow && held.part === 'list') return usesElement(arrow.body, variable, leak, file) ? undefined : placeInArrow(arrow, [text], file);
      if (arrow) return usesHeld(arrow.body, variable, leak) ? getBranchEdits(arrow, text, variable, leak, file) : placeInArrow(arrow, [text], file);
      const statement = findStatement(node);
      if (!statement) return undefined;
      if (held.part === 'list') return usesElement(statement, variable, leak, file) ? undefined : placeBefore(statement, [text], file);
      if (usesHeld(statement, variable, leak)) return getBranchEdits(statement, text, variable, leak, file);
      const first = writer.isEarly ? findFirstWait(statement, variable, leak, file) : statement;
      return placeBefore(mayBeUnset(variable, first) === isUnset ? first : statement, [text], file);
    }
    case 'end':
      return isFunction(node) && node.body.type === 'BlockStatement' ? placeAtEnd(node.body, text, file) : undefined;
    default:
      return undefined;
  }
}

/** The first of the plain statements right above a statement that waits, so that a failure of the wait leaves nothing behind; else the statement. */
function findFirstWait(statement: Node, variable: Variable, leak: Leak, file: SourceFile): Node {
  if (statement.parent?.type !== 'BlockStatement') return statement;
  let first = statement;
  const { body } = statement.parent;
  for (const above of body.slice(0, body.indexOf(statement as TSESTree.Statement)).reverse()) {
    const isPlain = above.type === 'ExpressionStatement' || above.type === 'VariableDeclaration';
    const makesIt = isWithin(leak.site, above) || variable.defs.some(({ name }) => isWithin(name, above)) || variable.references.some((reference) => reference.isWrite() && isWithin(reference.identifier, above));
    if (!isPlain || makesIt || usesHeld(above, variable, leak)) break;
    if (waits(above, file)) first = above;
  }
  return first;
}

function waits(statement: Node, file: SourceFile): boolean {
  let isFound = false;
  walk(
    statement,
    (node) => {
      if (isFunction(node)) return false;
      isFound ||= node.type === 'AwaitExpression';
      return !isFound;
    },
    file.visitorKeys,
  );
  return isFound;
}

function findArrow(node: Node) {
  const { parent } = node;
  return isArrowWithValue(parent) && parent.body === node ? parent : undefined;
}

/** () => { … }  →  (res) => { release; … } */
function nameParameter(fn: Node, file: SourceFile, writer: ReleaseWriter): TextEdit[] | undefined {
  if (!isFunction(fn) || fn.params.length > 0) return undefined;
  const name = findUnusedName(['res', 'response'], file.getText(fn.body));
  const text = name && writer.write({ name, part: undefined }, { isAsync: fn.async, mayBeReleased: false, mayBeUnset: false });
  return text ? placeWithParameter(fn, name, text, file) : undefined;
}

/** ({ ok }) => ok  →  ({ ok, body }) => { release; return ok; } */
function takeBody(pattern: Node, file: SourceFile, writer: ReleaseWriter): TextEdit[] | undefined {
  const fn = pattern.parent;
  if (pattern.type !== 'ObjectPattern' || !isFunction(fn) || fn.params[0] !== pattern || pattern.properties.length === 0) return undefined;
  const last = pattern.properties.at(-1)!;
  if (last.type === 'RestElement' || pattern.typeAnnotation || findUnusedName(['body'], file.getText(fn)) === undefined) return undefined;
  const text = writer.write({ name: 'body', part: 'body' }, { isAsync: fn.async, mayBeReleased: false, mayBeUnset: false });
  if (text === undefined) return undefined;
  const inside = isArrowWithValue(fn) ? placeInArrow(fn, [text], file) : placeAtStart(fn.body, text, file);
  return inside && [{ start: last.range[1], end: last.range[1], text: ', body' }, ...inside];
}

/** The first of some names that does not stand in a text. */
export function findUnusedName(names: readonly string[], text: string): string | undefined {
  return names.find((name) => !new RegExp(`\\b${name}\\b`).test(text));
}

function canAwait(root: CodeRoot): boolean {
  return root.type === 'Program' ? root.sourceType === 'module' : isFunction(root) && root.async;
}
