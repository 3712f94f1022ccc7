import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as parser from '@typescript-eslint/parser';
import { ESLint } from 'eslint';

/** Bundles of other sources say little about files that people write. */
const LARGEST = 300_000;
const FILES = ['**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx}'];

/**
 * @typedef {object} Source
 * @property {string} path
 * @property {string} text
 * @property {boolean} hasTrigger whether the text has a word that some rule looks for
 */

/**
 * The JavaScript and TypeScript sources under directories, without what is built from them.
 *
 * @param {readonly string[]} directories
 * @param {readonly import('eslint-plugin-watertight').AnyRule[]} rules
 * @param {number} limit at most so many, spread evenly
 * @returns {Source[]}
 */
export function readSources(directories, rules, limit) {
  const paths = directories.flatMap((directory) => [...findSources(directory)]).sort();
  const step = Math.max(1, paths.length / limit);
  const chosen = Array.from({ length: Math.min(limit, paths.length) }, (_, index) => paths[Math.floor(index * step)]);
  return chosen.map((path) => {
    const text = readFileSync(path, 'utf8');
    return { path, text, hasTrigger: rules.some((rule) => rule.mayReport({ text, filename: path })) };
  });
}

/**
 * @param {string} directory
 * @returns {Generator<string>}
 */
function* findSources(directory) {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== '.git') yield* findSources(path);
    } else if (entry.isFile() && /\.[cm]?[jt]sx?$/.test(entry.name) && !/\.d\.[cm]?ts$|\.min\./.test(entry.name)) {
      if (statSync(path).size <= LARGEST) yield path;
    }
  }
}

/**
 * Lints every file with every set of rules, file by file in turn so that all see the same machine, and gives the
 * processor time of each set: the median of the rounds, in milliseconds.
 *
 * @param {readonly Source[]} sources
 * @param {Readonly<Record<string, import('eslint').Linter.Config>>} sets
 * @param {number} rounds
 * @param {boolean} [isTyped] whether the parser gives type information
 * @returns {Promise<Record<string, { all: number, untriggered: number }>>}
 */
export async function measure(sources, sets, rounds, isTyped = false) {
  const names = Object.keys(sets);
  // One engine for each set: it works a configuration out once, as in a run over many files.
  const engines = Object.fromEntries(names.map((name) => [name, createEngine(sets[name], isTyped)]));
  /** @type {Record<string, { all: number, untriggered: number }[]>} */
  const sums = Object.fromEntries(names.map((name) => [name, []]));
  // The first round warms the compiler up and is not counted.
  for (let round = 0; round <= rounds; round++) {
    const sum = Object.fromEntries(names.map((name) => [name, { all: 0, untriggered: 0 }]));
    for (const [index, source] of sources.entries()) {
      for (let turn = 0; turn < names.length; turn++) {
        // Each set comes first equally often: the first one finds the text cold.
        const name = names[(turn + index + round) % names.length];
        const time = await lint(source, engines[name]);
        sum[name].all += time;
        if (!source.hasTrigger) sum[name].untriggered += time;
      }
    }
    if (round > 0) for (const name of names) sums[name].push(sum[name]);
  }
  return Object.fromEntries(
    names.map((name) => [name, { all: median(sums[name].map((sum) => sum.all)), untriggered: median(sums[name].map((sum) => sum.untriggered)) }]),
  );
}

/**
 * @param {import('eslint').Linter.Config} set
 * @param {boolean} isTyped
 */
function createEngine(set, isTyped) {
  const parserOptions = isTyped ? { projectService: true, disallowAutomaticSingleRunInference: true } : {};
  const config = { files: FILES, languageOptions: { parser, parserOptions }, ...set };
  return new ESLint({ cwd: '/', overrideConfigFile: true, overrideConfig: [config], allowInlineConfig: false });
}

/**
 * @param {Source} source
 * @param {ESLint} engine
 */
async function lint({ path, text }, engine) {
  // ESLint leaves out what is installed; here that is what is measured.
  const filePath = path.replaceAll('node_modules', 'modules');
  const start = process.cpuUsage();
  const [result] = await engine.lintText(text, { filePath });
  const { user, system } = process.cpuUsage(start);
  if (!result) throw new Error(`${path} was not linted.`);
  return (user + system) / 1000;
}

/** @param {readonly number[]} values */
function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
