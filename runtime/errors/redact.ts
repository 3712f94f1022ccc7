/**
 * A key to hide. Text is looked for inside the key, whatever the case and without `-`, `_`, `.` and spaces; a pattern
 * sees the key as it is written.
 */
export type RedactedKey = string | RegExp;

/** The keys whose values are hidden unless told otherwise. Each also hides the keys that contain it, such as `x-api-key` or `refreshToken`. */
export const DEFAULT_REDACTED_KEYS: readonly RedactedKey[] = Object.freeze([
  'password', 'passwd', 'passphrase', 'pwd', 'secret', 'token', 'authorization', 'cookie', 'credential',
  'apikey', 'accesskey', 'privatekey', 'sessionid', 'signature', 'jwt', 'bearer',
]);

const REDACTED = '[redacted]';
const MAX_DEPTH = 16;
const MAX_ENTRIES = 200;
const MAX_OBJECTS = 2_000;

/**
 * Copies a value into plain JSON data with the values of secret keys replaced by `[redacted]`.
 *
 * It never throws and always ends: cycles, depth past 16, entries past 200 and objects past 2,000 are cut and marked, a
 * getter that throws is marked, and what JSON cannot hold (bigint, functions, symbols, `NaN`) becomes text. `Map`,
 * `Headers`, `URLSearchParams` and `FormData` are read by entry, so their keys are checked as well; binary data is
 * named, not copied. Of an error that is not a `ContextualError` only `name`, `message`, `code`, `stack`, `cause` and `errors` are
 * kept, since HTTP clients hang whole requests on theirs.
 *
 * Only keys are looked at: a secret inside a message or under a harmless key stays. Userinfo in a `URL` object is hidden.
 */
export function redact(value: unknown, keys: readonly RedactedKey[] = DEFAULT_REDACTED_KEYS): unknown {
  return copy(value, { isSecret: secretTest(keys), path: new Set(), budget: { objects: MAX_OBJECTS } });
}

interface Walk {
  readonly isSecret: (key: string) => boolean;
  /** The objects between the root and here: a second meeting is a cycle, while a mere repetition is not. */
  readonly path: Set<object>;
  readonly budget: { objects: number };
}

function secretTest(keys: readonly RedactedKey[]): Walk['isSecret'] {
  const words = keys.filter((key) => typeof key === 'string').map(plainKey).filter((word) => word !== '');
  // Without `g` and `y` a pattern has no memory of the key before.
  const patterns = keys.filter((key) => typeof key !== 'string').map((key) => new RegExp(key.source, key.flags.replace(/[gy]/g, '')));
  return (key) => {
    const plain = plainKey(key);
    return words.some((word) => plain.includes(word)) || patterns.some((pattern) => pattern.test(key));
  };
}

function plainKey(key: string): string {
  return key.replace(/[-_.\s]/g, '').toLowerCase();
}

function copy(value: unknown, walk: Walk): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'bigint':
    case 'symbol':
      return String(value);
    case 'function':
      return `[function ${value.name}]`;
    case 'object':
      return value === null ? null : copyObject(value, walk);
    default:
      return undefined;
  }
}

function copyObject(value: object, walk: Walk): unknown {
  if (walk.path.has(value)) return '[circular]';
  if (walk.path.size >= MAX_DEPTH) return '[too deep]';
  if (--walk.budget.objects < 0) return '[too much]';
  walk.path.add(value);
  try {
    return copyByKind(value, walk);
  } catch {
    return '[unreadable]';
  } finally {
    walk.path.delete(value);
  }
}

function copyByKind(value: object, walk: Walk): unknown {
  if (isError(value)) return copyError(value, walk);
  if (Array.isArray(value)) return copyList(value, walk);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof RegExp) return String(value);
  if (value instanceof URL) return urlText(value, walk);
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.constructor.name} of ${value.byteLength} bytes]`;
  if (value instanceof Set) return copyList([...value], walk);
  if (isKeyed(value)) return copyEntries([...value.entries()].map(([key, item]) => [String(key), () => item]), walk);
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === 'function') {
    const json: unknown = toJSON.call(value, '');
    if (json !== value) return copy(json, walk);
  }
  return copyEntries(Object.keys(value).map((key) => [key, () => (value as Record<string, unknown>)[key]]), walk);
}

/** Serialises an error with its cause chain; `ContextualError` is known by its fields, so that another copy's is read as well. */
function copyError(error: Error & { code?: unknown; context?: unknown; errors?: unknown }, walk: Walk): unknown {
  const own = isContextual(error);
  return copyEntries(
    [
      ['name', () => error.name],
      ['code', () => error.code],
      ['message', () => error.message],
      ['context', () => (own ? error.context : undefined)],
      ['stack', () => error.stack],
      ['cause', () => error.cause],
      ['errors', () => (Array.isArray(error.errors) ? error.errors : undefined)],
    ],
    { ...walk, isSecret: () => false },
    walk,
  );
}

// By tag as well, since an error of another realm is no instance of this one's `Error`.
function isError(value: object): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}

function isContextual(error: object): boolean {
  return (error as Record<symbol, unknown>)[Symbol.for('watertight.ContextualError')] === true;
}

function copyList(list: readonly unknown[], walk: Walk): unknown[] {
  const copied = list.slice(0, MAX_ENTRIES).map((item) => copy(item, walk) ?? null);
  if (list.length > MAX_ENTRIES) copied.push(`[${list.length - MAX_ENTRIES} more]`);
  return copied;
}

/** `walk` judges these keys, `inner` the keys below them. */
function copyEntries(entries: readonly (readonly [string, () => unknown])[], walk: Walk, inner: Walk = walk): Record<string, unknown> {
  // Without a prototype, so that a key `__proto__` is data.
  const copied: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [key, read] of entries.slice(0, MAX_ENTRIES)) {
    const item = walk.isSecret(key) ? REDACTED : copyRead(read, inner);
    if (item !== undefined) copied[key] = item;
  }
  if (entries.length > MAX_ENTRIES) copied['…'] = `[${entries.length - MAX_ENTRIES} more]`;
  return copied;
}

function copyRead(read: () => unknown, walk: Walk): unknown {
  let item: unknown;
  try {
    item = read();
  } catch {
    return '[unreadable]';
  }
  return copy(item, walk);
}

function isKeyed(value: object): value is { entries(): Iterable<[unknown, unknown]> } {
  // By tag, since the `Headers` of an installed undici is not the global one.
  return (
    /^\[object (Map|Headers|URLSearchParams|FormData)\]$/.test(Object.prototype.toString.call(value)) &&
    typeof (value as { entries?: unknown }).entries === 'function'
  );
}

function urlText(url: URL, walk: Walk): string {
  const shown = new URL(url);
  if (shown.username !== '' || shown.password !== '') {
    shown.username = 'redacted';
    shown.password = '';
  }
  for (const key of new Set(shown.searchParams.keys())) {
    if (walk.isSecret(key)) shown.searchParams.set(key, 'redacted');
  }
  return shown.href;
}
