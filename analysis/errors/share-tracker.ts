import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type Node, type TSESTree, getPropertyName, isFunction, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import { Share, type Tracked, max, toText } from './share.js';
import { getShareOfCall } from './share-of-call.js';
import { getShareOfMember } from './share-of-member.js';
import { getShareOfNew } from './share-of-new.js';
import { findShareOfVariable } from './share-of-variable.js';

const MAX_DEPTH = 24;

/** Follows an error through the expressions of a file. Made anew for each error; knows nothing of control flow. */
export class ShareTracker {
  readonly file: SourceFile;
  readonly tracked: ReadonlyMap<Variable, Tracked>;
  /** How many functions and constructors it has been followed into. */
  readonly depth: number;
  readonly #values = new Map<Node, Share>();
  readonly #variables = new Map<Variable, Share>();

  constructor(file: SourceFile, tracked: ReadonlyMap<Variable, Tracked>, depth = 0) {
    this.file = file;
    this.tracked = tracked;
    this.depth = depth;
  }

  /** A tracker for the inside of a function or constructor, whose parameters hold the error. */
  derive(tracked: ReadonlyMap<Variable, Tracked>): ShareTracker {
    return new ShareTracker(this.file, tracked, this.depth + 1);
  }

  /** How much of the error is in the value of `expression`. */
  getShare(expression: Node): Share {
    const node = skipWrappers(expression);
    if (isStringCast(expression)) return toText(this.getShare(node));
    const known = this.#values.get(node);
    if (known !== undefined) return known;
    this.#values.set(node, Share.None);
    const share = this.depth > MAX_DEPTH ? Share.Whole : this.#judge(node);
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
          const variable = this.file.getReference(node)?.resolved;
          if (!variable) return;
          if (this.tracked.has(variable)) found = true;
          else if (depth < 4) found = this.#isTestVariable(variable, depth);
        }
        return !found;
      },
      this.file.visitorKeys,
    );
    return found;
  }

  /** Whether an expression is the error itself and not something taken out of it. */
  isError(expression: Node, depth = 0): boolean {
    const node = skipWrappers(expression);
    switch (node.type) {
      case 'Identifier': {
        const variable = this.file.getReference(node)?.resolved;
        if (!variable) return false;
        const tracked = this.tracked.get(variable);
        if (tracked) return !tracked.keys && tracked.share === Share.Whole;
        // const err = error instanceof Error ? error : new Error(String(error));
        const value = this.file.getOnlyValue(variable);
        return value !== undefined && depth < 4 && this.isError(value, depth + 1);
      }
      case 'MemberExpression': {
        const variable = node.object.type === 'Identifier' ? this.file.getReference(node.object)?.resolved : undefined;
        return this.tracked.get(variable!)?.keys?.has(getPropertyName(node) ?? '') ?? false;
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
        return getShareOfMember(this, node);
      case 'TemplateLiteral':
        return toText(this.join(node.expressions));
      case 'TaggedTemplateExpression':
        return toText(this.join(node.quasi.expressions));
      case 'BinaryExpression':
        return node.operator === '+' ? toText(this.join([node.left, node.right])) : Share.None;
      case 'CallExpression':
        return getShareOfCall(this, node);
      case 'NewExpression':
        return getShareOfNew(this, node);
      case 'ObjectExpression':
        return node.properties.map((property) => this.#getShareOfEntry(property)).reduce<Share>(max, Share.None);
      case 'ArrayExpression':
        return this.join(node.elements.map((element) => (element?.type === 'SpreadElement' ? element.argument : element)));
      case 'ConditionalExpression':
        return this.join([node.consequent, node.alternate]);
      case 'LogicalExpression':
        return this.join([node.left, node.right]);
      case 'SequenceExpression':
        return this.join(node.expressions.slice(-1));
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

  /** The most that any of the nodes has. */
  join(nodes: readonly (Node | null | undefined)[]): Share {
    let share: Share = Share.None;
    for (const node of nodes) if (node) share = max(share, this.getShare(node));
    return share;
  }

  #closesOver(node: Node): boolean {
    let found = false;
    walk(
      node,
      (inner) => {
        const variable = inner.type === 'Identifier' ? this.file.getReference(inner)?.resolved : undefined;
        const tracked = variable && this.tracked.get(variable);
        if (!tracked) return !found;
        const { parent } = inner;
        const isMember = tracked.keys && parent?.type === 'MemberExpression' && parent.object === inner;
        if (!isMember || this.getShare(parent) > Share.None) found = true;
        return !found;
      },
      this.file.visitorKeys,
    );
    return found;
  }

  #judgeIdentifier(node: TSESTree.Identifier): Share {
    const variable = this.file.getReference(node)?.resolved ?? this.file.getVariable(node);
    return variable ? this.getShareOfVariable(variable) : Share.None;
  }

  /** As `getShare`, for what a variable holds in the end. */
  getShareOfVariable(variable: Variable): Share {
    const tracked = this.tracked.get(variable);
    if (tracked) return tracked.share;
    const known = this.#variables.get(variable);
    if (known !== undefined) return known;
    this.#variables.set(variable, Share.None);
    const share = findShareOfVariable(this, variable);
    this.#variables.set(variable, share);
    return share;
  }
}

/** `error as string`: the code takes what it caught for text. */
function isStringCast(node: Node): boolean {
  return (node.type === 'TSAsExpression' || node.type === 'TSTypeAssertion') && node.typeAnnotation.type === 'TSStringKeyword';
}
