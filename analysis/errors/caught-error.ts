import { type FunctionNode, type Node, type TSESTree, getPropertyName, getStringValue, isFunction, skipWrappers } from '../syntax/node.js';
import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { Share, type Tracked } from './share.js';

/** How code gets hold of an error that it may replace. */
export type CaughtKind =
  /** `catch (error) {` */
  | 'catch'
  /** `promise.catch((error) => …)`, `.then(f, (error) => …)`, `mapErr`, `catchError` */
  | 'promise'
  /** `emitter.on('error', (error) => …)`, `{ onError(error) {} }` */
  | 'event'
  /** `fs.readFile(path, (error, data) => …)` */
  | 'callback'
  /** a parameter that is known to be an error: `function toAppError(error: Error)` */
  | 'parameter'
  /** a variable that a `catch` clause filled: `lastError = error` */
  | 'saved';

export interface CaughtError {
  readonly kind: CaughtKind;
  /** The catch clause or the function that gets the error. */
  readonly node: TSESTree.CatchClause | FunctionNode;
  /** Where the error is bound; undefined for `catch {` and `.catch(() => …)`. */
  readonly parameter: Node | undefined;
  /** How to write the error: `error`, `ctx.error`; undefined where nothing holds all of it. */
  readonly name: string | undefined;
  readonly tracked: ReadonlyMap<Variable, Tracked>;
}

const ERROR_PARAMETER = /^_?(?:e|er|err|error|ex|exc|exc?eption|failure)\d*$|(?:Err|Error|Exception)$/;
const PROMISE_HANDLERS = new Set(['catch', 'catchError', 'mapErr', 'mapError', 'mapLeft', 'orElse', 'catchAll', 'tapErrorCause']);
const HANDLER_PROPERTIES = /^(?:on_?error|error|catch|onReject(?:ed)?|onFailure|errorHandler)$/i;
const ITERATIONS = new Set(['map', 'forEach', 'filter', 'some', 'every', 'find', 'findIndex', 'flatMap', 'reduce', 'sort']);
const ERROR_TYPES = /^(?:unknown|Error|[A-Z]\w*Error|ErrnoException|Exception)$/;

/** The errors that are at hand at a node, nearest first: those of `catch` clauses, handlers and error parameters around it. */
export function findCaughtErrors(file: SourceFile, node: Node): CaughtError[] {
  const found: CaughtError[] = [];
  let inner: Node = node;
  for (let outer = node.parent; outer; inner = outer, outer = outer.parent) {
    if (outer.type === 'CatchClause') {
      if (outer.body === inner) found.push(bind(file, 'catch', outer, outer.param ?? undefined));
    } else if (isFunction(outer)) {
      const caught = findCaughtByFunction(file, outer);
      if (caught) found.push(caught);
      // What a function does that is called later has nothing to do with the error at hand, unless it runs at once.
      else if (!runsAtOnce(outer)) return found;
    }
  }
  return found;
}

function findCaughtByFunction(file: SourceFile, fn: FunctionNode): CaughtError | undefined {
  const kind = findHandlerKind(file, fn);
  const [parameter] = fn.params;
  if (kind) return bind(file, kind, fn, parameter);
  return findErrorParameter(file, fn);
}

function findHandlerKind(file: SourceFile, fn: FunctionNode): CaughtKind | undefined {
  const kind = findKindOfPlace(file, fn, fn);
  if (kind || fn.type === 'ArrowFunctionExpression') return kind;
  // function onFailure(error) {…}  promise.catch(onFailure)
  return findKindByName(file, fn);
}

function findKindByName(file: SourceFile, fn: FunctionNode): CaughtKind | undefined {
  const variable = fn.id && file.getVariable(fn.id);
  if (!variable) return undefined;
  for (const { identifier } of variable.references) {
    const kind = findKindOfPlace(file, identifier, fn);
    if (kind) return kind;
  }
  return undefined;
}

