import type { SourceFile } from '../../source-file.js';
import { type Node, getPropertyName, skipWrappers } from '../../syntax/node.js';

/** `process.env` */
export function isEnvironment(object: Node, file: SourceFile): boolean {
  const origin = file.getOrigin(object);
  return origin === 'global:process.env' || origin === 'process:env';
}

/** delete process.env.KEY_FILE; */
export function isUnset(statement: Node, keys: readonly string[], file: SourceFile): boolean {
  const expression = statement.type === 'ExpressionStatement' ? skipWrappers(statement.expression) : undefined;
  if (expression?.type !== 'UnaryExpression' || expression.operator !== 'delete') return false;
  const member = skipWrappers(expression.argument);
  return member.type === 'MemberExpression' && isEnvironment(member.object, file) && keys.includes(getPropertyName(member) ?? '');
}
