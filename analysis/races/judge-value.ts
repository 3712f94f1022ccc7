import { type Node, type TSESTree, skipWrappers } from '../syntax/node.js';
import { isEmptyValue } from './accesses.js';
import type { FunctionFacts } from './function-facts.js';
import { type Repeat, judgeMaking } from './judge-repeat.js';
import { isDeclaredIn } from './place.js';
import { getNames, getWords } from './words.js';

/** What working out a value twice comes to; *shared* where both calls get the very same. */
export function judgeValue(value: Node | undefined, facts: FunctionFacts, depth = 0, isAwaited = false): Repeat | 'shared' {
  if (!value || depth > 4) return 'unknown';
  const { file } = facts;
  const node = skipWrappers(value);
  const inner = (next: Node) => judgeValue(next, facts, depth + 1, isAwaited);
  switch (node.type) {
    case 'AwaitExpression': {
      const promise = skipWrappers(node.argument);
      // this.client = await this.connecting: everybody gets the same
      if (promise.type === 'MemberExpression' || (promise.type === 'Identifier' && isShared(promise, facts))) return 'shared';
      return judgeValue(promise, facts, depth + 1, true);
    }
    case 'NewExpression':
      return isPlainClass(node.callee) ? 'none' : 'effect';
    case 'CallExpression':
      if (/^global:set(?:Interval|Timeout)$/.test(file.getOrigin(node.callee) ?? '')) return 'effect';
      return isAwaited || startsSomething(node) ? judgeMaking(node, file) : 'unknown';
    case 'Identifier': {
      const sources = (file.getVariable(node)?.references ?? []).flatMap(({ writeExpr }) => (writeExpr && !isEmptyValue(writeExpr) ? [inner(writeExpr)] : []));
      return sources.includes('effect') ? 'effect' : sources.length > 0 && sources.every((source) => source === 'none') ? 'none' : 'unknown';
    }
    case 'MemberExpression':
      return inner(node.object);
    case 'LogicalExpression':
      return oneOf(inner(node.left), inner(node.right));
    case 'ConditionalExpression':
      return oneOf(inner(node.consequent), inner(node.alternate));
    case 'ObjectExpression':
      return node.properties.some((property) => property.type === 'Property' && inner(property.value) === 'effect') ? 'effect' : 'unknown';
    default:
      return 'unknown';
  }
}

/** Of two values that one of is taken: the worse. */
function oneOf(one: Repeat | 'shared', other: Repeat | 'shared'): Repeat | 'shared' {
  if (one === 'effect' || other === 'effect') return 'effect';
  return one === other || one === 'shared' ? one : 'unknown';
}

function isShared(node: Node, { file, fn }: FunctionFacts): boolean {
  const variable = file.getVariable(node);
  return variable !== undefined && !isDeclaredIn(variable, fn);
}

const STARTS = new Set(['start', 'spawn', 'fork', 'launch', 'connect', 'open', 'listen', 'serve', 'watch', 'subscribe', 'register']);

/** startTunnel(…), spawn(…): there is something running afterwards, awaited or not. */
function startsSomething(call: TSESTree.CallExpression): boolean {
  const [first] = getWords(getNames(call.callee).at(-1) ?? '');
  return first !== undefined && STARTS.has(first);
}

const PLAIN_CLASSES = /^(?:Map|Set|WeakMap|WeakSet|Date|URL|RegExp|Array|Error|Uint8Array|Promise|TextDecoder|TextEncoder|URLSearchParams|Function|Object|String|Number|Headers|Blob)$/;

function isPlainClass(callee: Node): boolean {
  return callee.type === 'Identifier' && PLAIN_CLASSES.test(callee.name);
}
