import { type SourceFile, type UnremovedListener, getListenerRepair } from 'watertight-analysis';
import type { Codemod, Site, SiteOutcome, Target } from './types.js';

/** What the rule hands over with each finding. */
interface Facts {
  readonly finding: UnremovedListener;
  readonly file: SourceFile;
}

/**
 * Keeps what `listen(target, event, handler)` gives back in a list that the `close` of the class, or of the object that a
 * factory returns, goes through. An effect gets a clean-up, and a removal that adds gets the right method.
 */
export const noUnremovedListener: Codemod = {
  name: 'no-unremoved-listener',
  transform: ({ sites, target }) => sites.map((site) => repair(site, target)),
};

function repair(site: Site, { runtimeModule }: Target): SiteOutcome {
  const { finding, file } = site.finding.facts as Facts;
  const result = getListenerRepair(file, finding, 'listen');
  if ('reason' in result) return { status: 'skipped', site, reason: result.reason, detail: result.detail };
  const imports = result.usesListen ? [{ module: runtimeModule, name: 'listen' }] : [];
  return { status: 'changed', site, edits: result.edits, imports };
}
