import { matchesCallee } from '../../ownership/acquisitions.js';
import { findFreshName } from '../../abort/edits/guard-rest.js';
import { awaitPromises, getStatements, guardStatements } from '../../repairs/guard-statements.js';
import type { ResourceRepair, ResourceStyle } from '../../repairs/resource-repair.js';
import type { TextEdit } from '../../repairs/text-edit.js';
import { getIndent, getLineBreak, hasSemicolons } from '../../repairs/text-layout.js';
import { isTemporaryPath } from '../../resources/temporary-path.js';
import type { SourceFile } from '../../source-file.js';
import { type CallLike, type Node, type TSESTree, getEnclosingRoot, getPropertyName, getStringValue, isFunction, outermostWrapper, skipWrappers } from '../../syntax/node.js';
import { walk } from '../../syntax/walk.js';
import type { PathUses } from './find-keeps.js';
import { splitPath, writeOptions } from './get-creation.js';
import { isEnvironment } from './is-environment.js';
import { isWithinBlock } from './scoped-creation.js';
import { isPassedOn } from './is-passed-on.js';
import { getTailRemoval } from './tail-removal.js';

/** Names for what a helper made. */
export const SCOPED_NAMES = ['tempFile', 'temporary', 'ownTempFile'];

/**
 * const file = join(tmpdir(), `key-${id}.pem`);
 * await writeFile(file, key, { mode: 0o600 });
 * →
 * await using tempFile = await createTempFile({ content: key, prefix: 'key-', suffix: '.pem' });
 * const file = tempFile.path;
 *
 * Only where the two statements are neighbours: what stands between them may need the path without the file.
 */
export function getScopedFile(site: CallLike, uses: PathUses, file: SourceFile, style: ResourceStyle): ResourceRepair | undefined {
  const pair = findPair(site, file);
  const name = findFreshName(file, SCOPED_NAMES, site);
  if (!pair || name === undefined || !isWithinBlock(uses, pair.write) || !isPassedOn(site, uses, file)) return undefined;
  const { declaration, write, variable, isAsync } = pair;
  const init = declaration.declarations[0].init!;
  const options = getFileOptions(site, init, file);
  if (options === undefined) return undefined;
  const helper = isAsync ? 'createTempFile' : 'createTempFileSync';
  const root = getEnclosingRoot(write);
  const { text } = file;
  const indent = getIndent(text, declaration.range[0]);
  if (!indent.isOnOwnLine || (isAsync && isFunction(root) && !root.async) || (root.type === 'Program' && (!style.usesUsing || root.sourceType !== 'module'))) return undefined;
  const line = `${getLineBreak(text)}${indent.text}`;
  const end = hasSemicolons(text) ? ';' : '';
  const keyword = style.usesUsing ? (isAsync ? 'await using' : 'using') : 'const';
  const made = `${keyword} ${name} = ${isAsync ? 'await ' : ''}${helper}(${options})${end}`;
  const annotation = declaration.declarations[0].id.typeAnnotation;
  const kept = `${declaration.kind} ${variable}${annotation ? file.getText(annotation) : ''} = ${name}.path${end}`;
  const both: TextEdit = { start: declaration.range[0], end: write.range[1], text: `${made}${line}${kept}` };
  const rest = getStatements(write)!.slice(getStatements(write)!.indexOf(write) + 1);
  const release = isAsync ? `await ${name}.remove();` : `${name}.removeSync();`;
  const awaited = isFunction(root) && root.async ? awaitPromises(file, rest) : [];
  const guard = style.usesUsing || rest.length === 0 ? awaited : guardStatements(rest, { kind: 'finally', release: [release] }, file);
  if (!guard) return undefined;
  const removal = style.usesUsing ? getTailRemoval(rest, uses, file) : undefined;
  const edits = [both, ...guard, ...getExposures(uses, name, write, file), ...(removal?.edits ?? [])];
  return { edits: edits.sort((a, b) => a.start - b.start || a.end - b.end), helpers: [helper], imports: [] };
}

interface Pair {
  readonly declaration: TSESTree.VariableDeclaration;
  readonly write: TSESTree.ExpressionStatement;
  readonly variable: string;
  readonly isAsync: boolean;
}

function findPair(site: CallLike, file: SourceFile): Pair | undefined {
  const path = site.arguments[0] && skipWrappers(site.arguments[0]);
  const variable = path?.type === 'Identifier' ? file.getVariable(path) : undefined;
  const outer = outermostWrapper(site);
  const isAwaited = outer.parent?.type === 'AwaitExpression';
  const write = isAwaited ? outermostWrapper(outer.parent!).parent : outer.parent;
  const isAsync = matchesCallee(['fs:promises.writeFile', 'fs-extra:writeFile'], site, file);
  if ((!isAsync && !matchesCallee(['fs:writeFileSync', 'fs-extra:writeFileSync', 'graceful-fs:writeFileSync'], site, file)) || isAsync !== isAwaited) return undefined;
  const statements = write?.type === 'ExpressionStatement' ? getStatements(write) : undefined;
  const declaration = statements?.[statements.indexOf(write as TSESTree.Statement) - 1];
  if (write?.type !== 'ExpressionStatement' || declaration?.type !== 'VariableDeclaration' || declaration.declarations.length !== 1) return undefined;
  const { id, init } = declaration.declarations[0];
  if (!variable || id.type !== 'Identifier' || !init || file.getVariable(id) !== variable) return undefined;
  if (variable.references.some((reference) => reference.isWrite() && !reference.init)) return undefined;
  if (file.text.slice(declaration.range[1], write.range[0]).trim() !== '') return undefined;
  return { declaration, write, variable: variable.name, isAsync };
}

