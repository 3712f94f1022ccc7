import type { Leak } from '../ownership/find-leaks.js';
import type { Loss, Step } from '../ownership/exploration.js';
import { getMembers } from '../ownership/values.js';
import type { Shape } from '../ownership/shape.js';
import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type CodeRoot, type Node, getEnclosingRoot, getPropertyName, isFunction, outermostWrapper } from '../syntax/node.js';
import type { TextEdit } from './text-edit.js';
import { getIndent, getLineBreak, getIndentUnit } from './text-layout.js';

/** What an exit has in hand, as a repair may name it. */
export interface Held {
  /** An expression of the variable: `res`. */
  readonly name: string;
  /** The part of the resource that it is, where it is not the whole: `body` of `const { body } = await request()`. */
  readonly part: string | undefined;
}

export interface ReleaseWriter {
  /**
   * The statement, with its semicolon, that releases what is held. `mayBeReleased`: some path to the exit has
   * released it already. Undefined where no such statement can be written.
   */
  write(held: Held, site: { readonly isAsync: boolean; readonly mayBeReleased: boolean }): string | undefined;
}

/**
 * The edits that release a leaked resource before every exit that is known to lose it, and nowhere else. Undefined
 * where one of the exits leaves no room for a statement, or nothing is in scope there to release.
 */
export function getReleaseEdits(leak: Leak, file: SourceFile, writer: ReleaseWriter): TextEdit[] | undefined {
  const known = leak.exits.filter((loss) => !loss.isGuess).map((loss) => getInnermost(loss));
  const exits = new Map(known.map((loss) => [loss.node, loss]));
  if (exits.size === 0) return undefined;
  const edits: TextEdit[] = [];
  for (const loss of exits.values()) {
    const edit = getExitEdit(loss, leak, file, writer);
    if (!edit) return undefined;
    edits.push(edit);
  }
  return edits.sort((a, b) => a.start - b.start);
}

function getExitEdit(loss: Loss, leak: Leak, file: SourceFile, writer: ReleaseWriter): TextEdit | undefined {
  const { node } = loss;
  const root = isFunction(node) || node.type === 'Program' ? node : getEnclosingRoot(node);
  if (loss.exit === 'discard') return isFunction(node) ? getParameterEdit(node, file, writer) : undefined;
  const found = findHeld(loss, leak);
  if (!found || !isInScope(found.variable, node)) return undefined;
  const isAsync = root.type === 'Program' ? isModule(root) : isFunction(root) && root.async;
  const mayBeReleased = isReleasedBefore(found.variable, leak, node);
  const text = writer.write(found.held, { isAsync, mayBeReleased });
  if (text === undefined) return undefined;
  switch (loss.exit) {
    case 'return':
    case 'throw':
    case 'overwrite':
    case 'next-iteration':
    case 'leave-block':
      if (node.type === 'BlockStatement') return appendTo(node, text, file);
      if (isFunction(node.parent) && node.parent.body === node) return openBody(node, text, file, found.variable, leak);
      return putBefore(node, text, file, found.variable, leak);
    case 'end':
      return isFunction(node) && node.body.type === 'BlockStatement' ? appendTo(node.body, text, file) : undefined;
    default:
      return undefined;
  }
}

/** if (!res.ok) throw …  →  if (!res.ok) { release; throw …; } */
function putBefore(exit: Node, text: string, file: SourceFile, held: Variable, leak: Leak): TextEdit | undefined {
  const statement = findStatement(exit);
  if (!statement || usesHeld(statement, held, leak)) return undefined;
  const { parent } = statement;
  const indent = getIndent(file.text, statement.range[0]);
  const lineBreak = getLineBreak(file.text);
  const isInList = parent?.type === 'BlockStatement' || parent?.type === 'Program' || parent?.type === 'SwitchCase' || parent?.type === 'StaticBlock';
  if (isInList) {
    const isOnOwnLine = indent.isOnOwnLine;
    return { start: statement.range[0], end: statement.range[0], text: isOnOwnLine ? `${text}${lineBreak}${indent.text}` : `${text} ` };
  }
  const unit = getIndentUnit(file.text);
  const inner = `${indent.text}${unit}`;
  const body = file.getText(statement);
  return {
    start: statement.range[0],
    end: statement.range[1],
    text: `{${lineBreak}${inner}${text}${lineBreak}${inner}${body}${lineBreak}${indent.text}}`,
  };
}

/** (r) => r.ok  →  (r) => { release; return r.ok; } */
function openBody(body: Node, text: string, file: SourceFile, held: Variable, leak: Leak): TextEdit | undefined {
  if (usesHeld(body, held, leak) || body.type === 'ObjectExpression') return undefined;
  return { start: body.range[0], end: body.range[1], text: `{ ${text} return ${file.getText(body)}; }` };
}

