import { type FilePlan, type PlannedSite, hasChanges } from '../fix/plan.js';

export interface Buckets {
  readonly reported: number;
  readonly changed: number;
  readonly skipped: number;
  readonly failed: number;
}

export interface FixSummary extends Buckets {
  readonly byRule: Readonly<Record<string, Buckets>>;
  readonly changedFiles: number;
}

export function summarizeFix(plans: readonly FilePlan[]): FixSummary {
  const sites = plans.flatMap((plan) => plan.sites);
  const rules = [...new Set(sites.map((site) => site.rule))].sort();
  return {
    ...countBuckets(sites),
    byRule: Object.fromEntries(rules.map((rule) => [rule, countBuckets(sites.filter((site) => site.rule === rule))])),
    changedFiles: plans.filter(hasChanges).length,
  };
}

function countBuckets(sites: readonly PlannedSite[]): Buckets {
  const count = (status: PlannedSite['status']) => sites.filter((site) => site.status === status).length;
  return { reported: sites.length, changed: count('changed'), skipped: count('skipped'), failed: count('failed') };
}
