import type { Finding } from '../finding.js';
import type { Variable } from '../scopes/scope.js';

export type ShadowKind =
  /** A value is put into the inner variable and never read; the outer one is read afterwards. */
  | 'lostValue'
  /** The outer variable is never set to anything, and an inner one of the same name has the value. */
  | 'neverSet'
  /** A comparison has the inner variable on both sides. */
  | 'selfCompared'
  /** An entry of the list is looked up in the list. */
  | 'listedEntry'
  /** The entry of a list is answered, and the request's origin never looked at. */
  | 'unaskedEntry'
  /** An empty list or text hides the configured one. */
  | 'emptyList'
  /** A parameter that nobody passes hides the configuration with its default. */
  | 'defaultUsed'
  /** The initial value reads the variable itself, not the outer one. */
  | 'readsItself'
  /** A `var` further down is in force from the start of the function, where it is still undefined. */
  | 'hoisted'
  /** The name of a function hides the value. */
  | 'functionName';

/** A declaration that hides an outer binding on which a CORS header or decision depends. */
export interface ShadowedVariable extends Finding {
  readonly kind: ShadowKind;
  readonly inner: Variable;
  readonly outer: Variable;
  readonly data: Readonly<Record<string, string>>;
}