/** { … }  →  { …; release; } */
function appendTo(block: Node & { body: Node[] }, text: string, file: SourceFile): TextEdit | undefined {
  const last = block.body.at(-1);
  if (!last) return undefined;
  const indent = getIndent(file.text, last.range[0]);
  const end = last.range[1];
  return { start: end, end, text: indent.isOnOwnLine ? `${getLineBreak(file.text)}${indent.text}${text}` : ` ${text}` };
}

/** () => { … }  →  (res) => { release; … } */
function getParameterEdit(fn: Node, file: SourceFile, writer: ReleaseWriter): TextEdit | undefined {
  if (!isFunction(fn) || fn.params.length > 0 || fn.body.type !== 'BlockStatement') return undefined;
  const open = file.text.indexOf('(', fn.async ? fn.range[0] + 5 : fn.range[0]);
  const head = file.text.slice(open, fn.body.range[0]);
  const text = writer.write({ name: 'res', part: undefined }, { isAsync: fn.async, mayBeReleased: false });
  if (text === undefined || !/^\(\s*\)/.test(head) || /\bres\b/.test(file.getText(fn.body))) return undefined;
  const [first] = fn.body.body;
  const indent = first && getIndent(file.text, first.range[0]);
  const isOnOwnLine = indent?.isOnOwnLine ?? false;
  const start = isOnOwnLine ? `${getLineBreak(file.text)}${indent!.text}${text}` : ` ${text}`;
  return { start: open, end: fn.body.range[0] + 1, text: `(res)${head.replace(/^\(\s*\)/, '')}{${start}` };
}

// What is held, and where

function findHeld(loss: Loss, leak: Leak): { variable: Variable; held: Held } | undefined {
  for (let step: Step | undefined = loss.last; step; step = step.previous) {
    const holders = [...step.state.holders].filter(([variable]) => !isReassigned(variable) || loss.exit === 'overwrite' || isOnlyHolder(step!, variable));
    const found = holders.find(([, shape]) => shape.kind === 'resource') ?? holders.find(([, shape]) => isReleasable(shape, leak));
    if (found) {
      const [variable, shape] = found;
      return { variable, held: { name: variable.name, part: shape.kind === 'part' ? shape.name : undefined } };
    }
  }
  return undefined;
}

function isOnlyHolder(step: Step, variable: Variable): boolean {
  return step.state.holders.size === 1 && step.state.holders.has(variable);
}

function isReassigned(variable: Variable): boolean {
  return variable.references.some((reference) => reference.isWrite() && !reference.init);
}

function isReleasable(shape: Shape, leak: Leak): boolean {
  if (shape.kind !== 'part' || shape.isView) return false;
  return Object.values(getMembers(shape, leak.kind).methods ?? {}).includes('release');
}

/** Whether a variable can be named at a node: its scope is around the node, and it is declared by then. */
function isInScope(variable: Variable, node: Node): boolean {
  const { range } = variable.scope.block;
  return range[0] <= node.range[0] && node.range[1] <= range[1];
}

/** Whether a statement does more with what is held than look at it: it may release it itself on some way through. */
function usesHeld(node: Node, variable: Variable, leak: Leak): boolean {
  return variable.references.some(({ identifier }) => {
    if (identifier.range[0] < node.range[0] || identifier.range[1] > node.range[1]) return false;
    const outer = outermostWrapper(identifier);
    const { parent } = outer;
    if (parent?.type === 'AssignmentExpression' && parent.left === outer) return false;
    if (parent?.type !== 'MemberExpression' || parent.object !== outer) return true;
    return isEffective(getPropertyName(parent), leak);
  });
}

function isEffective(name: string | undefined, { kind }: Leak): boolean {
  if (name === undefined) return true;
  return (kind.methods !== undefined && Object.hasOwn(kind.methods, name)) || (kind.properties !== undefined && Object.hasOwn(kind.properties, name));
}

function isReleasedBefore(variable: Variable, leak: Leak, exit: Node): boolean {
  const end = isFunction(exit) || exit.type === 'BlockStatement' || exit.type === 'Program' ? exit.range[1] : exit.range[0];
  return variable.references.some(({ identifier }) => {
    if (identifier.range[0] < leak.site.range[1] || identifier.range[1] > end) return false;
    const { parent } = outermostWrapper(identifier);
    return parent?.type !== 'MemberExpression' || isEffective(getPropertyName(parent), leak);
  });
}

function findStatement(node: Node): Node | undefined {
  for (let outer: Node | undefined = node; outer; outer = outer.parent) {
    if (isFunction(outer)) return undefined;
    if (/(?:Statement|Declaration)$/.test(outer.type)) return outer;
  }
  return undefined;
}

function isModule(root: CodeRoot): boolean {
  return root.type === 'Program' && root.sourceType === 'module';
}

function getInnermost(loss: Loss): Loss {
  return loss.inner ? getInnermost(loss.inner) : loss;
}
