import { type Node, getPropertyName } from './node.js';

/** The member path by which `name` is taken out of a destructuring pattern: `{ a: { b } }` gives `['a', 'b']`. */
export function findPatternPath(pattern: Node, name: Node): string[] | undefined {
  if (pattern === name) return [];
  if (pattern.type === 'AssignmentPattern') return findPatternPath(pattern.left, name);
  if (pattern.type !== 'ObjectPattern') return undefined;
  for (const property of pattern.properties) {
    if (property.type !== 'Property') continue;
    const rest = findPatternPath(property.value, name);
    const key = getPropertyName(property);
    if (rest) return key === undefined ? undefined : [key, ...rest];
  }
  return undefined;
}
