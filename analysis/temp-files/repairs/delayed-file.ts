import { findFreshName } from '../../abort/edits/guard-rest.js';
import { matchesCallee } from '../../ownership/acquisitions.js';
import { awaitPromises, getStatements } from '../../repairs/guard-statements.js';
import type { ResourceRepair, ResourceStyle } from '../../repairs/resource-repair.js';
import type { TextEdit } from '../../repairs/text-edit.js';
import { getIndent, getLineBreak, hasSemicolons } from '../../repairs/text-layout.js';
import type { Variable } from '../../scopes/scope.js';
import type { SourceFile } from '../../source-file.js';
import { type CallLike, type Node, type TSESTree, getEnclosingRoot, getPropertyName, isFunction, isWithin, outermostWrapper, skipWrappers } from '../../syntax/node.js';
import type { PathUses } from './find-keeps.js';
import { isEnvironment, isUnset } from './is-environment.js';
import { isWithinBlock } from './scoped-creation.js';
import { SCOPED_NAMES, getFileOptions } from './scoped-file.js';
import { isQuiet, isRemoval, takeOut } from './tail-removal.js';

/**
 * const file = join(tmpdir(), `key-${process.pid}.json`);
 * process.env.KEY_FILE = file;
 * const key = await fetchKey();
 * await writeFile(file, key);
 * const result = await run();
 * await rm(file);
 * delete process.env.KEY_FILE;
 * return result;
 * →
 * const key = await fetchKey();
 * await using tempFile = await createTempFile({ content: key, prefix: 'key-', suffix: '.json' });
 * tempFile.exposeInEnv('KEY_FILE');
 * const result = await run();
 * return result;
 *
 * Where the path is told to the environment and to nobody else before the file is there.
 */
export function getDelayedFile(site: CallLike, uses: PathUses, file: SourceFile, style: ResourceStyle): ResourceRepair | undefined {
  const shape = style.usesUsing ? findShape(site, uses, file) : undefined;
  const name = findFreshName(file, SCOPED_NAMES, site);
  if (!shape || name === undefined) return undefined;
  const { declaration, exposures, write, variable, rest } = shape;
  const options = getFileOptions(site, declaration.declarations[0].init!, file);
  const root = getEnclosingRoot(write);
  if (options === undefined || !isFunction(root) || !root.async) return undefined;
  const keys = exposures.map(({ key }) => key);
  const tail = findTail(rest, uses, keys, file);
  const awaited = awaitPromises(file, rest);
  const gone = [declaration, ...exposures.map(({ statement }) => statement), ...tail].map((statement) => takeOut(statement, file));
  if (!awaited || gone.includes(undefined)) return undefined;
  const isUsed = variable.references.some(({ identifier }) => identifier.range[0] > write.range[1] && !tail.some((statement) => isWithin(identifier, statement)));
  const end = hasSemicolons(file.text) ? ';' : '';
  const line = `${getLineBreak(file.text)}${getIndent(file.text, write.range[0]).text}`;
  const lines = [
    `await using ${name} = await createTempFile(${options})${end}`,
    ...(isUsed ? [`const ${variable.name} = ${name}.path${end}`] : []),
    ...keys.map((key) => `${name}.exposeInEnv('${key}')${end}`),
  ];
  const edits: TextEdit[] = [...(gone as TextEdit[]), { start: write.range[0], end: write.range[1], text: lines.join(line) }, ...awaited];
  return { edits: edits.sort((a, b) => a.start - b.start || a.end - b.end), helpers: ['createTempFile'], imports: [] };
}

interface Exposure {
  readonly statement: TSESTree.Statement;
  readonly key: string;
}

interface Shape {
  readonly declaration: TSESTree.VariableDeclaration;
  readonly exposures: readonly Exposure[];
  readonly write: TSESTree.ExpressionStatement;
  readonly variable: Variable;
  readonly rest: readonly TSESTree.Statement[];
}

function findShape(site: CallLike, uses: PathUses, file: SourceFile): Shape | undefined {
  const path = site.arguments[0] && skipWrappers(site.arguments[0]);
  const variable = path?.type === 'Identifier' ? file.getVariable(path) : undefined;
  const awaited = outermostWrapper(site).parent;
  const write = awaited?.type === 'AwaitExpression' ? outermostWrapper(awaited).parent : undefined;
  const declarator = variable?.defs[0]?.node;
  const declaration = declarator?.type === 'VariableDeclarator' ? declarator.parent : undefined;
  const statements = write?.type === 'ExpressionStatement' ? getStatements(write) : undefined;
  if (!variable || write?.type !== 'ExpressionStatement' || !declaration || !statements?.includes(declaration) || declaration.declarations.length > 1) return undefined;
  if (!matchesCallee(['fs:promises.writeFile', 'fs-extra:writeFile'], site, file) || !isWithinBlock(uses, write)) return undefined;
  const between = statements.slice(statements.indexOf(declaration) + 1, statements.indexOf(write));
  const exposures: Exposure[] = [];
  for (const statement of between) {
    const key = findExposure(statement, variable, file);
    if (key !== undefined) exposures.push({ statement, key });
    else if (variable.references.some(({ identifier }) => isWithin(identifier, statement))) return undefined;
  }
  if (exposures.length === 0 || !getIndent(file.text, write.range[0]).isOnOwnLine) return undefined;
  return { declaration, exposures, write, variable, rest: statements.slice(statements.indexOf(write) + 1) };
}

/** process.env.KEY_FILE = file; */
function findExposure(statement: Node, variable: Variable, file: SourceFile): string | undefined {
  const assignment = statement.type === 'ExpressionStatement' ? skipWrappers(statement.expression) : undefined;
  if (assignment?.type !== 'AssignmentExpression' || assignment.operator !== '=' || assignment.left.type !== 'MemberExpression') return undefined;
  const value = skipWrappers(assignment.right);
  const isOwn = value.type === 'Identifier' && file.getVariable(value) === variable && isEnvironment(assignment.left.object, file);
  const key = isOwn ? getPropertyName(assignment.left) : undefined;
  return key !== undefined && /^\w+$/.test(key) ? key : undefined;
}

/** The statements at the end that take back what the helper takes back; only a plain `return` may follow. */
function findTail(rest: readonly TSESTree.Statement[], uses: PathUses, keys: readonly string[], file: SourceFile): TSESTree.Statement[] {
  const tail: TSESTree.Statement[] = [];
  for (const statement of [...rest].reverse()) {
    if (isRemoval(statement, uses, file) || isUnset(statement, keys, file)) tail.unshift(statement);
    else if (!isQuiet(statement) || tail.length > 0) break;
  }
  return tail;
}
