import { type ResourceKind, findLeaks } from 'watertight-analysis';
import { describe, expect, it } from 'vitest';
import { generateProgram } from './support/generate-program.js';
import { parseSource } from './support/parse-source.js';
import { type RunResult, runProgram } from './support/run-program.js';

const counting: ResourceKind = {
  id: 'counting',
  label: 'resource',
  triggers: ['acquire', 'open'],
  acquisitions: [
    { calls: ['global:acquire'], yields: 'promise' },
    { calls: ['global:open'], yields: 'value' },
  ],
  methods: { release: 'release', use: 'borrow' },
  onImplicitException: 'certain',
};

const PROGRAMS = 3000;
const FIRST_SEED = 1;

interface Disagreement {
  readonly kind: 'missed' | 'invented';
  readonly site: number;
  readonly note: string;
}

describe('the analysis and a run of the same program', () => {
  it(`agree on ${PROGRAMS} random programs`, { timeout: 300_000 }, async () => {
    const failures: string[] = [];
    let runs = 0;
    let leaks = 0;
    for (let seed = FIRST_SEED; seed < FIRST_SEED + PROGRAMS; seed++) {
      const source = generateProgram(seed);
      const result = await runProgram(source);
      runs += result.runs;
      leaks += result.leaked.size;
      for (const { kind, site, note } of compare(source, result)) failures.push(`seed ${seed}: ${kind} site ${site} ${note}\n${source.slice(source.indexOf('async function main'))}`);
    }
    // The generator must make both leaks and clean programs, or the comparison shows nothing.
    expect(leaks).toBeGreaterThan(PROGRAMS / 4);
    expect(runs).toBeGreaterThan(PROGRAMS);
    expect(failures.slice(0, 12).join('\n')).toBe('');
  });

  it('disagree when a leak is overlooked', async () => {
    const source = 'async function main(p, q) { const r0 = await acquire(0); if (p) return; r0.release(); }';
    const result = await runProgram(source);
    expect(result.leaked.has(0)).toBe(true);
    expect(compareWith(new Map(), result).map(({ kind }) => kind)).toEqual(['missed']);
  });

  it('disagree when a leak is made up', async () => {
    const source = 'async function main(p, q) { const r0 = await acquire(0); r0.release(); }';
    const result = await runProgram(source);
    expect(result).toMatchObject({ isComplete: true });
    expect(compareWith(new Map([[0, 'certain']]), result).map(({ kind }) => kind)).toEqual(['invented']);
  });
});

function compare(source: string, result: RunResult): Disagreement[] {
  const file = parseSource(source);
  const found = new Map<number, string>();
  for (const { site, certainty } of findLeaks(file, counting)) {
    const [argument] = (site as unknown as { arguments: { value?: number }[] }).arguments;
    // In helpers the site is a parameter, and the call of the helper is what counts.
    if (typeof argument?.value !== 'number') continue;
    if (found.get(argument.value) !== 'certain') found.set(argument.value, certainty);
  }
  return compareWith(found, result);
}

function compareWith(found: ReadonlyMap<number, string>, result: RunResult): Disagreement[] {
  const disagreements: Disagreement[] = [];
  for (const [site, decisions] of result.leaked) {
    if (!found.has(site)) disagreements.push({ kind: 'missed', site, note: `left open with decisions ${decisions}` });
  }
  for (const [site, certainty] of found) {
    if (certainty === 'certain' && result.isComplete && !result.leaked.has(site)) disagreements.push({ kind: 'invented', site, note: `by none of ${result.runs} runs` });
  }
  return disagreements;
}
