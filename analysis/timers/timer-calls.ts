import { getCallOrigin } from '../abort/call-origin.js';
import type { SourceFile } from '../source-file.js';
import { type Node, type TSESTree, findEnclosingFunction, getPropertyName, outermostWrapper, skipWrappers } from '../syntax/node.js';
import type { Variable } from '../scopes/scope.js';

export type TimerKind = 'timeout' | 'interval';

const SETTERS: Record<string, TimerKind> = {
  'global:setTimeout': 'timeout',
  'global:setInterval': 'interval',
  'timers:setTimeout': 'timeout',
  'timers:setInterval': 'interval',
};

const CLEARERS = new Set(['global:clearTimeout', 'global:clearInterval', 'timers:clearTimeout', 'timers:clearInterval']);

const TIMER_NAMES = new Set(['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval']);

/** What a call starts: `setTimeout(…)` and `setInterval(…)` of the platform, not of a fake clock or a local function. */
export function getTimerKind(file: SourceFile, call: Node): TimerKind | undefined {
  if (call.type !== 'CallExpression') return undefined;
  const origin = getCallOrigin(file, call, TIMER_NAMES);
  return origin === undefined ? undefined : SETTERS[origin];
}

/** The timer that a call stops: the argument of `clearTimeout(t)`, the object of `t.close()` and `t[Symbol.dispose]()`. */
export function findClearedTimer(file: SourceFile, call: Node): Node | undefined {
  if (call.type !== 'CallExpression') return undefined;
  const origin = getCallOrigin(file, call, TIMER_NAMES);
  if (origin !== undefined && CLEARERS.has(origin)) {
    const [timer] = call.arguments;
    return timer && skipWrappers(timer);
  }
  return undefined;
}

/** The delay in milliseconds where the text fixes it, through constants of the file and products of literals. */
export function findDelay(file: SourceFile, call: TSESTree.CallExpression): number | undefined {
  const [, delay] = call.arguments;
  return delay ? findNumber(file, delay) : 0;
}

/** The number that an expression is, where literals, products, sums and constants of the file say so. */
export function findNumber(file: SourceFile, expression: Node, depth = 0): number | undefined {
  if (depth > 6) return undefined;
  const node = skipWrappers(expression);
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'number' ? node.value : undefined;
    case 'BinaryExpression': {
      const left = findNumber(file, node.left, depth + 1);
      const right = findNumber(file, node.right, depth + 1);
      if (left === undefined || right === undefined) return undefined;
      if (node.operator === '*') return left * right;
      if (node.operator === '+') return left + right;
      if (node.operator === '-') return left - right;
      if (node.operator === '/') return left / right;
      return undefined;
    }
    case 'Identifier': {
      const variable = file.getVariable(node);
      const value = variable && (file.getOnlyValue(variable) ?? findDefault(variable));
      return value && findNumber(file, value, depth + 1);
    }
    default:
      return undefined;
  }
}

/** function wait(timeout = 100): what callers leave out most often. */
function findDefault(variable: Variable): Node | undefined {
  const [definition] = variable.defs;
  const pattern = definition?.type === 'Parameter' ? definition.name.parent : undefined;
  return pattern?.type === 'AssignmentPattern' && pattern.left === definition!.name ? pattern.right : undefined;
}

/** What becomes of the handle that a timer call returns. */
export type TimerHolder =
  | { readonly kind: 'discarded' }
  | { readonly kind: 'variable'; readonly variable: Variable; readonly bind: Node }
  /** `this.x = setInterval(…)`: `field` is the assignment or the class field. */
  | { readonly kind: 'field'; readonly name: string; readonly field: Node }
  | { readonly kind: 'unref' }
  /** Returned, passed on, put into a collection: someone else's to clear. */
  | { readonly kind: 'handed-over' };

export function getTimerHolder(file: SourceFile, call: TSESTree.CallExpression): TimerHolder {
  const value = outermostWrapper(call);
  const { parent } = value;
  switch (parent?.type) {
    case 'ExpressionStatement':
      return { kind: 'discarded' };
    case 'UnaryExpression':
      return parent.operator === 'void' ? { kind: 'discarded' } : { kind: 'handed-over' };
    case 'LogicalExpression':
      // ready && setTimeout(…);
      return parent.right === value && parent.parent.type === 'ExpressionStatement' ? { kind: 'discarded' } : { kind: 'handed-over' };
    case 'ConditionalExpression':
      return parent.parent.type === 'ExpressionStatement' ? { kind: 'discarded' } : { kind: 'handed-over' };
    case 'MemberExpression':
      // setTimeout(…).unref()
      return parent.object === value && getPropertyName(parent) === 'unref' ? { kind: 'unref' } : { kind: 'handed-over' };
    case 'ArrowFunctionExpression':
      // new Promise((resolve) => setTimeout(resolve, ms)): the executor's value goes nowhere.
      return parent.body === value && isExecutor(file, parent) ? { kind: 'discarded' } : { kind: 'handed-over' };
    case 'ReturnStatement': {
      const owner = findEnclosingFunction(parent);
      return owner && isExecutor(file, owner) ? { kind: 'discarded' } : { kind: 'handed-over' };
    }
    case 'VariableDeclarator': {
      const variable = parent.init === value && parent.id.type === 'Identifier' ? file.getVariable(parent.id) : undefined;
      return variable ? { kind: 'variable', variable, bind: parent } : { kind: 'handed-over' };
    }
    case 'AssignmentExpression': {
      if (parent.right !== value || parent.parent.type !== 'ExpressionStatement') {
        // (timer = setTimeout(…)) as the value of something else, but for the body of an arrow function.
        const isLast = parent.right === value && parent.parent.type === 'ArrowFunctionExpression';
        if (!isLast) return { kind: 'handed-over' };
      }
      const target = skipWrappers(parent.left);
      if (target.type === 'Identifier') {
        const variable = file.getVariable(target);
        return variable ? { kind: 'variable', variable, bind: parent } : { kind: 'handed-over' };
      }
      if (target.type === 'MemberExpression' && skipWrappers(target.object).type === 'ThisExpression') {
        const name = getPropertyName(target);
        if (name !== undefined) return { kind: 'field', name, field: parent };
      }
      return { kind: 'handed-over' };
    }
    case 'PropertyDefinition': {
      const name = parent.value === value && !parent.static ? getPropertyName(parent) : undefined;
      return name === undefined ? { kind: 'handed-over' } : { kind: 'field', name, field: parent };
    }
    default:
      return { kind: 'handed-over' };
  }
}

/** Whether a function is the executor of `new Promise(…)`. */
export function isExecutor(file: SourceFile, node: Node): boolean {
  const { parent } = node;
  return parent?.type === 'NewExpression' && parent.arguments[0] === node && file.getOrigin(parent.callee) === 'global:Promise';
}

/** How the code names the timer: its variable, `this.x`, or the call itself. */
export function describeHolder(holder: TimerHolder): string | undefined {
  if (holder.kind === 'variable') return holder.variable.name;
  if (holder.kind === 'field') return `this.${holder.name}`;
  return undefined;
}
