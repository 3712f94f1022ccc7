import type { Variable } from '../scopes/scope.js';
import { type CallLike, type Node, type TSESTree, getPropertyName, isFunction, isWithin, outermostWrapper, skipWrappers } from '../syntax/node.js';
import type { ExploreContext } from './explore.js';
import { type Shape, awaited, isHolding, listOf } from './shape.js';
import type { State } from './state.js';

type List = Shape & { kind: 'list' };

/** The list that a value is for whoever iterates over it: an array literal is one of all its elements. */
export function asList(shape: Shape | undefined): List | undefined {
  if (shape?.kind === 'list') return shape;
  if (shape?.kind !== 'container' || ![...shape.entries.keys()].every((name) => /^\d+$/.test(name))) return undefined;
  const [element] = [...shape.entries.values()].filter(isHolding);
  return element && listOf(element);
}

/** The state at the end of an iteration over a list: impossible before the element in question has had its turn. */
export function endIteration(loop: TSESTree.ForOfStatement, state: State): State | undefined {
  const key = getKey(loop);
  if (!state.facts.has(key)) return undefined;
  const facts = new Map(state.facts);
  facts.delete(key);
  return state.with({ facts });
}

/** The states in an iteration over a list, before the loop variable is set: whether it is the turn of the element in question. */
export function takeTurns(loop: TSESTree.ForOfStatement, state: State, context: ExploreContext): { own: State | undefined; other: State } {
  const key = getKey(loop);
  if (state.facts.has(key)) return { own: undefined, other: state };
  const visited = state.with({ facts: new Map(state.facts).set(key, 'truthy') });
  // Nobody comes back to a list that is not named again: its element is the loop variable's alone.
  return { own: isNamedAgain(loop.right, state, context) ? visited : dropLists(visited).dropTemporaries(loop.right), other: state };
}

/** Whether something that holds a list is named again after an expression, or in a further iteration around it. */
export function isNamedAgain(node: Node, state: State, { graph }: ExploreContext): boolean {
  const loop = findLoop(node, graph.root);
  for (const [variable, shape] of state.holders) {
    if (!isListLike(shape)) continue;
    const isAgain = variable.references.some(({ identifier, init }) => {
      const isRepeated = loop && isOutside(variable, loop) && isWithin(identifier, loop) && !isWithin(identifier, node);
      return !init && (identifier.range[0] >= node.range[1] || isRepeated);
    });
    if (isAgain) return true;
  }
  return false;
}

/** Whether all that is done with a variable is understood of lists: nothing counts through it. */
export function isPlainList(variable: Variable): boolean {
  return variable.references.every(({ identifier }) => {
    const outer = outermostWrapper(identifier);
    const { parent } = outer;
    if (parent?.type !== 'MemberExpression' || parent.object !== outer) return true;
    // list[i], and i < list.length in the head of a loop
    if (parent.computed && !/^\d+$/.test(getPropertyName(parent) ?? '')) return false;
    return getPropertyName(parent) !== 'length' || !isInLoopHead(parent);
  });
}

/** `const list = [];` of this function, which `list.push(…)` adds to. */
export function findGrowingList(call: CallLike, { file, graph }: ExploreContext): Variable | undefined {
  const callee = skipWrappers(call.callee);
  if (callee.type !== 'MemberExpression' || !/^(?:push|unshift)$/.test(getPropertyName(callee) ?? '')) return undefined;
  const object = skipWrappers(callee.object);
  const variable = object.type === 'Identifier' ? file.getVariable(object) : undefined;
  const value = variable && file.getOnlyValue(variable);
  const isEmpty = value && skipWrappers(value).type === 'ArrayExpression';
  if (!isEmpty || !isWithin(value, graph.root) || graph.root.type === 'Program') return undefined;
  const isCaptured = variable.references.some(({ identifier }) => isInInnerFunction(identifier, graph.root));
  return isCaptured || !isPlainList(variable) ? undefined : variable;
}

function dropLists(state: State): State {
  let next = state;
  for (const [variable, shape] of state.holders) if (isListLike(shape)) next = next.dropHolder(variable);
  return next;
}

function isListLike(shape: Shape): boolean {
  return asList(awaited(shape)) !== undefined;
}

function isInInnerFunction(node: Node, root: Node): boolean {
  for (let outer = node.parent; outer && outer !== root; outer = outer.parent) if (isFunction(outer)) return true;
  return false;
}

function isInLoopHead(node: Node): boolean {
  for (let inner = node; inner.parent; inner = inner.parent) {
    const { parent } = inner;
    if (/^(?:For|While|DoWhile)/.test(parent.type)) return !('body' in parent) || parent.body !== inner;
    if (/Statement$/.test(parent.type) || isFunction(parent)) return false;
  }
  return false;
}

function findLoop(node: Node, root: Node): Node | undefined {
  let loop: Node | undefined;
  for (let outer = node.parent?.parent; outer && outer !== root && !isFunction(outer); outer = outer.parent) {
    if (/^(?:For|While|DoWhile)/.test(outer.type)) loop = outer;
  }
  return loop;
}

function isOutside(variable: Variable, node: Node): boolean {
  return variable.identifiers.every((identifier) => !isWithin(identifier, node));
}

function getKey({ range }: Node): string {
  return `turn ${range[0]}-${range[1]}`;
}
