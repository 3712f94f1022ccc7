import type { CheckedFile } from './finding.js';

/** What is known of a file that was looked at by no rule, or in vain. */
export function leave(path: string, state: CheckedFile['state'], configPath?: string): CheckedFile {
  return { path, state, findings: [], problems: [], sourceLines: {}, configPath };
}
