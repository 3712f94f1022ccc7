import type { Codemod } from './types.js';

/** Every codemod by the name of its rule. */
export const codemods: Record<string, Codemod> = {};
