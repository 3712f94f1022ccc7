import type { Finding } from '../finding.js';
import { isBrowserCode } from '../ownership/browser-code.js';
import type { SourceFile } from '../source-file.js';
import { type Node, type TSESTree, getPropertyName, getStringValue, isFunction, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { type Abortable, type SignalGiven, findAbortable, getGivenSignal } from './abortable-calls.js';
import { getFileIndex } from './file-index.js';
import { isDropped } from './call-role.js';
import { isReceivingSignal } from './signal-run.js';

export interface UnboundedWait extends Finding {
  readonly node: TSESTree.CallExpression;
  readonly abortable: Abortable;
  readonly given: SignalGiven;
  /** An option of other clients that this one does not know: `fetch(url, { timeout: 5000 })`. */
  readonly ignored?: TSESTree.Property | undefined;
}

/** Network waits, and others without an end of their own, that have neither a signal nor a time limit. */
export function findUnboundedWaits(file: SourceFile, { includePotential = false } = {}): UnboundedWait[] {
  // setGlobalDispatcher(new Agent({ headersTimeout })), axios.defaults.timeout = …
  if (/\bsetGlobalDispatcher\(|\bdefaults\.timeout\s*=/.test(file.text)) return [];
  const findings: UnboundedWait[] = [];
  for (const call of getFileIndex(file).calls) {
    const wait = inspect(file, call);
    if (wait && (wait.certainty === 'certain' || includePotential)) findings.push(wait);
  }
  return findings;
}

function inspect(file: SourceFile, call: TSESTree.CallExpression): UnboundedWait | undefined {
  const abortable = findAbortable(file, call);
  if (!abortable || (abortable.kind !== 'network' && abortable.kind !== 'event')) return undefined;
  // stub.fetch(…), env.ASSETS.fetch(…): bindings of a platform are no network.
  if (abortable.kind === 'network' && skipWrappers(call.callee).type === 'MemberExpression' && file.getOrigin(call.callee) === undefined) return undefined;
  // Where the function has a signal it ought to be passed on: that is the business of another rule.
  if (isReceivingSignal(file, call)) return undefined;
  const given = getGivenSignal(file, abortable);
  if (given.state !== 'missing' || isBounded(file, abortable, given)) return undefined;
  const isUnknown = abortable.kind === 'network' && file.getOrigin(call.callee) === undefined && !isPlatformByDefault(file, call.callee);
  const ignored = isUnknown ? undefined : findIgnoredTimeout(abortable, given);
  const isLikely = !isUnknown && abortable.kind === 'network' && (!isDropped(call) || isAnsweredLater(call)) && !isNear(file, abortable, given) && !isBrowserCode(file);
  return {
    node: call,
    abortable,
    given,
    ignored,
    certainty: isLikely || ignored ? 'certain' : 'potential',
    path: [{ kind: 'acquire', node: call, text: 'the wait begins, and nothing ends it' }],
  };
}

/** A time limit of the call, of its client, of what the call is wrapped in, or of the request that it returns. */
function isBounded(file: SourceFile, abortable: Abortable, given: SignalGiven): boolean {
  const { call, bounds } = abortable;
  const names = [...bounds, 'dispatcher', 'agent', 'httpsAgent', 'httpAgent', 'cancelToken'];
  const properties = given.state === 'missing' ? (given.options?.properties ?? []) : [];
  if (properties.some((property) => property.type === 'Property' && names.includes(getPropertyName(property) ?? '') && !isFalse(property.value))) return true;
  const origin = file.getOrigin(call.callee) ?? '';
  // ky gives up after ten seconds by itself. https://github.com/sindresorhus/ky#timeout
  if (origin.startsWith('ky:') && !properties.some((property) => property.type === 'Property' && getPropertyName(property) === 'timeout')) return true;
  return hasBoundedClient(file, call) || isWrapped(file, call) || isBoundedLater(file, call);
}

function isFalse(value: Node): boolean {
  return value.type === 'Literal' && value.value === false;
}

/** const client = axios.create({ timeout }), or anything that may set one. */
function hasBoundedClient(file: SourceFile, call: Node & { callee?: Node }): boolean {
  const callee = skipWrappers(call.callee!);
  const base = callee.type === 'MemberExpression' ? skipWrappers(callee.object) : callee;
  const variable = base.type === 'Identifier' ? file.getVariable(base) : undefined;
  const value = variable && file.getOnlyValue(variable);
  const creation = value && skipWrappers(value);
  if (creation?.type === 'CallExpression') {
    const [options] = creation.arguments;
    return options?.type !== 'ObjectExpression' || options.properties.some((property) => property.type === 'SpreadElement' || /timeout|signal/i.test(getPropertyName(property) ?? ''));
  }
  // this.client.get(url): the client was made elsewhere.
  return base.type === 'MemberExpression' || base.type === 'ThisExpression';
}

/** withTimeout(fetch(url), 5000), Promise.race([fetch(url), timeout]), pTimeout(() => fetch(url), …) */
function isWrapped(file: SourceFile, call: Node): boolean {
  for (let node = call; node.parent; node = node.parent) {
    const { parent } = node;
    if (parent.type === 'CallExpression' && parent.callee !== node && /timeout|race|deadline|abort|cancel|signal/i.test(file.getText(parent.callee))) return true;
    if (isFunction(parent) && parent.parent.type !== 'CallExpression') return false;
  }
  return false;
}

/** req.setTimeout(…), req.on('timeout', …) */
function isBoundedLater(file: SourceFile, call: Node): boolean {
  const value = outermostWrapper(call);
  const { parent } = value;
  if (parent?.type === 'MemberExpression' && parent.object === value) return /^(?:setTimeout|on|once)$/.test(getPropertyName(parent) ?? '') && /timeout/i.test(file.getText(parent.parent));
  const variable = parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier' ? file.getVariable(parent.id) : undefined;
  return (
    variable?.references.some(({ identifier }) => {
      const member = outermostWrapper(identifier).parent;
      if (member?.type !== 'MemberExpression') return false;
      const use = outermostWrapper(member).parent;
      return getPropertyName(member) === 'setTimeout' || (use?.type === 'CallExpression' && getStringValue(use.arguments[0]) === 'timeout');
    }) ?? false
  );
}

/** fetch(url, { timeout: 5000 }): the option is ignored. */
function findIgnoredTimeout({ bounds, kind }: Abortable, given: SignalGiven): TSESTree.Property | undefined {
  if (kind !== 'network' || bounds.length > 0 || given.state !== 'missing') return undefined;
  const found = given.options?.properties.find((property) => property.type === 'Property' && /^(?:timeout|timeoutMs)$/.test(getPropertyName(property) ?? ''));
  return found?.type === 'Property' ? found : undefined;
}

/** https.get(url, (response) => …): who calls it hears of the answer in a callback. */
function isAnsweredLater({ arguments: args }: TSESTree.CallExpression): boolean {
  return args.some((argument) => isFunction(argument));
}

/** fetchFn = fetch, options.fetch ?? fetch: what is handed in may have a time limit of its own, and what there is without it has none. */
function isPlatformByDefault(file: SourceFile, callee: Node): boolean {
  const node = skipWrappers(callee);
  const variable = node.type === 'Identifier' ? file.getVariable(node) : undefined;
  const [definition] = variable?.defs ?? [];
  const pattern = definition?.type === 'Parameter' ? definition.name.parent : undefined;
  const value = pattern?.type === 'AssignmentPattern' && pattern.left === definition!.name ? pattern.right : variable && file.getOnlyValue(variable);
  const last = value && skipWrappers(value);
  return last !== undefined && file.getOrigin(last.type === 'LogicalExpression' ? last.right : last) === 'global:fetch';
}

/** A relative address, which a page asks its own server, and an address on the same machine. */
function isNear(file: SourceFile, { call, requestIndex }: Abortable, given: SignalGiven): boolean {
  // http.request({ socketPath }), http.request({ host: '127.0.0.1' })
  const options = given.state === 'missing' ? (given.options?.properties ?? []) : [];
  if (options.some((property) => property.type === 'Property' && isNearOption(property))) return true;
  const [address] = call.arguments;
  const text = address ? getAddress(file, address) : '';
  if (/^(?:https?:\/\/)?(?:localhost|127\.0\.0\.1|\[::1\]|0\.0\.0\.0)\b/.test(text)) return true;
  // api.get('/users') of a client with a base address goes anywhere.
  return requestIndex !== undefined && /^(?:\.?\/(?!\/)|(?:data|blob|file):|new URL\([^)]*import\.meta\.url)/.test(text);
}

/** How an address begins, as far as the file shows it: `localhost:` of `const host = 'localhost:' + port` in `${host}/health`. */
function getAddress(file: SourceFile, expression: Node, depth = 0): string {
  if (depth > 4) return '';
  const node = skipWrappers(expression);
  switch (node.type) {
    case 'Literal':
      return String(node.value);
    case 'BinaryExpression':
      return getAddress(file, node.left, depth + 1);
    case 'TemplateLiteral': {
      const [head] = node.quasis;
      const [first] = node.expressions;
      return `${head?.value.cooked ?? ''}${first ? getAddress(file, first, depth + 1) : ''}`;
    }
    case 'Identifier': {
      const variable = file.getVariable(node);
      const value = variable && file.getOnlyValue(variable);
      return value ? getAddress(file, value, depth + 1) : '';
    }
    case 'NewExpression': {
      // new URL('/health', 'http://localhost')
      const last = node.arguments.at(-1);
      return file.getOrigin(node.callee) === 'global:URL' && last?.type !== 'MemberExpression' ? (last ? getAddress(file, last, depth + 1) : '') : file.getText(node);
    }
    default:
      return '';
  }
}

function isNearOption(property: TSESTree.Property): boolean {
  const name = getPropertyName(property);
  if (name === 'socketPath') return true;
  return /^host(?:name)?$/.test(name ?? '') && /^(?:localhost|127\.0\.0\.1|::1|0\.0\.0\.0)$/.test(getStringValue(property.value) ?? '');
}
