/** Waits until a condition holds, and throws with what is so instead when it does not in time. */
export async function eventually(holds: () => boolean, say: () => unknown, timeoutMs = 10_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!holds()) {
    if (Date.now() > end) {
      throw new Error(`Still not so after ${timeoutMs} ms: ${JSON.stringify(say())}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
