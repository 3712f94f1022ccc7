import { type Refusal, type ResourceRepair, type SourceFile, getImportEdits } from 'watertight-analysis';
import type { SuggestionReportDescriptor } from '@typescript-eslint/utils/ts-eslint';
import { toFix } from './to-fix.js';

/** How an editor's repairs are written: with what the file has. */
export const LOCAL = { usesUsing: false, isLocal: true } as const;

/** What an editor offers: the repair, where it needs no helper of another package. */
export function suggestRepair<MessageId extends string>(repair: ResourceRepair | Refusal, file: SourceFile, messageId: MessageId): SuggestionReportDescriptor<MessageId>[] {
  if ('reason' in repair || repair.helpers.length > 0 || repair.edits.length === 0) return [];
  const imports = getImportEdits(repair.imports, file);
  return imports ? [{ messageId, fix: toFix([...imports, ...repair.edits].sort((a, b) => a.start - b.start || a.end - b.end)) }] : [];
}
