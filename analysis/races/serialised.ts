import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, type TSESTree, findEnclosingClass, getPropertyName, isFunction, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import { getNames, getWords } from './words.js';

/** Words of a callee that lets one caller in at a time, or runs the work of several callers as one. */
const ONE_AT_A_TIME = new Set([
  'lock', 'locks', 'locked', 'locker', 'locking', 'mutex', 'semaphore', 'exclusive', 'exclusively', 'serial', 'serialize', 'serialise', 'serialized', 'serialised', 'serializer',
  'synchronized', 'synchronised', 'critical', 'atomic', 'atomically', 'transaction', 'transactional', 'queue', 'queued', 'enqueue', 'sequential',
  'sequentially', 'sequencer', 'once', 'memo', 'memoize', 'memoized', 'memoise', 'dedupe', 'dedup', 'deduplicate', 'coalesce', 'throttle', 'debounce', 'debounced', 'limit', 'limiter', 'throat',
  'batched', 'leader',
]);
const PAIRS = ['single flight', 'in flight', 'rate limit', 'block concurrency', 'concurrency while'];

/** Whether the names of a callee promise that what it runs does not overlap with itself. */
export function isSerialisingCallee(callee: Node): boolean {
  return getNames(callee).some((name) => saysOneAtATime(name));
}

function saysOneAtATime(name: string): boolean {
  const words = getWords(name);
  const text = words.join(' ');
  return words.some((word) => ONE_AT_A_TIME.has(word)) || PAIRS.some((pair) => text.includes(pair)) || /singleflight|inflight|plimit|pqueue/.test(text);
}

const ACQUIRE = new Set(['lock', 'locks', 'locked', 'acquire', 'mutex', 'semaphore', 'turn', 'permit', 'lease', 'exclusive']);

/** `await this.lock.acquire()`, `await mutex.lock()`, `await waitTurn()`: after it the caller is alone. */
export function isAcquiringLock(awaited: Node): boolean {
  const node = skipWrappers(awaited.type === 'AwaitExpression' ? awaited.argument : awaited);
  if (node.type !== 'CallExpression') return false;
  const names = getNames(node.callee);
  const method = names.at(-1);
  if (method === undefined || /^(?:un|is|has|get|check|release|free)/.test(method)) return false;
  return names.some((name) => getWords(name).some((word) => ACQUIRE.has(word)));
}

/** Whether a function is only run inside something that lets one call in at a time: a lock, a queue, a memo. */
export function isSerialised(fn: FunctionNode, file: SourceFile): boolean {
  for (let outer: Node | undefined = fn; outer; outer = outer.parent) {
    if (!isFunction(outer)) continue;
    if (isArgumentOfLock(outer) || hasSerialisingDecorator(outer)) return true;
    const name = getFunctionName(outer);
    const variable = name && file.getVariable(name);
    if (variable?.references.some(({ identifier }) => isArgumentOfLock(identifier))) return true;
    if (isMethodGivenToLock(outer, file)) return true;
  }
  return false;
}

/** this.refresh = singleFlight(() => this.doRefresh()), and its `bind` form, name the method in the arguments. */
function isMethodGivenToLock(fn: FunctionNode, file: SourceFile): boolean {
  const method = fn.parent;
  if (method.type !== 'MethodDefinition' && method.type !== 'PropertyDefinition') return false;
  const name = getPropertyName(method);
  const owner = findEnclosingClass(fn);
  if (name === undefined || !owner) return false;
  const text = file.getText(owner);
  if (!text.includes(`this.${name}`)) return false;
  return findMemberUses(owner, name, file).some((use) => isArgumentOfLock(use));
}

/** The places in a class that name one of its members: `this.name`, and on another instance `it.name` where the name is private. */
export function findMemberUses(owner: Node, name: string, file: SourceFile): Node[] {
  return getMemberUses(owner, file).get(name) ?? [];
}

const usesOf = new WeakMap<Node, Map<string, Node[]>>();

function getMemberUses(owner: Node, file: SourceFile): Map<string, Node[]> {
  const known = usesOf.get(owner);
  if (known) return known;
  const uses = new Map<string, Node[]>();
  walk(
    owner,
    (node) => {
      const name = node.type === 'MemberExpression' ? getPropertyName(node) : undefined;
      if (name !== undefined) uses.set(name, [...(uses.get(name) ?? []), node]);
      return true;
    },
    file.visitorKeys,
  );
  usesOf.set(owner, uses);
  return uses;
}

/** lock.run(key, fn), lock.run(key, fn.bind(this)), memoize({ get: fn }) */
function isArgumentOfLock(value: Node): boolean {
  let outer = outermostWrapper(value);
  for (let depth = 0; depth < 3; depth++) {
    const parent: Node | undefined = outer.parent;
    if (!parent) return false;
    if ((parent.type === 'CallExpression' || parent.type === 'NewExpression') && parent.callee !== outer) return isSerialisingCallee(parent.callee);
    const isPassedOn =
      (parent.type === 'MemberExpression' && parent.object === outer && getPropertyName(parent) === 'bind') ||
      (parent.type === 'CallExpression' && parent.callee === outer && outer.type === 'MemberExpression' && getPropertyName(outer) === 'bind');
    if (!isPassedOn) return false;
    outer = outermostWrapper(parent);
  }
  return false;
}

function hasSerialisingDecorator(fn: FunctionNode): boolean {
  const member = fn.parent as Partial<TSESTree.MethodDefinition>;
  return (member.decorators ?? []).some((decorator) => isSerialisingCallee(decorator.expression));
}

/** The identifier by which a function is known: of a declaration, or of the variable that holds it. */
export function getFunctionName(fn: FunctionNode): Node | undefined {
  if (fn.type === 'FunctionDeclaration') return fn.id ?? undefined;
  const { parent } = outermostWrapper(fn);
  return parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier' ? parent.id : undefined;
}
