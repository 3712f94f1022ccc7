import type { SourceFile } from '../source-file.js';
import { findCallListeners } from './call-listeners.js';
import { findEffectListeners } from './effect-listeners.js';
import { findInstanceListeners } from './instance-listeners.js';
import { findPairedListeners } from './paired-listeners.js';
import { findEarlyRemovals, findSiblingListeners } from './sibling-listeners.js';
import { findUselessRemovals } from './useless-removals.js';
import type { UnremovedListener } from './unremoved-listener.js';

/** The listeners of a file that pile up on something that outlives their purpose; at most one finding for a call. */
export function findUnremovedListeners(file: SourceFile, { includePotential = false } = {}): UnremovedListener[] {
  const findings: UnremovedListener[] = [];
  const seen = new Set<unknown>();
  for (const find of [findUselessRemovals, findEarlyRemovals, findInstanceListeners, findEffectListeners, findPairedListeners, findCallListeners, findSiblingListeners]) {
    for (const finding of find(file)) {
      if (seen.has(finding.node)) continue;
      if (finding.certainty === 'potential' && !includePotential) continue;
      seen.add(finding.node);
      findings.push(finding);
    }
  }
  return findings.sort((a, b) => a.node.callee.range[1] - b.node.callee.range[1]);
}
