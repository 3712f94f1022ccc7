import noUnclosedResource from './no-unclosed-resource.js';
import noUnclosedResponseBody from './no-unclosed-response-body.js';
import requireErrorCause from './require-error-cause.js';
import noUnsafeCorsOrigin from './no-unsafe-cors-origin.js';
import type { AnyRule } from './support/create-rule.js';

/** Every rule by name. Presets, docs and tests are derived from this and from `meta`. */
export const rules: Record<string, AnyRule> = {
  'no-unclosed-resource': noUnclosedResource,
  'no-unclosed-response-body': noUnclosedResponseBody,
  'require-error-cause': requireErrorCause,
  'no-unsafe-cors-origin': noUnsafeCorsOrigin,
};
