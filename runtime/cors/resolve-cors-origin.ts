import { decideCorsOrigin } from './decide-cors-origin.js';
import type { CorsOriginRule } from './decide-cors-origin.js';

/** What else the response says, as far as it bears on the decision. */
export interface ResolveCorsOriginOptions {
  /** Whether the response also carries `Access-Control-Allow-Credentials: true`. Then `'*'` lets nobody in. Default `false`. */
  credentials?: boolean;
}

/**
 * The value for `Access-Control-Allow-Origin`, or `undefined` when the origin is not let in (or there is none): then send
 * no such header. The one place that decides.
 *
 * ```ts
 * const allowOrigin = resolveCorsOrigin(request.headers.origin, ['https://app.example.com', 'https://*.example.org']);
 * response.setHeader('Vary', 'Origin');
 * if (allowOrigin !== undefined) response.setHeader('Access-Control-Allow-Origin', allowOrigin);
 * ```
 *
 * The result is the origin itself, or `'*'` if a rule is `'*'` and no other lets the origin in. The origin `null` is always
 * refused (sandboxed frames and `data:` documents of anyone have it), and so is what no browser sends as an origin.
 * `createCorsHandler` does all of it, with preflights, `Vary` and the refusal.
 *
 * @throws what a function among the rules throws
 */
export function resolveCorsOrigin(
  origin: string | null | undefined,
  allowed: CorsOriginRule | readonly CorsOriginRule[],
  { credentials = false }: ResolveCorsOriginOptions = {},
): string | undefined {
  if (typeof origin !== 'string') return undefined;
  const decision = decideCorsOrigin(origin, allowed, credentials);
  if ('allowOrigin' in decision) return decision.allowOrigin;
  if (decision.refusal === 'rule-threw') throw decision.error;
  return undefined;
}
