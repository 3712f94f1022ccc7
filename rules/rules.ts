import noAbandonedRace from './no-abandoned-race.js';
import noLeakedAbortListener from './no-leaked-abort-listener.js';
import noRacyUpdate from './no-racy-update.js';
import noShadowedCorsVariable from './no-shadowed-cors-variable.js';
import noUnboundedConcurrency from './no-unbounded-concurrency.js';
import noUnclearedTimer from './no-uncleared-timer.js';
import noUnclosedResource from './no-unclosed-resource.js';
import noUnclosedResponseBody from './no-unclosed-response-body.js';
import noUnforwardedAbortSignal from './no-unforwarded-abort-signal.js';
import noUnremovedListener from './no-unremoved-listener.js';
import noUnsafeCorsOrigin from './no-unsafe-cors-origin.js';
import noInsecureTempFile from './no-insecure-temp-file.js';
import noUnmanagedTempFile from './no-unmanaged-temp-file.js';
import requireAbortSignal from './require-abort-signal.js';
import requireErrorCause from './require-error-cause.js';
import type { AnyRule } from './support/create-rule.js';

/** Every rule by name. Presets, docs and tests are derived from this and from `meta`. */
export const rules: Record<string, AnyRule> = {
  'no-abandoned-race': noAbandonedRace,
  'no-leaked-abort-listener': noLeakedAbortListener,
  'no-racy-update': noRacyUpdate,
  'no-shadowed-cors-variable': noShadowedCorsVariable,
  'no-unbounded-concurrency': noUnboundedConcurrency,
  'no-uncleared-timer': noUnclearedTimer,
  'no-unclosed-resource': noUnclosedResource,
  'no-unclosed-response-body': noUnclosedResponseBody,
  'no-unforwarded-abort-signal': noUnforwardedAbortSignal,
  'no-unremoved-listener': noUnremovedListener,
  'no-unsafe-cors-origin': noUnsafeCorsOrigin,
  'no-insecure-temp-file': noInsecureTempFile,
  'no-unmanaged-temp-file': noUnmanagedTempFile,
  'require-abort-signal': requireAbortSignal,
  'require-error-cause': requireErrorCause,
};
