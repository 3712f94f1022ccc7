import type { Node } from './node.js';
import { type VisitorKeys, walk } from './walk.js';

export type NodeType = Node['type'];
export type NodeOfType<Type extends NodeType> = Extract<Node, { type: `${Type}` }>;

/** The nodes of one file by their type, collected in one walk for everybody who starts from all nodes of a type. */
export class NodeIndex {
  readonly #byType = new Map<string, Node[]>();

  constructor(ast: Node, keys: VisitorKeys | undefined) {
    walk(
      ast,
      (node) => {
        const known = this.#byType.get(node.type);
        if (known) known.push(node);
        else this.#byType.set(node.type, [node]);
      },
      keys,
    );
  }

  /** The nodes of these types in source order, outer ones first. */
  get<Type extends NodeType>(...types: readonly `${Type}`[]): readonly NodeOfType<Type>[] {
    const lists = types.map((type) => this.#byType.get(type) ?? NONE);
    const found: unknown = lists.length === 1 ? lists[0] : lists.flat().sort(inSourceOrder);
    return found as readonly NodeOfType<Type>[];
  }
}

const NONE: Node[] = [];

function inSourceOrder(a: Node, b: Node): number {
  return a.range[0] - b.range[0] || b.range[1] - a.range[1];
}
