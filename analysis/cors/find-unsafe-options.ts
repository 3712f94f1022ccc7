import type { PathStep } from '../finding.js';
import type { SourceFile } from '../source-file.js';
import { type Node, getStringValue, isFunction, skipWrappers } from '../syntax/node.js';
import { shorten } from '../syntax/shorten.js';
import { type Condition, getConditions } from './conditions.js';
import { type CorsOptions, getCorsOptions } from './cors-options.js';
import { dedupe } from './find-reflected-origins.js';
import { getOriginChecks } from './origin-checks.js';
import { findPatternFlaw } from './pattern-flaw.js';
import { getEntries } from './possible-values.js';
import { findReflections } from './reflections.js';
import { getRequestOrigins } from './request-origin.js';
import type { UnsafeOrigin, UnsafeOriginKind } from './unsafe-origin.js';

/** Options of CORS libraries that let in every origin with credentials, `null`, or more origins than they name. */
export function findUnsafeOptions(file: SourceFile): UnsafeOrigin[] {
  return dedupe(getCorsOptions(file).flatMap((options) => (options.origin ? findInOptions(file, options, options.origin.value) : findByDefault(file, options))));
}

/** cors({ credentials: true }), where the library then answers every origin */
function findByDefault(file: SourceFile, { node, credentials, library }: CorsOptions): UnsafeOrigin[] {
  if (!credentials || node.properties.some(({ type }) => type === 'SpreadElement')) return [];
  if (library !== 'koa' && library !== 'elysia') return [];
  return [make(file, 'anyAllowed', credentials, credentials, 'certain', { option: 'without `origin`' })];
}

interface Choice {
  readonly value: Node;
  readonly conditions: readonly Condition[];
}

function findInOptions(file: SourceFile, options: CorsOptions, origin: Node): UnsafeOrigin[] {
  const checks = getOriginChecks(file);
  return getChoices(file, origin, getConditions(options.node)).flatMap(({ value, conditions }) => {
    const kinds = conditions.map((condition) => checks.classify(condition));
    if (kinds.includes('check')) return [];
    // The star that stands in for a missing setting is refused by browsers; only what is answered in its place lets in.
    const isFallback = getStringValue(skipWrappers(value)) === '*' && conditions.some(({ test, truth }) => truth === false && skipWrappers(test).type === 'MemberExpression');
    return findInChoice(file, options, value, kinds.includes('setting') || (isFallback && options.library !== 'koa'));
  });
}

