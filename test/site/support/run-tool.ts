import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../../repository/support/paths.js';

export interface ToolRun {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a script of Node, such as that of an installed tool, from the root of the workspace. */
export function runTool(script: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<ToolRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(ROOT, script), ...args], { cwd: ROOT, env: { ...process.env, NO_COLOR: '1', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}
