import { getStatements } from '../repairs/guard-statements.js';
import type { Refusal } from '../repairs/refusal.js';
import type { ResourceRepair } from '../repairs/resource-repair.js';
import { getIndent, getLineBreak, hasSemicolons } from '../repairs/text-layout.js';
import { findModuleFunction } from '../scopes/find-module-function.js';
import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, type TSESTree, getEnclosingRoot, getPropertyName, getStringValue, isFunction, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import type { UnguardedPipe } from './find-unguarded-pipes.js';
import { readPlainWait, settles } from './read-plain-wait.js';

/** The streams that are joined one after the other, and the last of the calls that join them. */
export interface Pipes {
  readonly streams: readonly Node[];
  readonly last: Node;
}

/**
 * await new Promise((resolve, reject) => { a.on('error', reject); a.pipe(b).on('error', reject).on('finish', resolve); });
 * →
 * await pipeline(a, b);
 *
 * Where the promise does more than that, only the pipe is replaced: `pipeline(a, b, (error) => { if (error) reject(error); })`.
 */
export function getPipeRepair(pipe: UnguardedPipe, file: SourceFile): ResourceRepair | Refusal {
  const executor = findExecutor(pipe.call);
  const pipes = readPipes(pipe.call);
  if (pipe.response !== undefined && pipes && pipes !== 'stays-open') return getForResponse(pipe.response, pipes, file);
  if (!executor || !pipes) return { reason: 'unsupported-shape', detail: 'the streams are joined conditionally' };
  if (pipes === 'stays-open') return { reason: 'would-change-behaviour', detail: 'the target is to stay open' };
  if (countPipes(executor, file) !== pipes.streams.length - 1) return { reason: 'would-change-behaviour', detail: 'a stream goes to more than one target' };
  return getAwaited(executor, pipes, file) ?? getWithCallback(executor, pipes, file);
}

