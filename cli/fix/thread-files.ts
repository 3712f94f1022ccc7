import { parseForESLint } from '@typescript-eslint/parser';
import { isTestFile } from 'eslint-plugin-watertight';
import { type SourceFile, type TypeProvider, getSourceFile, setParents } from 'watertight-analysis';
import type { LintOutcome, ThreadInput, ThreadSite } from 'watertight-codemods';
import type { Context } from '../context.js';
import { findFiles } from '../files/find-files.js';
import { isGenerated } from '../files/is-generated.js';
import { type SourceText, readSource } from '../files/read-source.js';
import { withAllRules, withParser } from '../lint/lint-config.js';
import { LintEngine } from '../lint/lint-engine.js';
import { type LintOptions, getLintSettings } from '../lint/lint-paths.js';
import { lintText } from '../lint/lint-text.js';
import { Progress } from '../reporters/progress.js';
import type { FilePlan, PlannedSite } from './plan.js';

/** What threading stands for among the rules of a report. */
const NAME = 'thread-signals';

/** Works out, project by project, how signals get down to the calls that an abort ought to reach. */
export async function threadFiles(paths: readonly string[], options: LintOptions, { io, parts }: Context): Promise<FilePlan[]> {
  const { files } = await findFiles(paths.length > 0 ? paths : ['.'], io.cwd);
  const settings = await getLintSettings(files, options, { io, parts });
  const engine = new LintEngine(settings, parts.plugin);
  const sources = new Map<string, SourceText>();
  for (const path of files) sources.set(path, await readSource(path));
  const { TypeProjects, threadSignals } = await import('watertight-codemods');
  const types = new TypeProjects({ bundledTypes: {} });
  const projects = new Map<string, Pick<ThreadInput, 'config'> & { readonly texts: Map<string, string> }>();
  for (const [path, { text }] of sources) {
    const config = types.findConfig(path);
    const key = config?.path ?? '';
    if (!projects.has(key)) projects.set(key, { config, texts: new Map() });
    projects.get(key)!.texts.set(path, text);
  }

  const progress = new Progress(io.stderr, 'threading', projects.size);
  const plans: FilePlan[] = [];
  try {
    for (const [done, { config, texts }] of [...projects.values()].entries()) {
      const result = await threadSignals({
        config,
        texts,
        parse,
        lint: (path, text) => lint(engine, path, text, io.cwd),
        findRefusal: (path) => findRefusal(path, sources.get(path)!),
        isTest: (path) => isTestFile({ filename: path, cwd: io.cwd }),
      });
      for (const [path, source] of sources) {
        const text = result.texts.get(path);
        const sites = result.sites.filter((site) => site.path === path);
        if (text !== undefined || sites.length > 0) plans.push({ path, source, text: text ?? source.text, sites: sites.map((site) => toPlannedSite(site, source.text)), isWritten: false });
      }
      progress.update(done + 1);
    }
  } finally {
    progress.clear();
  }
  return plans.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function parse(path: string, text: string, types?: TypeProvider): SourceFile | undefined {
  try {
    const { ast, scopeManager, visitorKeys } = parseForESLint(text, { filePath: path, range: true, loc: true, sourceType: 'module', ecmaFeatures: { jsx: true } });
    setParents(ast, visitorKeys);
    return getSourceFile({ ast, scopeManager, text, filename: path, visitorKeys, types });
  } catch {
    // A file that does not parse is left as it is; `check` tells why.
    return undefined;
  }
}

async function lint(engine: LintEngine, path: string, text: string, cwd: string): Promise<LintOutcome> {
  const config = await engine.findConfig(path);
  if (!config) return { ok: true, sites: [] };
  const { messages, problems } = lintText(text, path, await withParser(withAllRules(config)), cwd);
  const failure = problems.find(({ kind }) => kind === 'syntax');
  if (failure) return { ok: false, error: failure.message };
  return { ok: true, sites: messages.flatMap(({ isSuppressed, finding, ...site }) => (finding && !isSuppressed ? [{ ...site, finding }] : [])) };
}

function findRefusal(path: string, { text, isUtf8 }: SourceText): ReturnType<ThreadInput['findRefusal']> {
  if (!isUtf8) return { reason: 'unsupported-shape', detail: 'a file on the way is not UTF-8' };
  return isGenerated(path, text) ? { reason: 'generated-file', detail: 'a function on the way is generated' } : undefined;
}

function toPlannedSite({ start, end, call, block }: ThreadSite, text: string): PlannedSite {
  const from = toPosition(text, start);
  const to = toPosition(text, end);
  return {
    line: from.line,
    column: from.column,
    endLine: to.line,
    endColumn: to.column,
    rule: NAME,
    message: `\`${call}\` gets no signal, though a caller has one.`,
    status: block ? (block.isFailure ? 'failed' : 'skipped') : 'changed',
    reason: block && !block.isFailure ? block.reason : undefined,
    detail: block?.detail,
  };
}

function toPosition(text: string, offset: number): { readonly line: number; readonly column: number } {
  const lines = text.slice(0, offset).split(/\r\n|[\r\n\u2028\u2029]/);
  return { line: lines.length, column: lines.at(-1)!.length + 1 };
}
