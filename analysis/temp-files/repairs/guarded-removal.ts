import type { Loss, Step } from '../../ownership/exploration.js';
import type { Leak } from '../../ownership/find-leaks.js';
import { findFreshName } from '../../abort/edits/guard-rest.js';
import { getStatements, guardStatements } from '../../repairs/guard-statements.js';
import { findStatement, placeAtEnd } from '../../repairs/place-statement.js';
import type { ResourceRepair } from '../../repairs/resource-repair.js';
import { findModuleFunction } from '../../scopes/find-module-function.js';
import type { SourceFile } from '../../source-file.js';
import { type CallLike, type Node, getAwaited, getEnclosingRoot, getPropertyName, isFunction, isWithin, outermostWrapper, skipWrappers } from '../../syntax/node.js';
import { walk } from '../../syntax/walk.js';
import type { Variable } from '../../scopes/scope.js';
import type { PathUses } from './find-keeps.js';
import { isEnvironment, isUnset } from './is-environment.js';
import { isStableText } from './is-stable-text.js';
import { isRemoval, takeOut } from './tail-removal.js';

/**
 * const dir = await mkdtemp(…); rest
 * →
 * const dir = await mkdtemp(…); try { rest } finally { await rm(dir, { recursive: true, force: true }); }
 *
 * `rethrow`: in a `catch` that throws on, for what the caller is given when all goes well. Undefined where the path has no
 * name, or something outside of the block uses it.
 */
export function getGuardedRemoval(leak: Leak, uses: PathUses, kind: 'finally' | 'rethrow', file: SourceFile): ResourceRepair | undefined {
  const name = findNamed(leak, file)?.name ?? findText(leak, file);
  const statement = findStatement(leak.site);
  const statements = statement && getStatements(statement);
  const root = getEnclosingRoot(leak.site);
  if (name === undefined || !statements || root.type === 'Program' || !isFunction(root)) return undefined;
  if (kind === 'rethrow' && leak.exits.some(({ exit, isGuess }) => !isGuess && exit !== 'throw' && exit !== 'implicit-throw')) return undefined;
  // await pipeline(body, createWriteStream(file)): the file is there while the statement waits.
  const isWaiting = waitsForMore(statement, leak.site);
  const rest = statements.slice(statements.indexOf(statement as never) + (isWaiting ? 0 : 1));
  if (rest.length === 0 || !staysWithin(uses, statement)) return undefined;
  const isObject = leak.kind.methods !== undefined && isHandle(leak, file);
  const { text: remove, needed } = findModuleFunction(root.async ? 'fs:promises.rm' : 'fs:rmSync', file);
  const options = leak.kind.id === 'temp-folder' ? '{ recursive: true, force: true }' : '{ force: true }';
  const release = isObject ? `${name}.removeCallback();` : `${root.async ? 'await ' : ''}${remove}(${name}, ${options});`;
  const imports = isObject || !needed ? [] : [needed];
  // A variable that is unset when all goes well must not name what is gone.
  const keys = getExposedKeys(uses, file);
  const unset = kind === 'finally' ? rest.filter((later) => isUnset(later, keys, file)).map((later) => file.getText(later)) : [];
  const moved = kind === 'finally' && !isObject && !isWaiting ? moveRemoval(rest, leak, uses, release, unset, file) : undefined;
  if (moved) return { edits: moved.edits, helpers: [], imports: moved.isOwn ? imports : [] };
  const [only] = rest;
  if (kind === 'finally' && rest.length === 1 && only?.type === 'TryStatement' && only.finalizer) {
    return { edits: placeAtEnd(only.finalizer, release, file), helpers: [], imports };
  }
  const caught = findFreshName(file, ['error', 'err', 'failure'], leak.site);
  if (kind === 'rethrow' && caught === undefined) return undefined;
  const edits = guardStatements(rest, { kind, release: [...unset, release], ...(caught === undefined ? {} : { caught }) }, file);
  return edits && { edits, helpers: [], imports };
}

function waitsForMore(statement: Node, site: Node): boolean {
  if (statement.type !== 'ExpressionStatement' || getAwaited(site) !== site) return false;
  let isFound = false;
  walk(statement, (node) => {
    if (isFunction(node)) return false;
    isFound ||= node.type === 'AwaitExpression' && isWithin(site, node);
    return !isFound;
  });
  return isFound;
}

