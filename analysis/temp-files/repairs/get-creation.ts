import { matchesCallee } from '../../ownership/acquisitions.js';
import { writeProperty } from '../../repairs/write-property.js';
import type { SourceFile } from '../../source-file.js';
import { type CallLike, type Node, type TSESTree, getPropertyName, getStringValue, skipWrappers } from '../../syntax/node.js';

/** The call of a runtime helper that makes the same temporary file or folder as a call in the code. */
export interface Creation {
  readonly helper: 'createTempDir' | 'createTempDirSync' | 'createTempFile' | 'createTempFileSync';
  /** The arguments, as code. */
  readonly options: string;
  /** Of helpers that the `tmp` packages give an object for: the member that is the path, and the one that removes it. */
  readonly members?: { readonly path: string; readonly remove: string };
}

const IGNORED_OPTIONS = new Set(['unsafeCleanup', 'discardDescriptor', 'detachDescriptor']);

/** Undefined for calls whose arguments say something that the helpers do not know. */
export function getCreation(call: CallLike, file: SourceFile): Creation | undefined {
  const is = (...calls: string[]) => matchesCallee(calls, call, file);
  const [first, second] = call.arguments;
  if (is('fs:promises.mkdtemp', 'fs-extra:mkdtemp', 'fs:mkdtempSync', 'fs-extra:mkdtempSync', 'graceful-fs:mkdtempSync')) {
    const isPlain = !second || /^utf-?8$/.test(getStringValue(second) ?? '');
    const options = first && isPlain ? splitPrefix(first, file) : undefined;
    return options === undefined ? undefined : { helper: is('fs:promises.mkdtemp', 'fs-extra:mkdtemp') ? 'createTempDir' : 'createTempDirSync', options };
  }
  if (is('tmp:dirSync', 'tmp:default.dirSync', 'tmp:fileSync', 'tmp:default.fileSync')) {
    const isFile = is('tmp:fileSync', 'tmp:default.fileSync');
    const options = getTmpOptions(first, isFile, file);
    return options === undefined ? undefined : { helper: isFile ? 'createTempFileSync' : 'createTempDirSync', options, members: { path: 'name', remove: 'removeCallback' } };
  }
  if (is('tmp-promise:dir', 'tmp-promise:default.dir', 'tmp-promise:file', 'tmp-promise:default.file')) {
    const isFile = is('tmp-promise:file', 'tmp-promise:default.file');
    const options = getTmpOptions(first, isFile, file);
    return options === undefined ? undefined : { helper: isFile ? 'createTempFile' : 'createTempDir', options, members: { path: 'path', remove: 'cleanup' } };
  }
  if (is('tempy:temporaryDirectory', 'tempy:directory', 'tempy:default.directory')) {
    const options = getTmpOptions(first, false, file);
    return options === undefined ? undefined : { helper: 'createTempDirSync', options };
  }
  return undefined;
}

/** { prefix: 'a-', postfix: '.zip' }  →  { prefix: 'a-', suffix: '.zip' } */
function getTmpOptions(argument: Node | undefined, isFile: boolean, file: SourceFile): string | undefined {
  if (!argument) return '';
  const node = skipWrappers(argument);
  if (node.type !== 'ObjectExpression') return undefined;
  const names: Record<string, string | undefined> = { prefix: 'prefix', mode: 'mode', tmpdir: 'dir', ...(isFile ? { postfix: 'suffix' } : {}) };
  const properties: string[] = [];
  for (const property of node.properties) {
    const name = property.type === 'Property' ? getPropertyName(property) : undefined;
    if (property.type !== 'Property' || name === undefined) return undefined;
    if (IGNORED_OPTIONS.has(name)) continue;
    const target = names[name];
    if (target === undefined) return undefined;
    properties.push(writeProperty(target, file.getText(property.value)));
  }
  return writeOptions(properties);
}

/** join(tmpdir(), 'a-')  →  { prefix: 'a-' } */
function splitPrefix(argument: Node, file: SourceFile): string | undefined {
  const parts = splitPath(skipWrappers(argument), file);
  if (!parts || parts.name === undefined) return undefined;
  const { folder, name } = parts;
  return writeOptions([...(name === "''" ? ["prefix: ''"] : [writeProperty('prefix', name)]), ...(folder === undefined ? [] : [writeProperty('dir', folder)])]);
}

export function writeOptions(properties: readonly string[]): string {
  return properties.length === 0 ? '' : `{ ${properties.join(', ')} }`;
}

