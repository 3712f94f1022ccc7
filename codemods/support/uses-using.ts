import type { Target } from '../types.js';

/** Whether the rewritten code may say `using` and `await using`. */
export function usesUsing({ canUseUsing, style }: Target): boolean {
  return style === 'using' || (style === 'auto' && canUseUsing);
}
