import type { SiteResult } from 'watertight-codemods';
import type { JoinedMessage } from '../lint/lint-text.js';
import type { PlannedSite } from './plan.js';

/** The bucket of a site beside what was reported there. */
export function toPlannedSite(message: JoinedMessage, result: SiteResult | { status: 'failed'; error: string }): PlannedSite {
  const { line, column, endLine, endColumn } = message;
  return {
    line,
    column,
    endLine,
    endColumn,
    rule: message.ruleName,
    message: message.message,
    status: result.status,
    reason: result.status === 'skipped' ? result.reason : undefined,
    detail: result.status === 'failed' ? result.error : result.detail,
  };
}
