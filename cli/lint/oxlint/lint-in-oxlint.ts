import { fork } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTempDir } from 'watertight-runtime';
import type { CheckedFile } from '../finding.js';
import { leave } from '../leave.js';
import type { LintConfig } from '../lint-config.js';
import { YOUNG_GENERATION_MB } from '../young-generation.js';
import { HOST_DATA, type HostData, type HostReport } from './host-data.js';

/** Files that lie together import the same ones, which are read once for a run. */
const BLOCK = 40;
/** Characters of a command line, with room to spare for the environment. */
const MAX_ARGUMENTS = process.platform === 'win32' ? 20_000 : 400_000;

export interface OxlintJob {
  readonly files: readonly string[];
  readonly named: ReadonlySet<string>;
  readonly rules: LintConfig['rules'];
  readonly cwd: string;
  /** How many runs of oxlint may go on at a time. */
  readonly jobs: number;
  readonly onProgress: (done: number) => void;
}

/**
 * Lints files under oxlint, which parses several times as fast as ESLint with the parser of TypeScript; the rules are
 * the same. Whatever goes wrong only makes fewer files known: those that oxlint does not parse or leaves out, where a
 * rule stops, or all of them where oxlint is not installed, which is optional.
 */
export async function lintInOxlint(job: OxlintJob): Promise<Map<string, CheckedFile>> {
  const known = new Map<string, CheckedFile>();
  const command = findOxlint();
  if (command === undefined) return known;
  const work = await createTempDir({ prefix: 'watertight-oxlint-' });
  try {
    const parts = divide(job);
    const configPath = join(work.path, 'oxlint.json');
    const plugin = fileURLToPath(new URL('./host-plugin.js', import.meta.url));
    await writeFile(configPath, JSON.stringify({ plugins: [], jsPlugins: [plugin], categories: { correctness: 'off' }, rules: { 'watertight-host/all': 'error' } }));
    let done = 0;
    const onProgress = (more: number) => job.onProgress((done += more));
    let next = 0;
    const runNext = async (): Promise<void> => {
      for (let index = next++; index < parts.length; index = next++) {
        const files = parts[index]!;
        const reportPath = join(work.path, `report-${index}.json`);
        const dataPath = join(work.path, `data-${index}.json`);
        await writeFile(dataPath, JSON.stringify({ reportPath, rules: job.rules, named: files.filter((file) => job.named.has(file)) } satisfies HostData));
        const { silent, told } = await run(command, { configPath, dataPath, reportPath, files, cwd: job.cwd, onProgress });
        for (const path of silent) known.set(path, leave(path, 'linted'));
        for (const file of told) known.set(file.path, file);
      }
    };
    await Promise.all(Array.from({ length: Math.min(job.jobs, parts.length) }, runNext));
    return known;
  } finally {
    await work.remove();
  }
}

/** The command of the oxlint that was installed along. */
function findOxlint(): string | undefined {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('oxlint/package.json')), 'bin/oxlint');
  } catch {
    return undefined;
  }
}

/** As many parts as runs may go on at a time, or more where a command line would be too long. */
function divide({ files, cwd, jobs }: OxlintJob): string[][] {
  const length = files.reduce((sum, file) => sum + relative(cwd, file).length + 3, 0);
  const count = Math.max(jobs, Math.ceil(length / MAX_ARGUMENTS));
  const parts: string[][] = Array.from({ length: count }, () => []);
  for (const [index, file] of files.entries()) parts[Math.floor(index / BLOCK) % count]!.push(file);
  return parts.filter((part) => part.length > 0);
}

interface Run {
  readonly configPath: string;
  readonly dataPath: string;
  readonly reportPath: string;
  readonly files: readonly string[];
  readonly cwd: string;
  readonly onProgress: (more: number) => void;
}

async function run(command: string, { configPath, dataPath, reportPath, files, cwd, onProgress }: Run): Promise<HostReport> {
  // Nobody's ignore files and configuration count: the files are chosen already.
  const options = ['-c', configPath, '--disable-nested-config', '--no-ignore', '--format', 'json'];
  const child = fork(command, [...options, ...files.map((file) => `./${relative(cwd, file)}`)], {
    cwd,
    env: { ...process.env, [HOST_DATA]: dataPath },
    execArgv: [`--max-semi-space-size=${YOUNG_GENERATION_MB}`],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  child.on('message', (more) => onProgress(Number(more)));
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', resolve);
  });
  // 1 says that oxlint itself found something wrong, such as a file that does not parse.
  const report = code === 0 || code === 1 ? await readFile(reportPath, 'utf8').catch(() => undefined) : undefined;
  return report === undefined ? { silent: [], told: [] } : (JSON.parse(report) as HostReport);
}
