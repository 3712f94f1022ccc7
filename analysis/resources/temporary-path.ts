import type { SourceFile } from '../source-file.js';
import { type Node, getStringValue, skipWrappers } from '../syntax/node.js';

const JOINS = new Set(['path:join', 'path:resolve', 'path:posix.join', 'path:normalize', 'global:String', 'path:format']);
const ROOTS = new Set(['os:tmpdir()', 'global:process.env.TMPDIR', 'global:process.env.TEMP', 'global:process.env.TMP', 'global:process.env.RUNNER_TEMP', 'temp-dir:default']);

/** Whether an expression is a path below a temporary folder that all programs of the machine share, by its text. */
export function isTemporaryPath(expression: Node, file: SourceFile, depth = 0): boolean {
  if (depth > 8) return false;
  const node = skipWrappers(expression);
  const inside = (inner: Node | undefined) => inner !== undefined && isTemporaryPath(inner, file, depth + 1);
  const origin = file.getOrigin(node);
  if (origin && ROOTS.has(origin)) return true;
  switch (node.type) {
    case 'Literal':
      return /^\/(?:var\/)?tmp(?:\/|$)/.test(getStringValue(node) ?? '');
    case 'TemplateLiteral':
      return node.quasis[0]!.value.raw === '' ? inside(node.expressions[0]) : /^\/(?:var\/)?tmp\//.test(node.quasis[0]!.value.raw);
    case 'BinaryExpression':
      return node.operator === '+' && inside(node.left);
    case 'LogicalExpression':
      return inside(node.left) || inside(node.right);
    case 'CallExpression':
      return JOINS.has(file.getOrigin(node.callee) ?? '') && inside(node.arguments[0]);
    case 'AwaitExpression':
      return inside(node.argument);
    case 'Identifier': {
      const variable = file.getVariable(node);
      return variable !== undefined && inside(file.getOnlyValue(variable));
    }
    default:
      return false;
  }
}
