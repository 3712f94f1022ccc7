import { type Refusal, type ResourceRepair, type SourceFile, dropUnusedImports } from 'watertight-analysis';
import type { Site, SiteOutcome, Target } from '../types.js';

/** What a codemod says of a site whose repair the analysis has worked out. */
export function toOutcome(site: Site, result: ResourceRepair | Refusal, file: SourceFile, { runtimeModule }: Target): SiteOutcome {
  if ('reason' in result) return { status: 'skipped', site, reason: result.reason, detail: result.detail };
  const helpers = result.helpers.map((name) => ({ module: runtimeModule, name }));
  return { status: 'changed', site, edits: [...result.edits, ...dropUnusedImports(result.edits, file)], imports: [...helpers, ...result.imports] };
}
