import type { Finding } from '../finding.js';
import { findLocalFunction } from '../ownership/values.js';
import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, type TSESTree, getPropertyName, getStringValue, isFunction, isWithin, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';

/** A `pipe` that a promise waits for, where an error or a close on one side leaves the other side open. */
export interface UnguardedPipe extends Finding {
  readonly call: TSESTree.CallExpression;
  readonly source: string;
  /** The response of a server that is piped to, where a client that leaves is what leaves the source open. */
  readonly response?: string;
  /** The promise learns of a failure of the target, so that what is lost is the source alone. */
  readonly isSettled?: boolean;
}

const COMPLETIONS = new Set(['finish', 'close', 'end', 'done']);
/** Somebody takes care of both sides. */
const JOINED = /\b(?:pipeline|finished|pump|eos)\s*\(/;
const ENDING = /\.(?:destroy|unpipe|abort|cancel)\s*\(|\b(?:destroy|cleanup|abort|teardown)\b/;
const FAILURES = new Set(['error', 'close', 'aborted']);
/** Streams whose other end is the process's own, or memory: nothing is held by them. */
const HARMLESS = /\bstd(?:in|out|err)\b|\bReadable\.from\b|\bPassThrough\b|\bdev_?[nN]ull/;
/** Where a source comes from that holds a file or a connection. */
const OPENED = /ReadStream|\.body\b|fromWeb|\b(?:res|resp|response)\w*\b|fetch|request|download|\.get\(|open|upload/i;
const HOLDING = /(?:^|[._])(?:res|resp|response|body|req|request|proxyRes|upstream|incoming|input|source|stream|file|rs)\w*$|Stream\b|Response\b/i;

/**
 * `pipe` passes on data and nothing else: when the target fails or is closed, the source stays open and its end is
 * never told. Found where a promise waits for the end, since that promise then never settles. Source: Node's
 * documentation of `readable.pipe()` and `stream.pipeline()`.
 */
export function findUnguardedPipes(file: SourceFile): UnguardedPipe[] {
  if (!file.text.includes('.pipe(')) return [];
  const found: UnguardedPipe[] = [];
  for (const call of file.getNodes('CallExpression')) {
    const pipe = toUnguardedPipe(call, file);
    if (pipe) found.push(pipe);
  }
  return found;
}

function toUnguardedPipe(call: TSESTree.CallExpression, file: SourceFile): UnguardedPipe | undefined {
  const callee = skipWrappers(call.callee);
  const [target] = call.arguments;
  if (callee.type !== 'MemberExpression' || getPropertyName(callee) !== 'pipe' || !target || call.arguments.length > 2) return undefined;
  const source = findSource(callee.object);
  // a.pipe(b).pipe(c) is reported once, at its first pipe.
  if (source.type === 'CallExpression' && isPipe(source)) return undefined;
  const text = file.getText(source);
  if (HARMLESS.test(text) || HARMLESS.test(file.getText(target))) return undefined;
  const executor = findExecutor(call, file);
  if (!executor || JOINED.test(file.getText(executor)) || endsOnFailure(executor, file) || !waitsForEnd(executor, file)) return undefined;
  const isSettled = settlesOnFailure(call, target, executor, file);
  const isHolding = /createReadStream/.test(file.getOrigin(source) ?? '') || (HOLDING.test(text) && !(isSettled && isInMemory(source, file)));
  return {
    call,
    source: text.length > 40 ? `${text.slice(0, 37)}…` : text,
    isSettled,
    node: callee.property,
    certainty: isHolding ? 'certain' : 'potential',
    path: [
      { kind: 'acquire', node: callee.property, text: 'the streams are joined by `pipe`' },
      { kind: 'note', node: executor, text: isSettled ? 'a promise waits for the end, and nothing ends the source when the target fails' : 'a promise waits for the end, which does not come when one side fails or is closed' },
    ],
  };
}

/** Whether a source was made in the same file of something that opens neither a file nor a connection: `objects.pipe(toJson)`. */
function isInMemory(source: Node, file: SourceFile): boolean {
  const variable = source.type === 'Identifier' ? file.getVariable(source) : undefined;
  const value = variable && file.getOnlyValue(variable);
  return value !== undefined && !OPENED.test(file.getText(value));
}

/** target.on('error', reject), a.pipe(target).on('close', resolve) */
function settlesOnFailure(pipe: TSESTree.CallExpression, target: Node, executor: FunctionNode, file: SourceFile): boolean {
  const settlers = executor.params.flatMap((parameter) => (parameter.type === 'Identifier' ? (file.getVariable(parameter) ?? []) : []));
  const text = file.getText(target);
  return someListener(executor, (receiver, event, handler) => {
    if (event !== 'error' && event !== 'close') return false;
    const source = findSource(receiver);
    const isChained = source.type === 'CallExpression' && isWithin(pipe, source) && isPipe(source);
    if (!isChained && file.getText(source) !== text) return false;
    const node = handler.type === 'Identifier' ? (findLocalFunction(handler, file) ?? handler) : handler;
    return settlers.some(({ references }) => references.some(({ identifier }) => isWithin(identifier, node) || identifier === handler));
  });
}

/** Whether some listener that is added in a function meets a condition. */
function someListener(root: FunctionNode, test: (receiver: Node, event: string | undefined, handler: Node) => boolean): boolean {
  let isFound = false;
  walk(root.body, (node) => {
    if (node.type !== 'CallExpression' || isFound) return !isFound;
    const callee = skipWrappers(node.callee);
    const [event, handler] = node.arguments;
    if (callee.type !== 'MemberExpression' || !handler || !/^(?:on|once|addListener)$/.test(getPropertyName(callee) ?? '')) return true;
    isFound = test(callee.object, getStringValue(event), skipWrappers(handler));
    return !isFound;
  });
  return isFound;
}

/** The stream that the chain starts from: `res.body` of `res.body.on('error', f).pipe(x)`. */
function findSource(expression: Node): Node {
  let node = skipWrappers(expression);
  for (;;) {
    if (node.type !== 'CallExpression') return node;
    const callee = skipWrappers(node.callee);
    const name = callee.type === 'MemberExpression' ? getPropertyName(callee) : undefined;
    if (callee.type !== 'MemberExpression' || (name !== 'on' && name !== 'once' && name !== 'setEncoding')) return node;
    node = skipWrappers(callee.object);
  }
}

function isPipe(call: TSESTree.CallExpression): boolean {
  const callee = skipWrappers(call.callee);
  return callee.type === 'MemberExpression' && getPropertyName(callee) === 'pipe';
}

/** The executor of `new Promise(…)` that a node is in, at any depth of callbacks. */
function findExecutor(node: Node, file: SourceFile): FunctionNode | undefined {
  for (let outer: Node | undefined = node.parent; outer; outer = outer.parent) {
    if (!isFunction(outer)) continue;
    const { parent } = outer;
    if (parent.type === 'NewExpression' && file.getOrigin(parent.callee) === 'global:Promise') return outer;
    if (parent.type !== 'CallExpression') return undefined;
  }
  return undefined;
}

/** Whether a handler of a failure ends a stream. */
function endsOnFailure(executor: FunctionNode, file: SourceFile): boolean {
  return someListener(executor, (_, event, handler) => {
    if (!FAILURES.has(event ?? '')) return false;
    const local = handler.type === 'Identifier' ? findLocalFunction(handler, file) : undefined;
    return ENDING.test(file.getText(local ?? handler));
  });
}

/** Whether the executor resolves on an event that ends a stream. */
function waitsForEnd(executor: FunctionNode, file: SourceFile): boolean {
  const [resolve] = executor.params;
  const variable = resolve?.type === 'Identifier' ? file.getVariable(resolve) : undefined;
  if (!variable) return false;
  return someListener(executor, (_, event, handler) => COMPLETIONS.has(event ?? '') && variable.references.some(({ identifier }) => isWithin(identifier, handler)));
}
