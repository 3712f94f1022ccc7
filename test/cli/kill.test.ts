import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../analysis/support/random.js';
import { makeProject } from './support/make-project.js';
import { buildCli, spawnBin, startBin } from './support/spawn-bin.js';

/** How often the command is killed; `WATERTIGHT_KILLS=200` for a long run. */
const ROUNDS = Number(process.env['WATERTIGHT_KILLS'] ?? 20);
const SEED = Number(process.env['WATERTIGHT_SEED'] ?? 1);
const FILES = 6;

const getName = (index: number) => `file-${String(index).padStart(2, '0')}.js`;
/** A finding at the top of a text that takes more than one block to write. */
const getText = (index: number) => `export async function load(url) {\n  const res = await fetch(url);\n  if (!res.ok) throw new Error('${index}');\n  return res.text();\n}\n${`// ${'filling '.repeat(12)}${index}\n`.repeat(150)}`;

beforeAll(buildCli, 300_000);

describe('fix --write, killed', () => {
  it(`at ${ROUNDS} random moments leaves every file old or new, never half`, { timeout: 60_000 + ROUNDS * 60_000 }, async () => {
    const random = new Random(SEED);
    const names = Array.from({ length: FILES }, (_, index) => getName(index));
    const { root, path } = makeProject({ ...Object.fromEntries(names.map((name, index) => [name, getText(index)])), 'package.json': '{ "type": "module" }' });
    const args = ['fix', '--write', '--no-config', '--rule', 'no-unclosed-response-body', '--style', 'try-finally', '--jobs', '1'];
    const old = names.map((name) => readFileSync(path(name)));
    const countNew = () => names.filter((name, index) => !readFileSync(path(name)).equals(old[index]!)).length;
    expect((await spawnBin(root, args)).code).toBe(0);
    expect(countNew()).toBe(FILES);
    const next = names.map((name) => readFileSync(path(name)));

    const seen = { none: 0, some: 0, all: 0 };
    for (let round = 0; round < ROUNDS; round += 1) {
      names.forEach((name, index) => writeFileSync(path(name), old[index]!));
      const child = startBin(root, args);
      child.stdout!.resume();
      const end = new Promise((resolve) => child.once('exit', resolve));
      const isOver = () => child.exitCode !== null || child.signalCode !== null;
      // Most of a run is not spent on writing: nearly every round waits until so many files are written, and a little more.
      const wanted = random.chance(0.9) ? 1 + random.below(FILES - 1) : 0;
      while (!isOver() && countNew() < wanted) await new Promise((resolve) => setTimeout(resolve, 1));
      await new Promise((resolve) => setTimeout(resolve, random.below(wanted === 0 ? 2000 : 4)));
      child.kill('SIGKILL');
      await end;
      names.forEach((name, index) => {
        const bytes = readFileSync(path(name));
        expect(bytes.equals(old[index]!) || bytes.equals(next[index]!), `${name} in round ${round} of seed ${SEED}`).toBe(true);
      });
      const changed = countNew();
      seen[changed === 0 ? 'none' : changed === FILES ? 'all' : 'some'] += 1;
    }
    console.log(`killed ${ROUNDS} times (seed ${SEED}): before the first file ${seen.none}, between files ${seen.some}, behind the last ${seen.all}`);
    // Were it never killed in the middle, this test would show nothing.
    expect(seen.some).toBeGreaterThan(0);
    // What is left beside the files is not in the way of the next run.
    names.forEach((name, index) => writeFileSync(path(name), old[index]!));
    expect((await spawnBin(root, args)).code).toBe(0);
    expect(names.map((name) => readFileSync(path(name)))).toEqual(next);
    expect(readdirSync(root).filter((name) => /\.[cm]?[jt]sx?$/.test(name)).sort()).toEqual(names);
  });
});
