import { execFile, type ExecFileException } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RepairEdit } from './repairs.js';

const workspace = fileURLToPath(new URL('../..', import.meta.url));
export const fixtureDir = join(workspace, 'fixtures', 'freightliner');

export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** Copies the fixture without what was compiled or installed in it. */
export function copyFixture(dir: string): void {
  cpSync(fixtureDir, dir, { recursive: true, filter: (source) => !['dist', 'node_modules'].includes(basename(source)) });
}

/** Compiles a copy into its `dist`, with the compiler and the types of the workspace, as its own script does. */
export function compile(dir: string): Promise<Outcome> {
  const tsc = join(workspace, 'node_modules', 'typescript', 'bin', 'tsc');
  return run(dir, [tsc, '-p', dir, '--outDir', join(dir, 'dist'), '--typeRoots', join(workspace, 'node_modules', '@types')]);
}

/** Runs node in a directory, and keeps what it leaves out of the temporary directory of the machine. */
export function run(dir: string, args: string[]): Promise<Outcome> {
  // A test runner must not see that it runs inside another one.
  const { NODE_TEST_CONTEXT: _context, NODE_OPTIONS: _options, ...env } = process.env;
  return new Promise((resolve) => {
    const options = { cwd: dir, env: { ...env, TMPDIR: dir }, maxBuffer: 64 * 1024 * 1024 };
    execFile(process.execPath, args, options, (error: ExecFileException | null, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
    });
  });
}

/** Replaces the one occurrence of a text in a file. Throws when there is none, or more than one. */
export function edit(file: string, find: string, replace: string): void {
  const pieces = readFileSync(file, 'utf8').split(find);
  if (pieces.length !== 2) throw new Error(`${basename(file)} has ${pieces.length - 1} times: ${find}`);
  writeFileSync(file, pieces.join(replace));
}

export function applyRepairs(dir: string, repairs: readonly RepairEdit[]): void {
  for (const { file, find, replace } of repairs) edit(join(dir, file), find, replace);
}
