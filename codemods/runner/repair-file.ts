import type { SourceFile } from 'ts-morph';
import type { Codemod, Edit, Site, SiteOutcome, SkipReason, Target } from '../types.js';
import { applyEdits } from './apply-edits.js';
import { NameTakenError, getImportEdits } from './get-import-edits.js';
import { matchSites } from './match-sites.js';
import type { FileTypes } from './type-project.js';

/** What the rules say about a text: the reported sites of every rule, or why the text cannot be linted. */
export type LintOutcome = { readonly ok: true; readonly sites: readonly Site[] } | { readonly ok: false; readonly error: string };

/** A change of one site that passed the proof, before it is accepted. */
export interface Proposal {
  readonly site: Site;
  readonly before: string;
  readonly after: string;
}

export interface RepairInput {
  readonly text: string;
  readonly lint: (text: string) => LintOutcome;
  readonly types: Pick<FileTypes, 'getSourceFile' | 'findNewErrors'>;
  readonly codemods: Readonly<Record<string, Codemod>>;
  readonly target: Target;
  /** Which of the reported sites are to be repaired; the others must only not grow in number. */
  readonly isWanted: (site: Site) => boolean;
  /** Asked for each site on its own; without it every proven change is accepted. */
  readonly confirm?: ((proposal: Proposal) => Promise<boolean>) | undefined;
}

/** The bucket that a wanted site ended in; there is exactly one for each. */
export type SiteResult =
  | { readonly status: 'changed'; readonly site: Site; readonly detail?: string }
  | { readonly status: 'skipped'; readonly site: Site; readonly reason: SkipReason | 'declined'; readonly detail?: string | undefined }
  | { readonly status: 'failed'; readonly site: Site; readonly error: string };

export interface FileRepair {
  /** The same string as the input when nothing was changed. */
  readonly text: string;
  /** In the order of the sites in the file. */
  readonly results: readonly SiteResult[];
}

/** What a round knows about one wanted site. `origin` is the site of the text as it was given. */
interface OpenSite {
  readonly origin: Site;
  readonly site: Site;
}

type Changed = Extract<SiteOutcome, { status: 'changed' }>;
type CodemodOutcome = SiteOutcome | { readonly status: 'failed'; readonly site: Site; readonly error: string };
type Bucket = SiteResult extends infer Result ? (Result extends SiteResult ? Omit<Result, 'site'> : never) : never;

interface Proven {
  readonly text: string;
  readonly sites: readonly Site[];
  readonly survivors: ReadonlyMap<Site, Site>;
}

type Proof =
  | { readonly ok: true; readonly proven: Proven }
  | { readonly ok: false; readonly bucket: Bucket; /** Where all else holds, but a repaired site is reported still. */ readonly still?: Proven };

/** Changes of one site after its first. A bound on code with absurdly many exits, not a thing to tune. */
const MOST_STEPS = 15;

/**
 * Runs the codemods over one file until nothing more can be repaired. A change is taken only when it is proven in
 * memory: it parses, brings no new type error and no new finding of any rule, and silences the sites it is for. Since
 * the last round takes nothing, a second run over the result changes nothing. Sites whose edits touch wait for the
 * next round; when the changes of a file fail together, each is tried on its own; a site that is reported for another
 * exit after its change is changed again before it counts. Throws when the given text itself
 * cannot be linted.
 */
