import { type LeakedListener, type SourceFile, getAbortListenerRepair } from 'watertight-analysis';
import { applyAbortRepair, getAbortStyle } from './support/apply-abort-repair.js';
import type { Codemod } from './types.js';

/** What the rule hands over with each finding. */
interface Facts {
  readonly listener: LeakedListener;
  readonly file: SourceFile;
}

/** Ends abort listeners with the work that they are for: `using _ = onAbort(signal, …)`, `finally`, or where a promise is settled. */
export const noLeakedAbortListener: Codemod = {
  name: 'no-leaked-abort-listener',
  transform: ({ sourceFile, sites, target }) =>
    sites.map((site) => {
      const { listener, file } = site.finding.facts as Facts;
      return applyAbortRepair(site, getAbortListenerRepair(file, listener, getAbortStyle(target, sourceFile)), target);
    }),
};
