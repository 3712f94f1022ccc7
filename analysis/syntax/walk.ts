import { spend } from '../effort.js';
import type { Node } from './node.js';

export type VisitorKeys = Readonly<Record<string, readonly string[] | undefined>>;

const NOT_CHILDREN = new Set(['parent', 'loc', 'range', 'tokens', 'comments', 'type', 'start', 'end']);

/** The child nodes in source order of fields. Types that `keys` does not know fall back to every field that holds nodes. */
export function getChildren(node: Node, keys?: VisitorKeys): Node[] {
  const children: Node[] = [];
  collectChildren(node, keys, children);
  return children;
}

/** Calls `visit` on `root` and everything below it, parents first. `visit` returns false to leave out what is below a node. */
export function walk(root: Node, visit: (node: Node) => boolean | void, keys?: VisitorKeys): void {
  const stack: Node[] = [root];
  const children: Node[] = [];
  for (let node = stack.pop(); node; node = stack.pop()) {
    spend();
    if (visit(node) === false) continue;
    // One list for all nodes: a list for each of a million nodes is what the collector would be busy with.
    children.length = 0;
    collectChildren(node, keys, children);
    for (let index = children.length - 1; index >= 0; index--) stack.push(children[index]!);
  }
}

function collectChildren(node: Node, keys: VisitorKeys | undefined, children: Node[]): void {
  const record = node as unknown as Record<string, unknown>;
  const known = keys?.[node.type];
  if (known) {
    for (const key of known) addChildren(record[key], children);
    return;
  }
  for (const key in record) if (!NOT_CHILDREN.has(key)) addChildren(record[key], children);
}

function addChildren(value: unknown, children: Node[]): void {
  if (Array.isArray(value)) {
    for (const item of value) if (isNode(item)) children.push(item);
  } else if (isNode(value)) children.push(value);
}

/** Gives every node its `parent`, for hosts that parse without setting it. */
export function setParents(root: Node, keys?: VisitorKeys): void {
  walk(
    root,
    (node) => {
      for (const child of getChildren(node, keys)) child.parent = node;
    },
    keys,
  );
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}
