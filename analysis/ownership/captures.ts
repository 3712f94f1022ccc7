import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, isFunction, outermostWrapper } from '../syntax/node.js';
import type { ExploreContext } from './explore.js';
import type { Shape } from './shape.js';
import type { State } from './state.js';
import { findFunctionsIn } from './values.js';

/**
 * A function in the value of an expression that captures a variable which holds the resource and does more with it
 * than look: whoever gets the function has the resource in hand.
 */
export function findUsingCapture(expression: Node, state: State, context: ExploreContext): FunctionNode | undefined {
  if (state.phase !== 'held' || state.holders.size === 0) return undefined;
  return findFunctionsIn(expression, context.file).find((fn) => usesCapture(fn, state, context));
}

export function usesCapture(fn: FunctionNode, state: State, context: ExploreContext): boolean {
  for (const [variable, shape] of state.holders) if (usesVariable(fn, variable, shape, context)) return true;
  return false;
}

/** Whether a function, when called, releases, keeps or passes on what a captured variable holds. */
export function usesVariable(fn: FunctionNode, variable: Variable, shape: Shape, context: ExploreContext): boolean {
  if (!isReachedFrom(variable, fn, context.file)) return false;
  const summary = context.summaries.summarise(fn, { kind: 'captured', variable, shape });
  // Unknown while it is being worked out: then the function counts as using it, and the analysis stays silent.
  if (!summary || summary.hasGivenUp) return true;
  return summary.outcomes.some((outcome) => outcome.settlement !== 'held');
}

/**
 * Whether a closure that was made and given away before this point uses the variable: what the variable gets from
 * now on is in that closure's hands, too. `position` is the offset of the point in the text.
 */
export function isCapturedEarlier(variable: Variable, shape: Shape, position: number, context: ExploreContext): boolean {
  const root = context.graph.root;
  const closures = new Set<FunctionNode>();
  for (const { identifier } of variable.references) {
    for (let node: Node | undefined = identifier.parent; node && node !== root; node = node.parent) {
      if (isFunction(node)) closures.add(node);
    }
  }
  for (const closure of closures) {
    if (isGivenAway(closure, position, context.file) && usesVariable(closure, variable, shape, context)) return true;
  }
  return false;
}

/** Whether a function is used in some other way than by calling it, at a place before `position`. */
function isGivenAway(fn: FunctionNode, position: number, file: SourceFile): boolean {
  const named = fn.type === 'FunctionDeclaration' ? fn.id : fn.parent.type === 'VariableDeclarator' && fn.parent.id.type === 'Identifier' ? fn.parent.id : undefined;
  if (!named) {
    const outer = outermostWrapper(fn);
    const isCalledAtOnce = outer.parent?.type === 'CallExpression' && outer.parent.callee === outer;
    return !isCalledAtOnce && fn.range[0] < position;
  }
  const variable = file.getVariable(named);
  return (variable?.references ?? []).some(({ identifier, init }) => {
    if (init || identifier.range[0] >= position) return false;
    const outer = outermostWrapper(identifier);
    return !(outer.parent?.type === 'CallExpression' && outer.parent.callee === outer);
  });
}

/** Whether the text of a function mentions a variable, or a local function whose text does. */
function isReachedFrom(variable: Variable, fn: FunctionNode, file: SourceFile, seen = new Set<Variable>()): boolean {
  seen.add(variable);
  return variable.references.some(({ identifier }) => {
    if (identifier.range[0] >= fn.range[0] && identifier.range[1] <= fn.range[1]) return true;
    const name = findEnclosingName(identifier, file);
    return name !== undefined && !seen.has(name) && isReachedFrom(name, fn, file, seen);
  });
}

/** The variable that names the function around a node. */
function findEnclosingName(node: Node, file: SourceFile): Variable | undefined {
  for (let outer: Node | undefined = node.parent; outer; outer = outer.parent) {
    if (!isFunction(outer)) continue;
    if (outer.type === 'FunctionDeclaration') return outer.id ? file.getVariable(outer.id) : undefined;
    const { parent } = outermostWrapper(outer);
    return parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier' ? file.getVariable(parent.id) : undefined;
  }
  return undefined;
}
