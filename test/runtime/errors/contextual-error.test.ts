import { inspect, types } from 'node:util';
import { createContext, runInContext } from 'node:vm';
import { ContextualError, DEFAULT_REDACTED_KEYS, wrapWithContext } from 'watertight-runtime';
import { describe, expect, expectTypeOf, test, vi } from 'vitest';

class UploadError extends ContextualError {
  static override redactedKeys = [...DEFAULT_REDACTED_KEYS, 'digest'];
  readonly retryable: boolean = true;
}

describe('ContextualError', () => {
  test('carries message, code, context, cause and the stack of where it was made', () => {
    const cause = new Error('socket hang up');
    function upload() {
      return new ContextualError('Upload failed.', { code: 'UPLOAD_FAILED', context: { blob: 'sha256:1' }, cause });
    }
    const error = upload();
    expect(error).toBeInstanceOf(Error);
    expect(types.isNativeError(error)).toBe(true);
    expect(error).toMatchObject({ name: 'ContextualError', message: 'Upload failed.', code: 'UPLOAD_FAILED', context: { blob: 'sha256:1' } });
    expect(error.cause).toBe(cause);
    expect(error.stack).toMatch(/^ContextualError: Upload failed\.\n\s+at upload /);
  });

  test('has no cause unless one is given, and keeps a cause that is undefined', () => {
    expect('cause' in new ContextualError('a', { code: 'A' })).toBe(false);
    expect('cause' in new ContextualError('a', { code: 'A', cause: undefined })).toBe(true);
  });

  test('its context is a frozen copy, and no enumerable field', () => {
    const context = { attempt: 1 };
    const error = new ContextualError('a', { code: 'A', context });
    context.attempt = 2;
    expect(error.context).toEqual({ attempt: 1 });
    expect(Object.isFrozen(error.context)).toBe(true);
    expect(Object.keys(error)).toEqual(['code']);
    expect(new ContextualError('a', { code: 'A' }).context).toEqual({});
  });

  test('withContext gives a new error that differs in the context alone', () => {
    const cause = new Error('cause');
    const error = new UploadError('Upload failed.', { code: 'UPLOAD_FAILED', context: { blob: 'b', attempt: 1 }, cause });
    const { stack } = error;
    const extended = error.withContext({ attempt: 2, host: 'h' });
    expect(extended).not.toBe(error);
    expect(extended.context).toEqual({ blob: 'b', attempt: 2, host: 'h' });
    expect(error.context).toEqual({ blob: 'b', attempt: 1 });
    expect(extended).toMatchObject({ name: 'ContextualError', message: 'Upload failed.', code: 'UPLOAD_FAILED', retryable: true });
    expect(extended.cause).toBe(cause);
    expect(extended.stack).toBe(stack);
    expect(extended).toBeInstanceOf(UploadError);
    expect(types.isNativeError(extended)).toBe(true);
    expectTypeOf(extended).toEqualTypeOf<UploadError>();
    expect('cause' in new ContextualError('a', { code: 'A' }).withContext({})).toBe(false);
  });

  test('instanceof knows errors of another copy of the package', async () => {
    vi.resetModules();
    const other = await import('../../../runtime/errors/contextual-error.js');
    vi.resetModules();
    expect(other.ContextualError).not.toBe(ContextualError);
    const error = new other.ContextualError('a', { code: 'A', context: { token: 't' } });
    expect(error).toBeInstanceOf(ContextualError);
    expect(new ContextualError('b', { code: 'B' })).toBeInstanceOf(other.ContextualError);
    const outer = wrapWithContext(error, 'OUTER');
    expect(JSON.parse(JSON.stringify(outer))).toMatchObject({ cause: { code: 'A', context: { token: '[redacted]' } } });
  });

  test('instanceof knows errors of another realm', () => {
    const realm = createContext({});
    const foreign = runInContext(
      `const error = new Error('foreign');
       error.code = 'FOREIGN';
       Object.defineProperty(error, Symbol.for('watertight.ContextualError'), { value: true });
       error`,
      realm,
    ) as unknown;
    expect(foreign).not.toBeInstanceOf(Error);
    expect(foreign).toBeInstanceOf(ContextualError);
    expect(runInContext('new Error()', realm)).not.toBeInstanceOf(ContextualError);
  });

  test('instanceof of a subclass means the subclass', () => {
    const error = new ContextualError('a', { code: 'A' });
    expect(error).not.toBeInstanceOf(UploadError);
    expect(new UploadError('a', { code: 'A' })).toBeInstanceOf(UploadError);
    expect(new UploadError('a', { code: 'A' })).toBeInstanceOf(ContextualError);
  });

  test.each([undefined, null, 'text', 1, {}, new Error('plain'), { code: 'A', context: {} }])('instanceof does not know %o', (value) => {
    expect(value).not.toBeInstanceOf(ContextualError);
  });
});

