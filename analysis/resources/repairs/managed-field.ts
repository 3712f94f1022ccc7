import type { Leak } from '../../ownership/find-leaks.js';
import type { ResourceRepair } from '../../repairs/resource-repair.js';
import type { SourceFile } from '../../source-file.js';
import { type Node, findEnclosingClass, outermostWrapper } from '../../syntax/node.js';
import { walk } from '../../syntax/walk.js';

/**
 * this.#server = createServer();
 * →
 * this.#server = this.#resources.register(createServer());
 *
 * Where the class has a `ResourceManager` already; undefined elsewhere.
 */
export function getManagedField({ site }: Leak, file: SourceFile): ResourceRepair | undefined {
  const owner = findEnclosingClass(site);
  const outer = outermostWrapper(site);
  const value = outer.parent?.type === 'AwaitExpression' ? outer.parent : outer;
  const { parent } = outermostWrapper(value);
  if (!owner || parent?.type !== 'AssignmentExpression' || parent.parent.type !== 'ExpressionStatement') return undefined;
  let manager: Node | undefined;
  walk(
    owner.body,
    (node) => {
      const isField = node.type === 'MemberExpression' && node.object.type === 'ThisExpression';
      if (isField && /:ResourceManager\.prototype$/.test(file.getOrigin(node) ?? '')) manager ??= node;
    },
    file.visitorKeys,
  );
  if (!manager) return undefined;
  const text = `${file.getText(manager)}.register(${file.getText(value)})`;
  return { edits: [{ start: value.range[0], end: value.range[1], text }], helpers: [], imports: [] };
}
