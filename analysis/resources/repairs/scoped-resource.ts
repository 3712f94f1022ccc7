import { findFreshName } from '../../abort/edits/guard-rest.js';
import type { Leak } from '../../ownership/find-leaks.js';
import { awaitPromises, getStatements, guardStatements } from '../../repairs/guard-statements.js';
import { findStatement } from '../../repairs/place-statement.js';
import type { ResourceRepair, ResourceStyle } from '../../repairs/resource-repair.js';
import { type TextEdit, sortEdits } from '../../repairs/text-edit.js';
import type { Variable } from '../../scopes/scope.js';
import type { SourceFile } from '../../source-file.js';
import { type Node, type TSESTree, getEnclosingRoot, isFunction } from '../../syntax/node.js';
import { findReleases } from './find-releases.js';
import { type Release, getRelease } from './release-of.js';

/** Kinds that `asyncDisposable` and `disposable` know how to release, and that are objects. */
const ADAPTED = new Set(['file-handle', 'directory', 'pool-client', 'query-runner', 'database-client', 'browser']);

/**
 * const client = await pool.connect(); rest
 * →
 * await using client = asyncDisposable(await pool.connect()); rest
 *
 * or `try { rest } finally { client.release(); }`. Releases that are there already stay where a second one does no harm, and go
 * into the `finally` elsewhere. Undefined where that would release it earlier or later than now.
 */
export function getScopedResource(leak: Leak, variable: Variable, kind: 'finally' | 'rethrow', file: SourceFile, style: ResourceStyle): ResourceRepair | undefined {
  const statement = findStatement(leak.site);
  const statements = statement && getStatements(statement);
  const root = getEnclosingRoot(leak.site);
  const release = getRelease(leak, file, kind === 'rethrow');
  if (!statement || !statements || !release || !isFunction(root) || root.generator || (release.isPromise && !root.async)) return undefined;
  const rest = statements.slice(statements.indexOf(statement as TSESTree.Statement) + 1);
  if (rest.length === 0 || !staysWithin(variable, statement) || hasFloatingCalls(variable, root, file)) return undefined;
  const text = `${release.isPromise ? 'await ' : ''}${release.write(variable.name)};`;
  const imports = release.needed ? [release.needed] : [];
  if (kind === 'rethrow') {
    const caught = findFreshName(file, ['error', 'err', 'failure'], leak.site);
    const isOnlyThrown = leak.exits.every(({ exit, isGuess }) => isGuess || exit === 'throw' || exit === 'implicit-throw');
    if (caught === undefined || (!isOnlyThrown && leak.kind.id !== 'transaction') || (leak.kind.id !== 'transaction' && findReleases(leak, variable, file).length > 0)) return undefined;
    const edits = guardStatements(rest, { kind, release: [text], caught }, file);
    return edits && { edits, helpers: [], imports };
  }
  const releases = release.isRepeatable ? [] : findReleases(leak, variable, file);
  const isDroppable = releases.every(({ isAtEnd, edit }) => isAtEnd && edit);
  if (isDroppable) return bind(leak, variable, statement, rest, { text, release, imports, dropped: releases.flatMap(({ edit }) => edit ?? []) }, file, style);
  const [only] = releases;
  const position = releases.length === 1 && only?.statement ? rest.indexOf(only.statement as TSESTree.Statement) : -1;
  if (position <= 0 || !only?.edit) return undefined;
  const edits = guardStatements(rest.slice(0, position), { kind: 'finally', release: [file.getText(only.statement!)] }, file);
  return edits && { edits: sortEdits([...edits, only.edit]), helpers: [], imports: [] };
}

interface Plan {
  readonly text: string;
  readonly release: Release;
  readonly imports: ResourceRepair['imports'];
  readonly dropped: readonly TextEdit[];
}

function bind(leak: Leak, variable: Variable, statement: Node, rest: readonly TSESTree.Statement[], plan: Plan, file: SourceFile, { usesUsing }: ResourceStyle): ResourceRepair | undefined {
  const declarator = variable.defs[0]?.node;
  const isPlain = statement.type === 'VariableDeclaration' && statement.declarations.length === 1 && statement.declarations[0] === declarator;
  const root = getEnclosingRoot(statement);
  const isBound = usesUsing && isPlain && isFunction(root) && root.async && declarator?.type === 'VariableDeclarator' && declarator.init;
  if (isBound && leak.kind.id === 'disposable-stack') {
    return { edits: [{ start: statement.range[0], end: statement.range[0] + statement.kind.length, text: 'using' }], helpers: [], imports: [] };
  }
  if (isBound && ADAPTED.has(leak.kind.id)) {
    const awaited = awaitPromises(file, rest);
    const { id, init } = declarator;
    if (!awaited || !init) return undefined;
    const edits: TextEdit[] = [{ start: statement.range[0], end: statement.range[0] + statement.kind.length, text: 'await using' }, ...awaited, ...plan.dropped];
    // The declared type lacks what makes the value disposable; the initialiser has it.
    if (id.typeAnnotation) edits.push({ start: id.typeAnnotation.range[0], end: id.typeAnnotation.range[1], text: '' });
    edits.push({ start: init.range[0], end: init.range[1], text: `asyncDisposable(${file.getText(init)})` });
    return { edits: sortEdits(edits), helpers: ['asyncDisposable'], imports: [] };
  }
  // The lines of what is dropped would be indented, too.
  const guarded = getGuard(rest, plan, file);
  return guarded && { edits: guarded, helpers: [], imports: plan.imports };
}

function getGuard(rest: readonly TSESTree.Statement[], { text, dropped }: Plan, file: SourceFile): TextEdit[] | undefined {
  const last = rest.at(-1)!;
  const isLastDropped = dropped.some(({ start, end }) => start <= last.range[0] && last.range[1] <= end);
  const kept = isLastDropped ? rest.slice(0, -1) : rest;
  const edits = guardStatements(kept, { kind: 'finally', release: [text] }, file);
  if (!edits) return undefined;
  const isInside = ({ start, end }: TextEdit) => dropped.some((edit) => edit.start <= start && end < edit.end);
  return sortEdits([...edits.filter((edit) => !isInside(edit)), ...dropped]);
}

function staysWithin(variable: Variable, statement: Node): boolean {
  const block = statement.parent!;
  return variable.references.every(({ identifier }) => block.range[0] <= identifier.range[0] && identifier.range[1] <= block.range[1]);
}

/** client.query(sql, callback); nobody waits for it, and the end of the block would come before its end. */
function hasFloatingCalls(variable: Variable, root: Node, file: SourceFile): boolean {
  if (!isFunction(root) || !root.async) return false;
  return variable.references.some(({ identifier }) => {
    const member = identifier.parent;
    if (member?.type !== 'MemberExpression' || member.object !== identifier) return false;
    const call = member.parent;
    if (call.type !== 'CallExpression' || call.callee !== member || call.parent.type !== 'ExpressionStatement') return false;
    return !/^(?:on|once|off|add\w*|remove\w*|set\w*|release|close|end|destroy|disconnect|quit|dispose|terminate|rollback|commit|unref|ref|kill|listen)$/.test(file.getText(member.property));
  });
}
