type HeaderValue = number | string | readonly string[];

interface VaryResponse {
  setHeader(name: string, value: HeaderValue): unknown;
  getHeader(name: string): HeaderValue | undefined;
  writeHead(...args: never[]): unknown;
}

/** Adds `Origin` to the value of a `Vary` header, unless it is there or `*` is. */
export function addOriginToVary(value: HeaderValue | null | undefined): string {
  const fields = (Array.isArray(value) ? value.join(',') : String(value ?? '')).split(',').map((field) => field.trim()).filter(Boolean);
  return fields.some((field) => field === '*' || field.toLowerCase() === 'origin') ? fields.join(', ') : [...fields, 'Origin'].join(', ');
}

/**
 * Sets `Vary: Origin` on a response of `node:http` and keeps it there when a later handler sets a `Vary` of its own.
 * Without it a shared cache gives the answer for one origin to another.
 */
export function keepOriginInVary(response: VaryResponse): void {
  response.setHeader('Vary', addOriginToVary(response.getHeader('Vary')));
  const { setHeader, writeHead } = response as unknown as Record<string, (...args: unknown[]) => unknown>;
  Object.assign(response, {
    setHeader(...args: unknown[]) {
      const [name, value, ...rest] = args;
      return setHeader?.apply(response, [name, amendValue(name, value), ...rest]);
    },
    // writeHead(status, headers?) and writeHead(status, message, headers?)
    writeHead(...args: unknown[]) {
      return writeHead?.apply(response, args.map((arg) => (typeof arg === 'object' && arg !== null ? amendHeaders(arg) : arg)));
    },
  });
}

// { name: value } or [name, value, name, value]
function amendHeaders(headers: object): object {
  if (Array.isArray(headers)) {
    return headers.map((item: unknown, index) => (index % 2 === 1 ? amendValue(headers[index - 1], item) : item));
  }
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, amendValue(name, value)]));
}

function amendValue(name: unknown, value: unknown): unknown {
  return isVary(name) ? addOriginToVary(value as HeaderValue) : value;
}

function isVary(name: unknown): boolean {
  return typeof name === 'string' && name.toLowerCase() === 'vary';
}