function findKindOfPlace(file: SourceFile, place: Node, fn: FunctionNode): CaughtKind | undefined {
  const { parent } = place;
  if (!parent) return undefined;
  const first = fn.params[0];
  const isNamedError = first?.type === 'Identifier' && ERROR_PARAMETER.test(first.name);
  if (parent.type === 'Property' && parent.value === place) {
    return isNamedError && HANDLER_PROPERTIES.test(getPropertyName(parent) ?? '') ? 'event' : undefined;
  }
  if (parent.type !== 'CallExpression') return undefined;
  const index = parent.arguments.indexOf(place as TSESTree.Expression);
  if (index < 0) return undefined;
  const callee = skipWrappers(parent.callee);
  const name = callee.type === 'MemberExpression' ? getPropertyName(callee) : callee.type === 'Identifier' ? callee.name : undefined;
  if (name === undefined) return undefined;
  if (PROMISE_HANDLERS.has(name)) return index === 0 && (callee.type === 'MemberExpression' || isNamedError) ? 'promise' : undefined;
  if (name === 'then') return index === 1 ? 'promise' : undefined;
  if (/^(?:on|once|addListener|prependListener|prependOnceListener)$/.test(name)) {
    return index === 1 && getStringValue(parent.arguments[0]) === 'error' && first?.type === 'Identifier' ? 'event' : undefined;
  }
  if (!isNamedError || ITERATIONS.has(name) || /^(?:Promise|use[A-Z].*)$/.test(name)) return undefined;
  if (/^(?:fromPromise|fromThrowable|tryCatch|tryCatchK)$/.test(name)) return index > 0 ? 'promise' : undefined;
  return fn.params.length > 1 && index === parent.arguments.length - 1 ? 'callback' : undefined;
}

function bind(file: SourceFile, kind: CaughtKind, node: CaughtError['node'], parameter: Node | undefined): CaughtError {
  const tracked = new Map<Variable, Tracked>();
  const target = parameter?.type === 'AssignmentPattern' ? parameter.left : parameter;
  if (target?.type === 'Identifier') {
    const variable = file.getVariable(target);
    if (variable) tracked.set(variable, { share: Share.Whole });
    return { kind, node, parameter, name: target.name, tracked };
  }
  if (target?.type === 'ObjectPattern') {
    for (const property of target.properties) {
      const value = property.type === 'Property' ? property.value : property.argument;
      const variable = file.getVariable(value.type === 'AssignmentPattern' ? value.left : value);
      if (!variable) continue;
      const name = property.type === 'Property' ? getPropertyName(property) : undefined;
      tracked.set(variable, { share: getShareOfName(name) });
    }
  }
  return { kind, node, parameter, name: undefined, tracked };
}

function getShareOfName(name: string | undefined): Share {
  if (name === 'stack') return Share.Kept;
  if (name === 'message') return Share.Text;
  return name === 'name' || name === 'code' || name === 'status' ? Share.Detail : Share.Whole;
}

/** A parameter that its type or its use shows to be an error, or to hold one: `(ctx) => … ctx.error.toString()`. */
function findErrorParameter(file: SourceFile, fn: FunctionNode): CaughtError | undefined {
  for (const parameter of fn.params) {
    if (parameter.type !== 'Identifier') continue;
    const variable = file.getVariable(parameter);
    if (!variable) continue;
    if (ERROR_PARAMETER.test(parameter.name) && (hasErrorType(parameter) || isUsedAsError(variable.references.map(({ identifier }) => identifier)))) {
      return { kind: 'parameter', node: fn, parameter, name: parameter.name, tracked: new Map([[variable, { share: Share.Whole }]]) };
    }
    const key = findErrorKey(variable);
    if (key !== undefined) {
      const tracked = new Map<Variable, Tracked>([[variable, { share: Share.Whole, keys: new Set([key]) }]]);
      return { kind: 'parameter', node: fn, parameter, name: `${parameter.name}.${key}`, tracked };
    }
  }
  return undefined;
}

