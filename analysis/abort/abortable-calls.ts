import type { SourceFile } from '../source-file.js';
import { type Node, type TSESTree, getPropertyName, isFunction, isNullish, skipWrappers } from '../syntax/node.js';
import { mayBeRequest } from './request-address.js';

/** What a call waits for. */
export type WaitKind = 'network' | 'process' | 'event' | 'file' | 'watch' | 'timer' | 'stream' | 'model' | 'project';

/** Where a call takes its signal. */
export type SignalPlace =
  | { readonly form: 'option'; readonly index: number; readonly property: string; readonly isBeforeCallback?: boolean }
  | { readonly form: 'argument'; readonly index: number };

export interface Abortable {
  readonly call: TSESTree.CallExpression | TSESTree.NewExpression;
  readonly kind: WaitKind;
  readonly place: SignalPlace;
  /** Options, besides the signal, that bound the wait. */
  readonly bounds: readonly string[];
  /** The index of an argument that may be a `Request`, and so bring its own signal. */
  readonly requestIndex?: number;
}

interface Entry {
  readonly kind: WaitKind;
  readonly index: number | ((file: SourceFile, args: readonly Node[]) => number);
  readonly property?: string;
  readonly bounds?: readonly string[];
  readonly requestIndex?: number;
}

const FETCH: Entry = { kind: 'network', index: 1, requestIndex: 0 };
const UNDICI: Entry = { kind: 'network', index: 1, bounds: ['bodyTimeout', 'headersTimeout'] };
const DISPATCH: Entry = { ...UNDICI, index: 0 };
const CLIENT: Entry = { kind: 'network', index: 1, bounds: ['timeout', 'timeoutMs'] };
/** http.request(options, listener) and http.request(url, options, listener) */
const HTTP: Entry = { kind: 'network', index: (file, args) => (args[0] && mayBeRequest(file, args[0]) && (!args[1] || isFunction(args[1])) ? 0 : 1), bounds: ['timeout'] };
const CLIENT_WITH_BODY: Entry = { kind: 'network', index: 2, bounds: ['timeout'] };
const CLIENT_CONFIG: Entry = { kind: 'network', index: 0, bounds: ['timeout'] };
const PROCESS: Entry = { kind: 'process', index: (_file, args) => (args[1]?.type === 'ArrayExpression' || args.length > 2 ? 2 : 1), bounds: ['timeout'] };
const COMMAND: Entry = { kind: 'process', index: 1, bounds: ['timeout'] };
const FILE: Entry = { kind: 'file', index: 1 };
const WRITE: Entry = { kind: 'file', index: 2 };
const SDK: Entry = { kind: 'model', index: 1 };
const AI: Entry = { kind: 'model', index: 0, property: 'abortSignal' };

/**
 * What takes an abort signal, by where it comes from, and where in its arguments. From the documentation of Node.js
 * (https://nodejs.org/api/) and of the clients themselves.
 */
const ENTRIES: Readonly<Record<string, Entry>> = {
  'global:fetch': FETCH,
  'global:Request': { ...FETCH, requestIndex: 0 },
  'undici:fetch': FETCH,
  'undici:Request': FETCH,
  'undici:request': UNDICI,
  'undici:stream': UNDICI,
  'undici:Client.prototype.request': DISPATCH,
  'undici:Pool.prototype.request': DISPATCH,
  'undici:Agent.prototype.request': DISPATCH,
  'undici:connect': UNDICI,
  'undici:upgrade': UNDICI,
  'node-fetch:default': { ...FETCH, bounds: ['timeout'] },
  'node-fetch:Request': { ...FETCH, bounds: ['timeout'] },
  'cross-fetch:default': FETCH,
  'cross-fetch:fetch': FETCH,
  'isomorphic-fetch:default': FETCH,
  'ofetch:ofetch': CLIENT,
  'ofetch:$fetch': CLIENT,
  'ofetch:fetch': FETCH,
  'axios:default': { kind: 'network', index: (_file, args) => (args[0]?.type === 'ObjectExpression' ? 0 : 1), bounds: ['timeout'] },
  'axios:request': CLIENT_CONFIG,
  'http:get': HTTP,
  'http:request': HTTP,
  'https:get': HTTP,
  'https:request': HTTP,
  'timers:promises.setTimeout': { kind: 'timer', index: 2 },
  'timers:promises.setInterval': { kind: 'timer', index: 2 },
  'timers:promises.setImmediate': { kind: 'timer', index: 1 },
  'timers:promises.scheduler.wait': { kind: 'timer', index: 1 },
  'events:once': { kind: 'event', index: 2 },
  'events:on': { kind: 'event', index: 2 },
  'stream:promises.pipeline': { kind: 'stream', index: (_file, args) => args.length - (args.at(-1)?.type === 'ObjectExpression' ? 1 : 0) },
  'stream:promises.finished': { kind: 'stream', index: 1 },
  'child_process:spawn': PROCESS,
  'child_process:execFile': PROCESS,
  'child_process:fork': PROCESS,
  'child_process:exec': COMMAND,
  'fs:readFile': FILE,
  'fs:promises.readFile': FILE,
  'fs:writeFile': WRITE,
  'fs:promises.writeFile': WRITE,
  'fs:watch': { kind: 'watch', index: 1 },
  'fs:promises.watch': { kind: 'watch', index: 1 },
  'readline:promises.createInterface().question': { kind: 'event', index: 1 },
  'ai:generateText': AI,
  'ai:streamText': AI,
  'ai:generateObject': AI,
  'ai:streamObject': AI,
  'ai:embed': AI,
  'ai:embedMany': AI,
};

