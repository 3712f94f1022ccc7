import type { SourceFile } from '../source-file.js';
import { type Node, skipWrappers } from '../syntax/node.js';
import { getCalleeName } from './conditions.js';
import { contains } from './reflections.js';

/** Whether a branch does nothing but tell somebody or answer with an error; it neither leaves nor sets anything. */
export function isLogOrRefusal(file: SourceFile, branch: Node): boolean {
  const statements = branch.type === 'BlockStatement' ? branch.body : [branch];
  return statements.every((statement) => {
    if (statement.type === 'EmptyStatement') return true;
    if (statement.type !== 'ExpressionStatement') return false;
    const expression = skipWrappers(statement.expression);
    return isLog(expression) || isRefusal(file, expression);
  });
}

/** console.warn('…'), logger.info(…) */
export function isLog(expression: Node): boolean {
  if (expression.type !== 'CallExpression') return false;
  const callee = skipWrappers(expression.callee);
  const name = getCalleeName(callee) ?? '';
  if (callee.type === 'Identifier') return /^(?:log|warn|debug|info)$/i.test(name);
  return callee.type === 'MemberExpression' && /^(?:log|warn|error|info|debug|trace|verbose|notice)$/.test(name) && /^(?:console|log|logger|log4js|winston|pino|fastify|server|app|this)$|log(?:ger)?$/i.test(getCalleeName(callee.object) ?? '');
}

/** res.status(403).end(), res.statusCode = 403, res.writeHead(403), callback(new Error('…')), next(new Error('…')) */
export function isRefusal(file: SourceFile, expression: Node): boolean {
  const node = skipWrappers(expression.type === 'AwaitExpression' ? expression.argument : expression);
  if (node.type === 'AssignmentExpression') return /^(?:status|statusCode|statusMessage)$/.test(getCalleeName(node.left) ?? '') && isErrorStatus(node.right);
  if (node.type !== 'CallExpression') return false;
  const name = getCalleeName(node.callee) ?? '';
  if (/^(?:next|callback|cb|done|reject|fn)$/.test(name)) {
    const first = node.arguments[0] && skipWrappers(node.arguments[0]);
    return first?.type === 'NewExpression' || (first?.type === 'Identifier' && /err/i.test(first.name)) || (first?.type === 'CallExpression' && /error|forbidden/i.test(getCalleeName(first.callee) ?? ''));
  }
  return contains(file, node, (inner) => inner.type === 'CallExpression' && /^(?:status|sendStatus|writeHead|code)$/.test(getCalleeName(inner.callee) ?? '') && isErrorStatus(inner.arguments[0]));
}

function isErrorStatus(node: Node | undefined): boolean {
  const inner = node && skipWrappers(node);
  return inner?.type === 'Literal' && typeof inner.value === 'number' && inner.value >= 400 && inner.value < 500;
}
