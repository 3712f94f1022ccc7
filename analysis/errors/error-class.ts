import { type ClassNode, type Node, type TSESTree, getPropertyName, isClass, skipWrappers } from '../syntax/node.js';
import type { SourceFile } from '../source-file.js';

/**
 * What is known of the class that an expression makes an error of. *Native*: a global of the language, or a class of the
 * file that leaves construction to one. *Local*: a class of the file with a constructor that can be read. *Named*: only
 * its name says that it is an error.
 */
export type ErrorClass =
  | { readonly kind: 'native'; readonly name: string; readonly base: string }
  | { readonly kind: 'local'; readonly name: string; readonly node: ClassNode; readonly constructor: TSESTree.FunctionExpression }
  | { readonly kind: 'named'; readonly name: string };

/** The errors of ECMAScript and of the web platform: ECMA-262 §20.5, Web IDL §2.8. */
const NATIVE_ERRORS = new Set([
  'Error', 'TypeError', 'RangeError', 'SyntaxError', 'ReferenceError', 'URIError', 'EvalError', 'AggregateError', 'SuppressedError', 'DOMException',
]);

const ERROR_NAME = /^[A-Z]\w*(?:Error|Exception|Err|Failure|Fault)$|^(?:Error|Exception)$/;

export function isErrorName(name: string): boolean {
  return ERROR_NAME.test(name);
}

export function isNativeErrorName(name: string): boolean {
  return NATIVE_ERRORS.has(name);
}

/** The class behind the callee of `new X(…)` or of `Error(…)`; undefined where nothing says that it is an error. */
export function findErrorClass(file: SourceFile, callee: Node): ErrorClass | undefined {
  return findClass(file, skipWrappers(callee), 0);
}

function findClass(file: SourceFile, callee: Node, depth: number): ErrorClass | undefined {
  if (depth > 8) return undefined;
  if (callee.type === 'MemberExpression') {
    const name = getPropertyName(callee);
    const origin = file.getOrigin(callee);
    if (origin?.startsWith('global:') && NATIVE_ERRORS.has(origin.slice('global:'.length))) return { kind: 'native', name: name!, base: name! };
    return name !== undefined && isErrorName(name) ? { kind: 'named', name } : undefined;
  }
  if (callee.type !== 'Identifier') return undefined;
  const { name } = callee;
  if (file.isGlobal(callee)) {
    if (NATIVE_ERRORS.has(name)) return { kind: 'native', name, base: name };
    return isErrorName(name) ? { kind: 'named', name } : undefined;
  }
  const node = findClassOfFile(file, callee);
  if (!node) return isErrorName(name) ? { kind: 'named', name } : undefined;
  if (!node.superClass) return isErrorName(name) ? { kind: 'named', name } : undefined;
  const base = findClass(file, skipWrappers(node.superClass), depth + 1);
  const constructor = findConstructor(node);
  if (constructor) return base || isErrorName(name) ? { kind: 'local', name, node, constructor } : undefined;
  if (!base) return isErrorName(name) ? { kind: 'named', name } : undefined;
  return { ...base, name };
}

export function findClassOfFile(file: SourceFile, identifier: Node): ClassNode | undefined {
  const variable = file.getVariable(identifier);
  const definition = variable?.defs[0];
  if (!variable || !definition || variable.defs.length > 1) return undefined;
  if (definition.type === 'ClassName' && isClass(definition.node)) return definition.node;
  const value = file.getOnlyValue(variable);
  const inner = value && skipWrappers(value);
  return inner && isClass(inner) ? inner : undefined;
}

function findConstructor(node: ClassNode): TSESTree.FunctionExpression | undefined {
  for (const member of node.body.body) {
    // Overload signatures have no body; the implementation follows them.
    if (member.type === 'MethodDefinition' && member.kind === 'constructor' && member.value.type === 'FunctionExpression') return member.value;
  }
  return undefined;
}
