import type { ReportedFinding } from 'eslint-plugin-watertight';
import type { SourceFile } from 'ts-morph';

/** A replacement of `[start, end)` in UTF-16 offsets of the original text; nothing outside edits changes. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The closed list of reasons for which a codemod leaves a reported site alone. */
export const SKIP_REASONS = [
  'no-codemod',
  'unsupported-shape',
  'ambiguous-owner',
  'needs-types',
  'would-change-behaviour',
  'comment-in-the-way',
  'generated-file',
  'declaration-file',
  'overlapping-edit',
  'name-taken',
] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

/** One place that ESLint reported, joined with what the rule found there. Offsets are those of the file's text. */
export interface Site {
  readonly ruleName: string;
  readonly messageId: string;
  readonly start: number;
  readonly end: number;
  readonly finding: ReportedFinding;
}

/** What the rewritten code may use; worked out once per project by the caller. */
export interface Target {
  /** Where helpers are imported from: `watertight-runtime` or the user's own module. */
  readonly runtimeModule: string;
  /** Whether `using` and `await using` may be written: TypeScript >= 5.2 with a lowering target, or Node >= 24 for plain JS. */
  readonly canUseUsing: boolean;
  /** `--style`: forces one form. */
  readonly style: 'auto' | 'using' | 'try-finally';
  /** Whether the file is an ES module (`import`) or CommonJS (`require`). */
  readonly moduleFormat: 'esm' | 'commonjs';
  /** What a repaired error gets as its cause: the caught error, or `context`: the caught error in `wrapWithContext`. */
  readonly errorStyle?: 'cause' | 'context';
  /** The lowest major version of Node that the package allows; undefined where it does not say. */
  readonly lowestNode?: number | undefined;
  /** Packages that the project has already, for rewrites to them (p-map, p-limit, …). */
  readonly dependencies: ReadonlySet<string>;
}

/** An import that the edits of a site need; the runner merges it into what is there. */
export interface NeededImport {
  readonly module: string;
  readonly name: string;
}

export type SiteOutcome =
  | { readonly status: 'changed'; readonly site: Site; readonly edits: readonly Edit[]; readonly imports?: readonly NeededImport[] }
  | { readonly status: 'skipped'; readonly site: Site; readonly reason: SkipReason; readonly detail?: string };

export interface CodemodInput {
  readonly sourceFile: SourceFile;
  readonly text: string;
  readonly sites: readonly Site[];
  readonly target: Target;
}

/** A pure function: facts in, edits out, exactly one outcome for each site. It never reads, writes, prints or asks. */
export interface Codemod {
  /** The rule whose findings it repairs. */
  readonly name: string;
  transform(input: CodemodInput): SiteOutcome[];
}
