import type { SourceFile } from '../source-file.js';
import { type Node, getCalleeName, getStringValue, skipWrappers } from '../syntax/node.js';
import { shorten } from '../syntax/shorten.js';
import { getOutermostFunction } from './credentials.js';
import { getHeaderWrites } from './header-writes.js';
import { findReflections } from './reflections.js';
import type { UnsafeOrigin } from './unsafe-origin.js';

/**
 * An `Access-Control-Allow-Origin` that depends on the request, without `Vary: Origin`: a cache hands the answer for one
 * origin to another (https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches). Certain where the response says that
 * caches may keep it.
 */
export function findMissingVary(file: SourceFile): UnsafeOrigin[] {
  const writes = getHeaderWrites(file);
  if (writes.some(({ name }) => name === 'vary') || setsVary(file)) return [];
  return writes
    .filter(({ name, value }) => name === 'access-control-allow-origin' && findReflections(file, value).length > 0)
    .map((write): UnsafeOrigin => {
      const scope = getOutermostFunction(write.node);
      const cached = writes.find(({ name, node, value }) => name === 'cache-control' && getOutermostFunction(node) === scope && isKept(value));
      return {
        kind: 'missingVary',
        node: write.value,
        certainty: cached ? 'certain' : 'potential',
        path: [{ kind: 'note', node: write.value, text: 'the header depends on the request' }, ...(cached ? [{ kind: 'note' as const, node: cached.node, text: 'caches may keep the response' }] : [])],
        data: { value: shorten(file.getText(write.value)) },
      };
    });
}

/** res.vary('Origin'), vary(res, 'Origin') */
function setsVary(file: SourceFile): boolean {
  return file.getNodes('CallExpression').some(({ callee }) => /vary/i.test(getCalleeName(callee) ?? ''));
}

/** Caches may keep it for a while without asking: browsers, who ask for several sites, or shared ones. */
function isKept(value: Node): boolean {
  const text = getStringValue(skipWrappers(value)) ?? '';
  return /\bpublic\b|\bimmutable\b|(?:s-maxage|max-age)=[1-9]/.test(text) && !/no-store|no-cache|private/.test(text);
}
