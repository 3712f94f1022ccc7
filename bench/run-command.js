#!/usr/bin/env node
/**
 * Measures the command end to end, in seconds of the clock on this machine: `watertight check` and the preview of
 * `watertight fix` on a tree, beside a transform of jscodeshift that changes nothing on the same files. Prints JSON.
 *
 * Usage: node bench/run-command.js directory [--jobs N]
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createTempDir } from 'watertight-runtime';
import { readSources } from './measure.js';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { jobs: { type: 'string', default: String(availableParallelism()) } } });
const [directory] = positionals;
if (directory === undefined) {
  console.error('Which directory? Usage: node bench/run-command.js directory [--jobs N]');
  process.exit(2);
}
const root = resolve(directory);
const sources = readSources([root], [], Infinity);
const bin = fileURLToPath(new URL('../cli/dist/bin.js', import.meta.url));
const options = [root, '--no-config', '--jobs', values.jobs, '--format', 'json'];

const work = await createTempDir({ prefix: 'watertight-bench-' });
try {
  const transform = join(work.path, 'nothing.cjs');
  writeFileSync(transform, 'module.exports = (file, { jscodeshift }) => jscodeshift(file.source).toSource();\nmodule.exports.parser = "tsx";\n');
  const jscodeshift = createRequire(import.meta.url).resolve('jscodeshift/bin/jscodeshift.js');
  const report = {
    node: process.version,
    jobs: Number(values.jobs),
    files: sources.length,
    lines: sources.reduce((sum, { text }) => sum + text.split('\n').length, 0),
    check: time([bin, 'check', ...options], root),
    fix: time([bin, 'fix', ...options], root),
    jscodeshift: time([jscodeshift, '--stdin', '--dry', '--silent', '--cpus', values.jobs, '-t', transform], tmpdir(), sources.map(({ path }) => path).join('\n')),
  };
  console.log(JSON.stringify(report, undefined, 2));
} finally {
  await work[Symbol.asyncDispose]();
}

/**
 * @param {readonly string[]} command
 * @param {string} cwd
 * @param {string} [input]
 */
function time(command, cwd, input) {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, command, { cwd, input, encoding: 'utf8', maxBuffer: 1 << 30 });
  if (status !== 0 && status !== 1) throw new Error(`${command.slice(0, 2).join(' ')} ended with exit code ${status}: ${stderr.slice(0, 500)}`);
  const seconds = (performance.now() - start) / 1000;
  return { seconds: Math.round(seconds * 100) / 100, filesPerSecond: Math.round(sources.length / seconds) };
}
