import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type Node, getCalleeName, getPropertyName, isFunction, isWithin, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { getCorsOptions } from './cors-options.js';
import { getDecisions } from './decisions.js';
import { getHeaderWrites } from './header-writes.js';
import { contains } from './reflections.js';

/** What a variable is read for: the value of a CORS header, a decision about an origin, the headers or options as a whole. */
export type CorsUse = 'header' | 'decision' | 'headers' | 'options';

const MAX_DEPTH = 5;

/** The reads of a variable by which its value gets into a CORS header or decision. */
export function getCorsUses(file: SourceFile, variable: Variable): { readonly identifier: Node; readonly use: CorsUse }[] {
  return variable.references.flatMap((reference) => {
    const use = reference.isRead() ? findCorsUse(file, reference.identifier, 0) : undefined;
    return use ? [{ identifier: reference.identifier, use }] : [];
  });
}

function findCorsUse(file: SourceFile, identifier: Node, depth: number): CorsUse | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const write = getHeaderWrites(file).find(({ name, value }) => name.startsWith('access-control-') && isWithin(identifier, value));
  if (write) return 'header';
  const options = getCorsOptions(file).find(({ origin }) => origin && isWithin(identifier, origin.value) && !isInFunction(identifier, origin.value));
  if (options) return 'options';
  return findUseAbove(file, identifier, depth);
}

function findUseAbove(file: SourceFile, identifier: Node, depth: number): CorsUse | undefined {
  let node = outermostWrapper(identifier);
  for (let { parent } = node; parent; { parent } = node) {
    switch (parent.type) {
      case 'CallExpression':
      case 'NewExpression':
        if (skipWrappers(parent.callee) !== skipWrappers(node)) {
          const use = findUseOfArgument(parent, node);
          if (use) return use;
        }
        break;
      case 'IfStatement':
      case 'ConditionalExpression':
        if (parent.test === node) return getDecisions(file).decides(node) ? 'decision' : undefined;
        if (parent.type === 'IfStatement') return undefined;
        break;
      case 'VariableDeclarator':
      case 'AssignmentExpression': {
        const target = parent.type === 'VariableDeclarator' ? parent.id : skipWrappers(parent.left);
        if (target === node || target.type !== 'Identifier') return undefined;
        const variable = file.getVariable(target);
        return variable?.references.some((reference) => reference.isRead() && findCorsUse(file, reference.identifier, depth + 1)) ? 'decision' : undefined;
      }
      case 'Property':
        // { statusCode: 200, headers }
        if (parent.value === node && getPropertyName(parent) === 'headers' && parent.parent.type === 'ObjectExpression') return 'headers';
        if (parent.value === node && /^cors$/i.test(getPropertyName(parent) ?? '')) return 'options';
        break;
      case 'ReturnStatement':
      case 'ArrowFunctionExpression':
        return getDecisions(file).decides(node) ? 'decision' : undefined;
      case 'ExpressionStatement':
      case 'BlockStatement':
      case 'Program':
        return undefined;
      default:
        if (isFunction(parent)) return undefined;
    }
    if (isDecided(file, node)) return 'decision';
    node = outermostWrapper(parent);
  }
  return undefined;
}

function isDecided(file: SourceFile, node: Node): boolean {
  return (node.type === 'CallExpression' || node.type === 'BinaryExpression' || node.type === 'Identifier') && getDecisions(file).decides(node);
}

/** cors(corsOptions), callback(null, corsOptions), res.writeHead(200, headers), Object.assign(all, headers) */
function findUseOfArgument(call: Extract<Node, { type: 'CallExpression' | 'NewExpression' }>, argument: Node): CorsUse | undefined {
  const name = getCalleeName(call.callee) ?? '';
  if (/cors/i.test(name)) return 'options';
  const isLast = call.arguments.at(-1) === argument;
  const isSpread = argument.type === 'ObjectExpression';
  if (argument.type !== 'Identifier' && !isSpread) return undefined;
  if (/^(?:writeHead|setHeaders|set|header|assign)$/.test(name) && isLast) return 'headers';
  if (isSpread) return undefined;
  if (/^(?:callback|cb|done)$/.test(name) && call.arguments[1] === argument && /cors|options/i.test(argument.name)) return 'options';
  // fastify.register(cors, corsOptions)
  return name === 'register' && call.arguments[1] === argument && /cors/i.test(argument.name) ? 'options' : undefined;
}

function isInFunction(node: Node, root: Node): boolean {
  for (let outer = node.parent; outer && outer !== root.parent; outer = outer.parent) if (isFunction(outer)) return true;
  return false;
}

/** Whether CORS headers are put into a variable: `headers['Access-Control-Allow-Origin'] = …`, `{ … }`, `.set(…)`. */
export function holdsCorsHeaders(file: SourceFile, variable: Variable): boolean {
  const writes = getHeaderWrites(file).filter(({ name }) => name.startsWith('access-control-'));
  return variable.references.some(({ identifier, writeExpr }) => {
    if (writeExpr && writes.some(({ node }) => isWithin(node, writeExpr))) return true;
    return writes.some(({ node }) => {
      const target = node.type === 'AssignmentExpression' ? node.left : node.type === 'CallExpression' ? node.callee : undefined;
      return target !== undefined && contains(file, target, (inner) => inner === identifier);
    });
  });
}
