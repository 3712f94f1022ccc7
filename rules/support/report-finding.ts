import type { Finding, TSESTree } from 'watertight-analysis';
import type { ReportDescriptor, RuleContext } from '@typescript-eslint/utils/ts-eslint';

/** A finding as one rule reported it, with what ESLint's own message does not carry. */
export interface ReportedFinding extends Finding {
  readonly ruleName: string;
  readonly messageId: string;
  readonly data: Readonly<Record<string, string>>;
  /** Where ESLint's message stands (lines from 1, columns from 0); not always the whole of `node`. */
  readonly loc: TSESTree.SourceLocation;
  /** What the rule's codemod needs to know beyond the path; its shape belongs to the rule. */
  readonly facts?: unknown;
}

const reported = new WeakMap<object, ReportedFinding[]>();

/** Reports a finding through ESLint and keeps it, path and all, for `getReportedFindings`. */
export function reportFinding<MessageId extends string>(
  context: Readonly<RuleContext<MessageId, readonly unknown[]>>,
  finding: Finding & { readonly facts?: unknown },
  descriptor: ReportDescriptor<MessageId> & { data?: Record<string, string> },
): void {
  const program = context.sourceCode.ast;
  const findings = reported.get(program) ?? [];
  reported.set(program, findings);
  findings.push({
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

/**
 * The findings that the last run of the rules over this program reported, in order of report. `program` is the AST of
 * a `SourceCode`, for instance `linter.getSourceCode().ast` after `linter.verify()`. Inline disable comments are not
 * applied here: match against ESLint's own messages by rule and position.
 */
export function getReportedFindings(program: object): readonly ReportedFinding[] {
  return reported.get(program) ?? [];
}
