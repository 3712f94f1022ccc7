import { toCheckedFinding } from '../../cli/lint/to-checked-finding.js';
import { getDraftConfig, lintDraft } from './lint-draft.js';
import type { CheckAnswer, Draft } from './messages.js';

/** The findings in a text, with their paths. */
export async function checkDraft(draft: Draft): Promise<CheckAnswer> {
  const config = await getDraftConfig(draft);
  const started = performance.now();
  const { messages, problems } = lintDraft(draft.text, draft, config);
  return { findings: messages.filter(({ isSuppressed }) => !isSuppressed).map(toCheckedFinding), problems, duration: performance.now() - started };
}
