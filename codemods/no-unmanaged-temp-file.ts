import { type Leak, type SourceFile, getTempFileRepair } from 'watertight-analysis';
import { toOutcome } from './support/to-outcome.js';
import { usesUsing } from './support/uses-using.js';
import type { Codemod } from './types.js';

/** What the rule hands over with each finding. */
interface Facts {
  readonly leak: Leak;
  readonly file: SourceFile;
}

/**
 * Makes temporary files and folders with `createTempFile` and `createTempDir`, which remove them at the end of the block and
 * when the process ends; removes them in a `finally` where the name matters, and in a `catch` that throws on where the caller
 * is given them.
 */
export const noUnmanagedTempFile: Codemod = {
  name: 'no-unmanaged-temp-file',
  transform: ({ sites, target }) =>
    sites.map((site) => {
      const { leak, file } = site.finding.facts as Facts;
      return toOutcome(site, getTempFileRepair(leak, file, { usesUsing: usesUsing(target) }), file, target);
    }),
};
