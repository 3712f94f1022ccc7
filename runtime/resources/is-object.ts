/** Whether a value can have methods and be kept in a weak collection. */
export function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
