import { isLogCall } from '../../control-flow/call-facts.js';
import { findMethod } from '../../ownership/classes.js';
import { findLocalFunction } from '../../ownership/values.js';
import type { Variable } from '../../scopes/scope.js';
import type { SourceFile } from '../../source-file.js';
import { type CallLike, type CodeRoot, type FunctionNode, type Node, type TSESTree, getEnclosingRoot, getPropertyName, isFunction, outermostWrapper, skipWrappers } from '../../syntax/node.js';
import { walk } from '../../syntax/walk.js';
import { isEnvironment } from './is-environment.js';
import { isWaitedFor } from './is-waited-for.js';

/** A place from which a path is used, or may be, after the function that made it has ended. */
export interface Keep {
  readonly node: Node;
  /** `returned`: the caller gets it. `kept`: something goes on with it that nobody waits for. */
  readonly kind:
    | 'returned'
    | 'kept'
    /** The caller gets what a function made of the path, which may be a path again. */
    | 'result-returned'
    /** A person is told the path. */
    | 'told';
}

export interface PathUses {
  readonly keeps: readonly Keep[];
  /** Every variable of the function that the path, or a value with it inside, is in. */
  readonly variables: ReadonlySet<Variable>;
}

/** Functions whose result is a path again, or a text with the path in it. */
const DERIVING = /^(?:path:|url:pathToFileURL|url:fileURLToPath|global:String$|global:URL$|global:encodeURI|fs:realpathSync|fs:promises\.realpath|global:JSON\.stringify|url:URL$|global:Object\.(?:entries|values|assign|freeze)|global:Array\.from)/;
/** Done with their arguments when they return. */
const IMMEDIATE = /^(?:(?:fs|fs-extra|graceful-fs|child_process|zlib):\w*Sync$|global:console\.|global:require$|assert:|node:assert|global:structuredClone|global:Boolean$)/;
/** By their name: work that is over when the call returns its value. */
const IMMEDIATE_VERB = /^(?:read|parse|format|copy|ensure|extract|validate|resolve|is|has|exists|check|assert|print|log|find|list|compute|hash|get|stat|count|compare|expect|match|normali[sz]e|to|from|strip|relative)(?![a-z])/;
/** By their name: work whose result is about what was done, and names no path. */
const REPORTING_VERB = /^(?:read|run|exec|spawn|parse|hash|count|is|has|exists|check|validate|verify|test|diff|compare|stat|access|upload|send|post|query|git|npm)(?![a-z])|^(?:execa|\$|sha\d+\w*|md5\w*)$/;
const REMOVING_VERB = /^(?:clean|clear|remove|delete|del|unlink|rm|rimraf|purge|destroy|discard|wipe)(?![a-z])|^(?:rimraf|del)$/;
const LOGGING = /^(?:debug|info|warn|error|log|trace|verbose|notice|success)$/;
const QUIET = /^(?:debug|trace|verbose)$/;
const ITERATING = new Set(['map', 'forEach', 'filter', 'some', 'every', 'find', 'findIndex', 'flatMap', 'reduce', 'sort', 'replace', 'replaceAll']);
const TEXT_METHODS = new Set(['replace', 'replaceAll', 'slice', 'substring', 'trim', 'split', 'concat', 'toString', 'startsWith', 'endsWith', 'includes', 'indexOf', 'toLowerCase', 'normalize', 'join', 'match', 'at', 'pop']);
const COLLECTING = new Set(['push', 'unshift', 'add', 'set', 'append']);

/**
 * Everything that may go on using a path: what is returned, stored, captured by a function that runs later, or given to a
 * function that nobody waits for and that is not known to be done when it returns.
 */
export function findKeeps(made: Node | Variable | readonly Node[], root: CodeRoot, file: SourceFile): PathUses {
  const search = new KeepSearch(root, file);
  if (isList(made)) for (const node of made) search.followValue(node);
  else if ('references' in made) search.followVariable(made);
  else search.followValue(made);
  return search;
}

function isList(made: Node | Variable | readonly Node[]): made is readonly Node[] {
  return Array.isArray(made);
}

class KeepSearch implements PathUses {
  readonly keeps: Keep[] = [];
  readonly variables = new Set<Variable>();
  readonly #root: CodeRoot;
  readonly #file: SourceFile;
  readonly #seen = new Set<Variable | Node>();

