import { runsInPlace } from '../abort/functions.js';
import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, findEnclosingClass, findEnclosingFunction, getPropertyName, isFunction, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import { isGuarded } from './lifetimes.js';
import { type ListenerCall, getListenerCalls, isValueUsed, mayEndItself } from './listener-calls.js';
import { mayBeRemoved } from './removals.js';
import { type Target, findRunningFunction, getTarget } from './targets.js';
import { type UnremovedListener, getStep, makeFinding } from './unremoved-listener.js';

const EFFECT = /^use(?:Layout|Insertion)?Effect$/;
const ONCE_EVENTS = new Set(['load', 'DOMContentLoaded', 'unload', 'pagehide', 'beforeunload']);

/** What runs each time a component appears, and what runs when it goes. */
const MOUNTS: Readonly<Record<string, string>> = {
  componentDidMount: 'componentWillUnmount',
  connectedCallback: 'disconnectedCallback',
  onMounted: 'onUnmounted',
  onMount: 'onDestroy',
};

/** Listeners that a component adds to the page or to a module's emitter when it appears, and leaves there when it goes. */
export function findEffectListeners(file: SourceFile): UnremovedListener[] {
  return getListenerCalls(file).flatMap((listener) => inspect(file, listener) ?? []);
}

function inspect(file: SourceFile, listener: ListenerCall): UnremovedListener | undefined {
  if (!listener.handler || isValueUsed(listener) || mayEndItself(listener)) return undefined;
  const isAdded = listener.verb === 'add' && listener.eventNode !== undefined;
  if (!isAdded && !isStoreSubscription(listener)) return undefined;
  if (listener.event !== undefined && ONCE_EVENTS.has(listener.event)) return undefined;
  const target = getTarget(file, listener.target);
  if (!outlives(target)) return undefined;
  const root = findRunningFunction(file, listener.call, runsInPlace);
  const mount = root && findMount(file, root);
  if (!mount || isGuarded(file, listener.call, { fields: true }) || mayBeRemoved(file, listener)) return undefined;
  return makeFinding(file, 'effect', listener, {
    target: file.getText(listener.target),
    detail: mount.end,
    steps: [getStep(mount.node, `runs each time the component appears, and ${mount.end} does not take it back`)],
  });
}

/** `store.subscribe(render)`: the only way back is the function that it returns. What completes by itself has other names. */
function isStoreSubscription({ verb, callee, handler }: ListenerCall): boolean {
  if (verb !== 'subscribe' || !handler) return false;
  const object = skipWrappers(callee.object);
  const name = object.type === 'Identifier' ? object.name : object.type === 'MemberExpression' ? getPropertyName(object) : undefined;
  return name !== undefined && /(?:store|state|bus|emitter|atom)$/i.test(name);
}

/** The page, or an emitter that the module imports or makes. A variable of a component may end with it. */
function outlives(target: Target): boolean {
  return target.kind === 'page' || (target.kind === 'module' && target.isDirect);
}

function findMount(file: SourceFile, root: FunctionNode): { node: Node; end: string } | undefined {
  const { parent } = root;
  if (parent?.type === 'CallExpression' && parent.arguments[0] === root) {
    const callee = skipWrappers(parent.callee);
    const name = callee.type === 'Identifier' ? callee.name : callee.type === 'MemberExpression' ? getPropertyName(callee) : undefined;
    if (name === undefined) return undefined;
    if (EFFECT.test(name)) return returnsValue(file, root) ? undefined : { node: parent, end: 'the effect' };
    if (name !== 'onMounted' && name !== 'onMount') return undefined;
    // Svelte's onMount may return its clean-up; Vue has three names for the end.
    if (returnsValue(file, root) || /\bon(?:Before)?(?:Unmount(?:ed)?|Destroy)\b|\bonScopeDispose\b/.test(file.text)) return undefined;
    return { node: parent, end: `\`${MOUNTS[name]}\`` };
  }
  if (parent?.type !== 'MethodDefinition' && parent?.type !== 'PropertyDefinition') return undefined;
  const name = getPropertyName(parent);
  if (name !== 'componentDidMount' && name !== 'connectedCallback') return undefined;
  const owner = findEnclosingClass(root);
  return owner && { node: parent.key, end: `\`${MOUNTS[name]!}\`` };
}

/** Whether an effect gives back something that may be its clean-up. */
function returnsValue(file: SourceFile, effect: FunctionNode): boolean {
  if (effect.async) return false;
  if (effect.body?.type !== 'BlockStatement') return true;
  let returns = false;
  walk(
    effect.body,
    (node) => {
      if (isFunction(node)) return false;
      if (node.type === 'ReturnStatement' && node.argument && findEnclosingFunction(node) === effect) returns = true;
      return !returns;
    },
    file.visitorKeys,
  );
  return returns;
}
