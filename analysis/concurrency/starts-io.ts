import { type CallLike, type FunctionNode, type Node, type TSESTree, getPropertyName, isFunction, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import { findFunction } from '../scopes/find-function.js';
import type { SourceFile } from '../source-file.js';
import { findIo } from './io-calls.js';
import { isLimiter } from './limiters.js';

/** The call by which a function starts I/O. */
export interface IoStart {
  readonly call: Node;
  /** In words for a message: `fetch`, `readFile`, or the name of the function of the file that does it. */
  readonly name: string;
}

/** Null: it is known to start none, or is being looked through. */
const known = new WeakMap<FunctionNode, IoStart | null>();

/** The first I/O that calling a function is known to start, itself or through functions and methods of the file. */
export function findIoStart(file: SourceFile, fn: FunctionNode): IoStart | undefined {
  const earlier = known.get(fn);
  if (earlier !== undefined) return earlier ?? undefined;
  known.set(fn, null);
  const found = holdsBack(file, fn.body) ? undefined : search(file, fn.body);
  known.set(fn, found ?? null);
  return found;
}

/** await semaphore.acquire(); … */
function holdsBack(file: SourceFile, body: Node): boolean {
  let found = false;
  walk(
    body,
    (node) => {
      if ((node.type === 'CallExpression' || node.type === 'NewExpression') && isLimiter(file, node)) found = true;
      return !found;
    },
    file.visitorKeys,
  );
  return found;
}

function search(file: SourceFile, body: Node): IoStart | undefined {
  let found: IoStart | undefined;
  walk(
    body,
    (node) => {
      if (found) return false;
      // What is only defined does not run; what runs at once, as an argument of a promise or an array method, does.
      if (isFunction(node) && node !== body) return runsInPlace(node);
      if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return true;
      const name = findIo(file, node);
      if (name !== undefined) found = { call: node, name };
      else if (node.type === 'CallExpression') found = followCall(file, node) ?? findCancellable(file, node);
      return !found;
    },
    file.visitorKeys,
  );
  return found;
}

function followCall(file: SourceFile, call: TSESTree.CallExpression): IoStart | undefined {
  const called = findCalled(file, call);
  const inner = called && findIoStart(file, called);
  return inner && { call, name: getCalleeText(call) };
}

/** client.load(id, signal), load(id, { signal }): what can be cancelled takes its time. */
function findCancellable(file: SourceFile, call: TSESTree.CallExpression): IoStart | undefined {
  const isGiven = call.arguments.some((argument) => {
    if (argument.type === 'ObjectExpression') return argument.properties.some((property) => property.type === 'Property' && getPropertyName(property) === 'signal');
    return (argument.type === 'Identifier' && /^(?:abort)?signal$/i.test(argument.name)) || (argument.type === 'MemberExpression' && getPropertyName(argument) === 'signal');
  });
  const callee = skipWrappers(call.callee);
  // tasks.map((task) => task(signal)): what the list holds is for whoever filled it to know
  const isEntry = callee.type === 'Identifier' && file.getVariable(callee)?.defs[0]?.type === 'Parameter';
  if (!isGiven || isEntry || findCalled(file, call) || isTimer(call)) return undefined;
  return { call, name: getCalleeText(call) };
}

/** setTimeout(5, undefined, { signal }), button.addEventListener('click', f, { signal }): they wait, and hold nothing. */
function isTimer(call: TSESTree.CallExpression): boolean {
  return /^(?:setTimeout|setInterval|setImmediate|sleep|delay|wait|timeout|once|on|addEventListener|addListener|any|throwIfAborted|onAbort|resolve|reject|push|add|set)$/i.test(getCalleeText(call));
}

/** The function of the file that a call runs: by its name, or as a method of `this`. */
export function findCalled(file: SourceFile, call: CallLike): FunctionNode | undefined {
  const callee = skipWrappers(call.callee);
  if (isFunction(callee)) return callee;
  if (callee.type === 'Identifier') return findFunction(file, callee);
  return callee.type === 'MemberExpression' ? findMember(callee) : undefined;
}

/** this.load  in a class of the file */
export function findMember(member: TSESTree.MemberExpression): FunctionNode | undefined {
  if (skipWrappers(member.object).type !== 'ThisExpression') return undefined;
  const name = getPropertyName(member);
  for (let outer: Node | undefined = member.parent; outer; outer = outer.parent) {
    if (outer.type !== 'ClassBody') continue;
    for (const element of outer.body) {
      if (element.type !== 'MethodDefinition' && element.type !== 'PropertyDefinition') continue;
      if (getPropertyName(element) === name && element.value && isFunction(element.value)) return element.value;
    }
    return undefined;
  }
  return undefined;
}

function runsInPlace(fn: FunctionNode): boolean {
  const { parent } = fn;
  if (parent.type === 'NewExpression') return parent.callee.type === 'Identifier' && parent.callee.name === 'Promise';
  if (parent.type !== 'CallExpression') return false;
  if (parent.callee === fn) return true;
  const callee = skipWrappers(parent.callee);
  if (callee.type !== 'MemberExpression') return false;
  return /^(?:map|forEach|flatMap|filter|then|catch|finally|reduce|some|every)$/.test(getPropertyName(callee) ?? '');
}

function getCalleeText(call: TSESTree.CallExpression): string {
  const callee = skipWrappers(call.callee);
  if (callee.type === 'Identifier') return callee.name;
  return callee.type === 'MemberExpression' ? (getPropertyName(callee) ?? 'the call') : 'the call';
}
