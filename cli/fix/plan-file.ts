import { type Codemod, type LintOutcome, type Proposal, type Site, type SiteResult, type TypeProjects, repairFile } from 'watertight-codemods';
import { getErrorMessage } from '../errors.js';
import { isGenerated } from '../files/is-generated.js';
import { readSource } from '../files/read-source.js';
import { type CheckedFile, isInternalProblem, isNotice } from '../lint/finding.js';
import { withAllRules, withParser } from '../lint/lint-config.js';
import type { LintEngine } from '../lint/lint-engine.js';
import { type JoinedMessage, lintText } from '../lint/lint-text.js';
import type { TargetOptions } from '../project/get-target.js';
import { getTarget } from '../project/get-target.js';
import type { FilePlan, PlannedSite } from './plan.js';
import { toPlannedSite } from './to-planned-site.js';

export interface PlanTools {
  readonly cwd: string;
  readonly engine: LintEngine;
  readonly types: TypeProjects;
  readonly codemods: Readonly<Record<string, Codemod>>;
  readonly target: TargetOptions;
  readonly confirm?: ((path: string, message: string, proposal: Proposal) => Promise<boolean>) | undefined;
}

/** Works out, in memory, the repair of one file that was found wanting, and what becomes of each of its sites. */
export async function planFile(checked: CheckedFile, tools: PlanTools): Promise<FilePlan> {
  const { path } = checked;
  const source = await readSource(path);
  const { text } = source;
  const sites: PlannedSite[] = [];
  const plan = (newText: string): FilePlan => ({ path, source, text: newText, sites: sites.sort(inOrder), isWritten: false });
  const config = await tools.engine.findConfig(path);
  if (!config) return plan(text);

  const enabled = Object.keys(config.rules);
  const suppressed = new Set(checked.findings.filter(({ suppressedBy }) => suppressedBy === 'suppressions-file').map(({ rule }) => rule));
  const isWantedRule = (rule: string) => enabled.includes(rule) && !suppressed.has(rule);
  // The proof asks every rule, also those that the project leaves out.
  const everyRule = await withParser(withAllRules(config));
  const messages = new Map<Site, JoinedMessage>();
  const unexplained: JoinedMessage[] = [];
  let crashes: number | undefined;

  const lint = (version: string): LintOutcome => {
    const linted = lintText(version, path, everyRule, tools.cwd);
    const failure = linted.problems.find(({ kind }) => kind === 'syntax');
    if (failure) return { ok: false, error: `${failure.message} (${failure.line}:${failure.column})` };
    // What a rule did not look at it has not found silent either.
    const crashed = linted.problems.filter((problem) => isInternalProblem(problem) || isNotice(problem));
    const isFirst = crashes === undefined;
    crashes ??= crashed.length;
    if (crashed.length > crashes) return { ok: false, error: crashed[0]!.message };
    const reported = linted.messages.filter((message) => !message.isSuppressed);
    if (isFirst) unexplained.push(...reported.filter(({ finding, ruleName }) => !finding && isWantedRule(ruleName)));
    return {
      ok: true,
      sites: reported.flatMap((message) => {
        const { ruleName, messageId, start, end, finding } = message;
        if (!finding) return [];
        const site: Site = { ruleName, messageId, start, end, finding };
        messages.set(site, message);
        return [site];
      }),
    };
  };
  const record = (result: SiteResult) => sites.push(toPlannedSite(messages.get(result.site)!, result));

  const refusal = findRefusal(path, text, source.isUtf8);
  if (refusal) {
    const linted = lint(text);
    for (const site of linted.ok ? linted.sites : []) if (isWantedRule(site.ruleName)) record({ site, ...refusal });
    return plan(text);
  }

  const fileTypes = lazily(() => tools.types.open(path));
  const { confirm } = tools;
  try {
    const repair = await repairFile({
      text,
      lint,
      types: {
        getSourceFile: (version) => fileTypes().getSourceFile(version),
        findNewErrors: (before, after) => fileTypes().findNewErrors(before, after),
      },
      codemods: tools.codemods,
      target: await getTarget(path, text, fileTypes, tools.target),
      isWanted: (site) => isWantedRule(site.ruleName),
      confirm: confirm && ((proposal) => confirm(path, messages.get(proposal.site)!.message, proposal)),
    });
    for (const result of repair.results) record(result);
    for (const message of unexplained) {
      sites.push(toPlannedSite(message, { status: 'failed', error: 'The rule kept nothing of this report that a codemod could use.' }));
    }
    return plan(repair.text);
  } catch (error) {
    // One file that cannot be planned must not take the others along; each of its sites says why.
    const failed = checked.findings.filter(({ rule, suppressedBy }) => suppressedBy === undefined && isWantedRule(rule));
    const detail = `The file could not be worked on: ${getErrorMessage(error)}`;
    sites.splice(0, sites.length, ...failed.map((finding) => ({ ...pickRange(finding), rule: finding.rule, message: finding.message, status: 'failed' as const, detail })));
    return plan(text);
  }
}

type Refusal = { readonly status: 'skipped'; readonly reason: 'declaration-file' | 'generated-file' } | { readonly status: 'failed'; readonly error: string };

function findRefusal(path: string, text: string, isUtf8: boolean): Refusal | undefined {
  if (!isUtf8) return { status: 'failed', error: 'The file is not UTF-8, so it is left alone. Convert it first.' };
  if (/\.d\.[cm]?ts$/.test(path)) return { status: 'skipped', reason: 'declaration-file' };
  if (isGenerated(path, text)) return { status: 'skipped', reason: 'generated-file' };
  return undefined;
}

function pickRange({ line, column, endLine, endColumn }: CheckedFile['findings'][number]) {
  return { line, column, endLine, endColumn };
}

function inOrder(a: PlannedSite, b: PlannedSite): number {
  return a.line - b.line || a.column - b.column;
}

function lazily<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}
