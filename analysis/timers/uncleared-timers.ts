import { getRaceTimers } from '../abort/abandoned-races.js';
import { getFileIndex } from '../abort/file-index.js';
import { someBelow } from '../abort/functions.js';
import { endsProcess } from '../control-flow/call-facts.js';
import type { Finding, FindingExit, PathStep } from '../finding.js';
import { isBrowserCode } from '../ownership/browser-code.js';
import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type CodeRoot, type FunctionNode, type Node, type TSESTree, findEnclosingClass, getEnclosingRoot, getPropertyName, isFunction } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import { type Deadline, findDeadline } from './deadlines.js';
import { findTimerCallback, findTimerPromise, isInTimerCallback } from './promise-executor.js';
import { findReleaseLoss } from './release-loss.js';
import { runsOnce } from './runs-once.js';
import { type TimerHolder, type TimerKind, getTimerHolder, getTimerKind, isExecutor } from './timer-calls.js';
import { getTimerUses, isFieldRead } from './timer-uses.js';

/** How a timer is left behind. */
export type TimerLoss =
  /** The handle of an interval is dropped, or kept and never used. */
  | 'unclearable'
  /** A deadline whose handle is dropped or never used: it outlives the work. */
  | 'deadline'
  /** Cleared, but not on the way to `exit`. */
  | 'path'
  /** Cleared in `then`, not when the promise rejects. */
  | 'rejection'
  /** The promise around it is settled in a place that does not clear it. */
  | 'settled'
  /** A field of a class that no method clears. */
  | 'field';

export interface UnclearedTimer extends Finding {
  readonly node: TSESTree.CallExpression;
  readonly loss: TimerLoss;
  readonly timer: TimerKind;
  /** The variable or field that holds it. */
  readonly holder: TimerHolder;
  readonly deadline?: Deadline | undefined;
}

interface Subject {
  readonly file: SourceFile;
  readonly call: TSESTree.CallExpression;
  readonly kind: TimerKind;
  readonly root: CodeRoot;
  readonly includePotential: boolean;
}

/** The timers of a file that nobody can clear, or that stay armed on some way out. */
export function findUnclearedTimers(file: SourceFile, { includePotential = false } = {}): UnclearedTimer[] {
  const findings: UnclearedTimer[] = [];
  const raceTimers = getRaceTimers(file);
  for (const call of getFileIndex(file).calls) {
    const kind = getTimerKind(file, call);
    if (!kind || raceTimers.has(call)) continue;
    const finding = inspect({ file, call, kind, root: getEnclosingRoot(call), includePotential });
    if (finding && (finding.certainty === 'certain' || includePotential)) findings.push(finding);
  }
  return findings;
}

function inspect(subject: Subject): UnclearedTimer | undefined {
  const { file, call, kind, root } = subject;
  if (!isFunction(root)) return undefined;
  // A watchdog that ends the process is meant to stand until the end.
  const callback = findTimerCallback(file, call);
  if (callback && someBelow(callback, (node) => endsProcess(node, file), file)) return undefined;
  if (isExecutor(file, root) && findTimerPromise(file, root.parent)?.timer === call) return undefined;
  const holder = getTimerHolder(file, call);
  switch (holder.kind) {
    case 'discarded':
      return inspectUnheld(subject, holder);
    case 'variable':
      return inspectVariable(subject, holder, holder.variable, holder.bind);
    case 'field':
      return kind === 'interval' ? inspectField(subject, holder, holder.name) : undefined;
    default:
      return undefined;
  }
}

/** The handle is dropped, or sits in a variable that nothing reads. */
function inspectUnheld(subject: Subject, holder: TimerHolder): UnclearedTimer | undefined {
  const { file, call, kind, root } = subject;
  if (kind === 'timeout') {
    const deadline = findDeadline(file, call);
    // In a program that does one thing, a timer may stand for the user who interrupts it.
    const certainty = runsOnce(file, root) ? 'potential' : 'certain';
    return deadline && report(subject, holder, 'deadline', { deadline, certainty });
  }
  if (clearsItself(file, call) || runsOnce(file, root)) return undefined;
  return report(subject, holder, 'unclearable');
}

