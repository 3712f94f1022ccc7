import { createContext, runInContext } from 'node:vm';
import { redact } from 'watertight-runtime';
import { describe, expect, test } from 'vitest';

const R = '[redacted]';

describe('redact', () => {
  test.each([
    'password', 'Password', 'userPassword', 'PASSWORD_HASH', 'passwd', 'pwd', 'passphrase', 'secret', 'clientSecret', 'AWS_SECRET_ACCESS_KEY',
    'token', 'access_token', 'refreshToken', 'x-csrf-token', 'Authorization', 'proxy-authorization', 'cookie', 'Set-Cookie', 'credentials',
    'api_key', 'X-Api-Key', 'private key', 'private.key', 'accessKeyId', 'sessionId', 'jwt', 'X-Hub-Signature-256',
  ])('hides %s', (key) => {
    expect(redact({ [key]: 'value', nested: [{ [key]: { deep: 1 } }] })).toEqual({ [key]: R, nested: [{ [key]: R }] });
  });

  test.each(['user', 'author', 'key', 'status', 'path', 'passed', 'monkey', 'session'])('shows %s', (key) => {
    expect(redact({ [key]: 'value' })).toEqual({ [key]: 'value' });
  });

  test('takes the keys it is given instead', () => {
    expect(redact({ pin: 1, password: 2, x_id: 3, id: 4 }, ['PIN', /^x_/y])).toEqual({ pin: R, password: 2, x_id: R, id: 4 });
    expect(redact([{ x_a: 1 }, { x_b: 2 }], [/^x_/g])).toEqual([{ x_a: R }, { x_b: R }]);
    expect(redact({ any: 1 }, ['', '-'])).toEqual({ any: 1 });
  });

  test('reads maps, headers and forms by entry', () => {
    const form = new FormData();
    form.set('password', 'p');
    form.set('name', 'n');
    expect(
      redact({
        map: new Map<unknown, unknown>([['token', 't'], ['id', { secret: 's' }], [1, 'one']]),
        headers: new Headers({ Authorization: 'Bearer t', Accept: 'text/plain' }),
        query: new URLSearchParams('token=t&page=2'),
        form,
        set: new Set(['a', { password: 'p' }]),
      }),
    ).toEqual({
      map: { token: R, id: { secret: R }, 1: 'one' },
      headers: { authorization: R, accept: 'text/plain' },
      query: { token: R, page: '2' },
      form: { password: R, name: 'n' },
      set: ['a', { password: R }],
    });
  });

  test('hides userinfo and secret parameters of a URL object', () => {
    expect(redact(new URL('https://kim:hunter2@example.com/a?token=t&page=2#x'))).toBe('https://redacted@example.com/a?token=redacted&page=2#x');
    expect(redact(new URL('https://example.com/'))).toBe('https://example.com/');
  });

  test('turns what JSON cannot hold into text', () => {
    const value = redact({
      big: 10n, symbol: Symbol('s'), nan: NaN, run: function job() {}, nothing: undefined, none: null,
      date: new Date(0), broken: new Date(NaN), pattern: /a/g, bytes: Buffer.from('secret bytes'), list: [undefined, 1],
    });
    expect(value).toEqual({
      big: '10', symbol: 'Symbol(s)', nan: 'NaN', run: '[function job]', none: null,
      date: '1970-01-01T00:00:00.000Z', broken: 'Invalid Date', pattern: '/a/g', bytes: '[Buffer of 12 bytes]', list: [null, 1],
    });
    expect(() => JSON.stringify(value)).not.toThrow();
  });

  test('cuts cycles, but not repetitions', () => {
    const shared = { id: 1 };
    const value: Record<string, unknown> = { first: shared, second: shared };
    value['self'] = value;
    expect(redact(value)).toEqual({ first: { id: 1 }, second: { id: 1 }, self: '[circular]' });
  });

  test('survives getters, proxies and toJSON that throw', () => {
    const hostile = {
      get broken(): never {
        throw new Error('getter');
      },
      proxy: new Proxy({}, {
        ownKeys: () => {
          throw new Error('ownKeys');
        },
      }),
      json: {
        toJSON: () => {
          throw new Error('toJSON');
        },
      },
    };
    expect(redact(hostile)).toEqual({ broken: '[unreadable]', proxy: '[unreadable]', json: '[unreadable]' });
  });

  test('looks into what toJSON gives', () => {
    expect(redact({ toJSON: () => ({ password: 'p', id: 1 }) })).toEqual({ password: R, id: 1 });
  });

  test('ends on large, wide and deep values', () => {
    let deep: Record<string, unknown> = {};
    for (let level = 0; level < 100; level++) deep = { deep };
    expect(JSON.stringify(redact(deep))).toContain('[too deep]');
    const wide = redact(Array.from({ length: 300 }, (_, index) => index)) as unknown[];
    expect(wide.length).toBe(201);
    expect(wide.at(-1)).toBe('[100 more]');
    const bush = (depth: number): unknown => (depth === 0 ? {} : Array.from({ length: 20 }, () => bush(depth - 1)));
    expect(JSON.stringify(redact(bush(4)))).toContain('[too much]');
  });

  test('keeps of a foreign error what is its own, and nothing that hangs on it', () => {
    const error = Object.assign(new Error('Request failed with status code 401', { cause: 'expired' }), {
      code: 'ERR_BAD_REQUEST',
      config: { headers: { 'X-Custom': 'hidden value' } },
    });
    expect(redact(error)).toEqual({ name: 'Error', code: 'ERR_BAD_REQUEST', message: 'Request failed with status code 401', stack: error.stack, cause: 'expired' });
    expect(redact(new AggregateError([new Error('one'), { password: 'p' }], 'all'))).toMatchObject({ message: 'all', errors: [{ message: 'one' }, { password: R }] });
    expect(redact(runInContext('new TypeError("foreign")', createContext({})))).toMatchObject({ name: 'TypeError', message: 'foreign' });
  });

  test('a key __proto__ is data', () => {
    const copied = redact(JSON.parse('{"__proto__": {"polluted": true}}')) as Record<string, unknown>;
    expect(copied['polluted']).toBeUndefined();
    expect(Object.keys(copied)).toEqual(['__proto__']);
  });
});
