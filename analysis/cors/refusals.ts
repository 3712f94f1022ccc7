import type { SourceFile } from '../source-file.js';
import { type Node, getCalleeName, getPropertyName, skipWrappers } from '../syntax/node.js';
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

const REFUSING_NAME = /^(?:refus(?:al|ed)|reject(?:ed|ion)|denied|denial|blocked|forbidden|error|errors|reason)$/i;
const GRANTING_NAME = /^(?:is)?(?:allowed|allow|ok|valid|accepted|granted|permitted|trusted|success)$/i;

/** { refusal: 'null-origin' }, { allowed: false, reason: '…' }, new Response(null, { status: 403 }): a result that lets nobody in. */
export function isRefusingResult(value: Node): boolean {
  const node = skipWrappers(value);
  if (node.type === 'NewExpression') {
    const init = node.arguments[1];
    return getCalleeName(node.callee) === 'Response' && init?.type === 'ObjectExpression' && init.properties.some((property) => property.type === 'Property' && getPropertyName(property) === 'status' && isErrorStatus(property.value));
  }
  if (node.type !== 'ObjectExpression') return false;
  const properties = node.properties.map((property) => (property.type === 'Property' ? { name: getPropertyName(property) ?? '', value: skipWrappers(property.value) } : undefined));
  const verdict = properties.find((property) => property && GRANTING_NAME.test(property.name));
  if (verdict) return verdict.value.type === 'Literal' && verdict.value.value === false;
  return properties.some((property) => property && REFUSING_NAME.test(property.name) && !(property.value.type === 'Literal' && !property.value.value)) && properties.every((property) => property && !/origin|header/i.test(property.name));
}

function isErrorStatus(node: Node | undefined): boolean {
  const inner = node && skipWrappers(node);
  return inner?.type === 'Literal' && typeof inner.value === 'number' && inner.value >= 400 && inner.value < 500;
}
