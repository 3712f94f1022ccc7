import { type FlawedController, type SourceFile, type UnforwardedSignal, getControllerRepair, getForwardRepair } from 'watertight-analysis';
import { applyAbortRepair, getAbortStyle } from './support/apply-abort-repair.js';
import type { Codemod, CodemodInput, Site, SiteOutcome, Target } from './types.js';

/** What the rule hands over with each finding. */
type Facts = { readonly file: SourceFile } & ({ readonly flaw: UnforwardedSignal } | { readonly controller: FlawedController });

/**
 * Passes the caller's signal on: into the options of a call, joined with the function's own signal, into pauses (`sleep`), and
 * into loops, which look at it in each round.
 */
export const noUnforwardedAbortSignal: Codemod = {
  name: 'no-unforwarded-abort-signal',
  transform: ({ sourceFile, sites, target }) => sites.map((site) => repair(site, target, sourceFile)),
};

function repair(site: Site, target: Target, sourceFile: CodemodInput['sourceFile']): SiteOutcome {
  const facts = site.finding.facts as Facts;
  const result = 'flaw' in facts ? getForwardRepair(facts.file, facts.flaw, getAbortStyle(target, sourceFile)) : getControllerRepair(facts.file, facts.controller);
  return applyAbortRepair(site, result, target);
}
