import { type Race, type SourceFile, getFlightRepair, getLocalRaceRepair, getLockRepair } from 'watertight-analysis';
import type { Codemod, Site, SiteOutcome, Target } from './types.js';

/** What the rule hands over with each finding. */
interface Facts {
  readonly race: Race;
  readonly file: SourceFile;
}

/**
 * Puts the rest of a function, from the check or the read on, behind a `KeyedLock`, so that nobody else reads what is about
 * to change. A function that only loads what is not there yet is run once for all calls that overlap, by `singleFlight`.
 * Where moving a line is enough, neither is used: what is awaited is awaited before the old value is read.
 */
export const noRacyUpdate: Codemod = {
  name: 'no-racy-update',
  transform({ sites, target }) {
    const taken = new Set<string>();
    return sites.map((site) => repair(site, target, taken));
  },
};

function repair(site: Site, { runtimeModule }: Target, taken: Set<string>): SiteOutcome {
  const { race, file } = site.finding.facts as Facts;
  const local = getLocalRaceRepair(race, file, taken);
  if (local) return { status: 'changed', site, edits: local.edits };
  if (race.kind === 'file-access') {
    return { status: 'skipped', site, reason: 'unsupported-shape', detail: 'the answer decides what happens without the file' };
  }
  const flight = getFlightRepair(race, file);
  if (flight) return { status: 'changed', site, edits: flight.edits, imports: [{ module: runtimeModule, name: 'singleFlight' }] };
  const result = getLockRepair(race, file);
  if ('reason' in result) return { status: 'skipped', site, reason: result.reason, detail: result.detail };
  return { status: 'changed', site, edits: result.edits, imports: [{ module: runtimeModule, name: 'KeyedLock' }] };
}
