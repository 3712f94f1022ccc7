import { type ChildProcess, spawn } from 'node:child_process';

/** The user pressed Ctrl-C; exit code 130, as shells have it. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

export interface CheckRun {
  readonly passes: boolean;
  /** What the command printed, both streams in the order they came. */
  readonly output: string;
}

export interface CheckRunOptions {
  /** Default: that of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Hears what the command prints while it runs. */
  readonly onOutput?: (chunk: Buffer) => void;
}

/** Runs a command line in the user's shell. Throws an `InterruptedError` on Ctrl-C, after the command has ended. */
export async function runCheck(command: string, cwd: string, { env, onOutput }: CheckRunOptions = {}): Promise<CheckRun> {
  // In a process group of its own, so that what the shell has started can be ended with it.
  const hasGroup = process.platform !== 'win32';
  const child = spawn(command, { cwd, env, shell: true, stdio: ['ignore', 'pipe', 'pipe'], detached: hasGroup });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      onOutput?.(chunk);
    });
  }
  let isInterrupted = false;
  // The files must be put back after the command has ended, not while it runs; the second time it is ended by force.
  const onInterrupt = () => {
    endGroup(child, hasGroup, isInterrupted ? 'SIGKILL' : 'SIGINT');
    isInterrupted = true;
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (isInterrupted) throw new InterruptedError(`Interrupted while \`${command}\` ran.`);
    return { passes: code === 0, output: Buffer.concat(chunks).toString('utf8') };
  } finally {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
  }
}

function endGroup(child: ChildProcess, hasGroup: boolean, signal: NodeJS.Signals): void {
  try {
    if (hasGroup && child.pid !== undefined) process.kill(-child.pid, signal);
    else child.kill(signal);
  } catch {
    // It has ended already.
  }
}
