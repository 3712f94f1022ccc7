import { createTextVariable } from '../ownership/values.js';
import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type TSESTree, findEnclosingFunction, outermostWrapper } from '../syntax/node.js';
import { type Abortable, type SignalGiven, type SignalPlace, findAbortable, getGivenSignal, isLikelyShort } from './abortable-calls.js';
import { findFunction } from './functions.js';
import { findGoverningController } from './governing-controllers.js';
import { findVisibleName, getCarriers, mentions } from './signal-carriers.js';
import { isCleanup, isDropped, isShared, isUnderTest } from './call-role.js';
import { takesTime } from './project-calls.js';
import { isSeenTo } from './seen-to.js';
import { type Run, findRun, isAwaited, isPartOfRun } from './signal-run.js';

type Call = TSESTree.CallExpression | TSESTree.NewExpression;

/** Where a call stands with regard to signals. */
export interface CallStanding {
  /** The outermost function of which the call is a part: it has the signal, or would have to be given one. */
  readonly owner: FunctionNode;
  readonly hasSignal: boolean;
  /** The signal as it can be written at the call; undefined where there is none, or something hides its name. */
  readonly signal: string | undefined;
  readonly run: Run;
}

/** Where a call stands; undefined outside of functions. */
export function getCallStanding(file: SourceFile, call: Call): CallStanding | undefined {
  const run = findRun(file, call);
  if (run) return { owner: run.owner, hasSignal: true, signal: findVisibleName(file, call, run.carriers), run };
  for (let owner = findEnclosingFunction(call); owner; ) {
    const controller = findGoverningController(file, owner, call);
    const outer = findEnclosingFunction(owner);
    if (controller !== undefined) return { owner, hasSignal: true, signal: `${controller.name}.signal`, run: getSupposedRun(file, owner) };
    if (!outer || !isPartOfRun(file, owner)) return { owner, hasSignal: false, signal: undefined, run: getSupposedRun(file, owner) };
    owner = outer;
  }
  return undefined;
}

const supposed = new WeakMap<FunctionNode, Run>();

/** The run of a function as if it had a signal that nothing in it mentions yet. */
function getSupposedRun(file: SourceFile, owner: FunctionNode): Run {
  const known = supposed.get(owner);
  if (known) return known;
  const source = { kind: 'parameter', variable: createTextVariable('signal', owner), path: [], text: 'signal', node: owner } as const;
  const run = { owner, carriers: getCarriers(file, owner, source) };
  supposed.set(owner, run);
  return run;
}

/** A call that ought to get the signal of the function around it, if that one had one. */
export interface CallInNeed {
  readonly abortable: Abortable;
  readonly given: SignalGiven;
  /** Some argument, the options as a whole perhaps, brings the signal along already. */
  readonly bringsAlong: boolean;
}

/**
 * What an abort would have to reach at a call; undefined where it takes no signal, has one, or should not end with its
 * caller: clean-up, work that nobody waits for or that several share. `place`: how the called function takes a signal, or
 * could be made to, where the file itself does not show it.
 */
export function findCallInNeed(file: SourceFile, call: Call, { run, owner }: CallStanding, place?: SignalPlace): CallInNeed | undefined {
  const abortable = place ? ({ call, kind: 'project', place, bounds: [] } as const) : (findAbortable(file, call) ?? findTyped(file, call));
  if (!abortable || isLikelyShort(abortable) || (abortable.kind === 'project' && !isWorthWaitingFor(file, call))) return undefined;
  if (isCleanup(file, call, owner) || isUnderTest(file, call, run)) return undefined;
  const given = getGivenSignal(file, abortable);
  if (given.state === 'passed') return undefined;
  const bringsAlong = call.arguments.some((argument) => mentions(file, argument, run.carriers));
  const isLeft = place && bringsAlong ? isShared(file, call) || isDropped(call) : isSeenTo(file, abortable, run);
  return isLeft ? undefined : { abortable, given, bringsAlong };
}

/** A call that by its type takes a signal. */
function findTyped(file: SourceFile, call: Call): Abortable | undefined {
  if (call.type === 'NewExpression' || call.arguments.some((argument) => argument.type === 'SpreadElement')) return undefined;
  const parameter = file.types?.getSignalParameter(call);
  if (!parameter || parameter.index > call.arguments.length) return undefined;
  const { index, property } = parameter;
  return { call, kind: 'project', bounds: [], place: property === undefined ? { form: 'argument', index } : { form: 'option', index, property } };
}

function isWorthWaitingFor(file: SourceFile, call: Call): boolean {
  const callee = findFunction(file, call.callee);
  return isAwaited(call) || isHeldPromise(file, call) || (callee !== undefined && takesTime(callee) && outermostWrapper(call).parent?.type !== 'ExpressionStatement');
}

/** const pending = load(id); … await pending */
function isHeldPromise(file: SourceFile, call: Call): boolean {
  return findHeld(file, call)?.references.some(({ identifier }) => isAwaited(identifier)) ?? false;
}

function findHeld(file: SourceFile, call: Call): Variable | undefined {
  const { parent } = outermostWrapper(call);
  return parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier' ? file.getVariable(parent.id) : undefined;
}
