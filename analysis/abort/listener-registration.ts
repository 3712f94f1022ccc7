import type { SourceFile } from '../source-file.js';
import { type Node, type TSESTree, getPropertyName, getStringValue, outermostWrapper, skipWrappers } from '../syntax/node.js';
import type { LeakedListener } from './abort-listeners.js';
import { getCallOrigin } from './call-origin.js';
import { findAnnotation, isSignalType } from './signal-type.js';

export interface Registration {
  readonly call: TSESTree.CallExpression;
  readonly signal: Node;
  readonly listener: Node;
  readonly form: LeakedListener['form'];
}

const REGISTRATION_NAMES = new Set(['addAbortListener', 'once']);

/** signal.addEventListener('abort', …), addAbortListener(signal, …), Promise.race([work, once(signal, 'abort')]) */
export function findRegistration(file: SourceFile, call: TSESTree.CallExpression): Registration | undefined {
  const callee = skipWrappers(call.callee);
  const [first, second, third] = call.arguments;
  if (callee.type === 'MemberExpression' && getPropertyName(callee) === 'addEventListener') {
    if (getStringValue(first) !== 'abort' || !second || hasOwnRemoval(third)) return undefined;
    const signal = skipWrappers(callee.object);
    return isSignal(file, signal) ? { call, signal, listener: second, form: 'method' } : undefined;
  }
  const origin = getCallOrigin(file, call, REGISTRATION_NAMES);
  if (origin === 'events:addAbortListener' && first && second) {
    // What it returns removes the listener.
    return outermostWrapper(call).parent?.type === 'ExpressionStatement' ? { call, signal: skipWrappers(first), listener: second, form: 'helper' } : undefined;
  }
  if (origin === 'events:once' && first && getStringValue(second) === 'abort' && !third && isRaced(file, call)) {
    return { call, signal: skipWrappers(first), listener: call, form: 'once' };
  }
  return undefined;
}

/** addEventListener('abort', listener, { signal: other }): the other signal removes it; unknown options may. */
function hasOwnRemoval(options: Node | undefined): boolean {
  if (!options) return false;
  const node = skipWrappers(options);
  if (node.type === 'Literal') return false;
  if (node.type !== 'ObjectExpression') return true;
  return node.properties.some((property) => property.type !== 'Property' || getPropertyName(property) === 'signal');
}

function isRaced(file: SourceFile, call: Node): boolean {
  const list = outermostWrapper(call).parent;
  const race = list?.type === 'ArrayExpression' ? list.parent : undefined;
  return race?.type === 'CallExpression' && file.getOrigin(race.callee) === 'global:Promise.race';
}

/** By name or declaration: XMLHttpRequest, FileReader and media elements have `abort` events of their own. */
function isSignal(file: SourceFile, expression: Node): boolean {
  const name = expression.type === 'MemberExpression' ? getPropertyName(expression) : expression.type === 'Identifier' ? expression.name : undefined;
  if (name !== undefined && /signal$/i.test(name)) return true;
  if (expression.type === 'Identifier') {
    const variable = file.getVariable(expression);
    const [definition] = variable?.defs ?? [];
    const annotation = definition && findAnnotation(definition.name);
    if (annotation && isSignalType(annotation)) return true;
    // const parent = options.signal
    const value = variable && file.getOnlyValue(variable);
    if (value && skipWrappers(value).type === 'MemberExpression') return isSignal(file, skipWrappers(value));
  }
  return file.types?.getTypeNames(expression)?.includes('AbortSignal') ?? false;
}
