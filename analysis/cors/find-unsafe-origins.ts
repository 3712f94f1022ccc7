import type { SourceFile } from '../source-file.js';
import type { Node } from '../syntax/node.js';
import { findLooseMatches } from './find-loose-matches.js';
import { findMissingVary } from './find-missing-vary.js';
import { dedupe, findReflectedOrigins } from './find-reflected-origins.js';
import { findUnsafeOptions } from './find-unsafe-options.js';
import { findUselessCallbacks } from './find-useless-callbacks.js';
import { findVoidChecks } from './find-void-checks.js';
import type { UnsafeOrigin } from './unsafe-origin.js';

/** Everything by which a file lets in origins that it should refuse, in the order of the text. */
export function findUnsafeOrigins(file: SourceFile): UnsafeOrigin[] {
  const found = [
    // Of two findings at one place the first stays: the one that says more.
    ...findVoidChecks(file),
    ...findReflectedOrigins(file),
    ...findUnsafeOptions(file),
    ...findUselessCallbacks(file),
    ...findLooseMatches(file),
    ...findMissingVary(file),
  ];
  return dedupe(found).sort((a, b) => getStart(a.node) - getStart(b.node));
}

function getStart(node: Node): number {
  return node.range[0];
}
