import { type CallLike, type FunctionNode, type Node, type TSESTree, getCalleeName, getPropertyName, getStringValue, isFunction, isNullish, skipWrappers } from '../syntax/node.js';
import { getChildren, walk } from '../syntax/walk.js';
import type { Reference, Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type ErrorClass, findErrorClass } from './error-class.js';
import { isReportingCall } from './is-reporting-call.js';

/**
 * How much of an error a value has in it. `Detail`: a code or a status; `Text`: its message, or the error turned into
 * text; `Whole`: the error itself, or so much that the rest can be asked for; `Kept`: like `Whole`, and it survives
 * being made a string (the stack, an inspected error).
 */
export const Share = { None: 0, Detail: 1, Text: 2, Whole: 3, Kept: 4 } as const;
export type Share = (typeof Share)[keyof typeof Share];

/** What a tracker follows: the variables that hold the error, or hold it under some keys (`ctx.error`). */
export interface Tracked {
  readonly share: Share;
  /** With keys, the variable is a container and only these members hold the error. */
  readonly keys?: ReadonlySet<string> | undefined;
  /** A parameter of a constructor: what it reads of the parameter counts whole, since the argument was chosen for it. */
  readonly isOpaque?: boolean | undefined;
}

const MESSAGE_PROPERTIES = new Set(['message', 'msg', 'shortMessage', 'description', 'reason', 'toString', 'text', 'title']);
const DETAIL_PROPERTIES = new Set(['stderr', 'stdout', 'name', 'code', 'errno', 'status', 'statusCode', 'statusText', 'exitCode', 'signal', 'path', 'syscall', 'type', 'constructor', 'length', 'line', 'column', 'lineNumber', 'columnNumber', 'link', 'action', 'hint', 'help', 'url', 'label', 'exit', 'severity', 'requestId', 'request_id']);
const WRITES_OUT_ALL = /stack|inspect|trace|dump|serializ|verbose|pretty|full|debug|ansi|report/i;
const WRITES_TEXT = /mess|msg|(?<!con)text|string|descri|reason|redact|saniti|escape|strip|trim|capitali|chalk|color|bold|^(?:red|yellow|dim)$/i;
const GIVES_DETAIL = /(?:status|code|name)$/i;
const ANSWERS_YES_OR_NO = /^(?:test|includes|startsWith|endsWith|some|every|has|equals|is[A-Z]\w*|has[A-Z]\w*)$/;
const MAX_DEPTH = 24;

/** Follows an error through the expressions of a file. Made anew for each error; knows nothing of control flow. */
export class ShareTracker {
  readonly #file: SourceFile;
  readonly #tracked: ReadonlyMap<Variable, Tracked>;
  readonly #values = new Map<Node, Share>();
  readonly #variables = new Map<Variable, Share>();
  readonly #depth: number;

  constructor(file: SourceFile, tracked: ReadonlyMap<Variable, Tracked>, depth = 0) {
    this.#file = file;
    this.#tracked = tracked;
    this.#depth = depth;
  }

  /** How much of the error is in the value of `expression`. */
  getShare(expression: Node): Share {
    const node = skipWrappers(expression);
    if (isStringCast(expression)) return toText(this.getShare(node));
    const known = this.#values.get(node);
    if (known !== undefined) return known;
    this.#values.set(node, Share.None);
    const share = this.#depth > MAX_DEPTH ? Share.Whole : this.#judge(node);
    this.#values.set(node, share);
    return share;
  }

