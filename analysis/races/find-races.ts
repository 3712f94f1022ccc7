import type { Certainty, Finding, PathStep } from '../finding.js';
import type { SourceFile } from '../source-file.js';
import type { FunctionNode, Node } from '../syntax/node.js';
import type { Write } from './accesses.js';
import { cannotOverlap } from './callers.js';
import { guards, isClaim } from './claims.js';
import { type Window, explorePlace } from './explore-place.js';
import { type FileWindow, findFileWindows } from './file-races.js';
import { type FunctionFacts, getFacts } from './function-facts.js';
import { judgeWindow } from './judge-window.js';
import { findCallee, getChainCallbacks, getLateWrites, getWritesAtOnce } from './late-writes.js';
import { canShare } from './overlaps.js';
import { type Place, isSamePlaceOrMember } from './place.js';

/**
 * *check*: two calls both find what lets them act. *update*: a new value rests on an old one. *reset*: what others add is
 * thrown away. *file-access*, *file-creation*, *file-update*: the same with a file.
 */
export type RaceKind = 'check' | 'update' | 'reset' | 'file-access' | 'file-creation' | 'file-update';

/** State, or a file, that one call reads, and acts on after an `await` in which another call can do the same. */
export interface Race extends Finding {
  readonly kind: RaceKind;
  /** The state or the path as it is written. */
  readonly subject: string;
  readonly read: Node;
  /** The first `await`, or promise chain, in between. */
  readonly awaited: Node;
  /** What acts on the read in the function itself: the write, or the call that leads to it. */
  readonly act: Node;
  /** The write, where it is one to a variable, a field or an entry; in a callee where that writes. */
  readonly write?: Write | undefined;
  readonly place?: Place | undefined;
  readonly fn: FunctionNode;
  /** Which reason decided how certain it is; for tests and for tuning. */
  readonly reason: string;
}

/** Every place of a file where a decision or a new value rests on state that was read before an `await`. */
export function findRaces(file: SourceFile): Race[] {
  const functions = file.getNodes('FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression');
  return functions.flatMap((fn) => (canGiveUpControl(fn, file) ? [...findStateRaces(fn, file), ...findFileWindows(fn, file).map((window) => toFileRace(window, fn))] : []));
}

/** Whether something of a function can happen later: it awaits, chains on a promise, or calls what does. */
function canGiveUpControl(fn: FunctionNode, file: SourceFile): boolean {
  // Most functions are told by their text and their calls, without a look at what else they do.
  if (!fn.async || !file.getText(fn).includes('await')) return file.getCallsIn(fn).some((call) => isContinuedLater(call, file));
  const { awaits, calls } = getFacts(fn, file).accesses;
  return awaits.length > 0 || calls.some((call) => isContinuedLater(call, file));
}

function findStateRaces(fn: FunctionNode, file: SourceFile): Race[] {
  // Nobody else has the object yet.
  if (fn.parent.type === 'MethodDefinition' && fn.parent.kind === 'constructor') return [];
  const facts = getFacts(fn, file);
  const places = getCandidates(facts).filter((place) => place.reach !== 'captured' || canShare(fn, place.variable!, file));
  if (places.length === 0 || cannotOverlap(fn, file)) return [];
  const races: Race[] = [];
  for (const place of places) {
    const windows = explorePlace({
      facts,
      place,
      getLateWrites: (point) => getLateWrites(point, facts, place),
      writesAtOnce: (point) => getWritesAtOnce(point, facts).some((write) => write.place.key === place.key || isClaim(write, file)),
      isClaim: (write) => isClaim(write, file) && guards(write, place),
    });
    for (const window of windows) {
      const { certainty, reason } = judgeWindow(window, place, facts);
      if (certainty !== 'harmless') races.push(toRace(window, place, certainty, reason, fn));
    }
  }
  return pickOnePerAwait(races);
}

function isContinuedLater(call: Node, file: SourceFile): boolean {
  return getChainCallbacks(call).length > 0 || findCallee(call, file)?.async === true;
}

/** The places that the function both asks about and writes, itself or through a call. */
function getCandidates({ fn, accesses, file }: FunctionFacts): Place[] {
  if (accesses.reads.length === 0) return [];
  const written = new Map<string, Place>();
  const add = ({ place }: Write) => written.set(place.key, place);
  for (const write of accesses.writes) add(write);
  for (const call of accesses.calls) {
    for (const callee of [findCallee(call, file), ...getChainCallbacks(call)]) {
      if (callee && callee !== fn) for (const write of getFacts(callee, file).accesses.writes) add(write);
    }
  }
  return [...written.values()].filter((place) => accesses.reads.some((read) => isSamePlaceOrMember(read.place, place)));
}

/** Behind one `await` there is one race, however many places are written there. */
function pickOnePerAwait(races: readonly Race[]): Race[] {
  const picked = new Map<Node, Race>();
  for (const race of races) {
    const known = picked.get(race.awaited);
    const isSurer = known?.certainty === 'potential' && race.certainty === 'certain';
    const isEarlier = known?.certainty === race.certainty && race.act.range[0] < known.act.range[0];
    if (!known || isSurer || isEarlier) picked.set(race.awaited, race);
  }
  return [...picked.values()];
}

function toRace({ kind, read, awaited, write, late }: Window, place: Place, certainty: Certainty, reason: string, fn: FunctionNode): Race {
  const name = `\`${place.text}\``;
  const path: PathStep[] = [
    { kind: kind === 'check' ? 'branch' : 'note', node: read, text: kind === 'check' ? `${name} is checked` : `${name} is read` },
    { kind: 'await', node: awaited, text: 'other calls run here' },
    { kind: 'note', node: write.node, text: kind === 'reset' ? `${name} is emptied, with what they have added` : `${name} is written from what was read before` },
  ];
  return { node: read, certainty, path, kind, subject: place.text, read, awaited, act: late?.call ?? write.node, write, place, fn, reason };
}

function toFileRace({ kind, path: subject, read, awaited, act, certainty, reason }: FileWindow, fn: FunctionNode): Race {
  const path: PathStep[] = [
    { kind: kind === 'file-update' ? 'note' : 'branch', node: read, text: kind === 'file-update' ? `\`${subject}\` is read` : `\`${subject}\` is looked for` },
    { kind: 'await', node: awaited, text: 'other calls and other processes run here' },
    { kind: 'note', node: act, text: kind === 'file-creation' ? 'it is made' : kind === 'file-update' ? 'it is written from what was read before' : 'it is used' },
  ];
  return { node: read, certainty, path, kind, subject, read, awaited, act, fn, reason };
}
