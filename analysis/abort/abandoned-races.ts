import { endsProcess } from '../control-flow/call-facts.js';
import type { Finding, FindingExit, PathStep } from '../finding.js';
import { isBrowserCode } from '../ownership/browser-code.js';
import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type Node, type TSESTree, findEnclosingFunction, getEnclosingRoot, getPropertyName, isFunction, isWithin, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { findLosingPath } from '../timers/find-losing-path.js';
import { cannotReject } from '../timers/cannot-reject.js';
import { type TimerPromise, findTimerPromise, isInTimerCallback } from '../timers/promise-executor.js';
import { findDelay, findNumber, getTimerHolder } from '../timers/timer-calls.js';
import { type Uses, isFulfilmentOnly, isReleaseOf } from '../timers/release-loss.js';
import { getTimerUses } from '../timers/timer-uses.js';
import { getCallOrigin } from './call-origin.js';
import { getFileIndex } from './file-index.js';
import { findFunction } from './functions.js';
import { findMadeTimer } from './made-timers.js';

/** How the timer of a race is left behind. */
export type RaceLoss =
  /** Nothing holds the timer, or what holds it is never cleared. */
  | 'never'
  /** Cleared in `then`, or behind the `await`: not when the race rejects. */
  | 'rejection'
  /** Cleared, but not on the way to `exit`. */
  | 'path';

export interface AbandonedRace extends Finding {
  readonly node: TSESTree.CallExpression;
  readonly loss: RaceLoss;
  /** The operand that waits for the timer. */
  readonly timerOperand: Node;
  /** The other operands. */
  readonly work: readonly Node[];
  /** The timer where its call is in sight. */
  readonly timer: RaceTimer;
}

/** A promise that a timer settles. */
export interface RaceTimer {
  /** `setTimeout(…)` itself, or the call of a function that makes the promise: `sleep(ms)`. */
  readonly call: TSESTree.CallExpression;
  /** The delay as written, where it is an argument of `call`. */
  readonly delay: Node | undefined;
  readonly promise?: TimerPromise | undefined;
  /** The argument that could be a signal to end the timer, and is none. */
  readonly signalIndex?: number | undefined;
}

interface Race {
  readonly call: TSESTree.CallExpression;
  readonly timers: readonly { readonly operand: Node; readonly timer: RaceTimer }[];
  readonly work: readonly Node[];
}

/** A timer that is over this soon is not worth a report. */
const SHORT_DELAY_MS = 500;

const races = new WeakMap<SourceFile, readonly Race[]>();

/** Races between work and a timer whose timer stays armed when the work settles first. */
export function findAbandonedRaces(file: SourceFile, { includePotential = false } = {}): AbandonedRace[] {
  // A page keeps no process alive, and a late timer settles nothing any more.
  const isHarmless = isBrowserCode(file);
  const findings: AbandonedRace[] = [];
  for (const race of getRaces(file)) {
    if (race.work.length === 0) continue;
    for (const { operand, timer } of race.timers) {
      const finding = inspect(file, race, operand, timer);
      if (!finding) continue;
      const certainty = isHarmless ? 'potential' : finding.certainty;
      if (certainty === 'certain' || includePotential) findings.push({ ...finding, certainty });
      break;
    }
  }
  return findings;
}

/** The `setTimeout` calls that make an operand of a race, reported or not: other rules leave them alone. */
export function getRaceTimers(file: SourceFile): ReadonlySet<Node> {
  return new Set(getRaces(file).flatMap((race) => race.timers.map(({ timer }) => timer.call)));
}

function getRaces(file: SourceFile): readonly Race[] {
  let known = races.get(file);
  if (!known) {
    const found: Race[] = [];
    if (file.text.includes('race')) {
      for (const call of getFileIndex(file).calls) {
        const race = getRace(file, call);
        if (race) found.push(race);
      }
    }
    races.set(file, (known = found));
  }
  return known;
}

const RACE = new Set(['race']);

