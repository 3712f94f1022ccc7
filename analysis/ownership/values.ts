import type { MemberTable, Part, ResourceKind } from '../resources/resource-kind.js';
import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, type TSESTree, getPropertyName, isFunction, skipWrappers } from '../syntax/node.js';
import { getArms } from './arms.js';
import { ERROR_PART, LENGTH_PART, RESOURCE, type Shape, awaited, containerOf, isHolding, partNamed } from './shape.js';
import type { State } from './state.js';

/** The shape that an expression's value has in a state; undefined where it has nothing to do with the resource. */
export function getShape(expression: Node, state: State, kind: ResourceKind, file: SourceFile): Shape | undefined {
  if (state.phase !== 'held') return undefined;
  const node = skipWrappers(expression);
  const made = state.temporaries.get(node);
  if (made) return made;
  const shapeOf = (inner: Node) => getShape(inner, state, kind, file);
  const named = hasTextVariable(state) ? findByText(node, state, file) : undefined;
  if (named) return named;
  switch (node.type) {
    case 'Identifier': {
      const variable = file.getVariable(node);
      return variable && state.holders.get(variable);
    }
    case 'AwaitExpression': {
      const shape = shapeOf(node.argument);
      return shape && awaited(shape);
    }
    case 'MemberExpression': {
      const object = shapeOf(node.object);
      return object && getMemberShape(object, getPropertyName(node), kind);
    }
    case 'ConditionalExpression':
    case 'LogicalExpression':
      return findFirst(getArms(node, state), shapeOf);
    case 'AssignmentExpression':
      return shapeOf(node.right);
    case 'SequenceExpression':
      return shapeOf(node.expressions.at(-1)!);
    case 'SpreadElement':
      return shapeOf(node.argument);
    case 'ObjectExpression':
      return collect(node.properties.map((property) => objectEntry(property, shapeOf)));
    case 'ArrayExpression': {
      // [...list, other]
      const spread = node.elements.map((element) => (element?.type === 'SpreadElement' ? shapeOf(element.argument) : undefined)).find((shape) => shape?.kind === 'list');
      if (spread) return spread;
      return collect(node.elements.map((element, index) => (element ? ([String(index), shapeOf(element)] as const) : undefined)));
    }
    case 'TemplateLiteral':
      return getTextShape(node.expressions, shapeOf, kind);
    case 'BinaryExpression':
      return node.operator === '+' ? getTextShape([node.left, node.right], shapeOf, kind) : undefined;
    default:
      return undefined;
  }
}

function findFirst(nodes: readonly Node[], shapeOf: (node: Node) => Shape | undefined): Shape | undefined {
  for (const node of nodes) {
    const shape = shapeOf(node);
    if (shape) return shape;
  }
  return undefined;
}

/** The resource where it is named by the very text that created it. */
function findByText(node: Node, state: State, file: SourceFile): Shape | undefined {
  if (node.type !== 'BinaryExpression' && node.type !== 'TemplateLiteral' && node.type !== 'CallExpression' && node.type !== 'MemberExpression') return undefined;
  for (const [variable, shape] of state.holders) if (isTextVariable(variable) && variable.name === file.getText(node)) return shape;
  return undefined;
}

function hasTextVariable(state: State): boolean {
  for (const variable of state.holders.keys()) if (isTextVariable(variable)) return true;
  return false;
}

/** A stand-in for a text that names a resource; it is declared nowhere. */
export function createTextVariable(text: string, root: Node): Variable {
  const scope = { type: 'text', block: root, upper: null, childScopes: [], variables: [], set: new Map(), references: [], through: [] };
  return { name: text, scope: { ...scope, variableScope: scope as never }, defs: [], identifiers: [], references: [] };
}

export function isTextVariable(variable: Variable): boolean {
  return variable.scope.type === 'text';
}

function getTextShape(parts: readonly Node[], shapeOf: (node: Node) => Shape | undefined, kind: ResourceKind): Shape | undefined {
  if (kind.textPart === undefined || !parts.some((part) => shapeOf(part))) return undefined;
  return partNamed(kind.textPart, Boolean(kind.parts?.[kind.textPart]?.isView));
}

function objectEntry(property: TSESTree.ObjectLiteralElement, shapeOf: (node: Node) => Shape | undefined): readonly [string, Shape | undefined] | undefined {
  // A spread resource or container may bring anything along.
  if (property.type === 'SpreadElement') return ['...', shapeOf(property.argument)];
  return [getPropertyName(property) ?? '[computed]', shapeOf(property.value)];
}