/** setInterval(function () { clearInterval(this); }, ms) */
function clearsItself(file: SourceFile, call: TSESTree.CallExpression): boolean {
  const callback = findTimerCallback(file, call);
  return callback !== undefined && /\bclearInterval\(this\)/.test(file.getText(callback));
}

function inspectVariable(subject: Subject, holder: TimerHolder, variable: Variable, bind: Node): UnclearedTimer | undefined {
  const { file, call, kind, root, includePotential } = subject;
  if (!isFunction(variable.scope.variableScope.block)) return undefined;
  const uses = getTimerUses(file, variable);
  if (uses.isOutOfSight) return undefined;
  if (uses.clears.length === 0) return inspectUnheld(subject, holder);

  const loss = findReleaseLoss(file, {
    acquisition: call,
    root: root as FunctionNode,
    start: bind,
    declaredIn: variable.scope.variableScope.block,
    variable,
    uses,
    isOwn: (node) => isInTimerCallback(file, call, node),
    isRepeating: kind === 'interval',
    flags: getFlags(file, call),
    includePotential,
  });
  if (loss === 'unreleased') return inspectUnheld(subject, holder);
  // When closing in good order fails, the timer that kills is what is wanted.
  if (!loss || (loss.loss === 'path' && loss.exit.kind !== 'return' && isKiller(file, call))) return undefined;
  return report(subject, holder, loss.loss, loss);
}

/** setTimeout(() => child.kill('SIGKILL'), ms), setTimeout(() => socket.destroy(), ms) */
function isKiller(file: SourceFile, call: TSESTree.CallExpression): boolean {
  return call.arguments[0] !== undefined && /kill|terminate|\.(?:close|destroy|end)\(/i.test(file.getText(call.arguments[0]));
}

/** Variables that the callback of the timer sets: on the path where they are set it has fired. */
function getFlags(file: SourceFile, call: TSESTree.CallExpression): Set<Variable> {
  const flags = new Set<Variable>();
  const callback = findTimerCallback(file, call);
  if (!callback) return flags;
  walk(
    callback.body,
    (node) => {
      if (node.type !== 'AssignmentExpression' || node.left.type !== 'Identifier') return;
      const variable = file.getVariable(node.left);
      if (variable) flags.add(variable);
    },
    file.visitorKeys,
  );
  return flags;
}

/** this.timer = setInterval(…) in a class none of whose methods stops it. */
function inspectField(subject: Subject, holder: TimerHolder, name: string): UnclearedTimer | undefined {
  const { file, call } = subject;
  const owner = findEnclosingClass(call);
  if (!owner) return undefined;
  const declaration = owner.body.body.find((member) => member.type === 'PropertyDefinition' && getPropertyName(member) === name);
  const isOpen = declaration?.type === 'PropertyDefinition' && (declaration.accessibility === 'protected' || declaration.accessibility === 'public');
  if (isOpen || ('abstract' in owner && owner.abstract)) return undefined;
  let isRead = false;
  walk(
    file.ast,
    (node) => {
      if (isRead) return false;
      if (node.type === 'MemberExpression' && getPropertyName(node) === name && isFieldRead(file, node)) isRead = true;
      // const { timer } = this
      if (node.type === 'Property' && node.parent.type === 'ObjectPattern' && getPropertyName(node) === name) isRead = true;
      return !isRead;
    },
    file.visitorKeys,
  );
  return isRead ? undefined : report(subject, holder, 'field');
}

function report(
  { file, call, kind }: Subject,
  holder: TimerHolder,
  loss: TimerLoss,
  more: { exit?: FindingExit | undefined; steps?: readonly PathStep[]; certainty?: 'certain' | 'potential'; deadline?: Deadline } = {},
): UnclearedTimer {
  const first: PathStep = { kind: 'acquire', node: call, text: kind === 'interval' ? 'the interval starts' : 'the timer starts' };
  // A page keeps no process alive, and an abort after the end does nothing.
  const isHarmless = kind === 'timeout' && isBrowserCode(file);
  const certainty = isHarmless ? 'potential' : (more.certainty ?? 'certain');
  return { node: call, loss, timer: kind, holder, deadline: more.deadline, certainty, path: [first, ...(more.steps ?? [])], exit: more.exit };
}
