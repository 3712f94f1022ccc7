import type { SourceFile } from '../../source-file.js';
import { type Node, skipWrappers } from '../../syntax/node.js';

/** Whether an expression names the same path wherever it is written: texts and variables that are set once, one after the other. */
export function isStableText(expression: Node, file: SourceFile): boolean {
  const node = skipWrappers(expression);
  switch (node.type) {
    case 'Literal':
      return true;
    case 'Identifier':
      return file.getVariable(node)?.references.every((reference) => !reference.isWrite() || reference.init === true) ?? false;
    case 'TemplateLiteral':
      return node.expressions.every((part) => isStableText(part, file));
    case 'BinaryExpression':
      return node.operator === '+' && isStableText(node.left, file) && isStableText(node.right, file);
    default:
      return false;
  }
}
