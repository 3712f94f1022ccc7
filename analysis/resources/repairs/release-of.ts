import type { Leak } from '../../ownership/find-leaks.js';
import { type ModuleFunction, findModuleFunction } from '../../scopes/find-module-function.js';
import type { SourceFile } from '../../source-file.js';
import { type Node, getPropertyName, skipWrappers } from '../../syntax/node.js';
import type { ResourceKind } from '../resource-kind.js';

/** How a kind of resource is given back in code. */
export interface Release {
  /** The call, without `await`: `client.end()`. */
  readonly write: (name: string) => string;
  /** Whether the call gives a promise. */
  readonly isPromise: boolean;
  /** A second call does no harm. */
  readonly isRepeatable: boolean;
  readonly needed?: ModuleFunction['needed'];
}

const SYNCHRONOUS = new Set(['file-descriptor', 'file-read-stream', 'file-write-stream', 'pool-client', 'server', 'watcher', 'line-reader', 'disposable-stack', 'socket', 'child-process']);
/** Source: documentation of better-sqlite3's and Node's `close`, of ioredis's `disconnect`. */
const SYNCHRONOUS_CLIENTS = /^(?:better-sqlite3:|sqlite:DatabaseSync|ioredis:)/;
/** Source: Node's documentation of `FileHandle`, `stream.destroy`, `rl.close`; TypeORM's and Playwright's of `release` and `close`. */
const REPEATABLE = new Set(['file-handle', 'file-read-stream', 'file-write-stream', 'query-runner', 'browser', 'line-reader', 'disposable-stack', 'worker', 'watcher', 'page', 'database-session', 'child-process', 'socket']);
const CLIENT_METHODS: readonly (readonly [RegExp, string])[] = [
  [/^(?:mysql2?|mysql2\/promise|pg|mariadb)[:/]/, 'end'],
  [/^ioredis:/, 'disconnect'],
  [/^redis:/, 'quit'],
  [/^snowflake-sdk:/, 'destroy'],
  [/^knex:/, 'destroy'],
  [/^@prisma\/client:/, '$disconnect'],
];

/** Undefined for what no call of a known name gives back. `isFailing`: the exit is an exception. */
export function getRelease({ kind, site }: Leak, file: SourceFile, isFailing: boolean): Release | undefined {
  const isPromise = !SYNCHRONOUS.has(kind.id) && !SYNCHRONOUS_CLIENTS.test(getOriginOfMade(site, file));
  const isRepeatable = REPEATABLE.has(kind.id);
  if (kind.id === 'file-descriptor') {
    const { text, needed } = findModuleFunction('fs:closeSync', file);
    return { write: (name) => `${text}(${name})`, isPromise, isRepeatable, ...(needed ? { needed } : {}) };
  }
  if (kind.isReleasedByCall) return { write: (name) => `${name}()`, isPromise, isRepeatable };
  const method = getMethod(kind, site, file, isFailing);
  return method === undefined ? undefined : { write: (name) => `${name}.${method}()`, isPromise, isRepeatable };
}

function getMethod(kind: ResourceKind, site: Node, file: SourceFile, isFailing: boolean): string | undefined {
  if (kind.id === 'file-write-stream') return isFailing ? 'destroy' : 'end';
  if (kind.id === 'transaction') return 'rollback';
  if (kind.id === 'socket') return getSocketMethod(getOriginOfMade(site, file));
  const releasing = Object.entries(kind.methods ?? {}).flatMap(([name, effect]) => (effect === 'release' ? [name] : []));
  if (kind.id !== 'database-client' && kind.id !== 'disposable-stack') return releasing[0];
  const origin = getOriginOfMade(site, file);
  if (kind.id === 'disposable-stack') return /Async/.test(origin) ? undefined : 'dispose';
  return CLIENT_METHODS.find(([modules]) => modules.test(origin))?.[1] ?? 'close';
}

function getSocketMethod(origin: string): string {
  if (origin.startsWith('ws:')) return 'terminate';
  return origin.startsWith('dgram:') || origin.startsWith('http2:') ? 'close' : 'destroy';
}

/** `new Client()`, or the client whose `connect` is called. */
function getOriginOfMade(site: Node, file: SourceFile): string {
  if (site.type !== 'CallExpression' && site.type !== 'NewExpression') return '';
  const callee = skipWrappers(site.callee);
  const isConnect = callee.type === 'MemberExpression' && getPropertyName(callee) === 'connect';
  return file.getOrigin(isConnect ? callee.object : callee) ?? file.getOrigin(callee) ?? '';
}
