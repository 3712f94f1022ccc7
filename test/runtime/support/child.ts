import { spawn } from 'node:child_process';

export interface ChildResult {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** A module run in a process of its own. It says `ready` on stdout; then it gets the signals, if any, one after the other. */
export function runChild(source: string, options: { signals?: NodeJS.Signals[]; args?: string[]; timeoutMs?: number } = {}): Promise<ChildResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', source, '--', ...(options.args ?? [])], { stdio: ['ignore', 'pipe', 'pipe'] });
    const signals = [...(options.signals ?? [])];
    let stdout = '';
    let stderr = '';
    const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs ?? 20_000);
    const send = () => {
      const signal = signals.shift();
      if (signal !== undefined) {
        child.kill(signal);
        setTimeout(send, 50);
      }
    };
    child.stdout.on('data', (chunk) => {
      const wasReady = stdout.includes('ready');
      stdout += chunk;
      if (!wasReady && stdout.includes('ready')) {
        send();
      }
    });
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout: stdout.replace(/ready\n/, ''), stderr });
    });
  });
}
