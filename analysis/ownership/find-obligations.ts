import type { ResourceKind } from '../resources/resource-kind.js';
import type { SourceFile } from '../source-file.js';
import type { Node } from '../syntax/node.js';
import { shorten } from '../syntax/shorten.js';
import { findCalledFunction } from './called-function.js';
import type { Outcome } from './exploration.js';
import { type Leak, findLeaks } from './find-leaks.js';
import { FileSummaries } from './summaries.js';

/** What ends an obligation on some paths. */
interface Fate {
  /** *Followed*: a function whose code is seen takes it over. *Unknown*: one whose code is not seen is given it, so nothing is claimed. */
  readonly kind: 'released' | 'returned' | 'kept' | 'followed' | 'unknown';
  readonly node: Node;
  /** One clause without a full stop. */
  readonly text: string;
}

/** One acquisition, and what becomes of the resource. */
export interface Obligation {
  readonly kind: ResourceKind;
  readonly node: Node;
  readonly fates: readonly Fate[];
  /** When some path loses it all the same. */
  readonly leak: Leak | undefined;
  /** The function was too large to follow every path. */
  readonly hasGivenUp: boolean;
}

/** Methods that put something into a collection. */
const STORES = /\.(?:push|unshift|set|add)$/;

/** Every acquisition of one kind of resource in a file, leaked or not: what explains why nothing is reported. */
export function findObligations(file: SourceFile, kind: ResourceKind): Obligation[] {
  const summaries = new FileSummaries(file, kind, 0);
  const leaks = new Map(findLeaks(file, kind).map((leak) => [leak.site, leak]));
  return summaries.findAll().map((candidate) => {
    const { outcomes, hasGivenUp } = summaries.explore(candidate);
    const settled = new Map(outcomes.filter(({ settlement }) => settlement !== 'unacquired' && settlement !== 'held').map((outcome) => [outcome.node, outcome]));
    const fates = [...settled.values()].map((outcome) => toFate(outcome, file, summaries)).sort((a, b) => a.node.range[0] - b.node.range[0]);
    return { kind, node: candidate.site, fates: fates.filter((fate) => !fates.some((other) => isInside(fate.node, other.node))), leak: leaks.get(candidate.site), hasGivenUp };
  });
}

/** `res.body?.cancel()` settles at its test and at its call; the whole of it says more. */
function isInside(inner: Node, outer: Node): boolean {
  return inner !== outer && outer.type !== 'ReturnStatement' && outer.range[0] <= inner.range[0] && inner.range[1] <= outer.range[1];
}

function toFate({ settlement, node }: Outcome, file: SourceFile, summaries: FileSummaries): Fate {
  const code = `\`${shorten(file.getText(node))}\``;
  if (settlement === 'released') return { kind: 'released', node, text: `${code} releases it` };
  if (settlement === 'returned') return { kind: 'returned', node, text: 'it is returned, so the caller has to release it' };
  const isCall = node.type === 'CallExpression' || node.type === 'NewExpression';
  if (!isCall || STORES.test(file.getText(node.callee))) return { kind: 'kept', node, text: `${code} keeps it beyond this function` };
  const isSeen = findCalledFunction(node.callee, file) !== undefined || summaries.findImported(node.callee) !== undefined;
  if (isSeen) return { kind: 'followed', node, text: `${code} takes it over` };
  return { kind: 'unknown', node, text: `${code} is given it, and what that does with it is not known` };
}
