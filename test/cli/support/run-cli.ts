import { PassThrough, Readable } from 'node:stream';
import type { Parts } from '../../../cli/context.js';
import { main } from '../../../cli/main.js';
import { testParts } from './test-parts.js';

export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliSetting {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Whether standard output and error are terminals. */
  readonly isTTY?: boolean;
  readonly parts?: Parts;
}

/** Runs the command in this process, with the rules and codemods of the tests. */
export async function runCli(cwd: string, args: readonly string[], setting: CliSetting = {}): Promise<CliRun> {
  const { stdin = '', env = {}, isTTY = false, parts = testParts } = setting;
  const stdout = capture(isTTY);
  const stderr = capture(isTTY);
  const io = { cwd, env, stdin: Readable.from([stdin]), stdout: stdout.stream, stderr: stderr.stream };
  const code = await main(args, io, parts);
  return { code, stdout: stdout.read(), stderr: stderr.read() };
}

function capture(isTTY: boolean) {
  const chunks: string[] = [];
  const stream = Object.assign(new PassThrough(), { isTTY });
  stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString('utf8')));
  return { stream, read: () => (stream.read(), chunks.join('')) };
}
