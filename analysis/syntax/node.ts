import type { TSESTree } from '@typescript-eslint/types';

/** Any ESTree or TS-ESTree node. The analysis reads `parent`, which ESLint, oxlint and `setParents` all provide. */
export type Node = TSESTree.Node;
export type Expression = TSESTree.Expression;
export type Identifier = TSESTree.Identifier;
export type CallLike = TSESTree.CallExpression | TSESTree.NewExpression;
export type FunctionNode = TSESTree.FunctionDeclaration | TSESTree.FunctionExpression | TSESTree.ArrowFunctionExpression;

/** What one control-flow graph is built for: a function, a module body, or a class static block. */
export type CodeRoot = FunctionNode | TSESTree.Program | TSESTree.StaticBlock;
export type ClassNode = TSESTree.ClassDeclaration | TSESTree.ClassExpression;
export type { TSESTree };

export function isFunction(node: Node | null | undefined): node is FunctionNode {
  return (
    node?.type === 'FunctionDeclaration' || node?.type === 'FunctionExpression' || node?.type === 'ArrowFunctionExpression'
  );
}

export function isClass(node: Node | null | undefined): node is ClassNode {
  return node?.type === 'ClassDeclaration' || node?.type === 'ClassExpression';
}

/** The expression inside casts, non-null marks and optional-chain wrappers, none of which change the value. */
export function skipWrappers(node: Node): Node {
  let inner = node;
  for (;;) {
    switch (inner.type) {
      case 'TSAsExpression':
      case 'TSTypeAssertion':
      case 'TSNonNullExpression':
      case 'TSSatisfiesExpression':
      case 'TSInstantiationExpression':
      case 'ChainExpression':
        inner = inner.expression;
        break;
      default:
        // Babel's and some other parsers' parenthesised expressions.
        if ((inner.type as string) === 'ParenthesizedExpression') {
          inner = (inner as unknown as { expression: Node }).expression;
          break;
        }
        return inner;
    }
  }
}

/** The outermost node that has the same value as `node`: the opposite of `skipWrappers`. */
export function outermostWrapper(node: Node): Node {
  let outer = node;
  while (outer.parent && outer.parent.type !== 'Program' && skipWrappers(outer.parent) !== outer.parent && skipWrappers(outer.parent) === skipWrappers(outer)) {
    outer = outer.parent;
  }
  return outer;
}

/** The name of a property or method where it is fixed in the text: `a.b`, `a['b']`, `{ b: … }`, `#b` (as `#b`). */
export function getPropertyName(
  node: TSESTree.MemberExpression | TSESTree.Property | TSESTree.MethodDefinition | TSESTree.PropertyDefinition | TSESTree.TSAbstractMethodDefinition | TSESTree.AccessorProperty,
): string | undefined {
  const key: Node = node.type === 'MemberExpression' ? node.property : node.key;
  if (key.type === 'PrivateIdentifier') return `#${key.name}`;
  if (!node.computed && key.type === 'Identifier') return key.name;
  return getStringValue(key);
}

/** The text of a string literal or of a template without expressions; a number literal as its text. */
export function getStringValue(node: Node | null | undefined): string | undefined {
  if (node?.type === 'Literal' && (typeof node.value === 'string' || typeof node.value === 'number')) return String(node.value);
  if (node?.type === 'TemplateLiteral' && node.expressions.length === 0) return node.quasis[0]?.value.cooked ?? undefined;
  return undefined;
}

/** The nearest function, module body or static block around `node` (not `node` itself). */
export function getEnclosingRoot(node: Node): CodeRoot {
  let outer: Node | undefined = node.parent;
  while (outer) {
    if (isFunction(outer) || outer.type === 'Program' || outer.type === 'StaticBlock') return outer;
    outer = outer.parent;
  }
  throw new TypeError('The node is not attached to a program: its parents are not set.');
}

/** The nearest class whose member `node` is in, looking through arrow functions but not through `function`s of other objects. */
export function findEnclosingClass(node: Node): ClassNode | undefined {
  let outer: Node | undefined = node.parent;
  while (outer) {
    if (outer.type === 'ClassBody') return outer.parent;
    const isOwnThis =
      outer.type === 'FunctionDeclaration' || (outer.type === 'FunctionExpression' && outer.parent.type !== 'MethodDefinition');
    if (isOwnThis) return undefined;
    outer = outer.parent;
  }
  return undefined;
}

/** The nearest function around `node`, not `node` itself. */
export function findEnclosingFunction(node: Node): FunctionNode | undefined {
  for (let outer: Node | undefined = node.parent; outer; outer = outer.parent) if (isFunction(outer)) return outer;
  return undefined;
}

/** Whether `inner` is `outer` or below it. */
export function isWithin(inner: Node, outer: Node): boolean {
  return inner.range[0] >= outer.range[0] && inner.range[1] <= outer.range[1];
}

export function isConstructor(root: FunctionNode): boolean {
  return root.parent?.type === 'MethodDefinition' && root.parent.kind === 'constructor';
}

/** The last name of what is called or read: `f` of `f`, `a.f`, `a?.f` and `a['f']`. */
export function getCalleeName(callee: Node): string | undefined {
  const node = skipWrappers(callee);
  if (node.type === 'Identifier') return node.name;
  return node.type === 'MemberExpression' ? getPropertyName(node) : undefined;
}

/** The `await` around a call, or the call itself. */
export function getAwaited(call: Node): Node {
  const outer = outermostWrapper(call);
  return outer.parent?.type === 'AwaitExpression' ? outer.parent : call;
}

/** The word `undefined`. */
export function isUndefined(node: Node): boolean {
  return node.type === 'Identifier' && node.name === 'undefined';
}

/** `null` or `undefined`, written out. */
export function isNullish(value: Node): boolean {
  const node = skipWrappers(value);
  return (node.type === 'Literal' && node.value === null) || isUndefined(node);
}
