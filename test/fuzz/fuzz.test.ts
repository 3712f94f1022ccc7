import { readFileSync, readdirSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Random } from '../analysis/support/random.js';
import { getBuiltinParts } from '../../cli/get-builtin-parts.js';
import { makeProject } from '../cli/support/make-project.js';
import { runCli } from '../cli/support/run-cli.js';
import { ROOT } from '../repository/support/paths.js';
import { lintEverything } from './lint-everything.js';
import { mutate } from './mutate.js';
import { LONG, NESTED } from './shapes.js';

/** How long damaged files are made; `WATERTIGHT_FUZZ_SECONDS=3600 npm run fuzz` for a long run. */
const SECONDS = Number(process.env['WATERTIGHT_FUZZ_SECONDS'] ?? 15);
/** Printed, so that what fell can be had again: `WATERTIGHT_SEED=… npm run fuzz`. */
const SEED = Number(process.env['WATERTIGHT_SEED'] ?? Date.now() % 1_000_000);
/** Milliseconds of processor time for one file of a size that people write, every rule and the parser included. */
const MOST_FOR_FILE = 15_000;
/** As much for a file of megabytes. */
const MOST_FOR_LARGE = 120_000;

const SOURCES = ['fixtures', 'node_modules/undici/lib', 'node_modules/pacote', 'node_modules/express/lib', 'node_modules/fastify/lib', 'node_modules/cacache/lib', 'node_modules/got/dist'];

function findSources(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return findSources(path);
    return /\.[cm]?[jt]sx?$/.test(entry.name) && !/\.d\.[cm]?ts$/.test(entry.name) && statSync(path).size < 60_000 ? [path] : [];
  });
}

const sources = SOURCES.flatMap((directory) => findSources(join(ROOT, directory))).sort();

describe(`damaged files (seed ${SEED})`, () => {
  it('crash no rule and take no rule long', { timeout: 300_000 + SECONDS * 4_000 }, async () => {
    console.log(`fuzzing for ${SECONDS} s with WATERTIGHT_SEED=${SEED}`);
    const end = Date.now() + SECONDS * 1000;
    const seen = { files: 0, parsed: 0, findings: 0, slowest: 0 };
    for (let number = 0; number < 40 || Date.now() < end; number += 1) {
      // A file has a seed of its own, so that it can be had alone.
      const random = new Random(SEED + number * 7919);
      const path = random.pick(sources);
      const text = mutate(readFileSync(path, 'utf8'), random);
      const { ms, crashes, problems, findings } = await lintEverything(text, `/src/a${extname(path)}`);
      expect({ path, number, crashes }).toEqual({ path, number, crashes: [] });
      expect(ms, `${path}, number ${number}`).toBeLessThan(MOST_FOR_FILE);
      seen.files += 1;
      if (!problems.some(({ kind }) => kind === 'syntax')) seen.parsed += 1;
      seen.findings += findings;
      seen.slowest = Math.max(seen.slowest, Math.round(ms));
    }
    console.log(`${seen.files} files, of which ${seen.parsed} parsed, with ${seen.findings} findings; the slowest took ${seen.slowest} ms`);
    // Damage that nothing gets through would show nothing.
    expect(seen.parsed).toBeGreaterThan(seen.files / 10);
    expect(seen.findings).toBeGreaterThan(0);
  });

  it('are written in whole or not at all by fix, which does not crash', { timeout: 600_000 }, async () => {
    const random = new Random(SEED);
    const fixtures = sources.filter((path) => path.endsWith('input.ts'));
    const texts = Array.from({ length: 6 }, () => mutate(readFileSync(random.pick(fixtures), 'utf8'), random));
    const { root, read } = makeProject(Object.fromEntries(texts.map((text, index) => [`${index}.ts`, text])));
    const { code, stdout } = await runCli(root, ['fix', '--write', '--preset', 'all', '--format', 'json'], { parts: { ...getBuiltinParts(), canUseThreads: false } });
    expect(code).toBeLessThan(2);
    const report = JSON.parse(stdout) as { files: { file: string }[]; sites: { status: string; detail: string | null }[]; summary: { reported: number; changed: number; skipped: number; failed: number } };
    const { reported, changed, skipped, failed } = report.summary;
    expect(changed + skipped + failed).toBe(reported);
    expect(report.sites.filter(({ detail }) => /^(?:The codemod stopped|The file could not be worked on)/.test(detail ?? ''))).toEqual([]);
    const written = report.files.map(({ file }) => file);
    for (const [index, text] of texts.entries()) if (!written.includes(`${index}.ts`)) expect(read(`${index}.ts`)).toBe(Buffer.from(text).toString());
  });
});

