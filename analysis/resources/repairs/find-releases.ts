import { matchesCallee } from '../../ownership/acquisitions.js';
import type { Leak } from '../../ownership/find-leaks.js';
import { findStatement } from '../../repairs/place-statement.js';
import type { TextEdit } from '../../repairs/text-edit.js';
import type { Variable } from '../../scopes/scope.js';
import type { SourceFile } from '../../source-file.js';
import { type Node, type TSESTree, getEnclosingRoot, getPropertyName, isFunction, outermostWrapper } from '../../syntax/node.js';
import { walk } from '../../syntax/walk.js';
import { takeOut } from '../../temp-files/repairs/tail-removal.js';

/** A place where the code gives the resource back itself. */
interface KnownRelease {
  /** The statement, where the release is all of it. */
  readonly statement: Node | undefined;
  /** Takes the statement out. */
  readonly edit: TextEdit | undefined;
  /** Nothing happens between it and the end of the function. */
  readonly isAtEnd: boolean;
}

/** The releases of a variable that stand in the code. */
export function findReleases({ kind }: Leak, variable: Variable, file: SourceFile): KnownRelease[] {
  return variable.references.flatMap(({ identifier }): KnownRelease[] => {
    const call = findReleasingCall(identifier, file);
    if (!call) return [];
    const outer = outermostWrapper(call);
    const awaited = outer.parent?.type === 'AwaitExpression' ? outermostWrapper(outer.parent) : outer;
    const statement = awaited.parent?.type === 'ExpressionStatement' ? awaited.parent : undefined;
    return [{ statement, edit: statement && isOneOfSeveral(statement) ? takeOut(statement, file) : undefined, isAtEnd: statement !== undefined && isAtEnd(statement) }];
  });

  function findReleasingCall(identifier: Node, source: SourceFile): Node | undefined {
    const outer = outermostWrapper(identifier);
    const { parent } = outer;
    if (parent?.type === 'CallExpression' && parent.callee === outer) return kind.isReleasedByCall ? parent : undefined;
    if (parent?.type === 'CallExpression') {
      return kind.releasers?.some(({ calls, argument }) => parent.arguments[argument] === outer && matchesCallee(calls, parent, source)) ? parent : undefined;
    }
    if (parent?.type !== 'MemberExpression' || parent.object !== outer) return undefined;
    const call = outermostWrapper(parent).parent;
    const name = getPropertyName(parent);
    const isReleasing = name !== undefined && kind.methods !== undefined && Object.hasOwn(kind.methods, name) && kind.methods[name] === 'release';
    return call?.type === 'CallExpression' && isReleasing ? call : undefined;
  }
}

/** A block does not become empty without it. */
function isOneOfSeveral(statement: Node): boolean {
  return statement.parent?.type === 'BlockStatement' && statement.parent.body.length > 1;
}

/** Whether only a `return` or `throw` of what is known already follows, in this block and in those around it. */
function isAtEnd(statement: Node): boolean {
  for (let inner: Node | undefined = statement; inner; ) {
    const block: Node | undefined = inner.parent;
    if (block?.type !== 'BlockStatement') return false;
    const later = block.body.slice(block.body.indexOf(inner as never) + 1);
    if (!later.every((next) => isQuiet(next))) return false;
    if (later.some(({ type }) => type === 'ReturnStatement' || type === 'ThrowStatement')) return true;
    const owner: Node | undefined = block.parent;
    if (!owner || /^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(owner.type)) return true;
    if (owner.type !== 'IfStatement' && owner.type !== 'BlockStatement') return false;
    inner = findStatement(owner);
  }
  return false;
}

function isQuiet(statement: Node): boolean {
  if (statement.type !== 'ReturnStatement' && statement.type !== 'ThrowStatement') return false;
  const root = getEnclosingRoot(statement);
  const mayWait = isFunction(root) && root.async && statement.type === 'ReturnStatement';
  let isWaiting = false;
  walk(statement, (node) => {
    if (/^(?:Await|Yield)Expression$/.test(node.type) || (mayWait && node.type === 'CallExpression' && !isOfValues(node))) isWaiting = true;
    return !isWaiting;
  });
  return !isWaiting;
}

/** buffer.toString(), rows.map(…): over at once. */
function isOfValues(call: TSESTree.CallExpression): boolean {
  const name = call.callee.type === 'MemberExpression' ? getPropertyName(call.callee) : undefined;
  return name !== undefined && /^(?:toString|map|filter|slice|subarray|join|trim\w*|split|concat|at|includes|some|every|find|reduce|keys|values|entries)$/.test(name);
}
