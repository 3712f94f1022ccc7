import type { Finding } from '../finding.js';
import type { Node } from '../syntax/node.js';

export type UnsafeOriginKind =
  | 'reflected'
  | 'anyAllowed'
  | 'wildcardWithCredentials'
  | 'nullAllowed'
  | 'partialMatch'
  | 'loosePattern'
  | 'statefulPattern'
  | 'maybeStateful'
  | 'stringList'
  | 'joinedList'
  | 'alwaysTrue'
  | 'uselessCheck'
  | 'rejectedServed'
  | 'missingVary';

/** A place where a server answers origins that it should refuse, or refuses ones that it should answer. */
export interface UnsafeOrigin extends Finding {
  readonly kind: UnsafeOriginKind;
  /** What the message says about this one. */
  readonly data: Readonly<Record<string, string>>;
  /** The parts that a repair needs. */
  readonly parts?: UnsafeOriginParts;
}

export interface UnsafeOriginParts {
  /** The whole boolean check: `list.some((a) => origin.startsWith(a))`. */
  readonly check?: Node | undefined;
  /** The origin as the check has it. */
  readonly origin?: Node | undefined;
  /** What it is compared with: a text, a pattern, a list. */
  readonly allowed?: Node | undefined;
  readonly method?: string | undefined;
  /** The expression that makes the pattern at fault. */
  readonly pattern?: Node | undefined;
}
