import { type Refusal, refuse } from '../repairs/refusal.js';
import type { Reference, Variable } from '../scopes/scope.js';
import type { TextEdit } from '../repairs/text-edit.js';
import type { SourceFile } from '../source-file.js';
import { type Node, type TSESTree, findEnclosingFunction, getCalleeName, isFunction, isWithin, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { holdsCorsHeaders } from './cors-uses.js';
import { isExported } from './functions.js';
import { LIST_METHODS, findListOfCallback } from './possible-values.js';
import { contains } from './reflections.js';
import { getRequestOrigins } from './request-origin.js';
import type { ShadowedVariable } from './shadowed-variable.js';

export type ShadowRepair =
  | { readonly kind: 'assign' | 'lookUp' | 'removeDeclaration' | 'removeParameter'; readonly edits: readonly TextEdit[] }
  | { readonly kind: 'rename'; readonly newName: string; readonly edits: readonly TextEdit[] };

/** The edits by which the outer variable gets what was meant for it, or the inner one another name. */
export function getShadowRepair(file: SourceFile, finding: ShadowedVariable): ShadowRepair | Refusal {
  switch (finding.kind) {
    case 'lostValue':
      return isDeclared(finding.inner) ? assign(file, finding) : renameGiven(file, finding);
    case 'readsItself':
      return repairSelfRead(file, finding);
    case 'selfCompared':
      return renameCompared(file, finding);
    case 'listedEntry':
      return lookUpOrigin(file, finding);
    case 'emptyList':
      return removeDeclaration(file, finding);
    case 'defaultUsed':
      return removeParameter(file, finding);
    case 'functionName':
      return renameFunction(file, finding);
    case 'neverSet':
    case 'hoisted':
    case 'unaskedEntry':
      return refuse('would-change-behaviour', 'which of the two variables is meant cannot be told');
  }
}

/** const allowedOrigin = origin → allowedOrigin = origin */
function assign(file: SourceFile, { inner, outer }: ShadowedVariable): ShadowRepair | Refusal {
  const declarator = inner.defs[0]!.node as TSESTree.VariableDeclarator;
  const declaration = declarator.parent;
  const { init } = declarator;
  if (declarator.id.type !== 'Identifier' || !init || declaration.declarations.length !== 1 || !isStatement(declaration)) {
    return refuse('unsupported-shape', 'the declaration holds more than this variable');
  }
  if (hasComment(file, declaration.range[0], init.range[0])) return refuse('comment-in-the-way', 'a comment stands in the declaration');
  const kept = getOuterKeyword(outer);
  if (!kept) return refuse('would-change-behaviour', `the outer \`${outer.name}\` cannot be assigned to`);
  if (!isSafePlace(file, inner, outer, init)) return refuse('would-change-behaviour', `the outer \`${outer.name}\` is shared by all requests, or set too late here`);
  if (holdsCorsHeaders(file, inner)) return mergeHeaders(file, declaration, init, inner);
  const edits = [{ start: declaration.range[0], end: init.range[0], text: `${inner.name} = ` }];
  return { kind: 'assign', edits: kept === 'const' ? [makeAssignable(outer), ...edits] : edits };
}

/** const headers = { … } → Object.assign(headers, { … }): the outer ones keep what they have. */
function mergeHeaders(file: SourceFile, declaration: TSESTree.VariableDeclaration, init: Node, inner: Variable): ShadowRepair | Refusal {
  const value = skipWrappers(init);
  const isEmpty = (value.type === 'NewExpression' && value.arguments.length === 0) || (value.type === 'ObjectExpression' && value.properties.length === 0);
  if (isEmpty) return removeStatement(file, declaration) ?? refuse('comment-in-the-way', 'a comment stands beside the declaration');
  if (value.type !== 'ObjectExpression') return refuse('unsupported-shape', 'the headers are not written out here');
  return {
    kind: 'assign',
    edits: [
      { start: declaration.range[0], end: init.range[0], text: `Object.assign(${inner.name}, ` },
      { start: init.range[1], end: init.range[1], text: ')' },
    ],
  };
}

/** function configure(list) { list = list.map(clean); } → function configure(givenList) { list = givenList.map(clean); } */
function renameGiven(file: SourceFile, { inner, outer }: ShadowedVariable): ShadowRepair | Refusal {
  if (getOuterKeyword(outer) !== 'let') return refuse('would-change-behaviour', `the outer \`${outer.name}\` cannot be assigned to`);
  const writes = inner.references.filter((reference) => reference.isWrite() && !reference.init);
  if (writes.some((reference) => reference.isRead())) return refuse('unsupported-shape', 'it is changed in place');
  if (writes.some(({ writeExpr }) => writeExpr && holdsRequest(file, writeExpr))) return refuse('would-change-behaviour', `the outer \`${outer.name}\` is shared by all requests`);
  return rename(file, inner, `given${capitalise(inner.name)}`, (reference) => reference.isRead());
}

function repairSelfRead(file: SourceFile, finding: ShadowedVariable): ShadowRepair | Refusal {
  const { inner } = finding;
  const assigned = isDeclared(inner) && !holdsCorsHeaders(file, inner) && getOuterKeyword(finding.outer) === 'let' ? assign(file, finding) : undefined;
  if (assigned && 'edits' in assigned) return assigned;
  const value = inner.references.find(({ init, writeExpr }) => init && writeExpr)?.writeExpr;
  if (!value) return refuse('unsupported-shape', 'its initial value is not written here');
  return rename(file, inner, `own${capitalise(inner.name)}`, ({ identifier }) => !isWithin(identifier, value));
}

/** origins.some((origin) => origin === origin) → origins.some((allowed) => allowed === origin) */
function renameCompared(file: SourceFile, { inner, path }: ShadowedVariable): ShadowRepair | Refusal {
  const comparison = path.at(-1)!.node;
  const sides = comparison.type === 'BinaryExpression' ? [comparison.left, comparison.right].map((side) => skipWrappers(side)) : [];
  // for (const origin in list) if (list[origin] === origin): an index, which is nothing to send either
  if (comparison.type !== 'BinaryExpression' || sides.some(({ type }) => type === 'MemberExpression')) return refuse('would-change-behaviour', 'which side is meant to be the outer one cannot be told');
  const newName = ['allowed', 'allowedOrigin', 'entry', 'candidate'].find((name) => isFree(file, name));
  if (!newName) return refuse('name-taken', 'no name is free for the inner variable');
  return rename(file, inner, newName, ({ identifier }) => !isWithin(identifier, comparison.right));
}

/** list.some((origin) => list.includes(origin)) → list.includes(origin) */
function lookUpOrigin(file: SourceFile, { inner, path }: ShadowedVariable): ShadowRepair | Refusal {
  const lookup = path.at(-1)!.node;
  const fn = inner.defs[0]!.node;
  const call = isFunction(fn) ? outermostWrapper(fn).parent : undefined;
  if (!isFunction(fn) || fn.body !== lookup || call?.type !== 'CallExpression' || !findListOfCallback(fn) || getCalleeName(call.callee) !== 'some') {
    return refuse('unsupported-shape', 'the list is not looked up in one expression');
  }
  return { kind: 'lookUp', edits: [{ start: call.range[0], end: call.range[1], text: file.getText(lookup) }] };
}

function removeDeclaration(file: SourceFile, { inner }: ShadowedVariable): ShadowRepair | Refusal {
  const declaration = inner.defs[0]!.node.parent as TSESTree.VariableDeclaration;
  if (declaration.declarations.length !== 1 || !isStatement(declaration)) return refuse('unsupported-shape', 'the declaration holds more than this variable');
  return removeStatement(file, declaration) ?? refuse('comment-in-the-way', 'a comment stands beside the declaration');
}

function removeStatement(file: SourceFile, statement: Node): ShadowRepair | undefined {
  const { text } = file;
  const start = text.lastIndexOf('\n', statement.range[0] - 1) + 1;
  const lineEnd = text.indexOf('\n', statement.range[1]);
  const end = lineEnd < 0 ? text.length : lineEnd + 1;
  const isAlone = text.slice(start, statement.range[0]).trim() === '' && text.slice(statement.range[1], end).trim() === '';
  if (hasComment(file, statement.range[0], statement.range[1])) return undefined;
  if (isAlone) return { kind: 'removeDeclaration', edits: [{ start, end, text: '' }] };
  if (hasComment(file, statement.range[1], end)) return undefined;
  return { kind: 'removeDeclaration', edits: [{ start: statement.range[0], end: statement.range[1], text: '' }] };
}

/** function isAllowed(origin, allowedOrigins = []) → function isAllowed(origin) */
function removeParameter(file: SourceFile, { inner }: ShadowedVariable): ShadowRepair | Refusal {
  const { node: fn, name } = inner.defs[0]!;
  if (!isFunction(fn)) return refuse('unsupported-shape', 'it is no parameter');
  const parameter = fn.params.at(-1)!;
  const isLast = parameter === name || (parameter.type === 'AssignmentPattern' && parameter.left === name);
  if (!isLast) return refuse('unsupported-shape', 'it is not the last parameter, or one of several in an object');
  const before = fn.params.at(-2);
  const start = before ? before.range[1] : parameter.range[0];
  if (hasComment(file, start, parameter.range[1])) return refuse('comment-in-the-way', 'a comment stands beside the parameter');
  return { kind: 'removeParameter', edits: [{ start, end: parameter.range[1], text: '' }] };
}

/** app.use(function origin(req, res) { … origin … }) → function originHandler */
function renameFunction(file: SourceFile, { inner }: ShadowedVariable): ShadowRepair | Refusal {
  if (inner.defs[0]!.node.type !== 'FunctionExpression') return refuse('would-change-behaviour', 'the function may be called by its name elsewhere');
  return rename(file, inner, `${inner.name}Handler`, ({ identifier }) => {
    const { parent } = outermostWrapper(identifier);
    return parent?.type === 'CallExpression' && parent.callee === identifier;
  });
}

/** Renames the declaration of a variable and those references that mean it; the others then mean the outer one. */
function rename(file: SourceFile, variable: Variable, newName: string, isMeant: (reference: Reference) => boolean): ShadowRepair | Refusal {
  if (!isFree(file, newName)) return refuse('name-taken', `\`${newName}\` is taken`);
  const places = new Set<Node>(variable.identifiers);
  for (const reference of variable.references) if (isMeant(reference) && !places.has(reference.identifier)) places.add(reference.identifier);
  const edits = [...places].map((identifier): TextEdit => {
    const [start] = identifier.range;
    const { parent } = identifier;
    const property = parent?.type === 'AssignmentPattern' ? parent.parent : parent;
    const isShorthand = property?.type === 'Property' && property.shorthand;
    return { start, end: start + variable.name.length, text: isShorthand ? `${variable.name}: ${newName}` : newName };
  });
  return { kind: 'rename', newName, edits: edits.sort((a, b) => a.start - b.start) };
}

function isDeclared(variable: Variable): boolean {
  return variable.defs[0]!.node.type === 'VariableDeclarator';
}

/** `let` for what can be assigned to, `const` for what could be if it were declared so. */
function getOuterKeyword(outer: Variable): 'let' | 'const' | undefined {
  const [definition, ...others] = outer.defs;
  if (!definition || others.length > 0) return undefined;
  if (definition.type === 'Parameter') return 'let';
  if (definition.node.type !== 'VariableDeclarator') return undefined;
  const declaration = definition.node.parent;
  if (declaration.kind !== 'const') return 'let';
  const isOwn = declaration.declarations.length === 1 && definition.node.id.type === 'Identifier' && !isExported(outer) && isStatement(declaration);
  return isOwn ? 'const' : undefined;
}

function makeAssignable(outer: Variable): TextEdit {
  const [start] = outer.defs[0]!.node.parent!.range;
  return { start, end: start + 'const'.length, text: 'let' };
}

/** Whether an assignment reaches the outer variable in time, and only that of the same request. */
function isSafePlace(file: SourceFile, inner: Variable, outer: Variable, value: Node): boolean {
  const declared = outer.defs[0]!.name;
  const home = findEnclosingFunction(declared);
  if (declared.range[0] > inner.defs[0]!.name.range[0]) return false;
  let fn = findEnclosingFunction(inner.defs[0]!.name);
  // list.forEach((entry) => { … }) runs at once.
  while (fn && fn !== home && findListOfCallback(fn) && LIST_METHODS.test(getCalleeName((outermostWrapper(fn).parent as TSESTree.CallExpression).callee) ?? '')) fn = findEnclosingFunction(fn);
  if (fn === home) return true;
  // A set-up function may fill what the module keeps, but nothing of one request may get there.
  return home === undefined && fn !== undefined && findEnclosingFunction(fn) === undefined && fn.type === 'FunctionDeclaration' && !holdsRequest(file, value) && !fn.params.some(isRequestName);
}

function isRequestName(parameter: Node): boolean {
  return parameter.type === 'Identifier' && /^_?(?:req|request|ctx|context|c|event|res|response)$/i.test(parameter.name);
}

function holdsRequest(file: SourceFile, value: Node): boolean {
  const origins = getRequestOrigins(file);
  return contains(file, value, (node) => origins.getPart(node) !== undefined || isRequestName(node));
}

function isStatement(declaration: Node): boolean {
  return /^(?:BlockStatement|Program|SwitchCase|StaticBlock)$/.test(declaration.parent?.type ?? '');
}

function isFree(file: SourceFile, name: string): boolean {
  return !new RegExp(`(?<![\\w$])${name}(?![\\w$])`).test(file.text);
}

function hasComment(file: SourceFile, start: number, end: number): boolean {
  return file.ast.comments?.some(({ range }) => range[0] >= start && range[1] <= end) ?? /\/[/*]/.test(file.text.slice(start, end));
}

function capitalise(name: string): string {
  return name[0]!.toUpperCase() + name.slice(1);
}
