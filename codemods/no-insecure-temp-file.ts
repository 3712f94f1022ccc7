import { type InsecureTempFile, type SourceFile, getInsecureTempFileRepair } from 'watertight-analysis';
import { toOutcome } from './support/to-outcome.js';
import { usesUsing } from './support/uses-using.js';
import type { Codemod } from './types.js';

/** What the rule hands over with each finding. */
interface Facts {
  readonly insecure: InsecureTempFile;
  readonly file: SourceFile;
}

/**
 * Gives temporary files mode 0600, opens them with `wx` behind a check, publishes their paths after their content is written, and
 * moves those with a foreseeable name into `createTempFile` or a folder of `createTempDir`.
 */
export const noInsecureTempFile: Codemod = {
  name: 'no-insecure-temp-file',
  transform: ({ sites, target }) =>
    sites.map((site) => {
      const { insecure, file } = site.finding.facts as Facts;
      return toOutcome(site, getInsecureTempFileRepair(insecure, file, { usesUsing: usesUsing(target) }), file, target);
    }),
};
