import type { Leak } from '../ownership/find-leaks.js';
import type { SourceFile } from '../source-file.js';
import { type Node, type TSESTree, getEnclosingRoot, isFunction, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { findStatement, isArrowWithValue, placeBefore, placeInArrow } from './place-statement.js';
import { findUnusedName } from './release-edits.js';
import { type TextEdit, sortEdits } from './text-edit.js';

export interface DropWriter {
  /** The expression that awaits and releases: `await fetch(url)` → `await releaseBody(await fetch(url))`. */
  readonly awaited: (value: string) => string | undefined;
  /** What `then` is given where nobody awaits: `releaseBody`. */
  readonly handler: string | undefined;
  /** The statement that releases a variable, where `await` can be written. */
  readonly statement: (name: string) => string | undefined;
  /** Names that other repairs of the same function are about to declare; the name that is chosen is added. */
  readonly taken?: Set<string>;
}

const NAMES = ['response', 'res', 'answer', ...[2, 3, 4, 5, 6, 7, 8, 9].map((index) => `response${index}`)];

/**
 * The edits for a resource that no variable ever holds. What is dropped is released at once; what is only asked
 * something (`(await fetch(url)).ok`, `const { status } = await fetch(url)`) is put into a variable first. Undefined
 * where a variable holds it, or where something that is evaluated before it would then be evaluated after it.
 */
export function getDroppedEdits(leak: Leak, file: SourceFile, writer: DropWriter): TextEdit[] | undefined {
  const { exit, site } = leak;
  if (leak.holder !== undefined || (exit?.kind !== 'discard' && exit?.kind !== 'return') || isFunction(exit.node)) return undefined;
  if (getEnclosingRoot(exit.node) !== getEnclosingRoot(site)) return undefined;
  if (leak.isOfList) return exit.kind === 'discard' ? releaseEach(leak, file, writer) : undefined;
  const call = outermostWrapper(site);
  const value = call.parent?.type === 'AwaitExpression' ? call.parent : site;
  const outer = outermostWrapper(value);
  if (value.type !== 'AwaitExpression') return exit.kind === 'discard' && isLeftOver(outer) ? chain(site, writer) : undefined;
  if (outer.parent?.type === 'ExpressionStatement' || (isArrowWithValue(outer.parent) && exit.kind === 'discard')) {
    const text = writer.awaited(file.getText(value));
    return text === undefined ? undefined : [{ start: value.range[0], end: value.range[1], text }];
  }
  return nameValue(outer, file, writer);
}

/** Whether nobody looks at a promise any more, but for a `catch` or `finally`: `void fetch(url)`, `fetch(url).catch(…)`, also awaited. */
function isLeftOver(promise: Node): boolean {
  const { parent } = promise;
  if (parent?.type === 'ExpressionStatement') return true;
  if (parent?.type === 'UnaryExpression' || parent?.type === 'AwaitExpression' || parent?.type === 'ChainExpression') return isLeftOver(parent);
  // await Promise.all([fetch(a), fetch(b)]);
  if (parent?.type === 'ArrayExpression') {
    const all = parent.parent;
    const callee = all.type === 'CallExpression' ? all.callee : undefined;
    const isCombinator = callee?.type === 'MemberExpression' && callee.object.type === 'Identifier' && callee.object.name === 'Promise';
    return isCombinator && isLeftOver(outermostWrapper(all));
  }
  const isMethod = parent?.type === 'MemberExpression' && parent.object === promise && parent.property.type === 'Identifier';
  if (!isMethod || !/^(?:catch|finally)$/.test((parent.property as TSESTree.Identifier).name)) return false;
  return parent.parent.type === 'CallExpression' && isLeftOver(outermostWrapper(parent.parent));
}

/** urls.map((url) => fetch(url))  →  urls.map((url) => fetch(url).then(release)) */
function releaseEach({ site, node }: Leak, file: SourceFile, writer: DropWriter): TextEdit[] | undefined {
  const fn = getEnclosingRoot(node);
  const isInPlace = isFunction(fn) && site.type === 'CallExpression' && site.arguments.some((argument) => skipWrappers(argument) === fn);
  const call = outermostWrapper(node);
  const value = call.parent?.type === 'AwaitExpression' ? call.parent : node;
  const { parent } = outermostWrapper(value);
  if (!isInPlace || !(isArrowWithValue(parent) || parent?.type === 'ReturnStatement')) return undefined;
  if (value === node) return chain(node, writer);
  const text = writer.awaited(file.getText(value));
  return text === undefined ? undefined : [{ start: value.range[0], end: value.range[1], text }];
}

/** fetch(url)  →  fetch(url).then(release) */
function chain(site: Node, { handler }: DropWriter): TextEdit[] | undefined {
  return handler === undefined ? undefined : [{ start: site.range[1], end: site.range[1], text: `.then(${handler})` }];
}

/** return (await fetch(url)).ok;  →  const response = await fetch(url); release; return response.ok; */
function nameValue(value: Node, file: SourceFile, writer: DropWriter): TextEdit[] | undefined {
  const place = findPlace(value, file);
  if (!place) return undefined;
  const names = NAMES.filter((candidate) => !writer.taken?.has(candidate));
  const name = findUnusedName(names, file.getText(getEnclosingRoot(value)));
  const release = name === undefined ? undefined : writer.statement(name);
  if (name === undefined || release === undefined) return undefined;
  const added = [`const ${name} = ${file.getText(value)};`, release];
  const placed = isArrowWithValue(place) ? placeInArrow(place, added, file) : placeBefore(place, added, file);
  if (!placed) return undefined;
  writer.taken?.add(name);
  let [start, end] = value.range;
  const isMember = value.parent?.type === 'MemberExpression' && value.parent.object === value;
  // (await fetch(url)).ok
  if (isMember && file.text[start - 1] === '(' && file.text[end] === ')') [start, end] = [start - 1, end + 1];
  // Lines of the value itself have moved away with it.
  const around = placed.filter((edit) => edit.end <= start || edit.start >= end);
  return sortEdits([...around, { start, end, text: name }]);
}

/** The statement or the arrow function of which a value is the first thing that is evaluated, always and once. */
export function findPlace(value: Node, file: SourceFile): Node | undefined {
  for (let inner = value; ; ) {
    const outer: Node | undefined = inner.parent;
    if (!outer) return undefined;
    if (isArrowWithValue(outer)) return outer;
    switch (outer.type) {
      case 'ReturnStatement':
      case 'ThrowStatement':
      case 'ExpressionStatement':
        return outer;
      case 'IfStatement':
        return outer.test === inner ? outer : undefined;
      case 'SwitchStatement':
        return outer.discriminant === inner ? outer : undefined;
      case 'ForOfStatement':
        return outer.right === inner ? outer : undefined;
      case 'VariableDeclarator': {
        const isFirst = outer.parent.declarations[0] === outer && outer.init === inner;
        return isFirst && outer.parent.kind !== 'var' && findStatement(outer.parent) === outer.parent && !/^For/.test(outer.parent.parent.type) ? outer.parent : undefined;
      }
      case 'AssignmentExpression':
        if (outer.operator !== '=' || outer.left.type !== 'Identifier') return undefined;
        break;
      case 'LogicalExpression':
        if (outer.left !== inner) return undefined;
        break;
      case 'ConditionalExpression':
        if (outer.test !== inner) return undefined;
        break;
      case 'BinaryExpression':
        if (outer.left !== inner && !isStable(outer.left, file)) return undefined;
        break;
      case 'MemberExpression':
        if (outer.object !== inner) return undefined;
        break;
      case 'CallExpression':
      case 'NewExpression': {
        if (outer.callee === inner) break;
        if (('optional' in outer && outer.optional) || !isStableCallee(outer.callee, file)) return undefined;
        const position = outer.arguments.indexOf(inner as TSESTree.CallExpressionArgument);
        if (!outer.arguments.slice(0, position).every((argument) => isStable(argument, file))) return undefined;
        break;
      }
      case 'Property':
        if (outer.value !== inner || outer.computed) return undefined;
        break;
      case 'ObjectExpression': {
        const position = outer.properties.indexOf(inner as TSESTree.Property);
        const isFirst = outer.properties.slice(0, position).every((property) => property.type === 'Property' && !property.computed && isStable(property.value, file));
        if (!isFirst) return undefined;
        break;
      }
      case 'TemplateLiteral': {
        const position = outer.expressions.indexOf(inner as TSESTree.Expression);
        if (!outer.expressions.slice(0, position).every((expression) => isStable(expression, file))) return undefined;
        break;
      }
      case 'UnaryExpression':
      case 'AwaitExpression':
      case 'ChainExpression':
      case 'TSAsExpression':
      case 'TSNonNullExpression':
      case 'TSSatisfiesExpression':
      case 'TSTypeAssertion':
        break;
      default:
        return undefined;
    }
    inner = outer;
  }
}

/** Whether an expression has the same value a moment later: a literal, or a variable that is never set again. */
function isStable(expression: Node, file: SourceFile): boolean {
  const node = skipWrappers(expression);
  if (node.type === 'Literal' || node.type === 'ThisExpression') return true;
  if (node.type === 'TemplateLiteral') return node.expressions.length === 0;
  if (node.type !== 'Identifier') return false;
  return file.getVariable(node)?.references.every((reference) => !reference.isWrite() || reference.init) ?? true;
}

function isStableCallee(callee: Node, file: SourceFile): boolean {
  const node = skipWrappers(callee);
  return node.type === 'MemberExpression' ? !node.computed && isStableCallee(node.object, file) : isStable(node, file) || node.type === 'Super';
}
