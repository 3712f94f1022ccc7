import type { Leak } from '../../ownership/find-leaks.js';
import { type Refusal, refuse } from '../../repairs/refusal.js';
import type { ResourceRepair, ResourceStyle } from '../../repairs/resource-repair.js';
import type { SourceFile } from '../../source-file.js';
import { type CallLike, type Node, getAwaited, getEnclosingRoot, skipWrappers } from '../../syntax/node.js';
import { shorten } from '../../syntax/shorten.js';
import { walk } from '../../syntax/walk.js';
import { getDelayedFile } from './delayed-file.js';
import { findKeeps, type PathUses } from './find-keeps.js';
import { getCreation } from './get-creation.js';
import { getGuardedRemoval } from './guarded-removal.js';
import { getPrivateFolder } from './private-folder.js';
import { getScopedCreation } from './scoped-creation.js';
import { getScopedFile } from './scoped-file.js';
import { getScopedObject } from './scoped-object.js';
import { isPassedOn } from './is-passed-on.js';
import { isStableText } from './is-stable-text.js';
import { isRemoval } from './tail-removal.js';

/**
 * The repair of a temporary file or folder that some exit leaves behind: made by a helper that removes it at the end of the
 * block, or removed in a `finally`; in a `catch` that throws on where the caller is given it.
 */
export function getTempFileRepair(leak: Leak, file: SourceFile, style: ResourceStyle): ResourceRepair | Refusal {
  const { exit, site } = leak;
  if (exit?.kind === 'field') return refuse('ambiguous-owner', 'it is kept in a field, and what ends the object is not known');
  if (site.type !== 'CallExpression' && site.type !== 'NewExpression') return refuse('unsupported-shape', 'it is made for a callback');
  if (exit?.kind === 'discard') return refuse('unsupported-shape', 'nobody keeps its path');
  const root = getEnclosingRoot(site);
  if ((root.type !== 'Program' && root.type !== 'StaticBlock' && root.generator) || root.type === 'StaticBlock') return refuse('unsupported-shape', 'a generator may be left at any time');
  const creation = getCreation(site, file);
  const value = getAwaited(site);
  const made = isArgumentKind(leak) ? (findPathVariable(site, file) ?? findSameTexts(site, file)) : value;
  if (!made) return refuse('unsupported-shape', 'its path is worked out anew at each use');
  const uses = findKeeps(made, root, file);
  const kept = uses.keeps.find(({ kind }) => kind === 'kept');
  if (kept) return refuse('ambiguous-owner', `\`${shorten(file.getText(kept.node))}\` may go on using it`);
  // Code that removes it itself, later on, has no more use for it then.
  const isRemovedLater = removesIt(leak, uses, file);
  const result = uses.keeps.find(({ kind }) => kind === 'result-returned');
  if (result && !isRemovedLater) return refuse('ambiguous-owner', `\`${shorten(file.getText(result.node))}\` may be a path of it, and leaves the function`);
  const told = uses.keeps.find(({ kind }) => kind === 'told');
  if (told && !isRemovedLater && !uses.keeps.some(({ kind }) => kind === 'returned')) return refuse('would-change-behaviour', `\`${shorten(file.getText(told.node))}\` tells somebody where it is`);
  if (uses.keeps.some(({ kind }) => kind === 'returned')) return getGuardedRemoval(leak, uses, 'rethrow', file) ?? refuse('ambiguous-owner', 'the caller is given it, and its way there leaves no room for a clean-up');
  if (isArgumentKind(leak) && uses.variables.size > 0 && !isRemovedLater && !isPassedOn(site, uses, file)) return refuse('would-change-behaviour', 'it is only written here: others may look for it under its name');
  return getOwned(leak, uses, creation, value, file, style) ?? refuse('unsupported-shape', 'the block that makes it leaves no room for a clean-up');
}

function getOwned(leak: Leak, uses: PathUses, creation: ReturnType<typeof getCreation>, value: Node, file: SourceFile, style: ResourceStyle): ResourceRepair | undefined {
  if (style.isLocal) return getGuardedRemoval(leak, uses, 'finally', file);
  const scoped = creation?.members
    ? getScopedObject(creation, value, uses, file, style)
    : creation
      ? getScopedCreation(creation, value, uses, file, style)
      : isArgumentKind(leak)
        ? (getScopedFile(leak.site as CallLike, uses, file, style) ?? getDelayedFile(leak.site as CallLike, uses, file, style) ?? getPrivateFolder(leak.site as CallLike, uses, file, style))
        : undefined;
  return scoped ?? getGuardedRemoval(leak, uses, 'finally', file);
}

/** Whether the function removes the path somewhere. */
function removesIt(leak: Leak, uses: PathUses, file: SourceFile): boolean {
  let isFound = false;
  walk(getEnclosingRoot(leak.site), (node) => {
    isFound ||= isRemoval(node, uses, file);
    return !isFound;
  });
  return isFound;
}

/** `writeFile(path, …)`: the path is there before the file. */
function isArgumentKind({ kind, site }: Leak): boolean {
  if (kind.id !== 'temp-file' || (site.type !== 'CallExpression' && site.type !== 'NewExpression')) return false;
  const name = site.callee.type === 'MemberExpression' ? site.callee.property : site.callee;
  return name.type === 'Identifier' && /^(?:writeFile|outputFile|writeJson|writeJSON|createWriteStream|open|copyFile)(?:Sync)?$/.test(name.name);
}

function findPathVariable(site: CallLike, file: SourceFile) {
  const path = site.arguments[0] && skipWrappers(site.arguments[0]);
  return path?.type === 'Identifier' ? file.getVariable(path) : undefined;
}

/** Every place that names the path by the same text: `file + '.new'`. Undefined where the text may come to mean something else. */
function findSameTexts(site: CallLike, file: SourceFile): Node[] | undefined {
  const path = site.arguments[0] && skipWrappers(site.arguments[0]);
  if (!path || !isStableText(path, file)) return undefined;
  const text = file.getText(path);
  const same: Node[] = [];
  walk(getEnclosingRoot(site), (node) => {
    if (node.type === path.type && file.getText(node) === text) same.push(node);
    return true;
  });
  return same;
}
