import type { SourceFile } from '../source-file.js';
import { type Node, getPropertyName, skipWrappers } from '../syntax/node.js';

/** How much of a source is in a value: the source itself, or something worked out from it. */
export type Derivation = 'same' | 'changed';

const COPIES = new Set([
  'global:Object.assign', 'global:structuredClone', 'global:Number', 'global:String', 'global:parseInt', 'global:parseFloat', 'global:Math.max', 'global:Math.min',
  'global:Math.floor', 'global:Math.round', 'global:Math.ceil', 'global:JSON.parse', 'global:JSON.stringify', 'global:Array.from', 'global:Map', 'global:Set', 'global:BigInt', 'global:Buffer.concat', 'global:Object.fromEntries',
  'global:Object.entries',
]);
const DERIVING_METHODS = new Set([
  'concat', 'filter', 'map', 'slice', 'flat', 'flatMap', 'replace', 'replaceAll', 'trim', 'trimEnd', 'join', 'split', 'toSorted', 'toReversed', 'toSpliced', 'with', 'add', 'plus', 'minus', 'sub', 'merge',
  'union', 'substring', 'toString', 'repeat', 'padStart', 'set', 'toFixed',
]);
const COMPARISONS = /^(?:[!=]==?|[<>]=?|in|instanceof)$/;

/** Whether a value is worked out from a source by the expression itself: arithmetic, text, spreads, copies. Not through unknown calls. */
export function getDerivation(value: Node, isSource: (node: Node) => Derivation | undefined, file: SourceFile, depth = 0): Derivation | undefined {
  const node = skipWrappers(value);
  const own = isSource(node);
  if (own || depth > 12) return own;
  const derive = (inner: Node | null | undefined) => (inner ? getDerivation(inner, isSource, file, depth + 1) : undefined);
  const changed = (...inner: readonly (Node | null | undefined)[]) => (inner.some((item) => derive(item)) ? 'changed' : undefined);
  switch (node.type) {
    case 'BinaryExpression':
      return COMPARISONS.test(node.operator) ? undefined : changed(node.left, node.right);
    case 'TemplateLiteral':
      return changed(...node.expressions);
    case 'UnaryExpression':
      return /^[-+~]$/.test(node.operator) ? changed(node.argument) : undefined;
    case 'LogicalExpression':
      return pick(derive(node.left), derive(node.right));
    case 'ConditionalExpression':
      return pick(derive(node.consequent), derive(node.alternate));
    case 'AssignmentExpression':
      return derive(node.right);
    case 'SequenceExpression':
      return derive(node.expressions.at(-1));
    case 'ArrayExpression':
      return changed(...node.elements.map((element) => (element?.type === 'SpreadElement' ? element.argument : undefined)));
    case 'ObjectExpression':
      return changed(...node.properties.map((property) => (property.type === 'SpreadElement' ? property.argument : undefined)));
    case 'NewExpression':
    case 'CallExpression': {
      const callee = skipWrappers(node.callee);
      const origin = file.getOrigin(callee);
      if (origin !== undefined && COPIES.has(origin)) {
        return changed(...node.arguments.flatMap((argument) => (argument.type === 'ArrayExpression' ? argument.elements : [argument.type === 'SpreadElement' ? argument.argument : argument])));
      }
      if (callee.type !== 'MemberExpression') return undefined;
      const method = getPropertyName(callee);
      return method !== undefined && DERIVING_METHODS.has(method) ? changed(callee.object) : undefined;
    }
    default:
      return undefined;
  }
}

function pick(...found: readonly (Derivation | undefined)[]): Derivation | undefined {
  return found.includes('changed') ? 'changed' : found.find(Boolean);
}
