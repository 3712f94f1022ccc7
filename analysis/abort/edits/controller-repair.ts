import { type Refusal, refuse } from '../../repairs/refusal.js';
import type { SourceFile } from '../../source-file.js';
import { type Node, getEnclosingRoot, isWithin } from '../../syntax/node.js';
import { findAbortable, getGivenSignal } from '../abortable-calls.js';
import type { FlawedController } from '../controller-flaws.js';
import { getFileIndex } from '../file-index.js';
import { addSignal } from './forward-edits.js';
import { getJobContextsRepair } from './job-contexts-repair.js';
import type { AbortRepair } from './repair.js';

/** The edits that let a controller do what it is for, or why there are none. */
export function getControllerRepair(file: SourceFile, controller: FlawedController): AbortRepair | Refusal {
  const { flaw, node, name } = controller;
  switch (flaw) {
    case 'as-signal':
      return { edits: [{ start: node.range[1], end: node.range[1], text: '.signal' }], helpers: [] };
    case 'unheard':
      return passSignal(file, node, `${name}.signal`);
    case 'idle':
      return getJobContextsRepair(file, controller) ?? refuse('ambiguous-owner', 'who should abort it is not written in the code');
  }
}

/** const controller = …; setTimeout(() => controller.abort(), ms); fetch(url): the one wait of the function is what it is for. */
function passSignal(file: SourceFile, creation: Node, signal: string): AbortRepair | Refusal {
  const root = getEnclosingRoot(creation);
  const calls = getFileIndex(file).calls.filter((call) => isWithin(call, root) && call.range[0] > creation.range[0]);
  const waits = calls.flatMap((call) => findAbortable(file, call) ?? []).filter(({ kind }) => kind !== 'file');
  const [only, ...others] = waits;
  if (!only || others.length > 0) return refuse('ambiguous-owner', 'which work it should end is not written in the code');
  const given = getGivenSignal(file, only);
  const edits = given.state === 'missing' && getEnclosingRoot(only.call) === root ? addSignal(file, only, given, signal) : undefined;
  return edits ? { edits, helpers: [] } : refuse('ambiguous-owner', 'the only work that takes a signal has options of its own');
}
