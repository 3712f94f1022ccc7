import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, isFunction } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import { findLosingPath } from './find-losing-path.js';

/** Whether `fn` releases a thing whenever it runs through `site`: in a statement before it, or on every way on from it. */
export function isReleasedAround(file: SourceFile, site: Node, fn: FunctionNode, isRelease: (call: Node) => boolean): boolean {
  return isReleasedBefore(file, site, fn, isRelease) || !findLosingPath(file, { root: fn, start: site, isRelease: (point) => point.kind === 'call' && isRelease(point.node) });
}

function isReleasedBefore(file: SourceFile, site: Node, fn: FunctionNode, isRelease: (call: Node) => boolean): boolean {
  for (let node: Node = site; node !== fn && node.parent; node = node.parent) {
    const { parent } = node;
    const statements = parent.type === 'BlockStatement' ? parent.body : parent.type === 'SequenceExpression' ? parent.expressions : [];
    for (const statement of statements as readonly Node[]) {
      if (statement === node) break;
      if (containsRelease(file, statement, isRelease)) return true;
    }
  }
  return false;
}

/** Whether a statement releases, perhaps under a test of the thing itself: `if (t) clearTimeout(t)`. */
function containsRelease(file: SourceFile, statement: Node, isRelease: (call: Node) => boolean): boolean {
  let found = false;
  walk(
    statement,
    (node) => {
      if (found || isFunction(node)) return false;
      if (isRelease(node)) found = true;
      return true;
    },
    file.visitorKeys,
  );
  return found;
}
