import type { SourceFile } from '../source-file.js';
import { type CallLike, type Node, getPropertyName, isFunction, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import { findCalledFunction } from './called-function.js';

/** Verbs of functions that make something new; `get`, `find`, `of` and the like may hand out what they have already. */
const MAKING = /^(?:create|make|open|acquire|lock|allocate|alloc|spawn|launch|begin|connect|build|start|mkdtemp|mktemp|reserve|borrow|lease|subscribe|listen|watch|register|enter|push)(?=$|[A-Z_])/;

/**
 * Whether the types say that a call makes something disposable, and how sure it is that it is the caller's:
 * a constructor makes it, a function named for making does, and any other may hand out what is somebody else's.
 */
export function judgeDisposable(call: CallLike, file: SourceFile): 'certain' | 'potential' | undefined {
  const { types } = file;
  if (!types || !isLosable(call) || types.getDisposal(call) === undefined) return undefined;
  if (call.type === 'NewExpression') return registersItself(call, file) ? undefined : 'certain';
  const callee = skipWrappers(call.callee);
  // A function of this file says itself what it returns.
  if (findCalledFunction(callee, file)) return undefined;
  const origin = file.getOrigin(callee);
  if (origin && /^(?:global|events|timers|fs|stream|http|https|net|readline|worker_threads|child_process):/.test(origin)) return undefined;
  const name = callee.type === 'Identifier' ? callee.name : callee.type === 'MemberExpression' ? getPropertyName(callee) : undefined;
  if (name === undefined) return undefined;
  // builder.start(): the receiver itself may come back.
  if (callee.type === 'MemberExpression' && types.getDisposal(callee.object) !== undefined) return undefined;
  return MAKING.test(name) ? 'certain' : 'potential';
}

/** Whether the value of a call is put where it can get lost: in a variable, a field, or nowhere. Elsewhere somebody takes it. */
function isLosable(call: CallLike): boolean {
  let outer = outermostWrapper(call);
  // new Lease().start(): the method may give it back.
  while (call.type === 'NewExpression' && outer.parent?.type === 'MemberExpression' && outer.parent.object === outer && outer.parent.parent.type === 'CallExpression') outer = outermostWrapper(outer.parent.parent);
  if (outer.parent?.type === 'AwaitExpression') outer = outermostWrapper(outer.parent);
  const { parent } = outer;
  if (parent?.type === 'VariableDeclarator') return parent.id.type === 'Identifier' && !parent.parent.kind.includes('using');
  if (parent?.type === 'AssignmentExpression') return parent.operator === '=' && parent.right === outer;
  return parent?.type === 'ExpressionStatement' || parent?.type === 'ReturnStatement' || (parent !== undefined && isFunction(parent));
}

/** new Child(…) where the constructor of the class gives `this` away: whoever got it disposes of it. */
function registersItself(call: CallLike, file: SourceFile): boolean {
  const callee = skipWrappers(call.callee);
  const definition = callee.type === 'Identifier' ? file.getVariable(callee)?.defs[0] : undefined;
  if (definition?.type !== 'ClassName' || (definition.node.type !== 'ClassDeclaration' && definition.node.type !== 'ClassExpression')) return false;
  const maker = definition.node.body.body.find((member) => member.type === 'MethodDefinition' && member.kind === 'constructor');
  let isGiven = false;
  if (maker) walk(maker, (node: Node) => void (isGiven ||= node.type === 'ThisExpression' && node.parent.type !== 'MemberExpression'), file.visitorKeys);
  return isGiven;
}
