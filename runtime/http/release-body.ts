import { delay, within } from './delay.js';
import { isObject } from '../resources/is-object.js';

/** How much of a body is read before it is cancelled. */
export interface ReleaseBodyOptions {
  /**
   * Bytes to read, at most, so that the connection can be used again. A body with more than this left is
   * cancelled, which closes its connection. `0` cancels at once.
   * @defaultValue 65536, about what Node and undici have buffered of an unread body anyway
   */
  drainLimit?: number | undefined;
  /**
   * Milliseconds to spend reading, at most. A server that is still sending after that is hung up on.
   * @defaultValue 500
   */
  timeout?: number | undefined;
}

const DEFAULT_DRAIN_LIMIT = 64 * 1024;
const DEFAULT_TIMEOUT = 500;
/** How long to wait for a cancelled body to say that it is closed: the streams of others may never say it. */
const CLOSE_GRACE = 100;

/** Bodies released before or being released now, so that a second release waits for the first and does nothing else. */
const releases = /* @__PURE__ */ new WeakMap<object, Promise<void>>();

/**
 * Lets go of a response body that nobody is going to read, so that its connection does not stay held.
 *
 * A small rest is read to its end, which keeps the connection alive for the next request; anything larger or
 * slower is cancelled. An unread body of more than about 64 KiB otherwise holds its socket until it is collected,
 * and the bodies of `http.get` hold theirs at any size.
 *
 * Takes what the common clients give: a fetch `Response`, the result of undici's `request()`, a node-fetch or
 * axios (`responseType: 'stream'`) response, an `http.IncomingMessage`, a bare Node or web stream, an error that
 * carries one of these as `response`, or a promise of any of them. Everything else, `null` and `undefined`
 * included, has no body and is left as it is.
 *
 * A body that somebody is reading is that reader's to finish and is not touched: a locked web stream, or a Node
 * stream with a `data` or `readable` listener or a pipe. To stop such a reader, abort its request.
 *
 * Never rejects, so that in a `finally` or `catch` it cannot hide the error that is on its way; calling it again
 * is harmless.
 *
 * @returns a promise that settles when the body has ended or has been cancelled, at the latest about 100 ms after `timeout`
 *
 * @example
 * ```ts
 * const res = await fetch(url);
 * if (!res.ok) {
 *   await releaseBody(res);
 *   throw new Error(`${url} answered ${res.status}`);
 * }
 * ```
 */
export async function releaseBody(response: unknown, options: ReleaseBodyOptions = {}): Promise<void> {
  try {
    // The wait also lets a body method that was called just before begin: undici starts to read in a microtask.
    const settled = await response;
    const body = findBody(settled, 0);
    if (body === undefined) {
      return;
    }
    const earlier = releases.get(body.stream);
    if (earlier !== undefined) {
      return await earlier;
    }
    if (hasReader(body)) {
      return;
    }
    const release = releaseUnread(body, options).catch(ignore);
    releases.set(body.stream, release);
    await release;
  } catch {
    // A getter that throws, a stream that is no stream: there is nothing that could be released.
  }
}

interface WebBody {
  kind: 'web';
  stream: ReadableStream<unknown>;
  length: number | undefined;
}

interface NodeBody {
  kind: 'node';
  stream: NodeBodyStream;
  length: number | undefined;
}

/** A body that is no stream but knows how to go: `dump` of undici's mixin, `cancel`, `destroy`. */
interface OtherBody {
  kind: 'other';
  stream: { dump?: unknown; cancel?: unknown; destroy?: unknown };
  length: number | undefined;
}

type Body = WebBody | NodeBody | OtherBody;

/** What is used of a Node stream, so that this file needs neither `node:stream` nor its types at run time. */
interface NodeBodyStream {
  destroyed?: boolean;
  readableEnded?: boolean;
  listenerCount?(event: string): number;
  on(event: string, listener: (...args: never[]) => void): unknown;
  once(event: string, listener: (...args: never[]) => void): unknown;
  resume(): unknown;
  destroy?(error?: Error): unknown;
}

function findBody(value: unknown, depth: number): Body | undefined {
  if (!isObject(value)) {
    return undefined;
  }
  // A stream first: an IncomingMessage may carry a parsed `body`, and undici's stream has a `body` that reads it.
  const holder = value as Record<string, unknown>;
  // One after the other: to ask a node-fetch 3 response for `data` makes it warn.
  const found = asStream(value, holder['headers']) ?? asStream(holder['body'], holder['headers']) ?? asStream(holder['data'], holder['headers']);
  if (found !== undefined) {
    return found;
  }
  const mixin = holder['body'];
  if (isObject(mixin) && (isMethod(mixin, 'dump') || isMethod(mixin, 'cancel'))) {
    return { kind: 'other', stream: mixin, length: undefined };
  }
  // axios, ky and ofetch reject with an error that still holds the unread response.
  return depth === 0 ? findBody(holder['response'], 1) : undefined;
}

