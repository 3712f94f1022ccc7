import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, type TSESTree, getCalleeName, isFunction, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { findFunction, getFunctionUses, getReturnedValues } from './functions.js';

/** What an expression may be, as far as the file tells. */
export interface PossibleValues {
  readonly values: readonly Node[];
  /** False where it may be something else as well. */
  readonly isComplete: boolean;
}

const UNKNOWN: PossibleValues = { values: [], isComplete: false };
const MAX_DEPTH = 8;
/** Methods that hand the entries of a list, one by one, to their first argument. */
export const LIST_METHODS = /^(?:some|every|find|findIndex|findLast|filter|forEach|map|flatMap|any)$/;

/** The values of an expression, through variables, branches, parameters with known calls, and entries of known lists. */
export function getPossibleValues(file: SourceFile, expression: Node, depth = 0): PossibleValues {
  const node = skipWrappers(expression);
  if (depth > MAX_DEPTH) return UNKNOWN;
  switch (node.type) {
    case 'Identifier': {
      const variable = file.getVariable(node);
      const found = variable && getValuesOfVariable(file, variable, depth);
      return found && found.values.length > 0 ? found : { values: [node], isComplete: false };
    }
    case 'ConditionalExpression':
      return join([node.consequent, node.alternate].map((inner) => getPossibleValues(file, inner, depth + 1)));
    case 'LogicalExpression':
      return join([node.left, node.right].map((inner) => getPossibleValues(file, inner, depth + 1)));
    case 'MemberExpression': {
      // list[i]
      const isIndex = node.computed && !(node.property.type === 'Literal' && typeof node.property.value === 'string');
      const entries = isIndex ? getEntries(file, node.object, depth + 1) : UNKNOWN;
      return entries.values.length > 0 ? entries : { values: [node], isComplete: false };
    }
    case 'CallExpression': {
      const fn = findFunction(file, node.callee);
      if (!fn || fn.async) return { values: [node], isComplete: false };
      return join(getReturnedValues(file, fn).map((inner) => getPossibleValues(file, inner, depth + 1)));
    }
    default:
      return { values: [node], isComplete: true };
  }
}

/** The entries of a list: an array, a set, what `map` and `filter` make of one. */
export function getEntries(file: SourceFile, expression: Node, depth = 0): PossibleValues {
  const node = skipWrappers(expression);
  if (depth > MAX_DEPTH) return UNKNOWN;
  switch (node.type) {
    case 'ArrayExpression':
      return join(
        node.elements.map((element) => {
          if (!element) return { values: [], isComplete: true };
          return element.type === 'SpreadElement' ? getEntries(file, element.argument, depth + 1) : getPossibleValues(file, element, depth + 1);
        }),
      );
    case 'Identifier': {
      const variable = file.getVariable(node);
      if (!variable) return UNKNOWN;
      const lists = variable.references.flatMap((reference) => (reference.isWrite() && reference.writeExpr && isWhole(reference.writeExpr) ? [reference.writeExpr] : []));
      const isOwn = variable.defs.every(({ type }) => type === 'Variable');
      const found = join(lists.map((list) => getEntries(file, list, depth + 1)));
      return { values: found.values, isComplete: found.isComplete && isOwn && lists.length > 0 };
    }
    case 'NewExpression':
      return getCalleeName(node.callee) === 'Set' && node.arguments[0] ? getEntries(file, node.arguments[0], depth + 1) : UNKNOWN;
    case 'ConditionalExpression':
      return join([node.consequent, node.alternate].map((inner) => getEntries(file, inner, depth + 1)));
    case 'LogicalExpression':
      return join([node.left, node.right].map((inner) => getEntries(file, inner, depth + 1)));
    case 'CallExpression':
      return getEntriesOfCall(file, node, depth);
    default:
      return UNKNOWN;
  }
}

