import { dirname, relative, sep } from 'node:path';
import type { CheckedFile } from './finding.js';

/** `eslint-suppressions.json`: how many errors of a rule a file may have, by its path and the rule's id. */
export type Suppressions = Readonly<Record<string, Readonly<Record<string, { readonly count: number }>>>>;

/**
 * Marks the findings that the bulk suppressions of the project cover, as ESLint does: only errors count, and a rule is
 * silent in a file only while it has no more of them there than were recorded.
 */
export function applySuppressions(file: CheckedFile, suppressions: Suppressions, suppressionsPath: string): CheckedFile {
  const recorded = suppressions[relative(dirname(suppressionsPath), file.path).split(sep).join('/')];
  if (!recorded) return file;
  const covered = new Set(
    Object.entries(recorded).flatMap(([id, { count }]) => {
      const rule = id.replace(/^.*\//, '');
      const errors = file.findings.filter((finding) => finding.rule === rule && finding.severity === 'error' && !finding.suppressedBy);
      return errors.length <= count ? [rule] : [];
    }),
  );
  const findings = file.findings.map((finding) => {
    const isCovered = covered.has(finding.rule) && finding.severity === 'error' && !finding.suppressedBy;
    return isCovered ? { ...finding, suppressedBy: 'suppressions-file' as const } : finding;
  });
  return { ...file, findings };
}