  constructor(root: CodeRoot, file: SourceFile) {
    this.#root = root;
    this.#file = file;
  }

  followVariable(variable: Variable): void {
    if (this.#seen.has(variable)) return;
    this.#seen.add(variable);
    this.variables.add(variable);
    for (const reference of variable.references) if (reference.isRead()) this.#followUse(reference.identifier);
    if (variable.defs.some(({ type }) => type === 'ImportBinding') || this.#isOuter(variable)) this.#keep(variable.identifiers[0] ?? this.#root);
  }

  /** A variable that outlives the function. */
  #isOuter(variable: Variable): boolean {
    const { block } = variable.scope;
    return this.#root !== block && this.#root.range[0] >= block.range[0] && this.#root.range[1] <= block.range[1];
  }

  #followUse(identifier: Node): void {
    const own = getEnclosingRoot(identifier);
    if (own !== this.#root && isFunction(own)) this.#followFunction(own);
    this.followValue(identifier);
  }

  followValue(value: Node): void {
    const outer = outermostWrapper(value);
    const { parent } = outer;
    if (!parent || this.#seen.has(outer)) return;
    this.#seen.add(outer);
    switch (parent.type) {
      case 'AwaitExpression':
      case 'TemplateLiteral':
      case 'ArrayExpression':
      case 'SpreadElement':
      case 'LogicalExpression':
      case 'SequenceExpression':
        return this.followValue(parent);
      case 'TaggedTemplateExpression':
        return this.#followResult(parent);
      case 'BinaryExpression':
        return parent.operator === '+' ? this.followValue(parent) : undefined;
      case 'ConditionalExpression':
        return parent.test === outer ? undefined : this.followValue(parent);
      case 'Property':
        return parent.parent.type === 'ObjectExpression' ? this.followValue(parent.parent) : undefined;
      case 'MemberExpression':
        return parent.object === outer ? this.#followMember(parent) : undefined;
      case 'VariableDeclarator':
        return this.#followBinding(parent.id);
      case 'AssignmentExpression':
        return parent.right === outer ? this.#followAssignment(parent) : undefined;
      case 'CallExpression':
      case 'NewExpression':
        return parent.callee === outer ? undefined : this.#followArgument(parent);
      case 'ImportExpression':
        return this.#followResult(parent);
      case 'ReturnStatement':
      case 'ArrowFunctionExpression':
        return this.#followReturn(outer);
      case 'ForOfStatement':
        return parent.left.type === 'VariableDeclaration' ? this.#followBinding(parent.left.declarations[0].id) : this.#keep(outer);
      case 'ExpressionStatement':
      case 'IfStatement':
      case 'WhileStatement':
      case 'SwitchStatement':
      case 'SwitchCase':
      case 'ThrowStatement':
      case 'UnaryExpression':
        return undefined;
      default:
        return this.#keep(outer);
    }
  }

  #keep(node: Node, kind: Keep['kind'] = 'kept'): void {
    this.keeps.push({ node, kind });
  }

  #followBinding(pattern: Node): void {
    if (pattern.type === 'Identifier') {
      const variable = this.#file.getVariable(pattern);
      return variable ? this.followVariable(variable) : this.#keep(pattern);
    }
    if (pattern.type !== 'ObjectPattern' && pattern.type !== 'ArrayPattern') return this.#keep(pattern);
    const parts = pattern.type === 'ObjectPattern' ? pattern.properties.map((property) => (property.type === 'Property' ? property.value : property.argument)) : pattern.elements;
    for (const part of parts) if (part) this.#followBinding(part);
  }

  #followAssignment({ left, operator }: TSESTree.AssignmentExpression): void {
    if (operator !== '=' && operator !== '+=' && operator !== '??=') return this.#keep(left);
    if (left.type === 'Identifier') return this.#followBinding(left);
    if (left.type === 'MemberExpression' && isEnvironment(left.object, this.#file) && this.#isUnset(left)) return;
    this.#followReceiver(left.type === 'MemberExpression' ? left.object : left);
  }

  /** delete process.env.NAME, in the same function */
  #isUnset(variable: TSESTree.MemberExpression): boolean {
    const text = this.#file.getText(variable);
    let isUnset = false;
    walk(this.#root, (node) => {
      if (node.type === 'UnaryExpression' && node.operator === 'delete' && this.#file.getText(node.argument) === text) isUnset = true;
      return !isUnset;
    });
    return isUnset;
  }