function collect(entries: readonly (readonly [string, Shape | undefined] | undefined)[]): Shape | undefined {
  const found = entries.flatMap((entry) => (entry?.[1] ? [[entry[0], entry[1]] as const] : []));
  return found.length > 0 ? containerOf(new Map(found)) : undefined;
}

/** The shape of `object.name`. */
export function getMemberShape(object: Shape, name: string | undefined, kind: ResourceKind): Shape | undefined {
  if (object.kind === 'list') return getElementShape(object, name);
  if (name === undefined) return object.kind === 'container' ? object : undefined;
  if (object.kind === 'promise') return undefined;
  if (object.kind === 'container') return object.entries.get(name) ?? object.entries.get('...');
  const part = getMembers(object, kind).properties?.[name];
  if (part === 'resource') return RESOURCE;
  return part === undefined ? undefined : partNamed(part, Boolean(kind.parts?.[part]?.isView));
}

/** The shape of `list[0]`, which may well be the one. */
function getElementShape({ of }: Shape & { kind: 'list' }, name: string | undefined): Shape | undefined {
  if (name === 'length') return LENGTH_PART;
  return name === undefined || /^\d+$/.test(name) ? of : undefined;
}

/** What is declared of the members of a resource or part. */
export function getMembers(shape: Shape, kind: ResourceKind): MemberTable {
  if (shape.kind === 'resource') return kind;
  return (shape.kind === 'part' && kind.parts?.[shape.name]) || {};
}

export function findPart(shape: Shape, kind: ResourceKind): Part | undefined {
  if (shape === ERROR_PART) return { isView: true, isNullable: false, releasedWhen: 'truthy' };
  return shape.kind === 'part' ? kind.parts?.[shape.name] : undefined;
}

/** A shape that still keeps the resource when it goes elsewhere. */
export function getHoldingShape(expression: Node, state: State, kind: ResourceKind, file: SourceFile): Shape | undefined {
  const shape = getShape(expression, state, kind, file);
  return shape && isHolding(shape) ? shape : undefined;
}

/** The functions that an expression's value is or has inside: literals, names of local functions, entries of literals. */
export function findFunctionsIn(expression: Node, file: SourceFile, depth = 0): FunctionNode[] {
  const node = skipWrappers(expression);
  if (depth > 4) return [];
  const inside = (inner: Node | null | undefined) => (inner ? findFunctionsIn(inner, file, depth + 1) : []);
  if (isFunction(node)) return [node];
  switch (node.type) {
    case 'Identifier': {
      const local = findLocalFunction(node, file);
      return local ? [local] : [];
    }
    case 'ObjectExpression':
      return node.properties.flatMap((property) => inside(property.type === 'Property' ? property.value : property.argument));
    case 'ArrayExpression':
      return node.elements.flatMap(inside);
    case 'ConditionalExpression':
      return [...inside(node.consequent), ...inside(node.alternate)];
    case 'LogicalExpression':
      return [...inside(node.left), ...inside(node.right)];
    case 'AwaitExpression':
      return inside(node.argument);
    case 'CallExpression':
      // f.bind(…), debounce(f), useCallback(f): the result still calls it.
      return [
        ...(node.callee.type === 'MemberExpression' ? inside(node.callee.object) : []),
        ...node.arguments.flatMap(inside),
      ];
    case 'NewExpression':
      return node.arguments.flatMap(inside);
    case 'SpreadElement':
      return inside(node.argument);
    default:
      return [];
  }
}

/** The function that an identifier names: a declaration, or a variable that is given a function once. */
export function findLocalFunction(identifier: Node, file: SourceFile): FunctionNode | undefined {
  const variable = file.getVariable(identifier);
  if (!variable) return undefined;
  const [definition, ...others] = variable.defs;
  if (definition?.type === 'FunctionName' && others.length === 0 && isFunction(definition.node)) {
    const isReassigned = variable.references.some((reference) => reference.isWrite());
    return isReassigned || !definition.node.body ? undefined : definition.node;
  }
  const value = file.getOnlyValue(variable);
  if (!value) return undefined;
  const inner = skipWrappers(value);
  if (isFunction(inner)) return inner;
  // useCallback(() => …), pLimit-like wrappers are left alone: they may call it at another time or never.
  return undefined;
}