/**
 * The variable that is what was made and nothing else: `const dir = await mkdtemp(…)`, `tmp.fileSync().name`, the path that is
 * written to; not `given ?? (await mkdtemp(…))`.
 */
function findNamed({ site, kind, loss }: Leak, file: SourceFile): Variable | undefined {
  const path = kind.id === 'temp-file' ? (site as CallLike).arguments[0] : undefined;
  const named = path && skipWrappers(path).type === 'Identifier' ? file.getVariable(skipWrappers(path)) : undefined;
  const variable = named ?? findDeclared(site, file);
  const isWhole = variable !== undefined && holdsWhole(variable, loss);
  return isWhole && !variable.references.some((reference) => reference.isWrite() && !reference.init) ? variable : undefined;
}

/** writeFile(file + '.new', text) */
function findText({ site, kind }: Leak, file: SourceFile): string | undefined {
  const path = kind.id === 'temp-file' && site.type === 'CallExpression' ? site.arguments[0] : undefined;
  return path && skipWrappers(path).type !== 'Identifier' && isStableText(path, file) ? file.getText(path) : undefined;
}

/** Not a path inside of what was made, as a function of the file may return. */
function holdsWhole(variable: Variable, { last }: Loss): boolean {
  for (let step: Step | undefined = last; step; step = step.previous) if (step.state.holders.get(variable)?.kind === 'resource') return true;
  return false;
}

function findDeclared(site: Node, file: SourceFile): Variable | undefined {
  for (let value = outermostWrapper(site); ; ) {
    const parent: Node | undefined = value.parent;
    switch (parent?.type) {
      case 'AwaitExpression':
        break;
      case 'MemberExpression':
        if (!/^(?:name|path)$/.test(getPropertyName(parent) ?? '')) return undefined;
        break;
      case 'CallExpression':
        if (!/^fs:(?:realpathSync|promises\.realpath)/.test(file.getOrigin(parent.callee) ?? '')) return undefined;
        break;
      case 'VariableDeclarator':
        return parent.id.type === 'Identifier' ? file.getVariable(parent.id) : undefined;
      default:
        return undefined;
    }
    value = outermostWrapper(parent);
  }
}

/** The removal that stands below, in the same block, goes into the `finally`. */
function moveRemoval(rest: readonly Node[], leak: Leak, uses: PathUses, release: string, unset: readonly string[], file: SourceFile) {
  const removals = rest.filter((statement) => isRemoval(statement, uses, file));
  const [removal] = removals;
  if (!removal || removals.length > 1) return undefined;
  const out = takeOut(removal, file);
  const guarded = rest.slice(0, rest.indexOf(removal));
  // What removes an empty folder fails where something was left halfway.
  const isOwn = leak.kind.id === 'temp-folder' && !/recursive|rimraf|remove|del\b|rmRF|emptyDir/.test(file.getText(removal));
  const edits = out && guardStatements(guarded, { kind: 'finally', release: [...unset, isOwn ? release : file.getText(removal)] }, file);
  return edits && { edits: [...edits, out].sort((a, b) => a.start - b.start || a.end - b.end), isOwn };
}

/** The variables of the environment that are given the path. */
function getExposedKeys({ variables }: PathUses, file: SourceFile): string[] {
  return [...variables].flatMap((variable) =>
    variable.references.flatMap(({ identifier }) => {
      const { parent } = outermostWrapper(identifier);
      const isGiven = parent?.type === 'AssignmentExpression' && parent.left.type === 'MemberExpression' && isEnvironment(parent.left.object, file);
      const key = isGiven ? getPropertyName(parent.left as never) : undefined;
      return key === undefined ? [] : [key];
    }),
  );
}

/** `tmp.fileSync()` gives an object. */
function isHandle({ site }: Leak, file: SourceFile): boolean {
  return site.type === 'CallExpression' && /^tmp:(?:default\.)?(?:file|dir)Sync\(\)$/.test(file.getOrigin(site) ?? '') && site.parent.type !== 'MemberExpression';
}

/** Whether nothing outside of the block of a statement uses the path. */
function staysWithin({ variables }: PathUses, statement: Node): boolean {
  const block = statement.parent!;
  const isInside = ({ range }: Node) => range[0] >= block.range[0] && range[1] <= block.range[1];
  return [...variables].every((variable) => variable.references.every(({ identifier }) => isInside(identifier)));
}
