import type { Finding } from '../finding.js';
import type { ResourceKind } from '../resources/resource-kind.js';
import type { SourceFile } from '../source-file.js';
import { type Node, getAwaited } from '../syntax/node.js';
import { isBrowserCode } from './browser-code.js';
import type { Candidate } from './candidates.js';
import { type Exploration, type Loss, isRejection } from './exploration.js';
import { type Shape, awaited } from './shape.js';
import { isEndedOtherwise, isFailure, mayStay } from './may-stay.js';
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
  /** Whether the site's value is the resource, once an `await` around it is done: not a promise that stays one, not a request whose callback gets it. */
  readonly isValue: boolean;
  /** Whether it comes with the error that the call is rejected with. */
  readonly isRejected: boolean;
  /** Every exit that loses it, the one of the path first. */
  readonly exits: readonly Loss[];
  /** Whether some path hands it over to somebody, so that it must not be released wherever the variable's scope ends. */
  readonly isHandedOver: boolean;
  /** Whether every path that does not fail releases it, so that nobody needs it afterwards. */
  readonly isEndedOtherwise: boolean;
}

/** Every acquisition of one kind of resource in a file that some path of its function loses, in order of position. */
export function findLeaks(file: SourceFile, kind: ResourceKind): Leak[] {
  const summaries = new FileSummaries(file, kind, 0);
  return summaries
    .findAll()
    .flatMap((candidate) => {
      const exploration = summaries.explore(candidate);
      return toLeak(candidate, exploration, kind, file) ?? findLentLeak(candidate, exploration, kind, file) ?? [];
    })
    .sort((a, b) => a.node.range[0] - b.node.range[0]);
}

function toLeak(candidate: Candidate, exploration: Exploration, kind: ResourceKind, file: SourceFile): Leak | undefined {
  if (exploration.losses.length === 0) return undefined;
  const isHandedOver = exploration.outcomes.some(({ settlement }) => settlement === 'transferred' || settlement === 'returned');
  // Made for the caller: that a synchronous step of the making fails is seldom worth a word.
  const isReturned = exploration.outcomes.some(({ settlement, node }) => settlement === 'returned' || (settlement === 'transferred' && node.type === 'NewExpression'));
  const losses = exploration.losses.map((lost) =>
    isReturned && lost.exit === 'implicit-throw' && lost.node.type !== 'AwaitExpression' ? { ...lost, isGuess: true } : lost,
  );
  const isMeantToStay = (lost: Loss) => mayStay({ kind, exploration, loss: lost, holder: findHolder(lost)?.name, isBackedUp: candidate.isBackedUp === true }, file);
  const chosen = chooseLoss(losses);
  const certain = candidate.isGuess ? undefined : chosen.find((lost) => !lost.isGuess && !isMeantToStay(lost));
  const loss = certain ?? chosen[0]!;
  const holder = findHolder(loss);
  return {
    kind,
    node: candidate.node ?? candidate.site,
    site: candidate.site,
    certainty: !certain || (kind.isBrowserHarmless && isBrowserCode(file)) ? 'potential' : 'certain',
    path: describePath(candidate.site, loss, file, kind),
    exit: getExit(loss),
    loss,
    holder: holder?.name,
    isHolderList: holder?.isList ?? false,
    isOfList: candidate.node !== undefined || (candidate.seed.kind === 'call' && isList(candidate.seed.shape)),
    isValue: isWholeValue(candidate),
    isRejected: isRejection(candidate.seed),
    exits: [loss, ...chosen.filter((other) => other !== loss)],
    isHandedOver,
    isEndedOtherwise: isEndedOtherwise(exploration),
  };
}

/**
 * A resource that is handed to functions of which nothing is known, and that the function itself releases afterwards on
 * every way that does not fail, was only lent: an exception on the way loses it.
 */
function findLentLeak(candidate: Candidate, { outcomes }: Exploration, kind: ResourceKind, file: SourceFile): Leak | undefined {
  if (kind.onUnknownCall === 'borrowed' || kind.isAnyDisposable || kind.evidence || candidate.isGuess) return undefined;
  if (!outcomes.some(({ settlement, node }) => settlement === 'transferred' && node.type === 'CallExpression')) return undefined;
  const exploration = new FileSummaries(file, getLent(kind), 0).explore(candidate);
  const losses = exploration.losses.filter((loss) => isFailure(loss) && !loss.isGuess);
  if (losses.length === 0 || !isEndedOtherwise(exploration)) return undefined;
  const leak = toLeak(candidate, { ...exploration, losses }, kind, file);
  return leak?.certainty === 'certain' ? leak : undefined;
}

const lent = new WeakMap<ResourceKind, ResourceKind>();

/** The same resource where every unknown function works with it and gives it back, those that are named for an end aside. */
function getLent(kind: ResourceKind): ResourceKind {
  let known = lent.get(kind);
  if (!known) lent.set(kind, (known = { ...kind, onUnknownCall: 'borrowed', releaserNames: '(?:^|_)(?:release|close|dispose|destroy|end|finish|stop|kill|terminate|shut_?down|clean|tear_?down|disconnect|quit|free|return|pipe|consume|drain|finished|wait)' }));
  return known;
}

/** The last variable on the path that had the resource in it. */
function findHolder(loss: Loss): { name: string; isList: boolean } | undefined {
  for (let step = (loss.inner ?? loss).last; ; step = step.previous!) {
    for (const [variable, shape] of step.state.holders) if (shape.kind !== 'promise') return { name: variable.name, isList: isList(shape) };
    if (!step.previous) return loss.inner ? findHolder({ ...loss, inner: undefined }) : undefined;
  }
}

function isWholeValue({ seed, site }: Candidate): boolean {
  if (seed.kind !== 'call') return seed.kind === 'original';
  const { shape } = seed;
  return shape.kind === 'promise' ? shape.of.kind === 'resource' && getAwaited(site) !== site : shape.kind === 'resource';
}

function isList(shape: Shape): boolean {
  return awaited(shape).kind === 'list';
}
