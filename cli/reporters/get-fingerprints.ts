import { createHash } from 'node:crypto';
import type { CheckedFile, CheckedFinding } from '../lint/finding.js';
import { showPath } from './report-style.js';

/**
 * A name for each finding that stays the same while the code around it moves: made of the rule, the path, the text of the
 * line without its spacing, and the count of findings of which all that is the same. Messages and line numbers are no part of it.
 */
export function getFingerprints(file: CheckedFile, root: string): Map<CheckedFinding, string> {
  const seen = new Map<string, number>();
  return new Map(
    file.findings.map((finding) => {
      const code = (file.sourceLines[finding.line] ?? '').replace(/\s+/g, '');
      const place = [finding.rule, finding.messageId, showPath(file.path, root), code].join('\n');
      const number = seen.get(place) ?? 0;
      seen.set(place, number + 1);
      return [finding, createHash('sha256').update(`${place}\n${number}`).digest('hex')];
    }),
  );
}