function hasErrorType(parameter: TSESTree.Identifier): boolean {
  let type: Node | undefined = parameter.typeAnnotation?.typeAnnotation;
  if (type?.type === 'TSUnionType') type = type.types.find((member) => member.type === 'TSTypeReference');
  if (type?.type === 'TSUnknownKeyword') return true;
  if (type?.type !== 'TSTypeReference') return false;
  const name = type.typeName.type === 'TSQualifiedName' ? type.typeName.right.name : type.typeName.type === 'Identifier' ? type.typeName.name : '';
  return ERROR_TYPES.test(name);
}

function findErrorKey(variable: Variable): string | undefined {
  const members = new Map<string, Node[]>();
  for (const { identifier } of variable.references) {
    const member = identifier.parent;
    if (member?.type !== 'MemberExpression' || member.object !== identifier) continue;
    const name = getPropertyName(member);
    if (name !== undefined && /^(?:error|err|exception|reason)$/.test(name)) members.set(name, [...(members.get(name) ?? []), member]);
  }
  for (const [name, nodes] of members) if (isUsedAsError(nodes)) return name;
  return undefined;
}

/** `x instanceof Error`, `x.stack`, `x.toString()`: only errors are asked that; the `error` of a JSON answer is not. */
function isUsedAsError(uses: readonly Node[]): boolean {
  return uses.some((use) => {
    const { parent } = use;
    if (parent?.type === 'BinaryExpression') return parent.operator === 'instanceof' && parent.left === use;
    if (parent?.type !== 'MemberExpression' || parent.object !== use) return false;
    const name = getPropertyName(parent);
    return name === 'stack' || (name === 'toString' && parent.parent.type === 'CallExpression');
  });
}

/** `new Promise((resolve, reject) => …)`, `(() => …)()`, and array methods run their function before they return. */
function runsAtOnce(fn: FunctionNode): boolean {
  const { parent } = fn;
  if (parent?.type === 'NewExpression') return parent.callee.type === 'Identifier' && parent.callee.name === 'Promise';
  if (parent?.type !== 'CallExpression') return false;
  if (parent.callee === fn) return true;
  const callee = skipWrappers(parent.callee);
  return callee.type === 'MemberExpression' && ITERATIONS.has(getPropertyName(callee) ?? '');
}

/**
 * The variables that a `catch` clause of the file fills with what it caught, for use after it:
 * `let lastError; for (…) { try {…} catch (error) { lastError = error } } throw …`.
 */
export function findSavedErrors(file: SourceFile): Map<Variable, CaughtError> {
  const saved = new Map<Variable, CaughtError>();
  for (const node of file.getNodes('CatchClause')) {
    if (node.param?.type !== 'Identifier') continue;
    const variable = file.getVariable(node.param);
    for (const { identifier } of variable?.references ?? []) {
      const target = findAssignedVariable(file, identifier);
      if (!target || target.defs[0]?.type !== 'Variable' || saved.has(target)) continue;
      const others = target.references.filter(({ writeExpr }) => writeExpr && !isEmptyOr(file, writeExpr, variable!));
      if (others.length === 0) {
        saved.set(target, { kind: 'saved', node, parameter: node.param, name: target.name, tracked: new Map([[target, { share: Share.Whole }]]) });
      }
    }
  }
  return saved;
}

function findAssignedVariable(file: SourceFile, identifier: Node): Variable | undefined {
  let value = identifier;
  while (value.parent && skipWrappers(value.parent) === identifier) value = value.parent;
  const { parent } = value;
  if (parent?.type !== 'AssignmentExpression' || parent.right !== value || parent.left.type !== 'Identifier') return undefined;
  return file.getReference(parent.left)?.resolved ?? undefined;
}

/** Whether a variable is only ever given what was caught, or nothing (`undefined`, `null`). */
function isEmptyOr(file: SourceFile, value: Node, caught: Variable): boolean {
  const inner = skipWrappers(value);
  if (inner.type === 'Literal') return inner.value === null;
  if (inner.type !== 'Identifier') return false;
  return inner.name === 'undefined' || file.getReference(inner)?.resolved === caught;
}

