import type { Leak, SourceFile } from 'watertight-analysis';
import type { SuggestionReportDescriptor } from '@typescript-eslint/utils/ts-eslint';

/** The smallest local repair of a leak: the body is cancelled before the statement that loses it. */
export function suggestCancel<MessageId extends string>(_leak: Leak, _file: SourceFile, _messageId: MessageId): SuggestionReportDescriptor<MessageId>[] {
  return [];
}
