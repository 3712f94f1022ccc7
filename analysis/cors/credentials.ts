import type { SourceFile } from '../source-file.js';
import { type Node, isFunction, isWithin, skipWrappers } from '../syntax/node.js';
import { getConditions } from './conditions.js';
import { type HeaderWrite, getHeaderWrites } from './header-writes.js';
import { getOriginChecks } from './origin-checks.js';
import { areExclusive } from './branches.js';

/**
 * The write of `Access-Control-Allow-Credentials: true` that goes out with an origin: in the same object of headers, or
 * in the same outermost function, not in the other branch of a test, and not only for origins that were checked.
 */
export function findCredentials(file: SourceFile, origin: HeaderWrite): HeaderWrite | undefined {
  const writes = getHeaderWrites(file).filter(({ name, value }) => name === 'access-control-allow-credentials' && !isFalse(value));
  const own = writes.find(({ group }) => group !== undefined && group === origin.group);
  if (own) return own;
  const scope = getOutermostFunction(origin.node);
  return writes.find(
    (write) =>
      getOutermostFunction(write.node) === scope &&
      (write.group === undefined || origin.group === undefined || scope.type !== 'Program') &&
      (scope.type !== 'Program' || isNear(write.node, origin.node)) &&
      !areExclusive(write.node, origin.node) &&
      !getConditions(write.node).some(({ test }) => !isWithin(origin.node, test.parent!) && getOriginChecks(file).namesOrigin(test)),
  );
}

function isFalse(value: Node): boolean {
  const node = skipWrappers(value);
  return node.type === 'Literal' && (node.value === false || node.value === 'false' || node.value === null || node.value === '');
}

export function getOutermostFunction(node: Node): Node {
  let outermost: Node | undefined;
  let outer: Node = node;
  for (; outer.parent; outer = outer.parent) if (isFunction(outer)) outermost = outer;
  return outermost ?? outer;
}

function isNear(a: Node, b: Node): boolean {
  return getBlock(a) === getBlock(b);
}

function getBlock(node: Node): Node | undefined {
  for (let outer = node.parent; outer; outer = outer.parent) if (outer.type === 'BlockStatement' || outer.type === 'Program') return outer;
  return undefined;
}
