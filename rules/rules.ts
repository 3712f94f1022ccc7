import noShadowedCorsVariable from './no-shadowed-cors-variable.js';
import noUnclosedResource from './no-unclosed-resource.js';
import noUnclosedResponseBody from './no-unclosed-response-body.js';
import noUnremovedListener from './no-unremoved-listener.js';
import noUnsafeCorsOrigin from './no-unsafe-cors-origin.js';
import noInsecureTempFile from './no-insecure-temp-file.js';
import noUnmanagedTempFile from './no-unmanaged-temp-file.js';
import requireErrorCause from './require-error-cause.js';
import type { AnyRule } from './support/create-rule.js';

/** Every rule by name. Presets, docs and tests are derived from this and from `meta`. */
export const rules: Record<string, AnyRule> = {
  'no-shadowed-cors-variable': noShadowedCorsVariable,
  'no-unclosed-resource': noUnclosedResource,
  'no-unclosed-response-body': noUnclosedResponseBody,
  'no-unremoved-listener': noUnremovedListener,
  'no-unsafe-cors-origin': noUnsafeCorsOrigin,
  'no-insecure-temp-file': noInsecureTempFile,
  'no-unmanaged-temp-file': noUnmanagedTempFile,
  'require-error-cause': requireErrorCause,
};
