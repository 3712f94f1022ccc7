import type { FileTypes } from 'watertight-codemods';
import type { Package } from './find-package.js';

const PROBE = 'export async function probe(): Promise<void> { await using held = { async [Symbol.asyncDispose]() {} }; void held; }';
/** The first Node that parses `using`. */
const NODE_WITH_USING = 24;

/**
 * Whether `using` and `await using` may be written into a file: its TypeScript is 5.2 or later, knows `Disposable`, and
 * lowers the syntax; or it runs on Node 24 and later only. In doubt not.
 */
export function canUseUsing(path: string, owner: Package, types: () => Pick<FileTypes, 'accepts' | 'lowering'>): boolean {
  const runsOnNewNode = owner.lowestNode !== undefined && owner.lowestNode >= NODE_WITH_USING;
  if (/\.[cm]?jsx?$/.test(path)) return runsOnNewNode;
  const { typescript } = owner;
  const isKnown = typescript !== undefined && (typescript.major > 5 || (typescript.major === 5 && typescript.minor >= 2));
  if (!isKnown) return false;
  const { lowering } = types();
  if (lowering === 'unknown' || (lowering === 'kept' && !runsOnNewNode)) return false;
  return types().accepts(PROBE);
}
