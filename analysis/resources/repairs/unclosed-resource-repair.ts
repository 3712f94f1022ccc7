import type { Leak } from '../../ownership/find-leaks.js';
import { type Refusal, refuse } from '../../repairs/refusal.js';
import { getReleaseEdits } from '../../repairs/release-edits.js';
import type { ResourceRepair, ResourceStyle } from '../../repairs/resource-repair.js';
import type { Variable } from '../../scopes/scope.js';
import type { SourceFile } from '../../source-file.js';
import { type Node, getAwaited, getEnclosingRoot, getPropertyName, isFunction, isNullish, outermostWrapper, skipWrappers } from '../../syntax/node.js';
import { shorten } from '../../syntax/shorten.js';
import { findKeeps } from '../../temp-files/repairs/find-keeps.js';
import { getFieldRelease } from './field-release.js';
import { getManagedField } from './managed-field.js';
import { getRelease } from './release-of.js';
import { getScopedResource } from './scoped-resource.js';

/** Kinds that may go on working when the function that made them has ended: streams that flow, servers, watchers. */
const LASTING = new Set(['file-read-stream', 'file-write-stream', 'worker', 'server', 'watcher', 'line-reader', 'database-client', 'socket', 'child-process']);

/**
 * The repair of a resource that some exit loses: bound with `using`, or released in a `finally`, where it is the function's own;
 * released in a `catch` that throws on where the caller is given it; else released before each exit that loses it.
 */
export function getUnclosedResourceRepair(leak: Leak, file: SourceFile, style: ResourceStyle): ResourceRepair | Refusal {
  const { exit, kind, site } = leak;
  if (exit?.kind === 'field') return getManagedField(leak, file) ?? getFieldRelease(leak, file) ?? refuse('ambiguous-owner', 'it is kept in a field of a class that has no `ResourceManager`, and no method that ends it');
  if (exit?.kind === 'discard') return refuse('unsupported-shape', 'no variable holds it');
  const variable = findOwnVariable(leak, file);
  if (variable === 'shared') return refuse('ambiguous-owner', 'the variable may hold something that was not made here');
  const isCallback = isFunction(leak.loss.last.point.node) || site.type !== 'CallExpression';
  if (variable && (!LASTING.has(kind.id) || (leak.isEndedOtherwise && !/-stream$/.test(kind.id)))) {
    const root = getEnclosingRoot(site);
    const { keeps } = findKeeps(variable, root, file);
    const kept = keeps.find((keep) => keep.kind === 'kept');
    if (kept && !isCallback && !hasExplicitExits(leak)) return refuse('ambiguous-owner', `\`${shorten(file.getText(kept.node))}\` may go on using it`);
    const isReturned = leak.isHandedOver || keeps.some((keep) => keep.kind === 'returned');
    const scoped = kept ? undefined : getScopedResource(leak, variable, isReturned || kind.id === 'transaction' ? 'rethrow' : 'finally', file, style);
    if (scoped) return scoped;
  }
  return releaseAtExits(leak, file) ?? refuse(leak.isHandedOver ? 'ambiguous-owner' : 'unsupported-shape', 'an exit that loses it leaves no room for a statement');
}

function hasExplicitExits({ exits }: Leak): boolean {
  return exits.every(({ exit, isGuess }) => isGuess || exit !== 'implicit-throw');
}

function releaseAtExits(leak: Leak, file: SourceFile): ResourceRepair | undefined {
  const imports = new Map<string, { module: string; name: string }>();
  const isFailing = leak.exits.every(({ exit, isGuess }) => isGuess || exit === 'throw');
  const edits = getReleaseEdits(leak, file, {
    write: ({ name, part }, { isAsync, mayBeReleased, mayBeUnset }) => {
      const release = getRelease(leak, file, isFailing);
      // What flows already must not be cut off where nothing has failed.
      const isFlowing = /-stream$/.test(leak.kind.id) && !isFailing;
      if (!release || part !== undefined || (mayBeReleased && (isFlowing || !release.isRepeatable))) return undefined;
      if (mayBeUnset && !/^\w+\./.test(release.write(name))) return undefined;
      if (release.needed) imports.set(release.needed.name, release.needed);
      const call = release.write(mayBeUnset ? `${name}?` : name);
      return release.isPromise ? `${isAsync ? 'await' : 'void'} ${call};` : `${call};`;
    },
  });
  return edits && { edits, helpers: [], imports: [...imports.values()] };
}

/**
 * The variable that what was made is put into. `shared` where it may hold another's as well: `given ?? (await connect())`,
 * `isFile ? createWriteStream(path) : process.stdout`.
 */
function findOwnVariable({ site, loss }: Leak, file: SourceFile): Variable | 'shared' | undefined {
  const value = getAwaited(site);
  const { parent } = outermostWrapper(value);
  const target = parent?.type === 'VariableDeclarator' ? parent.id : parent?.type === 'AssignmentExpression' && parent.right === outermostWrapper(value) ? parent.left : undefined;
  const variable = target?.type === 'Identifier' ? file.getVariable(target) : findConnected(site, file);
  if (!variable) {
    const holders = [...loss.last.state.holders.keys()];
    const isMixed = holders.some((holder) => holder.references.some(({ writeExpr }) => writeExpr && mayBeAnother(writeExpr, site)));
    return isMixed ? 'shared' : undefined;
  }
  const made = target ? value : file.getOnlyValue(variable);
  const isShared = variable.references.some(({ writeExpr }) => writeExpr && (!made || skipWrappers(writeExpr) !== skipWrappers(made)) && !isNullish(writeExpr)) || variable.defs[0]?.type === 'Parameter';
  return isShared ? 'shared' : variable;
}

/** const client = new Client(); await client.connect(); */
function findConnected(site: Node, file: SourceFile): Variable | undefined {
  const callee = site.type === 'CallExpression' ? skipWrappers(site.callee) : undefined;
  const object = callee?.type === 'MemberExpression' && getPropertyName(callee) === 'connect' ? skipWrappers(callee.object) : undefined;
  const variable = object?.type === 'Identifier' ? file.getVariable(object) : undefined;
  const value = variable && file.getOnlyValue(variable);
  return value && getEnclosingRoot(value) === getEnclosingRoot(site) ? variable : undefined;
}

function mayBeAnother(value: Node, site: Node): boolean {
  const isAround = value.range[0] <= site.range[0] && site.range[1] <= value.range[1];
  const { type } = skipWrappers(value);
  return isAround && (type === 'LogicalExpression' || type === 'ConditionalExpression');
}
