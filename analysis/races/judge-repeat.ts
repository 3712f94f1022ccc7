import type { SourceFile } from '../source-file.js';
import { type Node, type TSESTree, getPropertyName, getStringValue, skipWrappers } from '../syntax/node.js';
import { getNames, getWords } from './words.js';

/** What running some work twice comes to. *effect*: something is made or changed twice. *none*: the same answer is found twice. */
export type Repeat = 'effect' | 'none' | 'unknown';

const ASKS = new Set([
  'get', 'read', 'load', 'fetch', 'parse', 'find', 'lookup', 'look', 'resolve', 'query', 'list', 'stat', 'exists', 'is', 'has', 'check', 'compute', 'calculate', 'calc', 'detect', 'discover', 'import', 'require',
  'glob', 'globby', 'search', 'select', 'count', 'validate', 'decode', 'hash', 'digest', 'describe', 'scan', 'collect', 'extract', 'determine', 'guess', 'infer', 'retrieve', 'access', 'realpath', 'readdir', 'next', 'json',
  'text', 'which', 'lstat', 'map', 'to', 'transform', 'format', 'render', 'minify', 'lex', 'analyze', 'analyse', 'inspect', 'head', 'test', 'verify', 'match', 'filter', 'sort', 'all', 'any', 'race', 'settled', 'sleep', 'delay',
  'wait', 'ensure', 'probe', 'ping', 'estimate', 'evaluate', 'translate', 'tokenize', 'export', 'serialize', 'deserialize', 'from', 'maybe', 'try', 'can', 'should', 'pathexists', 'readable', 'ask', 'prompt', 'confirm', 'derive',
]);
const MAKES = new Set([
  'create', 'connect', 'open', 'start', 'init', 'initialize', 'initialise', 'setup', 'launch', 'spawn', 'fork', 'listen', 'build', 'make', 'register', 'subscribe', 'download', 'install', 'upload', 'insert', 'save',
  'write', 'send', 'post', 'put', 'publish', 'acquire', 'allocate', 'generate', 'login', 'authenticate', 'authorize', 'refresh', 'renew', 'migrate', 'mount', 'attach', 'bind', 'run', 'execute', 'boot', 'bootstrap', 'establish',
  'provision', 'reserve', 'charge', 'pay', 'transfer', 'add', 'append', 'update', 'delete', 'remove', 'mkdir', 'copy', 'move', 'rename', 'unlink', 'close', 'stop', 'shutdown', 'disconnect', 'destroy', 'flush', 'clear', 'reset',
  'deploy', 'commit', 'push', 'pull', 'clone', 'checkout', 'emit', 'dispatch', 'schedule', 'enqueue', 'claim', 'lease', 'book', 'sync', 'restart', 'reload', 'activate', 'configure', 'new', 'persist',
  'store', 'withdraw', 'deposit', 'issue', 'submit', 'mark', 'notify', 'do', 'spin', 'dial', 'watch', 'serve', 'begin', 'end', 'reconnect', 'kill', 'terminate', 'dispose', 'exchange', 'setup', 'set', 'join', 'enable', 'force', 'factory', 'instantiate', 'construct', 'handshake',
]);

/** Judges one awaited expression by the verb of what it calls. */
export function judgeRepeat(awaited: Node, file: SourceFile): Repeat {
  const node = skipWrappers(awaited.type === 'AwaitExpression' ? awaited.argument : awaited);
  switch (node.type) {
    case 'ImportExpression':
      return 'none';
    case 'NewExpression':
      return file.getOrigin(node.callee) === 'global:Promise' ? 'unknown' : 'effect';
    case 'CallExpression': {
      const names = getNames(node.callee);
      const name = names.at(-1);
      if (name === undefined) return 'unknown';
      // Promise.all([a(), b()]), f().catch(…): what matters is inside
      if (/^(?:all|allSettled|race|any)$/.test(name) && names.at(-2) === 'Promise') {
        const [list] = node.arguments;
        const inner = list?.type === 'ArrayExpression' ? list.elements.flatMap((item) => (item ? [judgeRepeat(item, file)] : [])) : [];
        return inner.includes('effect') ? 'effect' : inner.length > 0 && inner.every((item) => item === 'none') ? 'none' : 'unknown';
      }
      if (/^(?:then|catch|finally)$/.test(name) && node.callee.type === 'MemberExpression') return judgeRepeat(node.callee.object, file);
      // mkdir(dir, { recursive: true }) does nothing the second time
      if (name.startsWith('mkdir') && node.arguments.length > 1) return 'none';
      return isSending(node) ? 'effect' : judgeName(name);
    }
    case 'Identifier':
    case 'MemberExpression':
      // await this.ready: the work was begun elsewhere
      return 'none';
    default:
      return 'unknown';
  }
}

/** fetch(url, { method: 'POST' }) */
function isSending({ arguments: list }: TSESTree.CallExpression): boolean {
  return list.some((argument) => {
    const properties = argument.type === 'ObjectExpression' ? argument.properties : [];
    return properties.some((property) => property.type === 'Property' && getPropertyName(property) === 'method' && /^(?:POST|PUT|PATCH|DELETE)$/i.test(getStringValue(property.value) ?? ''));
  });
}

/** Verbs whose result is a thing of its own: two of it are one too many. */
const BRINGS = new Set([
  'create', 'connect', 'open', 'start', 'init', 'initialize', 'initialise', 'setup', 'launch', 'spawn', 'fork', 'listen', 'make', 'register', 'subscribe', 'download', 'install', 'acquire', 'allocate', 'generate',
  'login', 'authenticate', 'authorize', 'refresh', 'renew', 'mount', 'attach', 'boot', 'bootstrap', 'establish', 'provision', 'reserve', 'instantiate', 'construct', 'watch', 'serve', 'insert', 'build', 'new', 'restart', 'clone', 'dial',
  'issue', 'claim', 'lease', 'force', 'reconnect', 'spin', 'begin', 'upload', 'add', 'exchange', 'obtain', 'borrow', 'mkdtemp', 'prepare',
]);

/** Nouns of what one has only one of: `getConnection()`, `session.transaction()`. */
const THINGS = new Set(['connection', 'browser', 'transaction', 'tunnel', 'socket', 'watcher', 'subscription']);

/** Judges a call by what it brings: a thing of its own, or an answer. */
export function judgeMaking(call: TSESTree.CallExpression, file: SourceFile): Repeat {
  const names = getNames(call.callee);
  const name = names.at(-1);
  if (name === undefined) return 'unknown';
  if (/^(?:then|catch|finally)$/.test(name) && call.callee.type === 'MemberExpression') {
    const inner = skipWrappers(call.callee.object);
    return inner.type === 'CallExpression' ? judgeMaking(inner, file) : 'unknown';
  }
  const words = getWords(name);
  if (words.some((word) => word === 'default')) return 'none';
  const brings = words.some((word) => word === 'create') || (words[0] === 'get' && words.some((word) => THINGS.has(word)));
  if (words[0] !== undefined && ASKS.has(words[0]) && !brings) return 'none';
  return words.some((word) => BRINGS.has(word) || THINGS.has(word)) ? 'effect' : 'unknown';
}

export function judgeName(name: string): Repeat {
  const words = getWords(name);
  const [first] = words;
  if (first === undefined) return 'unknown';
  if (MAKES.has(first)) return 'effect';
  if (words.some((word) => ['create', 'connect', 'init', 'initialize', 'spawn', 'launch', 'download', 'install', 'refresh', 'generate'].includes(word))) return 'effect';
  return ASKS.has(first) ? 'none' : 'unknown';
}
