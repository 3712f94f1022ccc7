import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, findEnclosingFunction, getPropertyName, getStringValue, isFunction, isWithin, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { getSettleSites } from '../timers/promise-executor.js';
import { collectBelow, findFunction, runsInPlace } from './functions.js';
import type { Registration } from './listener-registration.js';
import { isAwaited } from './signal-run.js';

/**
 * Whether the thing that the listener is for ends by itself, so that the listener is left over: it settles a promise, passes the
 * abort on to another controller, sets a flag of an operation, or stops something that the function also ends otherwise.
 */
export function endsByItself(file: SourceFile, { call, listener }: Registration, root: FunctionNode, handler: FunctionNode | undefined): boolean {
  const run = getOperation(file, root);
  if (!handler) {
    // addEventListener('abort', reject)
    const node = skipWrappers(listener);
    return node.type === 'Identifier' && isExecutorParameter(file, node);
  }
  const isOperation = run.async || run !== root;
  let isSettling = false;
  let isLinking = false;
  let hasAssignment = false;
  const targets: Variable[] = [];
  let calls = 0;
  collectBelow(
    handler,
    file,
    (node) => {
      // aborted = true; what is set on an object may live on with it.
      if (node.type === 'AssignmentExpression' && node.left.type === 'Identifier') hasAssignment = true;
      if (node.type !== 'CallExpression') return;
      calls++;
      const callee = skipWrappers(node.callee);
      if (callee.type === 'Identifier' && isExecutorParameter(file, callee)) isSettling = true;
      if (callee.type !== 'MemberExpression') {
        const inner = findFunction(file, callee);
        if (inner && settles(file, inner)) isSettling = true;
        return;
      }
      if (getPropertyName(callee) === 'abort') isLinking = true;
      const object = skipWrappers(callee.object);
      const variable = object.type === 'Identifier' ? file.getVariable(object) : undefined;
      if (variable) targets.push(variable);
    },
    () => true,
  );
  if (isSettling || isLinking) return true;
  if (!isOperation || isLongLived(file, run, call)) return false;
  if (calls === 0) return hasAssignment;
  return targets.some((target) => isEndedOtherwise(file, target, handler, run));
}

/** Whether a function calls `resolve` or `reject` of the executor around it. */
function settles(file: SourceFile, fn: FunctionNode): boolean {
  for (let outer = findEnclosingFunction(fn); outer; outer = findEnclosingFunction(outer)) {
    if (outer.parent.type === 'NewExpression' && getSettleSites(file, outer).some((site) => isWithin(site.node, fn))) return true;
  }
  return false;
}

function isExecutorParameter(file: SourceFile, identifier: Node): boolean {
  const [definition] = file.getVariable(identifier)?.defs ?? [];
  if (definition?.type !== 'Parameter') return false;
  const owner = definition.node;
  return owner.parent?.type === 'NewExpression' && file.getOrigin(owner.parent.callee) === 'global:Promise';
}

/** The function whose end is the end of the operation: executors and callbacks of promise chains belong to the one around them. */
function getOperation(file: SourceFile, root: FunctionNode): FunctionNode {
  let run = root;
  for (let outer = findEnclosingFunction(run); outer && runsInPlace(file, run); outer = findEnclosingFunction(run)) run = outer;
  return run;
}

/** A function that hands something out (`return { … }`, `return server`) is not over when it returns. */
function isLongLived(file: SourceFile, run: FunctionNode, call: Node): boolean {
  let isHandingOut = false;
  collectBelow(run, file, (node) => {
    if (node.type !== 'ReturnStatement' || !node.argument || node.range[0] < call.range[0]) return;
    let value: Node | undefined = skipWrappers(node.argument);
    if (value.type === 'Identifier') {
      const variable = file.getVariable(value);
      if (variable?.defs[0]?.type === 'FunctionName') isHandingOut = true;
      value = variable && file.getOnlyValue(variable);
      value = value && skipWrappers(value);
    }
    if (value && (value.type === 'ObjectExpression' || value.type === 'NewExpression' || isFunction(value))) isHandingOut ||= !isPromiseCreation(file, value);
  });
  return isHandingOut;
}

function isPromiseCreation(file: SourceFile, value: Node): boolean {
  return value.type === 'NewExpression' && file.getOrigin(value.callee) === 'global:Promise';
}

const END_EVENT = /^(?:exit|close|end|finish|error|done)$/;

/** What is done when it returns. */
const WORK_METHOD = /^(?:run|exec|execute|finish|complete|process|invoke|query|request|send|next|join|done|result|wait|waitFor\w+)$/;

const END_METHOD = /^(?:close|destroy|kill|cancel|end|disconnect|terminate|releaseLock|stop|quit|return)$/;

/** The function waits for the end of `target`, or ends it, somewhere outside the listener. */
function isEndedOtherwise(file: SourceFile, target: Variable, handler: FunctionNode, run: FunctionNode): boolean {
  const uses = target.references.filter(({ identifier }) => isWithin(identifier, run) && !isWithin(identifier, handler));
  const isHandedOut = uses.some(({ identifier }) => {
    const { parent } = outermostWrapper(identifier);
    return parent?.type === 'ReturnStatement' || (parent?.type === 'Property' && parent.value === identifier) || parent?.type === 'AssignmentExpression';
  });
  if (isHandedOut) return false;
  return uses.some(({ identifier }) => {
    const { parent } = outermostWrapper(identifier);
    if (parent?.type === 'AwaitExpression' || parent?.type === 'ForOfStatement') return true;
    if (parent?.type !== 'MemberExpression' || parent.object !== identifier) return false;
    const method = getPropertyName(parent) ?? '';
    const call = outermostWrapper(parent).parent;
    if (call?.type !== 'CallExpression') return false;
    // return await task.run()
    if (WORK_METHOD.test(method) && isAwaited(call)) return true;
    return END_METHOD.test(method) || (/^(?:on|once|addListener)$/.test(method) && END_EVENT.test(getStringValue(call.arguments[0]) ?? ''));
  });
}
