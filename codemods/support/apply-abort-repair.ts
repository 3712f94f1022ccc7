import type { AbortRepair, AbortStyle, Refusal } from 'watertight-analysis';
import { Node, type SourceFile } from 'ts-morph';
import type { Site, SiteOutcome, Target } from '../types.js';

/** How a target wants code about signals and timers to be written, and what the types of the file say. */
export function getAbortStyle({ canUseUsing, style, lowestNode }: Target, sourceFile: SourceFile): AbortStyle {
  const isGuarded = style === 'try-finally' || (style === 'auto' && !canUseUsing);
  return { form: isGuarded ? 'try-finally' : 'using', lowestNode, isNumber: ({ range }) => isNumber(sourceFile, range) };
}

function isNumber(sourceFile: SourceFile, [start, end]: readonly [number, number]): boolean {
  const node = sourceFile.getDescendantAtStartWithWidth(start, end - start);
  if (!node || isOptional(node)) return false;
  const type = node.getType();
  const parts = type.isUnion() ? type.getUnionTypes() : [type];
  return parts.every((part) => part.isNumber() || part.isNumberLiteral());
}

/** `ms` of `(ms?: number)`, whose type does not say so where a project is not strict. */
function isOptional(node: Node): boolean {
  const declarations = node.getSymbol()?.getDeclarations() ?? [];
  return declarations.some((declaration) => Node.isQuestionTokenable(declaration) && declaration.hasQuestionToken());
}

/** What becomes of a site: changed with the helpers imported, or skipped for the reason that the analysis gives. */
export function applyAbortRepair(site: Site, result: AbortRepair | Refusal, { runtimeModule }: Target): SiteOutcome {
  if ('reason' in result) return { status: 'skipped', site, reason: result.reason, detail: result.detail };
  return { status: 'changed', site, edits: result.edits, imports: result.helpers.map((name) => ({ module: runtimeModule, name })) };
}
