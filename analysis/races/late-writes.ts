import { findMethod } from '../ownership/classes.js';
import { findLocalFunction } from '../ownership/values.js';
import type { Point } from '../control-flow/graph.js';
import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, getPropertyName, isFunction, skipWrappers } from '../syntax/node.js';
import type { Write } from './accesses.js';
import type { LateWrite } from './explore-place.js';
import { type FunctionFacts, getFacts } from './function-facts.js';
import { isSerialised } from './serialised.js';
import { type Place, isSamePlaceOrMember } from './place.js';

/** The function of this file that a call runs: a local function, or a method by `this.name(…)`. */
export function findCallee(call: Node, file: SourceFile): FunctionNode | undefined {
  if (call.type !== 'CallExpression') return undefined;
  const callee = skipWrappers(call.callee);
  if (callee.type === 'Identifier') return findLocalFunction(callee, file);
  if (callee.type === 'MemberExpression') return findMethod(callee);
  return undefined;
}

/** When, seen from the start of the call, a function writes each place. */
interface WriteTimes {
  readonly atOnce: readonly Write[];
  readonly late: readonly { readonly write: Write; readonly awaited: Node }[];
}

const timesOf = new WeakMap<FunctionNode, WriteTimes>();

/** The writes of a call's callee, or of the callbacks of a promise chain, that come after control has been given up. */
export function getLateWrites(point: Point, caller: FunctionFacts, place: Place): LateWrite[] {
  const { file } = caller;
  const call = point.node;
  if (call.type !== 'CallExpression') return [];
  const chained = getChainCallbacks(call);
  if (chained.length > 0) {
    return chained.flatMap((callback) => {
      const { atOnce, late } = getWriteTimes(callback, file);
      return [...atOnce, ...late.map(({ write }) => write)]
        .filter((write) => write.place.key === place.key && write.effect !== 'empty')
        .map((write) => ({ write, call, awaited: call }));
    });
  }
  const callee = findCallee(call, file);
  if (!callee || callee === caller.fn || isSerialised(callee, file)) return [];
  // A callee that looks itself before it writes is judged on its own.
  if (looksItself(callee, place, file)) return [];
  return getWriteTimes(callee, file)
    .late.filter(({ write }) => write.place.key === place.key && write.effect !== 'empty')
    .map(({ write, awaited }) => ({ write, call, awaited }));
}

function looksItself(callee: FunctionNode, place: Place, file: SourceFile): boolean {
  const facts = getFacts(callee, file);
  if (!facts.accesses.reads.some((read) => isSamePlaceOrMember(read.place, place))) return false;
  return facts.graph.points.some((point) => point.kind === 'branch' && facts.getTestReads(point.node).some((read) => isSamePlaceOrMember(read.place, place)));
}

export function getWritesAtOnce(point: Point, caller: FunctionFacts): readonly Write[] {
  const callee = findCallee(point.node, caller.file);
  return callee && callee !== caller.fn ? getWriteTimes(callee, caller.file).atOnce : [];
}

/** connect().then((client) => { this.client = client; }), driver.connect(options, (error, client) => { this.client = client; }) */
export function getChainCallbacks(call: Node): FunctionNode[] {
  if (call.type !== 'CallExpression') return [];
  const callee = skipWrappers(call.callee);
  const method = callee.type === 'MemberExpression' ? getPropertyName(callee) : undefined;
  if (method === 'then') return call.arguments.flatMap((argument) => (isFunction(argument) ? [argument] : []));
  const last = call.arguments.at(-1);
  // The callbacks of Node.js are given an error first.
  const [first] = last && isFunction(last) && last.params.length > 1 ? last.params : [];
  return first?.type === 'Identifier' && /^(?:err|error|e|_err|_error|_)$/.test(first.name) ? [last as FunctionNode] : [];
}

/** Sorts the writes of a function by whether an `await` lies before them on every path, or on none. */
function getWriteTimes(fn: FunctionNode, file: SourceFile): WriteTimes {
  const known = timesOf.get(fn);
  if (known) return known;
  timesOf.set(fn, { atOnce: [], late: [] });
  const facts = getFacts(fn, file);
  const atOnce = new Set<Write>();
  const late = new Map<Write, Node>();
  if (facts.accesses.writes.length > 0) {
    // Each point is passed at most twice: before the first `await` on a path, and after.
    const seen = new Map<string, true>();
    const queue: { point: Point; awaited: Node | undefined }[] = [{ point: facts.graph.entry, awaited: undefined }];
    for (const { point, awaited } of queue) {
      for (const write of facts.getWrites(point)) {
        if (awaited) late.set(write, late.get(write) ?? awaited);
        else atOnce.add(write);
      }
      const next = awaited ?? (point.kind === 'await' ? point.node : undefined);
      for (const { to } of point.edges) {
        const key = `${to.id}${next ? '~' : ''}`;
        if (seen.has(key)) continue;
        seen.set(key, true);
        queue.push({ point: to, awaited: next });
      }
    }
  }
  const times = {
    atOnce: [...atOnce],
    late: [...late].filter(([write]) => !atOnce.has(write)).map(([write, awaited]) => ({ write, awaited })),
  };
  timesOf.set(fn, times);
  return times;
}