export async function repairFile(input: RepairInput): Promise<FileRepair> {
  const first = input.lint(input.text);
  if (!first.ok) throw new Error(first.error);
  const buckets = new Map<Site, Bucket>();
  const declined = new Set<Site>();
  let text = input.text;
  let sites = first.sites;
  let open: OpenSite[] = sites.filter(input.isWanted).map((site) => ({ origin: site, site }));
  const origins = open.map(({ origin }) => origin);

  for (;;) {
    const round = new Round(input, text, sites);
    const candidates = open.filter(({ origin }) => !declined.has(origin));
    const outcomes = transformSites(candidates.map(({ site }) => site), input, text);
    const proposals: Changed[] = [];
    for (const { origin, site } of candidates) {
      const outcome = outcomes.get(site)!;
      if (outcome.status === 'changed') proposals.push(outcome);
      else buckets.set(origin, outcome);
    }
    const { proven, accepted, rejected } = await round.accept(proposals);
    for (const { origin, site } of open) {
      const bucket = rejected.get(site);
      if (bucket) buckets.set(origin, bucket);
      if (bucket?.status === 'skipped' && bucket.reason === 'declined') declined.add(origin);
    }
    if (!proven) break;
    const survivors: OpenSite[] = [];
    for (const { origin, site } of open) {
      const survivor = proven.survivors.get(site);
      if (survivor) survivors.push({ origin, site: survivor });
      else if (accepted.has(site)) buckets.set(origin, { status: 'changed' });
      else buckets.set(origin, { status: 'changed', detail: 'repaired by the change of another site' });
    }
    ({ text, sites } = proven);
    open = survivors;
  }
  // Files that import this one are checked against what it became, not against the last text that was tried.
  if (origins.some((site) => Object.hasOwn(input.codemods, site.ruleName))) input.types.getSourceFile(text);
  return { text, results: origins.map((site) => ({ ...buckets.get(site)!, site })) };
}

/** One pass over one text. */
class Round {
  readonly #input: RepairInput;
  readonly #text: string;
  readonly #sites: readonly Site[];

  constructor(input: RepairInput, text: string, sites: readonly Site[]) {
    this.#input = input;
    this.#text = text;
    this.#sites = sites;
  }

  async accept(proposals: readonly Changed[]) {
    const rejected = new Map<Site, Bucket>();
    const together = takeDisjoint(proposals);
    if (!this.#input.confirm && together.length > 1) {
      const proof = this.#prove(together);
      if (proof.ok) return { proven: proof.proven, accepted: new Set(together.map(({ site }) => site)), rejected };
    }
    const accepted: Changed[] = [];
    let proven: Proven | undefined;
    for (const proposal of proposals) {
      const batch = [...accepted, proposal];
      if (takeDisjoint(batch).length < batch.length) continue;
      const first = this.#prove(batch);
      // With others accepted before it, a site that takes more than one change has the next round to itself.
      if (!first.ok && first.still && accepted.length > 0) continue;
      const proof = !first.ok && first.still ? this.#pursue(first.still, proposal.site) : first;
      if (!proof.ok) {
        rejected.set(proposal.site, proof.bucket);
        continue;
      }
      const before = proven?.text ?? this.#text;
      if (this.#input.confirm && !(await this.#input.confirm({ site: proposal.site, before, after: proof.proven.text }))) {
        rejected.set(proposal.site, { status: 'skipped', reason: 'declined' });
        continue;
      }
      accepted.push(proposal);
      ({ proven } = proof);
      if (proof !== first) break;
    }
    return { proven, accepted: new Set(accepted.map(({ site }) => site)), rejected };
  }

