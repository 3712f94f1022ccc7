import { type Node, getPropertyName, skipWrappers } from '../syntax/node.js';

/** The lower-case words of a name: `runExclusive` gives `run`, `exclusive`; `HTTP_AGENT` gives `http`, `agent`. */
export function getWords(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter(Boolean);
}

/** The names along a path, outermost last: `this.db.lock.run` gives `db`, `lock`, `run`. Calls in between are looked through. */
export function getNames(expression: Node): string[] {
  const node = skipWrappers(expression);
  switch (node.type) {
    case 'Identifier':
      return [node.name];
    case 'MemberExpression': {
      const name = getPropertyName(node);
      return [...getNames(node.object), ...(name === undefined ? [] : [name])];
    }
    case 'CallExpression':
      return getNames(node.callee);
    case 'NewExpression':
      return getNames(node.callee);
    case 'AwaitExpression':
      return getNames(node.argument);
    default:
      return [];
  }
}
