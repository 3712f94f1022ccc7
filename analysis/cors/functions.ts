import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, type TSESTree, findEnclosingClass, getPropertyName, isFunction, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';

/** Where a function of the file is called, and whether others can call it too. */
export interface FunctionUses {
  readonly calls: readonly TSESTree.CallExpression[];
  /** Exported, passed on, or a method that other files may call. */
  readonly escapes: boolean;
}

const usesOfFiles = new WeakMap<SourceFile, Map<FunctionNode, FunctionUses>>();

/** The calls of a function that the file shows, by its own name, `this.name()` or `object.name()`. */
export function getFunctionUses(file: SourceFile, fn: FunctionNode): FunctionUses {
  let known = usesOfFiles.get(file);
  if (!known) usesOfFiles.set(file, (known = new Map<FunctionNode, FunctionUses>()));
  let uses = known.get(fn);
  if (!uses) {
    known.set(fn, { calls: [], escapes: true });
    uses = findUses(file, fn);
    known.set(fn, uses);
  }
  return uses;
}

function findUses(file: SourceFile, fn: FunctionNode): FunctionUses {
  const variable = findFunctionVariable(file, fn);
  if (variable) return getVariableUses(variable);
  const { parent } = outermostWrapper(fn);
  const isMember = parent?.type === 'MethodDefinition' || parent?.type === 'PropertyDefinition';
  if (isMember) return { calls: findMethodCalls(file, parent), escapes: true };
  if (parent?.type === 'Property' && parent.parent.type === 'ObjectExpression') return { calls: findPropertyCalls(file, parent), escapes: true };
  // (() => …)()
  if (parent?.type === 'CallExpression' && skipWrappers(parent.callee) === fn) return { calls: [parent], escapes: false };
  return { calls: [], escapes: true };
}

/** The variable that holds a function and nothing else: its declaration's, or that of `const f = …`. */
export function findFunctionVariable(file: SourceFile, fn: FunctionNode): Variable | undefined {
  if (fn.type === 'FunctionDeclaration') return fn.id ? file.getVariable(fn.id) : undefined;
  const { parent } = outermostWrapper(fn);
  if (parent?.type !== 'VariableDeclarator' || parent.id.type !== 'Identifier') return undefined;
  return file.getVariable(parent.id);
}

/** What a function is called, for the reader: its own name, or that of the variable or property that holds it. */
export function getFunctionName(fn: FunctionNode): string | undefined {
  if (fn.id) return fn.id.name;
  const { parent } = outermostWrapper(fn);
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return parent.id.name;
  if (parent?.type === 'Property' || parent?.type === 'MethodDefinition' || parent?.type === 'PropertyDefinition') return getPropertyName(parent);
  if (parent?.type === 'AssignmentExpression') {
    const left = skipWrappers(parent.left);
    return left.type === 'Identifier' ? left.name : left.type === 'MemberExpression' ? getPropertyName(left) : undefined;
  }
  return undefined;
}

/** The function of the file that an expression is or names. */
export function findFunction(file: SourceFile, expression: Node): FunctionNode | undefined {
  const node = skipWrappers(expression);
  if (isFunction(node)) return node;
  if (node.type === 'Identifier') {
    const variable = file.getVariable(node);
    const [definition, ...others] = variable?.defs ?? [];
    if (!variable || !definition || others.length > 0) return undefined;
    if (definition.type === 'FunctionName' && isFunction(definition.node)) return definition.node;
    const value = file.getOnlyValue(variable);
    return value && isFunction(skipWrappers(value)) ? (skipWrappers(value) as FunctionNode) : undefined;
  }
  if (node.type !== 'MemberExpression') return undefined;
  const name = getPropertyName(node);
  const object = skipWrappers(node.object);
  if (object.type === 'ThisExpression') {
    const member = findEnclosingClass(node)?.body.body.find(
      (candidate) => (candidate.type === 'MethodDefinition' || candidate.type === 'PropertyDefinition') && getPropertyName(candidate) === name,
    );
    const value = member && 'value' in member ? member.value : undefined;
    return value && isFunction(value) ? value : undefined;
  }
  if (object.type !== 'Identifier') return undefined;
  const holder = file.getVariable(object);
  const literal = holder && file.getOnlyValue(holder);
  if (literal?.type !== 'ObjectExpression') return undefined;
  const property = literal.properties.find((candidate) => candidate.type === 'Property' && getPropertyName(candidate) === name);
  return property?.type === 'Property' && isFunction(property.value) ? property.value : undefined;
}

/** What a function gives back: the arguments of its `return`s, or the body of a short arrow function. */
export function getReturnedValues(file: SourceFile, fn: FunctionNode): readonly Node[] {
  if (fn.body.type !== 'BlockStatement') return [fn.body];
  const values: Node[] = [];
  walk(
    fn.body,
    (node) => {
      if (isFunction(node)) return false;
      if (node.type === 'ReturnStatement' && node.argument) values.push(node.argument);
      return true;
    },
    file.visitorKeys,
  );
  return values;
}

function getVariableUses(variable: Variable): FunctionUses {
  const calls: TSESTree.CallExpression[] = [];
  let escapes = isExported(variable);
  for (const reference of variable.references) {
    if (!reference.isRead()) continue;
    const { parent } = outermostWrapper(reference.identifier);
    if (parent?.type === 'CallExpression' && skipWrappers(parent.callee) === reference.identifier) calls.push(parent);
    else escapes = true;
  }
  return { calls, escapes };
}

/** Whether `export` stands before the declaration of a variable, or names it. */
export function isExported(variable: Variable): boolean {
  return (
    variable.references.some(({ identifier }) => identifier.parent?.type === 'ExportSpecifier' || identifier.parent?.type === 'ExportDefaultDeclaration') ||
    variable.defs.some(({ node }) => {
      const declaration = node.type === 'VariableDeclarator' ? node.parent : node;
      return declaration.parent?.type === 'ExportNamedDeclaration' || declaration.parent?.type === 'ExportDefaultDeclaration';
    })
  );
}

function findMethodCalls(file: SourceFile, member: TSESTree.MethodDefinition | TSESTree.PropertyDefinition): TSESTree.CallExpression[] {
  const name = getPropertyName(member);
  return name === undefined ? [] : findMemberCalls(file, member.parent, name, (object) => object.type === 'ThisExpression');
}

function findPropertyCalls(file: SourceFile, property: TSESTree.Property): TSESTree.CallExpression[] {
  const name = getPropertyName(property);
  const { parent } = outermostWrapper(property.parent);
  const holder = parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier' ? file.getVariable(parent.id) : undefined;
  if (name === undefined || !holder) return [];
  return findMemberCalls(file, file.ast, name, (object) => object.type === 'Identifier' && file.getVariable(object) === holder);
}

function findMemberCalls(file: SourceFile, root: Node, name: string, isOwner: (object: Node) => boolean): TSESTree.CallExpression[] {
  const calls: TSESTree.CallExpression[] = [];
  walk(
    root,
    (node) => {
      if (node.type !== 'CallExpression') return;
      const callee = skipWrappers(node.callee);
      if (callee.type === 'MemberExpression' && getPropertyName(callee) === name && isOwner(skipWrappers(callee.object))) calls.push(node);
    },
    file.visitorKeys,
  );
  return calls;
}