for (const method of ['get', 'delete', 'head', 'options']) (ENTRIES as Record<string, Entry>)[`axios:${method}`] = CLIENT;
for (const method of ['post', 'put', 'patch']) (ENTRIES as Record<string, Entry>)[`axios:${method}`] = CLIENT_WITH_BODY;
for (const client of ['got', 'ky']) {
  for (const method of ['default', 'get', 'post', 'put', 'patch', 'delete', 'head', client]) (ENTRIES as Record<string, Entry>)[`${client}:${method}`] = CLIENT;
}

for (const sdk of ['openai:', 'openai:OpenAI.']) {
  for (const method of ['chat.completions.create', 'responses.create', 'embeddings.create']) (ENTRIES as Record<string, Entry>)[`${sdk}prototype.${method}`] = SDK;
}
for (const sdk of ['@anthropic-ai/sdk:', '@anthropic-ai/sdk:Anthropic.']) (ENTRIES as Record<string, Entry>)[`${sdk}prototype.messages.create`] = SDK;

/** Names under which `fetch` is handed around; they count when the second argument looks like a request's options. */
const FETCH_NAME = /^(?:fetch|fetchImpl|fetchFn|fetcher|customFetch|_fetch|nodeFetch|undiciFetch)$/;
const REQUEST_OPTION = /^(?:method|headers|body|redirect|credentials|cache|mode|referrer|keepalive|duplex|signal)$/;
const LAST_NAMES = new Set(Object.keys(ENTRIES).map((origin) => origin.split(/[:.]/).at(-1)!));

/** What a call takes its signal by, where it is known to take one. */
export function findAbortable(file: SourceFile, call: TSESTree.CallExpression | TSESTree.NewExpression): Abortable | undefined {
  const entry = findEntry(file, call);
  if (!entry) return undefined;
  const { arguments: args } = call;
  const index = typeof entry.index === 'number' ? entry.index : entry.index(file, args);
  if (args.slice(0, index + 1).some((argument) => argument.type === 'SpreadElement')) return undefined;
  const given = args[index];
  const isCallback = given !== undefined && isFunction(skipWrappers(given));
  return {
    call,
    kind: entry.kind,
    place: { form: 'option', index, property: entry.property ?? 'signal', ...(isCallback ? { isBeforeCallback: true } : {}) },
    bounds: entry.bounds ?? [],
    ...(entry.requestIndex === undefined ? {} : { requestIndex: entry.requestIndex }),
  };
}

function findEntry(file: SourceFile, call: TSESTree.CallExpression | TSESTree.NewExpression): Entry | undefined {
  const callee = skipWrappers(call.callee);
  const name = callee.type === 'Identifier' ? callee.name : callee.type === 'MemberExpression' ? getPropertyName(callee) : undefined;
  if (name === undefined) return undefined;
  // A member with another name is no client; an alias may have any.
  if (callee.type === 'Identifier' || LAST_NAMES.has(name)) {
    const origin = file.getOrigin(callee);
    if (origin !== undefined) return getEntry(origin, call);
  }
  if (call.type === 'CallExpression' && FETCH_NAME.test(name) && looksLikeInit(call.arguments[1])) return FETCH;
  return undefined;
}

function getEntry(origin: string, call: Node): Entry | undefined {
  // axios.create(…).get and got.extend(…) answer as the module does.
  const normal = origin.replace(/:(?:create|extend)\(\)(?:\.|$)/, ':').replace(/:$/, ':default');
  if (!Object.hasOwn(ENTRIES, normal)) return undefined;
  const isClass = normal.endsWith(':Request');
  return isClass === (call.type === 'NewExpression') ? ENTRIES[normal] : undefined;
}

function looksLikeInit(argument: Node | undefined): boolean {
  if (!argument) return false;
  const node = skipWrappers(argument);
  return node.type === 'ObjectExpression' && node.properties.some((property) => property.type === 'Property' && REQUEST_OPTION.test(getPropertyName(property) ?? ''));
}