describe('deep nesting', () => {
  it.each(Object.keys(NESTED))('of %s ends with an answer or a notice', { timeout: 240_000 }, async (name) => {
    for (const depth of [25, 250, 5_000]) {
      const { crashes, problems, ms } = await lintEverything(NESTED[name]!(depth));
      expect({ depth, crashes }).toEqual({ depth, crashes: [] });
      expect(ms).toBeLessThan(MOST_FOR_FILE);
      const kinds = problems.map(({ kind, message }) => (kind === 'given-up' ? kind : message));
      for (const kind of kinds) expect(['given-up', 'The code is nested too deeply to be read.']).toContain(kind);
      if (depth === 25) expect(kinds).toEqual([]);
    }
  });
});

describe('large files', () => {
  it.each([
    ['2.5 MB of data', LONG['data']!(20_000)],
    ['1 MB in one line', LONG['functions that fetch']!(8_000).replaceAll('\n', ' ')],
    ['a string of 5 MB', `export const x = "${'fetch '.repeat(870_000)}";`],
    ['a comment of 5 MB', `/* ${'fetch '.repeat(870_000)} */ fetch(u);`],
  ])('%s end with an answer or a notice', { timeout: 900_000 }, async (_, text) => {
    const { crashes, problems, ms } = await lintEverything(text);
    expect(crashes).toEqual([]);
    expect(problems.filter(({ kind }) => kind !== 'given-up')).toEqual([]);
    expect(ms).toBeLessThan(MOST_FOR_LARGE);
  });
});

describe('odd bytes', () => {
  const leak = `export async function lost(url) {\n  const res = await fetch(url);\n  return res.status;\n}\n`;
  const found = { findings: expect.any(Number) as number, crashes: [] };

  it.each([
    ['UTF-16', Buffer.from(`\uFEFF${leak}`, 'utf16le')],
    ['UTF-16 with the high byte first', Buffer.from(`\uFEFF${leak}`, 'utf16le').swap16()],
    ['Latin-1', Buffer.from(leak.replace('lost', 'verlor\xE9n'), 'latin1')],
    ['two byte order marks', `\uFEFF\uFEFF${leak}`],
    ['NUL bytes', leak.replaceAll(' ', '\0')],
    ['NUL bytes in a string', leak.replace('url)', "'\0')")],
    ['a lone surrogate', Buffer.from([...Buffer.from('const a = "'), 0xed, 0xa0, 0x80, ...Buffer.from(`";\n${leak}`)])],
    ['half a character', Buffer.concat([Buffer.from(leak), Buffer.from('😀').subarray(0, 2)])],
    ['nothing', ''],
    ['a byte order mark alone', '\uFEFF'],
    ['random bytes', Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7919 + SEED) % 256))],
  ])('%s crash nothing', async (_, bytes) => {
    expect(await lintEverything(bytes)).toMatchObject(found);
  });

  it.each(['\r\n', '\r', '\u2028', '\u2029', '\n\r'])('as line ends (%j) change no finding', async (lineEnd) => {
    expect((await lintEverything(leak.replaceAll('\n', lineEnd))).findings).toBe((await lintEverything(leak)).findings);
  });
});