function getRace(file: SourceFile, call: TSESTree.CallExpression): Race | undefined {
  if (getCallOrigin(file, call, RACE) !== 'global:Promise.race') return undefined;
  const elements = findElements(file, call.arguments[0]);
  if (!elements) return undefined;
  const timers: { operand: Node; timer: RaceTimer }[] = [];
  const work: Node[] = [];
  for (const element of elements) {
    const timer = findRaceTimer(file, element);
    if (timer) timers.push({ operand: element, timer });
    else work.push(element);
  }
  return { call, timers, work };
}

function findElements(file: SourceFile, argument: Node | undefined): Node[] | undefined {
  if (!argument) return undefined;
  const node = skipWrappers(argument);
  if (node.type === 'ArrayExpression') return node.elements.filter((element) => element !== null);
  if (node.type !== 'Identifier') return undefined;
  const variable = file.getVariable(node);
  const value = variable && file.getOnlyValue(variable);
  return value && skipWrappers(value).type === 'ArrayExpression' ? findElements(file, value) : undefined;
}

/** The timer behind an operand: made in place, held in a variable, or made by a function such as `sleep`. */
function findRaceTimer(file: SourceFile, operand: Node, depth = 0): RaceTimer | undefined {
  if (depth > 4) return undefined;
  const node = skipWrappers(operand);
  switch (node.type) {
    case 'NewExpression': {
      const promise = findTimerPromise(file, node);
      return promise && { call: promise.timer, delay: promise.timer.arguments[1], promise };
    }
    case 'Identifier': {
      const variable = file.getVariable(node);
      const value = variable && file.getOnlyValue(variable);
      return value && findRaceTimer(file, value, depth + 1);
    }
    case 'CallExpression': {
      const callee = skipWrappers(node.callee);
      // sleep(ms).then(() => { throw new Error('too late'); })
      if (callee.type === 'MemberExpression' && /^(?:then|catch|finally)$/.test(getPropertyName(callee) ?? '')) {
        return findRaceTimer(file, callee.object, depth + 1);
      }
      if (file.getOrigin(callee) === 'timers:promises.setTimeout') {
        // With options it may be aborted, or not hold the process.
        return node.arguments.length < 3 ? { call: node, delay: node.arguments[0] } : undefined;
      }
      const made = findMadeTimer(file, node);
      return made && { call: node, delay: node.arguments[0], signalIndex: made.signalIndex };
    }
    default:
      return undefined;
  }
}

function inspect(file: SourceFile, race: Race, operand: Node, timer: RaceTimer): AbandonedRace | undefined {
  if (isFollowedByExit(file, race.call) || race.work.every((work) => isCancellation(work))) return undefined;
  const delay = timer.promise ? findDelay(file, timer.call) : timer.delay && findNumber(file, timer.delay);
  if (delay !== undefined && delay <= SHORT_DELAY_MS) return undefined;
  const { promise } = timer;
  if (!promise) return report(race, operand, timer, 'never');
  const holder = getTimerHolder(file, promise.timer);
  if (holder.kind === 'discarded') return report(race, operand, timer, 'never');
  if (holder.kind !== 'variable') return undefined;
  const { variable } = holder;
  const canReject = promise.settles.has('reject') || race.work.some((work) => !cannotReject(file, work));
  const found = getTimerUses(file, variable);
  if (found.isOutOfSight) return undefined;
  // A callback that clears its own timer clears nothing that is still armed.
  const uses = { ...found, clears: found.clears.filter((clear) => !isInTimerCallback(file, promise.timer, clear)) };
  if (uses.clears.length === 0) return report(race, operand, timer, 'never');
  return inspectClears(file, race, operand, timer, variable, uses, canReject);
}

