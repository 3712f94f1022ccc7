import type { SourceFile } from '../source-file.js';
import { type Node, type TSESTree, findEnclosingFunction, getPropertyName, isFunction, skipWrappers } from '../syntax/node.js';
import { type ListenerCall, getListenerCalls } from './listener-calls.js';
import { getHandlerIdentity, mayBeRemoved } from './removals.js';
import { getTarget } from './targets.js';
import { type UnremovedListener, getStep, makeFinding } from './unremoved-listener.js';

const REMOVER = /^(?:off|removeListener|removeEventListener|removeHandler|unlisten|unsubscribe|unbind|stopListening)$/;
const REACT_EFFECT = /^use(?:Layout|Insertion)?Effect$/;

/** Removals that add, and removals that name another listener than the one that was added. */
export function findUselessRemovals(file: SourceFile): UnremovedListener[] {
  return getListenerCalls(file).flatMap((call) => {
    switch (call.verb) {
      case 'add':
      case 'once':
        return inspectAddition(file, call);
      case 'remove':
        return inspectRemoval(file, call);
      default:
        return [];
    }
  });
}

function inspectAddition(file: SourceFile, added: ListenerCall): UnremovedListener[] {
  const root = findEnclosingFunction(added.call);
  if (!root || !added.handler || added.eventNode === undefined) return [];
  const target = file.getText(added.target);
  // off(event, handler) { this.emitter.on(event, handler); }
  const name = getFunctionName(root);
  if (name !== undefined && REMOVER.test(name) && passesParameters(file, added, root) && !removesToo(file, root)) {
    return [makeFinding(file, 'addedInRemoval', added, { target, detail: name, steps: [getStep(root, `\`${name}\` is meant to remove it`)] })];
  }
  // useEffect(() => { target.on(e, h); return () => target.on(e, h); })
  const isReturned = root.parent?.type === 'ReturnStatement';
  const other = isReturned ? getListenerCalls(file).find((first) => first !== added && isSameAddition(file, first, added) && isCleanupOf(root, first)) : undefined;
  if (!other || mayBeRemoved(file, added, { ignoreEscape: true })) return [];
  return [makeFinding(file, 'addedInRemoval', added, { target, other, detail: 'the clean-up', steps: [getStep(other.call, 'it was added here already')] })];
}

function getFunctionName(root: Node): string | undefined {
  const { parent } = root;
  if (root.type === 'FunctionDeclaration') return root.id?.name;
  if (parent?.type === 'MethodDefinition' || parent?.type === 'Property' || parent?.type === 'PropertyDefinition') return getPropertyName(parent);
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return parent.id.name;
  return undefined;
}

/** The event, where the function takes one, and the handler come from the caller. */
function passesParameters(file: SourceFile, added: ListenerCall, root: TSESTree.FunctionLike): boolean {
  const isParameter = (node: Node | undefined) => {
    const variable = node && file.getVariable(skipWrappers(node));
    return variable !== undefined && variable.defs[0]?.type === 'Parameter' && (variable.scope.variableScope.block) === root;
  };
  return isParameter(added.handler) && (added.event !== undefined || isParameter(added.eventNode)) && added.verb !== 'subscribe';
}

function removesToo(file: SourceFile, root: Node): boolean {
  return getListenerCalls(file).some(({ verb, call }) => verb.startsWith('remove') && call.range[0] >= root.range[0] && call.range[1] <= root.range[1]);
}

function isSameAddition(file: SourceFile, one: ListenerCall, other: ListenerCall): boolean {
  if (one.verb !== other.verb || one.event === undefined || one.event !== other.event || !one.handler || !other.handler) return false;
  if (getHandlerIdentity(file, one.handler).kind === 'inline') return false;
  return file.getText(one.target) === file.getText(other.target) && file.getText(one.handler) === file.getText(other.handler);
}

/** Whether `root`, a function that is returned, is what the effect around `first` returns. */
function isCleanupOf(root: Node, first: ListenerCall): boolean {
  const effect = findEnclosingFunction(first.call);
  if (!effect || effect === root || effect.parent?.type !== 'CallExpression') return false;
  const callee = skipWrappers(effect.parent.callee);
  const name = callee.type === 'Identifier' ? callee.name : callee.type === 'MemberExpression' ? getPropertyName(callee) : undefined;
  if (name === undefined || !REACT_EFFECT.test(name)) return false;
  return findEnclosingFunction(root.parent!) === effect;
}

function inspectRemoval(file: SourceFile, removal: ListenerCall): UnremovedListener[] {
  const handler = removal.handler && skipWrappers(removal.handler);
  if (!handler || removal.event === undefined) return [];
  const target = file.getText(removal.target);
  const additions = getListenerCalls(file).filter(
    (other) => (other.verb === 'add' || other.verb === 'once') && other.event === removal.event && getTarget(file, other.target).key === getTarget(file, removal.target).key,
  );
  const [first] = additions;
  if (!first) return [];
  // target.removeListener(e, this.handle.bind(this)), target.removeEventListener(e, () => this.handle())
  if (isFunction(handler) || isBind(handler)) {
    if (!isMade(first.handler) || additions.some((other) => !isMade(other.handler)) || !removal.eventNode) return [];
    return [makeFinding(file, 'removesNothing', removal, { target, other: first, detail: 'is given a new function', steps: [getStep(first.call, 'the listener was added here, as another function')] })];
  }
  // addEventListener(e, h, true) … removeEventListener(e, h)
  if (removal.method !== 'removeEventListener' || additions.length !== 1) return [];
  const added = getCapture(first.options);
  const removed = getCapture(removal.options);
  if (added === undefined || removed === undefined || added === removed || first.verb === 'once') return [];
  if (!first.handler || file.getText(first.handler) !== file.getText(removal.handler)) return [];
  return [makeFinding(file, 'removesNothing', removal, { target, other: first, detail: added ? 'lacks the capture flag' : 'has a capture flag too many', steps: [getStep(first.call, `the listener was added with \`capture: ${String(added)}\``)] })];
}

function isMade(handler: Node | undefined): boolean {
  const node = handler && skipWrappers(handler);
  return node !== undefined && (isFunction(node) || isBind(node));
}

function isBind(node: Node): boolean {
  if (node.type !== 'CallExpression') return false;
  const callee = skipWrappers(node.callee);
  return callee.type === 'MemberExpression' && getPropertyName(callee) === 'bind';
}

/** The capture flag; undefined where the options cannot be seen. */
function getCapture(options: Node | undefined): boolean | undefined {
  if (!options) return false;
  if (options.type === 'Literal') return options.value === true;
  if (options.type !== 'ObjectExpression') return undefined;
  let capture = false;
  for (const property of options.properties) {
    if (property.type !== 'Property') return undefined;
    const name = getPropertyName(property);
    if (name === 'signal' || name === undefined) return undefined;
    if (name !== 'capture') continue;
    if (property.value.type !== 'Literal') return undefined;
    capture = property.value.value === true;
  }
  return capture;
}
