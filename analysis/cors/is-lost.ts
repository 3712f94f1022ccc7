import type { Reference, Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type Node, getCalleeName, isFunction, isWithin, outermostWrapper } from '../syntax/node.js';
import { contains } from './reflections.js';
import { isLog, isLogOrRefusal, isRefusal } from './refusals.js';

/** Something is put in, and nothing but logs and further changes ever reads it. */
export function isLost(file: SourceFile, variable: Variable): boolean {
  if (variable.defs[0]!.type !== 'Variable' && !variable.references.some((reference) => reference.isWrite() && !reference.init)) return false;
  if (!variable.references.some(({ writeExpr }) => writeExpr)) return false;
  return variable.references.every((reference) => !reference.isRead() || isIdleRead(file, reference, variable));
}

function isIdleRead(file: SourceFile, { identifier }: Reference, variable: Variable): boolean {
  const node = outermostWrapper(identifier);
  if (isLogged(node) || isTestOfLog(file, node)) return true;
  const { parent } = node;
  // x = x.trim(): for its own new value
  for (let outer = parent; outer && !isFunction(outer); outer = outer.parent) {
    if (outer.type === 'AssignmentExpression' && outer.parent.type === 'ExpressionStatement' && isWithin(identifier, outer.right)) {
      return variable.references.some((reference) => reference.identifier === outer.left);
    }
  }
  if (parent?.type !== 'MemberExpression' || parent.object !== node) return false;
  // headers['…'] = …, list.push(…)
  if (parent.parent.type === 'AssignmentExpression' && parent.parent.left === parent) return parent.parent.parent.type === 'ExpressionStatement';
  const isFilled = /^(?:push|unshift|add|set|append|delete)$/.test(getCalleeName(parent) ?? '');
  return isFilled && parent.parent.type === 'CallExpression' && parent.parent.callee === parent && parent.parent.parent.type === 'ExpressionStatement';
}

/** if (!allowedOrigin) console.warn('…') */
function isTestOfLog(file: SourceFile, node: Node): boolean {
  let test = node;
  while (test.parent?.type === 'UnaryExpression' || test.parent?.type === 'BinaryExpression' || test.parent?.type === 'LogicalExpression') test = test.parent;
  const statement = test.parent;
  if (statement?.type !== 'IfStatement' || statement.test !== test) return false;
  return isLogOnly(file, statement.consequent) && (!statement.alternate || isLogOnly(file, statement.alternate));
}

function isLogOnly(file: SourceFile, branch: Node): boolean {
  return isLogOrRefusal(file, branch) && !contains(file, branch, (inner) => isRefusal(file, inner));
}

/** console.log(origin) */
export function isLogged(identifier: Node): boolean {
  for (let node = identifier.parent; node; node = node.parent) {
    if (node.type === 'CallExpression') return isLog(node);
    if (!/^(?:TemplateLiteral|BinaryExpression|ObjectExpression|Property|MemberExpression|ChainExpression|TSNonNullExpression|TSAsExpression)$/.test(node.type)) return false;
  }
  return false;
}
