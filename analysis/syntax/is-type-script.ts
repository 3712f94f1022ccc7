import type { SourceFile } from '../source-file.js';

/** Whether a file is TypeScript, by its name. */
export function isTypeScript(file: SourceFile): boolean {
  return /\.[cm]?tsx?$/.test(file.filename ?? '');
}