function findInChoice(file: SourceFile, { credentials, origin, library }: CorsOptions, value: Node, isSetting: boolean): UnsafeOrigin[] {
  const node = skipWrappers(value);
  const certainty = isSetting ? 'potential' : 'certain';
  const findings: UnsafeOrigin[] = [];
  const isWildcard = getStringValue(node) === '*' || (library === 'hapi' && node.type === 'ArrayExpression' && node.elements.some((element) => getStringValue(element) === '*'));
  const place = isWildcard || isTrue(node) ? (skipWrappers(origin!.value) === node ? origin! : value) : value;
  if (credentials && isTrue(node)) findings.push(make(file, 'anyAllowed', place, credentials, certainty, { option: '`origin: true`' }));
  else if (credentials && isWildcard) findings.push(make(file, 'wildcardWithCredentials', place, credentials, certainty, { value: `\`${file.getText(place)}\`` }));
  if (isFunction(node) || node.type === 'Literal' || node.type === 'TemplateLiteral') {
    const text = getStringValue(node);
    if (text === 'null') findings.push(make(file, 'nullAllowed', value, credentials, 'certain', {}));
    else if (text !== undefined && /:\/\/[^\s,]+\s*[,\s]\s*[a-z]+:\/\//i.test(text)) findings.push(make(file, 'joinedList', value, credentials, 'certain', { value: shorten(file.getText(value)) }));
  } else if (getRequestOrigins(file).getPart(node) === 'origin' && findReflections(file, node).length > 0) {
    findings.push({ ...make(file, 'reflected', value, credentials, credentials ? certainty : 'potential', { origin: shorten(file.getText(value)), credentials: credentials ? 'with' : 'without' }), parts: { origin: value } });
  }
  return [...findings, ...findInEntries(file, node)];
}

/** Patterns and `null` in a list, or the one pattern. */
function findInEntries(file: SourceFile, node: Node): UnsafeOrigin[] {
  const entries = node.type === 'Literal' || node.type === 'NewExpression' ? [node] : node.type === 'ArrayExpression' || node.type === 'CallExpression' ? getEntries(file, node).values : [];
  return entries.flatMap((entry) => {
    const inner = skipWrappers(entry);
    if (getStringValue(inner) === 'null' && inner !== node) return [make(file, 'nullAllowed', inner, undefined, 'certain', {})];
    const pattern = inner.type === 'Literal' && 'regex' in inner ? inner.regex : getPatternOf(file, inner);
    const flaw = pattern && findPatternFlaw(pattern.pattern, pattern.flags, 'origin');
    if (!flaw || flaw.kind === 'any') return [];
    return [{ ...make(file, 'loosePattern', inner, undefined, flaw.certainty, { check: shorten(file.getText(inner)), example: flaw.example }), parts: { allowed: inner, pattern: inner } }];
  });
}

function getPatternOf(file: SourceFile, node: Node): { pattern: string; flags: string } | undefined {
  if (node.type !== 'NewExpression' && node.type !== 'CallExpression') return undefined;
  const callee = skipWrappers(node.callee);
  const pattern = getStringValue(node.arguments[0]);
  if (callee.type !== 'Identifier' || callee.name !== 'RegExp' || !file.isGlobal(callee) || pattern === undefined) return undefined;
  return { pattern, flags: getStringValue(node.arguments[1]) ?? '' };
}

/** The values that an option may have, each with the conditions of its branch. */
function getChoices(file: SourceFile, expression: Node, conditions: readonly Condition[], depth = 0): Choice[] {
  const node = skipWrappers(expression);
  if (depth > 6) return [];
  const go = (inner: Node, ...more: Condition[]) => getChoices(file, inner, [...more, ...conditions], depth + 1);
  switch (node.type) {
    case 'ConditionalExpression':
      return [...go(node.consequent, { test: node.test, truth: true }), ...go(node.alternate, { test: node.test, truth: false })];
    case 'LogicalExpression':
      return [...(node.operator === '&&' ? [] : go(node.left)), ...go(node.right, { test: node.left, truth: node.operator === '&&' })];
    case 'Identifier': {
      if (getRequestOrigins(file).getPart(node)) return [{ value: expression, conditions }];
      const variable = file.getVariable(node);
      if (variable?.defs[0]?.type !== 'Variable') return [];
      return variable.references.flatMap(({ identifier, writeExpr, init }) => {
        if (!writeExpr || (init && writeExpr.parent?.type === 'VariableDeclarator' && writeExpr.parent.id.type !== 'Identifier')) return [];
        const mayChange = variable.references.some((reference) => reference.isWrite() && !reference.init);
        const more: Condition[] = mayChange && !init ? getConditions(identifier) : [];
        return getChoices(file, writeExpr, [...more, ...(mayChange && init ? [{ test: identifier, truth: undefined }] : []), ...conditions], depth + 1);
      });
    }
    default:
      return [{ value: expression, conditions }];
  }
}

function isTrue(node: Node): boolean {
  return (node.type === 'Literal' && node.value === true) || (node.type === 'UnaryExpression' && node.operator === '!' && node.argument.type === 'Literal' && !node.argument.value);
}

function make(file: SourceFile, kind: UnsafeOriginKind, node: Node, credentials: Node | undefined, certainty: UnsafeOrigin['certainty'], data: UnsafeOrigin['data']): UnsafeOrigin {
  const path: PathStep[] = [{ kind: 'note', node, text: `\`${shorten(file.getText(node))}\`` }];
  if (credentials && credentials !== node) path.push({ kind: 'note', node: credentials, text: 'credentials are allowed' });
  return { kind, node, certainty, path, data };
}
