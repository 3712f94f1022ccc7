/** Why a place is left as it is. */
export interface Refusal {
  readonly reason: 'unsupported-shape' | 'ambiguous-owner' | 'would-change-behaviour' | 'name-taken' | 'comment-in-the-way';
  /** One clause, for the person who looks at the place. */
  readonly detail: string;
}

export function refuse(reason: Refusal['reason'], detail: string): Refusal {
  return { reason, detail };
}
