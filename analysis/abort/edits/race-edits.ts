import type { SourceFile } from '../../source-file.js';
import { findStatement, isArrowWithValue, placeBefore, placeInArrow } from '../../repairs/place-statement.js';
import type { TextEdit } from '../../repairs/text-edit.js';
import { hasSemicolons } from '../../repairs/text-layout.js';
import { isTypeScript } from '../../syntax/is-type-script.js';
import { type Node, getEnclosingRoot, isFunction, isWithin, skipWrappers } from '../../syntax/node.js';
import { type TimerPromise, findTimerPromise } from '../../timers/promise-executor.js';
import { getTimerHolder } from '../../timers/timer-calls.js';
import type { AbandonedRace } from '../abandoned-races.js';
import { findFunction, someBelow } from '../functions.js';
import { addFinally } from './finally-edit.js';
import { findFreshName, guardRest } from './guard-rest.js';

/** The edits that clear the timer of a race when the race is over; undefined where the timer is out of reach. */
export function getRaceEdits(file: SourceFile, { node, timer }: AbandonedRace): TextEdit[] | undefined {
  const { promise } = timer;
  if (!promise) return inlineMaker(file, node, timer.call);
  if (getEnclosingRoot(promise.creation) !== getEnclosingRoot(node)) return undefined;
  // One timer for every round of a loop must outlive the first.
  const isForRounds = findLoop(promise.creation) !== findLoop(node);
  const holder = getTimerHolder(file, promise.timer);
  if (holder.kind === 'variable') {
    const isReachable = holder.variable.scope.variableScope.block !== promise.executor;
    return isReachable && !isForRounds ? addFinally(node, `clearTimeout(${holder.variable.name});`) : undefined;
  }
  const name = findTimerName(file, node);
  const assigned = holder.kind === 'discarded' && name !== undefined ? assign(file, promise.timer, name) : undefined;
  if (!assigned || name === undefined) return undefined;
  const release = `clearTimeout(${name});`;
  if (!isForRounds) return declareTimer(file, promise.creation, name, [...assigned, ...addFinally(node, release)]);
  const guarded = guardRest(file, promise.creation, release);
  return guarded && declareTimer(file, promise.creation, name, [...assigned, ...guarded]);
}

function findTimerName(file: SourceFile, place: Node): string | undefined {
  return findFreshName(file, ['timer', 'timeout', 'timeoutId', 'raceTimer'], place);
}

/** Puts `let timer;` before the statement, or into the arrow function, that holds a place. */
function declareTimer(file: SourceFile, place: Node, name: string, edits: readonly TextEdit[]): TextEdit[] | undefined {
  const declaration = `let ${name}${isTypeScript(file) ? ': ReturnType<typeof setTimeout> | undefined' : ''};`;
  const statement = findStatement(place);
  const root = getEnclosingRoot(place);
  const declared = statement ? placeBefore(statement, [declaration], file) : isArrowWithValue(root) ? placeInArrow(root, [declaration], file) : undefined;
  if (!declared) return undefined;
  // What closes the body of an arrow function comes behind everything else.
  const [first, ...others] = declared;
  return [first!, ...edits, ...others].sort((a, b) => a.start - b.start || a.end - b.end);
}

/** setTimeout(…);  →  timer = setTimeout(…); and as the value of an arrow function { timer = setTimeout(…); } */
function assign(file: SourceFile, timer: Node, name: string): TextEdit[] | undefined {
  const [start, end] = timer.range;
  switch (timer.parent?.type) {
    case 'ExpressionStatement':
      return [{ start, end: start, text: `${name} = ` }];
    case 'ArrowFunctionExpression': {
      // Behind the arrow the block goes on the same line.
      const gap = /\s*$/.exec(file.text.slice(timer.parent.range[0], start))![0].length;
      return [
        { start: start - gap, end: start, text: ` { ${name} = ` },
        { start: end, end, text: hasSemicolons(file.text) ? '; }' : ' }' },
      ];
    }
    default:
      return undefined;
  }
}

/** Promise.race([work, sleep(ms)])  →  Promise.race([work, new Promise((resolve) => { timer = setTimeout(resolve, ms); })]), cleared when it is over. */
function inlineMaker(file: SourceFile, race: Node, call: Node): TextEdit[] | undefined {
  if (call.type !== 'CallExpression' || !isWithin(call, race)) return undefined;
  const maker = findFunction(file, call.callee);
  const promise = maker && findMade(file, maker);
  const name = findTimerName(file, race);
  const assigned = promise && name !== undefined ? assign(file, promise.timer, name) : undefined;
  // What it reads besides its parameters may have another meaning here.
  if (!maker || !promise || !assigned || name === undefined || readsOthers(file, maker, promise.creation)) return undefined;
  const replaced: TextEdit[] = [...assigned];
  for (const [index, parameter] of maker.params.entries()) {
    const argument = call.arguments[index];
    const variable = parameter.type === 'Identifier' ? file.getVariable(parameter) : undefined;
    // A default value, or an argument that does something, would come at another time.
    if (!variable || !argument || !/^(?:Literal|Identifier|MemberExpression|TemplateLiteral)$/.test(argument.type)) return undefined;
    if (variable.references.some((reference) => reference.isWrite())) return undefined;
    for (const { identifier } of variable.references) {
      const isShorthand = identifier.parent?.type === 'Property' && identifier.parent.shorthand;
      replaced.push({ start: identifier.range[0], end: identifier.range[1], text: isShorthand ? `${variable.name}: ${file.getText(argument)}` : file.getText(argument) });
    }
  }
  const written = rewrite(file, promise.creation, replaced);
  if (/\/[/*]/.test(written)) return undefined;
  return declareTimer(file, race, name, [{ start: call.range[0], end: call.range[1], text: written }, ...addFinally(race, `clearTimeout(${name});`)]);
}

function readsOthers(file: SourceFile, maker: Node, made: Node): boolean {
  return someBelow(
    made,
    (node) => {
      if (node.type === 'ThisExpression') return true;
      const variable = node.type === 'Identifier' ? file.getReference(node)?.resolved : undefined;
      const [definition] = variable?.defs ?? [];
      return definition !== undefined && !isWithin(definition.name, maker);
    },
    file,
  );
}

function findMade(file: SourceFile, maker: Node): TimerPromise | undefined {
  if (!isFunction(maker)) return undefined;
  let body: Node | null | undefined = maker.body;
  if (body.type === 'BlockStatement') {
    const [only] = body.body;
    body = only?.type === 'ReturnStatement' ? only.argument : undefined;
  }
  return body ? findTimerPromise(file, skipWrappers(body)) : undefined;
}

/** The text of a node with edits inside it applied. */
function rewrite(file: SourceFile, node: Node, edits: readonly TextEdit[]): string {
  const start = node.range[0];
  let text = file.getText(node);
  for (const edit of [...edits].sort((a, b) => b.start - a.start || b.end - a.end)) text = text.slice(0, edit.start - start) + edit.text + text.slice(edit.end - start);
  return text;
}

function findLoop(place: Node): Node | undefined {
  for (let node = place.parent; node && !/Function|^Program$/.test(node.type); node = node.parent) {
    if (/^(?:While|DoWhile|For|ForOf|ForIn)Statement$/.test(node.type)) return node;
  }
  return undefined;
}
