import type { SourceFile } from '../source-file.js';
import type { TSESTree } from '../syntax/node.js';
import { findAbortable, getGivenSignal, isLikelyShort } from './abortable-calls.js';
import { isCleanup, isUnderTest } from './call-role.js';
import { getFileIndex } from './file-index.js';
import { findMisnamedOption, findMisreadSignal } from './misread-signals.js';
import { findProjectCall } from './project-calls.js';
import { findReplacingAssignment, findOverwrittenSignal, findReplacedSignal, findReplacedSpread } from './replaced-signals.js';
import { isPolled, isSeenTo } from './seen-to.js';
import { findRun } from './signal-run.js';
import { isToldToStop } from './signal-sources.js';
import { type Call, type UnforwardedSignal, describeFlaw } from './unforwarded-signal.js';
import { findPurpose, findUnheedingLoop, findUnendedSleep, isTimeLimit } from './unheeding-waits.js';

/** Calls that take a signal, in functions that have one, and do not get it. */
export function findUnforwardedSignals(file: SourceFile, { includePotential = false } = {}): UnforwardedSignal[] {
  const findings: UnforwardedSignal[] = [];
  const add = (finding: UnforwardedSignal | undefined) => {
    if (finding && (finding.certainty === 'certain' || includePotential)) findings.push(finding);
  };
  const { calls, creations, loops, members } = getFileIndex(file);
  for (const call of [...calls, ...creations]) {
    add(findMisnamedOption(file, call) ?? inspectCall(file, call));
  }
  const reported = new Set(findings.map((finding) => finding.node));
  for (const loop of loops) add(findUnheedingLoop(file, loop, reported));
  for (const creation of creations) add(findUnendedSleep(file, creation, findings));
  for (const member of members) add(findMisreadSignal(file, member) ?? findReplacingAssignment(file, member));
  return findings.sort((a, b) => a.node.range[0] - b.node.range[0]);
}

function inspectCall(file: SourceFile, call: Call): UnforwardedSignal | undefined {
  const abortable = findAbortable(file, call);
  const run = abortable || call.type === 'CallExpression' ? findRun(file, call) : undefined;
  if (!run) return abortable && findReplacedSpread(file, abortable);
  const target = abortable ?? findProjectCall(file, call as TSESTree.CallExpression, run);
  if (!target || isTimeLimit(file, call) || isCleanup(file, findPurpose(file, call, run.owner), run.owner) || isUnderTest(file, call, run)) return undefined;
  const given = getGivenSignal(file, target);
  if (given.state === 'passed') return findReplacedSignal(file, target, given, run);
  if (given.state === 'unknown') return findOverwrittenSignal(file, target, given, run);
  if (given.state !== 'missing' || isSeenTo(file, target, run)) return undefined;
  return describeFlaw(file, call, run, 'missing', { abortable: target, given, certainty: isLikelyShort(target) || (target.kind === 'timer' && (!isToldToStop(run.carriers.source) || isPolled(file, call, run))) ? 'potential' : 'certain' });
}
