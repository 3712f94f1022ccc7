/**
 * What a value is with respect to one obligation: the resource itself, a promise of it, a part of it under another
 * name, a container (object or array literal) with it inside, or a list of any length of which it is one element.
 */
export type Shape =
  | { readonly kind: 'resource'; readonly key: string }
  | { readonly kind: 'promise'; readonly of: Shape; readonly key: string }
  | { readonly kind: 'part'; readonly name: string; readonly isView: boolean; readonly key: string }
  | { readonly kind: 'container'; readonly entries: ReadonlyMap<string, Shape>; readonly key: string }
  | { readonly kind: 'list'; readonly of: Shape; readonly key: string };

export const RESOURCE: Shape = { kind: 'resource', key: 'R' };

/** The error of a callback: where it is set, nothing was acquired. */
export const ERROR_PART: Shape = { kind: 'part', name: '$error', isView: true, key: 'v:$error' };

/** The `status` of a settled promise that has the resource. */
export const SETTLED_PART: Shape = { kind: 'part', name: '$settled', isView: true, key: 'v:$settled' };

/** The `length` of a list that has the resource. */
export const LENGTH_PART: Shape = { kind: 'part', name: '$length', isView: true, key: 'v:$length' };

export function promiseOf(of: Shape): Shape {
  return of.kind === 'promise' ? of : { kind: 'promise', of, key: `P(${of.key})` };
}

export function partNamed(name: string, isView: boolean): Shape {
  return { kind: 'part', name, isView, key: `${isView ? 'v' : 'p'}:${name}` };
}

export function containerOf(entries: ReadonlyMap<string, Shape>): Shape {
  const key = [...entries].map(([name, shape]) => `${name}=${shape.key}`).join(',');
  return { kind: 'container', entries, key: `{${key}}` };
}

export function listOf(of: Shape): Shape & { kind: 'list' } {
  return { kind: 'list', of, key: `[${of.key}]` };
}

/** What `Promise.allSettled` makes of a promise: always `fulfilled` where the resource was acquired. */
export function settledOf(of: Shape): Shape {
  return containerOf(new Map([['status', SETTLED_PART], ['value', awaited(of)]]));
}

/** The shape after `await`: promises are unwrapped, everything else is as it was. */
export function awaited(shape: Shape): Shape {
  return shape.kind === 'promise' ? shape.of : shape;
}

/** Whether holding a value of this shape keeps the resource in hand. A view of a resource tells only about it. */
export function isHolding(shape: Shape): boolean {
  if (shape.kind === 'promise' || shape.kind === 'list') return isHolding(shape.of);
  if (shape.kind === 'container') return [...shape.entries.values()].some(isHolding);
  return !(shape.kind === 'part' && shape.isView);
}
