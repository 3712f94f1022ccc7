import { type Leak, type SourceFile, getDroppedEdits, getReleaseEdits, getScopeEdits } from 'watertight-analysis';
import type { Codemod, Edit, Site, SiteOutcome, Target } from './types.js';

/** What the rule hands over with each finding. */
interface Facts {
  readonly leak: Leak;
  readonly file: SourceFile;
}

/**
 * Releases response bodies: `await using res = managed(await fetch(url))` where the response is this function's own
 * on every path, else `await releaseBody(res)` before each exit that loses it; a dropped response is released at once.
 */
export const noUnclosedResponseBody: Codemod = {
  name: 'no-unclosed-response-body',
  transform: ({ sites, target }) => sites.map((site) => repair(site, target)),
};

function repair(site: Site, target: Target): SiteOutcome {
  const { leak, file } = site.finding.facts as Facts;
  const dropped = getDroppedEdits(leak, file, (value) => `${/^await\b/.test(value) ? 'await' : 'void'} releaseBody(${value})`);
  if (dropped) return change(site, dropped, 'releaseBody', target);
  if (leak.exit?.kind === 'discard' && leak.holder === undefined && !isInCallback(leak)) {
    return skip(site, 'the response is used up inside a larger expression');
  }
  if (target.style === 'try-finally') {
    const guarded = getScopeEdits(leak, file, { form: 'try-finally', wrap: String, release: (name) => `await releaseBody(${name});` });
    if (guarded) return change(site, guarded, 'releaseBody', target);
  } else if (target.canUseUsing || target.style === 'using') {
    const bound = getScopeEdits(leak, file, { form: 'using', wrap: (value) => `managed(${value})`, release: String });
    if (bound) return change(site, bound, 'managed', target);
  }
  const released = getReleaseEdits(leak, file, {
    write: ({ name, part }, { isAsync }) => {
      // A reader has the stream locked: releasing it is its own business.
      if (part === 'reader') return isAsync ? `await ${name}.cancel();` : `void ${name}.cancel();`;
      return `${isAsync ? 'await' : 'void'} releaseBody(${name});`;
    },
  });
  if (!released) return skip(site, 'an exit that loses it leaves no room for a statement');
  const isCancelled = released.every((edit) => !edit.text.includes('releaseBody('));
  return isCancelled ? { status: 'changed', site, edits: released } : change(site, released, 'releaseBody', target);
}

function isInCallback(leak: Leak): boolean {
  return /Function/.test(leak.exit!.node.type);
}

function change(site: Site, edits: readonly Edit[], helper: string, target: Target): SiteOutcome {
  return { status: 'changed', site, edits, imports: [{ module: target.runtimeModule, name: helper }] };
}

function skip(site: Site, detail: string): SiteOutcome {
  return { status: 'skipped', site, reason: 'unsupported-shape', detail };
}
