import type { Scope, Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, getCalleeName, isFunction, isWithin, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { findSelfComparison } from './find-self-comparison.js';
import { getCorsOptions } from './cors-options.js';
import { type CorsUse, getCorsUses, holdsCorsHeaders } from './cors-uses.js';
import { getFunctionUses, isExported } from './functions.js';
import { getHeaderWrites } from './header-writes.js';
import { isLogged, isLost } from './is-lost.js';
import { getOriginChecks } from './origin-checks.js';
import { findListOf, findListOfCallback } from './possible-values.js';
import { getRequestOrigins, isConstant } from './request-origin.js';
import { CORS_NAME, toShadowedVariable, type Pair } from './shadowed-pair.js';
import type { ShadowedVariable } from './shadowed-variable.js';
import { isBeyondCall, isNeverPassed } from './unpassed-arguments.js';
import { getDefault, getFunctionAt, isAssignable, isConfigured, isConst, isEmpty, isForHead, isInLoop, isMutated, isOnlyInitialised, isPlainValue, isReturned } from './variable-traits.js';

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

/** const allowedOrigin = allowedOrigin || '*'; (list = list) => … */
function findSelfRead(file: SourceFile, pair: Pair): ShadowedVariable | undefined {
  const { inner, outer, name } = pair;
  const write = inner.references.find(({ init, writeExpr }) => init && writeExpr);
  const value = write?.writeExpr ?? getDefault(inner);
  if (!value || !CORS_NAME.test(inner.name)) return undefined;
  const read = inner.references.find((reference) => reference.isRead() && isWithin(reference.identifier, value) && getFunctionAt(reference.identifier) === getFunctionAt(name));
  if (!read || !isUsed(file, inner, outer)) return undefined;
  const isVar = inner.defs[0]!.node.type === 'VariableDeclarator' && inner.defs[0]!.node.parent.kind === 'var';
  return toShadowedVariable(file, pair, 'readsItself', { consequence: isVar ? 'is always undefined there' : 'throws there' }, read.identifier);
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
  return toShadowedVariable(file, pair, 'hoisted', {}, early.identifier);
}

/** const origin = '…'; app.use(function origin(req, res) { res.setHeader('Access-Control-Allow-Origin', origin); }) */
function findFunctionName(file: SourceFile, pair: Pair): ShadowedVariable | undefined {
  const { inner, outer } = pair;
  if (inner.defs[0]!.type !== 'FunctionName' || outer.defs[0]!.type === 'FunctionName') return undefined;
  const use = getCorsUses(file, inner).find(({ identifier, use: kind }) => (kind === 'header' || kind === 'decision') && isPlainValue(identifier));
  return use && toShadowedVariable(file, pair, 'functionName', {}, use.identifier);
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
  return toShadowedVariable(file, pair, 'lostValue', { use: describe(use.use) }, use.identifier);
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
  return toShadowedVariable(file, pair, 'neverSet', { use: describe(use.use), value: init ? `\`${file.getText(init)}\`` : 'undefined' }, use.identifier);
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
  return use && toShadowedVariable(file, pair, 'emptyList', { value: init ? `\`${file.getText(init)}\`` : 'undefined' }, use.identifier);
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
  return use && toShadowedVariable(file, pair, 'defaultUsed', { value: value ? `\`${file.getText(value)}\`` : 'undefined' }, use.identifier);
}

/** for (const origin of allowedOrigins) res.setHeader('Access-Control-Allow-Origin', origin), under the request's origin */
function findUnaskedEntry(file: SourceFile, pair: Pair): ShadowedVariable | undefined {
  const { inner, outer } = pair;
  if (!findListOf(file, inner) || getRequestOrigins(file).getPartOfVariable(outer) !== 'origin') return undefined;
  const isAsked = outer.references.some((reference) => reference.isRead() && !isLogged(reference.identifier));
  if (isAsked) return undefined;
  const use = getCorsUses(file, inner).find(({ use: kind }) => kind === 'header');
  if (!use || getOriginChecks(file).isGuarded(use.identifier)) return undefined;
  return toShadowedVariable(file, pair, 'unaskedEntry', {}, use.identifier);
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

function isUsed(file: SourceFile, inner: Variable, outer: Variable): boolean {
  return getCorsUses(file, inner).length > 0 || getCorsUses(file, outer).length > 0;
}

function describe(use: CorsUse): string {
  return { header: 'is sent', decision: 'is compared', headers: 'is sent', options: 'is used' }[use];
}
