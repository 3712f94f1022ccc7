import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, findEnclosingFunction, getCalleeName, isFunction, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { alwaysExits } from './conditions.js';
import { getFunctionName, getFunctionUses } from './functions.js';
import { getHeaderWrites } from './header-writes.js';
import { LIST_METHODS, findListOfCallback } from './possible-values.js';
import { contains } from './reflections.js';
import { isRefusal, isRefusingResult } from './refusals.js';
import { getRequestOrigins } from './request-origin.js';

const MAX_DEPTH = 10;

/** Follows the outcome of a check to what the server does with it. */
export class Decisions {
  readonly #file: SourceFile;
  readonly #seen = new Set<Node>();
  readonly #functions = new Map<FunctionNode, boolean>();
  readonly #feeding = new Map<Variable, boolean>();

  constructor(file: SourceFile) {
    this.#file = file;
  }

  /** Whether a boolean (or truthy) value decides if an origin is let in. */
  decides(expression: Node, depth = 0): boolean {
    const node = outermostWrapper(expression);
    if (depth > MAX_DEPTH || this.#seen.has(node)) return false;
    this.#seen.add(node);
    const decides = this.#decides(node, depth + 1);
    this.#seen.delete(node);
    return decides;
  }

  /** Whether what a function returns decides: it is asked by a CORS library, or its result is used so. */
  isDecidingFunction(fn: FunctionNode, depth = 0): boolean {
    const known = this.#functions.get(fn);
    if (known !== undefined) return known;
    this.#functions.set(fn, false);
    const is = this.#isDecidingFunction(fn, depth);
    this.#functions.set(fn, is);
    return is;
  }

  /** Whether a place lets an origin in: writes a CORS header, calls back with `true`, returns it, sets a flag for that. */
  grants(root: Node, depth = 0): boolean {
    return contains(this.#file, root, (node) => this.#isGrant(node, depth));
  }

  /** Whether a variable's value ends in `Access-Control-Allow-Origin` or decides about it. */
  feedsHeader(variable: Variable, depth = 0): boolean {
    const known = this.#feeding.get(variable);
    if (known !== undefined) return known;
    this.#feeding.set(variable, false);
    const feeds = variable.references.some((reference) => reference.isRead() && this.#feeds(reference.identifier, depth));
    this.#feeding.set(variable, feeds);
    return feeds;
  }

  #feeds(expression: Node, depth: number): boolean {
    const node = outermostWrapper(expression);
    const { parent } = node;
    if (!parent || depth > MAX_DEPTH) return false;
    if (getHeaderWrites(this.#file).some(({ name, value }) => name === 'access-control-allow-origin' && skipWrappers(value) === skipWrappers(node))) return true;
    switch (parent.type) {
      case 'LogicalExpression':
      case 'ConditionalExpression':
      case 'AwaitExpression':
      case 'TemplateLiteral':
        return (parent.type === 'ConditionalExpression' && parent.test === node ? false : this.#feeds(parent, depth + 1)) || this.decides(node, depth + 1);
      case 'VariableDeclarator': {
        const variable = parent.id.type === 'Identifier' ? this.#file.getVariable(parent.id) : undefined;
        return variable ? this.feedsHeader(variable, depth + 1) : false;
      }
      case 'ReturnStatement':
      case 'ArrowFunctionExpression':
        return this.decides(node, depth + 1);
      default:
        return this.decides(node, depth + 1);
    }
  }

  #decides(node: Node, depth: number): boolean {
    const { parent } = node;
    switch (parent?.type) {
      case 'UnaryExpression':
      case 'BinaryExpression':
      case 'AwaitExpression':
        return this.decides(parent, depth);
      case 'LogicalExpression':
        return (parent.left === node && this.grants(parent.right, depth)) || this.decides(parent, depth);
      case 'ConditionalExpression':
        if (parent.test !== node) return this.decides(parent, depth);
        return this.grants(parent.consequent, depth) || this.grants(parent.alternate, depth) || this.#isChoiceOfOrigin(parent, depth);
      case 'IfStatement':
        return parent.test === node && this.#decidesBranch(parent, depth);
      case 'VariableDeclarator':
      case 'AssignmentExpression': {
        const target = parent.type === 'VariableDeclarator' ? parent.id : skipWrappers(parent.left);
        if (parent.type === 'AssignmentExpression' && parent.right !== node) return false;
        const variable = target.type === 'Identifier' ? this.#file.getVariable(target) : undefined;
        return variable?.references.some((reference) => reference.isRead() && this.decides(reference.identifier, depth)) ?? false;
      }
      case 'ReturnStatement':
      case 'ArrowFunctionExpression': {
        const fn = parent.type === 'ReturnStatement' ? findEnclosingFunction(parent) : parent;
        return fn ? this.isDecidingFunction(fn, depth) : false;
      }
      case 'MemberExpression':
        // list.filter((entry) => origin.includes(entry)).length > 0
        return parent.object === node && getCalleeName(parent) === 'length' && this.decides(parent, depth);
      case 'CallExpression':
        return this.#decidesAsArgument(parent, node, depth);
      default:
        return false;
    }
  }

  #decidesAsArgument(call: Extract<Node, { type: 'CallExpression' }>, argument: Node, depth: number): boolean {
    if (skipWrappers(call.callee) === argument) return false;
    const callee = skipWrappers(call.callee);
    if (getCalleeName(callee) === 'Boolean' && callee.type === 'Identifier') return this.decides(call, depth);
    return call.arguments[1] === argument && this.#isAnswer(call);
  }

  #decidesBranch(statement: Extract<Node, { type: 'IfStatement' }>, depth: number): boolean {
    const { consequent, alternate } = statement;
    if (this.grants(consequent, depth) || (alternate && this.grants(alternate, depth))) return true;
    const refuses = contains(this.#file, consequent, (node) => isRefusal(this.#file, node) || node.type === 'ThrowStatement');
    const passesOn = (branch: Node) => contains(this.#file, branch, (node) => node.type === 'CallExpression' && getCalleeName(node.callee) === 'next' && node.arguments.length === 0);
    if (alternate) {
      const alternateRefuses = contains(this.#file, alternate, (node) => isRefusal(this.#file, node) || node.type === 'ThrowStatement');
      return (refuses && passesOn(alternate)) || (alternateRefuses && passesOn(consequent));
    }
    const rest = getFollowing(statement);
    if (!alwaysExits(consequent)) return refuses && rest.some((inner) => this.grants(inner, depth) || passesOn(inner));
    return rest.some((inner) => this.grants(inner, depth) || (refuses && passesOn(inner))) || (passesOn(consequent) && rest.some((inner) => contains(this.#file, inner, (node) => isRefusal(this.#file, node))));
  }

  #isGrant(node: Node, depth: number): boolean {
    switch (node.type) {
      case 'CallExpression':
        return this.#isHeaderWrite(node) || (this.#isAnswer(node) && !isFalsy(node.arguments[1]));
      case 'Property':
        return this.#isHeaderWrite(node);
      case 'AssignmentExpression': {
        if (this.#isHeaderWrite(node)) return true;
        const left = skipWrappers(node.left);
        const variable = left.type === 'Identifier' ? this.#file.getVariable(left) : undefined;
        return variable !== undefined && depth < MAX_DEPTH && this.feedsHeader(variable, depth + 1);
      }
      case 'ReturnStatement': {
        const fn = findEnclosingFunction(node);
        // return callback(null, false): what the call says counts
        const call = node.argument && skipWrappers(node.argument);
        if (call?.type === 'CallExpression' && isParameter(this.#file, call.callee)) return false;
        return node.argument !== null && !isFalsy(node.argument) && !isRefusingResult(node.argument) && fn !== undefined && depth < MAX_DEPTH && this.isDecidingFunction(fn, depth + 1);
      }
      default:
        return false;
    }
  }

  #isHeaderWrite(node: Node): boolean {
    return getHeaderWrites(this.#file).some((write) => write.node === node && write.name === 'access-control-allow-origin');
  }

  /** callback(null, …) in a function that a CORS library asks */
  #isAnswer(call: Extract<Node, { type: 'CallExpression' }>): boolean {
    const callee = skipWrappers(call.callee);
    const variable = callee.type === 'Identifier' ? this.#file.getVariable(callee) : undefined;
    const fn = variable?.defs[0]?.type === 'Parameter' ? variable.defs[0].node : undefined;
    if (fn === undefined || !isFunction(fn) || getRequestOrigins(this.#file).findAnswerParameter(fn) !== variable) return false;
    return getRequestOrigins(this.#file).isOriginCallback(fn) || /^(?:allowRequest|verifyClient)$/.test(getFunctionName(fn) ?? '');
  }

  /** isAllowed ? origin : fixed, which ends in the header */
  #isChoiceOfOrigin(node: Extract<Node, { type: 'ConditionalExpression' }>, depth: number): boolean {
    return this.#feeds(node, depth + 1);
  }

  #isDecidingFunction(fn: FunctionNode, depth: number): boolean {
    const origins = getRequestOrigins(this.#file);
    if (origins.isOriginCallback(fn)) return true;
    const { parent } = outermostWrapper(fn);
    if (findListOfCallback(fn)) return parent?.type === 'CallExpression' && (LIST_METHODS.test(getCalleeName(parent.callee) ?? '') && this.#feeds(parent, depth + 1));
    const { calls, escapes } = getFunctionUses(this.#file, fn);
    if (calls.some((call) => this.#feeds(call, depth + 1))) return true;
    if (!escapes) return false;
    // Called elsewhere: what it says about the origin is for the rest of a file on CORS, or its name says so.
    const isAboutCors = getHeaderWrites(this.#file).some(({ name }) => name === 'access-control-allow-origin');
    return isAboutCors || /origin|cors/i.test(getFunctionName(fn) ?? '');
  }
}

const decisionsOfFiles = new WeakMap<SourceFile, Decisions>();

export function getDecisions(file: SourceFile): Decisions {
  let decisions = decisionsOfFiles.get(file);
  if (!decisions) decisionsOfFiles.set(file, (decisions = new Decisions(file)));
  return decisions;
}

/** The statements that run after one in its own blocks, up to the function's end. */
function getFollowing(statement: Node): Node[] {
  const following: Node[] = [];
  let child = statement;
  for (let parent = statement.parent; parent && !isFunction(child); child = parent, parent = parent.parent) {
    if (parent.type !== 'BlockStatement' && parent.type !== 'Program') continue;
    const body = parent.body as readonly Node[];
    following.push(...body.slice(body.indexOf(child) + 1));
  }
  return following;
}

function isParameter(file: SourceFile, callee: Node): boolean {
  const node = skipWrappers(callee);
  return node.type === 'Identifier' && file.getVariable(node)?.defs[0]?.type === 'Parameter';
}

function isFalsy(node: Node | undefined): boolean {
  const inner = node && skipWrappers(node);
  if (!inner) return true;
  if (inner.type === 'Literal') return !inner.value;
  return inner.type === 'Identifier' && inner.name === 'undefined';
}
