import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { readSuppressions } from '../files/read-suppressions.js';
import type { Suppressions } from '../lint/apply-suppressions.js';
import type { EslintCommand } from '../lint/load-eslint.js';

/** The first ESLint that keeps suppressions in a file. */
const FIRST_VERSION = [9, 24] as const;

export type Recording =
  | { readonly state: 'recorded'; readonly path: string; readonly findings: number; readonly files: number }
  | { readonly state: 'unsupported'; readonly version: string }
  | { readonly state: 'failed'; readonly reason: string };

/**
 * Lets the project's ESLint write today's findings of some rules into `eslint-suppressions.json`, beside the
 * configuration. What the file holds for other rules stays.
 */
export async function recordFindings(configPath: string, rules: readonly string[], { bin, version }: EslintCommand): Promise<Recording> {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < FIRST_VERSION[0] || (major === FIRST_VERSION[0] && minor < FIRST_VERSION[1])) return { state: 'unsupported', version };

  const cwd = dirname(configPath);
  const path = join(cwd, 'eslint-suppressions.json');
  const before = sumOf(await readSuppressions(path), rules);
  // Without `--config`, which would put this configuration in the place of those further down.
  const args = [bin, '.', '--no-error-on-unmatched-pattern', '--format', 'json', ...rules.flatMap((rule) => ['--suppress-rule', rule])];
  try {
    await promisify(execFile)(process.execPath, args, { cwd, maxBuffer: 2 ** 30 });
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    // 1: the project has findings of other rules.
    if (code !== 1) return { state: 'failed', reason: stderr?.trim().split('\n').slice(0, 6).join('\n') || String(error) };
  }
  const after = sumOf(await readSuppressions(path), rules);
  return { state: 'recorded', path, findings: after.findings - before.findings, files: after.files - before.files };
}

function sumOf(suppressions: Suppressions | undefined, rules: readonly string[]): { findings: number; files: number } {
  const counts = Object.values(suppressions ?? {}).map((entries) => rules.reduce((sum, rule) => sum + (entries[rule]?.count ?? 0), 0));
  return { findings: counts.reduce((sum, each) => sum + each, 0), files: counts.filter((each) => each > 0).length };
}
