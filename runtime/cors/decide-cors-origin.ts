/**
 * One rule for origins. A rule that is not well formed lets nobody in.
 *
 * - `'https://app.example.com'`: this origin. Case, a default port and a final `/` in the rule do not matter.
 * - `'https://*.example.com'`: every host below `example.com`, at any depth, but not `example.com`, on this scheme and port.
 * - a `RegExp`: must match the whole origin, with or without `^` and `$`. Its `g`, `y` and `m` flags have no effect.
 * - a function: lets in by returning `true` itself; anything else, a promise included, refuses.
 * - `'*'`: everyone, without credentials only.
 */
export type CorsOriginRule = string | RegExp | ((origin: string) => boolean);

/** Why an origin was refused: it is `null`, it is no origin as a browser writes it, no rule lets it in, or a rule threw. */
export type CorsRefusal = 'null-origin' | 'malformed-origin' | 'not-allowed' | 'rule-threw';

export type CorsDecision =
  | { readonly allowOrigin: string }
  | { readonly refusal: CorsRefusal; readonly error?: unknown };

/** A rule made ready to be asked. */
type OriginTest = (origin: string) => boolean;

// Longer than any: 8 for the scheme, 254 for a host name (RFC 1035 section 2.3.4), 6 for the port.
const MAX_LENGTH = 300;

// Host characters are those of real host names. URLs allow more (`{`, `!`, `'`), which are only ever seen in attacks.
const SERIALISED_ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?$/;
const WEB_SCHEME = /^(?:https?|wss?|ftp):/;

/**
 * Decides about the `Origin` header of a request. What it lets in is written exactly as browsers serialise origins
 * (https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin), so no rule is ever asked
 * about userinfo, a path, upper case, a default port, raw Unicode or several values.
 */
export function decideCorsOrigin(
  origin: string,
  rules: CorsOriginRule | readonly CorsOriginRule[],
  credentials: boolean,
): CorsDecision {
  if (origin === 'null') return { refusal: 'null-origin' };
  if (!isSerialisedOrigin(origin)) return { refusal: 'malformed-origin' };
  const list = Array.isArray(rules) ? (rules as readonly CorsOriginRule[]) : [rules as CorsOriginRule];
  try {
    if (list.some((rule) => rule !== '*' && compile(rule)?.(origin) === true)) return { allowOrigin: origin };
  } catch (error) {
    return { refusal: 'rule-threw', error };
  }
  return list.includes('*') && !credentials ? { allowOrigin: '*' } : { refusal: 'not-allowed' };
}

/** Whether a rule can let anyone in. */
export function isCorsOriginRule(rule: unknown): rule is CorsOriginRule {
  return rule === '*' || compile(rule) !== undefined;
}

function isSerialisedOrigin(origin: string): boolean {
  if (origin.length > MAX_LENGTH || !SERIALISED_ORIGIN.test(origin)) return false;
  // Of other schemes (`chrome-extension:`, `capacitor:`) the parser knows no origin; the pattern has to do.
  return WEB_SCHEME.test(origin) ? parse(origin)?.origin === origin : parse(origin) !== undefined;
}

const compiledTexts = new Map<string, OriginTest | undefined>();
const compiledPatterns = new WeakMap<RegExp, OriginTest>();
const MAX_COMPILED = 1_000;

function compile(rule: unknown): OriginTest | undefined {
  if (typeof rule === 'function') return rule as OriginTest;
  if (typeof rule === 'string') return compileText(rule);
  return isRegExp(rule) ? compilePattern(rule) : undefined;
}

function compileText(rule: string): OriginTest | undefined {
  if (compiledTexts.has(rule)) return compiledTexts.get(rule);
  const text = rule.trim();
  const test = text.includes('*') ? wildcardTest(text) : exactTest(text);
  // Rules are few and fixed; a caller that builds them per request must not fill the memory.
  if (compiledTexts.size >= MAX_COMPILED) compiledTexts.clear();
  compiledTexts.set(rule, test);
  return test;
}

function exactTest(rule: string): OriginTest | undefined {
  const url = parse(rule);
  if (!url || url.username || url.password || url.search || url.hash) return undefined;
  if (!WEB_SCHEME.test(url.protocol)) return isSerialisedOrigin(rule) ? (origin) => origin === rule : undefined;
  return url.pathname === '/' ? (origin) => origin === url.origin : undefined;
}

// scheme://*.host[:port], where the star is the whole first label
function wildcardTest(rule: string): OriginTest | undefined {
  const [scheme, host, ...more] = rule.split('*.');
  if (scheme === undefined || host === undefined || more.length > 0 || !/^(?:https?|wss?):\/\/$/i.test(scheme)) return undefined;
  const below = parse(`${scheme}x.${host}`);
  // What is no origin as an exact rule is none as a wildcard.
  if (!below || host.includes('*') || !exactTest(`${scheme}x.${host}`)) return undefined;
  const suffix = below.hostname.slice(1);
  // `https://*.` would mean every host that is written with a final dot.
  if (suffix === '.' || !isSerialisedOrigin(below.origin)) return undefined;
  return (origin) => {
    const url = new URL(origin);
    return url.protocol === below.protocol && url.port === below.port && url.hostname.endsWith(suffix);
  };
}

function compilePattern(rule: RegExp): OriginTest {
  let test = compiledPatterns.get(rule);
  if (!test) {
    // Wrapped, not compared with the match: of `/a|ab/` the first branch to match need not be the whole one.
    const whole = new RegExp(`^(?:${rule.source})$`, rule.flags.replace(/[gym]/g, ''));
    test = (origin) => whole.test(origin);
    compiledPatterns.set(rule, test);
  }
  return test;
}

// By tag, since a pattern of another realm is no instance of this one's `RegExp`.
function isRegExp(rule: unknown): rule is RegExp {
  return Object.prototype.toString.call(rule) === '[object RegExp]';
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
