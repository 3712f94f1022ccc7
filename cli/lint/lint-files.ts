import { Worker } from 'node:worker_threads';
import type { Plugin } from '../context.js';
import { UsageError, getErrorMessage } from '../errors.js';
import type { CheckedFile } from './finding.js';
import { getBuiltinConfig } from './get-builtin-config.js';
import { LintEngine } from './lint-engine.js';
import type { LintSettings } from './lint-settings.js';
import { YOUNG_GENERATION_MB } from './young-generation.js';

/** Files below which starting threads costs more than it saves: each loads the parser and TypeScript anew. */
const FEWEST_FOR_THREADS = 120;

/** Files below which starting oxlint, in processes of its own, costs more than it saves. */
const FEWEST_FOR_OXLINT = 200;

export interface LintJob {
  readonly files: readonly string[];
  readonly named: ReadonlySet<string>;
  readonly settings: LintSettings;
  /** How many threads may run; one means none beside this. */
  readonly jobs: number;
  readonly onProgress: (done: number) => void;
}

/** What a thread is started with and what it answers, one message for each file. */
export interface ThreadData {
  readonly files: readonly string[];
  readonly named: ReadonlySet<string>;
  readonly settings: LintSettings;
  /** The index of the next file that nobody has taken. */
  readonly next: Int32Array;
}
export interface ThreadAnswer {
  readonly index: number;
  readonly file: CheckedFile;
}

/** Lints the files on as many threads as pay off, and gives the results in the order of the files. */
export async function lintFiles(job: LintJob, plugin: Plugin, canUseThreads: boolean): Promise<CheckedFile[]> {
  if (!canUseThreads) return lintHere(job, plugin);
  const known = await lintWithOxlint(job, plugin);
  const rest = { ...job, files: job.files.filter((file) => !known.has(file)), onProgress: (done: number) => job.onProgress(known.size + done) };
  const linted = job.jobs > 1 && rest.files.length >= FEWEST_FOR_THREADS ? await lintInThreads(rest) : await lintHere(rest, plugin);
  for (const file of linted) known.set(file.path, file);
  return job.files.map((path) => known.get(path)!);
}

/** What oxlint tells of the files it is fit for. Where the configuration of the project decides, its own parser and options do. */
async function lintWithOxlint({ files, named, settings, jobs, onProgress }: LintJob, plugin: Plugin): Promise<Map<string, CheckedFile>> {
  const { host, owners, neighbours = [], cwd } = settings;
  if (host === 'eslint' || owners.length > 0 || files.length < FEWEST_FOR_OXLINT) return new Map();
  const { lintInOxlint } = await import('./oxlint/lint-in-oxlint.js');
  const known = await lintInOxlint({ files, named, rules: getBuiltinConfig(settings, plugin).rules, cwd, jobs, onProgress });
  // A rule of theirs may have a finding of ours for itself, which only ESLint knows.
  return neighbours.length === 0 ? known : new Map([...known].filter(([, { findings }]) => findings.length === 0));
}

async function lintHere({ files, named, settings, onProgress }: LintJob, plugin: Plugin): Promise<CheckedFile[]> {
  const engine = new LintEngine(settings, plugin);
  const results: CheckedFile[] = [];
  for (const file of files) {
    results.push(await engine.lintFile(file, named.has(file)));
    onProgress(results.length);
  }
  return results;
}

async function lintInThreads({ files, named, settings, jobs, onProgress }: LintJob): Promise<CheckedFile[]> {
  const results = new Array<CheckedFile | undefined>(files.length).fill(undefined);
  const next = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const workerData: ThreadData = { files, named, settings, next };
  let done = 0;
  const crashes: unknown[] = [];

  // A thread that dies takes the file along that it was at; another one goes on behind that file.
  const runThread = async (): Promise<void> => {
    const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB };
    const worker = new Worker(new URL('./lint-thread.js', import.meta.url), { workerData, stdout: true, resourceLimits });
    // What a configuration prints while it loads is not part of the result.
    worker.stdout.pipe(process.stderr, { end: false });
    const exit = new Promise<void>((resolve, reject) => {
      worker.on('message', ({ index, file }: ThreadAnswer) => {
        results[index] = file;
        done += 1;
        onProgress(done);
      });
      worker.once('error', reject);
      worker.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`it ended with exit code ${code}`))));
    });
    try {
      await exit;
    } catch (error) {
      crashes.push(error);
      if (!isUsageError(error) && Atomics.load(next, 0) < files.length && crashes.length <= jobs) await runThread();
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, files.length) }, runThread));

  const usageError = crashes.find(isUsageError);
  if (usageError) throw new UsageError(usageError.message, usageError.hint);
  const reason = crashes.map(getErrorMessage).join('; ') || 'unknown';
  return results.map((result, index) => result ?? giveUp(files[index]!, reason));
}

/** Errors lose their class on the way between threads. */
function isUsageError(error: unknown): error is UsageError {
  return error instanceof Error && error.name === 'UsageError';
}

function giveUp(path: string, reason: string): CheckedFile {
  const hint = 'This is an error of the tool, or too little memory: try --jobs 1.';
  return {
    path,
    state: 'failed',
    findings: [],
    problems: [{ kind: 'thread-crash', message: `The thread that looked at the file stopped: ${reason}`, hint }],
    sourceLines: {},
  };
}
