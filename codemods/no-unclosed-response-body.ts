import { type CodeRoot, type Leak, type SourceFile, findHeld, getDroppedEdits, getEnclosingRoot, getReleaseEdits, getScopeEdits } from 'watertight-analysis';
import type { Codemod, Edit, Site, SiteOutcome, Target } from './types.js';

/** What the rule hands over with each finding. */
interface Facts {
  readonly leak: Leak;
  readonly file: SourceFile;
}

/**
 * Releases response bodies: `await using res = managed(await fetch(url))`, or `try … finally`, where the response is
 * this function's own on every path, else `await releaseBody(res)` before each exit that loses it; a response that no variable holds is
 * released at once.
 */
export const noUnclosedResponseBody: Codemod = {
  name: 'no-unclosed-response-body',
  transform: ({ sites, target }) => {
    const taken = new Map<CodeRoot, Set<string>>();
    return sites.map((site) => repair(site, target, taken));
  },
};

/** `taken`: the names that repairs of a function have chosen for new variables. */
function repair(site: Site, target: Target, taken: Map<CodeRoot, Set<string>>): SiteOutcome {
  const { leak, file } = site.finding.facts as Facts;
  if (leak.isRejected) return { status: 'skipped', site, reason: 'unsupported-shape', detail: 'the response comes with an error, whose type says nothing of it' };
  const root = getEnclosingRoot(leak.site);
  if (!taken.has(root)) taken.set(root, new Set());
  const dropped = getDroppedEdits(leak, file, {
    awaited: (value) => `await releaseBody(${value})`,
    // Not `void releaseBody(promise)`, which would also swallow its rejection.
    handler: 'releaseBody',
    statement: (name) => `await releaseBody(${name});`,
    taken: taken.get(root)!,
  });
  if (dropped) return change(site, dropped, target);
  const scoped = isLockedByReader(leak) ? undefined : getScoped(leak, file, target);
  if (scoped) return change(site, scoped, target);
  const released = getReleaseEdits(leak, file, {
    preferredPart: 'reader',
    isEarly: true,
    write: ({ name, part }, { isAsync, mayBeUnset }) => {
      const wait = isAsync ? 'await' : 'void';
      if (part === 'list') return `${wait} Promise.all(${name}.map((response) => releaseBody(response)));`;
      // A reader has the stream locked: only the reader can cancel it then.
      return part === 'reader' ? `${wait} ${name}${mayBeUnset ? '?' : ''}.cancel();` : `${wait} releaseBody(${name});`;
    },
  });
  return released ? change(site, released, target) : skip(site, leak);
}

function getScoped(leak: Leak, file: SourceFile, { canUseUsing, style }: Target): Edit[] | undefined {
  if (style === 'try-finally' || (style === 'auto' && !canUseUsing)) {
    return getScopeEdits(leak, file, { form: 'try-finally', wrap: String, release: (name) => `await releaseBody(${name});` });
  }
  return getScopeEdits(leak, file, { form: 'using', wrap: (value) => `managed(${value})`, release: String });
}

function isLockedByReader(leak: Leak): boolean {
  return leak.exits.some((loss) => findHeld(loss, leak, 'reader')?.held.part === 'reader');
}

function change(site: Site, edits: readonly Edit[], { runtimeModule }: Target): SiteOutcome {
  const imports = ['managed', 'releaseBody'].filter((name) => edits.some(({ text }) => new RegExp(`\\b${name}\\b`).test(text)));
  return { status: 'changed', site, edits, imports: imports.map((name) => ({ module: runtimeModule, name })) };
}

function skip(site: Site, { exit, isHandedOver, isHolderList, isOfList }: Leak): SiteOutcome {
  if (isOfList || isHolderList) return { status: 'skipped', site, reason: 'unsupported-shape', detail: 'it is one of a list of responses, and the exit that loses it has others of them in use, or no name for the list' };
  if (exit?.kind === 'discard') return { status: 'skipped', site, reason: 'unsupported-shape', detail: 'the response is used up inside a larger expression' };
  if (isHandedOver) return { status: 'skipped', site, reason: 'ambiguous-owner', detail: 'it is handed over on one path, and an exit of another comes together with that or leaves no room for a statement' };
  return { status: 'skipped', site, reason: 'unsupported-shape', detail: 'an exit that loses it leaves no room for a statement' };
}
