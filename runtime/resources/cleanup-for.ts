/* eslint-disable @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-return -- resources of any library, known by their shape alone */
import { close, closeSync } from 'node:fs';
import { isOwnDispose } from './with-dispose.js';

/** How to let go of one resource: at once, or to be awaited. */
export interface Cleanup {
  readonly now: () => void;
  readonly wait: () => Promise<void>;
}

/** A child process that ignores SIGTERM gets SIGKILL after so many milliseconds. */
const KILL_GRACE = 5000;
/** Some streams never say that they are closed. */
const CLOSE_GRACE = 1000;

/**
 * Methods that release, in the order in which they are tried. `release` is first, because a pooled client also has an
 * `end` that would take it from the pool for good.
 */
const RELEASING_METHODS = ['release', 'terminate', 'close', 'end', 'destroy', 'disconnect', 'dispose', 'kill', 'stop', 'unsubscribe', 'cancel'] as const;

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Shape = Record<PropertyKey, any>;

/**
 * Finds out by its shape how a resource is released.
 * @throws TypeError when nothing of it looks like a release
 */
export function cleanupFor(resource: unknown): Cleanup {
  if (typeof resource === 'number' && Number.isInteger(resource) && resource >= 0) {
    return {
      now: () => closeSync(resource),
      wait: () => called((done) => close(resource, done)),
    };
  }
  if ((typeof resource !== 'object' || resource === null) && typeof resource !== 'function') {
    throw unreleasable(resource);
  }
  const cleanup = cleanupForObject(resource);
  if (cleanup === undefined) {
    throw unreleasable(resource);
  }
  return cleanup;
}

function cleanupForObject(resource: Shape): Cleanup | undefined {
  if (isServer(resource)) {
    return serverCleanup(resource);
  }
  if (isWebStream(resource)) {
    const cancel = async () => void (resource['locked'] ? undefined : await resource['cancel']());
    return { now: () => settleLater(cancel()), wait: cancel };
  }
  if (isChildProcess(resource)) {
    return { now: () => void resource['kill'](), wait: () => endProcess(resource) };
  }
  if (isDir(resource)) {
    return { now: () => closedOnce(() => resource['closeSync']()), wait: () => closedOnceAsync(() => resource['close']()) };
  }
  if (isNodeStream(resource)) {
    return { now: () => destroyStream(resource), wait: () => endStream(resource) };
  }
  return cleanupBySymbol(resource) ?? cleanupByMethod(resource);
}

function cleanupBySymbol(resource: Shape): Cleanup | undefined {
  // Bound now: `disposable` puts its own method in the same place.
  const dispose = boundMethod(resource, Symbol.dispose);
  const asyncDispose = boundMethod(resource, Symbol.asyncDispose);
  if (dispose === undefined && asyncDispose === undefined) {
    return undefined;
  }
  return {
    now: () => settleLater((dispose ?? asyncDispose)?.()),
    wait: async () => void (await (asyncDispose ?? dispose)?.()),
  };
}

function cleanupByMethod(resource: Shape): Cleanup | undefined {
  const name = RELEASING_METHODS.find((method) => isMethod(resource, method) && !(method === 'release' && isPool(resource)));
  if (name === undefined) {
    return undefined;
  }
  return {
    now: () => settleLater(resource[name]()),
    wait: async () => void (await resource[name]()),
  };
}

function isServer(resource: Shape): boolean {
  return isMethod(resource, 'listen') && isMethod(resource, 'close') && 'listening' in resource;
}

function serverCleanup(server: Shape): Cleanup {
  const dropConnections = connectionsOf(server);
  return {
    now: () => {
      if (server['listening']) {
        server['close']();
      }
      dropConnections();
    },
    wait: () =>
      called((done) => {
        server['close']((error?: NodeJS.ErrnoException | null) => done(error?.code === 'ERR_SERVER_NOT_RUNNING' ? null : error));
        dropConnections();
      }),
  };
}

/** A bare `net.Server` cannot say who is connected, so its connections are noted from now on. */
function connectionsOf(server: Shape): () => void {
  if (isMethod(server, 'closeAllConnections')) {
    return () => server['closeAllConnections']();
  }
  const sockets = new Set<Shape>();
  server['on']?.('connection', (socket: Shape) => {
    sockets.add(socket);
    socket['once']('close', () => sockets.delete(socket));
  });
  return () => sockets.forEach((socket) => socket['destroy']());
}

