import { ContextualError } from './contextual-error.js';
import type { ErrorContext } from './contextual-error.js';

/**
 * Wraps what was caught in a `ContextualError` whose cause it is: `throw wrapWithContext(error, 'UPLOAD_FAILED', { blob })`.
 *
 * The message stays that of the original, so code that reads messages sees no difference; of a thrown value that is not
 * an error it is the value as text. `undefined` and `null` come back as they are, so that a callback
 * `(error) => done(wrapWithContext(error, …))` still reports success.
 *
 * The wrapped error is named `ContextualError`: code that asks `error.name === 'AbortError'` must ask the cause.
 */
export function wrapWithContext(error: undefined, code: string, context?: ErrorContext): undefined;
export function wrapWithContext(error: null, code: string, context?: ErrorContext): null;
export function wrapWithContext(error: Error, code: string, context?: ErrorContext): ContextualError;
export function wrapWithContext(error: unknown, code: string, context?: ErrorContext): ContextualError | null | undefined;
export function wrapWithContext(error: unknown, code: string, context?: ErrorContext): ContextualError | null | undefined {
  if (error === undefined || error === null) return error;
  const wrapped = new ContextualError(messageOf(error), { code, cause: error, ...(context !== undefined && { context }) });
  // The stack starts where the error was wrapped, not in here.
  Error.captureStackTrace?.(wrapped, wrapWithContext);
  return wrapped;
}

function messageOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string') return error.message;
  try {
    return String(error);
  } catch {
    // An object without a prototype has no text.
    return Object.prototype.toString.call(error);
  }
}
