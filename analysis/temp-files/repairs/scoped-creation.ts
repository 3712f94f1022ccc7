import { findPlace } from '../../repairs/dropped-edits.js';
import { awaitPromises, getStatements, guardStatements } from '../../repairs/guard-statements.js';
import { placeBefore } from '../../repairs/place-statement.js';
import type { ResourceRepair, ResourceStyle } from '../../repairs/resource-repair.js';
import type { TextEdit } from '../../repairs/text-edit.js';
import { findFreshName } from '../../abort/edits/guard-rest.js';
import type { SourceFile } from '../../source-file.js';
import { type Node, type TSESTree, getEnclosingRoot, isFunction } from '../../syntax/node.js';
import type { PathUses } from './find-keeps.js';
import type { Creation } from './get-creation.js';
import { getTailRemoval } from './tail-removal.js';

const NAMES = ['tempDir', 'tempFolder', 'temporary', 'ownTempDir'];

/**
 * const dir = await mkdtemp(join(tmpdir(), 'a-'));
 * →
 * await using tempDir = await createTempDir({ prefix: 'a-' });
 * const dir = tempDir.path;
 */
export function getScopedCreation(creation: Creation, value: Node, uses: PathUses, file: SourceFile, style: ResourceStyle): ResourceRepair | undefined {
  const place = findPlace(value, file);
  const statements = place && getStatements(place);
  const name = findFreshName(file, NAMES, value);
  if (!place || !statements || name === undefined || !isWithinBlock(uses, place)) return undefined;
  return writeScope({ place, statements, name, creation, value, uses }, file, style);
}

interface Scope {
  readonly place: Node;
  readonly statements: readonly TSESTree.Statement[];
  readonly name: string;
  readonly creation: Creation;
  /** What becomes the path. */
  readonly value: Node;
  readonly uses: PathUses;
}

export function writeScope({ place, statements, name, creation, value, uses }: Scope, file: SourceFile, style: ResourceStyle): ResourceRepair | undefined {
  const { helper, options } = creation;
  const isAsync = !helper.endsWith('Sync');
  const root = getEnclosingRoot(place);
  if (isAsync && isFunction(root) && !root.async) return undefined;
  const call = `${isAsync ? 'await ' : ''}${helper}(${options})`;
  const path: TextEdit = { start: value.range[0], end: value.range[1], text: `${name}.path` };
  const rest = statements.slice(statements.indexOf(place as TSESTree.Statement));
  const removal = getTailRemoval(rest, uses, file);
  if (style.usesUsing) {
    if (root.type === 'Program' && root.sourceType !== 'module') return undefined;
    const placed = placeBefore(place, [`${isAsync ? 'await using' : 'using'} ${name} = ${call};`], file);
    const awaited = isFunction(root) && root.async ? awaitPromises(file, rest) : [];
    return placed && awaited && repair([...placed, path, ...awaited, ...(removal?.edits ?? [])], helper);
  }
  if (root.type === 'Program') return undefined;
  const guarded = removal?.isLast ? rest.slice(0, -1) : rest;
  const release = isAsync ? `await ${name}.remove();` : `${name}.removeSync();`;
  const edits = guardStatements(guarded, { head: [`const ${name} = ${call};`], kind: 'finally', release: [release] }, file);
  return edits && repair([...edits, path, ...(removal?.isLast ? removal.edits : [])], helper);
}

/** Whether the path stays in the block of a statement. */
export function isWithinBlock({ variables }: PathUses, place: Node): boolean {
  const block = place.parent!;
  const isInside = ({ range }: Node) => range[0] >= block.range[0] && range[1] <= block.range[1];
  return [...variables].every((variable) => variable.identifiers.every(isInside) && variable.references.every(({ identifier }) => isInside(identifier)));
}

function repair(edits: readonly TextEdit[], helper: string): ResourceRepair {
  return { edits: [...edits].sort((a, b) => a.start - b.start || a.end - b.end), helpers: [helper], imports: [] };
}
