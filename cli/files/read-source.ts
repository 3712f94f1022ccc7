import { readFile } from 'node:fs/promises';

/** A source file as it was read. `text` has no byte order mark; ESLint and TypeScript count positions without it. */
export interface SourceText {
  readonly bytes: Buffer;
  readonly text: string;
  readonly hasBom: boolean;
  /** Whether the bytes come back from the text; a file in another encoding is linted as ESLint does, and never written. */
  readonly isUtf8: boolean;
}

export async function readSource(path: string): Promise<SourceText> {
  return decodeSource(await readFile(path));
}

export function decodeSource(bytes: Buffer): SourceText {
  const decoded = bytes.toString('utf8');
  const hasBom = decoded.startsWith('\uFEFF');
  return { bytes, text: hasBom ? decoded.slice(1) : decoded, hasBom, isUtf8: Buffer.from(decoded, 'utf8').equals(bytes) };
}

/** The bytes of a new text for a file that was read as `source`. */
export function encodeSource(text: string, source: SourceText): Buffer {
  return Buffer.from(source.hasBom ? `\uFEFF${text}` : text, 'utf8');
}