/** A path as the folder and the last name, both as code; the folder is undefined where it is `os.tmpdir()`. */
interface PathParts {
  readonly folder: string | undefined;
  readonly name: string | undefined;
}

/** Undefined for paths whose last part cannot be told from the text. */
export function splitPath(node: Node, file: SourceFile): PathParts | undefined {
  switch (node.type) {
    case 'CallExpression': {
      if (!/^path:(?:posix\.)?(?:join|resolve)$/.test(file.getOrigin(node.callee) ?? '') || node.arguments.some(({ type }) => type === 'SpreadElement')) return undefined;
      const last = node.arguments.at(-1);
      const folders = node.arguments.slice(0, -1);
      if (!last || folders.length === 0 || !isName(last)) return undefined;
      const [only] = folders;
      const folder = folders.length === 1 ? getFolder(only!, file) : { text: `${file.getText(node.callee)}(${folders.map((part) => file.getText(part)).join(', ')})` };
      return { folder: folder.text, name: file.getText(last) };
    }
    case 'TemplateLiteral':
      return splitTemplate(node, file);
    case 'BinaryExpression':
      return splitSum(node, file);
    case 'Literal': {
      const found = /^(.+)\/([^/]+)$/.exec(getStringValue(node) ?? '');
      const quote = file.getText(node)[0]!;
      return found ? { folder: `${quote}${found[1]!}${quote}`, name: `${quote}${found[2]!}${quote}` } : undefined;
    }
    default:
      return undefined;
  }
}

function getFolder(node: Node, file: SourceFile): { text: string | undefined } {
  return { text: file.getOrigin(node) === 'os:tmpdir()' ? undefined : file.getText(node) };
}

/** Whether an expression is one name of a path, as far as its text tells. */
function isName(expression: Node): boolean {
  const node = skipWrappers(expression);
  const value = getStringValue(node);
  if (value !== undefined) return !/[\\/]/.test(value);
  if (node.type === 'TemplateLiteral') return node.quasis.every((quasi) => !/[\\/]/.test(quasi.value.raw));
  if (node.type === 'BinaryExpression') return node.operator === '+' && isName(node.left) && isName(node.right);
  return node.type === 'Identifier' || node.type === 'MemberExpression' || node.type === 'CallExpression';
}

/** `${tmpdir()}/a-${id}-` */
function splitTemplate(node: TSESTree.TemplateLiteral, file: SourceFile): PathParts | undefined {
  const [first, ...others] = node.expressions;
  if (!first || node.quasis[0]!.value.raw !== '') return undefined;
  const isSeparated = node.quasis[1]!.value.raw === '' && others[0] && file.getOrigin(others[0]) === 'path:sep';
  const raw = isSeparated ? node.quasis[2]!.value.raw : node.quasis[1]!.value.raw.replace(/^\//, '');
  if (!isSeparated && !node.quasis[1]!.value.raw.startsWith('/')) return undefined;
  const rest = isSeparated ? others.slice(1) : others;
  const quasis = node.quasis.slice(isSeparated ? 3 : 2);
  if ([raw, ...quasis.map((quasi) => quasi.value.raw)].some((text) => /[\\/]/.test(text))) return undefined;
  const text = raw + rest.map((expression, index) => `\${${file.getText(expression)}}${quasis[index]!.value.raw}`).join('');
  return { folder: getFolder(first, file).text, name: rest.length > 0 ? `\`${text}\`` : `'${text.replaceAll("'", "\\'")}'` };
}

/** os.tmpdir() + '/a-' + id, os.tmpdir() + path.sep + 'a-' */
function splitSum(node: TSESTree.BinaryExpression, file: SourceFile): PathParts | undefined {
  const terms: Node[] = [];
  for (let left: Node = node; ; ) {
    if (left.type !== 'BinaryExpression' || left.operator !== '+') {
      terms.unshift(left);
      break;
    }
    terms.unshift(left.right);
    left = left.left;
  }
  const [folder, second, ...rest] = terms;
  if (!folder || !second) return undefined;
  const isSeparator = file.getOrigin(second) === 'path:sep';
  const text = getStringValue(second);
  if (!isSeparator && !text?.startsWith('/')) return undefined;
  const quote = file.getText(second)[0]!;
  const names = [...(isSeparator || text === '/' ? [] : [`${quote}${text!.slice(1)}${quote}`]), ...rest.map((term) => file.getText(term))];
  const isPlain = (isSeparator || !/[\\/]/.test(text!.slice(1))) && rest.every((term) => isName(term));
  return isPlain && names.length > 0 ? { folder: getFolder(folder, file).text, name: names.join(' + ') } : undefined;
}
