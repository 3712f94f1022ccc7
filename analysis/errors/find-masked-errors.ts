import { type FunctionNode, type Node, type TSESTree, getCalleeName, getPropertyName, getStringValue, isFunction, skipWrappers } from '../syntax/node.js';
import { getChildren, walk } from '../syntax/walk.js';
import type { Certainty, Finding } from '../finding.js';
import { findFunction } from '../scopes/find-function.js';
import type { SourceFile } from '../source-file.js';
import { alwaysLeaves } from './guards.js';
import { isReportingCall } from './is-reporting-call.js';

/** A step of error handling that can fail itself, and whose error then hides the first one. */
export interface MaskedError extends Finding {
  /** The clean-up call, or the `throw` in `finally`. */
  readonly node: Node;
  readonly kind: 'cleanup' | 'finally';
  /** The name of the error that would be hidden; undefined for `finally`. */
  readonly caughtName: string | undefined;
  /** Where the first error would have been thrown on. */
  readonly rethrow: Node | undefined;
  /** The statement to be guarded, where the clean-up is one of its own. */
  readonly statement: TSESTree.ExpressionStatement | undefined;
}

const ROLLS_BACK = /^(?:#|_)?rollback/i;
const CLEANS_UP =
  /^[#_]?(?:close|end|dispose|destroy|release|unlock|clean[uU]p|tear[dD]own|shutdown|disconnect|discard|(?:stop|abort|cancel|delete|remove|revert|restore|undo|kill)\w*)$/;
/** Reject when the file is not there, which is likely where making it is what failed (https://nodejs.org/api/fs.html). */
const REMOVES_FILE = /^fs(?:-extra)?:(?:promises\.)?(?:unlink|unlinkSync|rmdir|rmdirSync)$/;
const MAY_REMOVE_FILE = /^fs(?:-extra)?:(?:promises\.)?(?:rm|rmSync)$/;

/** Finds clean-up that hides the error it cleans up after, in source order. */
export function findMaskedErrors(file: SourceFile): MaskedError[] {
  const found: MaskedError[] = [];
  for (const node of file.getNodes('CatchClause', 'TryStatement', 'ArrowFunctionExpression', 'FunctionExpression')) {
    if (node.type === 'CatchClause') {
      if (node.param?.type === 'Identifier') findInHandler(file, node.body, node.param, found);
    } else if (node.type === 'TryStatement') {
      if (node.finalizer) findInFinalizer(file, node, found);
    } else if (node.body.type === 'BlockStatement' && isPromiseHandler(node) && node.params[0]?.type === 'Identifier') {
      findInHandler(file, node.body, node.params[0], found);
    }
  }
  return found;
}

/** promise.catch(async (error) => { … }) */
function isPromiseHandler(fn: FunctionNode): boolean {
  const { parent } = fn;
  if (parent.type !== 'CallExpression' || parent.arguments[0] !== fn || parent.callee.type !== 'MemberExpression') return false;
  return getPropertyName(parent.callee) === 'catch';
}

/** catch (error) { await rollback(); throw error; } */
function findInHandler(file: SourceFile, body: TSESTree.BlockStatement, parameter: TSESTree.Identifier, found: MaskedError[]): void {
  walk(
    body,
    (node) => {
      // What is in a `try`, or runs later, cannot hide the error.
      if (node.type === 'TryStatement' && node.handler) return false;
      if (isFunction(node)) return false;
      if (node.type !== 'CallExpression') return true;
      const certainty = getCertaintyOfCleanup(file, node, body);
      const rethrow = certainty && findRethrow(file, node, body, parameter);
      if (!rethrow) return true;
      const step = node.parent.type === 'AwaitExpression' ? node.parent : node;
      const { parent } = step;
      found.push({
        node: step,
        kind: 'cleanup',
        caughtName: parameter.name,
        rethrow,
        statement: parent.type === 'ExpressionStatement' ? parent : undefined,
        certainty,
        path: [
          { kind: 'await', node: step, text: `\`${getCalleeName(node.callee) ?? 'the call'}\` fails too, and its error leaves` },
          { kind: 'throw', node: rethrow, text: `\`${parameter.name}\` would be thrown on here` },
        ],
      });
      return true;
    },
    file.visitorKeys,
  );
}

function getCertaintyOfCleanup(file: SourceFile, call: TSESTree.CallExpression, body: Node): Certainty | undefined {
  const name = getCalleeName(call.callee);
  if (name === undefined || isReportingCall(call)) return undefined;
  const isAwaited = call.parent.type === 'AwaitExpression';
  const origin = file.getOrigin(call.callee);
  const isSynchronous = origin?.endsWith('Sync') ?? false;
  if (!isAwaited && !isSynchronous) return undefined;
  if (isGuarded(file, call)) return undefined;
  if (origin && REMOVES_FILE.test(origin)) return isUnderTest(call, body) ? 'potential' : 'certain';
  if (origin && MAY_REMOVE_FILE.test(origin)) return 'potential';
  const isRollback = ROLLS_BACK.test(name) || (isQuery(name) && /^\s*ROLLBACK\b/i.test(getStringValue(call.arguments[0]) ?? ''));
  if (isRollback) return 'certain';
  return CLEANS_UP.test(name) ? 'potential' : undefined;
}

function isQuery(name: string): boolean {
  return /^(?:query|execute|exec|run|unsafe|raw|\$executeRaw(?:Unsafe)?)$/.test(name);
}

/** if (existsSync(path)) unlinkSync(path) */
function isUnderTest(call: Node, body: Node): boolean {
  for (let outer = call.parent; outer && outer !== body; outer = outer.parent) {
    if (outer.type === 'IfStatement' || outer.type === 'ConditionalExpression' || outer.type === 'LogicalExpression') return true;
  }
  return false;
}

/** Whether a function of the file is called that handles its own errors: its whole body is one `try` with a `catch`. */
function isGuarded(file: SourceFile, call: TSESTree.CallExpression): boolean {
  const callee = skipWrappers(call.callee);
  const isOwnMethod = callee.type === 'MemberExpression' && callee.object.type === 'ThisExpression';
  const called = isOwnMethod ? findMethodOfThis(callee) : callee.type === 'Identifier' ? findFunction(file, callee) : undefined;
  if (called?.body.type !== 'BlockStatement') return false;
  return called.body.body.some((statement) => statement.type === 'TryStatement' && statement.handler && !containsThrow(statement.handler.body));
}

function findMethodOfThis(member: TSESTree.MemberExpression): FunctionNode | undefined {
  const name = getPropertyName(member);
  for (let outer: Node | undefined = member.parent; outer; outer = outer.parent) {
    if (outer.type !== 'ClassBody') continue;
    const method = outer.body.find((element) => (element.type === 'MethodDefinition' || element.type === 'PropertyDefinition') && getPropertyName(element) === name);
    const value = method && 'value' in method ? method.value : undefined;
    return value && isFunction(value) ? value : undefined;
  }
  return undefined;
}

function containsThrow(node: Node): boolean {
  if (node.type === 'ThrowStatement') return true;
  return !isFunction(node) && getChildren(node).some(containsThrow);
}

/** The `throw` of the caught error (or of one that carries or names it) that follows `call` on its way. */
function findRethrow(file: SourceFile, call: Node, body: Node, parameter: TSESTree.Identifier): TSESTree.ThrowStatement | undefined {
  const variable = file.getVariable(parameter);
  let inner: Node = call;
  for (let outer = call.parent; outer && inner !== body; inner = outer, outer = outer.parent) {
    if (outer.type !== 'BlockStatement') continue;
    const after = outer.body.slice(outer.body.indexOf(inner as TSESTree.Statement) + 1);
    for (const statement of after) {
      if (statement.type === 'ThrowStatement') return mentions(file, statement, variable) ? statement : undefined;
      if (alwaysLeaves(statement)) return undefined;
    }
  }
  return undefined;
}

function mentions(file: SourceFile, node: Node, variable: unknown): boolean {
  if (node.type === 'Identifier') return file.getReference(node)?.resolved === variable;
  return getChildren(node, file.visitorKeys).some((child) => mentions(file, child, variable));
}

/** try { … } finally { throw new Error(…) } */
function findInFinalizer(file: SourceFile, statement: TSESTree.TryStatement, found: MaskedError[]): void {
  // A `catch` that ends normally leaves no error on its way.
  if (statement.handler && !containsThrow(statement.handler.body)) return;
  walk(
    statement.finalizer!,
    (node) => {
      if (isFunction(node)) return false;
      if (node.type === 'TryStatement' && node.handler) return false;
      if (node.type !== 'ThrowStatement' || skipWrappers(node.argument).type !== 'NewExpression') return true;
      found.push({
        node,
        kind: 'finally',
        caughtName: undefined,
        rethrow: undefined,
        statement: undefined,
        certainty: isUnderTest(node, statement.finalizer!) ? 'potential' : 'certain',
        path: [{ kind: 'throw', node, text: 'this error replaces the one that is on its way out of `try`' }],
      });
      return true;
    },
    file.visitorKeys,
  );
}
