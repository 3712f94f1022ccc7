export type DisposeKey = typeof Symbol.dispose | typeof Symbol.asyncDispose;

const ownDisposes = /* @__PURE__ */ new WeakSet<object>();

/** Whether a dispose method was put where it is by {@link withDispose}. */
export function isOwnDispose(method: unknown): boolean {
  return typeof method === 'function' && ownDisposes.has(method);
}

/**
 * Gives an object a dispose method without showing it: the property is not enumerable, so spreading, serialising
 * and comparing the object stay as they were. An object that takes no new property is wrapped in a proxy.
 */
export function withDispose<T extends object>(target: T, key: DisposeKey, dispose: () => unknown): T {
  ownDisposes.add(dispose);
  const own = Object.getOwnPropertyDescriptor(target, key);
  const takesProperty = own === undefined ? Object.isExtensible(target) : own.configurable === true;
  if (takesProperty) {
    Object.defineProperty(target, key, { value: dispose, enumerable: false, configurable: true, writable: true });
    return target;
  }
  return proxied(target, key, dispose);
}

/**
 * The proxy stands on an empty object, because a proxy may not answer differently from a frozen target. Methods are
 * bound to the real object: those of `Response` and of other platform classes refuse any other `this`.
 */
function proxied<T extends object>(target: T, key: DisposeKey, dispose: () => unknown): T {
  const bound = new Map<PropertyKey, unknown>();
  const base = typeof target === 'function' ? (...args: unknown[]): unknown => Reflect.apply(target, undefined, args) : {};
  return new Proxy(base, {
    get(_base, name) {
      if (name === key) {
        return dispose;
      }
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function' || name === 'constructor') {
        return value;
      }
      if (!bound.has(name)) {
        bound.set(name, value.bind(target));
      }
      return bound.get(name);
    },
    set: (_base, name, value) => Reflect.set(target, name, value, target),
    has: (_base, name) => name === key || Reflect.has(target, name),
    ownKeys: () => Reflect.ownKeys(target),
    getOwnPropertyDescriptor(_base, name) {
      const descriptor = Reflect.getOwnPropertyDescriptor(target, name);
      return descriptor && { ...descriptor, configurable: true };
    },
    getPrototypeOf: () => Reflect.getPrototypeOf(target),
  }) as T;
}
