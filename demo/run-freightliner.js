#!/usr/bin/env node
/**
 * Shows the whole job on a copy of `fixtures/freightliner`, a service with every bug that the rules are for: what it
 * leaves behind when it runs, the findings with their paths, the diff, the repaired copy compiled and tested, what it
 * leaves behind then, and what the codemods could not do, with reasons. That rest is then mended by hand.
 * Ends with 0 only when every step went as it should and nothing is left in the end.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { applyByHand, findNotEnough, findUnrepaired } from './freightliner-rest.js';
import { ROOT, printTable, run, say, watertight } from './support.js';

const FIXTURE = join(ROOT, 'fixtures/freightliner');
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
const TESTS = ['config', 'registry-client', 'replicate', 'scheduler', 'service', 'worker-pool'];
/** The rules see more with types, and the project says so as any project does. */
const ESLINT_CONFIG = `import tseslint from 'typescript-eslint';

export default [
  {
    files: ['**/*.ts'],
    languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
  },
];
`;

if (!existsSync(join(ROOT, 'cli/dist/bin.js'))) {
  console.error('The packages are not built. Run: npm run build');
  process.exit(2);
}
const root = mkdtempSync(join(tmpdir(), 'watertight-freightliner-'));
try {
  process.exitCode = (await showDemo(root)) ? 0 : 1;
} finally {
  rmSync(root, { recursive: true, force: true });
}

/** @param {string} root an empty directory */
async function showDemo(root) {
  const [asItIs, cured] = [join(root, 'as-it-is'), join(root, 'cured')];
  for (const directory of [asItIs, cured]) copyFixture(directory);
  const bugs = JSON.parse(readFileSync(join(FIXTURE, 'seeded-bugs.json'), 'utf8'));
  /** @type {{ name: string, value: string | number, isRight: boolean }[]} */
  const steps = [];

  // The two copies have nothing to do with each other: while one is run, the other is read.
  const inspection = inspect(cured);
  say('The service as it is: it compiles, and its own tests pass');
  await compileAndTest(asItIs, 'as it is', steps);
  say('What it leaves behind');
  const before = await measure(asItIs, join(asItIs, 'dist/src'));
  printTable(['', 'left'], Object.entries(before.totals));
  const silent = Object.entries(before.totals).filter(([, count]) => count === 0);
  steps.push({ name: 'kinds of leaks and errors before', value: Object.keys(before.totals).length, isRight: silent.length === 0 });

  const { rollout, report, findings } = await inspection;
  say('watertight init --phase 4');
  console.log(rollout);
  say('watertight check src');
  console.log(report);
  steps.push({ name: 'findings before', value: findings.length, isRight: findings.length > 0 });

  say('watertight fix src --write: the diff');
  const sites = [...(await fix(cured, [])), ...(await fix(cured, ['--thread-signals']))];
  const changed = sites.filter(({ status }) => status === 'changed').length;
  steps.push({ name: 'places that codemods changed', value: changed, isRight: changed > 0 });

  const repaired = checkJson(cured);
  say('The repaired copy: type-checked, with the test of the public API, and its own tests');
  await compileAndTest(cured, 'repaired', steps);
  say('What it leaves behind');
  const after = await measure(asItIs, join(cured, 'dist/src'));
  const remaining = await repaired;
  printTable(['', 'left'], Object.entries(after.totals));

  say('What the codemods could not do');
  const rest = findUnrepaired(bugs, findings, sites, after);
  printTable(['place', 'rule', 'why'], rest.map(({ file, line, rule, why }) => [`${file}:${line}`, rule, why]));
  console.log(`\n${bugs.length - rest.length} of ${bugs.length} seeded bugs are repaired by codemods, ${rest.length} are left to do by hand.`);

  say('The rest by hand: the edits of fixtures/freightliner/repairs.json');
  const misfits = applyByHand(cured, rest);
  for (const { file, find } of misfits) console.log(`does not fit any more: ${file}: ${find.trim().split('\n')[0]}`);
  steps.push({ name: 'edits by hand that do not fit', value: misfits.length, isRight: misfits.length === 0 });
  const final = checkJson(cured);
  await compileAndTest(cured, 'mended', steps);
  let mended = await measure(asItIs, join(cured, 'dist/src'));
  const weak = findNotEnough(bugs, rest, mended);
  if (weak.length > 0) {
    say('Changed by a codemod, and still counted');
    printTable(['place', 'rule', 'counted by'], weak.map(({ file, line, rule, probe }) => [`${file}:${line}`, rule, probe]));
    // Of these a part is done already, so that some edits no longer fit.
    applyByHand(cured, weak);
    await compileAndTest(cured, 'mended more', steps);
    mended = await measure(asItIs, join(cured, 'dist/src'));
  }
  steps.push({ name: 'places that codemods changed and that are still counted', value: weak.length, isRight: weak.length === 0 });
  const { findings: last } = await (weak.length > 0 ? checkJson(cured) : final);

  say('Summary');
  const names = Object.keys(before.totals);
  printTable(
    ['left behind', 'before', 'after the codemods', 'after the rest by hand'],
    [...names.map((name) => [name, before.totals[name], after.totals[name], mended.totals[name]]), ['findings', findings.length, remaining.findings.length, last.length]],
  );
  for (const { name, ...counts } of mended.probes.filter((probe) => Object.keys(probe).length > 1)) console.log(`Still counted in the end, in "${name}":`, counts);
  const left = names.filter((name) => mended.totals[name] > 0);
  steps.push({ name: 'kinds of leaks and errors after the codemods', value: names.filter((name) => after.totals[name] > 0).length, isRight: names.every((name) => after.totals[name] <= before.totals[name]) });
  steps.push({ name: 'kinds of leaks and errors in the end', value: left.length, isRight: left.length === 0 });
  steps.push({ name: 'findings in the end', value: last.length, isRight: last.length === 0 });
  console.log();
  for (const { name, value, isRight } of steps) console.log(`${isRight ? 'ok    ' : 'WRONG '} ${name}: ${value}`);
  return steps.every((step) => step.isRight);
}

