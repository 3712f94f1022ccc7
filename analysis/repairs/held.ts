import type { Leak } from '../ownership/find-leaks.js';
import type { Loss, Step } from '../ownership/exploration.js';
import { type Shape, isHolding } from '../ownership/shape.js';
import { getMembers } from '../ownership/values.js';
import type { Reference, Variable } from '../scopes/scope.js';
import { type Node, getPropertyName, isFunction, isNullish, isWithin, outermostWrapper } from '../syntax/node.js';

/** What an exit has in hand, as a repair may name it. */
export interface Held {
  /** An expression of the variable: `res`. */
  readonly name: string;
  /**
   * The part of the resource that it is, where it is not the whole: `body` of `const { body } = await request()`;
   * `list` where it is an array of resources.
   */
  readonly part: string | undefined;
}

/** The variable that a loss has in hand last, the one that `preferred` names first: a reader has its stream locked. */
export function findHeld(loss: Loss, leak: Leak, preferred?: string): { variable: Variable; held: Held; step: Step } | undefined {
  for (let step: Step | undefined = loss.last; step; step = step.previous) {
    // In a list of promises, or of what they settled as, it can no longer be named.
    if (isInUnknownList(step)) return undefined;
    const holders = [...step.state.holders].filter(([variable]) => !isReassigned(variable) || loss.exit === 'overwrite' || isOnlyHolder(step, variable));
    const found =
      holders.find(([, shape]) => shape.kind === 'list' && shape.of.kind === 'resource') ??
      holders.find(([variable, shape]) => shape.kind === 'part' && shape.name === preferred && !isUnlocked(variable)) ??
      holders.find(([, shape]) => shape.kind === 'resource') ??
      holders.find(([, shape]) => isReleasable(shape, leak));
    if (found) {
      const [variable, shape] = found;
      return { variable, held: { name: variable.name, part: shape.kind === 'part' ? shape.name : shape.kind === 'list' ? 'list' : undefined }, step };
    }
  }
  return undefined;
}

function isInUnknownList({ state }: Step): boolean {
  const held = [...state.holders.values()].filter(isHolding);
  return held.length > 0 && held.every((shape) => shape.kind === 'list' && shape.of.kind !== 'resource');
}

function isOnlyHolder(step: Step, variable: Variable): boolean {
  return step.state.holders.size === 1 && step.state.holders.has(variable);
}

export function isReassigned(variable: Variable): boolean {
  return variable.references.some((reference) => reference.isWrite() && !reference.init);
}

/** reader.releaseLock() */
function isUnlocked(variable: Variable): boolean {
  return variable.references.some(({ identifier }) => {
    const { parent } = outermostWrapper(identifier);
    return parent?.type === 'MemberExpression' && getPropertyName(parent) === 'releaseLock';
  });
}

function isReleasable(shape: Shape, leak: Leak): boolean {
  if (shape.kind !== 'part' || shape.isView) return false;
  return Object.values(getMembers(shape, leak.kind).methods ?? {}).includes('release');
}

/** Whether a variable can be named at a node: its scope is around the node. */
export function isInScope(variable: Variable, node: Node): boolean {
  return isWithin(node, variable.scope.block);
}

/** Whether something outside of a node, or in it but above `start`, does more with what is held than look at it. */
export function isUsedBeyond(node: Node, start: number, variable: Variable, leak: Leak): boolean {
  return variable.references.some((reference) => {
    const isBeyond = !isWithin(reference.identifier, node) || reference.identifier.range[0] < start;
    return isBeyond && isUse(reference, leak);
  });
}

/** Whether a statement does more with what is held than look at it: it may release it itself on some way through. */
export function usesHeld(node: Node, variable: Variable, leak: Leak): boolean {
  return variable.references.some((reference) => isWithin(reference.identifier, node) && isUse(reference, leak));
}

function isUse(reference: Reference, leak: Leak): boolean {
  if (!reference.isRead()) return false;
  const outer = outermostWrapper(reference.identifier);
  const { parent } = outer;
  // !res, res === null: a question, not a use.
  if (parent?.type === 'UnaryExpression' || parent?.type === 'BinaryExpression') return false;
  if ((parent?.type === 'IfStatement' || parent?.type === 'ConditionalExpression') && parent.test === outer) return false;
  if (parent?.type !== 'MemberExpression' || parent.object !== outer) return true;
  return isEffective(getPropertyName(parent), leak);
}

function isEffective(name: string | undefined, { kind }: Leak): boolean {
  if (name === undefined) return true;
  return (kind.methods !== undefined && Object.hasOwn(kind.methods, name)) || (kind.properties !== undefined && Object.hasOwn(kind.properties, name));
}

/** Whether what is held may have been released by the time that control is at `exit`, or at the end of it where it is a body. */
export function mayBeReleased(variable: Variable, leak: Leak, exit: Node): boolean {
  return mayHaveBeen(variable, leak, exit, isUse);
}