/** What a call is given where its signal belongs. */
export type SignalGiven =
  | { readonly state: 'missing'; readonly options?: TSESTree.ObjectExpression }
  | { readonly state: 'passed'; readonly value: Node; readonly property?: TSESTree.Property; readonly options?: TSESTree.ObjectExpression }
  /** Nobody can tell from here: a variable of unknown content, a spread. */
  | { readonly state: 'unknown'; readonly options?: TSESTree.ObjectExpression };

/** What a call is given as its signal. */
export function getGivenSignal(file: SourceFile, { call, place, requestIndex }: Abortable): SignalGiven {
  const { arguments: args } = call;
  if (args.slice(0, place.index + 1).some((argument) => argument.type === 'SpreadElement')) return { state: 'unknown' };
  const given = getFromArgument(file, args[place.index], place);
  const request = requestIndex === undefined ? undefined : args[requestIndex];
  return given.state === 'missing' && request && mayBeRequest(file, request) ? { state: 'unknown' } : given;
}

function getFromArgument(file: SourceFile, argument: Node | undefined, place: SignalPlace): SignalGiven {
  if (!argument || (place.form === 'option' && place.isBeforeCallback)) return { state: 'missing' };
  const node = skipWrappers(argument);
  if (isNullish(node)) return { state: 'missing' };
  return place.form === 'argument' ? { state: 'passed', value: node } : getFromOptions(file, node, place.property, 0);
}

function getFromOptions(file: SourceFile, expression: Node, property: string, depth: number): SignalGiven {
  const node = skipWrappers(expression);
  if (node.type === 'Literal') return { state: 'missing' };
  if (node.type === 'ObjectExpression') return getFromObject(file, node, property);
  if (node.type !== 'Identifier' || depth > 3) return { state: 'unknown' };
  // const init = { method: 'POST' }; init.signal = signal;
  const variable = file.getVariable(node);
  const value = variable && file.getOnlyValue(variable);
  const object = value && skipWrappers(value);
  if (!variable || object?.type !== 'ObjectExpression') return { state: 'unknown' };
  for (const { identifier } of variable.references) {
    const { parent } = identifier;
    if (identifier === node || parent?.type === 'VariableDeclarator') continue;
    if (parent?.type !== 'MemberExpression' || parent.object !== identifier) return { state: 'unknown' };
    const name = getPropertyName(parent);
    if (name === undefined || name === property) return { state: 'unknown' };
  }
  const given = getFromObject(file, object, property);
  // The literal stands elsewhere: no place for an edit at the call.
  return given.state === 'missing' ? { state: 'missing', options: object } : given;
}

function getFromObject(file: SourceFile, object: TSESTree.ObjectExpression, property: string): SignalGiven {
  let isUnknown = false;
  for (const element of [...object.properties].reverse()) {
    if (element.type === 'SpreadElement') {
      if (!isTransparentSpread(element.argument, property)) isUnknown = true;
      continue;
    }
    const name = getPropertyName(element);
    if (name === undefined) isUnknown = true;
    if (name !== property) continue;
    // A spread behind the property may overwrite it.
    if (isUnknown) return { state: 'unknown', options: object };
    const value = skipWrappers(element.value);
    return isNullish(value) ? { state: 'missing', options: object } : { state: 'passed', value, property: element, options: object };
  }
  return isUnknown ? { state: 'unknown', options: object } : { state: 'missing', options: object };
}

/** ...(body && { body }), ...(x ? { a } : {}): what it adds is in sight, and no signal is among it. */
function isTransparentSpread(argument: Node, property: string): boolean {
  const node = skipWrappers(argument);
  switch (node.type) {
    case 'ObjectExpression':
      return node.properties.every((element) =>
        element.type === 'SpreadElement' ? isTransparentSpread(element.argument, property) : getPropertyName(element) !== undefined && getPropertyName(element) !== property,
      );
    case 'LogicalExpression':
      return isTransparentSpread(node.right, property) && (node.operator === '&&' || isTransparentSpread(node.left, property));
    case 'ConditionalExpression':
      return isTransparentSpread(node.consequent, property) && isTransparentSpread(node.alternate, property);
    case 'Literal':
      return true;
    case 'Identifier':
      return node.name === 'undefined';
    default:
      return false;
  }
}

/** How the call is written, for a message: `fetch`, `axios.get`, `new Request`. */
export function describeCall(file: SourceFile, call: TSESTree.CallExpression | TSESTree.NewExpression): string {
  const callee = file.getText(call.callee).replace(/\s+/g, ' ');
  const short = callee.length > 40 ? `${callee.slice(0, 37)}…` : callee;
  return call.type === 'NewExpression' ? `new ${short}` : short;
}

/** Reading or writing a file ends by itself soon; a signal there is a nicety. */
export function isLikelyShort({ kind }: Abortable): boolean {
  return kind === 'file';
}
