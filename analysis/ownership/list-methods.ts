import { type FunctionNode, type Node, type TSESTree, skipWrappers } from '../syntax/node.js';
import type { CallEffect } from './apply-call.js';
import { bindValue } from './bind-value.js';
import { takeTest } from './branches.js';
import { findCalledFunction } from './called-function.js';
import type { ExploreContext } from './explore.js';
import { isNamedAgain } from './lists.js';
import { type Shape, awaited, containerOf, isHolding, listOf, promiseOf } from './shape.js';
import type { State } from './state.js';

type List = Shape & { kind: 'list' };

/** What a method of an array does with one element of it; undefined where that is not known. */
export function applyListMethod(name: string | undefined, list: List, call: TSESTree.CallExpression, state: State, context: ExploreContext): CallEffect | undefined {
  switch (name) {
    case 'push':
    case 'unshift':
    case 'join':
    case 'includes':
    case 'indexOf':
    case 'keys':
      return goOn([state]);
    case 'reverse':
    case 'sort':
    case 'toReversed':
    case 'toSorted':
    case 'values':
      return goOn([state.putTemporary(call, list)]);
    case 'entries':
      return goOn([state.putTemporary(call, listOf(containerOf(new Map([['1', list.of]]))))]);
    case 'filter':
    case 'find':
    case 'findLast':
      return select(name === 'filter' ? list : list.of, list, call, state, context);
    case 'every':
    case 'some':
    case 'findIndex':
    case 'findLastIndex':
    case 'forEach':
    case 'map':
    case 'flatMap':
      return visit(name, list, call, state, context);
    default:
      return undefined;
  }
}

function goOn(normal: readonly State[]): CallEffect {
  return { normal, thrown: normal.slice(0, 1), thrownExplicitly: [], losses: [] };
}

/** list.filter((res) => res.ok): the element is in the result or is not. */
function select(selected: Shape, list: List, call: TSESTree.CallExpression, state: State, context: ExploreContext): CallEffect | undefined {
  const [predicate] = call.arguments;
  const fn = predicate && findCalledFunction(predicate, context.file);
  const kept = state.putTemporary(call, selected);
  // list.filter(Boolean)
  if (!fn) return goOn([kept]);
  const [parameter] = fn.params;
  const condition = findReturned(fn);
  if (!parameter || !condition) return goOn([kept]);
  const asked = bindValue(parameter, list.of, state, context);
  if (asked.phase !== 'held') return undefined;
  const isIn = takeCondition(condition, true, asked, context);
  const isOut = takeCondition(condition, false, asked, context);
  const states: State[] = [];
  if (isIn) states.push(isIn.phase === 'held' ? kept : isIn);
  // What is left behind can still be found where the list has another reader.
  if (isOut && (!isIn || selected !== list || !isNamedAgain(call, state, context))) states.push(isOut.phase === 'held' ? state : isOut);
  return goOn(states);
}

function visit(name: string, list: List, call: TSESTree.CallExpression, state: State, context: ExploreContext): CallEffect | undefined {
  const [callback] = call.arguments;
  const fn = callback && findCalledFunction(callback, context.file);
  const summary = fn && context.summaries.summarise(fn, { kind: 'parameter', index: 0, shape: list.of });
  if (!fn || !summary || summary.hasGivenUp) return undefined;
  const certain = summary.outcomes.filter(({ isGuess, settlement }) => !isGuess && settlement !== 'unacquired');
  const settlements = new Set(certain.map(({ settlement }) => settlement));
  if (settlements.has('transferred')) return undefined;
  const isAsking = /^(?:every|some|find)/.test(name);
  if (certain.length === 0 || (isAsking && !settlements.has('released'))) return goOn([state]);
  const normal: State[] = settlements.has('released') ? [state.settle('released')] : [];
  for (const { settlement, shape } of certain) {
    if (settlement === 'returned' && shape && isHolding(shape)) normal.push(name === 'forEach' ? state : state.putTemporary(call, listOf(fn.async ? promiseOf(awaited(shape)) : shape)));
  }
  const isKept = settlements.has('held');
  // Where nobody has the list any more, what the callback does not give back is lost there.
  const isLost = isKept && settlements.size > 1 && !isNamedAgain(call, state, context);
  if (isLost) return { normal, thrown: normal, thrownExplicitly: [], losses: summary.losses };
  const isThrown = !fn.async && certain.some(({ settlement, completion }) => settlement === 'held' && completion === 'throw');
  if (certain.some(({ settlement, completion }) => settlement === 'held' && (completion === 'return' || fn.async))) normal.push(state);
  return { normal, thrown: normal.slice(0, 1), thrownExplicitly: isThrown ? [state] : [], losses: [] };
}

/** The only expression that a function returns. */
function findReturned(fn: FunctionNode): Node | undefined {
  if (fn.body.type !== 'BlockStatement') return fn.body;
  const [statement, ...others] = fn.body.body;
  return statement?.type === 'ReturnStatement' && others.length === 0 ? (statement.argument ?? undefined) : undefined;
}

/** The state where a condition holds, or does not, taken apart as far as one of its ways goes. */
function takeCondition(condition: Node, outcome: boolean, state: State, context: ExploreContext): State | undefined {
  const node = skipWrappers(condition);
  if (node.type === 'UnaryExpression' && node.operator === '!') return takeCondition(node.argument, !outcome, state, context);
  if (node.type !== 'LogicalExpression' || node.operator === '??') return takeTest(node, outcome, state, context);
  const stops = node.operator === '||';
  const goesOn = takeCondition(node.left, !stops, state, context);
  const right = goesOn && (goesOn.phase === 'held' ? takeCondition(node.right, outcome, goesOn, context) : goesOn);
  return outcome === stops ? (takeCondition(node.left, stops, state, context) ?? right) : right;
}
