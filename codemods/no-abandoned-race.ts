import { type AbandonedRace, type SourceFile, getRaceRepair } from 'watertight-analysis';
import { applyAbortRepair, getAbortStyle } from './support/apply-abort-repair.js';
import type { Codemod } from './types.js';

/** What the rule hands over with each finding. */
interface Facts {
  readonly race: AbandonedRace;
  readonly file: SourceFile;
}

/** Turns a race against a timer that rejects into `withTimeout`, and clears the timer of every other race when it is over. */
export const noAbandonedRace: Codemod = {
  name: 'no-abandoned-race',
  transform: ({ sourceFile, sites, target }) =>
    sites.map((site) => {
      const { race, file } = site.finding.facts as Facts;
      return applyAbortRepair(site, getRaceRepair(file, race, getAbortStyle(target, sourceFile)), target);
    }),
};
