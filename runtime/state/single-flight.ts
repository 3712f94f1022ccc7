/** How long results are shared beyond their run. */
export interface SingleFlightOptions {
  /** How long a result is kept after it has come, in milliseconds. Default 0: only calls that overlap share one. */
  keepMs?: number;
  /** How many results are kept at most; the oldest goes first. Default 1,000. */
  keepMax?: number;
}

/** A function whose overlapping calls share one run. */
export interface SingleFlight<Args extends readonly unknown[], Result, Key> {
  (...args: Args): Promise<Result>;
  /** Keys whose run is under way or whose result is kept. */
  readonly size: number;
  /** The next call for this key runs anew, also while a run is under way; the callers of that one still get its result. */
  forget(key: Key): void;
}

/**
 * Makes overlapping calls for one key share a single run of `fn`, and its promise.
 *
 * The promise is stored before anything is awaited, so two callers cannot both find nothing and both start. A rejection
 * reaches everyone who shared the run and is not kept: the next call tries again. A result is kept only if asked for.
 *
 * Without `keyOf` the key is the only argument, compared as the keys of a `Map` (two equal objects are two keys); a
 * function of several arguments needs a `keyOf`. No caller's signal belongs in `fn`, as it would cancel the others:
 * give each caller its own limit around the call.
 */
export function singleFlight<Args extends readonly [] | readonly [unknown?], Result>(
  fn: (...args: Args) => Result | PromiseLike<Result>,
  keyOf?: undefined,
  options?: SingleFlightOptions,
): SingleFlight<Args, Result, Args[0]>;
export function singleFlight<Args extends readonly unknown[], Result, Key>(
  fn: (...args: Args) => Result | PromiseLike<Result>,
  keyOf: (...args: Args) => Key,
  options?: SingleFlightOptions,
): SingleFlight<Args, Result, Key>;
export function singleFlight<Args extends readonly unknown[], Result>(
  fn: (...args: Args) => Result | PromiseLike<Result>,
  keyOf: (...args: Args) => unknown = onlyArgument,
  { keepMs = 0, keepMax = 1_000 }: SingleFlightOptions = {},
): SingleFlight<Args, Result, unknown> {
  const flights = new Map<unknown, Promise<Result>>();
  // In the order in which they came, which is the order in which they expire.
  const kept = new Map<unknown, Kept<Result>>();

  function call(...args: Args): Promise<Result> {
    const key = keyOf(...args);
    const known = flights.get(key) ?? findKept(kept, key);
    if (known) return known;
    const flight = start(fn, args);
    flights.set(key, flight);
    const land = (succeeded: boolean) => {
      // Forgotten meanwhile: the key may belong to a later flight.
      if (flights.get(key) !== flight) return;
      flights.delete(key);
      if (succeeded && keepMs > 0) keep(kept, key, { promise: flight, expiresAt: performance.now() + keepMs }, keepMax);
    };
    flight.then(
      () => land(true),
      () => land(false),
    );
    return flight;
  }

  return Object.defineProperties(call, {
    size: { get: () => flights.size + kept.size },
    forget: {
      value: (key: unknown) => {
        flights.delete(key);
        kept.delete(key);
      },
    },
  }) as SingleFlight<Args, Result, unknown>;
}

interface Kept<Result> {
  readonly promise: Promise<Result>;
  readonly expiresAt: number;
}

function findKept<Result>(kept: Map<unknown, Kept<Result>>, key: unknown): Promise<Result> | undefined {
  dropExpired(kept);
  return kept.get(key)?.promise;
}

function keep<Result>(kept: Map<unknown, Kept<Result>>, key: unknown, result: Kept<Result>, max: number): void {
  dropExpired(kept);
  kept.set(key, result);
  if (kept.size > max) kept.delete(kept.keys().next().value);
}

function dropExpired(kept: Map<unknown, Kept<unknown>>): void {
  for (const [key, { expiresAt }] of kept) {
    if (expiresAt > performance.now()) return;
    kept.delete(key);
  }
}

// Async, so that a synchronous throw is a rejection as well.
async function start<Args extends readonly unknown[], Result>(
  fn: (...args: Args) => Result | PromiseLike<Result>,
  args: Args,
): Promise<Result> {
  return await fn(...args);
}

function onlyArgument(...args: readonly unknown[]): unknown {
  if (args.length <= 1) return args[0];
  throw new TypeError('singleFlight needs a keyOf for a function that is called with several arguments.');
}