/** Whether it may have been given to somebody as a whole by then, who goes on with it. */
export function mayBeHandedOver(variable: Variable, leak: Leak, exit: Node): boolean {
  return leak.isHandedOver && mayHaveBeen(variable, leak, exit, (reference) => isUse(reference, leak) && outermostWrapper(reference.identifier).parent?.type !== 'MemberExpression');
}

function mayHaveBeen(variable: Variable, leak: Leak, exit: Node, isDone: (reference: Reference, leak: Leak) => boolean): boolean {
  const isBody = isFunction(exit) || exit.type === 'BlockStatement' || exit.type === 'Program';
  const loop = findLoop(exit, variable.scope.block);
  const end = isBody ? exit.range[1] : exit.range[0];
  return variable.references.some((reference) => {
    const { identifier } = reference;
    // A loop brings back what stands below.
    const isBefore = identifier.range[0] >= leak.site.range[1] && identifier.range[1] <= end;
    if (!isBefore && !(loop && isWithin(identifier, loop))) return false;
    return isDone(reference, leak) && canFlow(identifier, isBefore ? exit : loop!);
  });
}

/** The outermost loop around a node that stays inside of `block`. */
export function findLoop(node: Node, block: Node): Node | undefined {
  let loop: Node | undefined;
  for (let outer = node.parent; outer && outer !== block && !isFunction(outer); outer = outer.parent) {
    if (/^(?:For|While|DoWhile)/.test(outer.type)) loop = outer;
  }
  return loop;
}

/** Whether control can go from a node to one below: not where a `return` or `throw` stands between, unless something catches it. */
function canFlow(from: Node, to: Node): boolean {
  let isLeaving = false;
  for (let inner = from; inner.parent && !isWithin(to, inner); inner = inner.parent) {
    const { parent } = inner;
    if (isFunction(inner)) return true;
    if (inner.type === 'ReturnStatement' || inner.type === 'ThrowStatement') isLeaving = true;
    if (isWithin(to, parent)) return !isLeaving;
    if (parent.type === 'TryStatement') isLeaving = false;
    const following: Node[] = parent.type === 'BlockStatement' ? parent.body : parent.type === 'SwitchCase' ? parent.consequent : [];
    if (following.slice(following.indexOf(inner) + 1).some(({ type }) => type === 'ReturnStatement' || type === 'ThrowStatement')) isLeaving = true;
  }
  return true;
}

/** Whether a variable may have no value yet at a node: it is declared without one, and nothing that always runs before sets it or asks it for a member. */
export function mayBeUnset(variable: Variable, node: Node): boolean {
  const [definition] = variable.defs;
  if (definition?.type !== 'Variable' || definition.node.type !== 'VariableDeclarator') return false;
  const { init, parent } = definition.node;
  const isForHead = parent.parent?.type === 'ForOfStatement' || parent.parent?.type === 'ForInStatement';
  if (isForHead || (init && !isNullish(init))) return false;
  return !variable.references.some(({ identifier, writeExpr }) => {
    const outer = outermostWrapper(identifier);
    const isSet = writeExpr !== undefined && writeExpr !== null && !isNullish(writeExpr) && outer.parent?.parent?.type === 'ExpressionStatement';
    const isAsked = outer.parent?.type === 'MemberExpression' && outer.parent.object === outer && !outer.parent.optional;
    return identifier.range[1] <= getStart(node) && (isSet || isAsked) && alwaysRunsBefore(identifier, node);
  });
}

/** Where the last thing before a release would be: the end of a block that it goes to the end of. */
function getStart(node: Node): number {
  return node.type === 'BlockStatement' ? node.range[1] : node.range[0];
}

function alwaysRunsBefore(inner: Node, node: Node): boolean {
  for (let child = inner; child.parent; child = child.parent) {
    const { parent } = child;
    if (isFunction(parent) || (parent.type === 'LogicalExpression' && parent.right === child)) return false;
    if (parent.type === 'ConditionalExpression' && parent.test !== child) return false;
    // The statement that the expression is in, or whose test it is.
    if (/(?:Statement|Declaration)$/.test(parent.type)) return isWithin(node, parent) || (parent.parent !== undefined && isWithin(node, parent.parent));
  }
  return false;
}

/** Whether the compiler lets a variable be read before it is set: `let res;` and `let res: Response | undefined;`, not `let res: Response;`. */
export function isReadableUnset(variable: Variable): boolean {
  const [definition] = variable.defs;
  if (definition?.type !== 'Variable' || definition.node.type !== 'VariableDeclarator' || definition.node.init) return true;
  const type = definition.node.id.typeAnnotation?.typeAnnotation;
  if (!type) return true;
  const parts = type.type === 'TSUnionType' ? type.types : [type];
  return parts.some((part) => part.type === 'TSUndefinedKeyword' || part.type === 'TSAnyKeyword' || part.type === 'TSUnknownKeyword');
}
