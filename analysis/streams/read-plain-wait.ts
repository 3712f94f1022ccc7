import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, type TSESTree, getEnclosingRoot, getPropertyName, getStringValue, isFunction, outermostWrapper, skipWrappers } from '../syntax/node.js';
import type { Pipes } from './pipe-repair.js';

/** A promise that joins streams, waits for the end and fails with them, and does nothing else. */
interface PlainWait {
  readonly streams: readonly Node[];
  /** Declarations of streams that stand in the executor. */
  readonly declarations: readonly TSESTree.VariableDeclaration[];
}

const ENDS = new Set(['finish', 'close', 'end']);

/** Undefined where the executor does more than `pipeline` would. */
export function readPlainWait(executor: FunctionNode, pipes: Pipes, file: SourceFile): PlainWait | undefined {
  const [resolve, reject] = executor.params.map((parameter) => (parameter.type === 'Identifier' ? file.getVariable(parameter) : undefined));
  const streams = pipes.streams.map((stream) => getReceiver(stream));
  const texts = new Set(streams.map((stream) => file.getText(stream)));
  const declarations: TSESTree.VariableDeclaration[] = [];
  const statements = executor.body.type === 'BlockStatement' ? executor.body.body : [executor.body];
  for (const statement of statements) {
    if (statement.type === 'VariableDeclaration' && isFree(statement, executor, [resolve, reject], file)) declarations.push(statement);
    else {
      const expression = statement.type === 'ExpressionStatement' ? statement.expression : statement;
      if (/Statement$|Declaration$/.test(expression.type) || !isPlainChain(expression, texts, resolve, reject, file)) return undefined;
    }
  }
  const comments = file.text.slice(...executor.body.range).match(/\/\*|(?<!:)\/\//);
  return resolve && !comments ? { streams, declarations } : undefined;
}

/** Whether every call of a chain joins streams, or listens for the end or a failure of one to settle the promise. */
function isPlainChain(expression: Node, streams: ReadonlySet<string>, resolve: Variable | undefined, reject: Variable | undefined, file: SourceFile): boolean {
  let node = skipWrappers(expression);
  while (node.type === 'CallExpression' && node.callee.type === 'MemberExpression' && !streams.has(file.getText(node))) {
    const name = getPropertyName(node.callee);
    const [event, handler] = node.arguments;
    const kind = getStringValue(event);
    if (name === 'on' || name === 'once') {
      const isSettling = kind === 'error' ? settles(handler, reject, true, file) : ENDS.has(kind ?? '') && settles(handler, resolve, false, file);
      if (!isSettling) return false;
    } else if (name !== 'pipe') return false;
    node = skipWrappers(node.callee.object);
  }
  return streams.has(file.getText(node));
}

/** `resolve`, `() => resolve()`, `reject`, `(error) => reject(error)` */
export function settles(handler: Node | undefined, settle: Variable | undefined, isFailing: boolean, file: SourceFile): boolean {
  if (!handler || !settle) return false;
  const node = skipWrappers(handler);
  if (node.type === 'Identifier') return file.getVariable(node) === settle;
  if (!isFunction(node)) return false;
  const [only] = node.body.type === 'BlockStatement' ? node.body.body : [node.body];
  if (node.body.type === 'BlockStatement' && node.body.body.length !== 1) return false;
  const call = skipWrappers(only.type === 'ExpressionStatement' ? only.expression : only);
  if (call.type !== 'CallExpression' || call.callee.type !== 'Identifier' || file.getVariable(call.callee) !== settle) return false;
  const [argument] = call.arguments;
  const [parameter] = node.params;
  if (!isFailing) return call.arguments.length === 0;
  return argument?.type === 'Identifier' && parameter?.type === 'Identifier' && argument.name === parameter.name;
}

/** The stream that listeners are added to: `res.body` of `res.body.on('error', reject)`. */
function getReceiver(stream: Node): Node {
  let node = skipWrappers(stream);
  while (node.type === 'CallExpression' && node.callee.type === 'MemberExpression' && /^(?:on|once)$/.test(getPropertyName(node.callee) ?? '')) {
    node = skipWrappers(node.callee.object);
  }
  return node;
}

/** Whether a declaration can stand outside of the executor: its names mean nothing there, and it does not settle the promise. */
function isFree(declaration: TSESTree.VariableDeclaration, executor: FunctionNode, settlers: readonly (Variable | undefined)[], file: SourceFile): boolean {
  const isInside = ({ range }: Node) => declaration.range[0] <= range[0] && range[1] <= declaration.range[1];
  if (settlers.some((settler) => settler?.references.some(({ identifier }) => isInside(identifier)))) return false;
  const names = declaration.declarations.map(({ id }) => (id.type === 'Identifier' ? id.name : undefined));
  const root = getEnclosingRoot(outermostWrapper(executor));
  const around = file.text.slice(root.range[0], executor.range[0]) + file.text.slice(executor.range[1], root.range[1]);
  return names.every((name) => name !== undefined && !new RegExp(`(?<![\\w$.])${name}(?![\\w$])`).test(around));
}
