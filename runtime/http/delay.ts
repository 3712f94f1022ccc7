/** A promise for `undefined` after so many milliseconds, and the way to take its timer back. */
export interface Delay {
  promise: Promise<undefined>;
  clear(): void;
}

export function delay(ms: number): Delay {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const promise = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  return { promise, clear: () => clearTimeout(timer) };
}

/** Waits for a promise, but no longer than so many milliseconds. */
export async function within(ms: number, promise: Promise<unknown>): Promise<void> {
  const limit = delay(ms);
  try {
    await Promise.race([promise, limit.promise]);
  } finally {
    limit.clear();
  }
}
