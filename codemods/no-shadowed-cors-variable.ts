import type { Refusal, ShadowRepair } from 'watertight-analysis';
import type { Codemod, Site, SiteOutcome } from './types.js';

/** What the rule hands over with each finding. */
interface Facts {
  readonly repair: ShadowRepair | Refusal;
}

/**
 * Gives the outer variable what was meant for it: `const allowedOrigin = origin` becomes an assignment where the outer
 * one may be assigned to and belongs to the same request; a self-comparison gets its inner side renamed; an empty list
 * and a parameter that nobody passes go away.
 */
export const noShadowedCorsVariable: Codemod = {
  name: 'no-shadowed-cors-variable',
  transform: ({ sites }) => sites.map(repairSite),
};

function repairSite(site: Site): SiteOutcome {
  const { repair } = site.finding.facts as Facts;
  return 'edits' in repair ? { status: 'changed', site, edits: repair.edits } : { status: 'skipped', site, reason: repair.reason, detail: repair.detail };
}
