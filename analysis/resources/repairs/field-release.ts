import { getTeardowns } from '../../listeners/teardown.js';
import type { Leak } from '../../ownership/find-leaks.js';
import type { ResourceRepair } from '../../repairs/resource-repair.js';
import { getIndent, getLineBreak, hasSemicolons } from '../../repairs/text-layout.js';
import type { SourceFile } from '../../source-file.js';
import { type Node, findEnclosingClass, getPropertyName, isConstructor, isFunction, outermostWrapper } from '../../syntax/node.js';
import { walk } from '../../syntax/walk.js';
import { getRelease } from './release-of.js';

/**
 * close() { this.closed = true; }
 * →
 * close() { this.closed = true; this.out.end(); }
 *
 * Where the class has one method that ends it, which goes on to its end, and its constructor sets the field.
 */
export function getFieldRelease(leak: Leak, file: SourceFile): ResourceRepair | undefined {
  const owner = findEnclosingClass(leak.site);
  const [teardown, ...others] = owner ? getTeardowns(owner) : [];
  const field = findField(leak.site);
  const release = getRelease(leak, file, false);
  if (!teardown || others.length > 0 || field === undefined || !release || release.needed) return undefined;
  const { body } = teardown;
  const last = body.body?.type === 'BlockStatement' ? body.body.body.at(-1) : undefined;
  if (!last || !getIndent(file.text, last.range[0]).isOnOwnLine || leavesEarly(body, file) || (release.isPromise && !body.async)) return undefined;
  const line = `${getLineBreak(file.text)}${getIndent(file.text, last.range[0]).text}`;
  const [, end] = last.range;
  const text = `${line}${release.isPromise ? 'await ' : ''}${release.write(`this.${field}`)}${hasSemicolons(file.text) ? ';' : ''}`;
  return { edits: [{ start: end, end, text }], helpers: [], imports: [] };
}

/** `out` of `this.out = make();`, a statement of the constructor. */
function findField(site: Node): string | undefined {
  const outer = outermostWrapper(site);
  const value = outer.parent?.type === 'AwaitExpression' ? outermostWrapper(outer.parent) : outer;
  const assignment = value.parent;
  if (assignment?.type === 'PropertyDefinition') return assignment.key.type === 'PrivateIdentifier' ? `#${assignment.key.name}` : getPropertyName(assignment);
  if (assignment?.type !== 'AssignmentExpression' || assignment.left.type !== 'MemberExpression' || assignment.parent.type !== 'ExpressionStatement') return undefined;
  const fn = assignment.parent.parent.parent;
  if (!fn || !isFunction(fn) || !isConstructor(fn)) return undefined;
  const { property } = assignment.left;
  return property.type === 'PrivateIdentifier' ? `#${property.name}` : getPropertyName(assignment.left);
}

function leavesEarly(fn: Node, file: SourceFile): boolean {
  let isLeaving = false;
  walk(
    fn,
    (node) => {
      if (node !== fn && isFunction(node)) return false;
      if (node.type === 'ReturnStatement' || node.type === 'ThrowStatement') isLeaving = true;
      return !isLeaving;
    },
    file.visitorKeys,
  );
  return isLeaving;
}
