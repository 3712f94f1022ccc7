import { type Node, type TSESTree, getPropertyName, isFunction, skipWrappers } from '../syntax/node.js';
import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { findIo } from './io-calls.js';

/**
 * What is known of the length of a list. `bounded`: the code says how long it can get. `unbounded`: it comes from
 * somewhere that sets no bound (a folder, a table, an answer). `open`: nothing says how long it is.
 */
export type ListBound = 'bounded' | 'unbounded' | 'open';

const CONSTANT_NAME = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$/;
/** Somebody else sees to it that these do not get long. */
const BOUNDED_NAME = /batch|chunk|bucket|queue|dispatch|slot|^(?:slice|window|group|pair|tuple|args)$|^page$|pageItems/i;
/** Make as many elements as they get, one for one or fewer. */
const KEEPING = new Set(['map', 'filter', 'sort', 'toSorted', 'reverse', 'toReversed', 'concat', 'flat', 'flatMap', 'values', 'keys', 'entries', 'with', 'fill']);
const TAKING = new Set(['slice', 'splice', 'take', 'takeRight', 'first', 'sampleSize', 'chunk', 'limit', 'toSpliced']);
const LISTING = /^(?:readdir|readDir|glob|globby|fg|fastGlob|walk|listFiles|find|findMany|findAll|query|json)$/;

const known = new WeakMap<Node, ListBound>();

/** What bounds the length of a list. */
export function getListBound(file: SourceFile, list: Node, depth = 0): ListBound {
  const node = skipWrappers(list);
  const earlier = known.get(node);
  if (earlier !== undefined || depth > 12) return earlier ?? 'open';
  // A list that is made of itself is as long as it gets.
  known.set(node, 'open');
  const bound = judge(file, node, depth);
  known.set(node, bound);
  return bound;
}

function judge(file: SourceFile, node: Node, depth: number): ListBound {
  switch (node.type) {
    case 'ArrayExpression':
      return getBoundOfLiteral(file, node, depth);
    case 'ObjectExpression':
      return join(node.properties.map((property) => (property.type === 'SpreadElement' ? getListBound(file, property.argument, depth + 1) : 'bounded')));
    case 'Identifier':
      return getBoundOfName(file, node, depth);
    case 'MemberExpression':
      return getBoundOfMember(file, node);
    case 'CallExpression':
      return getBoundOfCall(file, node, depth);
    case 'NewExpression':
      return getBoundOfNew(file, node, depth);
    case 'AwaitExpression':
      return getListBound(file, node.argument, depth + 1);
    case 'ConditionalExpression':
      return join([getListBound(file, node.consequent, depth + 1), getListBound(file, node.alternate, depth + 1)]);
    case 'LogicalExpression':
      return join([getListBound(file, node.left, depth + 1), getListBound(file, node.right, depth + 1)]);
    default:
      return 'open';
  }
}

function join(bounds: readonly ListBound[]): ListBound {
  if (bounds.includes('unbounded')) return 'unbounded';
  return bounds.includes('open') ? 'open' : 'bounded';
}

function getBoundOfLiteral(file: SourceFile, node: TSESTree.ArrayExpression, depth: number): ListBound {
  return join(node.elements.map((element) => (element?.type === 'SpreadElement' ? getListBound(file, element.argument, depth + 1) : 'bounded')));
}

function getBoundOfName(file: SourceFile, node: TSESTree.Identifier, depth: number): ListBound {
  if (CONSTANT_NAME.test(node.name) && node.name.length > 1) return 'bounded';
  const variable = file.getReference(node)?.resolved;
  if (!variable) return 'open';
  if (BOUNDED_NAME.test(node.name)) return 'bounded';
  const [definition] = variable.defs;
  if (!definition || variable.defs.length > 1) return 'open';
  if (definition.type === 'Parameter') return hasTupleType(definition.name) || hasShortDefault(file, definition.name, depth) ? 'bounded' : 'open';
  if (definition.type === 'TSEnumName') return 'bounded';
  if (definition.type !== 'Variable' || definition.node.type !== 'VariableDeclarator') return 'open';
  if (hasTupleType(definition.name)) return 'bounded';
  const element = getLoopList(definition.node);
  if (element) return getBoundOfElement(element);
  const bounds = variable.references.flatMap(({ writeExpr }) => (writeExpr ? [getBoundOfValue(file, definition.node, writeExpr, depth)] : []));
  if (bounds.length === 0) return 'open';
  const grown = grows(file, variable, depth);
  return join(grown ? [...bounds, 'open'] : bounds);
}

/** `const { items } = value` tells nothing of `items`. */
function getBoundOfValue(file: SourceFile, declarator: Node, value: Node, depth: number): ListBound {
  const isPattern = declarator.type === 'VariableDeclarator' && declarator.id.type !== 'Identifier';
  if (!isPattern) return getListBound(file, value, depth + 1);
  return comesFromListing(file, value) ? 'unbounded' : 'open';
}

/** for (const batch of chunk(items, 10)) */
function getLoopList(declarator: TSESTree.VariableDeclarator): Node | undefined {
  const loop = declarator.parent.parent;
  return loop.type === 'ForOfStatement' && loop.left === declarator.parent ? loop.right : undefined;
}

function getBoundOfElement(list: Node): ListBound {
  const node = skipWrappers(list);
  const callee = node.type === 'CallExpression' ? skipWrappers(node.callee) : node;
  const name = callee.type === 'Identifier' ? callee.name : callee.type === 'MemberExpression' ? (getPropertyName(callee) ?? '') : '';
  return /batch|chunk|page|window|partition|splitEvery|group/i.test(name) ? 'bounded' : 'open';
}

