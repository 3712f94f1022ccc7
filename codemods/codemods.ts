import { noUnclosedResponseBody } from './no-unclosed-response-body.js';
import type { Codemod } from './types.js';

/** Every codemod by the name of its rule. */
export const codemods: Record<string, Codemod> = {
  [noUnclosedResponseBody.name]: noUnclosedResponseBody,
};
