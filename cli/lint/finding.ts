import type { Certainty, StepKind } from 'watertight-analysis';

/** Lines and columns from 1; the end is exclusive. */
export interface Range {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface Step extends Range {
  readonly kind: StepKind;
  readonly text: string;
}

/** What a run of the program showed of a finding. */
export interface Confirmation {
  /** How many resources were acquired there, or by calls made there, and never released. */
  readonly count: number;
}

/** What ESLint reported, joined with the path that the rule found. Plain data: it crosses threads. */
export interface CheckedFinding extends Range {
  readonly rule: string;
  readonly messageId: string;
  readonly message: string;
  readonly severity: 'error' | 'warning';
  /** Absent, with an empty path, when the rule gave no witness. */
  readonly certainty?: Certainty | undefined;
  readonly path: readonly Step[];
  /** By a disable comment in the file, or by the project's bulk suppressions. */
  readonly suppressedBy?: 'comment' | 'suppressions-file' | undefined;
  /** With `--trace`, when the run lost what the finding says. */
  readonly confirmed?: Confirmation | undefined;
}

/** Why a file could not be looked at, or not by every rule. */
export interface FileProblem {
  readonly kind: 'syntax' | 'unreadable' | 'rule-crash' | 'configuration' | 'thread-crash' | 'given-up';
  readonly message: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** What to do about it. */
  readonly hint: string;
}

export interface CheckedFile {
  /** Absolute. */
  readonly path: string;
  /** `linted`; or not: no trigger word in it, generated, or covered by no rule of the configuration; or not readable. */
  readonly state: 'linted' | 'no-trigger' | 'generated' | 'not-covered' | 'failed';
  readonly findings: readonly CheckedFinding[];
  readonly problems: readonly FileProblem[];
  /** The lines that findings and their paths stand on, with two lines around each and short stretches between them, by number. */
  readonly sourceLines: Readonly<Record<number, string>>;
  /** The ESLint configuration of the project that decided about the file, if one did. */
  readonly configPath?: string | undefined;
}

/** Whether it only says where the silence of a rule means nothing; nobody did anything wrong. */
export function isNotice({ kind }: FileProblem): boolean {
  return kind === 'given-up';
}

/** Whether what the file holds was produced by an error of the tool rather than of the code. */
export function isInternalProblem({ kind }: FileProblem): boolean {
  return kind === 'rule-crash' || kind === 'thread-crash';
}
