import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { findPatternPath } from '../syntax/find-pattern-path.js';
import { type FunctionNode, type Node, type TSESTree, getCalleeName, getPropertyName, getStringValue, isFunction, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import { getConditions } from './conditions.js';
import { findFunction, findFunctionVariable, getFunctionName, getFunctionUses, getReturnedValues } from './functions.js';

/** What an expression holds of the request: its `Origin` header, the host name in it, or that header parsed as a URL. */
export type OriginPart = 'origin' | 'host' | 'url';

const RESPONSE = /^(?:res|resp|reply|response|ctx\.response|out|set)$|response$/i;
const REQUEST = /^(?:req|request|ctx|context|c|event|evt|headers?)$|(?:req|request|headers?)$/i;
const ORIGIN_NAME = /^origin$/i;
const ORIGIN_PARAMETER = /^_?(?:(?:request|req|incoming|client|header|from|caller|source|raw|the)_?)?origin(?:_?(?:header|value|url|str|string))?$/i;

const REQUEST_ORIGIN = /^_?(?:(?:request|req|incoming|client|caller)_?origin|origin_?header)(?:_?(?:header|value))?$/i;

const originsOfFiles = new WeakMap<SourceFile, RequestOrigins>();

export function getRequestOrigins(file: SourceFile): RequestOrigins {
  let origins = originsOfFiles.get(file);
  if (!origins) originsOfFiles.set(file, (origins = new RequestOrigins(file)));
  return origins;
}

/** Which expressions of a file hold the `Origin` header of a request. */
export class RequestOrigins {
  readonly #file: SourceFile;
  readonly #variables = new Map<Variable, OriginPart | undefined>();
  readonly #assumed = new Set<Variable>();
  readonly #callbacks = new Map<FunctionNode, boolean>();

  constructor(file: SourceFile) {
    this.#file = file;
  }

  /** What the value of an expression always is, where it is anything at all: `''` and `undefined` may stand in for it. */
  getPart(expression: Node): OriginPart | undefined {
    const node = skipWrappers(expression);
    if (isOriginRead(this.#file, node)) return 'origin';
    switch (node.type) {
      case 'Identifier': {
        const variable = this.#file.getVariable(node);
        return variable && this.getPartOfVariable(variable);
      }
      case 'MemberExpression': {
        if (this.getPart(node.object) !== 'url') return this.#getPartOfPiece(node);
        const name = getPropertyName(node);
        if (name === 'hostname' || name === 'host') return 'host';
        return name === 'origin' || name === 'href' ? 'origin' : undefined;
      }
      case 'NewExpression':
        return getCalleeName(node.callee) === 'URL' && node.arguments.length === 1 && this.#is(node.arguments[0], 'origin') ? 'url' : undefined;
      case 'CallExpression':
        return this.#getPartOfCall(node);
      case 'LogicalExpression': {
        // origin || '', getOrigin && origin
        if (node.operator === '&&') return isBare(node.left) ? this.getPart(node.right) : undefined;
        const left = this.getPart(node.left);
        return left && (isConstant(node.right) || this.getPart(node.right) === left) ? left : undefined;
      }
      case 'ConditionalExpression': {
        // What a comparison chose is an answer, not what came in.
        if (!isBare(node.test)) return undefined;
        const [yes, no] = [this.getPart(node.consequent), this.getPart(node.alternate)];
        return (yes && (yes === no || isConstant(node.alternate)) && yes) || (no && isConstant(node.consequent) && no) || undefined;
      }
      case 'TemplateLiteral':
        return node.expressions.length === 1 && node.quasis.every(({ value }) => value.raw === '') ? this.getPart(node.expressions[0]!) : undefined;
      case 'AssignmentExpression':
        return this.getPart(node.right);
      case 'AwaitExpression':
        return this.getPart(node.argument);
      default:
        return undefined;
    }
  }

  /** Whether the file shows where the value comes from; else it goes by the name of a parameter and its function. */
  isShown(expression: Node): boolean {
    let shown = true;
    walk(
      expression,
      (node) => {
        const variable = node.type === 'Identifier' ? this.#file.getVariable(node) : undefined;
        if (variable && this.getPartOfVariable(variable) && this.#assumed.has(variable)) shown = false;
      },
      this.#file.visitorKeys,
    );
    return shown;
  }

  getPartOfVariable(variable: Variable): OriginPart | undefined {
    if (this.#variables.has(variable)) return this.#variables.get(variable);
    this.#variables.set(variable, undefined);
    const part = this.#findPartOfVariable(variable);
    this.#variables.set(variable, part);
    return part;
  }

  /**
   * Whether a function is asked about origins by a CORS library: the value of an `origin` option, or a function of the
   * form `(origin, callback) => …`.
   */
  isOriginCallback(fn: FunctionNode): boolean {
    const known = this.#callbacks.get(fn);
    if (known !== undefined) return known;
    this.#callbacks.set(fn, false);
    const is = this.#findIsOriginCallback(fn);
    this.#callbacks.set(fn, is);
    return is;
  }

  /** The parameter by which an origin callback answers, where it does so: `(origin, callback) => callback(null, true)`. */
  findAnswerParameter(fn: FunctionNode): Variable | undefined {
    const second = fn.params[1];
    if (second?.type !== 'Identifier') return undefined;
    const variable = this.#file.getVariable(second);
    return variable?.references.some(({ identifier }) => isCallee(identifier)) ? variable : undefined;
  }

  #is(node: Node | undefined, part: OriginPart): boolean {
    return node !== undefined && this.getPart(node) === part;
  }

  #getPartOfCall(node: TSESTree.CallExpression): OriginPart | undefined {
    const callee = skipWrappers(node.callee);
    const name = getCalleeName(callee);
    const [first] = node.arguments;
    if (callee.type === 'Identifier') {
      if (name === 'String' || name === 'decodeURIComponent' || name === 'encodeURI') return first && this.getPart(first);
      if (name === 'parse' && this.#is(first, 'origin') && this.#file.getOrigin(callee) === 'url:parse') return 'url';
      return first && this.getPart(first) ? this.#getPartOfResult(node) : undefined;
    }
    if (callee.type !== 'MemberExpression') return undefined;
    const object = skipWrappers(callee.object);
    if (name === 'parse' && object.type === 'Identifier' && /^url$/i.test(object.name) && this.#is(first, 'origin')) return 'url';
    const part = this.getPart(object);
    if (!part || part === 'url') return undefined;
    if (/^(?:toLowerCase|toLocaleLowerCase|toUpperCase|trim|toString|valueOf|normalize)$/.test(name ?? '')) return part;
    if (name !== 'replace' && name !== 'replaceAll') return undefined;
    // origin.replace(/^https?:\/\//, ''), origin.replace(/\/$/, '')
    if (getStringValue(node.arguments[1]) !== '') return undefined;
    const what = getStringValue(first) ?? (first?.type === 'Literal' && 'regex' in first ? first.regex.pattern : undefined);
    if (what === undefined) return undefined;
    if (/:/.test(what) && /\/\\?\/|\\?\/{2}/.test(what)) return 'host';
    return /^[/\\+$]*$/.test(what) || /^(?:\(\?:)?:?\\?:?\\d[+*]\)?\$?$/.test(what) ? part : undefined;
  }

  /** normalize(origin), getHost(origin): a function of the file that hands back a part of what it is given, unless there is none */
  #getPartOfResult(node: TSESTree.CallExpression): OriginPart | undefined {
    const fn = findFunction(this.#file, node.callee);
    if (!fn || fn.async || fn.generator) return undefined;
    const returned = getReturnedValues(this.#file, fn);
    const isPlain = returned.every((value) => getConditions(value, fn).every(({ test }) => isBare(test)));
    const parts = new Set(returned.flatMap((value) => this.getPart(value) ?? (isConstant(value) ? [] : ['other'])));
    const [part] = parts;
    return isPlain && parts.size === 1 && part !== 'other' ? (part as OriginPart) : undefined;
  }

  /** origin.split('://')[1] */
  #getPartOfPiece(node: TSESTree.MemberExpression): OriginPart | undefined {
    const call = skipWrappers(node.object);
    if (call.type !== 'CallExpression' || getStringValue(node.property) !== '1' || getCalleeName(call.callee) !== 'split') return undefined;
    const callee = skipWrappers(call.callee);
    if (callee.type !== 'MemberExpression' || !/^:?\/\/$/.test(getStringValue(call.arguments[0]) ?? '')) return undefined;
    return this.#is(callee.object, 'origin') ? 'host' : undefined;
  }

  #findPartOfVariable(variable: Variable): OriginPart | undefined {
    const [definition, ...others] = variable.defs;
    if (!definition || others.length > 0) return undefined;
    if (definition.type === 'Parameter') return this.#findPartOfParameter(variable);
    if (definition.type !== 'Variable' || definition.node.type !== 'VariableDeclarator') return undefined;
    const { id, init } = definition.node;
    if (id.type === 'Identifier') return this.#getCommonPart(variable);
    return init ? this.#findPartOfPattern(id, definition.name, init) : undefined;
  }

  /** Of all values that a variable gets, constants left out. */
  #getCommonPart(variable: Variable): OriginPart | undefined {
    let common: OriginPart | undefined;
    for (const { writeExpr } of variable.references.filter((reference) => reference.isWrite())) {
      if (!writeExpr) return undefined;
      const part = this.getPart(writeExpr);
      if (!part && (isConstant(writeExpr) || isRefinement(this.#file, writeExpr, variable))) continue;
      if (!part || (common && common !== part)) return undefined;
      common = part;
    }
    return common;
  }

  /** const { origin } = req.headers; const { hostname } = new URL(origin) */
  #findPartOfPattern(pattern: Node, name: Node, init: Node): OriginPart | undefined {
    const path = findPatternPath(pattern, name);
    const last = path?.at(-1);
    if (!path || last === undefined) return undefined;
    if (path.length === 1 && this.getPart(init) === 'url') return last === 'hostname' || last === 'host' ? 'host' : last === 'origin' ? 'origin' : undefined;
    if (!ORIGIN_NAME.test(last)) return undefined;
    if (path.length === 1) return isHeaders(this.#file, init) ? 'origin' : undefined;
    return /^headers?$/i.test(path.at(-2)!) && !RESPONSE.test(getNameOf(init) ?? '') ? 'origin' : undefined;
  }

  #findPartOfParameter(variable: Variable): OriginPart | undefined {
    const name = variable.identifiers[0];
    const fn = variable.defs[0]?.node;
    if (!name || !fn || !isFunction(fn)) return undefined;
    const index = fn.params.findIndex((parameter) => parameter === name || isDefaultOf(parameter, name) || findPatternPath(parameter, name) !== undefined);
    const parameter = fn.params[index];
    if (!parameter) return undefined;
    // ({ headers: { origin } }) => …, ({ headers }) is left to isHeaders
    const path = parameter === name || isDefaultOf(parameter, name) ? [] : findPatternPath(parameter, name);
    if (!path) return undefined;
    if (path.length > 0) return path.length > 1 && ORIGIN_NAME.test(path.at(-1)!) && /^headers?$/i.test(path.at(-2)!) ? 'origin' : undefined;
    if (variable.references.some((reference) => reference.isWrite() && !reference.init && !(reference.writeExpr && isRefinement(this.#file, reference.writeExpr, variable)))) {
      // Only what is made of the parameter itself leaves it an origin.
      if (!variable.references.every((reference) => !reference.isWrite() || reference.init || (reference.writeExpr && isConstant(reference.writeExpr)))) return undefined;
    }
    if (index === 0 && this.isOriginCallback(fn)) return 'origin';
    const { calls } = getFunctionUses(this.#file, fn);
    return calls.length > 0 ? this.#findPartOfArguments(variable, calls, index) : this.#assumePart(variable, fn);
  }

  #findPartOfArguments(variable: Variable, calls: readonly TSESTree.CallExpression[], index: number): OriginPart | undefined {
    let assumed: OriginPart | undefined;
    for (const call of calls) {
      const argument = call.arguments[index];
      if (!argument || argument.type === 'SpreadElement') continue;
      const part = this.getPart(argument);
      if (!part || part === 'url') continue;
      if (this.isShown(argument)) return part;
      assumed = part;
    }
    if (assumed) this.#assumed.add(variable);
    return assumed;
  }

  /** export function isAllowedOrigin(origin) { … }: a function about origins that is called elsewhere. */
  #assumePart(variable: Variable, fn: FunctionNode): OriginPart | undefined {
    // function corsHeaders(requestOrigin): the name says whose origin it is
    if (REQUEST_ORIGIN.test(variable.name) && getFunctionUses(this.#file, fn).escapes && /access-control-allow/i.test(this.#file.text)) return 'origin';
    if (!ORIGIN_PARAMETER.test(variable.name) || !/origin|cors/i.test(getFunctionName(fn) ?? '')) return undefined;
    if (!/\bcors|access-control-allow/i.test(this.#file.text)) return undefined;
    if (!getFunctionUses(this.#file, fn).escapes) return undefined;
    this.#assumed.add(variable);
    return 'origin';
  }

  #findIsOriginCallback(fn: FunctionNode): boolean {
    const [first, second] = fn.params;
    const firstName = first && getParameterName(first);
    // (origin, callback) => …
    if (firstName !== undefined && ORIGIN_PARAMETER.test(firstName) && second?.type === 'Identifier' && /^(?:cb|callback|done|next|fn)$/i.test(second.name)) {
      if (this.findAnswerParameter(fn)) return true;
    }
    const { parent } = outermostWrapper(fn);
    if (isOriginOption(parent, fn) && (firstName === undefined || fn.params.length > 0)) return true;
    // origin: checkOrigin
    const variable = findFunctionVariable(this.#file, fn);
    return variable?.references.some(({ identifier }) => isOriginOption(outermostWrapper(identifier).parent, identifier)) ?? false;
  }
}

/** Whether a node is the value of `origin: …` in an object that is no pattern. */
function isOriginOption(parent: Node | undefined, value: Node): boolean {
  if (parent?.type !== 'Property' || parent.parent.type !== 'ObjectExpression' || skipWrappers(parent.value) !== value) return false;
  return /^(?:origin|allowOrigin)$/.test(getPropertyName(parent) ?? '');
}

/** req.headers.origin, request.headers.get('Origin'), ctx.get('Origin'), getHeader(event, 'origin') */
function isOriginRead(file: SourceFile, node: Node): boolean {
  if (node.type === 'MemberExpression') return ORIGIN_NAME.test(getPropertyName(node) ?? getLowerCased(node.property) ?? '') && isHeaders(file, node.object);
  if (node.type !== 'CallExpression') return false;
  const callee = skipWrappers(node.callee);
  const name = getCalleeName(callee);
  const last = node.arguments.at(-1);
  if (!last || !ORIGIN_NAME.test(getStringValue(last) ?? '')) return false;
  if (callee.type === 'Identifier') return /^(?:get|use)(?:Request)?Header$/.test(name ?? '');
  if (callee.type !== 'MemberExpression' || node.arguments.length > 1) return false;
  const object = skipWrappers(callee.object);
  const owner = getNameOf(object) ?? '';
  if (RESPONSE.test(owner)) return false;
  if (name === 'header' || name === 'getHeader') return true;
  // Koa's context as `this`, in its first version
  return name === 'get' && (REQUEST.test(owner) || object.type === 'ThisExpression' || isHeaders(file, object));
}

/** 'Origin'.toLowerCase() */
function getLowerCased(node: Node): string | undefined {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression' || getCalleeName(node.callee) !== 'toLowerCase') return undefined;
  return getStringValue(node.callee.object)?.toLowerCase();
}

/** req.headers, { ...req.headers }, new Headers(request.headers), headers() */
function isHeaders(file: SourceFile, expression: Node, depth = 0): boolean {
  const node = skipWrappers(expression);
  switch (node.type) {
    case 'MemberExpression': {
      if (!/^(?:headers?|multiValueHeaders)$/i.test(getPropertyName(node) ?? '')) return false;
      return !RESPONSE.test(getNameOf(node.object) ?? '');
    }
    case 'Identifier': {
      const variable = file.getVariable(node);
      const [definition] = variable?.defs ?? [];
      if (!variable || depth > 4) return false;
      const value = file.getOnlyValue(variable);
      if (value) return isHeaders(file, value, depth + 1);
      if (definition?.type === 'Parameter') return /headers?$/i.test(node.name) && !/^(?:res|cors|default|extra|common|base)/i.test(node.name);
      if (definition?.type !== 'Variable' || definition.node.type !== 'VariableDeclarator' || !definition.node.init) return false;
      const path = findPatternPath(definition.node.id, definition.name);
      return path?.length === 1 && /^headers?$/i.test(path[0]!) && !RESPONSE.test(getNameOf(definition.node.init) ?? '');
    }
    case 'LogicalExpression':
      return isHeaders(file, node.left, depth + 1);
    case 'ObjectExpression':
      return node.properties.length === 1 && node.properties[0]!.type === 'SpreadElement' && isHeaders(file, node.properties[0]!.argument, depth + 1);
    case 'NewExpression':
      return getCalleeName(node.callee) === 'Headers' && node.arguments[0] !== undefined && isHeaders(file, node.arguments[0], depth + 1);
    case 'AwaitExpression':
      return isHeaders(file, node.argument, depth + 1);
    case 'CallExpression':
      // next/headers, Playwright's request.headers(), h3's getHeaders(event)
      return /^(?:headers|getHeaders|getRequestHeaders)$/.test(getCalleeName(node.callee) ?? '');
    default:
      return false;
  }
}

/** origin, !origin, req.headers.origin, typeof origin === 'string': whether there is one */
function isBare(test: Node): boolean {
  const node = skipWrappers(test);
  if (node.type === 'UnaryExpression') return isBare(node.argument);
  if (node.type === 'BinaryExpression') return isConstant(node.right) && isBare(node.left) && /^(?:|string|undefined|null)$/.test(getStringValue(node.right) ?? '');
  if (node.type === 'MemberExpression') return isBare(node.object);
  if (node.type === 'CallExpression') return node.arguments.every((argument) => argument.type === 'Literal') && isBare(node.callee);
  return node.type === 'Identifier' || node.type === 'ThisExpression';
}

/** The last name of an expression: `request` of `ctx.request`. */
function getNameOf(expression: Node): string | undefined {
  const node = skipWrappers(expression);
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'MemberExpression') return getPropertyName(node);
  return node.type === 'CallExpression' ? getCalleeName(node.callee) : undefined;
}

/** Whether nothing of the request is in a value. */
export function isConstant(expression: Node): boolean {
  const node = skipWrappers(expression);
  if (node.type === 'Literal') return true;
  if (node.type === 'TemplateLiteral') return node.expressions.length === 0;
  return (node.type === 'Identifier' && node.name === 'undefined') || (node.type === 'UnaryExpression' && node.operator === 'void');
}

/** origin = origin.toLowerCase(), whatever the method: what is made of the variable alone. */
function isRefinement(file: SourceFile, expression: Node, variable: Variable): boolean {
  const node = skipWrappers(expression);
  if (node.type === 'LogicalExpression') return isRefinement(file, node.left, variable) && isConstant(node.right);
  if (node.type === 'Identifier') return file.getVariable(node) === variable;
  if (node.type !== 'CallExpression') return false;
  const callee = skipWrappers(node.callee);
  if (callee.type === 'Identifier') return callee.name === 'String' && node.arguments[0] !== undefined && isRefinement(file, node.arguments[0], variable);
  return callee.type === 'MemberExpression' && /^(?:toLowerCase|trim|toString)$/.test(getPropertyName(callee) ?? '') && isRefinement(file, callee.object, variable);
}

function isDefaultOf(parameter: Node, name: Node): boolean {
  return parameter.type === 'AssignmentPattern' && parameter.left === name;
}

function getParameterName(parameter: Node): string | undefined {
  const node = parameter.type === 'AssignmentPattern' ? parameter.left : parameter;
  return node.type === 'Identifier' ? node.name : undefined;
}

function isCallee(identifier: Node): boolean {
  const { parent } = outermostWrapper(identifier);
  return parent?.type === 'CallExpression' && skipWrappers(parent.callee) === identifier;
}
