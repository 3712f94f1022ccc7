import type { SourceFile } from '../source-file.js';
import { type Node, getPropertyName, skipWrappers } from '../syntax/node.js';

const NEVER_RETURNS = new Set(['global:process.exit', 'global:process.abort', 'process:exit', 'process:abort', 'global:Deno.exit']);

/** Whether a call is to a function of the platform that ends the process. */
export function endsProcess(call: Node, file: SourceFile): boolean {
  if (call.type !== 'CallExpression') return false;
  const origin = file.getOrigin(call.callee);
  return origin !== undefined && NEVER_RETURNS.has(origin);
}

const SAFE_GLOBALS = new Set([
  'Boolean', 'Number', 'String', 'Array.isArray', 'Array.of', 'Date.now', 'Number.isFinite', 'Number.isInteger', 'Number.isNaN',
  'Object.is', 'Object.keys', 'Object.values', 'Object.entries', 'Object.freeze', 'Object.assign', 'clearTimeout', 'clearInterval', 'clearImmediate',
  'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'isNaN', 'isFinite', 'parseInt', 'parseFloat', 'performance.now',
  'process.cwd', 'process.hrtime', 'process.hrtime.bigint', 'process.memoryUsage', 'process.uptime', 'process.on', 'process.once', 'process.off',
  'Promise.resolve', 'Promise.all', 'Promise.allSettled', 'Promise.race', 'Promise.any', 'Promise.reject', 'crypto.randomUUID',
]);
const SAFE_MODULE_FUNCTIONS = new Set([
  'path:join', 'path:resolve', 'path:basename', 'path:dirname', 'path:extname', 'path:normalize', 'path:relative', 'os:tmpdir', 'os:homedir',
  'crypto:randomUUID', 'crypto:randomBytes', 'perf_hooks:performance.now', 'timers:setTimeout', 'timers:clearTimeout',
]);
const SAFE_CONSTRUCTORS = new Set([
  'Map', 'Set', 'WeakMap', 'WeakSet', 'Date', 'Error', 'TypeError', 'RangeError', 'SyntaxError', 'AggregateError', 'Promise', 'AbortController',
  'Headers', 'URLSearchParams', 'FormData', 'TextEncoder', 'TextDecoder', 'Uint8Array', 'Object',
]);
/** Methods of strings, arrays, maps, promises and emitters that throw on no ordinary receiver. */
const SAFE_METHODS = new Set([
  'push', 'pop', 'shift', 'unshift', 'slice', 'concat', 'join', 'includes', 'indexOf', 'lastIndexOf', 'has', 'get', 'set', 'add', 'delete', 'clear',
  'keys', 'values', 'entries', 'toString', 'trim', 'trimEnd', 'trimStart', 'split', 'startsWith', 'endsWith', 'toLowerCase', 'toUpperCase', 'replace',
  'replaceAll', 'substring', 'substr', 'charAt', 'charCodeAt', 'padStart', 'padEnd', 'then', 'catch', 'finally', 'on', 'once', 'off', 'addListener',
  'removeListener', 'removeAllListeners', 'addEventListener', 'removeEventListener', 'abort', 'unref', 'ref', 'bind', 'getTime', 'toISOString', 'hasOwnProperty',
  'reverse', 'sort', 'at', 'fill', 'flat', 'resume', 'pause', 'destroy', 'setEncoding',
]);
/** Whether a call does synchronous work that fails in practice: files, processes, parsing of foreign text. */
export function doesFallibleWork(call: Node, file: SourceFile): boolean {
  if (call.type !== 'CallExpression') return false;
  const origin = file.getOrigin(call.callee);
  if (!origin) return false;
  if (/^(?:fs|fs-extra|graceful-fs|child_process|zlib):\w+Sync$/.test(origin)) return !/:existsSync$/.test(origin);
  return origin === 'global:JSON.parse' || origin === 'global:decodeURIComponent' || origin === 'global:structuredClone';
}

const CONSOLE_OR_LOGGER = /^(?:console|logger|log|debug|winston|pino)$/i;

/** Whether a call is known not to throw, so that an exception from it is not worth a report. */
export function cannotThrow(call: Node, file: SourceFile): boolean {
  if (call.type === 'NewExpression') {
    const origin = file.getOrigin(call.callee);
    return origin !== undefined && origin.startsWith('global:') && SAFE_CONSTRUCTORS.has(origin.slice(7));
  }
  if (call.type !== 'CallExpression') return false;
  const callee = skipWrappers(call.callee);
  if (isLogCall(callee) || endsProcess(call, file)) return true;
  const origin = file.getOrigin(callee);
  if (origin?.startsWith('global:')) {
    const name = origin.slice(7);
    if (SAFE_GLOBALS.has(name) || name.startsWith('Math.') || name.startsWith('console.')) return true;
  } else if (origin && SAFE_MODULE_FUNCTIONS.has(origin)) return true;
  if (callee.type !== 'MemberExpression') return false;
  const method = getPropertyName(callee);
  return method !== undefined && SAFE_METHODS.has(method) && !file.getOrigin(callee)?.match(/^(?!global:)/);
}

/** `console.log(…)`, `logger.warn(…)`, `this.log.debug(…)`, `log(…)`: it reads its arguments and keeps none. */
export function isLogCall(callee: Node): boolean {
  const node = skipWrappers(callee);
  if (node.type === 'Identifier') return /^(?:log|debug|warn|trace)$/.test(node.name);
  if (node.type !== 'MemberExpression') return false;
  const object = skipWrappers(node.object);
  if (object.type === 'Identifier') return CONSOLE_OR_LOGGER.test(object.name) || /(?:logger|Logger)$/.test(object.name);
  if (object.type !== 'MemberExpression') return false;
  const name = getPropertyName(object);
  return name !== undefined && /^#?_?(?:log|logger|console)$/i.test(name);
}
