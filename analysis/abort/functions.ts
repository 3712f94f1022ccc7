import { findMember, findMethod } from '../ownership/classes.js';
import { findLocalFunction } from '../ownership/values.js';
import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, type TSESTree, getPropertyName, isFunction, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';

/** The function that an expression is or names: inline, declared in the file, `this.name` of the class, `f.bind(…)`. */
export function findFunction(file: SourceFile, expression: Node): FunctionNode | undefined {
  const node = skipWrappers(expression);
  if (isFunction(node)) return node;
  if (node.type === 'Identifier') return findLocalFunction(node, file);
  if (node.type === 'MemberExpression') return findMethod(node) ?? findStaticMethod(file, node);
  if (node.type !== 'CallExpression') return undefined;
  const callee = skipWrappers(node.callee);
  return callee.type === 'MemberExpression' && getPropertyName(callee) === 'bind' ? findFunction(file, callee.object) : undefined;
}

/** Http.get of `class Http { static get() … }` */
function findStaticMethod(file: SourceFile, member: TSESTree.MemberExpression): FunctionNode | undefined {
  const name = getPropertyName(member);
  const object = skipWrappers(member.object);
  if (name === undefined || object.type !== 'Identifier' || !/^[A-Z]/.test(object.name)) return undefined;
  const [definition, ...others] = file.getVariable(object)?.defs ?? [];
  return others.length === 0 && definition?.node.type === 'ClassDeclaration' ? findMember(definition.node, name, true) : undefined;
}

const ITERATORS = new Set(['map', 'forEach', 'filter', 'reduce', 'reduceRight', 'some', 'every', 'find', 'findIndex', 'flatMap', 'sort', 'then', 'catch', 'finally']);

/**
 * Whether a nested function runs while the function around it does, or before what that one returns settles: called on the
 * spot, an array callback, a link of a promise chain, an executor.
 */
export function runsInPlace(file: SourceFile, nested: FunctionNode): boolean {
  let value: Node = nested;
  while (value.parent && skipWrappers(value.parent) === nested) value = value.parent;
  const { parent } = value;
  if (!parent) return false;
  if (parent.type === 'NewExpression') return parent.arguments[0] === value && file.getOrigin(parent.callee) === 'global:Promise';
  if (parent.type !== 'CallExpression') return false;
  if (parent.callee === value) return true;
  const callee = skipWrappers(parent.callee);
  if (callee.type !== 'MemberExpression') {
    const origin = file.getOrigin(callee);
    return origin === 'global:Array.from' || origin === 'global:Promise.try';
  }
  const name = getPropertyName(callee);
  if (name !== undefined && ITERATORS.has(name)) return true;
  return name === 'from' && file.getOrigin(callee) === 'global:Array.from';
}

/** Whether anything below `root`, nested functions included, satisfies `predicate`. */
export function someBelow(root: Node, predicate: (node: Node) => boolean, file: SourceFile): boolean {
  let found = false;
  walk(
    root,
    (node) => {
      if (found) return false;
      if (predicate(node)) found = true;
      return !found;
    },
    file.visitorKeys,
  );
  return found;
}

/** The calls and `new`s in a function itself; nested functions that `enter` accepts are looked into as well. */
export function collectBelow(root: Node, file: SourceFile, visit: (node: Node) => void, enter: (nested: FunctionNode) => boolean = () => false): void {
  walk(
    root,
    (node) => {
      if (node !== root && isFunction(node) && !enter(node)) return false;
      visit(node);
      return true;
    },
    file.visitorKeys,
  );
}
