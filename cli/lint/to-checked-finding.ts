import type { CheckedFinding, Range, Step } from './finding.js';
import type { JoinedMessage } from './lint-text.js';

/** A message as plain data: positions instead of nodes. */
export function toCheckedFinding(message: JoinedMessage): CheckedFinding {
  const { line, column, endLine, endColumn, finding } = message;
  return {
    rule: message.ruleName,
    messageId: message.messageId,
    message: message.message,
    severity: message.severity,
    certainty: finding?.certainty,
    path: (finding?.path ?? []).map(({ kind, text, node }): Step => ({ kind, text, ...toRange(node.loc) })),
    suppressedBy: message.isSuppressed ? 'comment' : undefined,
    line,
    column,
    endLine,
    endColumn,
  };
}

function toRange({ start, end }: { start: { line: number; column: number }; end: { line: number; column: number } }): Range {
  return { line: start.line, column: start.column + 1, endLine: end.line, endColumn: end.column + 1 };
}
