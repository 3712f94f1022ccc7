import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, getPropertyName, isFunction, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { isDeclaredIn } from './place.js';
import { getFunctionName } from './serialised.js';

/** Methods that call their callback for every item without waiting for the one before. */
const FANS_OUT = new Set(['map', 'forEach', 'flatMap', 'filter', 'some', 'every']);
const FAN_OUT_FUNCTIONS = /^(?:pMap|mapLimit|mapConcurrent|eachLimit|forEachLimit|parallel|parallelLimit|pEach|asyncMap)$/;
/** Functions that keep a callback and call it whenever something happens. */
const LISTENS = new Set(['on', 'addListener', 'addEventListener', 'prependListener', 'subscribe', 'setInterval', 'watch', 'createServer', 'watchFile', 'onDidChange', 'action', 'handle', 'registerCommand']);

/**
 * Whether calls of `fn` that share one `variable` of an outer function can overlap, as far as the text shows: some function
 * between the two is handed out, listens to events, or is called for all items at once.
 */
export function canShare(fn: FunctionNode, variable: Variable, file: SourceFile): boolean {
  for (let inner: Node | undefined = fn; inner; inner = inner.parent) {
    if (!isFunction(inner)) continue;
    if (isDeclaredIn(variable, inner)) return false;
    if (isCalledAtWill(inner, file)) return true;
  }
  return false;
}

function isCalledAtWill(fn: FunctionNode, file: SourceFile): boolean {
  const name = getFunctionName(fn);
  if (!name) return isHandedOut(fn);
  const uses = (file.getVariable(name)?.references ?? []).filter((reference) => !reference.init);
  return uses.some(({ identifier }) => isHandedOut(identifier));
}

/** Whether a function value goes where it can be called again before it has ended. */
function isHandedOut(value: Node): boolean {
  const outer = outermostWrapper(value);
  const parent = outer.parent;
  switch (parent?.type) {
    case 'ReturnStatement':
    case 'ArrowFunctionExpression':
    case 'ExportDefaultDeclaration':
      return true;
    case 'Property':
      return isObjectHandedOut(parent.parent);
    case 'AssignmentExpression':
      return parent.right === outer && skipWrappers(parent.left).type === 'MemberExpression';
    case 'CallExpression': {
      if (parent.callee === outer) return false;
      const callee = skipWrappers(parent.callee);
      if (callee.type === 'Identifier') return LISTENS.has(callee.name) || FAN_OUT_FUNCTIONS.test(callee.name);
      if (callee.type !== 'MemberExpression') return false;
      const method = getPropertyName(callee) ?? '';
      return LISTENS.has(method) || (FANS_OUT.has(method) && parent.arguments[0] === outer);
    }
    default:
      return false;
  }
}

/** return { get, close } */
function isObjectHandedOut(object: Node): boolean {
  const outer = outermostWrapper(object);
  const type = outer.parent?.type;
  return type === 'ReturnStatement' || type === 'ArrowFunctionExpression' || type === 'VariableDeclarator' || (type === 'Property' && isObjectHandedOut(outer.parent!.parent)) || type === 'AssignmentExpression';
}
