/**
 * Helpers that hold on to resources exactly as long as needed. None of them depends on another package.
 *
 * @module watertight-runtime
 */
export { linkSignals } from './abort/link-signals.js';
export { onAbort } from './abort/on-abort.js';
export { sleep } from './abort/sleep.js';
export { withTimeout } from './abort/with-timeout.js';
export { JobContexts } from './abort/job-contexts.js';
export { WorkerPool } from './abort/worker-pool.js';
export type { JobContext, JobContextsOptions } from './abort/job-contexts.js';
export type { JobEvent } from './abort/job-events.js';
export type { LinkedSignal } from './abort/link-signals.js';
export type { SleepOptions } from './abort/sleep.js';
export type { WithTimeoutOptions } from './abort/with-timeout.js';
export type { PoolJob, PoolMetrics, SubmitOptions, WorkerPoolOptions } from './abort/pool-types.js';

export { JobStates } from './state/job-states.js';
export { KeyedLock } from './state/keyed-lock.js';
export { mapConcurrent } from './state/map-concurrent.js';
export { singleFlight } from './state/single-flight.js';
export type { JobStatesOptions, StatusOf } from './state/job-states.js';
export type { LockOptions } from './state/keyed-lock.js';
export type { MapConcurrentOptions } from './state/map-concurrent.js';
export type { SingleFlight, SingleFlightOptions } from './state/single-flight.js';

export { createCorsHandler } from './cors/create-cors-handler.js';
export { resolveCorsOrigin } from './cors/resolve-cors-origin.js';
export type { CorsHandler, CorsLogger, CorsOptions, CorsRejection } from './cors/cors-types.js';
export type { CorsOriginRule, CorsRefusal } from './cors/decide-cors-origin.js';
export type { ResolveCorsOriginOptions } from './cors/resolve-cors-origin.js';

export { ContextualError } from './errors/contextual-error.js';
export { DEFAULT_REDACTED_KEYS, redact } from './errors/redact.js';
export { wrapWithContext } from './errors/wrap-with-context.js';
export type { ContextualErrorOptions, ErrorContext } from './errors/contextual-error.js';
export type { RedactedKey } from './errors/redact.js';

export { createManagedFetch } from './http/create-managed-fetch.js';
export { managed } from './http/managed.js';
export { releaseBody } from './http/release-body.js';
export { trackBodies } from './http/track-bodies.js';
export type { ManagedFetch, ManagedFetchOptions } from './http/create-managed-fetch.js';
export type { ReleaseBodyOptions } from './http/release-body.js';
export type { ActiveRequest, RequestLogger, RequestTracking } from './http/request-tracker.js';
export type { BodyTracking, TrackBodiesOptions } from './http/track-bodies.js';

export { after } from './resources/after.js';
export { asyncDisposable } from './resources/async-disposable.js';
export { disposable } from './resources/disposable.js';
export { every } from './resources/every.js';
export { listen } from './resources/listen.js';
export { ResourceManager } from './resources/resource-manager.js';
export type { AsyncDisposableDescriptor } from './resources/async-disposable.js';
export type { DisposableDescriptor } from './resources/disposable.js';
export type { TimerOptions } from './resources/every.js';
export type { EmitterLike, ListenOptions } from './resources/listen.js';
export type {
  BindOptions,
  RegisterOptions,
  ResourceEvent,
  ResourceManagerOptions,
  ShutdownOptions,
  Unbind,
} from './resources/resource-manager.js';

export { createTempDir, createTempDirSync } from './temp-files/create-temp-dir.js';
export { createTempFile, createTempFileSync } from './temp-files/create-temp-file.js';
export { exposeInEnv } from './temp-files/expose-in-env.js';
export { SecureTempFiles } from './temp-files/secure-temp-files.js';
export type { TempDirOptions } from './temp-files/create-temp-dir.js';
export type { TempFileOptions, TempFileSyncOptions } from './temp-files/create-temp-file.js';
export type { SecureTempFilesOptions } from './temp-files/secure-temp-files.js';
export type { TempPath, TempPathPromise } from './temp-files/temp-path.js';