function asStream(value: unknown, headers: unknown): Body | undefined {
  if (!isObject(value)) {
    return undefined;
  }
  if (isMethod(value, 'getReader') && isMethod(value, 'cancel')) {
    return { kind: 'web', stream: value as ReadableStream<unknown>, length: contentLength(headers) };
  }
  if (isMethod(value, 'resume') && isMethod(value, 'on') && isMethod(value, 'once')) {
    return { kind: 'node', stream: value as unknown as NodeBodyStream, length: contentLength(headers) };
  }
  return undefined;
}

function hasReader(body: Body): boolean {
  switch (body.kind) {
    case 'web':
      return body.stream.locked;
    case 'node':
      // A pipe and `Readable.toWeb` listen for `data`, an async iterator for `readable`.
      return listeners(body.stream, 'data') > 0 || listeners(body.stream, 'readable') > 0 || isConsumedByUndici(body.stream);
    case 'other':
      return false;
  }
}

/** undici's `body.text()` and its siblings read without a `data` listener; what they note is only found under a private symbol. */
function isConsumedByUndici(stream: NodeBodyStream): boolean {
  return (
    isMethod(stream, 'dump') &&
    Object.getOwnPropertySymbols(stream).some(
      (symbol) => symbol.description === 'kConsume' && (stream as unknown as Record<symbol, unknown>)[symbol] != null,
    )
  );
}

async function releaseUnread(body: Body, options: ReleaseBodyOptions): Promise<void> {
  const limit = options.drainLimit ?? DEFAULT_DRAIN_LIMIT;
  const timeout = options.timeout ?? DEFAULT_TIMEOUT;
  const isTooLong = body.length !== undefined && body.length > limit;
  switch (body.kind) {
    case 'web':
      return releaseWeb(body.stream, limit, timeout, isTooLong);
    case 'node':
      return releaseNode(body.stream, limit, timeout, isTooLong);
    case 'other':
      return releaseOther(body.stream, limit, timeout);
  }
}

async function releaseWeb(stream: ReadableStream<unknown>, limit: number, timeout: number, isTooLong: boolean): Promise<void> {
  const reader = stream.getReader();
  const deadline = delay(timeout);
  let rest = limit;
  try {
    while (limit > 0) {
      const result = await Promise.race([reader.read(), deadline.promise]);
      if (result === undefined) {
        break;
      }
      if (result.done) {
        return;
      }
      rest -= sizeOf(result.value);
      // The declared length is asked only now: the answer to HEAD declares one too, and has ended by the first read.
      if (rest < 0 || isTooLong) {
        break;
      }
    }
    await within(CLOSE_GRACE, reader.cancel());
  } finally {
    deadline.clear();
    // Unlocked again, so that a `body.cancel()` of the caller that comes later does not reject.
    reader.releaseLock();
  }
}

function releaseNode(stream: NodeBodyStream, limit: number, timeout: number, isTooLong: boolean): Promise<void> {
  // An aborted body may still emit `error`, and without a listener that would end the process.
  stream.on('error', ignore);
  if (stream.destroyed === true || stream.readableEnded === true) {
    return Promise.resolve();
  }
  return new Promise((resolve) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    const stop = () => {
      clearTimeout(timer);
      timer = setTimeout(done, CLOSE_GRACE);
      destroyWithSources(stream);
    };
    stream.once('end', done);
    stream.once('close', done);
    if (limit <= 0) {
      stop();
      return;
    }
    timer = setTimeout(stop, timeout);
    let rest = limit;
    stream.on('data', (chunk: unknown) => {
      rest -= sizeOf(chunk);
      if (rest < 0 || isTooLong) {
        stop();
      }
    });
    stream.resume();
  });
}

/**
 * Destroys a stream and what is piped into it alone: node-fetch 2 gives a `PassThrough`, and destroying that only
 * unpipes the message behind it, which then holds its socket.
 */
function destroyWithSources(stream: NodeBodyStream): void {
  if (stream.destroyed === true) {
    return;
  }
  stream.on('error', ignore);
  stream.once('unpipe', (source: NodeBodyStream) => {
    if (listeners(source, 'data') === 0) {
      destroyWithSources(source);
    }
  });
  stream.destroy?.();
}

async function releaseOther(body: OtherBody['stream'], limit: number, timeout: number): Promise<void> {
  const name = (['dump', 'cancel'] as const).find((method) => isMethod(body, method));
  if (name !== undefined) {
    const release = body[name] as (options?: { limit: number }) => unknown;
    await within(timeout, Promise.resolve(name === 'dump' ? release.call(body, { limit }) : release.call(body)));
  }
}

function contentLength(headers: unknown): number | undefined {
  if (!isObject(headers)) {
    return undefined;
  }
  const value = isMethod(headers, 'get')
    ? (headers as unknown as Headers).get('content-length')
    : (headers as Record<string, unknown>)['content-length'];
  const length = value == null || value === '' ? Number.NaN : Number(value);
  return Number.isFinite(length) ? length : undefined;
}

function sizeOf(chunk: unknown): number {
  const sized = chunk as { byteLength?: number; length?: number } | null | undefined;
  return sized?.byteLength ?? sized?.length ?? 1;
}

function listeners(stream: NodeBodyStream, event: string): number {
  return stream.listenerCount?.(event) ?? 0;
}

function isMethod(value: object, name: string): boolean {
  return typeof (value as Record<string, unknown>)[name] === 'function';
}

function ignore(): void {}
