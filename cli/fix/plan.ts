import type { Range } from '../lint/finding.js';
import type { SourceText } from '../files/read-source.js';

/** One reported site and the bucket it ended in. */
export interface PlannedSite extends Range {
  readonly rule: string;
  readonly message: string;
  readonly status: 'changed' | 'skipped' | 'failed';
  /** Of a skip, from the closed list; documented in docs/guides/json-format.md. */
  readonly reason?: string | undefined;
  /** What there is to say beyond the reason; the error of a failure. */
  readonly detail?: string | undefined;
}

/** What is to become of one file. */
export interface FilePlan {
  /** Absolute. */
  readonly path: string;
  readonly source: SourceText;
  /** The proven new text; the old one when nothing changes. */
  readonly text: string;
  readonly sites: readonly PlannedSite[];
  readonly isWritten: boolean;
}

export function hasChanges(plan: FilePlan): boolean {
  return plan.text !== plan.source.text;
}

/** The plan when its change cannot be kept: the sites that were to change have failed, and the file stays as it was. */
export function withdrawPlan(plan: FilePlan, error: string): FilePlan {
  const sites = plan.sites.map((site) => (site.status === 'changed' ? { ...site, status: 'failed' as const, detail: error } : site));
  return { ...plan, text: plan.source.text, sites, isWritten: false };
}
