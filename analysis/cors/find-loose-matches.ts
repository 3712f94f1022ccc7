import type { PathStep } from '../finding.js';
import type { SourceFile } from '../source-file.js';
import { type Node, type TSESTree, getCalleeName, getStringValue, isWithin, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { shorten } from '../syntax/shorten.js';
import { type Condition, getConditions } from './conditions.js';
import { getDecisions } from './decisions.js';
import { isDevelopmentOnly } from './development-only.js';
import { isText } from './is-text.js';
import { getOriginChecks } from './origin-checks.js';
import { type PartialMatch, findPartialMatchFlaw } from './partial-match-flaw.js';
import { type CheckedText, type MatchFlaw, findPatternFlaw } from './pattern-flaw.js';
import { findListOf, findListOfCallback, getPossibleValues } from './possible-values.js';
import { contains } from './reflections.js';
import { getRequestOrigins } from './request-origin.js';
import type { UnsafeOrigin, UnsafeOriginParts } from './unsafe-origin.js';

const PARTIAL_METHODS = /^(?:includes|startsWith|endsWith|indexOf|lastIndexOf)$/;
const PATTERN_METHODS = /^(?:match|search|matchAll|test|exec)$/;

/** Checks that look at a part of the origin only, so that a stranger's origin passes as well. */
export function findLooseMatches(file: SourceFile): UnsafeOrigin[] {
  const findings: UnsafeOrigin[] = [];
  for (const node of file.getNodes('CallExpression')) {
    const callee = skipWrappers(node.callee);
    if (callee.type !== 'MemberExpression') continue;
    const name = getCalleeName(callee) ?? '';
    const finding = PARTIAL_METHODS.test(name) ? findPartialMatch(file, node, callee, name) : PATTERN_METHODS.test(name) ? findLoosePattern(file, node, callee, name) : undefined;
    if (finding) findings.push(finding);
  }
  return findings;
}

/** origin.endsWith('example.com'), origin.indexOf('example.com') !== -1, allowed.some((a) => origin.startsWith(a)) */
function findPartialMatch(file: SourceFile, call: TSESTree.CallExpression, callee: TSESTree.MemberExpression, name: string): UnsafeOrigin | undefined {
  const [text] = call.arguments;
  const checked = getChecked(file, callee.object);
  if (!checked || !text || text.type === 'SpreadElement' || getRequestOrigins(file).getPart(text)) return undefined;
  const method = getMethod(call, name);
  const flaw = method && findFlawOfText(file, method, text, checked);
  if (!flaw) return undefined;
  const test = name === 'indexOf' || name === 'lastIndexOf' ? (outermostWrapper(call).parent ?? call) : call;
  return report(file, 'partialMatch', call, test, flaw, { check: getWholeCheck(test), origin: callee.object, allowed: text, method });
}

/** pattern.test(origin), origin.match(pattern) */
function findLoosePattern(file: SourceFile, call: TSESTree.CallExpression, callee: TSESTree.MemberExpression, name: string): UnsafeOrigin | undefined {
  const isOfPattern = name === 'test' || name === 'exec';
  const [argument] = call.arguments;
  const origin = isOfPattern ? argument : callee.object;
  const pattern = isOfPattern ? callee.object : argument;
  if (!origin || !pattern || origin.type === 'SpreadElement' || pattern.type === 'SpreadElement') return undefined;
  const checked = getChecked(file, origin);
  if (!checked) return undefined;
  const parts: UnsafeOriginParts = { check: getWholeCheck(call), origin, allowed: pattern, method: name };
  const { values } = getPossibleValues(file, pattern);
  for (const value of values.length > 0 ? values : [pattern]) {
    const flaw = findFlawOfPattern(file, value, checked, !isOfPattern, pattern);
    // A pattern that names no host is there for something else.
    if (flaw && flaw.kind !== 'any') {
      const finding = report(file, 'loosePattern', call, call, flaw, { ...parts, pattern: value });
      if (finding) return finding;
    }
  }
  const unknown = isOfPattern ? findUnknownState(file, call, pattern, parts) : undefined;
  if (unknown) return unknown;
  const stateful = isOfPattern ? values.find((value) => isStateful(file, value)) : undefined;
  if (!stateful || !getDecisions(file).decides(call)) return undefined;
  const isKept = !isWithinFunctionOf(stateful, call);
  if (!isKept) return undefined;
  return { ...(report(file, 'statefulPattern', call, call, { kind: 'any', example: '', certainty: 'certain' }, { ...parts, pattern: stateful }) as UnsafeOrigin), data: { pattern: shorten(file.getText(stateful)) } };
}

function report(file: SourceFile, kind: 'partialMatch' | 'loosePattern' | 'statefulPattern', node: TSESTree.CallExpression, test: Node, flaw: MatchFlaw, parts: UnsafeOriginParts): UnsafeOrigin | undefined {
  if (!getDecisions(file).decides(test)) return undefined;
  const conditions = getConditions(node);
  const others = [...getConjuncts(test).map((other): Condition => ({ test: other, truth: true })), ...conditions];
  if (others.some(({ test: other, truth }) => isOtherCheck(file, other, truth, node))) return undefined;
  const isInDevelopment = others.some(isDevelopmentOnly);
  const path: PathStep[] = [
    { kind: 'note', node, text: `\`${shorten(file.getText(node))}\` looks at a part of the origin` },
    { kind: 'note', node, text: `\`${flaw.example}\` passes too` },
  ];
  return {
    kind,
    node,
    certainty: isInDevelopment ? 'potential' : flaw.certainty,
    path,
    data: { check: shorten(file.getText(test)), example: flaw.example },
    parts,
  };
}

function getChecked(file: SourceFile, expression: Node): CheckedText | undefined {
  const part = getRequestOrigins(file).getPart(expression);
  return part === 'url' ? undefined : part;
}

/** `indexOf` by what it is compared with: `=== 0` asks for a beginning, `!== -1` for any place. */
function getMethod(call: TSESTree.CallExpression, name: string): PartialMatch | undefined {
  if (name === 'includes' || name === 'startsWith' || name === 'endsWith') return name;
  const { parent } = outermostWrapper(call);
  if (parent?.type === 'UnaryExpression' && parent.operator === '~') return 'includes';
  if (parent?.type !== 'BinaryExpression') return undefined;
  const other = skipWrappers(parent.left) === call ? parent.right : parent.left;
  if (other.type === 'UnaryExpression' && other.operator === '-') return 'includes';
  if (other.type !== 'Literal' || typeof other.value !== 'number') return undefined;
  return other.value === 0 && /^[=!]==?$/.test(parent.operator) ? 'startsWith' : 'includes';
}

function findFlawOfText(file: SourceFile, method: PartialMatch, text: Node, checked: CheckedText): MatchFlaw | undefined {
  const { values, isComplete } = getPossibleValues(file, text);
  let potential: MatchFlaw | undefined;
  let isKnown = isComplete && values.length > 0;
  for (const value of values) {
    const known = getStringValue(value);
    if (known === undefined) {
      isKnown = false;
      continue;
    }
    const flaw = findPartialMatchFlaw(method, known, checked);
    if (flaw?.certainty === 'certain') return flaw;
    potential ??= flaw;
  }
  return isKnown ? potential : (findFlawOfUnknown(method, text, checked) ?? potential);
}

/** A text that is only known when the server runs, taken as a host or an origin. */
function findFlawOfUnknown(method: PartialMatch, text: Node, checked: CheckedText): MatchFlaw | undefined {
  const node = skipWrappers(text);
  const scheme = checked === 'origin' ? 'https://' : '';
  // `.${domain}`, '.' + domain, `${origin}:`
  const [start, end] = getEnds(node);
  if (method === 'endsWith' && /^[.:/]/.test(start)) return undefined;
  if (method === 'startsWith' && /[:/]$/.test(end)) return undefined;
  if (method === 'endsWith' && node.type === 'CallExpression') return findFlawOfCut(node, scheme);
  // made for the purpose, and not known
  if (node.type === 'CallExpression' || node.type === 'LogicalExpression' || node.type === 'ConditionalExpression' || node.type === 'AwaitExpression') return undefined;
  // Whoever writes the list may have put the border into it.
  const certainty = method === 'endsWith' ? 'potential' : 'certain';
  return { kind: method === 'endsWith' ? 'start' : 'end', example: method === 'endsWith' ? `${scheme}evilexample.com` : `${scheme}example.com.evil.example`, certainty };
}

/** entry.slice(2) and entry.replace('*.', ''), which cut the border off together with the star */
function findFlawOfCut(call: TSESTree.CallExpression, scheme: string): MatchFlaw | undefined {
  const name = getCalleeName(call.callee) ?? '';
  const [first, second] = call.arguments;
  const cutsDot =
    (/^(?:slice|substring|substr)$/.test(name) && call.arguments.length === 1 && getStringValue(first) === '2') ||
    (/^replace(?:All)?$/.test(name) && getStringValue(second) === '' && first !== undefined && cutsBorder(first));
  return cutsDot ? { kind: 'start', example: `${scheme}evilexample.com`, certainty: 'certain' } : undefined;
}

/** '*.', 'https://*.', /^\*\./, /^\./ */
function cutsBorder(cut: Node): boolean {
  const text = getStringValue(cut) ?? (cut.type === 'Literal' && 'regex' in cut ? cut.regex.pattern.replace(/\\/g, '') : '');
  return /(?:^|\*|\^)\.\??$/.test(text);
}

/** The fixed text at both ends of an expression. */
function getEnds(node: Node): [string, string] {
  if (node.type === 'TemplateLiteral') return [node.quasis[0]!.value.raw, node.quasis.at(-1)!.value.raw];
  if (node.type === 'BinaryExpression' && node.operator === '+') {
    return [getEnds(skipWrappers(node.left))[0], getEnds(skipWrappers(node.right))[1]];
  }
  const text = getStringValue(node) ?? '';
  return [text, text];
}

function findFlawOfPattern(file: SourceFile, expression: Node, checked: CheckedText, fromText: boolean, pattern: Node): MatchFlaw | undefined {
  const node = skipWrappers(expression);
  if (node.type === 'Literal' && 'regex' in node) return findPatternFlaw(node.regex.pattern, node.regex.flags, checked);
  const text = getStringValue(node);
  // origin.match('example.com') makes a pattern of the text
  if (text !== undefined) return fromText ? findPatternFlaw(text, '', checked) : undefined;
  if (fromText && isText(file, node)) return findFlawOfMadePattern(file, node, '', checked);
  if ((node.type !== 'NewExpression' && node.type !== 'CallExpression') || getCalleeName(node.callee) !== 'RegExp') return undefined;
  const [source, flags] = node.arguments;
  if (!source || source.type === 'SpreadElement') return undefined;
  const known = getPossibleValues(file, source).values.map(getStringValue).find((value) => value !== undefined);
  if (known !== undefined) return findPatternFlaw(known, getStringValue(flags) ?? '', checked);
  const flaw = findFlawOfMadePattern(file, source, getStringValue(flags) ?? '', checked);
  // Whoever configures patterns knows that they are patterns.
  return flaw && /regexp?/i.test(getListName(file, pattern)) ? { ...flaw, certainty: 'potential' } : flaw;
}

/** The name of the list that a pattern is an entry of. */
function getListName(file: SourceFile, pattern: Node): string {
  const node = skipWrappers(pattern);
  const variable = node.type === 'Identifier' ? file.getVariable(node) : undefined;
  const list = variable && findListOf(file, variable);
  return list ? file.getText(list) : '';
}

/**
 * A pattern that is made when the server runs: `new RegExp(allowed)`, `new RegExp(`${domain}$`)`. Tried with an escaped
 * host and an escaped origin in the place of what is put in, so that only the text around it is judged.
 */
function findFlawOfMadePattern(file: SourceFile, source: Node, flags: string, checked: CheckedText): MatchFlaw | undefined {
  const [ofHost, ofOrigin] = [getMadeSource(file, source, 'example\\.com'), getMadeSource(file, source, 'https://example\\.com')].map((text) => text !== undefined && findPatternFlaw(text, flags, checked));
  if (!ofHost) return ofOrigin || undefined;
  return ofOrigin || /domain|host/i.test(file.getText(source)) || checked === 'host' ? ofHost : { ...ofHost, certainty: 'potential' };
}

/** The text of a pattern, with a stand-in for what is only known later. Undefined where a function may have made it safe. */
function getMadeSource(file: SourceFile, expression: Node, standIn: string, depth = 0): string | undefined {
  const node = skipWrappers(expression);
  const go = (inner: Node) => getMadeSource(file, inner, standIn, depth + 1);
  if (depth > 6) return undefined;
  const text = getStringValue(node);
  if (text !== undefined) return text;
  switch (node.type) {
    case 'TemplateLiteral': {
      const parts = node.expressions.map(go);
      return parts.includes(undefined) ? undefined : node.quasis.map(({ value }, index) => `${value.cooked}${parts[index] ?? ''}`).join('');
    }
    case 'BinaryExpression': {
      if (node.operator !== '+') return undefined;
      const [left, right] = [go(node.left), go(node.right)];
      return left === undefined || right === undefined ? undefined : left + right;
    }
    case 'MemberExpression':
      return getCalleeName(node) === 'source' ? undefined : standIn;
    case 'CallExpression':
      return /^(?:escape\w*|quote|replace|replaceAll|trim|toLowerCase|String|join)$/.test(getCalleeName(node.callee) ?? '') && !hasAnchor(file, node) ? standIn : undefined;
    case 'Identifier': {
      const variable = file.getVariable(node);
      const later = variable?.references.filter((reference) => reference.isWrite() && !reference.init) ?? [];
      if (later.length > 1) return undefined;
      // domain = domain.replace(…) + '$', in which `domain` is what came in
      const only = variable && (later[0] ? later[0].writeExpr : file.getOnlyValue(variable));
      if (!only || isWithin(node, only)) return standIn;
      const made = skipWrappers(only);
      return made.type === 'TemplateLiteral' || made.type === 'BinaryExpression' || made.type === 'CallExpression' ? go(made) : standIn;
    }
    default:
      return undefined;
  }
}

function hasAnchor(file: SourceFile, node: Node): boolean {
  return contains(file, node, (inner) => inner !== node && /[$^]$|^\^/.test(getStringValue(inner) ?? ''));
}

function isStateful(file: SourceFile, value: Node): boolean {
  const node = skipWrappers(value);
  if (node.type === 'Literal' && 'regex' in node) return /[gy]/.test(node.regex.flags);
  return node.type === 'NewExpression' && getCalleeName(node.callee) === 'RegExp' && /[gy]/.test(getStringValue(node.arguments[1]) ?? '') && file.isGlobal(node.callee);
}

/** allowed instanceof RegExp && allowed.test(origin), where whoever passes `allowed` may have given it a `g` flag */
function findUnknownState(file: SourceFile, call: TSESTree.CallExpression, pattern: Node, parts: UnsafeOriginParts): UnsafeOrigin | undefined {
  const node = skipWrappers(pattern);
  const variable = node.type === 'Identifier' ? file.getVariable(node) : undefined;
  if (!variable || getPossibleValues(file, node).isComplete) return undefined;
  const isTested = getConditions(call).some(({ test, truth }) => truth === true && new RegExp(`\\b${variable.name} instanceof RegExp\\b`).test(file.getText(test)));
  const isReset = contains(file, variable.scope.block, (inner) => inner.type === 'MemberExpression' && getCalleeName(inner) === 'lastIndex');
  if (!isTested || isReset || !getDecisions(file).decides(call)) return undefined;
  return {
    kind: 'maybeStateful',
    node: call,
    certainty: 'potential',
    path: [{ kind: 'note', node: call, text: `\`${variable.name}\` may have a \`g\` flag` }],
    data: { pattern: variable.name },
    parts,
  };
}

/** A pattern that is made anew for every request keeps no state from one to the next. */
function isWithinFunctionOf(pattern: Node, use: Node): boolean {
  let outermost: Node | undefined;
  for (let outer = use.parent; outer; outer = outer.parent) {
    if (/Function/.test(outer.type)) {
      outermost = outer;
      if (!findListOfCallback(outer as never)) break;
    }
  }
  return outermost !== undefined && pattern.range[0] >= outermost.range[0] && pattern.range[1] <= outermost.range[1];
}

/** The other operands of `a && b && c` around a test. */
function getConjuncts(test: Node): Node[] {
  const others: Node[] = [];
  let child = outermostWrapper(test);
  for (let { parent } = child; parent?.type === 'LogicalExpression' && parent.operator === '&&'; { parent } = child) {
    others.push(parent.left === child ? parent.right : parent.left);
    child = outermostWrapper(parent);
  }
  return others;
}

/** Whether a test that also has to hold compares the origin by itself, in another and not so loose way. */
function isOtherCheck(file: SourceFile, test: Node, truth: boolean | undefined, loose: Node): boolean {
  const node = skipWrappers(test);
  if (contains(file, node, (inner) => inner === loose)) return false;
  if (node.type === 'UnaryExpression' && node.operator === '!') return isOtherCheck(file, node.argument, truth === undefined ? undefined : !truth, loose);
  // Both sides of `a && b` hold where it does, none of `a || b` where it does not.
  if (node.type === 'LogicalExpression' && truth !== undefined && node.operator === (truth ? '&&' : '||')) {
    return isOtherCheck(file, node.left, truth, loose) || isOtherCheck(file, node.right, truth, loose);
  }
  if (!getOriginChecks(file).isCheck(node)) return false;
  return truth !== isRefusing(node) && isStrict(file, node);
}

/** allowed.indexOf(origin) === -1, origin !== allowed: true for those who are not let in */
function isRefusing(node: Node): boolean {
  if (node.type !== 'BinaryExpression') return false;
  const isNegative = [node.left, node.right].some((side) => side.type === 'UnaryExpression' && side.operator === '-');
  if (isNegative) return /^==/.test(node.operator);
  return node.operator === '<' || node.operator.startsWith('!=');
}

function isStrict(file: SourceFile, test: Node): boolean {
  return !contains(file, test, (node) => {
    if (node.type !== 'CallExpression') return false;
    const callee = skipWrappers(node.callee);
    if (callee.type !== 'MemberExpression') return false;
    const name = getCalleeName(callee) ?? '';
    // Another loose match of the same origin, or one that only looks at the scheme.
    return PARTIAL_METHODS.test(name) && getChecked(file, callee.object) !== undefined && !isSafeEnd(file, node, name);
  });
}

function isSafeEnd(file: SourceFile, call: TSESTree.CallExpression, name: string): boolean {
  const text = call.arguments[0];
  if (name !== 'endsWith' || !text || text.type === 'SpreadElement') return false;
  return findFlawOfText(file, 'endsWith', text, 'origin')?.certainty !== 'certain';
}

/** The whole call of `list.some((entry) => check)` around a check. */
function getWholeCheck(test: Node): Node {
  const { parent } = outermostWrapper(test);
  if (parent?.type !== 'ArrowFunctionExpression' || !findListOfCallback(parent)) return test;
  return outermostWrapper(parent).parent ?? test;
}
