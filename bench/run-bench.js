#!/usr/bin/env node
/**
 * Measures what the rules cost beside parsing: ESLint with the parser alone, with one rule, and with a preset, on the
 * same files in turn. Prints JSON; `ratio` is the processor time beside that of the parser alone.
 *
 * Usage: node bench/run-bench.js [directory...] [--files 2000] [--rounds 3] [--each] [--neighbours] [--typed]
 */
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import sonarjs from 'eslint-plugin-sonarjs';
import plugin from 'eslint-plugin-watertight';
import tseslint from 'typescript-eslint';
import { measure, readSources } from './measure.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    files: { type: 'string', default: '2000' },
    rounds: { type: 'string', default: '3' },
    // Every rule of its own as well: slower, and says which one costs what.
    each: { type: 'boolean', default: false },
    // The recommended presets of other plugins beside ours.
    neighbours: { type: 'boolean', default: false },
    // With type information, which the files' own tsconfig.json gives.
    typed: { type: 'boolean', default: false },
  },
});
const rules = Object.values(plugin.rules);
const sources = readSources(positionals.length > 0 ? positionals.map((path) => resolve(path)) : [root], rules, Number(values.files));
if (sources.length === 0) {
  console.error('There is no JavaScript or TypeScript file in these directories.');
  process.exit(2);
}

const plugins = { watertight: plugin, sonarjs, '@typescript-eslint': tseslint.plugin };
const single = values.each ? Object.keys(plugin.rules) : ['no-unclosed-response-body'];
const sets = {
  parser: { plugins },
  ...Object.fromEntries(single.map((name) => [name, { plugins, rules: { [`watertight/${name}`]: 'error' } }])),
  recommended: { plugins, rules: plugin.configs.recommended.rules },
  ...(values.neighbours && {
    sonarjs: { plugins, rules: sonarjs.configs.recommended.rules },
    'typescript-eslint': { plugins, rules: getRules(values.typed ? tseslint.configs.recommendedTypeChecked : tseslint.configs.recommended) },
  }),
};
const times = await measure(sources, sets, Number(values.rounds), values.typed);

const untriggered = sources.filter(({ hasTrigger }) => !hasTrigger).length;
const report = {
  node: process.version,
  eslint: createRequire(import.meta.url)('eslint/package.json').version,
  files: sources.length,
  filesWithoutTrigger: untriggered,
  lines: sources.reduce((sum, { text }) => sum + text.split('\n').length, 0),
  rounds: Number(values.rounds),
  typed: values.typed,
  sets: Object.fromEntries(
    Object.entries(times).map(([name, time]) => [
      name,
      {
        ms: round(time.all),
        ratio: round(time.all / times.parser.all),
        ratioWithoutTrigger: untriggered > 0 ? round(time.untriggered / times.parser.untriggered) : null,
      },
    ]),
  ),
};
console.log(JSON.stringify(report, undefined, 2));

/** @param {readonly import('eslint').Linter.Config[]} configs */
function getRules(configs) {
  return Object.assign({}, ...configs.map(({ rules }) => rules));
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 1000) / 1000;
}
