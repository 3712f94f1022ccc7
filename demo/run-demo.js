#!/usr/bin/env node
/**
 * Shows the main job on a copy of `fixtures/registry-client`: find, preview, repair, find nothing more. The copy is also
 * compiled and run before and after, against a server on this machine that counts the bodies nobody takes.
 * Ends with 0 only when every step went as it should.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ROOT, run, say, watertight } from './support.js';

const bin = join(ROOT, 'cli/dist/bin.js');
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const countHeldBodies = join(ROOT, 'demo/count-held-bodies.js');

if (!existsSync(bin)) {
  console.error('The packages are not built. Run: npm run build');
  process.exit(2);
}
const project = mkdtempSync(join(tmpdir(), 'watertight-demo-'));
try {
  process.exitCode = (await showDemo(project)) ? 0 : 1;
} finally {
  rmSync(project, { recursive: true, force: true });
}

/** @param {string} project an empty directory */
async function showDemo(project) {
  copyFixture(project);
  const steps = [];

  say('The project as it is: compiled, and each function called once');
  const heldBefore = await countHeld(project);
  console.log(`${heldBefore} response bodies are still held afterwards.`);
  steps.push({ name: 'bodies held before', value: heldBefore, isRight: heldBefore > 0 });

  say('watertight check src');
  const check = await watertight(project, ['check', 'src']);
  console.log(check.stdout);
  const found = await countFindings(project);
  steps.push({ name: 'findings before', value: found, isRight: check.code === 1 && found > 0 });

  say('watertight fix src');
  const preview = await watertight(project, ['fix', 'src']);
  console.log(preview.stdout);
  steps.push({ name: 'preview: exit code', value: preview.code, isRight: preview.code === 1 });
  const untouched = await countFindings(project);
  steps.push({ name: 'findings after the preview, which writes nothing', value: untouched, isRight: untouched === found });

  say('watertight fix src --write');
  const repair = await watertight(project, ['fix', 'src', '--write', '--quiet', '--format', 'json']);
  console.log(repair.code === 0 ? 'Written.' : repair.stdout + repair.stderr);
  steps.push({ name: 'repair: exit code', value: repair.code, isRight: repair.code === 0 });

  say('watertight check src');
  const second = await watertight(project, ['check', 'src']);
  console.log(second.stdout);
  const left = await countFindings(project);
  steps.push({ name: 'findings after the repair', value: left, isRight: second.code === 0 && left === 0 });

  say('The repaired project: compiled, and each function called once');
  const heldAfter = await countHeld(project);
  console.log(`${heldAfter} response bodies are still held afterwards.`);
  steps.push({ name: 'bodies held after', value: heldAfter, isRight: heldAfter === 0 });

  say('Summary');
  for (const { name, value, isRight } of steps) console.log(`${isRight ? 'ok    ' : 'WRONG '} ${name}: ${value}`);
  return steps.every((step) => step.isRight);
}

/** @param {string} project */
function copyFixture(project) {
  const fixture = join(ROOT, 'fixtures/registry-client');
  cpSync(fixture, project, { recursive: true, filter: (source) => !['dist', 'node_modules'].includes(basename(source)) });
  // What `npm install watertight-runtime` would bring.
  mkdirSync(join(project, 'node_modules'));
  symlinkSync(join(ROOT, 'runtime'), join(project, 'node_modules/watertight-runtime'), 'junction');
}

/** @param {string} project */
async function countHeld(project) {
  const compiled = await run(project, [tsc, '-p', project]);
  if (compiled.code !== 0) throw new Error(`The project does not compile:\n${compiled.stdout}`);
  const counted = await run(project, [countHeldBodies, join(project, 'dist/index.js')]);
  if (counted.code !== 0) throw new Error(`The project does not run:\n${counted.stderr}`);
  return Number(counted.stdout);
}

/** @param {string} project */
async function countFindings(project) {
  const { stdout } = await watertight(project, ['check', 'src', '--format', 'json']);
  const { findings } = JSON.parse(stdout);
  return findings.length;
}
