import { noAbandonedRace } from './no-abandoned-race.js';
import { noInsecureTempFile } from './no-insecure-temp-file.js';
import { noLeakedAbortListener } from './no-leaked-abort-listener.js';
import { noRacyUpdate } from './no-racy-update.js';
import { noShadowedCorsVariable } from './no-shadowed-cors-variable.js';
import { noUnboundedConcurrency } from './no-unbounded-concurrency.js';
import { noUnclearedTimer } from './no-uncleared-timer.js';
import { noUnclosedResource } from './no-unclosed-resource.js';
import { noUnclosedResponseBody } from './no-unclosed-response-body.js';
import { noUnforwardedAbortSignal } from './no-unforwarded-abort-signal.js';
import { noUnmanagedTempFile } from './no-unmanaged-temp-file.js';
import { noUnremovedListener } from './no-unremoved-listener.js';
import { noUnsafeCorsOrigin } from './no-unsafe-cors-origin.js';
import { requireAbortSignal } from './require-abort-signal.js';
import { requireErrorCause } from './require-error-cause.js';
import type { Codemod } from './types.js';

/** Every codemod by the name of its rule. */
export const codemods: Record<string, Codemod> = {
  [noAbandonedRace.name]: noAbandonedRace,
  [noInsecureTempFile.name]: noInsecureTempFile,
  [noLeakedAbortListener.name]: noLeakedAbortListener,
  [noRacyUpdate.name]: noRacyUpdate,
  [noShadowedCorsVariable.name]: noShadowedCorsVariable,
  [noUnboundedConcurrency.name]: noUnboundedConcurrency,
  [noUnclearedTimer.name]: noUnclearedTimer,
  [noUnclosedResource.name]: noUnclosedResource,
  [noUnclosedResponseBody.name]: noUnclosedResponseBody,
  [noUnforwardedAbortSignal.name]: noUnforwardedAbortSignal,
  [noUnmanagedTempFile.name]: noUnmanagedTempFile,
  [noUnremovedListener.name]: noUnremovedListener,
  [noUnsafeCorsOrigin.name]: noUnsafeCorsOrigin,
  [requireAbortSignal.name]: requireAbortSignal,
  [requireErrorCause.name]: requireErrorCause,
};