/** What the helper is given; undefined where the name, the content or an option says something that it does not know. */
export function getFileOptions(site: CallLike, path: Node, file: SourceFile): string | undefined {
  if (!isTemporaryPath(path, file)) return undefined;
  const parts = splitPath(skipWrappers(path), file);
  const [, content, options] = site.arguments;
  const name = parts?.name === undefined ? undefined : splitName(path, file);
  const mode = options === undefined ? [] : getWriteOptions(options, file);
  // In a folder that the code has chosen it may be looked for.
  if (!parts || parts.folder !== undefined || !name || !mode || !content || content.type === 'SpreadElement' || site.arguments.length > 3) return undefined;
  const text = file.getText(content);
  return writeOptions([text === 'content' ? text : `content: ${text}`, ...name, ...mode]);
}

/** 'utf8', { encoding: 'utf8', mode: 0o600, flag: 'wx' } */
function getWriteOptions(options: Node, file: SourceFile): string[] | undefined {
  if (getStringValue(options) !== undefined) return isText(options) ? [] : undefined;
  const node = skipWrappers(options);
  if (node.type !== 'ObjectExpression') return undefined;
  const properties: string[] = [];
  for (const property of node.properties) {
    if (property.type !== 'Property') return undefined;
    const name = getPropertyName(property);
    const value = getStringValue(property.value);
    if (name === 'mode') {
      const text = file.getText(property.value);
      if (!/^(?:0o600|384)$/.test(text)) properties.push(`mode: ${text}`);
    } else if (name === 'flag') {
      if (value !== 'w' && value !== 'wx') return undefined;
    } else if (name !== 'encoding' || !isText(property.value)) return undefined;
  }
  return properties;
}

function isText(encoding: Node): boolean {
  return /^utf-?8$/i.test(getStringValue(encoding) ?? '');
}

const CHANCE = /(?:randomUUID|randomBytes|randomInt|Date\.now|Math\.random|nanoid|uuid(?:v4)?|process\.pid|toString|hrtime)\b/;

/** `key-${randomUUID()}.pem`: what stands before and after the part that makes the name unlike others. */
function splitName(path: Node, file: SourceFile): string[] | undefined {
  const node = skipWrappers(path);
  const last = node.type === 'CallExpression' ? skipWrappers(node.arguments.at(-1)!) : node;
  if (last.type !== 'TemplateLiteral' || !last.expressions.every((expression) => isDroppable(expression, file))) return undefined;
  // A name that is always the same may be one that others look for.
  if (!last.expressions.some((expression) => isChance(expression, file))) return undefined;
  let before = last.quasis[0]!.value.raw;
  if (before === '' && node === last) before = last.quasis[1]!.value.raw;
  before = before.replace(/^.*\//, '');
  let after = last.quasis.at(-1)!.value.raw;
  if (last.expressions.length === 1 && node === last) after = '';
  if (/[\\/'`$]/.test(before + after)) return undefined;
  return [...(before === '' ? [] : [`prefix: '${before}'`]), ...(after === '' ? [] : [`suffix: '${after}'`])];
}

/** `randomUUID()`, or a variable with such a value. */
function isChance(expression: Node, file: SourceFile): boolean {
  const node = skipWrappers(expression);
  const variable = node.type === 'Identifier' ? file.getVariable(node) : undefined;
  const value = variable && file.getOnlyValue(variable);
  return CHANCE.test(file.getText(value ?? node));
}

/** Whether an expression only makes a name unlike others, so that nothing is lost without it. */
function isDroppable(expression: Node, file: SourceFile): boolean {
  let isCalling = false;
  walk(expression, (node) => {
    if (node.type === 'CallExpression' && !CHANCE.test(file.getText(node.callee)) && file.getOrigin(node) !== 'os:tmpdir()') isCalling = true;
    if (/^(?:Await|Yield|Update|Assignment)Expression$/.test(node.type)) isCalling = true;
    return !isCalling;
  });
  return !isCalling;
}

/** process.env.NAME = file;  →  tempFile.exposeInEnv('NAME'); */
function getExposures({ variables }: PathUses, name: string, write: Node, file: SourceFile): TextEdit[] {
  const edits: TextEdit[] = [];
  for (const variable of variables) {
    for (const { identifier } of variable.references) {
      const { parent } = outermostWrapper(identifier);
      if (parent?.type !== 'AssignmentExpression' || parent.right !== outermostWrapper(identifier) || parent.left.type !== 'MemberExpression') continue;
      const key = getPropertyName(parent.left);
      if (key === undefined || parent.parent.type !== 'ExpressionStatement' || !isEnvironment(parent.left.object, file) || identifier.range[0] < write.range[1]) continue;
      edits.push({ start: parent.range[0], end: parent.range[1], text: `${name}.exposeInEnv('${key}')` });
    }
  }
  return edits;
}
