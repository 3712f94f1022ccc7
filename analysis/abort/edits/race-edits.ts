import type { SourceFile } from '../../source-file.js';
import { findStatement, placeBefore } from '../../repairs/place-statement.js';
import type { TextEdit } from '../../repairs/text-edit.js';
import { type Node, getEnclosingRoot } from '../../syntax/node.js';
import { getTimerHolder } from '../../timers/timer-calls.js';
import type { AbandonedRace } from '../abandoned-races.js';
import { addFinally } from './finally-edit.js';
import { findFreshName, isTypeScript } from './guard-rest.js';

/** The edits that clear the timer of a race when the race is over; undefined where the timer is out of reach. */
export function getRaceEdits(file: SourceFile, { node, timer }: AbandonedRace): TextEdit[] | undefined {
  const { promise } = timer;
  if (!promise || getEnclosingRoot(promise.creation) !== getEnclosingRoot(node)) return undefined;
  // One timer for every round of a loop must outlive the first.
  if (findLoop(promise.creation) !== findLoop(node)) return undefined;
  const holder = getTimerHolder(file, promise.timer);
  if (holder.kind === 'variable') {
    const isReachable = holder.variable.scope.variableScope.block !== promise.executor;
    return isReachable ? addFinally(node, `clearTimeout(${holder.variable.name});`) : undefined;
  }
  const statement = findStatement(promise.creation);
  const name = findFreshName(file, ['timer', 'timeout', 'timeoutId', 'raceTimer'], node);
  if (holder.kind !== 'discarded' || !statement || name === undefined) return undefined;
  const declared = placeBefore(statement, [`let ${name}${isTypeScript(file) ? ': ReturnType<typeof setTimeout> | undefined' : ''};`], file);
  const assigned = assign(promise.timer, name);
  return declared && assigned && [...declared, ...assigned, ...addFinally(node, `clearTimeout(${name});`)];
}

/** setTimeout(…);  →  timer = setTimeout(…); and as the value of an arrow function { timer = setTimeout(…); } */
function assign(timer: Node, name: string): TextEdit[] | undefined {
  const [start, end] = timer.range;
  switch (timer.parent?.type) {
    case 'ExpressionStatement':
      return [{ start, end: start, text: `${name} = ` }];
    case 'ArrowFunctionExpression':
      return [
        { start, end: start, text: `{ ${name} = ` },
        { start: end, end, text: '; }' },
      ];
    default:
      return undefined;
  }
}

function findLoop(place: Node): Node | undefined {
  for (let node = place.parent; node && !/Function|^Program$/.test(node.type); node = node.parent) {
    if (/^(?:While|DoWhile|For|ForOf|ForIn)Statement$/.test(node.type)) return node;
  }
  return undefined;
}
