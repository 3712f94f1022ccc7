import type { TextEdit } from 'watertight-analysis';
import type { SuggestionReportDescriptor } from '@typescript-eslint/utils/ts-eslint';
import { toFix } from './to-fix.js';

/** The one suggestion that a finding offers, where the analysis knows the edits for it. */
export function suggestEdits<MessageId extends string>(
  message: { readonly messageId: MessageId; readonly data?: Record<string, string> },
  edits: readonly TextEdit[] | undefined,
): SuggestionReportDescriptor<MessageId>[] {
  return edits && edits.length > 0 ? [{ ...message, fix: toFix(edits) }] : [];
}
