import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, getCalleeName, getStringValue, isFunction, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import { type Condition, getConditions } from './conditions.js';
import { getDefaultValue } from './default-values.js';
import { isDevelopmentOnly } from './development-only.js';
import { findFunction } from './functions.js';
import { type RequestOrigins, getRequestOrigins } from './request-origin.js';

/**
 * What a condition says about the origin. `check`: it is compared, looked up or handed to somebody who may. `presence`:
 * only whether there is one, or about the request's method or path. `met`: so when no option is set. `setting`: depends
 * on an option, on the environment or on what is not known here.
 */
export type ConditionKind = 'check' | 'presence' | 'met' | 'setting';

const MAX_DEPTH = 5;
const QUIET_CALLS = /^(?:Boolean|String|canParse|log|warn|info|debug|error|trace|encodeURIComponent|decodeURIComponent)$/;
const REQUEST_NAME = /^(?:req|request|ctx|context|c|event|evt)$/i;
const REQUEST_FACT = /^(?:method|url|path|pathname|originalUrl|httpMethod|headersSent|status|statusCode)$/;

export class OriginChecks {
  readonly #file: SourceFile;
  readonly #origins: RequestOrigins;
  readonly #trustsRequest: boolean;
  readonly #variables = new Map<Variable, boolean>();
  readonly #functions = new Map<FunctionNode, boolean>();

  constructor(file: SourceFile, trustsRequest = true) {
    this.#file = file;
    this.#trustsRequest = trustsRequest;
    this.#origins = getRequestOrigins(file);
  }

