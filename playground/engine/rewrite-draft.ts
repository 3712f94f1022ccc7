import pc from 'picocolors';
import { type LintOutcome, type Site, type Target, codemods, repairFile } from 'watertight-codemods';
import { toPlannedSite } from '../../cli/fix/to-planned-site.js';
import type { JoinedMessage } from '../../cli/lint/lint-text.js';
import { withAllRules } from '../../cli/lint/lint-config.js';
import { getModuleFormat } from '../../cli/project/get-module-format.js';
import { formatDiff } from '../../cli/reporters/format-diff.js';
import { getDraftConfig, getDraftPath, lintDraft } from './lint-draft.js';
import type { Draft, RewriteAnswer } from './messages.js';
import { TextTypes } from './text-types.js';

/** Kept, since what they cost is the declarations of the language. */
const typesByPath = new Map<string, TextTypes>();

/**
 * Runs the codemods over a text as `watertight fix` would, with the same proof but for types: without the packages that
 * the text imports, what is known of types is too little to ask for more than names and scopes.
 */
export async function rewriteDraft(draft: Draft): Promise<RewriteAnswer> {
  const { text } = draft;
  const path = getDraftPath(draft);
  const config = await getDraftConfig(draft);
  const everyRule = withAllRules(config);
  const messages = new Map<Site, JoinedMessage>();
  const lint = (version: string): LintOutcome => {
    const { messages: joined, problems } = lintDraft(version, draft, everyRule);
    const [problem] = problems;
    if (problem) return { ok: false, error: problem.message };
    const reported = joined.filter(({ isSuppressed }) => !isSuppressed);
    return { ok: true, sites: reported.flatMap((message) => toSite(message, messages)) };
  };
  const { text: rewritten, results } = await repairFile({
    text,
    lint,
    types: getTypes(path),
    codemods,
    target: getTarget(draft, path),
    isWanted: ({ ruleName }) => Object.hasOwn(config.rules, ruleName),
  });
  const name = path.slice(1);
  return { text: rewritten, diff: formatDiff(name, text, rewritten, pc.createColors(false)), sites: results.map((result) => toPlannedSite(messages.get(result.site)!, result)) };
}

function getTypes(path: string): TextTypes {
  const types = typesByPath.get(path) ?? new TextTypes(path);
  typesByPath.set(path, types);
  return types;
}

function toSite(message: JoinedMessage, messages: Map<Site, JoinedMessage>): Site[] {
  const { ruleName, messageId, start, end, finding } = message;
  if (!finding) return [];
  const site: Site = { ruleName, messageId, start, end, finding };
  messages.set(site, message);
  return [site];
}

function getTarget({ style, text }: Draft, path: string): Target {
  return {
    runtimeModule: 'watertight-runtime',
    canUseUsing: style === 'using',
    style: style === 'using' ? 'auto' : 'try-finally',
    moduleFormat: getModuleFormat(path, text, 'module'),
    dependencies: new Set(),
  };
}
