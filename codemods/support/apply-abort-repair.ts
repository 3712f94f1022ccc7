import type { AbortRefusal, AbortRepair, AbortStyle } from 'watertight-analysis';
import type { Site, SiteOutcome, Target } from '../types.js';

/** How a target wants code about signals and timers to be written. */
export function getAbortStyle({ canUseUsing, style, lowestNode }: Target): AbortStyle {
  const isGuarded = style === 'try-finally' || (style === 'auto' && !canUseUsing);
  return { form: isGuarded ? 'try-finally' : 'using', lowestNode };
}

/** What becomes of a site: changed with the helpers imported, or skipped for the reason that the analysis gives. */
export function applyAbortRepair(site: Site, result: AbortRepair | AbortRefusal, { runtimeModule }: Target): SiteOutcome {
  if ('reason' in result) return { status: 'skipped', site, reason: result.reason, detail: result.detail };
  return { status: 'changed', site, edits: result.edits, imports: result.helpers.map((name) => ({ module: runtimeModule, name })) };
}
