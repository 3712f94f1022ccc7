import { type Refusal, refuse } from '../repairs/refusal.js';
import type { TextEdit } from '../repairs/text-edit.js';
import type { SourceFile } from '../source-file.js';
import { type Node, type TSESTree, getCalleeName, getStringValue, outermostWrapper, skipWrappers } from '../syntax/node.js';
import type { PartialMatch } from './partial-match-flaw.js';
import { getEntries, getPossibleValues } from './possible-values.js';
import { getRequestOrigins } from './request-origin.js';
import { type StrictRule, getStrictRule, getStrictSource } from './strict-pattern.js';
import type { UnsafeOrigin } from './unsafe-origin.js';
import { getVaryEdits } from './vary-repair.js';

export interface OriginRepair {
  readonly kind: 'replaceCheck' | 'replacePattern' | 'removeFlag' | 'removeCredentials' | 'removeEntry' | 'splitList' | 'addReturn' | 'addVary' | 'resetPattern';
  readonly edits: readonly TextEdit[];
  /** Whether the edits call `resolveCorsOrigin` of the runtime. */
  readonly usesRuntime?: boolean;
}

/**
 * The edits after which strangers are refused and everybody who was meant still passes: with nothing but what the
 * language has, or, `withRuntime`, by asking `resolveCorsOrigin(origin, allowed)`.
 */
export function getOriginRepair(file: SourceFile, finding: UnsafeOrigin, withRuntime: boolean): OriginRepair | Refusal {
  switch (finding.kind) {
    case 'partialMatch':
      return repairPartialMatch(file, finding, withRuntime);
    case 'loosePattern':
      return repairPattern(file, finding, withRuntime);
    case 'statefulPattern':
      return withRuntime && isWholeOrigin(file, finding) ? askRuntime(file, finding, file.getText(finding.parts!.allowed!)) : removeFlag(finding);
    case 'maybeStateful':
      return resetPattern(file, finding);
    case 'stringList':
      return withRuntime ? askRuntime(file, finding, `${file.getText(finding.parts!.allowed!)}.split(',')`) : splitList(finding);
    case 'alwaysTrue':
      return repairLookup(file, finding, withRuntime);
    case 'nullAllowed':
      return removeEntry(file, finding);
    case 'wildcardWithCredentials':
      return withRuntime ? refuse('would-change-behaviour', 'which origins are meant is not said here') : removeCredentials(file, finding);
    case 'rejectedServed':
      return addReturn(file, finding);
    case 'missingVary': {
      const edits = getVaryEdits(file, finding.node);
      return Array.isArray(edits) ? { kind: 'addVary', edits } : edits;
    }
    default:
      return refuse('would-change-behaviour', 'which origins are meant is not said here');
  }
}

function isWholeOrigin(file: SourceFile, { parts }: UnsafeOrigin): boolean {
  return parts?.origin !== undefined && getRequestOrigins(file).getPart(parts.origin) === 'origin';
}

function repairPartialMatch(file: SourceFile, finding: UnsafeOrigin, withRuntime: boolean): OriginRepair | Refusal {
  const { origin, allowed, method, check } = finding.parts!;
  const checked = getRequestOrigins(file).getPart(origin!) === 'host' ? 'host' : 'origin';
  const { values, isComplete } = getPossibleValues(file, allowed!);
  const texts = values.map(getStringValue);
  if (!isComplete || texts.length === 0 || texts.includes(undefined)) return refuse('would-change-behaviour', 'what is compared with is only known at run time');
  // The runtime is asked about the whole origin, whose host may stand before a port.
  const isOfHost = checked === 'host' && withRuntime;
  if (isOfHost && method === 'startsWith') return refuse('would-change-behaviour', 'the beginning of a host name says nothing about its domain');
  const rules = texts.map((text) => (isOfHost ? getStrictRule('includes', text!, 'origin') : getStrictRule(method as PartialMatch, text!, checked)));
  if (rules.includes(undefined)) return refuse('would-change-behaviour', 'a text that is compared with names no host');
  const strict = rules as StrictRule[];
  const list = getListOfCheck(check!);
  const areOrigins = strict.every((rule) => 'origin' in rule);
  // A text that stands elsewhere is asked for by its name, which only an origin can be.
  const isLiteral = getStringValue(skipWrappers(allowed!)) !== undefined;
  if (!areOrigins && !isLiteral) return refuse('unsupported-shape', 'the texts that are compared with are no whole origins');
  if (withRuntime) return askRuntime(file, finding, list ? file.getText(list) : isLiteral ? writeRule(strict[0]!) : file.getText(allowed!));
  const text = file.getText(origin!);
  if (list) {
    if (getCalleeName((skipWrappers(check!) as TSESTree.CallExpression).callee) !== 'some') return refuse('unsupported-shape', 'the entry that matches is used');
    return replaceCheck(finding, (isTrue) => `${isTrue ? '' : '!'}${file.getText(list)}.includes(${text})`);
  }
  const [rule] = strict;
  if (!isLiteral) return replaceCheck(finding, (isTrue) => `${text} ${isTrue ? '===' : '!=='} ${file.getText(allowed!)}`);
  if ('origin' in rule!) return replaceCheck(finding, (isTrue) => `${text} ${isTrue ? '===' : '!=='} '${rule.origin}'`);
  return replaceCheck(finding, (isTrue) => `${isTrue ? '' : '!'}/${rule!.source}/.test(${text})`);
}

