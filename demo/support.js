import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Runs the built command. 0 is clean, 1 findings; one that could not do its work says so on standard error alone.
 * @param {string} project
 * @param {readonly string[]} args
 */
export async function watertight(project, args) {
  const outcome = await run(project, [join(ROOT, 'cli/dist/bin.js'), ...args]);
  if (outcome.code > 1 || outcome.stdout === '') throw new Error(`watertight ${args.join(' ')} ended with ${outcome.code}:\n${outcome.stderr}${outcome.stdout}`);
  return outcome;
}

/**
 * Runs Node in a directory, which takes its temporary files too.
 * @param {string} cwd
 * @param {readonly string[]} args
 * @returns {Promise<{ code: number, stdout: string, stderr: string }>}
 */
export function run(cwd, args) {
  // A test runner must not see that it runs inside another one.
  const { NODE_TEST_CONTEXT: _context, NODE_OPTIONS: _options, ...env } = process.env;
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd, env: { ...env, TMPDIR: cwd }, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, stdout, stderr });
    });
  });
}

/** @param {string} title */
export function say(title) {
  console.log(`\n== ${title}\n`);
}

/**
 * @param {readonly string[]} head
 * @param {readonly (readonly (string | number)[])[]} rows numbers stand on the right
 */
export function printTable(head, rows) {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => String(row[column]).length)));
  for (const row of [head, ...rows]) {
    const cells = row.map((cell, column) => {
      const isNumeric = rows.length > 0 && typeof rows[0][column] === 'number';
      return isNumeric ? String(cell).padStart(widths[column]) : String(cell).padEnd(widths[column]);
    });
    console.log(cells.join('  ').trimEnd());
  }
}