  /** Whether an expression looks at the error at all, as a test does: `isGone(error)`, `status === 404`. */
  mentions(expression: Node, depth = 0): boolean {
    let found = false;
    walk(
      expression,
      (node) => {
        if (found) return false;
        if (node.type === 'Identifier') {
          const variable = this.#file.getReference(node)?.resolved;
          if (!variable) return;
          if (this.#tracked.has(variable)) found = true;
          else if (depth < 4) found = this.#isTestVariable(variable, depth);
        }
        return !found;
      },
      this.#file.visitorKeys,
    );
    return found;
  }

  /** Whether an expression is the error itself and not something taken out of it. */
  isError(expression: Node, depth = 0): boolean {
    const node = skipWrappers(expression);
    switch (node.type) {
      case 'Identifier': {
        const variable = this.#file.getReference(node)?.resolved;
        if (!variable) return false;
        const tracked = this.#tracked.get(variable);
        if (tracked) return !tracked.keys && tracked.share === Share.Whole;
        // const err = error instanceof Error ? error : new Error(String(error));
        const value = this.#file.getOnlyValue(variable);
        return value !== undefined && depth < 4 && this.isError(value, depth + 1);
      }
      case 'MemberExpression': {
        const variable = node.object.type === 'Identifier' ? this.#file.getReference(node.object)?.resolved : undefined;
        return this.#tracked.get(variable!)?.keys?.has(getPropertyName(node) ?? '') ?? false;
      }
      case 'ConditionalExpression':
        return this.isError(node.consequent, depth) || this.isError(node.alternate, depth);
      case 'LogicalExpression':
        return this.isError(node.left, depth) || this.isError(node.right, depth);
      default:
        return false;
    }
  }

  #isTestVariable(variable: Variable, depth: number): boolean {
    const [definition] = variable.defs;
    if (definition?.type !== 'Variable') return false;
    return variable.references.some(({ writeExpr }) => writeExpr && !isFunction(writeExpr) && this.mentions(writeExpr, depth + 1));
  }

  #judge(node: Node): Share {
    switch (node.type) {
      case 'Identifier':
        return this.#judgeIdentifier(node);
      case 'MemberExpression':
        return this.#judgeMember(node);
      case 'TemplateLiteral':
        return toText(this.#join(node.expressions));
      case 'TaggedTemplateExpression':
        return toText(this.#join(node.quasi.expressions));
      case 'BinaryExpression':
        return node.operator === '+' ? toText(this.#join([node.left, node.right])) : Share.None;
      case 'CallExpression':
        return this.#judgeCall(node);
      case 'NewExpression':
        return this.getShareOfNew(node);
      case 'ObjectExpression':
        return node.properties.map((property) => this.#getShareOfEntry(property)).reduce<Share>(max, Share.None);
      case 'ArrayExpression':
        return this.#join(node.elements.map((element) => (element?.type === 'SpreadElement' ? element.argument : element)));
      case 'ConditionalExpression':
        return this.#join([node.consequent, node.alternate]);
      case 'LogicalExpression':
        return this.#join([node.left, node.right]);
      case 'SequenceExpression':
        return this.#join(node.expressions.slice(-1));
      case 'AssignmentExpression':
        return node.operator === '+=' ? toText(this.getShare(node.right)) : this.getShare(node.right);
      case 'AwaitExpression':
      case 'SpreadElement':
        return this.getShare(node.argument);
      case 'YieldExpression':
        return node.argument ? this.getShare(node.argument) : Share.None;
      case 'ArrowFunctionExpression':
      case 'FunctionExpression':
      case 'ClassExpression':
      case 'JSXElement':
      case 'JSXFragment':
        return this.#closesOver(node) ? Share.Whole : Share.None;
      default:
        return Share.None;
    }
  }

  #getShareOfEntry(property: TSESTree.Property | TSESTree.SpreadElement): Share {
    if (property.type === 'Property') return this.getShare(property.value);
    // What is spread is an object, whatever it is called: ...describe(error)
    return this.getShare(property.argument) > Share.None ? Share.Kept : Share.None;
  }

  #join(nodes: readonly (Node | null | undefined)[]): Share {
    let share: Share = Share.None;
    for (const node of nodes) if (node) share = max(share, this.getShare(node));
    return share;
  }

  #closesOver(node: Node): boolean {
    let found = false;
    walk(
      node,
      (inner) => {
        const variable = inner.type === 'Identifier' ? this.#file.getReference(inner)?.resolved : undefined;
        const tracked = variable && this.#tracked.get(variable);
        if (!tracked) return !found;
        const { parent } = inner;
        const isMember = tracked.keys && parent?.type === 'MemberExpression' && parent.object === inner;
        if (!isMember || this.getShare(parent) > Share.None) found = true;
        return !found;
      },
      this.#file.visitorKeys,
    );
    return found;
  }

