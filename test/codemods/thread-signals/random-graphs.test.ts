import { expect, it } from 'vitest';
import { threadSignals } from '../../../codemods/thread-signals/thread-signals.js';
import { Random } from '../../analysis/support/random.js';
import { lint, parse } from '../support/thread-input.js';

/** One function in a file of its own. */
interface Fn {
  readonly hasSignal: boolean;
  readonly fetches: boolean;
  readonly calls: readonly number[];
}

const GRAPHS = 12;
const FUNCTIONS = 8;

function makeGraph(random: Random): Fn[] {
  return Array.from({ length: FUNCTIONS }, (_, index) => ({
    hasSignal: random.chance(0.2),
    fetches: random.chance(0.3),
    calls: Array.from({ length: FUNCTIONS }, (__, other) => other).filter((other) => other !== index && random.chance(0.22)),
  }));
}

function write({ hasSignal, fetches, calls }: Fn, index: number): string {
  const lines = [
    ...calls.map((other) => `import { f${other} } from './f${other}.js';`),
    `export async function f${index}(id: string${hasSignal ? ', signal?: AbortSignal' : ''}): Promise<void> {`,
    ...(hasSignal ? ['  signal?.throwIfAborted();'] : []),
    ...(fetches ? ["  await fetch('/' + id);"] : []),
    ...calls.map((other) => `  await f${other}(id);`),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

/** The functions that ought to change, worked out on the graph alone. */
function findExpected(graph: readonly Fn[]): Set<number> {
  const indexes = graph.map((_, index) => index);
  const grow = (start: (index: number) => boolean, next: (index: number, found: ReadonlySet<number>) => boolean) => {
    const found = new Set(indexes.filter((index) => !graph[index]!.hasSignal && start(index)));
    for (let size = -1; size !== found.size; ) {
      size = found.size;
      for (const index of indexes) if (!graph[index]!.hasSignal && next(index, found)) found.add(index);
    }
    return found;
  };
  const isCalledBy = (index: number, isCaller: (caller: number) => boolean) => indexes.some((caller) => graph[caller]!.calls.includes(index) && isCaller(caller));
  const aboveNeed = grow(
    (index) => graph[index]!.fetches || graph[index]!.calls.some((other) => graph[other]!.hasSignal),
    (index, found) => graph[index]!.calls.some((other) => found.has(other)),
  );
  const belowSignal = grow(
    (index) => isCalledBy(index, (caller) => graph[caller]!.hasSignal),
    (index, found) => isCalledBy(index, (caller) => found.has(caller)),
  );
  return new Set([...aboveNeed].filter((index) => belowSignal.has(index)));
}

it('changes the functions between a signal and a request, and no others', async () => {
  const random = new Random(20_261_123);
  const graphs = Array.from({ length: GRAPHS }, () => makeGraph(random));
  const texts = new Map<string, string>(graphs.flatMap((graph, number) => graph.map((fn, index) => [`/graphs/${number}/f${index}.ts`, write(fn, index)] as const)));
  const { texts: after, sites } = await threadSignals({ config: undefined, texts, parse, lint, findRefusal: () => undefined, isTest: () => false });

  const changed = graphs.map((graph, number) => graph.flatMap((_, index) => (after.get(`/graphs/${number}/f${index}.ts`)?.includes('options: { signal?: AbortSignal } = {}') ? [index] : [])));
  const expected = graphs.map((graph) => [...findExpected(graph)].sort((a, b) => a - b));
  expect(changed).toEqual(expected);
  // Both sides of the property have been seen.
  expect(expected.flat().length).toBeGreaterThan(5);
  expect(expected.flat().length).toBeLessThan((GRAPHS * FUNCTIONS) / 2);
  expect(sites.filter(({ block }) => block)).toEqual([]);

  for (const [number, graph] of graphs.entries()) {
    for (const [index, { hasSignal, fetches, calls }] of graph.entries()) {
      const path = `/graphs/${number}/f${index}.ts`;
      const isTaker = expected[number]!.includes(index);
      const isGiver = hasSignal && calls.some((other) => expected[number]!.includes(other));
      if (!isTaker && !isGiver) expect(after.get(path) ?? texts.get(path)).toBe(texts.get(path));
      // Everything in a function that took a signal has it now.
      const owed = (fetches ? 1 : 0) + calls.filter((other) => expected[number]!.includes(other) || graph[other]!.hasSignal).length;
      if (isTaker) expect(after.get(path)!.match(/\boptions\b/g)).toHaveLength(1 + owed);
    }
  }
}, 180_000);
