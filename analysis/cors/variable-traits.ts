import type { Variable } from '../scopes/scope.js';
import { type Node, findEnclosingFunction, getCalleeName, getPropertyName, isFunction, isWithin, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { isLog } from './refusals.js';

/** Whether a variable gets no value but its first. */
export function isOnlyInitialised(variable: Variable): boolean {
  return variable.references.every((reference) => !reference.isWrite() || reference.init);
}

const ASKING = /^(?:includes|indexOf|lastIndexOf|has|some|every|find|findIndex|filter|map|flatMap|forEach|get|join|length|size|test|keys|values|entries|toString|trim|split|startsWith|endsWith|match|toLowerCase)$/;

/** Whether something may be put into the list or object of a variable: all but plain questions and comparisons. */
export function isMutated(variable: Variable): boolean {
  return variable.references.some((reference) => {
    if (!reference.isRead()) return false;
    const node = outermostWrapper(reference.identifier);
    const { parent } = node;
    switch (parent?.type) {
      case 'MemberExpression':
        if (parent.object !== node || ASKING.test(getCalleeName(parent) ?? '')) return false;
        return !(parent.computed && parent.parent.type !== 'AssignmentExpression');
      case 'CallExpression':
        return parent.callee !== node && !isLog(parent) && !/^(?:setHeader|header|set|append|includes|indexOf|has|cors|Boolean|String|resolveCorsOrigin)$/.test(getCalleeName(parent.callee) ?? '');
      case 'IfStatement':
      case 'ConditionalExpression':
      case 'LogicalExpression':
      case 'UnaryExpression':
      case 'BinaryExpression':
      case 'TemplateLiteral':
      case 'ForOfStatement':
      case 'ForInStatement':
      case 'SwitchStatement':
        return false;
      case 'Property':
        // { origin: allowedOrigins }, { 'Access-Control-Allow-Origin': allowedOrigin }
        return !/origin/i.test(getPropertyName(parent) ?? '');
      default:
        return true;
    }
  });
}

/** Whether the outer variable has something to hide: a value that is not empty. */
export function isConfigured(variable: Variable): boolean {
  const [definition] = variable.defs;
  if (definition?.type === 'ImportBinding' || definition?.type === 'Parameter') return true;
  return variable.references.some(({ writeExpr }) => writeExpr && !isEmpty(writeExpr));
}

export function isEmpty(value: Node): boolean {
  const node = skipWrappers(value);
  switch (node.type) {
    case 'ArrayExpression':
      return node.elements.length === 0;
    case 'ObjectExpression':
      return node.properties.length === 0;
    case 'NewExpression':
      return /^(?:Set|Map|Headers|Array)$/.test(getCalleeName(node.callee) ?? '') && node.arguments.length === 0;
    case 'Literal':
      return !node.value && !('regex' in node);
    case 'Identifier':
      return node.name === 'undefined';
    case 'TemplateLiteral':
      return node.expressions.length === 0 && node.quasis[0]!.value.raw === '';
    default:
      return false;
  }
}

/** The default value of a parameter, or of a name in its pattern. */
export function getDefault(variable: Variable): Node | undefined {
  const name = variable.defs[0]!.name;
  return variable.defs[0]!.type === 'Parameter' && name.parent?.type === 'AssignmentPattern' && name.parent.left === name ? name.parent.right : undefined;
}

export function isConst(variable: Variable): boolean {
  const [definition] = variable.defs;
  return definition?.type === 'Variable' && definition.parent?.type === 'VariableDeclaration' && definition.parent.kind === 'const';
}

export function isAssignable(variable: Variable): boolean {
  return variable.defs[0]?.type === 'Variable' && !isConst(variable);
}

export function isForHead(variable: Variable): boolean {
  const declaration = variable.defs[0]!.node.type === 'VariableDeclarator' ? variable.defs[0]!.node.parent : undefined;
  return declaration?.parent?.type === 'ForOfStatement' || declaration?.parent?.type === 'ForInStatement' || declaration?.parent?.type === 'ForStatement';
}

export function isReturned(variable: Variable): boolean {
  return variable.references.some(({ identifier }) => outermostWrapper(identifier).parent?.type === 'ReturnStatement');
}

export function isInLoop(a: Node, b: Node): boolean {
  for (let outer = a.parent; outer && !isFunction(outer); outer = outer.parent) {
    if (/^(?:For\w*|While|DoWhile)Statement$/.test(outer.type) && isWithin(b, outer)) return true;
  }
  return false;
}

export function getFunctionAt(node: Node): Node | undefined {
  return findEnclosingFunction(node) ?? getRoot(node);
}

function getRoot(node: Node): Node {
  let root = node;
  while (root.parent) root = root.parent;
  return root;
}

export function isPlainValue(identifier: Node): boolean {
  const node = outermostWrapper(identifier);
  const { parent } = node;
  if (parent?.type === 'CallExpression') return skipWrappers(parent.callee) !== skipWrappers(node);
  return parent?.type !== 'MemberExpression' || parent.object !== node;
}
