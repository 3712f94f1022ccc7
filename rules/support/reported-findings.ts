import type { Finding, TSESTree } from 'watertight-analysis';

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

/** Keeps what a rule reported over a program. */
export function keepFinding(program: object, finding: ReportedFinding): void {
  const findings = reported.get(program) ?? [];
  reported.set(program, findings);
  findings.push(finding);
}

/**
 * The findings that the last run of the rules over this program reported, in order of report. `program` is the AST of
 * a `SourceCode`, for instance `linter.getSourceCode().ast` after `linter.verify()`. Inline disable comments are not
 * applied here: match against ESLint's own messages by rule and position.
 */
export function getReportedFindings(program: object): readonly ReportedFinding[] {
  return reported.get(program) ?? [];
}