  #judgeIdentifier(node: TSESTree.Identifier): Share {
    const variable = this.#file.getReference(node)?.resolved ?? this.#file.getVariable(node);
    return variable ? this.getShareOfVariable(variable) : Share.None;
  }

  getShareOfVariable(variable: Variable): Share {
    const tracked = this.#tracked.get(variable);
    if (tracked) return tracked.share;
    const known = this.#variables.get(variable);
    if (known !== undefined) return known;
    this.#variables.set(variable, Share.None);
    let share: Share = Share.None;
    const [definition] = variable.defs;
    if (definition?.type === 'Variable') {
      let isText = true;
      for (const reference of variable.references) {
        if (!reference.isWrite() || !reference.writeExpr) continue;
        isText &&= isTextExpression(reference.writeExpr);
        share = max(share, this.#getShareOfWrite(variable, reference));
      }
      // Text cannot be added to later; everything else can: `details.push(error)`, `failure.cause = error`.
      if (!isText) share = max(share, this.getShareOfAdditions(variable));
    }
    this.#variables.set(variable, share);
    return share;
  }

  #getShareOfWrite(variable: Variable, reference: Reference): Share {
    const value = reference.writeExpr!;
    const { parent } = reference.identifier;
    if (parent?.type === 'AssignmentExpression' && parent.operator === '+=') return toText(this.getShare(value));
    const name = findTakenProperty(reference.identifier);
    const share = this.getShare(value);
    if (name === undefined || share < Share.Whole) return share;
    return this.#getShareOfProperty(value, name);
  }

  /** What statements add to the value of a variable after it was made: assigned members, calls that get both. */
  getShareOfAdditions(variable: Variable): Share {
    let share: Share = Share.None;
    for (const { identifier } of variable.references) {
      const use = findOutermostMember(identifier);
      const { parent } = use;
      if (!parent) continue;
      if (use !== identifier && parent.type === 'AssignmentExpression' && parent.left === use) {
        const isMessage = use.type === 'MemberExpression' && getPropertyName(use) === 'message';
        const added = this.getShare(parent.right);
        share = max(share, isMessage ? toText(added) : added);
      } else if (parent.type === 'CallExpression' && !isReportingCall(parent)) {
        const isReceiver = parent.callee === use && use !== identifier;
        const isArgument = use === identifier && parent.arguments.includes(identifier as TSESTree.Expression);
        if (!isReceiver && !isArgument) continue;
        const others = this.#join(parent.arguments.filter((argument) => argument !== identifier));
        share = max(share, isArgument && others < Share.Whole ? Share.None : others);
      }
    }
    return share;
  }

  #judgeMember(node: TSESTree.MemberExpression): Share {
    const name = getPropertyName(node);
    if (name !== undefined) return this.#getShareOfProperty(node.object, name);
    const names = this.#findLoopValues(node.property);
    if (!names) return this.#getShareOfProperty(node.object, undefined);
    return names.map((value) => this.#getShareOfProperty(node.object, value)).reduce<Share>(max, Share.None);
  }

  /** for (const key of ['request', 'response'] as const) … the values of `key`. */
  #findLoopValues(key: Node): string[] | undefined {
    const variable = key.type === 'Identifier' ? this.#file.getReference(key)?.resolved : undefined;
    const declarator = variable?.defs[0]?.node;
    if (declarator?.type !== 'VariableDeclarator' || declarator.id.type !== 'Identifier') return undefined;
    const loop = declarator.parent.parent;
    const list = loop.type === 'ForOfStatement' && loop.left === declarator.parent ? skipWrappers(loop.right) : undefined;
    if (list?.type !== 'ArrayExpression') return undefined;
    const values = list.elements.map((element) => getStringValue(element));
    return values.every((value) => value !== undefined) ? values : undefined;
  }

  #getShareOfProperty(object: Node, name: string | undefined): Share {
    const base = skipWrappers(object);
    const variable = base.type === 'Identifier' ? this.#file.getReference(base)?.resolved : undefined;
    const tracked = variable && this.#tracked.get(variable);
    if (tracked?.keys) return name === undefined || tracked.keys.has(name) ? tracked.share : Share.None;
    if (base.type === 'ThisExpression') return Share.None;
    const share = this.getShare(base);
    if (share < Share.Whole) return share;
    if (name === 'stack') return Share.Kept;
    if (name === undefined || tracked?.isOpaque) return share;
    if (MESSAGE_PROPERTIES.has(name)) return Share.Text;
    if (DETAIL_PROPERTIES.has(name)) return Share.Detail;
    return Share.Whole;
  }

  #judgeCall(node: TSESTree.CallExpression): Share {
    const callee = skipWrappers(node.callee);
    const name = getCalleeName(node.callee) ?? '';
    const errorClass = callee.type === 'Identifier' ? findErrorClass(this.#file, callee) : undefined;
    if (errorClass?.kind === 'native') return this.getShareOfNew(node);
    if (ANSWERS_YES_OR_NO.test(name)) return Share.None;
    const share = this.#join(node.arguments);
    if (callee.type === 'MemberExpression') {
      const receiver = this.getShare(callee.object);
      if (receiver > Share.None) {
        if (name === 'toString' || name === 'join') return max(toText(receiver), share);
        if (receiver >= Share.Whole && WRITES_OUT_ALL.test(name)) return Share.Kept;
        return max(receiver, share);
      }
    }
    if (share === Share.None) return Share.None;
    if (share >= Share.Whole && share < Share.Kept) {
      if (name === 'String' && this.#file.isGlobal(callee)) return Share.Text;
      // A replacer lists the properties that JSON.stringify leaves out.
      if (name === 'stringify') return node.arguments.length > 1 && !isNullish(node.arguments[1]!) ? Share.Kept : Share.Text;
      const called = callee.type === 'Identifier' ? findFunction(this.#file, callee) : undefined;
      if (called) return this.#getShareOfReturn(called, node) ?? share;
      if (WRITES_OUT_ALL.test(name) || name === 'format') return Share.Kept;
      if (WRITES_TEXT.test(name)) return Share.Text;
      if (GIVES_DETAIL.test(name)) return Share.Detail;
    }
    return share;
  }

  /** What a function of the file gives back of the arguments that have a share. */
  #getShareOfReturn(called: FunctionNode, call: TSESTree.CallExpression): Share | undefined {
    if (this.#depth > 3) return undefined;
    const tracked = new Map<Variable, Tracked>();
    for (const [index, argument] of call.arguments.entries()) {
      const share = this.getShare(argument);
      if (share === Share.None) continue;
      const parameter = called.params[index];
      const variable = parameter?.type === 'Identifier' ? this.#file.getVariable(parameter) : undefined;
      if (!variable || argument.type === 'SpreadElement') return undefined;
      tracked.set(variable, { share });
    }
    const inner = new ShareTracker(this.#file, tracked, this.#depth + 1);
    if (called.body.type !== 'BlockStatement') return inner.getShare(called.body);
    let share: Share | undefined;
    walk(called.body, (node) => {
      if (isFunction(node)) return false;
      if (node.type === 'ReturnStatement' && node.argument) share = max(share ?? Share.None, inner.getShare(node.argument));
      return true;
    });
    return share;
  }

  /** How much of the error an error made by `new X(…)` or `Error(…)` has in it. */
  getShareOfNew(node: CallLike): Share {
    const errorClass = findErrorClass(this.#file, node.callee);
    return this.#getShareOfArguments(errorClass, node.arguments);
  }

  #getShareOfArguments(errorClass: ErrorClass | undefined, args: readonly TSESTree.CallExpressionArgument[]): Share {
    if (args.some((argument) => argument.type === 'SpreadElement')) {
      // What a spread hands over cannot be told apart.
      return this.#join(args) > Share.None ? Share.Whole : Share.None;
    }
    if (errorClass?.kind === 'native') return this.#getShareOfNative(errorClass.base, args);
    if (errorClass?.kind === 'local') return this.#getShareOfLocal(errorClass, args);
    return this.#join(args);
  }

  #getShareOfNative(base: string, args: readonly TSESTree.CallExpressionArgument[]): Share {
    if (base === 'SuppressedError') return this.#join(args);
    const first = base === 'AggregateError' ? 1 : 0;
    let share: Share = base === 'AggregateError' && args[0] ? this.getShare(args[0]) : Share.None;
    const [message, options] = args.slice(first);
    if (message) share = max(share, toText(this.getShare(message)));
    if (options) share = max(share, this.#getShareOfNativeOptions(options));
    return share;
  }

  /** `new Error(message, options)` reads `cause` of its options and nothing else (ECMA-262 InstallErrorCause). */
  #getShareOfNativeOptions(options: Node): Share {
    const node = skipWrappers(options);
    if (node.type === 'ObjectExpression') {
      let share: Share = Share.None;
      for (const property of node.properties) {
        if (property.type === 'SpreadElement') share = max(share, this.getShare(property.argument));
        else if (getPropertyName(property) === 'cause' || property.computed) share = max(share, this.getShare(property.value));
      }
      return share;
    }
    if (node.type === 'ConditionalExpression') return max(this.#getShareOfNativeOptions(node.consequent), this.#getShareOfNativeOptions(node.alternate));
    if (node.type === 'LogicalExpression') return max(this.#getShareOfNativeOptions(node.left), this.#getShareOfNativeOptions(node.right));
    const variable = node.type === 'Identifier' ? this.#file.getReference(node)?.resolved : undefined;
    const tracked = variable && this.#tracked.get(variable);
    // new Error('message', error): the error is taken for options, and only its own cause is kept.
    if (tracked && !tracked.isOpaque && !tracked.keys) return Share.Detail;
    return this.getShare(node);
  }

  /** Reads the constructor: an argument counts for what the constructor does with its parameter. */
  #getShareOfLocal(errorClass: Extract<ErrorClass, { kind: 'local' }>, args: readonly TSESTree.CallExpressionArgument[]): Share {
    let share: Share = Share.None;
    for (const [index, argument] of args.entries()) {
      const given = this.getShare(argument);
      if (given === Share.None) continue;
      share = max(share, min(given, this.#getFate(errorClass, index, argument)));
    }
    return share;
  }

  #getFate({ node, constructor }: Extract<ErrorClass, { kind: 'local' }>, index: number, argument: Node): Share {
    if (this.#depth > 3) return Share.Whole;
    let parameter: Node | undefined = constructor.params[index];
    if (!parameter) {
      const last = constructor.params.at(-1);
      return last?.type === 'RestElement' || mentionsArguments(constructor) ? Share.Kept : Share.None;
    }
    if (parameter.type === 'TSParameterProperty') return Share.Kept;
    if (parameter.type === 'AssignmentPattern') parameter = parameter.left;
    const tracked = this.#trackParameter(parameter, skipWrappers(argument));
    if (!tracked) return Share.Kept;
    if (tracked.size === 0) return Share.None;
    const inner = new ShareTracker(this.#file, tracked, this.#depth + 1);
    const base = node.superClass ? findErrorClass(this.#file, node.superClass) : undefined;
    let share: Share = Share.None;
    walk(
      constructor.body,
      (statement) => {
        if (statement.type === 'CallExpression') {
          if (statement.callee.type === 'Super') share = max(share, inner.#getShareOfArguments(base, statement.arguments));
          else if (mentionsThis(statement) && !isReportingCall(statement)) share = max(share, inner.#join(statement.arguments));
        } else if (statement.type === 'AssignmentExpression' && mentionsThis(statement.left)) {
          const isMessage = statement.left.type === 'MemberExpression' && getPropertyName(statement.left) === 'message';
          const stored = inner.getShare(statement.right);
          share = max(share, isMessage ? toText(stored) : stored);
        }
      },
      this.#file.visitorKeys,
    );
    return share;
  }

  /** The variables that get the error when `argument` meets `parameter`; undefined where that cannot be told. */
  #trackParameter(parameter: Node, argument: Node): Map<Variable, Tracked> | undefined {
    const tracked = new Map<Variable, Tracked>();
    const keys = argument.type === 'ObjectExpression' ? this.#getKeysWithShare(argument) : undefined;
    if (parameter.type === 'Identifier') {
      const variable = this.#file.getVariable(parameter);
      if (!variable) return undefined;
      tracked.set(variable, keys ? { share: Share.Kept, keys } : { share: Share.Whole, isOpaque: !this.isError(argument) });
      return tracked;
    }
    if (parameter.type !== 'ObjectPattern' || !keys) return undefined;
    for (const property of parameter.properties) {
      if (property.type !== 'Property') return undefined;
      const name = getPropertyName(property);
      const target = property.value.type === 'AssignmentPattern' ? property.value.left : property.value;
      const variable = this.#file.getVariable(target);
      if (name === undefined || !variable) return undefined;
      if (keys.has(name)) tracked.set(variable, { share: Share.Kept, isOpaque: true });
    }
    return tracked;
  }

  #getKeysWithShare(object: TSESTree.ObjectExpression): Set<string> | undefined {
    const keys = new Set<string>();
    for (const property of object.properties) {
      if (property.type === 'SpreadElement') return undefined;
      const name = getPropertyName(property);
      if (name === undefined) return undefined;
      if (this.getShare(property.value) > Share.None) keys.add(name);
    }
    return keys;
  }
}

function toText(share: Share): Share {
  return share === Share.Whole ? Share.Text : share;
}

function max(a: Share, b: Share): Share {
  return a > b ? a : b;
}

function min(a: Share, b: Share): Share {
  return a < b ? a : b;
}

/** `error as string`: the code takes what it caught for text. */
function isStringCast(node: Node): boolean {
  return (node.type === 'TSAsExpression' || node.type === 'TSTypeAssertion') && node.typeAnnotation.type === 'TSStringKeyword';
}

function isTextExpression(node: Node): boolean {
  const inner = skipWrappers(node);
  if (inner.type === 'ConditionalExpression') return isTextExpression(inner.consequent) && isTextExpression(inner.alternate);
  if (inner.type === 'LogicalExpression') return isTextExpression(inner.right);
  if (inner.type === 'BinaryExpression') return inner.operator === '+';
  if (inner.type === 'MemberExpression') return MESSAGE_PROPERTIES.has(getPropertyName(inner) ?? '');
  return inner.type === 'TemplateLiteral' || getStringValue(inner) !== undefined;
}

/** `name` of `const { name } = value`, `{ name: x }`; undefined where the whole value is taken. */
function findTakenProperty(identifier: Node): string | undefined {
  let node = identifier;
  if (node.parent?.type === 'AssignmentPattern') node = node.parent;
  const property = node.parent;
  return property?.type === 'Property' && property.parent.type === 'ObjectPattern' ? getPropertyName(property) : undefined;
}

/** `a.b.c` for the `a` in it. */
function findOutermostMember(identifier: Node): Node {
  let node = identifier;
  for (;;) {
    const { parent } = node;
    if (parent?.type === 'MemberExpression' && parent.object === node) node = parent;
    else if (parent && skipWrappers(parent) !== parent && skipWrappers(parent) === skipWrappers(node)) node = parent;
    else return node;
  }
}

function mentionsThis(node: Node): boolean {
  if (node.type === 'ThisExpression') return true;
  return !isFunction(node) && getChildren(node).some(mentionsThis);
}

function mentionsArguments(node: TSESTree.FunctionExpression): boolean {
  let found = false;
  walk(node, (inner) => {
    if (inner.type === 'Identifier' && inner.name === 'arguments') found = true;
    return !found;
  });
  return found;
}

/** The function that an identifier names, where the file declares it once. */
export function findFunction(file: SourceFile, identifier: Node): FunctionNode | undefined {
  const variable = file.getReference(identifier)?.resolved;
  const [definition, ...others] = variable?.defs ?? [];
  if (!variable || !definition || others.length > 0) return undefined;
  if (definition.type === 'FunctionName' && isFunction(definition.node)) return definition.node;
  const value = file.getOnlyValue(variable);
  const inner = value && skipWrappers(value);
  return inner && isFunction(inner) ? inner : undefined;
}