function isWebStream(resource: Shape): boolean {
  return isMethod(resource, 'getReader') && isMethod(resource, 'cancel');
}

function isChildProcess(resource: Shape): boolean {
  return isMethod(resource, 'kill') && 'exitCode' in resource && 'signalCode' in resource;
}

async function endProcess(child: Shape): Promise<void> {
  if (child['pid'] === undefined || child['exitCode'] !== null || child['signalCode'] !== null) {
    return;
  }
  const timer = setTimeout(() => child['kill']('SIGKILL'), KILL_GRACE);
  try {
    await new Promise<void>((resolve) => {
      child['once']('exit', () => resolve());
      child['kill']();
    });
  } finally {
    clearTimeout(timer);
  }
}

function isDir(resource: Shape): boolean {
  return isMethod(resource, 'closeSync') && isMethod(resource, 'readSync');
}

/** `for await` closes a directory by itself, and closing it again is an error. */
function closedOnce(closeDir: () => void): void {
  try {
    closeDir();
  } catch (error) {
    rethrowUnlessClosed(error);
  }
}

async function closedOnceAsync(closeDir: () => Promise<void>): Promise<void> {
  try {
    await closeDir();
  } catch (error) {
    rethrowUnlessClosed(error);
  }
}

function rethrowUnlessClosed(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ERR_DIR_CLOSED') {
    throw error;
  }
}

function isNodeStream(resource: Shape): boolean {
  return isMethod(resource, 'destroy') && isMethod(resource, 'on') && (isMethod(resource, 'pipe') || isMethod(resource, 'write')) && ('readable' in resource || 'writable' in resource);
}

function destroyStream(stream: Shape): void {
  // Some streams report an abort as an error, which nobody listens for any more.
  stream['on']('error', () => {});
  stream['destroy']();
}

/** What is only written is flushed first, so that no data is lost; what is read is cut off. */
async function endStream(stream: Shape): Promise<void> {
  const isWriteOnly = stream['writable'] === true && !('readable' in stream && isMethod(stream, 'read'));
  if (isWriteOnly && !stream['writableFinished']) {
    await called((done) => {
      stream['once']('error', done);
      stream['once']('close', () => done());
      stream['end']((error?: Error | null) => {
        // Streams with `autoDestroy: false` stay open after their end.
        stream['destroy']();
        done(error);
      });
    });
    return;
  }
  if (stream['closed'] === true) {
    return;
  }
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, CLOSE_GRACE);
    stream['once']('close', () => {
      clearTimeout(timer);
      resolve();
    });
    destroyStream(stream);
  });
}

/** A pool gives clients back with `release(client)`; it is closed in another way. */
function isPool(resource: Shape): boolean {
  return isMethod(resource, 'acquire') || isMethod(resource, 'getConnection');
}

/** A release that turns out to be asynchronous although it cannot be awaited here: its failure is at least said. */
function settleLater(result: unknown): void {
  if (typeof (result as PromiseLike<unknown> | undefined)?.then === 'function') {
    (result as PromiseLike<unknown>).then(undefined, (error: unknown) => {
      process.emitWarning(`A resource could not be released: ${String(error)}`, { code: 'WATERTIGHT_RELEASE_FAILED' });
    });
  }
}

function called(start: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error ? reject(error) : resolve()));
  });
}

function boundMethod(resource: Shape, name: symbol): (() => unknown) | undefined {
  // What `disposable` put there for an earlier use does not count: pools hand the same client out again and again.
  const holder = isOwnDispose(resource[name]) ? (Object.getPrototypeOf(resource) as object) : resource;
  const method: unknown = Reflect.get(holder, name, resource);
  return typeof method === 'function' ? (method.bind(resource) as () => unknown) : undefined;
}

function isMethod(resource: Shape, name: string): boolean {
  return typeof resource[name] === 'function';
}

function unreleasable(resource: unknown): TypeError {
  const name = typeof resource === 'object' && resource !== null ? (resource.constructor?.name ?? 'object') : String(resource);
  return new TypeError(`Cannot tell how to release ${name}: it has no dispose, close, end, destroy or release method. Pass the cleanup as a function.`);
}