/**
 * Sets the project up, and gives what is found in it.
 * @param {string} directory
 */
async function inspect(directory) {
  writeFileSync(join(directory, 'eslint.config.js'), ESLINT_CONFIG);
  const { stdout: rollout } = await watertight(directory, ['init', '--phase', '4', '--no-record']);
  const [{ stdout: report }, { findings }] = await Promise.all([watertight(directory, ['check', 'src']), checkJson(directory)]);
  return { rollout, report, findings };
}

/** @param {string} directory */
function copyFixture(directory) {
  cpSync(FIXTURE, directory, { recursive: true, filter: (source) => !['dist', 'node_modules'].includes(basename(source)) });
  // What `npm install` would bring.
  mkdirSync(join(directory, 'node_modules'));
  for (const name of ['@types', 'typescript', 'typescript-eslint', 'eslint', 'eslint-plugin-watertight', 'watertight-runtime']) {
    symlinkSync(join(ROOT, 'node_modules', name), join(directory, 'node_modules', name), 'junction');
  }
}

/**
 * @param {string} directory
 * @param {string} state
 * @param {{ name: string, value: string | number, isRight: boolean }[]} steps
 */
async function compileAndTest(directory, state, steps) {
  const compiled = await run(directory, [TSC, '-p', directory]);
  console.log(compiled.code === 0 ? 'It compiles; test/api.types.ts, which pins the public API, among it.' : compiled.stdout);
  steps.push({ name: `${state}: type errors`, value: compiled.stdout.split('\n').filter((line) => line.includes(': error TS')).length, isRight: compiled.code === 0 });
  const tested = await run(directory, ['--test', '--test-force-exit', ...TESTS.map((name) => `dist/test/${name}.test.js`)]);
  const [passed, failed] = ['pass', 'fail'].map((word) => Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(tested.stdout)?.[1] ?? -1));
  if (tested.code !== 0) console.log(tested.stdout.split('\n').filter((line) => /^\s*not ok/.test(line)).join('\n'));
  console.log(`Its own tests: ${passed} pass, ${failed} fail.`);
  steps.push({ name: `${state}: own tests that fail`, value: failed, isRight: tested.code === 0 && passed > 0 && failed === 0 });
}

/**
 * The leak test of the untouched copy drives either service.
 * @param {string} tester
 * @param {string} service
 * @returns {Promise<{ totals: Record<string, number>, probes: ({ name: string } & Record<string, number | string>)[] }>}
 */
async function measure(tester, service) {
  const { stdout, stderr } = await run(tester, ['dist/leak-test.js', service]);
  if (!stdout.startsWith('{')) throw new Error(`The leak test printed no report:\n${stderr}`);
  return JSON.parse(stdout);
}

/** @param {string} directory */
async function checkJson(directory) {
  return JSON.parse((await watertight(directory, ['check', 'src', '--format', 'json'])).stdout);
}

/**
 * Writes the repairs, shows them, and gives what became of each place.
 * @param {string} directory
 * @param {string[]} options
 */
async function fix(directory, options) {
  const { sites, files } = JSON.parse((await watertight(directory, ['fix', 'src', '--write', '--format', 'json', '--no-color', ...options])).stdout);
  for (const { diff } of files) console.log(diff);
  return sites;
}
