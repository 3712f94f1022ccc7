import { type FunctionNode, type Node, type TSESTree, getPropertyName, isFunction, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import type { Finding } from '../finding.js';
import type { Variable } from '../scopes/scope.js';
import { findFunction } from '../scopes/find-function.js';
import type { SourceFile } from '../source-file.js';
import { findIo, findIoOfFunction } from './io-calls.js';
import { isShortList } from './is-short-list.js';
import { isLimiter } from './limiters.js';
import { type ListBound, getListBound } from './list-bound.js';
import { type Loop, findLoop } from './loops.js';
import { type IoStart, findCalled, findIoStart, findMember } from './starts-io.js';

/** I/O that is started for every element of a list at once. */
export interface UnboundedStart extends Finding {
  /** What starts it: `items.map(…)`, `items.forEach(…)`, `promises.push(…)`, the call in a loop. */
  readonly node: TSESTree.CallExpression;
  readonly shape: 'map' | 'each' | 'push' | 'loop';
  /** The list, or what the loop goes over; undefined for a loop without a list. */
  readonly list: Node | undefined;
  /** What is called for each element; undefined in a loop. */
  readonly callback: Node | undefined;
  /** The function behind `callback`, where it is in the file. */
  readonly fn: FunctionNode | undefined;
  readonly io: IoStart;
  /** What waits for all of it: `Promise.all(…)`; undefined where nobody does. */
  readonly combinator: TSESTree.CallExpression | undefined;
  readonly method: string | undefined;
  /** The variable that holds the promises between start and wait. */
  readonly holder: Variable | undefined;
  readonly loop: Loop | undefined;
  readonly bound: ListBound;
  /** Whether the work calls the function that it stands in again: a walk over a tree. */
  readonly isRecursive: boolean;
}

interface Wait {
  readonly combinator: TSESTree.CallExpression | undefined;
  readonly method: string | undefined;
  readonly holder: Variable | undefined;
}

const COMBINATORS = /^(?:all|allSettled|any|race)$/;
const NOBODY_WAITS: Wait = { combinator: undefined, method: undefined, holder: undefined };

/** Finds I/O started for each element of a list that nothing bounds, in source order. */
export function findUnboundedStarts(file: SourceFile): UnboundedStart[] {
  const found: UnboundedStart[] = [];
  for (const call of file.getNodes('CallExpression')) {
    const start = judge(file, call);
    if (start) found.push(start);
  }
  return found;
}

function judge(file: SourceFile, node: TSESTree.CallExpression): UnboundedStart | undefined {
  const callee = skipWrappers(node.callee);
  if (callee.type !== 'MemberExpression') return judgeLoose(file, node);
  const [first, second] = node.arguments;
  switch (getPropertyName(callee)) {
    case 'map':
    case 'flatMap':
      // Promise.all(items.map(async (item) => …))
      return first && judgeMap(file, node, callee.object, first);
    case 'from':
      // Promise.all(Array.from(items, async (item) => …))
      return second && callee.object.type === 'Identifier' && callee.object.name === 'Array' ? judgeMap(file, node, first!, second) : undefined;
    case 'forEach':
      return first && judgeEach(file, node, callee.object, first);
    case 'push':
      return judgePush(file, node, callee.object);
    default:
      return judgeLoose(file, node);
  }
}

/** for (const url of urls) fetch(url).then(…); */
function judgeLoose(file: SourceFile, node: TSESTree.CallExpression): UnboundedStart | undefined {
  let statement: Node | undefined = outermostWrapper(node).parent;
  if (statement?.type === 'UnaryExpression' && statement.operator === 'void') statement = statement.parent;
  const loop = statement?.type === 'ExpressionStatement' ? findLoop(statement) : undefined;
  if (!loop || leavesLoop(statement!)) return undefined;
  const called = findCalled(file, node);
  if (called && !called.async) return undefined;
  const io = findIoOfCall(file, node);
  return io && finish(file, { node, shape: 'loop', list: loop.list, callback: undefined, io, loop, ...NOBODY_WAITS });
}

/** start(item); break; */
function leavesLoop(statement: Node): boolean {
  const block = statement.parent;
  if (block?.type !== 'BlockStatement') return false;
  return block.body.slice(block.body.indexOf(statement as TSESTree.Statement)).some((next) => /^(?:Break|Return|Throw)Statement$/.test(next.type));
}

function judgeMap(file: SourceFile, node: TSESTree.CallExpression, list: Node, callback: Node): UnboundedStart | undefined {
  const wait = findWait(file, node);
  const io = wait && findIoOfCallback(file, callback);
  return io && finish(file, { node, shape: 'map', list, callback, io, loop: undefined, ...wait });
}

/** items.forEach((item) => …): nobody can wait in it, so all that it starts goes on at once. */
function judgeEach(file: SourceFile, node: TSESTree.CallExpression, list: Node, callback: Node): UnboundedStart | undefined {
  const io = findIoOfCallback(file, callback);
  return io && finish(file, { node, shape: 'each', list, callback, io, loop: undefined, ...NOBODY_WAITS });
}

/** for (const item of items) promises.push(load(item));  await Promise.all(promises); */
function judgePush(file: SourceFile, node: TSESTree.CallExpression, object: Node): UnboundedStart | undefined {
  const target = skipWrappers(object);
  const holder = target.type === 'Identifier' ? file.getReference(target)?.resolved : undefined;
  const [pushed, ...others] = node.arguments;
  if (!holder || !pushed || others.length > 0) return undefined;
  const value = skipWrappers(pushed);
  if (value.type !== 'CallExpression') return undefined;
  const loop = findLoop(node);
  if (!loop || isTendedInLoop(holder, loop, node)) return undefined;
  const wait = findWaitOfHolder(file, holder);
  const io = wait && findIoOfCall(file, value);
  return io && finish(file, { node, shape: 'push', list: loop.list, callback: undefined, io, loop, ...wait });
}

function findIoOfCallback(file: SourceFile, callback: Node): IoStart | undefined {
  const fn = findCallback(file, callback);
  if (fn) return findIoStart(file, fn);
  // urls.map(fetch)
  const name = findIoOfFunction(file, callback);
  return name === undefined ? undefined : { call: callback, name };
}

function findCallback(file: SourceFile, callback: Node): FunctionNode | undefined {
  const node = skipWrappers(callback);
  if (isFunction(node)) return node;
  if (node.type === 'Identifier') return findFunction(file, node);
  return node.type === 'MemberExpression' ? findMember(node) : undefined;
}

/** load(item), (async () => { … })(), fetch(url).then(…) */
function findIoOfCall(file: SourceFile, call: TSESTree.CallExpression): IoStart | undefined {
  if (isLimiter(file, call)) return undefined;
  const callee = skipWrappers(call.callee);
  const isChained = callee.type === 'MemberExpression' && /^(?:then|catch|finally)$/.test(getPropertyName(callee) ?? '');
  const first = isChained ? skipWrappers(callee.object) : undefined;
  if (first?.type === 'CallExpression') return findIoOfCall(file, first);
  const name = findIo(file, call);
  if (name !== undefined) return { call, name };
  const called = findCalled(file, call);
  const io = called && findIoStart(file, called);
  return io && !isFunction(callee) ? { call, name: file.getText(callee) } : io;
}

/** What becomes of the promises that `map` makes; undefined where they go somewhere unknown. */
function findWait(file: SourceFile, node: TSESTree.CallExpression): Wait | undefined {
  const promises = findPromises(node);
  const { parent } = promises;
  if (parent?.type === 'ExpressionStatement') return NOBODY_WAITS;
  const combinator = findCombinator(file, promises);
  if (combinator) return { ...combinator, holder: undefined };
  // const promises = items.map(…);  await Promise.all(promises);
  if (parent?.type !== 'VariableDeclarator' || parent.id.type !== 'Identifier') return undefined;
  const holder = file.getVariable(parent.id);
  return holder && findWaitOfHolder(file, holder);
}

/** Through casts and through methods that leave the promises what they are: `items.map(…).filter(Boolean)`. */
function findPromises(node: Node): Node {
  let outer = outermostWrapper(node);
  for (;;) {
    const { parent } = outer;
    const isMethod = parent?.type === 'MemberExpression' && parent.object === outer && /^(?:filter|flat|concat|reverse)$/.test(getPropertyName(parent) ?? '');
    if (!isMethod || parent.parent.type !== 'CallExpression') return outer;
    outer = outermostWrapper(parent.parent);
  }
}

function findCombinator(file: SourceFile, promises: Node): Pick<Wait, 'combinator' | 'method'> | undefined {
  let { parent } = promises;
  // Promise.all([...items.map(…), other])
  if (parent?.type === 'SpreadElement' && parent.parent.type === 'ArrayExpression') parent = parent.parent.parent;
  if (parent?.type !== 'CallExpression') return undefined;
  const callee = skipWrappers(parent.callee);
  if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier' || callee.object.name !== 'Promise' || !file.isGlobal(callee.object)) return undefined;
  const method = getPropertyName(callee);
  return method !== undefined && COMBINATORS.test(method) ? { combinator: parent, method } : undefined;
}

function findWaitOfHolder(file: SourceFile, holder: Variable): Wait | undefined {
  for (const { identifier } of holder.references) {
    const combinator = findCombinator(file, outermostWrapper(identifier));
    if (combinator) return { ...combinator, holder };
  }
  return undefined;
}

/** if (running.length >= 10) await Promise.race(running);  the loop itself holds back. */
function isTendedInLoop(holder: Variable, { body }: Loop, push: TSESTree.CallExpression): boolean {
  return holder.references.some(({ identifier }) => {
    const isInLoop = body.range[0] <= identifier.range[0] && identifier.range[1] <= body.range[1];
    return isInLoop && !(push.range[0] <= identifier.range[0] && identifier.range[1] <= push.range[1]);
  });
}

function finish(file: SourceFile, start: Omit<UnboundedStart, 'fn' | 'bound' | 'isRecursive' | 'certainty' | 'path'>): UnboundedStart | undefined {
  const bound = start.loop?.isBounded ? 'bounded' : start.list ? getListBound(file, start.list) : 'open';
  if (bound === 'bounded') return undefined;
  const { node, io, combinator } = start;
  return {
    ...start,
    fn: start.callback && findCallback(file, start.callback),
    bound,
    isRecursive: isRecursive(file, node),
    certainty: bound === 'open' && (!start.list || isShortList(start.list)) ? 'potential' : 'certain',
    path: [
      { kind: 'note', node, text: 'work starts for every element at once' },
      { kind: 'call', node: io.call, text: `each starts \`${io.name}\`` },
      ...(combinator ? [{ kind: 'await' as const, node: combinator, text: 'all of it is waited for together' }] : []),
    ],
  };
}

/** Whether what is started calls the function around it again. */
function isRecursive(file: SourceFile, node: Node): boolean {
  let around: Node | undefined = node.parent;
  const functions = new Set<Node>();
  for (; around; around = around.parent) if (isFunction(around)) functions.add(around);
  let found = false;
  walk(
    node,
    (inner) => {
      if (inner.type === 'CallExpression' && inner !== node) {
        const called = findCalled(file, inner);
        if (called && functions.has(called)) found = true;
      }
      return !found;
    },
    file.visitorKeys,
  );
  return found;
}
