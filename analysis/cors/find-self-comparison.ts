import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type Node, getCalleeName, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { findListOf } from './possible-values.js';
import { getRequestOrigins } from './request-origin.js';
import { CORS_NAME, toShadowedVariable, type Pair } from './shadowed-pair.js';
import type { ShadowedVariable } from './shadowed-variable.js';

/** origins.some((origin) => origin === origin), origins.some((origin) => origins.includes(origin)) */
export function findSelfComparison(file: SourceFile, pair: Pair): ShadowedVariable | undefined {
  const { inner, outer } = pair;
  if (!CORS_NAME.test(inner.name)) return undefined;
  for (const { identifier } of inner.references) {
    const comparison = findComparison(identifier);
    if (comparison && comparison.some((side) => side !== identifier && isSame(file, side, inner)) && comparison.every((side) => isSame(file, side, inner))) {
      const node = getComparisonNode(identifier);
      return toShadowedVariable(file, pair, 'selfCompared', { comparison: file.getText(node) }, node);
    }
    // for (const origin in list) if (list[origin] === origin)
    if (comparison?.some((side) => side === identifier) && comparison.some((side) => isEntryAt(file, side, inner))) {
      return toShadowedVariable(file, pair, 'selfCompared', { comparison: file.getText(getComparisonNode(identifier)) }, getComparisonNode(identifier));
    }
  }
  const list = findListOf(file, inner) ?? findListOfInit(inner);
  const listVariable = list && skipWrappers(list).type === 'Identifier' ? file.getVariable(skipWrappers(list)) : undefined;
  if (!listVariable || getRequestOrigins(file).getPartOfVariable(outer) !== 'origin') return undefined;
  for (const { identifier } of inner.references) {
    const { parent } = outermostWrapper(identifier);
    if (parent?.type !== 'CallExpression' || parent.callee.type !== 'MemberExpression' || !/^(?:includes|indexOf|has)$/.test(getCalleeName(parent.callee) ?? '')) continue;
    const owner = skipWrappers(parent.callee.object);
    if (owner.type === 'Identifier' && file.getVariable(owner) === listVariable) return toShadowedVariable(file, pair, 'listedEntry', { comparison: file.getText(parent) }, parent);
  }
  return undefined;
}

function isEntryAt(file: SourceFile, side: Node, index: Variable): boolean {
  const node = skipWrappers(side);
  return node.type === 'MemberExpression' && node.computed && isSame(file, node.property, index);
}

/** const origin = list[0] */
function findListOfInit({ defs: [definition] }: Variable): Node | undefined {
  const init = definition?.node.type === 'VariableDeclarator' && definition.node.id === definition.name ? definition.node.init : undefined;
  const value = init && skipWrappers(init);
  return value?.type === 'MemberExpression' && value.computed ? value.object : undefined;
}

/** The operands of the comparison that an identifier is in: of `a === b`, `a.startsWith(b)`. */
function findComparison(identifier: Node): Node[] | undefined {
  const node = getComparisonNode(identifier);
  if (node.type === 'BinaryExpression') return /^[=!]==?$/.test(node.operator) ? [node.left, node.right] : undefined;
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression' || node.arguments.length === 0) return undefined;
  return /^(?:startsWith|endsWith|includes|localeCompare|indexOf)$/.test(getCalleeName(node.callee) ?? '') ? [node.callee.object, node.arguments[0]!] : undefined;
}

function getComparisonNode(identifier: Node): Node {
  let node = outermostWrapper(identifier);
  for (;;) {
    const { parent } = node;
    // origin.toLowerCase() === origin
    const isUnchanged = parent?.type === 'MemberExpression' && parent.object === node && /^(?:toLowerCase|trim|toString)$/.test(getCalleeName(parent) ?? '') && parent.parent.type === 'CallExpression';
    if (isUnchanged) node = outermostWrapper(parent.parent);
    else if (parent?.type === 'MemberExpression' && parent.object === node && parent.parent.type === 'CallExpression' && parent.parent.callee === parent) return parent.parent;
    else return parent ?? node;
  }
}

function isSame(file: SourceFile, side: Node, variable: Variable): boolean {
  const node = skipWrappers(side);
  if (node.type === 'Identifier') return file.getVariable(node) === variable;
  return node.type === 'CallExpression' && node.callee.type === 'MemberExpression' && /^(?:toLowerCase|trim|toString)$/.test(getCalleeName(node.callee) ?? '') && isSame(file, node.callee.object, variable);
}
