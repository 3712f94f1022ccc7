import { DEFAULT_REDACTED_KEYS, redact } from './redact.js';
import type { RedactedKey } from './redact.js';

/** Facts about the moment of the failure. Shown with secret keys hidden. */
export type ErrorContext = Readonly<Record<string, unknown>>;

/** What a `ContextualError` is made of besides its message. */
export interface ContextualErrorOptions {
  /** What kind of failure it is, for programs: a constant such as `'MANIFEST_MISSING'`. */
  code: string;
  /** Copied one level deep and frozen. */
  context?: ErrorContext;
  /** What was caught. Kept as it is, whatever it is. */
  cause?: unknown;
}

// In the registry of symbols that all realms and all copies of this package share.
const BRAND = Symbol.for('watertight.ContextualError');

/**
 * An error that says what kind of failure it is, under which circumstances it happened and what caused it.
 *
 * `error instanceof ContextualError` also holds for errors of another realm and of another copy of this package.
 * `JSON.stringify(error)` and Node's `console.log(error)` hide the values of secret keys; which keys those are is said
 * by `ContextualError.redactedKeys`, or by the same static field of a subclass. `context` itself is unchanged, and not
 * enumerable, so that loggers which copy the fields of an error do not copy secrets.
 */
export class ContextualError extends Error {
  /** The keys hidden in what is shown. Assign to change them for the whole program. */
  static redactedKeys: readonly RedactedKey[] = DEFAULT_REDACTED_KEYS;

  /** What kind of failure it is, for programs. */
  readonly code: string;
  /** Frozen, and not enumerable. As it was given, secrets included. */
  declare readonly context: ErrorContext;

  /** @param message what happened, for people */
  constructor(message: string, { code, context, ...rest }: ContextualErrorOptions) {
    // `cause: undefined` is still a cause (someone threw `undefined`), an absent one is none.
    super(message, rest);
    this.code = code;
    Object.defineProperty(this, 'context', { value: Object.freeze({ ...context }), enumerable: false, configurable: true });
  }

  /** A new error that also carries `context`; the later value wins. Message, code, cause, stack and own fields are those of this one. */
  withContext(context: ErrorContext): this {
    const extended = new ContextualError(this.message, { code: this.code, context: { ...this.context, ...context } });
    const { stack } = this;
    // The stack by value, since some versions of V8 keep it in an accessor that reads its receiver.
    Object.defineProperties(extended, {
      ...Object.getOwnPropertyDescriptors(this),
      context: Object.getOwnPropertyDescriptor(extended, 'context') as PropertyDescriptor,
      stack: { value: stack, writable: true, enumerable: false, configurable: true },
    });
    return Object.setPrototypeOf(extended, Object.getPrototypeOf(this) as object) as this;
  }

  /** Name, code, message, context, stack and the chain of causes as plain data, with secret keys hidden. Never throws. */
  toJSON(): Record<string, unknown> {
    return redact(this, redactedKeysOf(this)) as Record<string, unknown>;
  }

  /** What Node prints: the stack, then code, context and cause, with secret keys hidden in the context. */
  [Symbol.for('nodejs.util.inspect.custom')](
    _depth: number,
    options: object,
    inspect: (value: unknown, options: object) => string,
  ): string {
    const shown: Record<string, unknown> = { code: this.code };
    if (Object.keys(this.context).length > 0) shown['context'] = redact(this.context, redactedKeysOf(this));
    if ('cause' in this) shown['cause'] = this.cause;
    return `${this.stack ?? String(this)} ${inspect(shown, options)}`;
  }

  /** Decides `instanceof`: by a brand that all copies of this package share; of a subclass by the prototype. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    // A subclass inherits this method, and must not claim every branded error as its own.
    if (Object.hasOwn(this, 'prototype') && Object.hasOwn(this.prototype, BRAND)) {
      return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[BRAND] === true;
    }
    return Function.prototype[Symbol.hasInstance].call(this, value);
  }
}

Object.defineProperty(ContextualError.prototype, 'name', { value: 'ContextualError', writable: true, configurable: true });
Object.defineProperty(ContextualError.prototype, BRAND, { value: true });

function redactedKeysOf(error: ContextualError): readonly RedactedKey[] {
  return (error.constructor as Partial<typeof ContextualError>).redactedKeys ?? DEFAULT_REDACTED_KEYS;
}