function repairPattern(file: SourceFile, finding: UnsafeOrigin, withRuntime: boolean): OriginRepair | Refusal {
  const { pattern, origin, allowed } = finding.parts!;
  const literal = pattern && skipWrappers(pattern);
  const known = literal && readPattern(file, literal);
  if (!literal || !known) return refuse('would-change-behaviour', 'the pattern is only known at run time');
  const checked = origin && getRequestOrigins(file).getPart(origin) === 'host' ? 'host' : 'origin';
  const source = getStrictSource(known.source, known.flags, checked);
  if (source === undefined) return refuse('would-change-behaviour', 'what the pattern is meant to match is not clear');
  const text = `/${source.replace(/(?<!\\)\//g, '\\/')}/${known.flags}`;
  const edit = { start: literal.range[0], end: literal.range[1], text };
  // A pattern for host names is none for origins.
  if (!withRuntime || !origin || !finding.parts!.check || checked === 'host') return { kind: 'replacePattern', edits: [edit] };
  const isInline = allowed && skipWrappers(allowed) === literal;
  const asked = askRuntime(file, finding, isInline ? text : file.getText(allowed!));
  if (!('edits' in asked)) return { kind: 'replacePattern', edits: [edit] };
  return isInline ? asked : { ...asked, edits: [edit, ...asked.edits].sort((a, b) => a.start - b.start) };
}

function readPattern(file: SourceFile, node: Node): { source: string; flags: string } | undefined {
  if (node.type === 'Literal' && 'regex' in node) return { source: node.regex.pattern, flags: node.regex.flags };
  if ((node.type !== 'NewExpression' && node.type !== 'CallExpression') || getCalleeName(node.callee) !== 'RegExp' || !file.isGlobal(skipWrappers(node.callee))) return undefined;
  const [source, flags] = node.arguments.map((argument) => getStringValue(argument));
  return source === undefined || (node.arguments.length > 1 && flags === undefined) ? undefined : { source, flags: flags ?? '' };
}

/** resolveCorsOrigin(origin, allowed) !== undefined, in the place of the check */
function askRuntime(file: SourceFile, finding: UnsafeOrigin, allowed: string): OriginRepair | Refusal {
  const origin = findWholeOrigin(file, finding.parts!.origin!);
  if (origin === undefined) return refuse('unsupported-shape', 'the whole origin is not at hand where its host is compared');
  const replaced = replaceCheck(finding, (isTrue) => `resolveCorsOrigin(${origin}, ${allowed}) ${isTrue ? '!==' : '==='} undefined`);
  return 'edits' in replaced ? { ...replaced, usesRuntime: true } : replaced;
}

/** The origin as it came in, for a host that was taken out of it: `origin` of `new URL(origin).hostname`. */
function findWholeOrigin(file: SourceFile, expression: Node): string | undefined {
  const node = skipWrappers(expression);
  if (getRequestOrigins(file).getPart(node) === 'origin') return file.getText(expression);
  const source = node.type === 'MemberExpression' ? node.object : node.type === 'Identifier' ? findInit(file, node) : undefined;
  const url = source && skipWrappers(source);
  const made = url?.type === 'Identifier' ? findInit(file, url) : url;
  const inner = made && skipWrappers(made);
  if (inner?.type === 'MemberExpression') return findWholeOrigin(file, inner);
  return inner?.type === 'NewExpression' && inner.arguments[0] ? file.getText(inner.arguments[0]) : undefined;
}

function findInit(file: SourceFile, identifier: Node): Node | undefined {
  const variable = file.getVariable(identifier);
  const [definition] = variable?.defs ?? [];
  const isOnce = variable?.references.every((reference) => !reference.isWrite() || reference.init);
  return isOnce && definition?.node.type === 'VariableDeclarator' ? (definition.node.init ?? undefined) : undefined;
}

