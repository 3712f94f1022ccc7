/** The reason that a time limit gives, the same that `AbortSignal.timeout` would. */
export function timeoutError(ms: number): DOMException {
  return new DOMException(`The operation did not finish within ${ms} ms.`, 'TimeoutError');
}
