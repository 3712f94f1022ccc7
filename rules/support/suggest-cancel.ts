import { type Held, type Leak, type SourceFile, getDroppedEdits, getReleaseEdits } from 'watertight-analysis';
import type { SuggestionReportDescriptor } from '@typescript-eslint/utils/ts-eslint';
import { toFix } from './to-fix.js';

/** How a client's responses are let go without help of a library. */
type Client = 'web' | 'undici' | 'node-fetch' | 'http' | 'axios';

/** The smallest local repair of a leaked response: its body is cancelled before each exit that loses it. */
export function suggestCancel<MessageId extends string>(leak: Leak, file: SourceFile, messageId: MessageId): SuggestionReportDescriptor<MessageId>[] {
  const client = findClient(leak, file);
  if (!client) return [];
  const edits =
    getDroppedEdits(leak, file, (value, isAsync) => cancelDropped(value, isAsync, client)) ??
    getReleaseEdits(leak, file, {
      write: (held, { isAsync, mayBeReleased }) => cancelHeld(held, client, isAsync, mayBeReleased),
    });
  return edits && edits.length > 0 ? [{ messageId, fix: toFix(edits) }] : [];
}

function findClient(leak: Leak, file: SourceFile): Client | undefined {
  const { callee } = leak.site as { callee?: Parameters<SourceFile['getOrigin']>[0] };
  const origin = callee && file.getOrigin(callee);
  if (origin === 'undici:request') return 'undici';
  if (origin === 'node-fetch:default') return 'node-fetch';
  if (origin && /^(?:follow-redirects:)?https?[:.]/.test(origin)) return 'http';
  if (origin?.startsWith('axios:')) return 'axios';
  // A stream of some other client: how it is ended is not known.
  return /responseType/.test(file.getText(leak.site)) ? undefined : 'web';
}

function cancelHeld({ name, part }: Held, client: Client, isAsync: boolean, mayBeReleased: boolean): string | undefined {
  const wait = isAsync ? 'await ' : 'void ';
  const body = part === 'body' ? name : `${name}.body`;
  switch (client) {
    case 'http':
      return part === undefined ? `${name}.resume();` : undefined;
    case 'axios':
      return `${part === 'body' ? name : `${name}.data`}.destroy();`;
    case 'node-fetch':
      return `${body}?.resume();`;
    case 'undici':
      return mayBeReleased ? undefined : `${wait}${body}.dump();`;
    case 'web':
      if (part === 'reader') return `${wait}${name}.cancel();`;
      if (part !== undefined) return mayBeReleased ? undefined : `${wait}${name}?.cancel();`;
      // cancel() rejects on a body that has been read.
      return mayBeReleased ? `if (!${name}.bodyUsed) ${wait}${body}?.cancel();` : `${wait}${body}?.cancel();`;
  }
}

function cancelDropped(value: string, isAsync: boolean, client: Client): string {
  if (!isAsync) return `${value}.then((response) => response.body?.${client === 'node-fetch' ? 'resume' : 'cancel'}())`;
  const awaited = `(${value})`;
  if (client === 'undici') return `await ${awaited}.body.dump()`;
  if (client === 'axios') return `${awaited}.data.destroy()`;
  return client === 'node-fetch' ? `${awaited}.body?.resume()` : `await ${awaited}.body?.cancel()`;
}
