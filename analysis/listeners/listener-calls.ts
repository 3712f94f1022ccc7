import { getFileIndex } from '../abort/file-index.js';
import type { SourceFile } from '../source-file.js';
import { type Node, type TSESTree, getPropertyName, getStringValue, isFunction, outermostWrapper, skipWrappers } from '../syntax/node.js';

export type ListenerVerb = 'add' | 'once' | 'remove' | 'remove-all' | 'subscribe';

/** One call that adds or removes a listener. */
export interface ListenerCall {
  readonly call: TSESTree.CallExpression;
  readonly callee: TSESTree.MemberExpression;
  readonly method: string;
  readonly verb: ListenerVerb;
  /** The emitter; of a chain `process.on(…).on(…)` it is `process` for each link. */
  readonly target: Node;
  /** Undefined where the event is not a literal. */
  readonly event: string | undefined;
  readonly eventNode: Node | undefined;
  readonly handler: Node | undefined;
  readonly options: Node | undefined;
}

const VERBS: Readonly<Record<string, ListenerVerb>> = {
  on: 'add',
  addListener: 'add',
  prependListener: 'add',
  addEventListener: 'add',
  once: 'once',
  prependOnceListener: 'once',
  off: 'remove',
  removeListener: 'remove',
  removeEventListener: 'remove',
  removeAllListeners: 'remove-all',
  subscribe: 'subscribe',
};

const known = new WeakMap<SourceFile, readonly ListenerCall[]>();

/** The calls of a file that add or remove listeners, in source order. */
export function getListenerCalls(file: SourceFile): readonly ListenerCall[] {
  let calls = known.get(file);
  if (!calls) known.set(file, (calls = getFileIndex(file).calls.flatMap((call) => readCall(call) ?? [])));
  return calls;
}

function readCall(call: TSESTree.CallExpression): ListenerCall | undefined {
  const callee = skipWrappers(call.callee);
  if (callee.type !== 'MemberExpression') return undefined;
  const method = getPropertyName(callee);
  if (method === undefined || !Object.hasOwn(VERBS, method)) return undefined;
  let verb = VERBS[method]!;
  const [first, second, third] = call.arguments;
  if (first?.type === 'SpreadElement' || second?.type === 'SpreadElement') return undefined;
  const target = getChainTarget(callee);
  const common = { call, callee, method, target };
  // emitter.off('x') without a handler removes them all.
  if (verb === 'remove' && !second && !isHandlerLike(first)) verb = 'remove-all';
  if (verb === 'remove-all') return { ...common, verb, event: getStringValue(first), eventNode: first, handler: undefined, options: undefined };
  if (!first) return undefined;
  // store.subscribe(handler), query.addListener(handler), events.onChanged.removeListener(handler)
  if (!second) return { ...common, verb, event: '', eventNode: undefined, handler: first, options: undefined };
  if (verb === 'subscribe') return { ...common, verb, event: isFunction(first) ? '' : getStringValue(first), eventNode: undefined, handler: isFunction(first) ? first : second, options: undefined };
  if (verb === 'add' && hasOnce(third)) verb = 'once';
  return { ...common, verb, event: getStringValue(first), eventNode: first, handler: second, options: third };
}

function isHandlerLike(node: Node | undefined): boolean {
  return node !== undefined && (isFunction(node) || node.type === 'Identifier' || node.type === 'MemberExpression' || node.type === 'CallExpression');
}

function getChainTarget(callee: TSESTree.MemberExpression): Node {
  const object = skipWrappers(callee.object);
  if (object.type !== 'CallExpression') return object;
  const inner = skipWrappers(object.callee);
  if (inner.type !== 'MemberExpression') return object;
  const method = getPropertyName(inner);
  return method !== undefined && Object.hasOwn(VERBS, method) && method !== 'subscribe' ? getChainTarget(inner) : object;
}

function hasOnce(options: Node | undefined): boolean {
  return options?.type === 'ObjectExpression' && options.properties.some((property) => property.type === 'Property' && getPropertyName(property) === 'once' && property.value.type === 'Literal' && property.value.value === true);
}

/** Whether the options may end the listening by themselves: a signal, or what cannot be seen. `true` is only the capture flag. */
export function mayEndItself({ options }: ListenerCall): boolean {
  if (!options) return false;
  if (options.type === 'Literal') return false;
  if (options.type !== 'ObjectExpression') return true;
  return options.properties.some((property) => property.type !== 'Property' || property.computed || getPropertyName(property) === 'signal');
}

/** Whether the call's value is kept, so that it may be the way to remove the listener. */
export function isValueUsed({ call }: ListenerCall): boolean {
  const outer = outermostWrapper(call);
  const { parent } = outer;
  switch (parent?.type) {
    case 'ExpressionStatement':
      return false;
    case 'UnaryExpression':
      return false;
    case 'LogicalExpression':
      return outermostWrapper(parent).parent?.type !== 'ExpressionStatement';
    case 'MemberExpression': {
      // process.on(…).on(…): the next link decides.
      const next = outermostWrapper(parent).parent;
      return next?.type !== 'CallExpression' || !Object.hasOwn(VERBS, getPropertyName(parent) ?? '');
    }
    case 'ArrowFunctionExpression': {
      // signals.forEach((signal) => process.on(signal, stop))
      const holder = parent.parent;
      if (holder?.type !== 'CallExpression') return true;
      const callee = skipWrappers(holder.callee);
      return callee.type !== 'MemberExpression' || getPropertyName(callee) !== 'forEach';
    }
    default:
      return true;
  }
}
