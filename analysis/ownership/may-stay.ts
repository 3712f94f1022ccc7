import type { ResourceKind } from '../resources/resource-kind.js';
import type { SourceFile } from '../source-file.js';
import { type Node, getPropertyName } from '../syntax/node.js';
import { runsOnce } from '../timers/runs-once.js';
import type { Exploration, Loss, Step } from './exploration.js';

/** What tells whether a resource that a path loses may be meant to stay. */
export interface LostResource {
  readonly kind: ResourceKind;
  readonly exploration: Exploration;
  readonly loss: Loss;
  /** The variable that holds it in the end. */
  readonly holder: string | undefined;
  /** Somebody else may give it back. */
  readonly isBackedUp: boolean;
}

/** Whether a resource that a path loses may be meant to live on: nothing in the function shows that it is to be given back. */
export function mayStay(lost: LostResource, file: SourceFile): boolean {
  const { kind, exploration, loss } = lost;
  const isReleased = exploration.outcomes.some(({ settlement }) => settlement === 'released');
  if (lost.isBackedUp && !isReleased) return true;
  if (!kind.isLongLived) return false;
  if (kind.endsByItself) return !isFailure(loss) || !isEndedOtherwise(exploration) || isAskedAbout(lost, file);
  if (loss.exit === 'throw') return !isReleased;
  // What a program that does one thing leaves open ends with it.
  if (runsOnce(file, exploration.root)) return true;
  if (kind.isIdle) return loss.exit === 'field';
  return !isFailure(loss) || !isEndedOtherwise(exploration) || isNamed(loss.node, lost.holder, file);
}

/** Something awaited, or a `throw`. */
export function isFailure({ exit, node }: Loss): boolean {
  return exit === 'throw' || (exit === 'implicit-throw' && node.type === 'AwaitExpression');
}

/** Every way through the function that does not fail gives it back by a call that ends it. */
export function isEndedOtherwise({ outcomes }: Exploration): boolean {
  const ordinary = outcomes.filter(({ isFailing, settlement }) => !isFailing && settlement !== 'unacquired');
  return ordinary.length > 0 && ordinary.every(({ settlement, node }) => settlement === 'released' && !isListening(node));
}

/** child.on('exit', …) */
function isListening(node: Node): boolean {
  const callee = node.type === 'CallExpression' ? node.callee : undefined;
  return callee?.type === 'MemberExpression' && /^(?:on|once|addListener)$/.test(getPropertyName(callee) ?? '');
}

/** A test on the way, or what fails, says something of the resource: if (child.exitCode) throw … */
function isAskedAbout({ loss, holder }: LostResource, file: SourceFile): boolean {
  if (isNamed(loss.node, holder, file)) return true;
  for (let step: Step | undefined = loss.last; step; step = step.previous) {
    if (step.point.kind === 'branch' && isNamed(step.point.node, holder, file)) return true;
  }
  return false;
}

function isNamed(node: Node, name: string | undefined, file: SourceFile): boolean {
  return name !== undefined && new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`).test(file.getText(node));
}
