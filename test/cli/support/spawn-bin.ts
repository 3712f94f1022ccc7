import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CliRun } from './run-cli.js';

export const ROOT = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
export const BIN = join(ROOT, 'cli/dist/bin.js');
const PACKAGES = ['analysis', 'rules', 'codemods', 'runtime', 'cli'];
/** What is built of them: the runtime twice, for `import` and for `require`. */
const BUILT = [...PACKAGES, 'runtime/commonjs'];
/** Test files run at the same time; one of them builds. */
const LOCK = join(ROOT, 'node_modules/.watertight-build-lock');
const STALE = 300_000;

/** Builds the packages that the command is made of, when a source is newer than what was built. */
export async function buildCli(): Promise<void> {
  for (;;) {
    if (!isStale()) return;
    try {
      mkdirSync(LOCK);
      break;
    } catch {
      const lock = statSync(LOCK, { throwIfNoEntry: false });
      if (lock && Date.now() - lock.mtimeMs > STALE) rmSync(LOCK, { recursive: true, force: true });
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  try {
    execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-b', ...BUILT], { cwd: ROOT, stdio: 'pipe' });
  } catch (error) {
    // Type errors are the build's to report; the command is tested as long as it was written out.
    if (!existsSync(BIN)) throw error;
  } finally {
    rmSync(LOCK, { recursive: true, force: true });
  }
}

function isStale(): boolean {
  if (!existsSync(BIN)) return true;
  return BUILT.some((name) => {
    const info = statSync(join(ROOT, name, 'dist/.tsbuildinfo'), { throwIfNoEntry: false });
    return !info || listSources(join(ROOT, name.replace('/commonjs', ''))).some((file) => statSync(file).mtimeMs > info.mtimeMs);
  });
}

function listSources(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return entry.name === 'dist' || entry.name === 'node_modules' ? [] : listSources(path);
    return path.endsWith('.ts') ? [path] : [];
  });
}

export function startBin(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
  const { CI: _ci, GITHUB_ACTIONS: _actions, GITHUB_WORKSPACE: _workspace, CI_PROJECT_DIR: _project, FORCE_COLOR: _color, NO_COLOR: _noColor, ...rest } = process.env;
  return spawn(process.execPath, [BIN, ...args], { cwd, env: { ...rest, ...env } });
}

/** Runs the built command as a user does; its streams are pipes. */
export async function spawnBin(cwd: string, args: readonly string[], setting: { env?: Record<string, string>; stdin?: string } = {}): Promise<CliRun> {
  const child = startBin(cwd, args, setting.env);
  const [stdout, stderr] = [child.stdout!, child.stderr!].map((stream) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    return chunks;
  });
  child.stdin!.end(setting.stdin ?? '');
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve(exitCode ?? -1));
  });
  return { code, stdout: Buffer.concat(stdout!).toString('utf8'), stderr: Buffer.concat(stderr!).toString('utf8') };
}