  /** @param traced variables that are known to hold the origin here, whatever else they may hold elsewhere */
  classify(condition: Condition, traced?: ReadonlySet<Variable>): ConditionKind {
    const { test, truth, isNested, isEarlier, isCompared } = condition;
    if (traced && !isCompared && this.#isPresenceOf(test, traced)) return 'presence';
    if (this.isCheck(test) || (isCompared && this.#isPart(test))) return 'check';
    if (isNested || this.#isPresence(test)) return 'presence';
    // Whoever left before was stopped for another reason, unless the rest only runs for developers.
    if (isEarlier && !isDevelopmentOnly(condition)) return 'presence';
    // process.env.ORIGIN || req.headers.origin: what is so as long as nobody configures it
    if (truth === false && isUnsetVariable(test)) return 'met';
    const value = getDefaultValue(this.#file, test);
    return value && truth !== undefined && !!value.value === truth ? 'met' : 'setting';
  }

  /** Whether any of the conditions around a place, up to `root`, compares the origin. */
  isGuarded(node: Node, root?: Node): boolean {
    return getConditions(node, root).some(({ test, isCompared }) => this.isCheck(test) || (isCompared === true && this.#isPart(test)));
  }

  /** As `isCheck`, but a function that is handed the whole request does not count. */
  namesOrigin(expression: Node): boolean {
    return new OriginChecks(this.#file, false).isCheck(expression);
  }

  /** Whether an expression compares the origin with anything, in itself or by way of variables and functions of the file. */
  isCheck(expression: Node, depth = 0): boolean {
    if (depth > MAX_DEPTH) return false;
    let found = false;
    walk(
      expression,
      (node) => {
        if (found) return false;
        found = this.#isCheckNode(node, depth);
        return !found;
      },
      this.#file.visitorKeys,
    );
    return found;
  }

  #isCheckNode(node: Node, depth: number): boolean {
    switch (node.type) {
      case 'BinaryExpression': {
        if (node.left.type === 'PrivateIdentifier') return false;
        if (node.operator === 'in') return this.#isPart(node.left);
        if (!/^[=!]==?$/.test(node.operator)) return false;
        return (this.#isPart(node.left) && !isNothing(node.right)) || (this.#isPart(node.right) && !isNothing(node.left));
      }
      case 'MemberExpression':
        // allowed[origin]
        return node.computed && this.#isPart(node.property);
      case 'CallExpression':
      case 'NewExpression':
        return this.#isCheckCall(node, depth);
      case 'Identifier': {
        const variable = this.#file.getReference(node)?.resolved;
        return variable ? this.#isCheckVariable(variable, depth) : false;
      }
      default:
        return false;
    }
  }

  #isCheckCall(node: Extract<Node, { type: 'CallExpression' | 'NewExpression' }>, depth: number): boolean {
    const name = getCalleeName(node.callee) ?? '';
    if (QUIET_CALLS.test(name) || name === 'URL') return false;
    const callee = skipWrappers(node.callee);
    // origin.endsWith('.example.com')
    if (callee.type === 'MemberExpression' && this.#isPart(callee.object)) return /^(?:includes|startsWith|endsWith|indexOf|lastIndexOf|match|search|localeCompare|test)$/.test(name);
    if (isOriginHeader(node)) return false;
    if (node.arguments.some((argument) => argument.type !== 'SpreadElement' && (this.#isPart(argument) || (this.#trustsRequest && isRequest(argument))))) return true;
    const fn = findFunction(this.#file, node.callee);
    return fn !== undefined && this.#checksInside(fn, depth);
  }

  #checksInside(fn: FunctionNode, depth: number): boolean {
    const known = this.#functions.get(fn);
    if (known !== undefined) return known;
    this.#functions.set(fn, false);
    const checks = this.isCheck(fn.body, depth + 1);
    this.#functions.set(fn, checks);
    return checks;
  }

  /** A variable that a check was stored in, or that is only set under one. */
  #isCheckVariable(variable: Variable, depth: number): boolean {
    const known = this.#variables.get(variable);
    if (known !== undefined) return known;
    if (variable.defs[0]?.type !== 'Variable') return false;
    this.#variables.set(variable, false);
    const is = variable.references.some((reference) => {
      if (!reference.isWrite() || !reference.writeExpr) return false;
      if (isFunction(skipWrappers(reference.writeExpr))) return false;
      if (this.#isPart(reference.writeExpr)) return !reference.init && this.isGuarded(reference.identifier, variable.scope.block);
      return this.isCheck(reference.writeExpr, depth + 1) || (!reference.init && this.isGuarded(reference.identifier, variable.scope.block));
    });
    this.#variables.set(variable, is);
    return is;
  }

  #isPart(node: Node): boolean {
    const part = this.#origins.getPart(node);
    return part !== undefined;
  }

  /** origin, !origin, origin === '*' */
  #isPresenceOf(test: Node, traced: ReadonlySet<Variable>): boolean {
    const node = skipWrappers(test);
    if (node.type === 'UnaryExpression') return this.#isPresenceOf(node.argument, traced);
    if (node.type === 'BinaryExpression') {
      return node.left.type !== 'PrivateIdentifier' && ((this.#isPresenceOf(node.left, traced) && isNothing(node.right)) || (this.#isPresenceOf(node.right, traced) && isNothing(node.left)));
    }
    const variable = node.type === 'Identifier' ? this.#file.getVariable(node) : undefined;
    return variable !== undefined && traced.has(variable);
  }

  /** origin, !origin, origin !== undefined, req.method === 'OPTIONS', and what && and || make of them */
  #isPresence(test: Node): boolean {
    const node = skipWrappers(test);
    if (this.#isPart(node)) return true;
    switch (node.type) {
      case 'UnaryExpression':
        return this.#isPresence(node.argument);
      case 'LogicalExpression':
        return this.#isPresence(node.left) && this.#isPresence(node.right);
      case 'BinaryExpression':
        return [node.left, node.right].some((side) => side.type !== 'PrivateIdentifier' && this.#isPresence(side)) && [node.left, node.right].every((side) => side.type !== 'PrivateIdentifier' && (isLiteral(side) || this.#isPresence(side)));
      case 'MemberExpression':
        return REQUEST_FACT.test(getCalleeName(node) ?? '') || /^headers?$/.test(getCalleeName(node) ?? '') || /^headers?$/.test(getCalleeName(node.object) ?? '');
      case 'CallExpression': {
        if (getCalleeName(node.callee) === 'Boolean') return node.arguments[0] !== undefined && this.#isPresence(node.arguments[0]);
        const callee = skipWrappers(node.callee);
        // req.method.toLowerCase(), req.url.startsWith('/api'), ctx.get('Access-Control-Request-Method'), headers.has('origin')
        if (callee.type === 'MemberExpression' && this.#isPresence(callee.object)) return true;
        if (callee.type !== 'MemberExpression' || !/^(?:get|header|has)$/.test(getCalleeName(callee) ?? '') || getStringValue(node.arguments[0]) === undefined) return false;
        return isRequest(callee.object) || callee.object.type === 'ThisExpression' || /headers?$/i.test(getCalleeName(callee.object) ?? '');
      }
      case 'ChainExpression':
        return this.#isPresence(node.expression);
      case 'Identifier': {
        if (REQUEST_NAME.test(node.name)) return true;
        const variable = this.#file.getReference(node)?.resolved;
        const value = variable && this.#file.getOnlyValue(variable);
        return value ? !isLiteral(value) && this.#isPresence(value) : false;
      }
      default:
        return false;
    }
  }
}

const checksOfFiles = new WeakMap<SourceFile, OriginChecks>();

export function getOriginChecks(file: SourceFile): OriginChecks {
  let checks = checksOfFiles.get(file);
  if (!checks) checksOfFiles.set(file, (checks = new OriginChecks(file)));
  return checks;
}

function isOriginHeader(call: Extract<Node, { type: 'CallExpression' | 'NewExpression' }>): boolean {
  return /^origin$/i.test(getStringValue(call.arguments.at(-1)) ?? '');
}

function isRequest(node: Node): boolean {
  const inner = skipWrappers(node);
  return inner.type === 'Identifier' ? REQUEST_NAME.test(inner.name) : inner.type === 'MemberExpression' && REQUEST_NAME.test(getCalleeName(inner) ?? '');
}

/** process.env.CORS_ORIGIN; what tells environments apart is always set */
function isUnsetVariable(test: Node): boolean {
  const node = skipWrappers(test);
  const name = node.type === 'MemberExpression' ? getCalleeName(node) : undefined;
  return name !== undefined && node.type === 'MemberExpression' && getCalleeName(node.object) === 'env' && /origin|cors|domain|host|url|client|front|site/i.test(name);
}

function isLiteral(node: Node): boolean {
  const inner = skipWrappers(node);
  return inner.type === 'Literal' || (inner.type === 'Identifier' && inner.name === 'undefined') || inner.type === 'TemplateLiteral';
}

/** undefined, null, '', '*', 'null' and type names: a comparison with them lets all real origins through alike. */
function isNothing(node: Node): boolean {
  const inner = skipWrappers(node);
  if (inner.type === 'Identifier') return inner.name === 'undefined';
  if (inner.type !== 'Literal') return false;
  return inner.value === null || typeof inner.value === 'boolean' || /^(?:|\*|null|undefined)$/.test(String(inner.value));
}
