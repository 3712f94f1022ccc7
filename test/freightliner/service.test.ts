import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyRepairs, compile, copyFixture, edit, run, type Outcome } from './fixture.js';
import { REPAIRS } from './repairs.js';

const MINUTES = 60_000;

interface LeakReport {
  totals: Record<string, number>;
  probes: ({ name: string } & Record<string, number | string>)[];
  cors: { wrong?: string; allowOrigin?: string; origin: string }[];
}

const root = mkdtempSync(join(tmpdir(), 'freightliner-'));
const asItIs = join(root, 'as-it-is');

beforeAll(async () => {
  copyFixture(asItIs);
  expect(await compile(asItIs)).toMatchObject({ code: 0, stdout: '' });
}, 3 * MINUTES);

afterAll(() => rmSync(root, { recursive: true, force: true }));

function runTests(dir: string): Promise<Outcome> {
  const { scripts } = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')) as { scripts: { test: string } };
  const [, options] = /node (--test .*)dist\/test\/\*\.test\.js$/.exec(scripts.test) ?? [];
  const files = ['config', 'registry-client', 'replicate', 'scheduler', 'service', 'worker-pool'];
  return run(dir, [...(options as string).trim().split(' '), ...files.map((file) => `dist/test/${file}.test.js`)]);
}

async function measureLeaks(dir: string, args: string[] = []): Promise<LeakReport & { code: number }> {
  const { code, stdout, stderr } = await run(dir, ['dist/leak-test.js', ...args]);
  if (!stdout.startsWith('{')) throw new Error(`the leak test printed no report:\n${stderr}`);
  return { code, ...(JSON.parse(stdout) as LeakReport) };
}

const aboveZero = (totals: Record<string, number>) => Object.keys(totals).filter((name) => (totals[name] ?? 0) > 0);

describe('freightliner as it is', () => {
  it('passes its own tests', { timeout: 3 * MINUTES }, async () => {
    const { code, stdout } = await runTests(asItIs);
    expect(stdout).toMatch(/^# fail 0$/m);
    expect(code).toBe(0);
  });

  it('leaks in every way that is counted', { timeout: 6 * MINUTES }, async () => {
    const { totals, probes, cors } = await measureLeaks(asItIs);
    expect(aboveZero(totals)).toEqual(Object.keys(totals));
    expect(Object.keys(totals)).toEqual(
      expect.arrayContaining([
        'socketsHeld',
        'descriptorsLeft',
        'tempFilesLeft',
        'abortListenersLeft',
        'activeTimers',
        'wrongCorsAnswers',
        'lostUpdates',
      ]),
    );
    // A probe of a bug counts something; a probe of what is sound counts nothing.
    for (const { name, ...counts } of probes) {
      expect(counts, name).toSatisfy((found: object) => Object.keys(found).length > 0 === !name.startsWith('sound: '));
    }
    expect(cors.filter(({ wrong }) => wrong)).toHaveLength(totals['wrongCorsAnswers'] as number);
    expect(cors.find(({ origin }) => origin === 'https://attacker.test')?.allowOrigin).toBe('https://attacker.test');
  });

  it('stops the build when its public API changes', { timeout: 3 * MINUTES }, async () => {
    const dir = join(root, 'other-api');
    copyFixture(dir);
    edit(join(dir, 'src/scheduler.ts'), '  states(): JobState[] {\n    return [', '  async states(): Promise<JobState[]> {\n    return [');
    const { code, stdout } = await compile(dir);
    expect(code).not.toBe(0);
    expect(stdout).toMatch(/^test\/api\.types\.ts/m);
  });
});

describe('freightliner, mended by hand', () => {
  const mended = join(root, 'mended');

  beforeAll(async () => {
    copyFixture(mended);
    applyRepairs(mended, REPAIRS);
    expect(await compile(mended)).toMatchObject({ code: 0, stdout: '' });
  }, 3 * MINUTES);

  it('still passes its own tests', { timeout: 3 * MINUTES }, async () => {
    const { code, stdout } = await runTests(mended);
    expect(stdout).toMatch(/^# fail 0$/m);
    expect(code).toBe(0);
  });

  it('leaves nothing behind, measured by the leak test of the other copy', { timeout: 6 * MINUTES }, async () => {
    const { code, totals, probes } = await measureLeaks(asItIs, [join(mended, 'dist/src'), '--fail-on-leak']);
    expect(probes.filter((probe) => Object.keys(probe).length > 1)).toEqual([]);
    expect(aboveZero(totals)).toEqual([]);
    expect(code).toBe(0);
  });
});
