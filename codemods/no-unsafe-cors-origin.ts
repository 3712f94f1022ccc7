import type { OriginRepair, Refusal } from 'watertight-analysis';
import type { Codemod, Site, SiteOutcome, Target } from './types.js';

/** What the rule hands over with each finding. */
interface Facts {
  readonly repair: OriginRepair | Refusal;
}

/**
 * Lets `resolveCorsOrigin(origin, allowed)` decide where code compares a part of the origin, and mends patterns and
 * lists in their place. What lets in everybody is left: which origins are meant is nowhere in the code.
 */
export const noUnsafeCorsOrigin: Codemod = {
  name: 'no-unsafe-cors-origin',
  transform: ({ sites, target }) => sites.map((site) => repairSite(site, target)),
};

function repairSite(site: Site, target: Target): SiteOutcome {
  const { repair } = site.finding.facts as Facts;
  if (!('edits' in repair)) return { status: 'skipped', site, reason: repair.reason, detail: repair.detail };
  if (!repair.usesRuntime) return { status: 'changed', site, edits: repair.edits };
  return { status: 'changed', site, edits: repair.edits, imports: [{ module: target.runtimeModule, name: 'resolveCorsOrigin' }] };
}
