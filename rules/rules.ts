import noUnclosedResponseBody from './no-unclosed-response-body.js';
import type { AnyRule } from './support/create-rule.js';

/** Every rule by name. Presets, docs and tests are derived from this and from `meta`. */
export const rules: Record<string, AnyRule> = {
  'no-unclosed-response-body': noUnclosedResponseBody,
};