  /** options.dir = path: who has the options has the path. */
  #followReceiver(object: Node): void {
    const node = skipWrappers(object);
    const variable = node.type === 'Identifier' ? this.#file.getVariable(node) : undefined;
    const isLocal = variable?.defs[0]?.type === 'Variable' && !this.#isOuter(variable);
    if (isLocal) this.followVariable(variable);
    else this.#keep(object);
  }

  #followMember(member: TSESTree.MemberExpression): void {
    const outer = outermostWrapper(member);
    const isCalled = outer.parent?.type === 'CallExpression' && outer.parent.callee === outer;
    if (!isCalled) return this.followValue(member);
    // file.removeCallback(), dir.split('/')
    const name = getPropertyName(member);
    if (name !== undefined && (TEXT_METHODS.has(name) || ITERATING.has(name))) this.followValue(outer.parent);
  }

  #followArgument(call: CallLike): void {
    const origin = this.#file.getOrigin(call.callee) ?? '';
    const callee = skipWrappers(call.callee);
    if (DERIVING.test(origin)) return this.followValue(call);
    const method = callee.type === 'MemberExpression' ? getPropertyName(callee) : undefined;
    const name = callee.type === 'Identifier' ? callee.name : method;
    if (isLogCall(callee) || (method !== undefined && LOGGING.test(method))) return name !== undefined && QUIET.test(name) ? undefined : this.#keep(call, 'told');
    if (IMMEDIATE.test(origin) || (call.type === 'NewExpression' && name !== undefined && /(?:Error|Exception)$/.test(name))) return;
    if (name !== undefined && REMOVING_VERB.test(name)) return;
    if (callee.type === 'MemberExpression' && method !== undefined && COLLECTING.has(method)) return this.#followReceiver(callee.object);
    if (callee.type === 'MemberExpression' && method !== undefined && (TEXT_METHODS.has(method) || ITERATING.has(method))) return;
    this.#followResult(call);
  }

  /** A call that was given the path: what matters is when it is over. */
  #followResult(call: Node): void {
    const callee = call.type === 'CallExpression' ? skipWrappers(call.callee) : undefined;
    const name = callee?.type === 'Identifier' ? callee.name : callee?.type === 'MemberExpression' ? getPropertyName(callee) : undefined;
    if (isWaitedFor(call, this.#root, this.#file)) return this.#followAwaited(call, callee, name);
    const isUsed = outermostWrapper(call).parent?.type !== 'ExpressionStatement' || isInTry(call, this.#root);
    if (name !== undefined && isUsed && IMMEDIATE_VERB.test(name)) return;
    const local = callee && (callee.type === 'Identifier' ? findLocalFunction(callee, this.#file) : callee.type === 'MemberExpression' ? findMethod(callee) : undefined);
    if (local && !local.async && !local.generator && call.type === 'CallExpression') return this.#followParameters(local, call);
    // Of a function within: whoever runs it waits, or does not.
    const inner = getEnclosingRoot(call);
    if (inner !== this.#root && isFunction(inner) && outermostWrapper(call).parent === inner) return this.#followFunction(inner);
    this.#keep(call);
  }

  /** The result of a call that was waited for: where the caller gets it, the path may be in it. */
  #followAwaited(call: Node, callee: Node | undefined, name: string | undefined): void {
    if (call.type === 'ImportExpression') return;
    const origin = callee ? (this.#file.getOrigin(callee) ?? '') : '';
    if (/^(?:fs|fs-extra|graceful-fs|child_process|stream|zlib|global|execa|rimraf):/.test(origin) || (name !== undefined && REPORTING_VERB.test(name))) return;
    const local = callee?.type === 'Identifier' ? findLocalFunction(callee, this.#file) : callee?.type === 'MemberExpression' ? findMethod(callee) : undefined;
    if (local && call.type === 'CallExpression') return this.#followParameters(local, call);
    const inner = new KeepSearch(this.#root, this.#file);
    for (const seen of this.#seen) inner.#seen.add(seen);
    inner.followValue(call);
    const returned = inner.keeps.find(({ kind }) => kind !== 'kept' && kind !== 'told') ?? inner.keeps.find(({ kind }) => kind === 'kept');
    if (returned) this.#keep(returned.node, 'result-returned');
  }

  /** A plain function of the file: what it does with its parameters. */
  #followParameters(fn: FunctionNode, call: TSESTree.CallExpression): void {
    const inner = new KeepSearch(fn, this.#file);
    for (const seen of this.#seen) inner.#seen.add(seen);
    for (const [index] of call.arguments.entries()) {
      const parameter = fn.params[index];
      if (parameter) inner.#followBinding(parameter.type === 'AssignmentPattern' ? parameter.left : parameter);
    }
    if (inner.keeps.some(({ kind }) => kind === 'told')) this.#keep(call, 'told');
    if (inner.keeps.some(({ kind }) => kind === 'kept')) this.#keep(call);
    else if (inner.keeps.some(({ kind }) => kind === 'returned')) this.followValue(call);
    else if (inner.keeps.some(({ kind }) => kind === 'result-returned')) this.#keep(call, 'result-returned');
  }

  #followReturn(value: Node): void {
    const own = getEnclosingRoot(value);
    if (own === this.#root) return this.#keep(value, 'returned');
    if (isFunction(own)) this.#followFunction(own, true);
  }

  /** A function within that uses the path: when it runs, and, where it returns the path, what becomes of its result. */
  #followFunction(fn: FunctionNode, isReturning = false): void {
    const key = isReturning ? fn.body : fn;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    if (fn.type === 'FunctionDeclaration') {
      const variable = fn.id ? this.#file.getVariable(fn.id) : undefined;
      return variable ? this.#followName(variable, isReturning) : this.#keep(fn);
    }
    const outer = outermostWrapper(fn);
    const { parent } = outer;
    if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') {
      const variable = this.#file.getVariable(parent.id);
      return variable ? this.#followName(variable, isReturning) : this.#keep(fn);
    }
    if (parent?.type === 'CallExpression' || parent?.type === 'NewExpression') return this.#followCallWith(parent, outer, fn, isReturning);
    this.#keep(fn, parent?.type === 'ReturnStatement' && getEnclosingRoot(fn) === this.#root ? 'returned' : 'kept');
  }

  #followName(variable: Variable, isReturning: boolean): void {
    for (const { identifier } of variable.references) {
      const outer = outermostWrapper(identifier);
      const { parent } = outer;
      if (parent?.type === 'VariableDeclarator' && parent.id === outer) continue;
      if (parent?.type === 'CallExpression' || parent?.type === 'NewExpression') this.#followCallWith(parent, outer, undefined, isReturning);
      else this.#keep(identifier, parent?.type === 'ReturnStatement' || parent?.type === 'Property' ? 'returned' : 'kept');
      const own = getEnclosingRoot(identifier);
      if (own !== this.#root && isFunction(own)) this.#followFunction(own);
    }
  }

  /** A call of a function within, or with it as an argument. */
  #followCallWith(call: CallLike, given: Node, fn: FunctionNode | undefined, isReturning: boolean): void {
    const callee = skipWrappers(call.callee);
    const method = callee.type === 'MemberExpression' ? getPropertyName(callee) : undefined;
    const isCalledItself = call.callee === given;
    const isIterating = !isCalledItself && method !== undefined && ITERATING.has(method);
    if (isReturning && (isCalledItself || isIterating)) this.followValue(call);
    if (isWaitedFor(call, this.#root, this.#file)) return;
    const isSynchronous = fn ? !fn.async : !this.#isAsync(given);
    if ((isCalledItself || isIterating) && isSynchronous) return;
    if (isIterating) return this.#followResult(call);
    this.#keep(call);
  }

  #isAsync(name: Node): boolean {
    return name.type !== 'Identifier' || (findLocalFunction(name, this.#file)?.async ?? true);
  }
}

/** readFile(path) in a `try`: a promise would not be caught there. */
function isInTry(node: Node, root: Node): boolean {
  for (let inner = node; inner !== root && inner.parent; inner = inner.parent) {
    if (inner.parent.type === 'TryStatement' && inner.parent.block === inner && inner.parent.handler) return true;
  }
  return false;
}
