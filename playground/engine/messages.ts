import type { PresetName } from '../../cli/context.js';
import type { PlannedSite } from '../../cli/fix/plan.js';
import type { CheckedFinding, FileProblem } from '../../cli/lint/finding.js';

/** How the text is read: the ending of the name under which the rules see it. */
export const LANGUAGES = ['ts', 'tsx', 'js'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What the rewrite writes where a value is released at the end of its block. */
export const STYLES = ['using', 'try-finally'] as const;
export type Style = (typeof STYLES)[number];

/** What the visitor has in front of them. Plain data: it crosses threads, and goes into the address. */
export interface Draft {
  readonly text: string;
  readonly language: Language;
  readonly preset: PresetName;
  readonly style: Style;
}

export interface CheckAnswer {
  readonly findings: readonly CheckedFinding[];
  readonly problems: readonly FileProblem[];
  /** What the check took, in milliseconds, without what was loaded for it. */
  readonly duration: number;
}

export interface RewriteAnswer {
  /** The same text when nothing could be repaired. */
  readonly text: string;
  /** A unified diff; empty when nothing changes. */
  readonly diff: string;
  readonly sites: readonly PlannedSite[];
}

/** The questions that the page asks of a worker, each with its answer. */
export interface Answers {
  readonly check: CheckAnswer;
  readonly rewrite: RewriteAnswer;
}
export type Question = keyof Answers;

export interface Request {
  readonly id: number;
  readonly question: Question;
  readonly draft: Draft;
}

export type Response = { readonly id: number; readonly answer: Answers[Question] } | { readonly id: number; readonly error: string };
