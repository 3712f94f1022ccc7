import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Io } from '../context.js';
import { UsageError } from '../errors.js';
import { runCheck } from '../fix/run-check.js';
import { type RunTrace, readTrace } from './read-trace.js';

export interface TracedRun extends RunTrace {
  readonly command: string;
  readonly passes: boolean;
}

/**
 * Runs a command of the user in a shell, with a module loaded into each of its Node processes that records what they
 * acquire and do not release. What the command prints goes to standard error.
 */
export async function runTraced(command: string, { cwd, env, stderr }: Io): Promise<TracedRun> {
  const preload = createRequire(import.meta.url).resolve('watertight-runtime/testing/preload');
  const directory = await mkdtemp(join(tmpdir(), 'watertight-trace-'));
  try {
    const options = [env.NODE_OPTIONS, '--enable-source-maps', `--import=${pathToFileURL(preload).href}`].filter(Boolean).join(' ');
    const { passes } = await runCheck(command, cwd, {
      env: { ...env, NODE_OPTIONS: options, WATERTIGHT_TRACE_DIR: directory },
      onOutput: (chunk) => stderr.write(chunk),
    });
    const trace = await readTrace(directory);
    if (trace.processes === 0) throw new UsageError(`\`${command}\` ran no Node.js process, so there is nothing to see.`, 'Give a command that runs the code, such as --trace "npm test".');
    return { ...trace, command, passes };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
