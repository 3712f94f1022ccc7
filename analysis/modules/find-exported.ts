import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, type TSESTree, getPropertyName, isClass, isFunction, skipWrappers } from '../syntax/node.js';
import { findMember } from '../ownership/classes.js';
import type { Module } from './module-provider.js';

/** A function and the file that it stands in. */
export interface FunctionPlace {
  readonly fn: FunctionNode;
  readonly file: SourceFile;
}

/** A value that a file exports: a declaration or an expression. */
interface Value {
  readonly node: Node;
  readonly file: SourceFile;
}

/** Looks a relative specifier up for a file. */
export type FindModule = (specifier: string, file: SourceFile) => Module | undefined;

/** A chain of re-exports longer than this is given up. */
const MAX_HOPS = 6;

/**
 * The function that is at a member path below what a file exports: `['open']` for `export function open`,
 * `['default', 'open']` for a method of an object that is exported by default, `['Pool', 'of']` for a static method,
 * `['Pool', 'prototype', 'run']` for a method. Re-exports and CommonJS exports are followed.
 */
export function findExportedFunction(module: Module, members: readonly string[], find: FindModule): FunctionPlace | undefined {
  return module.file && findInFile(module.file, members, find, 0);
}

function findInFile(file: SourceFile, members: readonly string[], find: FindModule, hops: number): FunctionPlace | undefined {
  if (hops > MAX_HOPS) return undefined;
  const [name = 'default', ...rest] = members;
  const exported = findExport(file, name, find, hops);
  if (exported) return descend(exported, rest, find, hops);
  // import * as x / require: the members of what `module.exports` is.
  const whole = findCommonExport(file);
  return whole && descend(whole, name === 'default' ? rest : members, find, hops);
}

function findExport(file: SourceFile, name: string, find: FindModule, hops: number): Value | undefined {
  for (const statement of file.ast.body) {
    if (statement.type === 'ExportDefaultDeclaration' && name === 'default') return { node: statement.declaration, file };
    if (statement.type === 'ExportNamedDeclaration') {
      const declared = statement.declaration && findDeclared(statement.declaration, name);
      if (declared) return { node: declared, file };
      const specifier = statement.specifiers.find(({ exported }) => getName(exported) === name);
      if (specifier) return statement.source ? follow(file, statement.source.value, getName(specifier.local), find, hops) : { node: specifier.local, file };
    }
    const common = findCommonMember(statement, name);
    if (common) return { node: common, file };
  }
  if (name === 'default') return undefined;
  for (const statement of file.ast.body) {
    if (statement.type !== 'ExportAllDeclaration') continue;
    const source = statement.source.value;
    const found = statement.exported ? undefined : follow(file, source, name, find, hops);
    if (found) return found;
  }
  return undefined;
}

/** `export { name } from './other'` */
function follow(file: SourceFile, specifier: string, name: string, find: FindModule, hops: number): Value | undefined {
  if (hops >= MAX_HOPS) return undefined;
  const module = find(specifier, file);
  // A list of re-exports is not parsed file by file: the name stands in the text of the one that has it, or it is passed on.
  if (!module || (name !== 'default' && !module.text.includes(name) && !/export\s*\*/.test(module.text))) return undefined;
  return module.file && findExport(module.file, name, find, hops + 1);
}

function findDeclared(declaration: Node, name: string): Node | undefined {
  if (declaration.type === 'VariableDeclaration') {
    for (const { id, init } of declaration.declarations) if (id.type === 'Identifier' && id.name === name && declaration.kind === 'const') return init ?? undefined;
    return undefined;
  }
  const isNamed = (isFunction(declaration) || isClass(declaration)) && declaration.id?.name === name;
  return isNamed ? declaration : undefined;
}

/** `exports.name = value`, `module.exports.name = value` */
function findCommonMember(statement: Node, name: string): Node | undefined {
  const assigned = getAssignment(statement);
  if (assigned?.left.type !== 'MemberExpression' || getPropertyName(assigned.left) !== name) return undefined;
  const object = skipWrappers(assigned.left.object);
  return isExports(object) ? assigned.right : undefined;
}

/** `module.exports = value`, `export = value` */
function findCommonExport(file: SourceFile): Value | undefined {
  for (const statement of file.ast.body) {
    if (statement.type === 'TSExportAssignment') return { node: statement.expression, file };
    const assigned = getAssignment(statement);
    if (assigned && isModuleExports(assigned.left)) return { node: assigned.right, file };
  }
  return undefined;
}

function getAssignment(statement: Node): TSESTree.AssignmentExpression | undefined {
  if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'AssignmentExpression') return undefined;
  return statement.expression.operator === '=' ? statement.expression : undefined;
}

function isExports(node: Node): boolean {
  return (node.type === 'Identifier' && node.name === 'exports') || isModuleExports(node);
}

function isModuleExports(node: Node): boolean {
  return node.type === 'MemberExpression' && node.object.type === 'Identifier' && node.object.name === 'module' && getPropertyName(node) === 'exports';
}

function getName(node: TSESTree.Identifier | TSESTree.StringLiteral): string {
  return node.type === 'Identifier' ? node.name : node.value;
}

/** The function at the end of a member path that starts at a value. */
function descend({ node, file }: Value, members: readonly string[], find: FindModule, hops: number): FunctionPlace | undefined {
  const value = skipWrappers(node);
  const [name, ...rest] = members;
  if (isFunction(value)) return members.length === 0 && value.body ? { fn: value, file } : undefined;
  if (isClass(value)) {
    const method = name === 'prototype' ? rest[0] : name;
    const fn = method !== undefined && members.length === (name === 'prototype' ? 2 : 1) ? findMember(value, method, name !== 'prototype') : undefined;
    return fn && { fn, file };
  }
  switch (value.type) {
    case 'ObjectExpression': {
      const entry = value.properties.find((property) => property.type === 'Property' && getPropertyName(property) === name);
      return entry?.type === 'Property' ? descend({ node: entry.value, file }, rest, find, hops) : undefined;
    }
    case 'NewExpression':
      return descend({ node: value.callee, file }, ['prototype', ...members], find, hops);
    case 'Identifier': {
      const variable = file.getVariable(value);
      const [definition, ...others] = variable?.defs ?? [];
      if (!variable || !definition || others.length > 0 || hops > MAX_HOPS) return undefined;
      const isReassigned = variable.references.some((reference) => reference.isWrite() && !reference.init);
      if (isReassigned) return undefined;
      if (definition.type === 'ImportBinding') return followImport(value, members, file, find, hops);
      if (definition.type === 'FunctionName' || definition.type === 'ClassName') return descend({ node: definition.node, file }, members, find, hops + 1);
      const only = file.getOnlyValue(variable);
      return only && descend({ node: only, file }, members, find, hops + 1);
    }
    default:
      return undefined;
  }
}

function followImport(identifier: Node, members: readonly string[], file: SourceFile, find: FindModule, hops: number): FunctionPlace | undefined {
  const imported = file.getImport(identifier);
  const module = imported && find(imported.specifier, file);
  return module?.file && findInFile(module.file, [...imported!.members, ...members], find, hops + 1);
}