/** Writes a boolean expression in the place of a check, with the `!` around it and the number it is compared with. */
function replaceCheck({ parts }: UnsafeOrigin, write: (isTrue: boolean) => string): OriginRepair | Refusal {
  const check = skipWrappers(parts!.check!);
  let isTrue = true;
  if (check.type === 'BinaryExpression') {
    const sense = getSense(check);
    if (sense === undefined) return refuse('unsupported-shape', 'what the comparison asks is not clear');
    isTrue = sense;
  }
  let place = outermostWrapper(check);
  while (place.parent?.type === 'UnaryExpression' && (place.parent.operator === '!' || place.parent.operator === '~')) {
    if (place.parent.operator === '!') isTrue = !isTrue;
    place = outermostWrapper(place.parent);
  }
  if (check.type !== 'BinaryExpression' && place === outermostWrapper(check) && !isOnlyTested(place, parts!.method)) {
    return refuse('unsupported-shape', 'more than whether it matches is used');
  }
  const text = write(isTrue);
  const isTight = /^(?:BinaryExpression|MemberExpression|AwaitExpression|UnaryExpression)$/.test(place.parent?.type ?? '');
  return { kind: 'replaceCheck', edits: [{ start: place.range[0], end: place.range[1], text: isTight ? `(${text})` : text }] };
}

/** true for `!== -1`, false for `=== -1` */
function getSense(node: TSESTree.BinaryExpression): boolean | undefined {
  const isMinusOne = node.right.type === 'UnaryExpression' && node.right.operator === '-';
  const isZero = node.right.type === 'Literal' && node.right.value === 0;
  const call = node.left.type === 'PrivateIdentifier' ? undefined : skipWrappers(node.left);
  if (isMinusOne) return /^(?:!==?|>)$/.test(node.operator) ? true : /^===?$/.test(node.operator) ? false : undefined;
  if (!isZero || call?.type !== 'CallExpression') return undefined;
  if (node.operator === '>=') return true;
  if (node.operator === '<') return false;
  return /^===?$/.test(node.operator) ? true : /^!==?$/.test(node.operator) ? false : undefined;
}

/** `match()` and `find()` give more than true or false; here nothing else is asked. */
function isOnlyTested(node: Node, method: string | undefined): boolean {
  const call = skipWrappers(node);
  const name = call.type === 'CallExpression' ? getCalleeName(call.callee) : method;
  if (name !== undefined && /^(?:includes|startsWith|endsWith|test|some|every|has)$/.test(name)) return true;
  const { parent } = node;
  switch (parent?.type) {
    case 'IfStatement':
    case 'ConditionalExpression':
      return parent.test === node;
    case 'LogicalExpression':
      return isOnlyTested(outermostWrapper(parent), 'match');
    default:
      return false;
  }
}

/** The list of `list.some((entry) => …)`, where the check is all of it. */
function getListOfCheck(check: Node): Node | undefined {
  const node = skipWrappers(check);
  if (node.type !== 'CallExpression' || !/^(?:some|find)$/.test(getCalleeName(node.callee) ?? '')) return undefined;
  const callee = skipWrappers(node.callee);
  return callee.type === 'MemberExpression' ? callee.object : undefined;
}

function writeRule(rule: StrictRule): string {
  return 'origin' in rule ? `'${rule.origin}'` : `/${rule.source}/`;
}

/** /…/g → /…/ */
function removeFlag({ parts }: UnsafeOrigin): OriginRepair | Refusal {
  const literal = parts?.pattern && skipWrappers(parts.pattern);
  if (literal?.type !== 'Literal' || !('regex' in literal)) return refuse('unsupported-shape', 'the pattern is no literal');
  const { pattern, flags } = literal.regex;
  return { kind: 'removeFlag', edits: [{ start: literal.range[0], end: literal.range[1], text: `/${pattern}/${flags.replace(/[gy]/g, '')}` }] };
}

/** process.env.ORIGINS.includes(origin) → process.env.ORIGINS.split(',').includes(origin) */
function splitList({ parts }: UnsafeOrigin): OriginRepair {
  const [, end] = parts!.allowed!.range;
  return { kind: 'splitList', edits: [{ start: end, end, text: `${isOptional(parts!.allowed!) ? '?' : ''}.split(',')` }] };
}

function isOptional(list: Node): boolean {
  return list.parent?.type === 'MemberExpression' && list.parent.optional;
}

