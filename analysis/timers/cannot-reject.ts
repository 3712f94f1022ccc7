import { findFunction, someBelow } from '../abort/functions.js';
import type { SourceFile } from '../source-file.js';
import { type Node, getPropertyName, isFunction, isNullish, skipWrappers } from '../syntax/node.js';
import { findExecutor, getSettleSites } from './promise-executor.js';

const SLEEP_NAME = /^(?:sleep|delay|wait|pause|tick|nextTick)(?:For|Ms|Seconds|Millis)?$/i;

/** Whether waiting for a promise is known not to throw: a sleep, `allSettled`, a chain that ends in `catch(…)`. */
export function cannotReject(file: SourceFile, awaited: Node, depth = 0): boolean {
  if (depth > 8) return false;
  const node = skipWrappers(awaited);
  switch (node.type) {
    case 'Literal':
      return true;
    case 'NewExpression': {
      // Nothing in the executor calls `reject`.
      const executor = findExecutor(file, node);
      return executor !== undefined && getSettleSites(file, executor).every((site) => site.how === 'resolve');
    }
    case 'ConditionalExpression':
      return cannotReject(file, node.consequent, depth + 1) && cannotReject(file, node.alternate, depth + 1);
    case 'Identifier': {
      const variable = file.getVariable(node);
      const value = variable && file.getOnlyValue(variable);
      return value !== undefined && skipWrappers(value).type !== 'Identifier' && cannotReject(file, value, depth + 1);
    }
    case 'MemberExpression': {
      // scope.drained ??= new Promise((resolve) => …)
      const values = getAssigned(file, getPropertyName(node));
      return values.length > 0 && values.every((value) => isNullish(value) || cannotReject(file, value, depth + 1));
    }
    case 'CallExpression': {
      const callee = skipWrappers(node.callee);
      const origin = file.getOrigin(callee);
      if (origin === 'global:Promise.allSettled') return true;
      if (origin === 'global:Promise.race' || origin === 'global:Promise.all') {
        const [list] = node.arguments;
        return list !== undefined && cannotAnyReject(file, list, depth + 1);
      }
      if (origin === 'timers:promises.setTimeout' || origin === 'timers:promises.setImmediate') return node.arguments.length < 3;
      const made = findReturned(file, callee);
      if (made) return cannotReject(file, made, depth + 1);
      if (callee.type === 'Identifier') return SLEEP_NAME.test(callee.name) && node.arguments.length <= 1;
      const method = callee.type === 'MemberExpression' ? getPropertyName(callee) : undefined;
      if (callee.type !== 'MemberExpression' || method === undefined) return false;
      if (method === 'catch') return swallows(file, node.arguments[0]);
      if (method === 'finally') return cannotReject(file, callee.object, depth + 1);
      if (method === 'then') return swallows(file, node.arguments[0]) && (cannotReject(file, callee.object, depth + 1) || swallows(file, node.arguments[1]));
      return SLEEP_NAME.test(method) && node.arguments.length <= 1;
    }
    default:
      return false;
  }
}

/** What the file gives properties of a name, whichever object they are of. */
function getAssigned(file: SourceFile, name: string | undefined): Node[] {
  if (name === undefined) return [];
  return file.getNodes('AssignmentExpression', 'Property', 'PropertyDefinition').flatMap((node): Node[] => {
    if (node.type === 'AssignmentExpression') return node.left.type === 'MemberExpression' && getPropertyName(node.left) === name ? [node.right] : [];
    return node.parent.type !== 'ObjectPattern' && node.value && getPropertyName(node) === name ? [node.value] : [];
  });
}

/** [a, b], tasks.map((task) => task().catch(ignore)): a list of promises of which none rejects. */
function cannotAnyReject(file: SourceFile, expression: Node, depth: number): boolean {
  const list = skipWrappers(expression);
  if (list.type === 'ArrayExpression') return list.elements.every((element) => element !== null && cannotReject(file, element, depth));
  const callee = list.type === 'CallExpression' ? skipWrappers(list.callee) : undefined;
  if (list.type !== 'CallExpression' || callee?.type !== 'MemberExpression' || getPropertyName(callee) !== 'map') return false;
  const [each] = list.arguments;
  const made = each && findReturned(file, each);
  return made !== undefined && cannotReject(file, made, depth);
}

/** What a function of the file returns, where that is all it does: `const exited = (child) => new Promise(…)`. */
function findReturned(file: SourceFile, callee: Node): Node | undefined {
  const owner = findFunction(file, callee);
  if (!owner || owner.generator || owner.async) return undefined;
  if (owner.body.type !== 'BlockStatement') return owner.body;
  const [only, ...others] = owner.body.body;
  return others.length === 0 && only?.type === 'ReturnStatement' ? (only.argument ?? undefined) : undefined;
}

/** catch(() => …) that does not throw again; catch(noop) is taken as meant to swallow. */
function swallows(file: SourceFile, handler: Node | undefined): boolean {
  if (!handler) return false;
  const node = skipWrappers(handler);
  return !isFunction(node) || !someBelow(node.body, (inner) => inner.type === 'ThrowStatement', file);
}