/** createReadStream(file).pipe(res);  →  pipeline(createReadStream(file), res, (error) => { if (error) res.destroy(error); }); */
function getForResponse(response: string, { streams, last }: Pipes, file: SourceFile): ResourceRepair | Refusal {
  if (outermostWrapper(last).parent?.type !== 'ExpressionStatement') return { reason: 'unsupported-shape', detail: 'what `pipe` gives is used' };
  // An answer that a listener gives would be cut off.
  if (/\.(?:on|once|addListener)\(\s*['"]error['"]/.test(file.getText(getEnclosingRoot(last)))) return { reason: 'would-change-behaviour', detail: 'a listener answers to an error itself' };
  const joined = streams.map((stream) => file.getText(stream)).join(', ');
  const write = (text: string, needed?: { readonly module: string; readonly name: string }): ResourceRepair => ({
    edits: [{ start: last.range[0], end: last.range[1], text }],
    helpers: [],
    imports: needed ? [needed] : [],
  });
  const promised = findModuleFunction('stream:promises.pipeline', file);
  if (!promised.needed && !isHidden(promised.text, last, file)) return write(`${promised.text}(${joined}).catch((error) => ${response}.destroy(error))`);
  const { text, needed } = findModuleFunction('stream:pipeline', file);
  if (isHidden(text, last, file) || (needed && isDeclared(needed.name, file))) return { reason: 'name-taken', detail: `\`${text}\` means something else here` };
  return write(`${text}(${joined}, (error) => { if (error) ${response}.destroy(error)${hasSemicolons(file.text) ? '; ' : ' '}})`, needed);
}

function findExecutor(call: Node): FunctionNode | undefined {
  for (let outer: Node | undefined = call.parent; outer; outer = outer.parent) {
    if (isFunction(outer) && outer.parent.type === 'NewExpression') return outer;
  }
  return undefined;
}

/** a.pipe(b).pipe(c) */
function readPipes(first: TSESTree.CallExpression): Pipes | 'stays-open' | undefined {
  const callee = skipWrappers(first.callee) as TSESTree.MemberExpression;
  const streams: Node[] = [callee.object];
  for (let call = first; ; ) {
    const member = skipWrappers(call.callee) as TSESTree.MemberExpression;
    const [target, options] = call.arguments;
    if (!target || target.type === 'SpreadElement' || member.optional || call.optional) return undefined;
    if (options && !isEnding(options)) return 'stays-open';
    streams.push(target);
    const outer = outermostWrapper(call);
    const next = outer.parent;
    const isPiped = next?.type === 'MemberExpression' && next.object === outer && getPropertyName(next) === 'pipe' && next.parent.type === 'CallExpression';
    if (!isPiped) return { streams, last: call };
    call = next.parent as TSESTree.CallExpression;
  }
}

/** { end: true } */
function isEnding(options: Node): boolean {
  const node = skipWrappers(options);
  if (node.type !== 'ObjectExpression') return false;
  return node.properties.every((property) => property.type === 'Property' && getPropertyName(property) === 'end' && property.value.type === 'Literal' && property.value.value === true);
}

function countPipes(executor: FunctionNode, file: SourceFile): number {
  let count = 0;
  walk(
    executor,
    (node) => {
      if (node.type === 'MemberExpression' && getPropertyName(node) === 'pipe') count++;
    },
    file.visitorKeys,
  );
  return count;
}

function getAwaited(executor: FunctionNode, pipes: Pipes, file: SourceFile): ResourceRepair | undefined {
  const promise = outermostWrapper(executor.parent);
  const isAwaited = promise.parent?.type === 'AwaitExpression';
  const value = isAwaited ? outermostWrapper(promise.parent!) : promise;
  const statement = value.parent;
  const isReturned = statement?.type === 'ReturnStatement';
  const isArrow = statement?.type === 'ArrowFunctionExpression' && statement.body === value;
  if (!(isAwaited && statement?.type === 'ExpressionStatement') && !isReturned && !isArrow) return undefined;
  const plain = readPlainWait(executor, pipes, file);
  const { text, needed } = findModuleFunction('stream:promises.pipeline', file);
  if (!plain || isHidden(text, promise, file) || (needed && isDeclared(needed.name, file))) return undefined;
  if (plain.declarations.length > 0 && (isArrow || !getStatements(statement) || !getIndent(file.text, statement.range[0]).isOnOwnLine)) return undefined;
  const call = `${text}(${plain.streams.map((stream) => writeArgument(stream, file)).join(', ')})`;
  const line = `${getLineBreak(file.text)}${getIndent(file.text, statement.range[0]).text}`;
  const written = `${isAwaited ? 'await ' : ''}${call}`;
  const imports = needed ? [needed] : [];
  if (plain.declarations.length === 0) return { edits: [{ start: value.range[0], end: value.range[1], text: written }], helpers: [], imports };
  const head = plain.declarations.map((declaration) => `${moveLeft(declaration, statement, file)}${line}`).join('');
  const end = hasSemicolons(file.text) ? ';' : '';
  return { edits: [{ start: statement.range[0], end: statement.range[1], text: `${head}${isReturned ? 'return ' : ''}${written}${end}` }], helpers: [], imports };
}

function getWithCallback(executor: FunctionNode, { streams, last }: Pipes, file: SourceFile): ResourceRepair | Refusal {
  const [resolve, reject] = executor.params;
  const { text, needed } = findModuleFunction('stream:pipeline', file);
  if (isHidden(text, last, file) || (needed && isHidden(needed.name, last, file))) return { reason: 'name-taken', detail: `\`${text}\` means something else here` };
  if (!resolve || (reject && reject.type !== 'Identifier')) return { reason: 'unsupported-shape', detail: 'the promise has no `reject`' };
  const isOpen = /\)\s*(?::[^=]*)?=>/.test(file.text.slice(resolve.range[1], executor.body.range[0])) || executor.type === 'FunctionExpression';
  if (!reject && (!isOpen || isHidden('reject', last, file))) return { reason: 'unsupported-shape', detail: 'the promise has no `reject`' };
  if (reject && isShadowed(reject, last, file)) return { reason: 'name-taken', detail: '`reject` means something else here' };
  const name = reject ? (reject).name : 'reject';
  const end = hasSemicolons(file.text) ? '; ' : ' ';
  const closing = findCloseListeners(executor, file);
  const [listener] = closing;
  const isBehind = closing.length === 1 && listener !== undefined && (listener.callee as TSESTree.MemberExpression).object === last && isBareResolve(listener.arguments[1]!, resolve, file);
  if (closing.length > 0 && !isBehind) return { reason: 'would-change-behaviour', detail: '`close` settles the promise, which comes before the failure is told' };
  // A stream that fails is closed as well, and says so first.
  const settling = isBehind ? `if (error) ${name}(error); else ${file.getText(resolve).replace(/\W.*$/s, '')}()${end}` : `if (error) ${name}(error)${end}`;
  const call = `${text}(${streams.map((stream) => writeArgument(stream, file)).join(', ')}, (error) => { ${settling}})`;
  const edits = [{ start: last.range[0], end: (isBehind ? listener : last).range[1], text: call }];
  if (!reject) edits.unshift({ start: resolve.range[1], end: resolve.range[1], text: ', reject' });
  return { edits, helpers: [], imports: needed ? [needed] : [] };
}

/** stream.on('close', resolve), stream.once('close', () => resolve(path)) */
function findCloseListeners(executor: FunctionNode, file: SourceFile): TSESTree.CallExpression[] {
  const [resolve] = executor.params;
  const settled = resolve?.type === 'Identifier' ? file.getVariable(resolve) : undefined;
  const found: TSESTree.CallExpression[] = [];
  walk(
    executor.body,
    (node) => {
      if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression' || !/^(?:on|once)$/.test(getPropertyName(node.callee) ?? '')) return;
      const [event, handler] = node.arguments;
      const isSettling = handler && settled?.references.some(({ identifier }) => handler.range[0] <= identifier.range[0] && identifier.range[1] <= handler.range[1]);
      if (getStringValue(event) === 'close' && isSettling) found.push(node);
    },
    file.visitorKeys,
  );
  return found;
}

/** `resolve`, `() => resolve()` */
function isBareResolve(handler: Node, resolve: Node, file: SourceFile): boolean {
  const variable = file.getVariable(resolve);
  return variable !== undefined && settles(handler, variable, false, file);
}

/** A stream in the list of arguments: a chain that is broken over lines before its dots stands in one line there. */
function writeArgument(stream: Node, file: SourceFile): string {
  const text = file.getText(stream);
  return /[`]|\/[/*]/.test(text) ? text : text.replace(/\s*\n\s*(?=\??\.)/g, '');
}

/** A declaration with the indentation of another statement. */
function moveLeft(declaration: Node, statement: Node, file: SourceFile): string {
  const [from, to] = [declaration, statement].map((node) => getIndent(file.text, node.range[0]).text) as [string, string];
  const text = file.getText(declaration);
  return text.includes('`') || !from.startsWith(to) ? text : text.replaceAll(`\n${from}`, `\n${to}`);
}

function isDeclared(name: string, file: SourceFile): boolean {
  return file.getScopes(file.ast).some((scope) => scope.set.get(name)?.defs.length);
}

/** Whether the first name of a text is declared again between a place and the top of the file. */
function isHidden(text: string, place: Node, file: SourceFile): boolean {
  const name = /^\w+/.exec(text)![0];
  for (let outer: Node | undefined = place; outer && outer.type !== 'Program'; outer = outer.parent) {
    if (file.getScopes(outer).some((scope) => scope.set.has(name))) return true;
  }
  return false;
}

function isShadowed(parameter: TSESTree.Identifier, place: Node, file: SourceFile): boolean {
  for (let outer: Node | undefined = place; outer && outer !== parameter.parent; outer = outer.parent) {
    if (file.getScopes(outer).some((scope) => scope.set.has(parameter.name))) return true;
  }
  return false;
}
