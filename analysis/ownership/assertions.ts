import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, type TSESTree, getPropertyName, skipWrappers } from '../syntax/node.js';
import { isAbout } from './arms.js';
import { takeEquality, takeTest } from './branches.js';
import { findCalledFunction } from './called-function.js';
import type { ExploreContext } from './explore.js';
import type { State } from './state.js';

/** What is left of a state when an assertion holds, and when it fails and throws; undefined where it cannot. */
export interface Asserted {
  readonly held: State | undefined;
  readonly failed: State | undefined;
}

/** `assert(res.ok)`, `assert.equal(res.status, 200)`, `invariant(res.ok, …)`: throws unless what it is given is true. */
export function applyAssertion(call: TSESTree.CallExpression, state: State, context: ExploreContext): Asserted | undefined {
  const [first, second] = call.arguments;
  if (!first || first.type === 'SpreadElement') return undefined;
  const form = getForm(call.callee, context.file);
  if (!form || !isAbout(form === 'equal' ? call.arguments.slice(0, 2) : [first], state)) return undefined;
  if (form === 'truthy') return { held: test(first, true, state, context), failed: test(first, false, state, context) };
  if (!second) return undefined;
  return { held: takeEquality(first, second, true, state, context), failed: takeEquality(first, second, false, state, context) };
}

function test(condition: Node, outcome: boolean, state: State, context: ExploreContext): State | undefined {
  const node = skipWrappers(condition);
  if (node.type === 'UnaryExpression' && node.operator === '!') return test(node.argument, !outcome, state, context);
  return takeTest(node, outcome, state, context);
}

function getForm(callee: Node, file: SourceFile): 'truthy' | 'equal' | undefined {
  const node = skipWrappers(callee);
  const origin = file.getOrigin(node);
  const ofNode = /^assert(?:\/strict)?:(?:(?:default|strict)(?:\.|$))?(\w*)$/.exec(origin ?? '');
  const method = node.type === 'MemberExpression' && /^(?:assert|invariant)$/.test(getName(node.object) ?? '') ? getPropertyName(node) : ofNode?.[1];
  if (method !== undefined && method !== '') {
    if (method === 'ok') return 'truthy';
    return /^(?:equal|equals|strictEqual|deepEqual|deepStrictEqual)$/.test(method) ? 'equal' : undefined;
  }
  if (ofNode) return 'truthy';
  const fn = findCalledFunction(node, file);
  if (fn) return assertsFirst(fn, file) ? 'truthy' : undefined;
  return /^(?:assert|invariant)$/.test(getName(node) ?? '') ? 'truthy' : undefined;
}

/** function check(condition, message) { if (!condition) throw new Error(message); } */
function assertsFirst(fn: FunctionNode, file: SourceFile): boolean {
  const [parameter] = fn.params;
  if (fn.async || parameter?.type !== 'Identifier' || fn.body.type !== 'BlockStatement') return false;
  const variable = file.getVariable(parameter);
  return fn.body.body.some((statement) => {
    if (statement.type !== 'IfStatement' || !endsInThrow(statement.consequent)) return false;
    const { test: condition } = statement;
    return condition.type === 'UnaryExpression' && condition.operator === '!' && variable !== undefined && file.getVariable(skipWrappers(condition.argument)) === variable;
  });
}

function endsInThrow(statement: Node): boolean {
  if (statement.type === 'ThrowStatement') return true;
  const last = statement.type === 'BlockStatement' ? statement.body.at(-1) : undefined;
  return last !== undefined && endsInThrow(last);
}

function getName(node: Node): string | undefined {
  const inner = skipWrappers(node);
  return inner.type === 'Identifier' ? inner.name : undefined;
}