/** list.indexOf(origin) and list.includes(origin) !== -1 → list.includes(origin) */
function repairLookup(file: SourceFile, finding: UnsafeOrigin, withRuntime: boolean): OriginRepair | Refusal {
  const { allowed, origin, method, check } = finding.parts ?? {};
  if (!allowed || !origin || !method || !check) return refuse('would-change-behaviour', 'what the check is meant to ask is not clear');
  const { values, isComplete } = getEntries(file, allowed);
  const areOrigins = isComplete && values.length > 0 && values.every((value) => isOriginText(getStringValue(value)));
  const place = outermostWrapper(check);
  const isNegative = place.parent?.type === 'UnaryExpression' && place.parent.operator === '!';
  const isIndex = /ndexOf$/.test(method);
  // !list.indexOf(origin) is true for the first entry only: neither sense can be meant.
  if (isIndex && isNegative) return refuse('would-change-behaviour', 'what the check is meant to ask is not clear');
  const [listText, originText] = [file.getText(allowed), file.getText(origin)];
  const useRuntime = withRuntime && areOrigins;
  const text = useRuntime ? `resolveCorsOrigin(${originText}, ${listText}) !== undefined` : `${listText}.includes(${originText})`;
  const edits = [{ start: place.range[0], end: place.range[1], text: isNegative && useRuntime ? `(${text})` : text }];
  return useRuntime ? { kind: 'replaceCheck', edits, usesRuntime: true } : { kind: 'replaceCheck', edits };
}

function isOriginText(text: string | undefined): boolean {
  return text !== undefined && /^https?:\/\/[a-z0-9.-]+(?::\d+)?$/i.test(text);
}

/** ['https://a.example', 'null'] → ['https://a.example'] */
function removeEntry(file: SourceFile, { node }: UnsafeOrigin): OriginRepair | Refusal {
  const list = node.parent;
  if (list?.type !== 'ArrayExpression' || list.elements.length < 2) return refuse('would-change-behaviour', 'what is to be answered instead is not said here');
  const index = list.elements.indexOf(node as TSESTree.Expression);
  const [start, end] = index > 0 ? [list.elements[index - 1]!.range[1], node.range[1]] : [node.range[0], list.elements[1]!.range[0]];
  if (/\/[/*]/.test(file.text.slice(start, end))) return refuse('comment-in-the-way', 'a comment stands beside the entry');
  return { kind: 'removeEntry', edits: [{ start, end, text: '' }] };
}

/** { origin: '*', credentials: true } → { origin: '*' } */
function removeCredentials(file: SourceFile, { path }: UnsafeOrigin): OriginRepair | Refusal {
  const property = path.at(-1)!.node;
  const object = property.parent;
  if (property.type !== 'Property' || object?.type !== 'ObjectExpression') return refuse('unsupported-shape', 'the credentials are not a property beside it');
  const index = object.properties.indexOf(property);
  const next = object.properties[index + 1];
  const before = object.properties[index - 1];
  const [start, end] = next ? [property.range[0], next.range[0]] : before ? [before.range[1], property.range[1]] : property.range;
  if (/\/[/*]/.test(file.text.slice(start, end).replace(/:\/\//g, ''))) return refuse('comment-in-the-way', 'a comment stands beside the property');
  return { kind: 'removeCredentials', edits: [{ start, end, text: '' }] };
}

/** if (!isAllowed) { res.status(403).end(); } → …; return; } */
function addReturn(file: SourceFile, { node }: UnsafeOrigin): OriginRepair | Refusal {
  const statement = outermostWrapper(node).parent;
  if (statement?.type !== 'IfStatement' || statement.consequent.type !== 'BlockStatement') return refuse('unsupported-shape', 'the refusal is no block of statements');
  const last = statement.consequent.body.at(-1);
  if (!last) return refuse('unsupported-shape', 'the refusal is empty');
  const lineStart = file.text.lastIndexOf('\n', last.range[0] - 1) + 1;
  const indent = /^[ \t]*/.exec(file.text.slice(lineStart))![0];
  const isOwnLine = file.text.slice(lineStart, last.range[0]).trim() === '';
  const eol = file.text.includes('\r\n') ? '\r\n' : '\n';
  const end = last.range[1];
  const semicolon = file.text[end - 1] === ';' ? ';' : '';
  return { kind: 'addReturn', edits: [{ start: end, end, text: isOwnLine ? `${eol}${indent}return${semicolon}` : ' return;' }] };
}

/**
 * return rule.test(origin) → rule.lastIndex = 0; return rule.test(origin). The runtime is not asked: whoever hands in a
 * pattern may mean one that matches a part.
 */
function resetPattern({ text }: SourceFile, { node, data }: UnsafeOrigin): OriginRepair | Refusal {
  let statement: Node | undefined = node;
  while (statement && !/^(?:Return|Expression|If)Statement$|^VariableDeclaration$|Function/.test(statement.type)) statement = statement.parent;
  const [start] = statement?.range ?? [0];
  const indent = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const isPlace = statement?.parent?.type === 'BlockStatement' && !/Function/.test(statement.type) && indent.trim() === '';
  if (!isPlace) return refuse('unsupported-shape', 'the test shares its statement or line');
  const semicolon = text[statement!.range[1] - 1] === ';' ? ';' : '';
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  return { kind: 'resetPattern', edits: [{ start, end: start, text: `${data.pattern}.lastIndex = 0${semicolon}${eol}${indent}` }] };
}
