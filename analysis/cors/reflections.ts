import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, findEnclosingFunction, getCalleeName, isFunction, isWithin, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import { areExclusive } from './branches.js';
import { type Condition, alwaysExits, getConditions } from './conditions.js';
import { findFunction, getFunctionUses, getReturnedValues } from './functions.js';
import { getRequestOrigins } from './request-origin.js';

/** One way by which the `Origin` header of a request becomes a value. */
export interface Reflection {
  /** Where the origin comes in: the right-hand side, argument or operand that is the header. */
  readonly source: Node;
  readonly conditions: readonly Condition[];
  /** The assignments it went through, in reverse order of execution. */
  readonly via: readonly Node[];
  /** The variables it went through. */
  readonly variables: ReadonlySet<Variable>;
}

const MAX_STEPS = 12;

/** The ways by which the request's origin can flow, unchanged, into an expression. */
export function findReflections(file: SourceFile, value: Node): Reflection[] {
  return new Tracer(file).trace(value, getConditions(value), [], 0);
}

class Tracer {
  readonly #file: SourceFile;
  readonly #seen = new Set<Node>();
  readonly #variables: Variable[] = [];

  constructor(file: SourceFile) {
    this.#file = file;
  }

  trace(expression: Node, conditions: readonly Condition[], via: readonly Node[], depth: number): Reflection[] {
    const node = skipWrappers(expression);
    if (depth > MAX_STEPS || this.#seen.has(node)) return [];
    this.#seen.add(node);
    const found = this.#step(node, conditions, via, depth + 1);
    this.#seen.delete(node);
    return found;
  }

  #step(node: Node, conditions: readonly Condition[], via: readonly Node[], depth: number): Reflection[] {
    const go = (inner: Node, more: readonly Condition[] = []) => this.trace(inner, [...more, ...conditions], via, depth);
    switch (node.type) {
      case 'LogicalExpression':
        if (node.operator === '&&') return go(node.right, [{ test: node.left, truth: true }]);
        return [...go(node.left), ...go(node.right, [{ test: node.left, truth: false }])];
      case 'ConditionalExpression':
        return [...go(node.consequent, [{ test: node.test, truth: true }]), ...go(node.alternate, [{ test: node.test, truth: false }])];
      case 'AwaitExpression':
        return go(node.argument);
      case 'AssignmentExpression':
        return go(node.right);
      case 'ArrayExpression':
        return node.elements.flatMap((element) => (element && element.type !== 'SpreadElement' ? go(element) : []));
      case 'Identifier': {
        const variable = this.#file.getVariable(node);
        return variable ? this.#traceVariable(variable, node, conditions, via, depth) : [];
      }
      default:
    }
    if (this.#isOrigin(node)) return [this.#make(node, conditions, via)];
    if (node.type === 'TemplateLiteral') return node.quasis.every(({ value }) => value.raw === '') ? node.expressions.flatMap((inner) => go(inner)) : [];
    if (node.type !== 'CallExpression') return [];
    const callee = skipWrappers(node.callee);
    const name = getCalleeName(callee);
    if (callee.type === 'MemberExpression' && /^(?:toString|toLowerCase|trim|valueOf)$/.test(name ?? '')) return go(callee.object);
    if (callee.type === 'Identifier' && (name === 'String' || name === 'encodeURI') && node.arguments[0]) return go(node.arguments[0]);
    // getAllowedOrigin(req)
    const fn = findFunction(this.#file, callee);
    if (!fn) return [];
    return getReturnedValues(this.#file, fn).flatMap((returned) => go(returned, getConditions(returned, fn)));
  }

  #traceVariable(variable: Variable, use: Node, conditions: readonly Condition[], via: readonly Node[], depth: number): Reflection[] {
    this.#variables.push(variable);
    const found = this.#traceVariableValues(variable, use, conditions, via, depth);
    this.#variables.pop();
    return found;
  }

  #traceVariableValues(variable: Variable, use: Node, conditions: readonly Condition[], via: readonly Node[], depth: number): Reflection[] {
    const [definition, ...others] = variable.defs;
    if (!definition || others.length > 0) return [];
    const found: Reflection[] = [];
    for (const { identifier, writeExpr, init } of variable.references.filter((reference) => reference.isWrite())) {
      if (!writeExpr || isOverwritten(variable, identifier, use)) continue;
      const isPattern = init && definition.node.type === 'VariableDeclarator' && definition.node.id.type !== 'Identifier';
      // What stands in the other branch of a test has not run where this value came about.
      const onPath = conditions.filter(({ test }) => !areExclusive(test, identifier));
      const all = [...getConditions(identifier), ...findCorrections(this.#file, variable, identifier, use), ...onPath];
      if (isPattern) {
        if (this.#isOrigin(identifier)) found.push(this.#make(identifier, all, via));
      } else found.push(...this.trace(writeExpr, all, [...via, writeExpr], depth));
    }
    if (definition.type !== 'Parameter' || !isFunction(definition.node)) return found;
    const corrected = findCorrections(this.#file, variable, definition.name, use);
    return [...found, ...this.#traceParameter(variable, definition.node, [...corrected, ...conditions], via, depth)];
  }

  #traceParameter(variable: Variable, fn: FunctionNode, conditions: readonly Condition[], via: readonly Node[], depth: number): Reflection[] {
    const name = variable.identifiers[0]!;
    const index = fn.params.findIndex((parameter) => parameter === name || (parameter.type === 'AssignmentPattern' && parameter.left === name));
    const origins = getRequestOrigins(this.#file);
    const { calls } = getFunctionUses(this.#file, fn);
    if (index < 0 || calls.length === 0 || (index === 0 && origins.isOriginCallback(fn))) {
      return origins.getPartOfVariable(variable) === 'origin' && origins.isShown(name) ? [this.#make(name, conditions, via)] : [];
    }
    return calls.flatMap((call) => {
      const argument = call.arguments[index];
      if (!argument || argument.type === 'SpreadElement') return [];
      return this.trace(argument, [...getConditions(argument), ...conditions], via, depth);
    });
  }

  #make(source: Node, conditions: readonly Condition[], via: readonly Node[]): Reflection {
    return { source, conditions, via, variables: new Set(this.#variables) };
  }

  #isOrigin(node: Node): boolean {
    const origins = getRequestOrigins(this.#file);
    return origins.getPart(node) === 'origin' && origins.isShown(node);
  }
}

/** Whether a later statement of a block around the use sets the variable anew, whatever happens. */
function isOverwritten(variable: Variable, write: Node, use: Node): boolean {
  return variable.references.some((reference) => {
    const { identifier } = reference;
    if (!reference.isWrite() || identifier.range[0] <= write.range[0] || identifier.range[0] >= use.range[0]) return false;
    const assignment = identifier.parent;
    if (assignment?.type !== 'AssignmentExpression' || assignment.operator !== '=' || assignment.parent.type !== 'ExpressionStatement') return false;
    const block = assignment.parent.parent;
    return isWithin(use, block) && findEnclosingFunction(use) === findEnclosingFunction(identifier) && !isWithin(use, assignment);
  });
}

/**
 * Conditions under which the variable gets another value between a write and a use:
 * `let o = req.headers.origin; if (!allowed.includes(o)) o = allowed[0];`
 */
function findCorrections(file: SourceFile, variable: Variable, write: Node, use: Node): Condition[] {
  const conditions: Condition[] = [];
  for (const reference of variable.references) {
    const { identifier } = reference;
    if (!reference.isWrite() || reference.init || identifier.range[0] <= write.range[0] || identifier.range[0] >= use.range[0]) continue;
    if (identifier === use || isRefinedOrigin(file, reference.writeExpr) || areExclusive(identifier, write)) continue;
    for (let outer = identifier.parent; outer && !isFunction(outer); outer = outer.parent) {
      if (outer.type === 'IfStatement' && !isWithin(use, outer)) conditions.push({ test: outer.test, truth: false });
    }
  }
  return conditions;
}

function isRefinedOrigin(file: SourceFile, value: Node | null | undefined): boolean {
  return value !== null && value !== undefined && getRequestOrigins(file).getPart(value) === 'origin';
}

/** `if` statements before a place whose test is given to `accept`, that neither leave the function nor hold the place. */
export function findIdleTests(node: Node, accept: (test: Node) => boolean): Extract<Node, { type: 'IfStatement' }>[] {
  const idle: Extract<Node, { type: 'IfStatement' }>[] = [];
  let child = node;
  for (let parent = node.parent; parent && !isFunction(child); child = parent, parent = parent.parent) {
    if (parent.type !== 'BlockStatement' && parent.type !== 'Program') continue;
    for (const statement of parent.body as readonly Node[]) {
      if (statement === child) break;
      if (statement.type === 'IfStatement' && !alwaysExits(statement.consequent) && accept(statement.test)) idle.push(statement);
    }
  }
  return idle;
}

/** Whether anything below a node is so. */
export function contains(file: SourceFile, root: Node, accept: (node: Node) => boolean): boolean {
  let found = false;
  walk(
    root,
    (node) => {
      if (!found) found = accept(node);
      return !found;
    },
    file.visitorKeys,
  );
  return found;
}