function getBoundOfMember(file: SourceFile, node: TSESTree.MemberExpression): ListBound {
  const name = getPropertyName(node);
  if (name === undefined) return 'open';
  if (CONSTANT_NAME.test(name) || BOUNDED_NAME.test(name)) return 'bounded';
  const object = skipWrappers(node.object);
  // batch.items
  if (object.type === 'Identifier' && BOUNDED_NAME.test(object.name)) return 'bounded';
  return comesFromListing(file, node.object) ? 'unbounded' : 'open';
}

function getBoundOfCall(file: SourceFile, node: TSESTree.CallExpression, depth: number): ListBound {
  const callee = skipWrappers(node.callee);
  const name = callee.type === 'Identifier' ? callee.name : callee.type === 'MemberExpression' ? getPropertyName(callee) : undefined;
  if (name === undefined) return 'open';
  if (BOUNDED_NAME.test(name)) return 'bounded';
  if (callee.type === 'MemberExpression') {
    const object = skipWrappers(callee.object);
    const isStatic = object.type === 'Identifier' && file.isGlobal(object);
    const [first] = node.arguments;
    if (isStatic && object.name === 'Object' && first) return getBoundOfObject(file, first, depth);
    if (isStatic && object.name === 'Array' && name === 'from' && first) return getBoundOfArrayFrom(file, first, depth);
    if (isStatic && object.name === 'Array' && name === 'of') return 'bounded';
    if (TAKING.has(name)) return node.arguments.length > (name === 'slice' ? 1 : 0) ? 'bounded' : getListBound(file, object, depth + 1);
    if (KEEPING.has(name)) return getListBound(file, object, depth + 1);
  } else if (TAKING.has(name) || /batch|chunk/i.test(name)) return 'bounded';
  // Array(3)
  if (name === 'Array') return 'bounded';
  return LISTING.test(name) || findIo(file, node) !== undefined ? 'unbounded' : 'open';
}

/** Object.keys({ a: 1 }), Object.values(Enum) */
function getBoundOfObject(file: SourceFile, object: Node, depth: number): ListBound {
  const node = skipWrappers(object);
  const variable = node.type === 'Identifier' ? file.getReference(node)?.resolved : undefined;
  if (variable?.defs[0]?.type === 'TSEnumName') return 'bounded';
  const value = variable && file.getOnlyValue(variable);
  if (value && skipWrappers(value).type === 'ObjectExpression' && isFilledByName(variable)) return 'open';
  return getListBound(file, node, depth + 1);
}

/** table[key] = value */
function isFilledByName(variable: Variable): boolean {
  return variable.references.some(({ identifier }) => {
    const { parent } = identifier;
    return parent?.type === 'MemberExpression' && parent.computed && parent.parent.type === 'AssignmentExpression' && parent.parent.left === parent;
  });
}

/** Array.from({ length: 4 }) makes workers, as many as somebody said. */
function getBoundOfArrayFrom(file: SourceFile, source: Node, depth: number): ListBound {
  return skipWrappers(source).type === 'ObjectExpression' ? 'bounded' : getListBound(file, source, depth + 1);
}

function getBoundOfNew(file: SourceFile, node: TSESTree.NewExpression, depth: number): ListBound {
  if (node.callee.type !== 'Identifier') return 'open';
  if (node.callee.name === 'Array') return 'bounded';
  const [source] = node.arguments;
  if (!/^(?:Set|Map)$/.test(node.callee.name)) return 'open';
  return source ? getListBound(file, source, depth + 1) : 'bounded';
}

/** Whether a list gets more elements in a loop or in a function that others call. */
function grows(file: SourceFile, variable: Variable, depth: number): boolean {
  return variable.references.some(({ identifier }) => {
    const member = identifier.parent;
    if (member?.type !== 'MemberExpression' || member.object !== identifier || member.parent.type !== 'CallExpression') return false;
    if (!/^(?:push|unshift|add|set)$/.test(getPropertyName(member) ?? '')) return false;
    const call = member.parent;
    if (call.arguments.some((argument) => argument.type === 'SpreadElement')) return true;
    for (let outer: Node | undefined = call.parent; outer; outer = outer.parent) {
      if (outer.type === 'ForOfStatement') {
        if (getListBound(file, outer.right, depth + 1) !== 'bounded') return true;
      } else if (/^(?:For|While|DoWhile)/.test(outer.type)) return true;
      if (isFunction(outer)) return outer !== variable.scope.block && outer !== variable.scope.variableScope.block;
    }
    return false;
  });
}

function comesFromListing(file: SourceFile, value: Node): boolean {
  const node = skipWrappers(value);
  if (node.type === 'AwaitExpression') return comesFromListing(file, node.argument);
  if (node.type === 'CallExpression') return findIo(file, node) !== undefined;
  return false;
}

/** function load(files = ['.env', '.env.local']) */
function hasShortDefault(file: SourceFile, name: Node, depth: number): boolean {
  const { parent } = name;
  return parent?.type === 'AssignmentPattern' && parent.left === name && !isEmptyList(parent.right) && getListBound(file, parent.right, depth + 1) === 'bounded';
}

function isEmptyList(node: Node): boolean {
  return node.type === 'ArrayExpression' && node.elements.length === 0;
}

function hasTupleType(name: Node): boolean {
  let type: Node | undefined = name.type === 'Identifier' ? name.typeAnnotation?.typeAnnotation : undefined;
  while (type?.type === 'TSTypeOperator') type = type.typeAnnotation;
  return type?.type === 'TSTupleType';
}
