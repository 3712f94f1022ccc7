import type { SourceFile } from '../../source-file.js';
import { type FunctionNode, type Node, isFunction, skipWrappers } from '../../syntax/node.js';
import { walk } from '../../syntax/walk.js';
import type { Race } from '../find-races.js';
import { isDeclaredIn } from '../place.js';
import { getWords } from '../words.js';
import { type Region, isInsideOrAround } from './lock-region.js';

export interface Key {
  readonly text: string;
  /** The type argument of the lock; nothing for texts. */
  readonly type: '' | '<number>' | '<unknown>';
}

/** Calls for different entries do not wait for each other; where the key is not known before the check, they do. */
export function getKey(race: Race, region: Region, file: SourceFile): Key {
  const quote = /^[^'"]*"/.test(file.text) ? '"' : "'";
  const fixed: Key = { text: `${quote}${getBaseName(race)}${quote}`, type: '' };
  const node = findEntryKey(race, file);
  if (!node || !isKnownBefore(node, race.fn, region, file)) return fixed;
  return { text: file.getText(node), type: getKeyType(node, file) };
}

/** if (cacheKey) cached = cache.get(cacheKey); */
export function isAskedFor({ text }: Key, region: Region, file: SourceFile): boolean {
  let isAsked = false;
  walk(
    region.body,
    (node) => {
      if (isAsked || !isInsideOrAround(node, region)) return false;
      const test = node.type === 'IfStatement' || node.type === 'ConditionalExpression' ? node.test : node.type === 'LogicalExpression' ? node.left : undefined;
      isAsked = test !== undefined && file.getText(skipWrappers(test)) === text;
      return true;
    },
    file.visitorKeys,
  );
  return isAsked;
}

function getKeyType(key: Node, file: SourceFile): Key['type'] {
  const node = skipWrappers(key);
  if (node.type === 'TemplateLiteral') return '';
  if (node.type === 'Literal') return typeof node.value === 'string' ? '' : '<unknown>';
  const variable = node.type === 'Identifier' ? file.getVariable(node) : undefined;
  const value = variable && file.getOnlyValue(variable);
  if (value) return getKeyType(value, file);
  const declared = variable?.defs[0]?.name;
  const annotation = declared?.type === 'Identifier' ? declared.typeAnnotation?.typeAnnotation.type : undefined;
  return annotation === 'TSStringKeyword' ? '' : annotation === 'TSNumberKeyword' ? '<number>' : '<unknown>';
}

/** The key of the entry, the object whose field it is, or the path. */
export function findEntryKey({ write, act, place, read, kind, fn }: Race, file: SourceFile): Node | undefined {
  if (kind === 'file-update' || kind === 'file-creation') {
    const node = read.type === 'CallExpression' ? read.arguments[0] : undefined;
    return node && skipWrappers(node).type === 'Identifier' ? node : undefined;
  }
  if (!write || write.node !== act || !place) return undefined;
  if (place.text.endsWith(']')) {
    if (act.type === 'CallExpression') return act.arguments[0];
    const target = act.type === 'AssignmentExpression' ? skipWrappers(act.left) : act.type === 'UpdateExpression' ? skipWrappers(act.argument) : undefined;
    return target?.type === 'MemberExpression' && target.computed ? target.property : undefined;
  }
  // job.status, where each call has a job of its own
  let base: Node | undefined = act.type === 'AssignmentExpression' ? skipWrappers(act.left) : act.type === 'UpdateExpression' ? skipWrappers(act.argument) : undefined;
  while (base?.type === 'MemberExpression') base = skipWrappers(base.object);
  const variable = base?.type === 'Identifier' ? file.getVariable(base) : undefined;
  return variable && isDeclaredIn(variable, fn) ? base : undefined;
}

function isKnownBefore(key: Node, fn: FunctionNode, region: Region, file: SourceFile): boolean {
  let isKnown = true;
  walk(
    key,
    (node) => {
      if (node.type === 'CallExpression' || node.type === 'AwaitExpression' || isFunction(node)) isKnown = false;
      const variable = node.type === 'Identifier' ? file.getReference(node)?.resolved : undefined;
      if (variable && isDeclaredIn(variable, fn) && variable.identifiers.some((identifier) => identifier.range[0] >= region.start)) isKnown = false;
      return isKnown;
    },
    file.visitorKeys,
  );
  return isKnown;
}

/** client of `this._client`, job of `job.status`, sessions of `this.sessions[id]`, file of a path. */
export function getBaseName({ place, subject, kind }: Race): string {
  if (kind.startsWith('file')) {
    const words = getWords(/^[\w$.#]+$/.test(subject) ? subject.split('.').at(-1)! : 'file');
    return toCamel(words.length > 0 ? words : ['file']);
  }
  const path = place!.text.replace(/\[.*\]/g, '').split('.');
  return toCamel(getWords(path.at(-1)!));
}

function toCamel(words: readonly string[]): string {
  return words.map((word, index) => (index === 0 ? word : `${word[0]!.toUpperCase()}${word.slice(1)}`)).join('');
}
