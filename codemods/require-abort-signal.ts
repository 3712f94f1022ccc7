import { type SourceFile, type UnboundedWait, getLimitRepair } from 'watertight-analysis';
import { applyAbortRepair } from './support/apply-abort-repair.js';
import type { Codemod } from './types.js';

/** What the rule hands over with each finding. */
interface Facts {
  readonly wait: UnboundedWait;
  readonly file: SourceFile;
  /** The time limit of the configuration, in milliseconds; 0 for none. */
  readonly timeout: number;
}

/** Gives requests `AbortSignal.timeout` with the limit that stands in an ignored option, or that the configuration sets. */
export const requireAbortSignal: Codemod = {
  name: 'require-abort-signal',
  transform: ({ sites, target }) =>
    sites.map((site) => {
      const { wait, file, timeout } = site.finding.facts as Facts;
      return applyAbortRepair(site, getLimitRepair(file, wait, timeout), target);
    }),
};
