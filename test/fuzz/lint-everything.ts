import type { FileProblem } from '../../cli/lint/finding.js';
import { getBuiltinParts } from '../../cli/get-builtin-parts.js';
import { decodeSource } from '../../cli/files/read-source.js';
import { LintEngine } from '../../cli/lint/lint-engine.js';
import { isInternalProblem } from '../../cli/lint/finding.js';

export interface LintRun {
  /** Processor time of this process, in milliseconds. */
  readonly ms: number;
  readonly findings: number;
  readonly problems: readonly FileProblem[];
  /** What must never be: an error of a rule or of a host that it brought down. */
  readonly crashes: readonly string[];
}

const engine = new LintEngine({ cwd: '/', preset: 'all', host: 'eslint', rules: [], owners: [] }, getBuiltinParts().plugin);

/** Lints a text with every rule, as the command does with a file of that name. */
export async function lintEverything(source: string | Buffer, path = '/src/a.ts'): Promise<LintRun> {
  const { text } = decodeSource(Buffer.isBuffer(source) ? source : Buffer.from(source));
  const start = process.cpuUsage();
  const { findings, problems } = await engine.lintLoaded(path, text, (await engine.findConfig(path))!);
  const { user, system } = process.cpuUsage(start);
  return { ms: (user + system) / 1000, findings: findings.length, problems, crashes: problems.filter(isInternalProblem).map(({ message }) => message) };
}
