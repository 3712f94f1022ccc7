import type { Reference, Scope, Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Identifier, type Node, getPropertyName, isFunction, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { isWithin } from './branches.js';
import { getCalleeName } from './conditions.js';
import { type CorsUse, getCorsUses, holdsCorsHeaders } from './cors-uses.js';
import { getCorsOptions } from './cors-options.js';
import { findEnclosingFunction, getFunctionUses, isExported } from './functions.js';
import { getHeaderWrites } from './header-writes.js';
import { getOriginChecks } from './origin-checks.js';
import { findListOf, findListOfCallback } from './possible-values.js';
import { contains } from './reflections.js';
import { isLog, isLogOrRefusal, isRefusal } from './refusals.js';
import { getRequestOrigins, isConstant } from './request-origin.js';
import type { ShadowKind, ShadowedVariable } from './shadowed-variable.js';

const CORS_NAME = /origin|cors|allow|white_?list|trusted|domain|host|headers?|credential/i;

interface Pair {
  readonly inner: Variable;
  readonly outer: Variable;
  readonly name: Identifier;
}

/** Declarations that hide an outer binding which a CORS header or decision needed. Harmless ones are left out. */
export function findShadowedVariables(file: SourceFile): ShadowedVariable[] {
  if (getHeaderWrites(file).length === 0 && getCorsOptions(file).length === 0 && !/cors|origin/i.test(file.text)) return [];
  const found: ShadowedVariable[] = [];
  for (const scope of file.scopeManager.scopes) {
    for (const inner of scope.variables) {
      const pair = findPair(inner);
      const finding = pair && findHarm(file, pair);
      if (finding) found.push(finding);
    }
  }
  return found.sort((a, b) => a.node.range[0] - b.node.range[0]);
}

function findPair(inner: Variable): Pair | undefined {
  const [definition] = inner.defs;
  const name = definition?.name;
  if (!definition || name?.type !== 'Identifier' || !/^(?:Variable|Parameter|FunctionName|CatchClause)$/.test(definition.type)) return undefined;
  for (let scope: Scope | null = inner.scope.upper; scope; scope = scope.upper) {
    const outer = scope.set.get(inner.name);
    if (outer && outer.defs.length > 0) return /^(?:Variable|Parameter|FunctionName|ImportBinding|CatchClause)$/.test(outer.defs[0]!.type) ? { inner, outer, name } : undefined;
  }
  return undefined;
}

function findHarm(file: SourceFile, pair: Pair): ShadowedVariable | undefined {
  return (
    findSelfComparison(file, pair) ??
    findSelfRead(file, pair) ??
    findHoisted(file, pair) ??
    findFunctionName(file, pair) ??
    findLostValue(file, pair) ??
    findNeverSet(file, pair) ??
    findEmptyList(file, pair) ??
    findUnpassedDefault(file, pair) ??
    findUnaskedEntry(file, pair)
  );
}

/** origins.some((origin) => origin === origin), origins.some((origin) => origins.includes(origin)) */
function findSelfComparison(file: SourceFile, pair: Pair): ShadowedVariable | undefined {
  const { inner, outer } = pair;
  if (!CORS_NAME.test(inner.name)) return undefined;
  for (const { identifier } of inner.references) {
    const comparison = findComparison(identifier);
    if (comparison && comparison.some((side) => side !== identifier && isSame(file, side, inner)) && comparison.every((side) => isSame(file, side, inner))) {
      const node = getComparisonNode(identifier);
      return make(file, pair, 'selfCompared', { comparison: file.getText(node) }, node);
    }
    // for (const origin in list) if (list[origin] === origin)
    if (comparison?.some((side) => side === identifier) && comparison.some((side) => isEntryAt(file, side, inner))) {
      return make(file, pair, 'selfCompared', { comparison: file.getText(getComparisonNode(identifier)) }, getComparisonNode(identifier));
    }
  }
  const list = findListOf(file, inner) ?? findListOfInit(inner);
  const listVariable = list && skipWrappers(list).type === 'Identifier' ? file.getVariable(skipWrappers(list)) : undefined;
  if (!listVariable || getRequestOrigins(file).getPartOfVariable(outer) !== 'origin') return undefined;
  for (const { identifier } of inner.references) {
    const { parent } = outermostWrapper(identifier);
    if (parent?.type !== 'CallExpression' || parent.callee.type !== 'MemberExpression' || !/^(?:includes|indexOf|has)$/.test(getCalleeName(parent.callee) ?? '')) continue;
    const owner = skipWrappers(parent.callee.object);
    if (owner.type === 'Identifier' && file.getVariable(owner) === listVariable) return make(file, pair, 'listedEntry', { comparison: file.getText(parent) }, parent);
  }
  return undefined;
}

function isEntryAt(file: SourceFile, side: Node, index: Variable): boolean {
  const node = skipWrappers(side);
  return node.type === 'MemberExpression' && node.computed && isSame(file, node.property, index);
}

/** const origin = list[0] */
function findListOfInit({ defs: [definition] }: Variable): Node | undefined {
  const init = definition?.node.type === 'VariableDeclarator' && definition.node.id === definition.name ? definition.node.init : undefined;
  const value = init && skipWrappers(init);
  return value?.type === 'MemberExpression' && value.computed ? value.object : undefined;
}

/** The operands of the comparison that an identifier is in: of `a === b`, `a.startsWith(b)`. */
function findComparison(identifier: Node): Node[] | undefined {
  const node = getComparisonNode(identifier);
  if (node.type === 'BinaryExpression') return /^[=!]==?$/.test(node.operator) ? [node.left, node.right] : undefined;
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression' || node.arguments.length === 0) return undefined;
  return /^(?:startsWith|endsWith|includes|localeCompare|indexOf)$/.test(getCalleeName(node.callee) ?? '') ? [node.callee.object, node.arguments[0]!] : undefined;
}

function getComparisonNode(identifier: Node): Node {
  let node = outermostWrapper(identifier);
  for (;;) {
    const { parent } = node;
    // origin.toLowerCase() === origin
    const isUnchanged = parent?.type === 'MemberExpression' && parent.object === node && /^(?:toLowerCase|trim|toString)$/.test(getCalleeName(parent) ?? '') && parent.parent.type === 'CallExpression';
    if (isUnchanged) node = outermostWrapper(parent.parent);
    else if (parent?.type === 'MemberExpression' && parent.object === node && parent.parent.type === 'CallExpression' && parent.parent.callee === parent) return parent.parent;
    else return parent ?? node;
  }
}

function isSame(file: SourceFile, side: Node, variable: Variable): boolean {
  const node = skipWrappers(side);
  if (node.type === 'Identifier') return file.getVariable(node) === variable;
  return node.type === 'CallExpression' && node.callee.type === 'MemberExpression' && /^(?:toLowerCase|trim|toString)$/.test(getCalleeName(node.callee) ?? '') && isSame(file, node.callee.object, variable);
}

/** const allowedOrigin = allowedOrigin || '*'; (list = list) => … */
function findSelfRead(file: SourceFile, pair: Pair): ShadowedVariable | undefined {
  const { inner, outer, name } = pair;
  const write = inner.references.find(({ init, writeExpr }) => init && writeExpr);
  const value = write?.writeExpr ?? getDefault(inner);
  if (!value || !CORS_NAME.test(inner.name)) return undefined;
  const read = inner.references.find((reference) => reference.isRead() && isWithin(reference.identifier, value) && getFunctionAt(reference.identifier) === getFunctionAt(name));
  if (!read || !isUsed(file, inner, outer)) return undefined;
  const isVar = inner.defs[0]!.node.type === 'VariableDeclarator' && inner.defs[0]!.node.parent.kind === 'var';
  return make(file, pair, 'readsItself', { consequence: isVar ? 'is always undefined there' : 'throws there' }, read.identifier);
}

/** if (!allowedOrigin) { var allowedOrigin = '*'; } */
function findHoisted(file: SourceFile, pair: Pair): ShadowedVariable | undefined {
  const { inner, outer, name } = pair;
  const [definition] = inner.defs;
  if (definition?.node.type !== 'VariableDeclarator' || definition.node.parent.kind !== 'var' || !definition.node.init) return undefined;
  const first = inner.references.filter((reference) => reference.isWrite()).sort((a, b) => a.identifier.range[0] - b.identifier.range[0])[0];
  const early = inner.references.find(
    (reference) => reference.isRead() && first && reference.identifier.range[0] < first.identifier.range[0] && getFunctionAt(reference.identifier) === getFunctionAt(name) && !isInLoop(reference.identifier, name),
  );
  if (!early || !CORS_NAME.test(inner.name) || !isConfigured(outer) || !isUsed(file, inner, outer)) return undefined;
  return make(file, pair, 'hoisted', {}, early.identifier);
}

/** const origin = '…'; app.use(function origin(req, res) { res.setHeader('Access-Control-Allow-Origin', origin); }) */
function findFunctionName(file: SourceFile, pair: Pair): ShadowedVariable | undefined {
  const { inner, outer } = pair;
  if (inner.defs[0]!.type !== 'FunctionName' || outer.defs[0]!.type === 'FunctionName') return undefined;
  const use = getCorsUses(file, inner).find(({ identifier, use: kind }) => (kind === 'header' || kind === 'decision') && isPlainValue(identifier));
  return use && make(file, pair, 'functionName', {}, use.identifier);
}

/** if (isAllowed) { const allowedOrigin = origin; } res.setHeader('Access-Control-Allow-Origin', allowedOrigin); */
function findLostValue(file: SourceFile, pair: Pair): ShadowedVariable | undefined {
  const { inner, outer, name } = pair;
  if (!isLost(file, inner) || isForHead(inner)) return undefined;
  const use = findUseAfter(file, outer, name, holdsCorsHeaders(file, inner));
  if (!use || !isAboutCors(file, inner)) return undefined;
  // What was read from the request is no place to keep an answer in.
  if (isConst(outer) && getRequestOrigins(file).getPartOfVariable(outer)) return undefined;
  // What another function keeps for later is nothing of one request.
  const isOfRequest = getRequestOrigins(file).getPartOfVariable(inner) !== undefined;
  if (!isSameRun(use.identifier, name) && (isOfRequest || !isOnlyInitialised(outer) || !isAssignable(outer))) return undefined;
  return make(file, pair, 'lostValue', { use: describe(use.use) }, use.identifier);
}

/** let allowedOrigin; for (const allowedOrigin of list) { … } res.setHeader('Access-Control-Allow-Origin', allowedOrigin); */
function findNeverSet(file: SourceFile, pair: Pair): ShadowedVariable | undefined {
  const { inner, outer, name } = pair;
  const [definition] = outer.defs;
  if (definition?.type !== 'Variable' || definition.node.type !== 'VariableDeclarator' || definition.node.id.type !== 'Identifier' || isConst(outer)) return undefined;
  if (!isOnlyInitialised(outer) || isExported(outer) || isMutated(outer)) return undefined;
  const { init } = definition.node;
  if (init && !isConstant(init) && !isEmpty(init)) return undefined;
  const isOfEntry = inner.defs[0]!.type === 'Parameter' && findListOf(file, inner) !== undefined;
  if (inner.defs[0]!.type !== 'Variable' && !isOfEntry) return undefined;
  if (!isForHead(inner) && !isOfEntry && !inner.references.some(({ writeExpr }) => writeExpr)) return undefined;
  const use = findUseAfter(file, outer, name, false);
  if (!use || !isSameRun(use.identifier, name) || use.use === 'headers' || !isAboutCors(file, inner)) return undefined;
  // The inner one is answered itself: it is the one that is meant.
  if (getCorsUses(file, inner).some(({ use: kind }) => kind === 'header' || kind === 'options' || kind === 'headers') || isReturned(inner)) return undefined;
  return make(file, pair, 'neverSet', { use: describe(use.use), value: init ? `\`${file.getText(init)}\`` : 'undefined' }, use.identifier);
}

/** const allowedOrigins = []; in a handler, under a list of the same name */
function findEmptyList(file: SourceFile, pair: Pair): ShadowedVariable | undefined {
  const { inner, outer } = pair;
  const [definition] = inner.defs;
  if (definition?.node.type !== 'VariableDeclarator' || definition.node.id.type !== 'Identifier' || isForHead(inner)) return undefined;
  const { init } = definition.node;
  if (init ? !isEmpty(init) : !isOnlyInitialised(inner)) return undefined;
  if (!isOnlyInitialised(inner) || isMutated(inner) || !isConfigured(outer)) return undefined;
  const use = getCorsUses(file, inner).find(({ use: kind }) => kind !== 'headers');
  return use && make(file, pair, 'emptyList', { value: init ? `\`${file.getText(init)}\`` : 'undefined' }, use.identifier);
}

/** function isAllowed(origin, allowedOrigins = []) { … }, called as isAllowed(origin) */
function findUnpassedDefault(file: SourceFile, pair: Pair): ShadowedVariable | undefined {
  const { inner, outer, name } = pair;
  const fn = inner.defs[0]!.node;
  if (inner.defs[0]!.type !== 'Parameter' || !isFunction(fn) || !isConfigured(outer) || inner.references.some((reference) => reference.isWrite() && !reference.init)) return undefined;
  const index = fn.params.findIndex((parameter) => isWithin(name, parameter));
  const parameter = fn.params[index]!;
  const value = getDefault(inner);
  const isWhole = parameter === name || (parameter.type === 'AssignmentPattern' && parameter.left === name);
  // What frameworks hand to a function is not known, unless it is never called with so much.
  if (!value && !(isWhole && (isBeyondCall(file, fn, index) || getFunctionUses(file, fn).calls.length > 0))) return undefined;
  if (!isNeverPassed(file, fn, index, isWhole ? undefined : name)) return undefined;
  const use = getCorsUses(file, inner)[0];
  return use && make(file, pair, 'defaultUsed', { value: value ? `\`${file.getText(value)}\`` : 'undefined' }, use.identifier);
}

/** for (const origin of allowedOrigins) res.setHeader('Access-Control-Allow-Origin', origin), under the request's origin */
function findUnaskedEntry(file: SourceFile, pair: Pair): ShadowedVariable | undefined {
  const { inner, outer } = pair;
  if (!findListOf(file, inner) || getRequestOrigins(file).getPartOfVariable(outer) !== 'origin') return undefined;
  const isAsked = outer.references.some((reference) => reference.isRead() && !isLogged(reference.identifier));
  if (isAsked) return undefined;
  const use = getCorsUses(file, inner).find(({ use: kind }) => kind === 'header');
  if (!use || getOriginChecks(file).isGuarded(use.identifier)) return undefined;
  return make(file, pair, 'unaskedEntry', {}, use.identifier);
}

/** Whether the file writes CORS headers or options; else the name has to say so. */
function isAboutCors(file: SourceFile, { name }: Variable): boolean {
  return CORS_NAME.test(name) || getCorsOptions(file).length > 0 || getHeaderWrites(file).some((write) => write.name.startsWith('access-control-'));
}

/** A use of the outer variable for CORS that may come after the inner declaration. */
function findUseAfter(file: SourceFile, outer: Variable, name: Node, asHeaders: boolean): { identifier: Node; use: CorsUse } | undefined {
  const uses = getCorsUses(file, outer).filter(({ identifier, use }) => {
    if (use === 'headers' && !asHeaders) return false;
    if (!isSameRun(identifier, name)) return true;
    return identifier.range[0] > name.range[1] || isInLoop(identifier, name);
  });
  return uses.find(({ use }) => use === 'header') ?? uses[0];
}

/** Whether one run of a function passes both places: the declaration is in it, or in a callback that it has run at once or awaits. */
function isSameRun(use: Node, name: Node): boolean {
  const home = getFunctionAt(use);
  let fn = getFunctionAt(name);
  while (fn && fn !== home && isFunction(fn) && isRunBy(fn)) fn = getFunctionAt(fn);
  return fn === home;
}

/** list.forEach((entry) => …), promise.then((value) => …), (() => …)() */
function isRunBy(fn: FunctionNode): boolean {
  if (findListOfCallback(fn)) return true;
  const { parent } = outermostWrapper(fn);
  if (parent?.type !== 'CallExpression') return false;
  return skipWrappers(parent.callee) === fn || /^(?:then|catch|finally)$/.test(getCalleeName(parent.callee) ?? '');
}

/** Something is put in, and nothing but logs and further changes ever reads it. */
function isLost(file: SourceFile, variable: Variable): boolean {
  if (variable.defs[0]!.type !== 'Variable' && !variable.references.some((reference) => reference.isWrite() && !reference.init)) return false;
  if (!variable.references.some(({ writeExpr }) => writeExpr)) return false;
  return variable.references.every((reference) => !reference.isRead() || isIdleRead(file, reference, variable));
}

function isIdleRead(file: SourceFile, { identifier }: Reference, variable: Variable): boolean {
  const node = outermostWrapper(identifier);
  if (isLogged(node) || isTestOfLog(file, node)) return true;
  const { parent } = node;
  // x = x.trim(): for its own new value
  for (let outer = parent; outer && !isFunction(outer); outer = outer.parent) {
    if (outer.type === 'AssignmentExpression' && outer.parent.type === 'ExpressionStatement' && isWithin(identifier, outer.right)) {
      return variable.references.some((reference) => reference.identifier === outer.left);
    }
  }
  if (parent?.type !== 'MemberExpression' || parent.object !== node) return false;
  // headers['…'] = …, list.push(…)
  if (parent.parent.type === 'AssignmentExpression' && parent.parent.left === parent) return parent.parent.parent.type === 'ExpressionStatement';
  const isFilled = /^(?:push|unshift|add|set|append|delete)$/.test(getCalleeName(parent) ?? '');
  return isFilled && parent.parent.type === 'CallExpression' && parent.parent.callee === parent && parent.parent.parent.type === 'ExpressionStatement';
}

/** if (!allowedOrigin) console.warn('…') */
function isTestOfLog(file: SourceFile, node: Node): boolean {
  let test = node;
  while (test.parent?.type === 'UnaryExpression' || test.parent?.type === 'BinaryExpression' || test.parent?.type === 'LogicalExpression') test = test.parent;
  const statement = test.parent;
  if (statement?.type !== 'IfStatement' || statement.test !== test) return false;
  return isLogOnly(file, statement.consequent) && (!statement.alternate || isLogOnly(file, statement.alternate));
}

function isLogOnly(file: SourceFile, branch: Node): boolean {
  return isLogOrRefusal(file, branch) && !contains(file, branch, (inner) => isRefusal(file, inner));
}

/** console.log(origin) */
function isLogged(identifier: Node): boolean {
  for (let node = identifier.parent; node; node = node.parent) {
    if (node.type === 'CallExpression') return isLog(node);
    if (!/^(?:TemplateLiteral|BinaryExpression|ObjectExpression|Property|MemberExpression|ChainExpression|TSNonNullExpression|TSAsExpression)$/.test(node.type)) return false;
  }
  return false;
}

function isPlainValue(identifier: Node): boolean {
  const node = outermostWrapper(identifier);
  const { parent } = node;
  if (parent?.type === 'CallExpression') return skipWrappers(parent.callee) !== skipWrappers(node);
  return parent?.type !== 'MemberExpression' || parent.object !== node;
}

/** Whether a variable gets no value but its first. */
function isOnlyInitialised(variable: Variable): boolean {
  return variable.references.every((reference) => !reference.isWrite() || reference.init);
}

const ASKING = /^(?:includes|indexOf|lastIndexOf|has|some|every|find|findIndex|filter|map|flatMap|forEach|get|join|length|size|test|keys|values|entries|toString|trim|split|startsWith|endsWith|match|toLowerCase)$/;

/** Whether something may be put into the list or object of a variable: all but plain questions and comparisons. */
function isMutated(variable: Variable): boolean {
  return variable.references.some((reference) => {
    if (!reference.isRead()) return false;
    const node = outermostWrapper(reference.identifier);
    const { parent } = node;
    switch (parent?.type) {
      case 'MemberExpression':
        if (parent.object !== node || ASKING.test(getCalleeName(parent) ?? '')) return false;
        return !(parent.computed && parent.parent.type !== 'AssignmentExpression');
      case 'CallExpression':
        return parent.callee !== node && !isLog(parent) && !/^(?:setHeader|header|set|append|includes|indexOf|has|cors|Boolean|String|resolveCorsOrigin)$/.test(getCalleeName(parent.callee) ?? '');
      case 'IfStatement':
      case 'ConditionalExpression':
      case 'LogicalExpression':
      case 'UnaryExpression':
      case 'BinaryExpression':
      case 'TemplateLiteral':
      case 'ForOfStatement':
      case 'ForInStatement':
      case 'SwitchStatement':
        return false;
      case 'Property':
        // { origin: allowedOrigins }, { 'Access-Control-Allow-Origin': allowedOrigin }
        return !/origin/i.test(getPropertyName(parent) ?? '');
      default:
        return true;
    }
  });
}

/** Whether the outer variable has something to hide: a value that is not empty. */
function isConfigured(variable: Variable): boolean {
  const [definition] = variable.defs;
  if (definition?.type === 'ImportBinding' || definition?.type === 'Parameter') return true;
  return variable.references.some(({ writeExpr }) => writeExpr && !isEmpty(writeExpr));
}

function isEmpty(value: Node): boolean {
  const node = skipWrappers(value);
  switch (node.type) {
    case 'ArrayExpression':
      return node.elements.length === 0;
    case 'ObjectExpression':
      return node.properties.length === 0;
    case 'NewExpression':
      return /^(?:Set|Map|Headers|Array)$/.test(getCalleeName(node.callee) ?? '') && node.arguments.length === 0;
    case 'Literal':
      return !node.value && !('regex' in node);
    case 'Identifier':
      return node.name === 'undefined';
    case 'TemplateLiteral':
      return node.expressions.length === 0 && node.quasis[0]!.value.raw === '';
    default:
      return false;
  }
}

/** The default value of a parameter, or of a name in its pattern. */
function getDefault(variable: Variable): Node | undefined {
  const name = variable.defs[0]!.name;
  return variable.defs[0]!.type === 'Parameter' && name.parent?.type === 'AssignmentPattern' && name.parent.left === name ? name.parent.right : undefined;
}

/** Whether every caller is known and leaves an argument out, or one property of it. */
function isNeverPassed(file: SourceFile, fn: Parameters<typeof getFunctionUses>[1], index: number, property: Node | undefined): boolean {
  if (!property && isBeyondCall(file, fn, index)) return true;
  const { calls, escapes } = getFunctionUses(file, fn);
  if (escapes || calls.length === 0) return false;
  return calls.every((call) => {
    if (call.arguments.some(({ type }) => type === 'SpreadElement')) return false;
    const argument = call.arguments[index];
    if (!argument) return true;
    const node = skipWrappers(argument);
    if (!property) return node.type === 'Identifier' && node.name === 'undefined';
    const key = property.parent?.type === 'AssignmentPattern' ? property.parent.parent : property.parent;
    const keyName = key?.type === 'Property' && key.key.type === 'Identifier' ? key.key.name : undefined;
    if (node.type !== 'ObjectExpression' || keyName === undefined) return false;
    return node.properties.every((one) => one.type === 'Property' && !one.computed && one.key.type === 'Identifier' && one.key.name !== keyName);
  });
}

/** A third parameter of `origin: (origin, callback) => …`, or a fourth of a handler: the library passes no such argument. */
function isBeyondCall(file: SourceFile, fn: Parameters<typeof getFunctionUses>[1], index: number): boolean {
  if (getRequestOrigins(file).isOriginCallback(fn)) return index >= 2;
  const { parent } = outermostWrapper(fn);
  if (parent?.type !== 'CallExpression' || parent.callee.type !== 'MemberExpression') return false;
  const [first] = fn.params;
  const isHandler = /^(?:use|all|get|post|put|patch|delete|options)$/.test(getCalleeName(parent.callee) ?? '') && first?.type === 'Identifier' && /^_?req(?:uest)?$/.test(first.name);
  return isHandler && index >= 3;
}

function isUsed(file: SourceFile, inner: Variable, outer: Variable): boolean {
  return getCorsUses(file, inner).length > 0 || getCorsUses(file, outer).length > 0;
}

function isReturned(variable: Variable): boolean {
  return variable.references.some(({ identifier }) => outermostWrapper(identifier).parent?.type === 'ReturnStatement');
}

function isConst(variable: Variable): boolean {
  const [definition] = variable.defs;
  return definition?.type === 'Variable' && definition.parent?.type === 'VariableDeclaration' && definition.parent.kind === 'const';
}

function isAssignable(variable: Variable): boolean {
  return variable.defs[0]?.type === 'Variable' && !isConst(variable);
}

function isForHead(variable: Variable): boolean {
  const declaration = variable.defs[0]!.node.type === 'VariableDeclarator' ? variable.defs[0]!.node.parent : undefined;
  return declaration?.parent?.type === 'ForOfStatement' || declaration?.parent?.type === 'ForInStatement' || declaration?.parent?.type === 'ForStatement';
}

function isInLoop(a: Node, b: Node): boolean {
  for (let outer = a.parent; outer && !isFunction(outer); outer = outer.parent) {
    if (/^(?:For\w*|While|DoWhile)Statement$/.test(outer.type) && isWithin(b, outer)) return true;
  }
  return false;
}

function getFunctionAt(node: Node): Node | undefined {
  return findEnclosingFunction(node) ?? getRoot(node);
}

function getRoot(node: Node): Node {
  let root = node;
  while (root.parent) root = root.parent;
  return root;
}

function describe(use: CorsUse): string {
  return { header: 'is sent', decision: 'is compared', headers: 'is sent', options: 'is used' }[use];
}

function make(file: SourceFile, { inner, outer, name }: Pair, kind: ShadowKind, data: Record<string, string>, effect: Node): ShadowedVariable {
  const outerName = outer.defs[0]!.name;
  return {
    kind,
    node: name,
    certainty: 'certain',
    inner,
    outer,
    path: [
      { kind: 'note', node: name, text: `\`${inner.name}\` is declared here and hides the outer one` },
      { kind: 'note', node: outerName, text: `the outer \`${outer.name}\`` },
      { kind: 'exit', node: effect, text: `\`${file.getText(effect)}\`` },
    ],
    data: { name: inner.name, ...data },
  };
}
