import { type Draft, LANGUAGES, STYLES } from '../engine/messages.js';
import { PRESETS } from './presets.js';

const KEY = 'code=';

/** The draft as the part of an address after `#`, which browsers do not send: compressed, in letters that need no escape. */
export async function writeHash({ text, language, preset, style }: Draft): Promise<string> {
  const json = new TextEncoder().encode(JSON.stringify([text, language, preset, style]));
  const bytes = await pass(json, new CompressionStream('deflate-raw'));
  const letters = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return `#${KEY}${letters.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`;
}

/** Undefined where the hash carries no draft, or one that was cut short on its way. */
export async function readHash(hash: string): Promise<Draft | undefined> {
  if (!hash.startsWith(`#${KEY}`)) return undefined;
  try {
    const letters = atob(hash.slice(KEY.length + 1).replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
    const json = new TextDecoder().decode(await pass(bytes, new DecompressionStream('deflate-raw')));
    const [text, ...choices] = JSON.parse(json) as unknown[];
    const [language, preset, style] = [LANGUAGES, PRESETS, STYLES].map((known, index) => (known as readonly unknown[]).find((value) => value === choices[index]) ?? known[0]);
    return typeof text === 'string' ? ({ text, language, preset, style } as Draft) : undefined;
  } catch {
    return undefined;
  }
}

async function pass(bytes: Uint8Array<ArrayBuffer>, through: CompressionStream | DecompressionStream): Promise<Uint8Array> {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(through)).arrayBuffer());
}
