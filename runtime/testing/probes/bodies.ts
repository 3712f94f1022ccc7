import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { captureAcquisition, type Acquisition } from '../acquisition.js';
import { clearTimeout, setTimeout } from '../clock.js';
import type { Leak } from '../leak.js';
import type { Probe } from './probe.js';

/** How long the last look waits for an unread body to show that it is empty. */
const PEEK_MS = 50;

/** A call of the global `fetch`. */
interface FetchCall {
  name: string;
  acquisition: Acquisition;
  response?: Response;
  /** What the last look found out by reading. */
  verdict?: 'empty' | 'unread';
}

/** A request of undici, which also is what the global `fetch` sends. */
interface UndiciRequest {
  method?: string;
  origin?: string | URL;
  path?: string;
  upgrade?: unknown;
}

interface Sent {
  name: string;
  acquisition: Acquisition;
  call: FetchCall | undefined;
}

/**
 * Response bodies that were neither read nor cancelled: of the global `fetch` whatever their size, of undici as long as
 * they hold their connection, of `http.get` and what is built on it until they have ended. The sources are a patched
 * `fetch` and the channels that undici and `node:http` publish on.
 */
export function probeBodies(): Probe {
  const context = new AsyncLocalStorage<FetchCall>();
  const calls = new Set<FetchCall>();
  const sent = new Map<object, Sent>();
  const pendingGets = new WeakMap<ClientRequest, Acquisition>();
  const messages = new Map<IncomingMessage, Sent>();

  const undoFetch = patchFetch(calls, context);
  const undoChannels = listenTo({
    'undici:request:create': ({ request }: { request: UndiciRequest }) => {
      // An upgraded connection is a socket, and has no body.
      if (!request.upgrade && request.method !== 'CONNECT') {
        const call = context.getStore();
        sent.set(request, { name: nameOf(request), acquisition: call?.acquisition ?? captureAcquisition(), call });
      }
    },
    'undici:request:trailers': ({ request }: { request: object }) => void sent.delete(request),
    'undici:request:error': ({ request }: { request: object }) => void sent.delete(request),
    'http.client.request.start': ({ request }: { request: ClientRequest }) => void pendingGets.set(request, captureAcquisition()),
    'http.client.response.finish': ({ request, response }: { request: ClientRequest; response: IncomingMessage }) => {
      const acquisition = pendingGets.get(request);
      if (acquisition !== undefined) {
        messages.set(response, { name: `${request.method} ${request.protocol}//${request.host}${request.path}`, acquisition, call: undefined });
      }
    },
  });

  const unreadCalls = () => [...calls].filter((call) => !call.acquisition.isRunners && isUnread(call));
  const leaks = (): Leak[] => {
    const unread = unreadCalls();
    const held = [...sent.values()].filter(({ call }) => call === undefined || !unread.includes(call));
    const unended = [...messages].filter(([message]) => !message.readableEnded && !message.destroyed).map(([, each]) => each);
    return [
      ...unread.map(({ name, acquisition }) => leak(`${name} was neither read nor cancelled`, acquisition)),
      ...[...held, ...unended]
        .filter(({ acquisition }) => !acquisition.isRunners)
        .map(({ name, acquisition }) => leak(`${name} was not read to its end and holds its connection`, acquisition)),
    ];
  };
  return {
    leaks,
    async finalLeaks() {
      await Promise.all(unreadCalls().map(peek));
      return leaks();
    },
    stop() {
      undoFetch();
      undoChannels();
    },
  };
}

function patchFetch(calls: Set<FetchCall>, context: AsyncLocalStorage<FetchCall>): () => void {
  const original = globalThis.fetch;
  const patched: typeof fetch = async (input, init) => {
    const isRequest = typeof input === 'object' && 'url' in input;
    const method = init?.method ?? (isRequest ? input.method : 'GET');
    const call: FetchCall = { name: `${method} ${isRequest ? input.url : String(input)}`, acquisition: captureAcquisition() };
    const response = await context.run(call, original, input, init);
    call.response = response;
    calls.add(call);
    return response;
  };
  globalThis.fetch = patched;
  return () => {
    // Somebody else may have patched on top of this.
    if (globalThis.fetch === patched) {
      globalThis.fetch = original;
    }
  };
}

function isUnread(call: FetchCall): boolean {
  const { response, verdict } = call;
  if (verdict !== undefined) {
    return verdict === 'unread';
  }
  return response?.body != null && !response.bodyUsed && response.headers.get('content-length') !== '0';
}

/** An empty body of unknown length cannot be told from an unread one, but by reading it. */
async function peek(call: FetchCall): Promise<void> {
  const body = call.response?.body;
  if (body == null || body.locked) {
    return;
  }
  const reader = body.getReader();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, PEEK_MS, undefined);
  });
  try {
    const result = await Promise.race([reader.read(), late]);
    call.verdict = result?.done === true ? 'empty' : 'unread';
  } catch {
    // It has failed, and holds nothing.
    call.verdict = 'empty';
  } finally {
    clearTimeout(timer);
    await reader.cancel().catch(() => undefined);
    reader.releaseLock();
  }
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each channel has messages of its own
function listenTo(channels: Record<string, (message: any) => void>): () => void {
  const entries = Object.entries(channels).map(([name, hear]) => [name, (message: unknown) => hear(message)] as const);
  entries.forEach(([name, hear]) => subscribe(name, hear));
  return () => entries.forEach(([name, hear]) => unsubscribe(name, hear));
}

function nameOf(request: UndiciRequest): string {
  return `${request.method} ${String(request.origin ?? '').replace(/\/$/, '')}${request.path ?? ''}`;
}

function leak(description: string, acquisition: Acquisition): Leak {
  return { kind: 'response body', description, acquiredAt: acquisition.frames };
}