describe('what is shown of a ContextualError', () => {
  const error = () =>
    new ContextualError('Login failed.', {
      code: 'LOGIN_FAILED',
      context: { user: 'kim', password: 'hunter2', request: { headers: { Authorization: 'Bearer abc', Accept: '*/*' } } },
      cause: new ContextualError('Refused.', { code: 'REFUSED', context: { 'x-api-key': 'key-1' }, cause: new TypeError('socket') }),
    });

  test('JSON holds everything but the values of secret keys, down the causes', () => {
    const shown = JSON.parse(JSON.stringify(error())) as Record<string, unknown>;
    expect(shown).toEqual({
      name: 'ContextualError',
      code: 'LOGIN_FAILED',
      message: 'Login failed.',
      context: { user: 'kim', password: '[redacted]', request: { headers: { Authorization: '[redacted]', Accept: '*/*' } } },
      stack: expect.stringContaining('ContextualError: Login failed.') as string,
      cause: {
        name: 'ContextualError',
        code: 'REFUSED',
        message: 'Refused.',
        context: { 'x-api-key': '[redacted]' },
        stack: expect.any(String) as string,
        cause: { name: 'TypeError', message: 'socket', stack: expect.any(String) as string },
      },
    });
  });

  test('Node prints stack, code, context and cause, without secrets', () => {
    const text = inspect(error());
    expect(text).toMatch(/^ContextualError: Login failed\.\n\s+at /);
    for (const shown of ["code: 'LOGIN_FAILED'", "user: 'kim'", "password: '[redacted]'", 'ContextualError: Refused.', 'TypeError: socket']) {
      expect(text).toContain(shown);
    }
    expect(text).not.toMatch(/hunter2|Bearer abc|key-1/);
    expect(inspect({ nested: [error()] }, { depth: 5 })).not.toMatch(/hunter2|Bearer abc|key-1/);
  });

  test('the keys can be changed by a subclass and for all', () => {
    const context = { digest: 'd', password: 'p', note: 'n' };
    const shown = (made: ContextualError) => (made.toJSON() as { context: unknown }).context;
    expect(shown(new UploadError('a', { code: 'A', context }))).toEqual({ digest: '[redacted]', password: '[redacted]', note: 'n' });
    expect(shown(new ContextualError('a', { code: 'A', context }))).toEqual({ digest: 'd', password: '[redacted]', note: 'n' });
    const { redactedKeys } = ContextualError;
    ContextualError.redactedKeys = [/^note$/g];
    try {
      for (let again = 0; again < 2; again++) {
        expect(shown(new ContextualError('a', { code: 'A', context }))).toEqual({ digest: 'd', password: 'p', note: '[redacted]' });
      }
    } finally {
      ContextualError.redactedKeys = redactedKeys;
    }
  });
});

describe('wrapWithContext', () => {
  test('keeps the message and the error, and adds code and context', () => {
    const original = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const wrapped = wrapWithContext(original, 'PULL_FAILED', { image: 'app' });
    expect(wrapped).toBeInstanceOf(ContextualError);
    expect(wrapped).toMatchObject({ message: 'connect ECONNREFUSED', code: 'PULL_FAILED', context: { image: 'app' } });
    expect(wrapped.cause).toBe(original);
    expect(wrapWithContext(wrapped, 'SYNC_FAILED')).toMatchObject({ message: 'connect ECONNREFUSED', code: 'SYNC_FAILED', context: {} });
  });

  test('the stack starts where the error was wrapped', () => {
    function pull() {
      return wrapWithContext(new Error('a'), 'PULL_FAILED');
    }
    expect(pull().stack).toMatch(/^ContextualError: a\n\s+at pull /);
  });

  test('nothing stays nothing', () => {
    expect(wrapWithContext(undefined, 'A')).toBeUndefined();
    expect(wrapWithContext(null, 'A')).toBeNull();
    expectTypeOf(wrapWithContext(undefined, 'A')).toEqualTypeOf<undefined>();
    expectTypeOf(wrapWithContext(new Error('a'), 'A')).toEqualTypeOf<ContextualError>();
    expectTypeOf(wrapWithContext('a' as unknown, 'A')).toEqualTypeOf<ContextualError | null | undefined>();
  });

  test.each([
    ['text', 'text'],
    [0, '0'],
    ['', ''],
    [Symbol('mark'), 'Symbol(mark)'],
    [{ message: 'like an error' }, 'like an error'],
    [Object.create(null), '[object Object]'],
    [new DOMException('aborted', 'AbortError'), 'aborted'],
  ])('wraps the thrown value %o', (thrown: unknown, message) => {
    const wrapped = wrapWithContext(thrown, 'A');
    expect(wrapped).toBeInstanceOf(ContextualError);
    expect(wrapped?.message).toBe(message);
    expect(wrapped?.cause).toBe(thrown);
  });
});