  #prove(batch: readonly Changed[]): Proof {
    const attempt = this.#attempt(this.#text, this.#sites, batch);
    if (!attempt.ok) return attempt;
    const { proven } = attempt;
    const still = batch.map(({ site }) => proven.survivors.get(site)).find((site) => site !== undefined);
    if (still) return { ...fail(`The result is still reported: ${describePlace(still, proven.text)}.`), still: proven };
    return this.#checkTypes(proven);
  }

  /** A resource can be lost at several exits of which a finding shows one: the codemod is asked until none is left. */
  #pursue(start: Proven, site: Site): Proof {
    let reached = start;
    for (let step = 0; step < MOST_STEPS; step += 1) {
      const current = reached.survivors.get(site);
      if (!current) return this.#checkTypes(reached);
      const outcome = transformSites([current], this.#input, reached.text).get(current)!;
      if (outcome.status !== 'changed') return { ok: false, bucket: outcome };
      const attempt = this.#attempt(reached.text, reached.sites, [outcome]);
      if (!attempt.ok) return attempt;
      const next = attempt.proven;
      const survivors = [...reached.survivors].flatMap(([origin, old]) => {
        const now = next.survivors.get(old);
        return now ? [[origin, now] as const] : [];
      });
      reached = { ...next, survivors: new Map(survivors) };
    }
    return fail(`The result is still reported after ${MOST_STEPS + 1} changes: ${describePlace(reached.survivors.get(site)!, reached.text)}.`);
  }

  /** Everything of the proof but types and the silence of the repaired sites. */
  #attempt(text: string, sites: readonly Site[], batch: readonly Changed[]): Proof {
    let edits: Edit[];
    let after: string;
    try {
      edits = this.#getEdits(text, batch);
      after = applyEdits(text, edits);
    } catch (error) {
      if (error instanceof NameTakenError) return { ok: false, bucket: { status: 'skipped', reason: 'name-taken', detail: error.message } };
      return fail(error instanceof Error ? error.message : String(error));
    }
    if (after === text) return fail('The edits change nothing.');
    const linted = this.#input.lint(after);
    if (!linted.ok) return fail(`The result does not parse: ${linted.error}`);
    const repaired = new Set(batch.map(({ site }) => site));
    const { survivors, added } = matchSites(sites, linted.sites, { before: text, after, edits }, repaired);
    if (added.length > 0) return fail(`The result brings a new finding: ${describePlace(added[0]!, after)}.`);
    return { ok: true, proven: { text: after, sites: linted.sites, survivors } };
  }

  #checkTypes(proven: Proven): Proof {
    const [typeError] = this.#input.types.findNewErrors(this.#text, proven.text);
    return typeError === undefined ? { ok: true, proven } : fail(`The result brings a type error: ${typeError}`);
  }

  #getEdits(text: string, batch: readonly Changed[]): Edit[] {
    const imports = batch.flatMap((outcome) => outcome.imports ?? []);
    const edits = batch.flatMap((outcome) => outcome.edits);
    if (imports.length === 0) return edits;
    const file = this.#input.types.getSourceFile(text).compilerNode;
    // At the head of a file both may stand in the same place, and the import goes first.
    return [...getImportEdits(file, imports, this.#input.target.moduleFormat), ...edits];
  }
}

function fail(error: string): { readonly ok: false; readonly bucket: Bucket } {
  return { ok: false, bucket: { status: 'failed', error } };
}

function transformSites(sites: readonly Site[], input: RepairInput, text: string): Map<Site, CodemodOutcome> {
  const outcomes = [...new Set(sites.map((site) => site.ruleName))].flatMap((ruleName): CodemodOutcome[] => {
    const group = sites.filter((site) => site.ruleName === ruleName);
    const codemod = Object.hasOwn(input.codemods, ruleName) ? input.codemods[ruleName] : undefined;
    if (!codemod) return group.map((site) => ({ status: 'skipped', site, reason: 'no-codemod' }));
    return transformGroup(codemod, group, input, text);
  });
  return new Map(outcomes.map((outcome) => [outcome.site, outcome]));
}

function transformGroup(codemod: Codemod, sites: readonly Site[], input: RepairInput, text: string): CodemodOutcome[] {
  const sourceFile: SourceFile = input.types.getSourceFile(text);
  try {
    const outcomes = codemod.transform({ sourceFile, text, sites, target: input.target });
    return sites.map((site) => {
      const own = outcomes.filter((outcome) => outcome.site === site);
      const [outcome] = own;
      if (own.length !== 1 || !outcome) return { status: 'failed', site, error: `The codemod gave ${own.length} outcomes for one site.` };
      if (outcome.status === 'changed' && outcome.edits.length === 0) return { status: 'failed', site, error: 'The codemod gave no edit.' };
      return outcome;
    });
  } catch (error) {
    // One site that throws must not take its neighbours along.
    if (sites.length > 1) return sites.flatMap((site) => transformGroup(codemod, [site], input, text));
    return sites.map((site) => ({ status: 'failed', site, error: `The codemod stopped: ${error instanceof Error ? error.message : String(error)}` }));
  }
}

/** In the order given, every change whose stretch of text touches that of none before it. */
function takeDisjoint(changes: readonly Changed[]): Changed[] {
  const taken: { start: number; end: number }[] = [];
  return changes.filter(({ edits }) => {
    const start = Math.min(...edits.map((edit) => edit.start));
    const end = Math.max(...edits.map((edit) => edit.end));
    if (taken.some((span) => start <= span.end && span.start <= end)) return false;
    taken.push({ start, end });
    return true;
  });
}

function describePlace(site: Site, text: string): string {
  const before = text.slice(0, site.start).split(/\r\n|[\r\n\u2028\u2029]/);
  return `\`${site.ruleName}\` at line ${before.length}, column ${before.at(-1)!.length + 1} of the result`;
}
