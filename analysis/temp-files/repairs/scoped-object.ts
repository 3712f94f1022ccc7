import { awaitPromises, getStatements } from '../../repairs/guard-statements.js';
import { findPlace } from '../../repairs/dropped-edits.js';
import type { ResourceRepair, ResourceStyle } from '../../repairs/resource-repair.js';
import type { TextEdit } from '../../repairs/text-edit.js';
import { findFreshName } from '../../abort/edits/guard-rest.js';
import type { SourceFile } from '../../source-file.js';
import { type Node, type TSESTree, getEnclosingRoot, getPropertyName, isFunction, outermostWrapper } from '../../syntax/node.js';
import { guardStatements } from '../../repairs/guard-statements.js';
import type { PathUses } from './find-keeps.js';
import type { Creation } from './get-creation.js';
import { isWithinBlock, writeScope } from './scoped-creation.js';

/**
 * const file = tmp.fileSync(); … file.name … file.removeCallback();
 * →
 * using file = createTempFileSync(); … file.path … file.removeSync();
 */
export function getScopedObject(creation: Creation, value: Node, uses: PathUses, file: SourceFile, style: ResourceStyle): ResourceRepair | undefined {
  const { path } = creation.members!;
  const { parent } = outermostWrapper(value);
  // tmp.fileSync().name
  if (parent?.type === 'MemberExpression' && getPropertyName(parent) === path) {
    const place = findPlace(parent, file);
    const statements = place && getStatements(place);
    const name = findFreshName(file, creation.helper.includes('File') ? ['tempFile', 'temporary', 'ownTempFile'] : ['tempDir', 'temporary', 'ownTempDir'], value);
    if (!place || !statements || name === undefined || !isWithinBlock(uses, place)) return undefined;
    return writeScope({ place, statements, name, creation, value: parent, uses }, file, style);
  }
  if (parent?.type !== 'VariableDeclarator' || parent.id.type !== 'Identifier' || parent.parent.declarations.length !== 1 || parent.parent.kind !== 'const') return undefined;
  const members = getMemberEdits(parent.id, creation, file);
  const statements = getStatements(parent.parent);
  if (!members || !statements || !isWithinBlock(uses, parent.parent)) return undefined;
  return writeDeclaration(parent, statements, members, creation, file, style);
}

function writeDeclaration(
  declarator: TSESTree.VariableDeclarator,
  statements: readonly TSESTree.Statement[],
  members: readonly TextEdit[],
  { helper, options }: Creation,
  file: SourceFile,
  { usesUsing }: ResourceStyle,
): ResourceRepair | undefined {
  const declaration = declarator.parent;
  const { name } = declarator.id as TSESTree.Identifier;
  const isAsync = !helper.endsWith('Sync');
  const root = getEnclosingRoot(declaration);
  if ((isAsync && isFunction(root) && !root.async) || (root.type === 'Program' && !usesUsing)) return undefined;
  const keyword = usesUsing ? (isAsync ? 'await using' : 'using') : 'const';
  const written: TextEdit = { start: declaration.range[0], end: declarator.range[1], text: `${keyword} ${name} = ${isAsync ? 'await ' : ''}${helper}(${options})` };
  const rest = statements.slice(statements.indexOf(declaration) + 1);
  const guard = usesUsing ? (isFunction(root) && root.async ? awaitPromises(file, rest) : []) : guardStatements(rest, { kind: 'finally', release: [isAsync ? `await ${name}.remove();` : `${name}.removeSync();`] }, file);
  return guard && { edits: [written, ...guard, ...members].sort((a, b) => a.start - b.start || a.end - b.end), helpers: [helper], imports: [] };
}

/** Undefined where something else than the path and the removal is asked for: the descriptor, or the object as a whole. */
function getMemberEdits(id: Node, { helper, members }: Creation, file: SourceFile): TextEdit[] | undefined {
  const edits: TextEdit[] = [];
  for (const reference of file.getVariable(id)?.references ?? []) {
    if (reference.init) continue;
    const { parent } = outermostWrapper(reference.identifier);
    if (parent?.type !== 'MemberExpression' || parent.computed || parent.object !== reference.identifier) return undefined;
    const name = getPropertyName(parent);
    const isCalled = parent.parent.type === 'CallExpression' && parent.parent.callee === parent;
    if (name === members!.path && !isCalled) edits.push({ start: parent.property.range[0], end: parent.property.range[1], text: 'path' });
    else if (name === members!.remove && isCalled) edits.push({ start: parent.property.range[0], end: parent.property.range[1], text: helper.endsWith('Sync') ? 'removeSync' : 'remove' });
    else return undefined;
  }
  return edits;
}

