/** When a team turns a rule on; each phase contains the one before. 1 leaks, 2 races and security, 3 error context, 4 the rest. */
export type Phase = 1 | 2 | 3 | 4;

/** What a rule's `meta.docs` says beyond ESLint's own fields. */
export interface RuleDocs {
  /** Starts with Enforce, Require or Disallow; no full stop. */
  description: string;
  /** The smallest preset that has the rule: `recommended` holds only what is true nearly always. */
  preset: 'recommended' | 'strict';
  phase: Phase;
  /** Filled in by `createRule`. */
  url?: string;
  /** What `eslint-doc-generator` reads; filled in by `createRule`. */
  recommended?: boolean;
  requiresTypeChecking?: boolean;
}
