/**
 * What a value is with respect to one obligation: the resource itself, a promise of it, a part of it under another
 * name, or a container (object or array literal) with it inside.
 */
export type Shape =
  | { readonly kind: 'resource'; readonly key: string }
  | { readonly kind: 'promise'; readonly of: Shape; readonly key: string }
  | { readonly kind: 'part'; readonly name: string; readonly isView: boolean; readonly key: string }
  | { readonly kind: 'container'; readonly entries: ReadonlyMap<string, Shape>; readonly key: string };

export const RESOURCE: Shape = { kind: 'resource', key: 'R' };

/** The error of a callback: where it is set, nothing was acquired. */
export const ERROR_PART: Shape = { kind: 'part', name: '$error', isView: true, key: 'v:$error' };

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

/** The shape after `await`: promises are unwrapped, everything else is as it was. */
export function awaited(shape: Shape): Shape {
  return shape.kind === 'promise' ? shape.of : shape;
}

/** Whether holding a value of this shape keeps the resource in hand. A view of a resource tells only about it. */
export function isHolding(shape: Shape): boolean {
  if (shape.kind === 'promise') return isHolding(shape.of);
  if (shape.kind === 'container') return [...shape.entries.values()].some(isHolding);
  return !(shape.kind === 'part' && shape.isView);
}
