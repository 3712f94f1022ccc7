import { type Node, type TSESTree, isWithin } from '../syntax/node.js';
import type { Fact, State } from './state.js';

type Choice = TSESTree.ConditionalExpression | TSESTree.LogicalExpression;

/**
 * Remembers which operand gives a conditional or logical expression its value on this path, where one of them names
 * what is held: `ok ? res.body : null`. `node` is what a join of the graph stands for: an operand that is about to be
 * evaluated, or the end of a logical expression.
 */
export function noteArm(node: Node, state: State): State {
  if (state.phase !== 'held') return state;
  if (node.type === 'LogicalExpression' && !state.facts.has(getKey(node)) && isAbout([node], state)) return note(node, 'falsy', state);
  const choice = findChoice(node);
  if (!choice || !isAbout([choice], state) || isTest(choice)) return state;
  return note(choice, choice.type === 'ConditionalExpression' && choice.alternate === node ? 'falsy' : 'truthy', state);
}

/** The operands that may give an expression its value on this path. */
export function getArms(choice: Choice, state: State): readonly Node[] {
  const known = state.facts.get(getKey(choice));
  if (choice.type === 'ConditionalExpression') {
    if (known === undefined) return [choice.consequent, choice.alternate];
    return [known === 'truthy' ? choice.consequent : choice.alternate];
  }
  if (choice.operator === '&&') return known === 'falsy' ? [] : [choice.right];
  if (known === undefined) return [choice.left, choice.right];
  return [known === 'truthy' ? choice.right : choice.left];
}

/** Remembers that `object` of `object?.member` is missing on this path, and with it all of the chain. */
export function noteMissing(object: Node, state: State): State {
  if (state.phase !== 'held') return state;
  let chain: Node | undefined = object.parent;
  while (chain && chain.type !== 'ChainExpression' && /^(?:Member|Call|TSNonNull)Expression$/.test(chain.type)) chain = chain.parent;
  return chain?.type === 'ChainExpression' ? state.with({ facts: new Map(state.facts).set(getKey(chain), 'nullish') }) : state;
}

/** Whether a chain is known to have ended early on this path. */
export function isMissing(node: Node, state: State): boolean {
  return state.facts.get(getKey(node)) === 'nullish';
}

/** What was remembered of expressions that are done. */
export function forgetArms(state: State): State {
  let facts: Map<string, Fact> | undefined;
  for (const key of state.facts.keys()) if (key.startsWith('arm ')) (facts ??= new Map(state.facts)).delete(key);
  return facts ? state.with({ facts }) : state;
}

/** The expression of which a node is the operand that is taken or left. */
function findChoice(node: Node): Choice | undefined {
  const { parent } = node;
  if (parent?.type === 'ConditionalExpression') return parent.test === node ? undefined : parent;
  return parent?.type === 'LogicalExpression' && parent.right === node ? parent : undefined;
}

/** Whether only the truth of a choice counts, and the graph has taken it apart. */
function isTest(choice: Node): boolean {
  const { parent } = choice;
  if (parent?.type === 'LogicalExpression' || parent?.type === 'UnaryExpression') return isTest(parent);
  return parent !== undefined && 'test' in parent && parent.test === choice;
}

/** Whether expressions name what is held. */
export function isAbout(expressions: readonly Node[], { holders }: State): boolean {
  return [...holders.keys()].some(({ references }) => references.some(({ identifier }) => expressions.some((expression) => isWithin(identifier, expression))));
}

function note(choice: Choice, fact: Fact, state: State): State {
  return state.with({ facts: new Map(state.facts).set(getKey(choice), fact) });
}

function getKey({ range }: Node): string {
  return `arm ${range[0]}-${range[1]}`;
}
