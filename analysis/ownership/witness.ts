import type { FindingExit, PathStep } from '../finding.js';
import type { ResourceKind } from '../resources/resource-kind.js';
import type { SourceFile } from '../source-file.js';
import { type Node, isFunction } from '../syntax/node.js';
import { shorten } from '../syntax/shorten.js';
import type { Loss, Step } from './exploration.js';

/** The losses of one acquisition, the one to report first: certain before guessed, explicit exits before exceptions, short paths first. */
export function chooseLoss(losses: readonly Loss[]): Loss[] {
  return losses
    .map((loss) => ({ loss, rank: getRank(loss), length: getLength(loss.last) }))
    .sort((a, b) => a.rank - b.rank || a.length - b.length)
    .map(({ loss }) => loss);
}

const EXIT_ORDER: readonly Loss['exit'][] = ['discard', 'field', 'throw', 'return', 'overwrite', 'next-iteration', 'end', 'leave-block', 'implicit-throw', 'abandon'];

function getRank(loss: Loss): number {
  return (loss.isGuess ? 100 : 0) + EXIT_ORDER.indexOf(loss.exit);
}

function getLength(last: Step): number {
  let length = 0;
  for (let step: Step | undefined = last; step; step = step.previous) length++;
  return length;
}

export function getExit(loss: Loss): FindingExit {
  const innermost = loss.inner ? getInnermost(loss.inner) : loss;
  return { kind: innermost.exit, node: innermost.node };
}

/** Where a loss happens: in the function, or in one that it calls. */
export function getInnermost(loss: Loss): Loss {
  return loss.inner ? getInnermost(loss.inner) : loss;
}

/** The path from the acquisition to the exit, as the steps that a reader needs: what was acquired, which way tests went, what left. */
export function describePath(site: Node, loss: Loss, file: SourceFile, kind: ResourceKind): PathStep[] {
  const first: PathStep = { kind: 'acquire', node: site, text: `the ${kind.label} is acquired` };
  return [first, ...describeSteps(loss, file)];
}

function describeSteps(loss: Loss, file: SourceFile): PathStep[] {
  const steps: Step[] = [];
  for (let step: Step | undefined = loss.last; step; step = step.previous) steps.unshift(step);
  const path: PathStep[] = [];
  for (const [index, { point, state }] of steps.entries()) {
    const next = steps[index + 1];
    if (state.phase !== 'held' || !next?.edge) continue;
    if (point.kind === 'branch') path.push({ kind: 'branch', node: point.node, text: describeBranch(point.node, next.edge.kind, file, point.discriminant) });
    else if (next.edge.kind === 'throw') path.push({ kind: 'throw', node: point.node, text: `\`${shorten(file.getText(point.node))}\` throws` });
  }
  if (loss.inner) {
    path.push({ kind: 'call', node: loss.last.point.node, text: 'the function that is called gets it' });
    return [...path, ...describeSteps(loss.inner, file)];
  }
  // An exception that leaves the function at once is the exit itself.
  if (path.at(-1)?.node === loss.node && path.at(-1)?.kind === 'throw') path.pop();
  path.push({ kind: 'exit', node: loss.node, text: describeExit(loss, file) });
  return path;
}

function describeBranch(test: Node, edge: string, file: SourceFile, discriminant: Node | undefined): string {
  if (test.type === 'ForOfStatement' || test.type === 'ForInStatement') return edge === 'true' ? 'the loop has a next element' : 'the loop ends';
  const text = shorten(discriminant ? `${file.getText(discriminant)} === ${file.getText(test)}` : file.getText(test));
  if (edge === 'nullish') return `\`${text}\` is null or undefined`;
  if (edge === 'present') return `\`${text}\` is there`;
  return `\`${text}\` is ${edge}`;
}

function describeExit(loss: Loss, file: SourceFile): string {
  switch (loss.exit) {
    case 'return':
      return 'the function returns without it';
    case 'throw':
      return loss.node.type === 'ThrowStatement' ? 'an error is thrown' : `\`${shorten(file.getText(loss.node))}\` throws`;
    case 'implicit-throw':
      return `\`${shorten(file.getText(loss.node))}\` throws`;
    case 'discard':
      return isFunction(loss.node) ? 'the callback does not take it' : 'the value is dropped';
    case 'overwrite':
      return 'the variable gets another value';
    case 'next-iteration':
      return loss.node.type === 'ContinueStatement' ? 'the loop goes on with the next iteration' : 'the iteration ends';
    case 'leave-block':
      return loss.node.type === 'BreakStatement' ? 'the loop is left' : 'the block that declares the variable ends';
    case 'field':
      return `it is kept in \`${shorten(file.getText(loss.node))}\`, which no method of the class releases`;
    case 'abandon':
      return 'the generator is given up here';
    case 'end':
      return 'the function ends';
  }
}
