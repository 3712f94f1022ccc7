import type { Finding } from '../finding.js';
import type { ResourceKind } from '../resources/resource-kind.js';
import type { SourceFile } from '../source-file.js';
import type { Node } from '../syntax/node.js';
import { isBrowserCode } from './browser-code.js';
import type { Candidate } from './candidates.js';
import type { Exploration, Loss } from './exploration.js';
import { type Shape, awaited } from './shape.js';
import { FileSummaries } from './summaries.js';
import { chooseLoss, describePath, getExit } from './witness.js';

/** An acquisition some path of which loses the resource. */
export interface Leak extends Finding {
  readonly kind: ResourceKind;
  /** The call that acquires it; for a callback, the function that is given it. */
  readonly site: Node;
  readonly loss: Loss;
  /** The variable that holds it in the end, where there is one. */
  readonly holder: string | undefined;
  /** Whether that variable has it as one element of a list. */
  readonly isHolderList: boolean;
  /** Whether the site makes a list of resources, one element of which is lost; `node` acquires the element where its function is in place. */
  readonly isOfList: boolean;
  /** Every exit that loses it, the one of the path first. */
  readonly exits: readonly Loss[];
  /** Whether some path hands it over to somebody, so that it must not be released wherever the variable's scope ends. */
  readonly isHandedOver: boolean;
}

/** Every acquisition of one kind of resource in a file that some path of its function loses, in order of position. */
export function findLeaks(file: SourceFile, kind: ResourceKind): Leak[] {
  const summaries = new FileSummaries(file, kind, 0);
  return summaries
    .findAll()
    .flatMap((candidate) => toLeak(candidate, summaries.explore(candidate), kind, file) ?? [])
    .sort((a, b) => a.node.range[0] - b.node.range[0]);
}

function toLeak(candidate: Candidate, exploration: Exploration, kind: ResourceKind, file: SourceFile): Leak | undefined {
  if (exploration.losses.length === 0) return undefined;
  const isHandedOver = exploration.outcomes.some(({ settlement }) => settlement === 'transferred' || settlement === 'returned');
  // Made for the caller: that a synchronous step of the making fails is seldom worth a word.
  const isReturned = exploration.outcomes.some(({ settlement }) => settlement === 'returned');
  const losses = exploration.losses.map((lost) =>
    isReturned && lost.exit === 'implicit-throw' && lost.node.type !== 'AwaitExpression' ? { ...lost, isGuess: true } : lost,
  );
  const exits = chooseLoss(losses);
  const loss = exits[0]!;
  const holder = findHolder(loss);
  // Nobody gives it back on any path: it may be meant to stay.
  const isReleased = exploration.outcomes.some((outcome) => outcome.settlement === 'released');
  const mayStay = (kind.isLongLived && !(loss.exit === 'throw' && (isReleased || (kind.isWaitedFor && isHandedOver)))) || (candidate.isBackedUp && !isReleased);
  return {
    kind,
    node: candidate.node ?? candidate.site,
    site: candidate.site,
    certainty: candidate.isGuess || loss.isGuess || mayStay || (kind.isBrowserHarmless && isBrowserCode(file)) ? 'potential' : 'certain',
    path: describePath(candidate.site, loss, file, kind),
    exit: getExit(loss),
    loss,
    holder: holder?.name,
    isHolderList: holder?.isList ?? false,
    isOfList: candidate.node !== undefined || (candidate.seed.kind === 'call' && isList(candidate.seed.shape)),
    exits,
    isHandedOver,
  };
}

/** The last variable on the path that had the resource in it. */
function findHolder(loss: Loss): { name: string; isList: boolean } | undefined {
  for (let step = (loss.inner ?? loss).last; ; step = step.previous!) {
    for (const [variable, shape] of step.state.holders) if (shape.kind !== 'promise') return { name: variable.name, isList: isList(shape) };
    if (!step.previous) return loss.inner ? findHolder({ ...loss, inner: undefined }) : undefined;
  }
}

function isList(shape: Shape): boolean {
  return awaited(shape).kind === 'list';
}
