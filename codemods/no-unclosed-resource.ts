import { type Leak, type SourceFile, type UnguardedPipe, getPipeRepair, getUnclosedResourceRepair } from 'watertight-analysis';
import { toOutcome } from './support/to-outcome.js';
import { usesUsing } from './support/uses-using.js';
import type { Codemod } from './types.js';

/** What the rule hands over with each finding. */
interface Facts {
  readonly file: SourceFile;
  readonly leak?: Leak;
  readonly pipe?: UnguardedPipe;
}

/**
 * Binds resources with `await using` through `asyncDisposable`, or releases them in a `finally`; in a `catch` that throws on where
 * the caller is given them, and before the one exit that loses what goes on working. `pipe` becomes `pipeline`.
 */
export const noUnclosedResource: Codemod = {
  name: 'no-unclosed-resource',
  transform: ({ sites, target }) =>
    sites.map((site) => {
      const { file, leak, pipe } = site.finding.facts as Facts;
      const result = pipe ? getPipeRepair(pipe, file) : getUnclosedResourceRepair(leak!, file, { usesUsing: usesUsing(target) });
      return toOutcome(site, result, file, target);
    }),
};
