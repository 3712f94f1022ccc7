import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, type TSESTree, getEnclosingRoot, getPropertyName, getStringValue, isFunction, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import type { UnguardedPipe } from './find-unguarded-pipes.js';

const FILE_STREAMS = new Set(['fs:createReadStream', 'fs-extra:createReadStream', 'graceful-fs:createReadStream']);
/** Somebody takes care of the source, or may. */
const GUARDED = /\b(?:pipeline|finished|pump|eos|onFinished)\b|\.(?:destroy|unpipe|abort)\s*\(/;

/**
 * `createReadStream(file).pipe(res)`: a client that leaves early closes the response, and `pipe` does not pass that on, so that
 * the file stays open for good. Source: Node's documentation of `readable.pipe()`.
 */
export function findAbandonedSources(file: SourceFile): UnguardedPipe[] {
  if (!file.text.includes('.pipe(') || !file.text.includes('createReadStream')) return [];
  return file.getNodes('CallExpression').flatMap((call) => toAbandonedSource(call, file) ?? []);
}

function toAbandonedSource(call: TSESTree.CallExpression, file: SourceFile): UnguardedPipe | undefined {
  const callee = skipWrappers(call.callee);
  if (callee.type !== 'MemberExpression' || getPropertyName(callee) !== 'pipe') return undefined;
  const source = skipWrappers(callee.object);
  const creation = source.type === 'Identifier' ? findValue(source, file) : source;
  const target = findLastTarget(call);
  if (creation?.type !== 'CallExpression' || !FILE_STREAMS.has(file.getOrigin(creation.callee) ?? '') || !target || !isServerResponse(target, file)) return undefined;
  const root = getEnclosingRoot(call);
  if (!isFunction(root) || GUARDED.test(file.getText(root)) || isInPromise(call, file) || watchesForClose(root, file)) return undefined;
  const text = file.getText(source);
  return {
    call,
    source: text.length > 40 ? `${text.slice(0, 37)}…` : text,
    response: file.getText(target),
    node: callee.property,
    certainty: 'certain',
    path: [
      { kind: 'acquire', node: creation, text: 'the file is opened' },
      { kind: 'exit', node: callee.property, text: 'a client that leaves early closes the response, and nothing closes the file' },
    ],
  };
}

function findValue(identifier: Node, file: SourceFile): Node | undefined {
  const variable = file.getVariable(identifier);
  const value = variable && file.getOnlyValue(variable);
  return value && skipWrappers(value);
}

/** c of a.pipe(b).pipe(c) */
function findLastTarget(first: TSESTree.CallExpression): Node | undefined {
  for (let call = first; ; ) {
    const [target] = call.arguments;
    const outer = outermostWrapper(call);
    const next = outer.parent;
    if (next?.type !== 'MemberExpression' || next.object !== outer || next.parent.type !== 'CallExpression') return target && skipWrappers(target);
    if (getPropertyName(next) !== 'pipe') return undefined;
    call = next.parent;
  }
}

const RESPONSE_TYPE = /^:\s*(?:http\.|https\.|express\.)?(?:ServerResponse|Response|NextApiResponse|VercelResponse)\b/;

/** A parameter that is the response a server gives: by its type, or the second of a `(req, res)`. */
function isServerResponse(target: Node, file: SourceFile): boolean {
  if (target.type !== 'Identifier') return false;
  const [definition] = file.getVariable(target)?.defs ?? [];
  if (definition?.type !== 'Parameter' || definition.name.type !== 'Identifier') return false;
  const { typeAnnotation } = definition.name;
  if (typeAnnotation) return RESPONSE_TYPE.test(file.getText(typeAnnotation)) || file.types?.getTypeNames(target)?.includes('ServerResponse') === true;
  const { params } = definition.node as FunctionNode;
  const [request, response] = params;
  return response === definition.name && /^res(?:ponse)?$/.test(definition.name.name) && request?.type === 'Identifier' && /^_?req(?:uest)?$/.test(request.name);
}

/** What waits for the end in a promise is looked at on its own. */
function isInPromise(node: Node, file: SourceFile): boolean {
  for (let outer = node.parent; outer; outer = outer.parent) if (isFunction(outer) && outer.parent.type === 'NewExpression' && file.getOrigin(outer.parent.callee) === 'global:Promise') return true;
  return false;
}

/** res.on('close', …): it may end the source. */
function watchesForClose(root: FunctionNode, file: SourceFile): boolean {
  let isWatching = false;
  walk(
    root,
    (node) => {
      if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return !isWatching;
      if (/^(?:on|once|addListener)$/.test(getPropertyName(node.callee) ?? '') && /^(?:close|aborted)$/.test(getStringValue(node.arguments[0]) ?? '')) isWatching = true;
      return !isWatching;
    },
    file.visitorKeys,
  );
  return isWatching;
}