function inspectClears(file: SourceFile, race: Race, operand: Node, timer: RaceTimer, variable: Variable, uses: Uses, canReject: boolean): AbandonedRace | undefined {
  const root = getEnclosingRoot(race.call);
  const isRelease = (node: Node) => isReleaseOf(file, node, uses);
  const handlers = getChainHandlers(race.call);
  // Promise.race([…]).finally(() => clearTimeout(t)), or in both handlers of a chain
  const clearing = handlers.filter(({ handler }) => clearsIn(file, handler, uses));
  if (clearing.some(({ method }) => method === 'finally')) return undefined;
  if (clearing.length > 0) {
    if (!canReject || clearing.some(({ index, method }) => index === 1 || method === 'catch')) return undefined;
    const [first] = clearing;
    const step: PathStep = { kind: 'call', node: first!.handler, text: 'the timer is cleared when the race fulfils' };
    return report(race, operand, timer, 'rejection', { kind: 'implicit-throw', node: race.call }, [step]);
  }
  // Promise.race([work.then((value) => { clearTimeout(t); return value; }), timeout])
  if (uses.clears.every((clear) => race.work.some((work) => isWithin(clear, work)) && isFulfilmentOnly(clear, uses))) {
    const [first] = uses.clears;
    const step: PathStep = { kind: 'call', node: first!, text: 'the timer is cleared when the work fulfils' };
    return canReject ? report(race, operand, timer, 'rejection', { kind: 'implicit-throw', node: first! }, [step]) : undefined;
  }
  const owners = new Set(uses.clears.map((clear) => findEnclosingFunction(clear)));
  for (const helper of uses.helpers.keys()) owners.delete(helper);
  // Cleared where the work ends, by a listener, …: somebody saw to it.
  if (!isFunction(root) || [...owners].some((owner) => owner !== root)) return undefined;
  const path = findLosingPath(file, { root, start: race.call, variable, isRelease: (point) => point.kind === 'call' && isRelease(point.node) });
  if (!path) return undefined;
  if (path.exit.kind === 'implicit-throw') return report(race, operand, timer, 'rejection', path.exit, path.steps);
  // if (result === TIMED_OUT) return …: the timer may have fired on the way there.
  return { ...report(race, operand, timer, 'path', path.exit, path.steps), certainty: 'potential' };
}

/** Promise.race([sleep(ms), cancelled]): a pause that ends early when all is over. */
function isCancellation(work: Node): boolean {
  const node = skipWrappers(work);
  return node.type === 'Identifier' && /cancel|abort|stop|shutdown|interrupt|quit/i.test(node.name);
}

/** await Promise.race([close(), sleep(5000)]); process.exit(0): no timer outlives the process. */
function isFollowedByExit(file: SourceFile, race: Node): boolean {
  for (let node = race; node.parent && !isFunction(node); node = node.parent) {
    const { parent } = node;
    let later: readonly TSESTree.ProgramStatement[] = [];
    if (parent.type === 'BlockStatement' || parent.type === 'Program') later = parent.body.slice(parent.body.indexOf(node as TSESTree.Statement) + 1);
    else if (parent.type === 'TryStatement' && parent.finalizer !== node) later = parent.finalizer?.body ?? [];
    if (later.some((statement) => statement.type === 'ExpressionStatement' && endsProcess(skipWrappers(statement.expression), file))) return true;
  }
  return false;
}

interface ChainHandler {
  readonly method: string;
  readonly index: number;
  readonly handler: Node;
}

/** What is attached to a promise in the same expression: `.then(a, b).catch(c).finally(d)`. */
function getChainHandlers(promise: Node): ChainHandler[] {
  const handlers: ChainHandler[] = [];
  for (let call = promise; ; ) {
    const member: Node | undefined = outermostWrapper(call).parent;
    const outer: Node | undefined = member && outermostWrapper(member).parent;
    if (member?.type !== 'MemberExpression' || outer?.type !== 'CallExpression' || skipWrappers(outer.callee) !== member) return handlers;
    const method = getPropertyName(member) ?? '';
    for (const [index, handler] of outer.arguments.entries()) handlers.push({ method, index, handler });
    call = outer;
  }
}

function clearsIn(file: SourceFile, handler: Node, uses: Uses): boolean {
  const owner = findFunction(file, handler);
  if (!owner) return false;
  return uses.clears.some((clear) => isWithin(clear, owner)) || [...uses.helpers.values()].some((calls) => calls.some((call) => isWithin(call, owner)));
}

function report(race: Race, timerOperand: Node, timer: RaceTimer, loss: RaceLoss, exit?: FindingExit, steps: readonly PathStep[] = []): AbandonedRace {
  const first: PathStep = { kind: 'acquire', node: race.call, text: 'the race starts a timer' };
  return { node: race.call, loss, timerOperand, work: race.work, timer, certainty: 'certain', path: [first, ...steps], exit };
}

