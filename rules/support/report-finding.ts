import type { Finding, TSESTree } from 'watertight-analysis';
import type { ReportDescriptor, RuleContext } from '@typescript-eslint/utils/ts-eslint';
import { keepFinding } from './reported-findings.js';

/** Reports a finding through ESLint and keeps it, path and all, for `getReportedFindings`. */
export function reportFinding<MessageId extends string>(
  context: Readonly<RuleContext<MessageId, readonly unknown[]>>,
  finding: Finding & { readonly facts?: unknown },
  descriptor: ReportDescriptor<MessageId> & { data?: Record<string, string> },
): void {
  keepFinding(context.sourceCode.ast, {
    ...finding,
    ruleName: context.id.replace(/^.*\//, ''),
    messageId: descriptor.messageId,
    data: descriptor.data ?? {},
    loc: getReportedLocation(descriptor),
  });
  context.report(descriptor);
}

function getReportedLocation(descriptor: ReportDescriptor<string>): TSESTree.SourceLocation {
  const loc = ('loc' in descriptor && descriptor.loc) || ('node' in descriptor && descriptor.node.loc);
  if (!loc) throw new TypeError('A finding is reported at a node or a location.');
  return 'start' in loc ? loc : { start: loc, end: loc };
}