function getEntriesOfCall(file: SourceFile, node: TSESTree.CallExpression, depth: number): PossibleValues {
  const callee = skipWrappers(node.callee);
  const [first] = node.arguments;
  const name = getCalleeName(callee);
  if (callee.type !== 'MemberExpression') return UNKNOWN;
  if (name === 'freeze' || name === 'from') return first ? getEntries(file, first, depth + 1) : UNKNOWN;
  if (name === 'filter' || name === 'slice' || name === 'sort' || name === 'reverse') return getEntries(file, callee.object, depth + 1);
  if (name === 'concat') return join([callee.object, ...node.arguments].map((inner) => (inner.type === 'SpreadElement' ? UNKNOWN : getEntries(file, inner, depth + 1))));
  if (name !== 'map' || !first) return UNKNOWN;
  // patterns.map(toPattern)
  const fn = findFunction(file, first);
  return fn ? join(getReturnedValues(file, fn).map((inner) => getPossibleValues(file, inner, depth + 1))) : UNKNOWN;
}

function getValuesOfVariable(file: SourceFile, variable: Variable, depth: number): PossibleValues {
  const [definition, ...others] = variable.defs;
  if (!definition || others.length > 0) return UNKNOWN;
  const list = findListOf(file, variable);
  const writes = variable.references.flatMap(({ writeExpr, init }) => (writeExpr && !(init && list) && isWhole(writeExpr) ? [writeExpr] : []));
  const own = join(writes.map((value) => getPossibleValues(file, value, depth + 1)));
  if (list) return join([getEntries(file, list, depth + 1), own]);
  if (definition.type === 'Variable') return { values: own.values, isComplete: own.isComplete && writes.length > 0 };
  if (definition.type !== 'Parameter' || !isFunction(definition.node)) return UNKNOWN;
  const index = findParameter(definition.node, definition.name);
  const { calls, escapes } = getFunctionUses(file, definition.node);
  const passed = index < 0 ? [] : calls.flatMap((call) => (call.arguments[index] && call.arguments[index].type !== 'SpreadElement' ? [call.arguments[index]] : []));
  const given = join(passed.map((value) => getPossibleValues(file, value, depth + 1)));
  return { values: [...own.values, ...given.values], isComplete: !escapes && passed.length > 0 && given.isComplete };
}

/** The list whose entries a variable goes through: `list.some((entry) => …)`, `for (const entry of list)`. */
export function findListOf(file: SourceFile, variable: Variable): Node | undefined {
  const [definition] = variable.defs;
  if (definition?.type === 'Parameter' && isFunction(definition.node) && findParameter(definition.node, definition.name) === 0) {
    return findListOfCallback(definition.node);
  }
  if (definition?.type !== 'Variable' || definition.node.type !== 'VariableDeclarator') return undefined;
  const loop = definition.node.parent.parent;
  return loop?.type === 'ForOfStatement' && loop.left === definition.node.parent && definition.node.id === definition.name ? loop.right : undefined;
}

/** The list of a call such as `list.some(fn)` that a function is written into. */
export function findListOfCallback(fn: FunctionNode): Node | undefined {
  const { parent } = outermostWrapper(fn);
  if (parent?.type !== 'CallExpression' || parent.arguments[0] !== outermostWrapper(fn)) return undefined;
  const callee = skipWrappers(parent.callee);
  return callee.type === 'MemberExpression' && LIST_METHODS.test(getCalleeName(callee) ?? '') ? callee.object : undefined;
}

function findParameter(fn: FunctionNode, name: Node): number {
  return fn.params.findIndex((parameter) => parameter === name || (parameter.type === 'AssignmentPattern' && parameter.left === name));
}

/** Whether the variable gets the expression as it is, not a part taken out of it. */
function isWhole(value: Node): boolean {
  const { parent } = value;
  if (parent?.type === 'VariableDeclarator') return parent.id.type === 'Identifier';
  if (parent?.type === 'AssignmentExpression') return parent.operator === '=' && parent.left.type === 'Identifier';
  return parent?.type === 'AssignmentPattern' && parent.left.type === 'Identifier';
}

function join(all: readonly PossibleValues[]): PossibleValues {
  return { values: all.flatMap(({ values }) => values), isComplete: all.every(({ isComplete }) => isComplete) };
}
