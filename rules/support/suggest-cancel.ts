import { type Held, type Leak, type ReleaseSite, type SourceFile, getDroppedEdits, getReleaseEdits } from 'watertight-analysis';
import type { SuggestionReportDescriptor } from '@typescript-eslint/utils/ts-eslint';
import { toFix } from './to-fix.js';

/** How a client's responses are let go without help of a library. */
type Client = 'web' | 'undici' | 'node-fetch' | 'http' | 'axios' | 'stream';

/** The smallest local repair of a leaked response: its body is cancelled before each exit that loses it. */
export function suggestCancel<MessageId extends string>(leak: Leak, file: SourceFile, messageId: MessageId): SuggestionReportDescriptor<MessageId>[] {
  const client = leak.isRejected ? undefined : findClient(leak, file);
  if (!client) return [];
  const edits =
    getDroppedEdits(leak, file, {
      awaited: (value) => cancelAwaited(value, client),
      handler: getHandler(client),
      statement: (name) => cancelHeld({ name, part: undefined }, client, { isAsync: true, mayBeReleased: false, mayBeUnset: false }),
    }) ?? getReleaseEdits(leak, file, { preferredPart: 'reader', write: (held, site) => cancelHeld(held, client, site) });
  return edits && edits.length > 0 ? [{ messageId, fix: toFix(edits) }] : [];
}

function findClient(leak: Leak, file: SourceFile): Client | undefined {
  const { callee } = leak.node as { callee?: Parameters<SourceFile['getOrigin']>[0] };
  const origin = callee && file.getOrigin(callee);
  if (origin && /^(?:global:fetch|undici:fetch|node-fetch-native:|ky:|electron:)/.test(origin)) return 'web';
  if (origin === 'undici:request' || origin === 'undici:Client.request') return 'undici';
  if (origin && /^(?:node-fetch|minipass-fetch|make-fetch-happen):/.test(origin)) return 'node-fetch';
  if (origin && /^(?:follow-redirects:)?https?[:.]/.test(origin)) return 'http';
  if (origin?.startsWith('axios:')) return 'axios';
  if (origin?.startsWith('got:')) return 'stream';
  // A response of a function that is not known: the global fetch is behind it where the file shows no other client.
  const isStream = /responseType/.test(file.getText(leak.site));
  return isStream || hasOtherClient(file.text) ? undefined : 'web';
}

/** The bodies of these are Node streams, or those of either kind by the platform. */
function hasOtherClient(text: string): boolean {
  return /['"](?:undici|node-fetch|cross-fetch|isomorphic-fetch|minipass-fetch|make-fetch-happen|axios|got|follow-redirects|(?:node:)?https?)['"]/.test(text);
}

function cancelHeld({ name, part }: Held, client: Client, { isAsync, mayBeReleased, mayBeUnset }: ReleaseSite): string | undefined {
  const wait = isAsync ? 'await ' : 'void ';
  const optional = mayBeUnset ? '?' : '';
  const whole = `${name}${optional}`;
  const body = part === 'body' ? name : `${whole}.body`;
  if (part === 'list') {
    const release = mayBeReleased ? undefined : cancelHeld({ name: 'response', part: undefined }, client, { isAsync: false, mayBeReleased, mayBeUnset: false });
    return release && `${wait}Promise.all(${name}.map((response) => ${release.replace(/^void |;$/g, '')}));`;
  }
  if (part === 'reader') return `${wait}${whole}.cancel();`;
  switch (client) {
    case 'http':
      return part === undefined ? `${whole}.resume();` : undefined;
    case 'stream':
      return part === undefined ? `${whole}.destroy();` : undefined;
    case 'axios':
      return `${part === 'body' ? whole : `${whole}.data`}.destroy();`;
    case 'node-fetch':
      return `${body}?.resume();`;
    case 'undici':
      return mayBeReleased ? undefined : `${wait}${part === 'body' ? whole : body}.dump();`;
    case 'web':
      if (part !== undefined) return mayBeReleased ? undefined : `${wait}${name}?.cancel();`;
      // cancel() rejects on a body that has been read.
      if (!mayBeReleased) return `${wait}${body}?.cancel();`;
      return mayBeUnset ? `if (${name} && !${name}.bodyUsed) ${wait}${name}.body?.cancel();` : `if (!${name}.bodyUsed) ${wait}${body}?.cancel();`;
  }
}

/** await fetch(url)  →  await (await fetch(url)).body?.cancel() */
function cancelAwaited(value: string, client: Client): string | undefined {
  switch (client) {
    case 'web':
      return `await (${value}).body?.cancel()`;
    case 'undici':
      return `await (${value}).body.dump()`;
    case 'node-fetch':
      return `(${value}).body?.resume()`;
    case 'axios':
      return `(${value}).data.destroy()`;
    default:
      return undefined;
  }
}

/** fetch(url)  →  fetch(url).then((response) => response.body?.cancel()) */
function getHandler(client: Client): string | undefined {
  const release = cancelHeld({ name: 'response', part: undefined }, client, { isAsync: true, mayBeReleased: false, mayBeUnset: false });
  return client === 'http' || client === 'stream' ? undefined : `(response) => ${release!.replace(/^await |;$/g, '')}`;
}
