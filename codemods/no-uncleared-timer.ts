import { type SourceFile, type UnclearedTimer, getTimerRepair } from 'watertight-analysis';
import { applyAbortRepair, getAbortStyle } from './support/apply-abort-repair.js';
import type { Codemod } from './types.js';

/** What the rule hands over with each finding. */
interface Facts {
  readonly timer: UnclearedTimer;
  readonly file: SourceFile;
}

/** Clears timers when the work they belong to has ended, in `finally` or in the method that ends an object; intervals become the `Disposable` of `every`. */
export const noUnclearedTimer: Codemod = {
  name: 'no-uncleared-timer',
  transform: ({ sourceFile, sites, target }) =>
    sites.map((site) => {
      const { timer, file } = site.finding.facts as Facts;
      return applyAbortRepair(site, getTimerRepair(file, timer, getAbortStyle(target, sourceFile)), target);
    }),
};
