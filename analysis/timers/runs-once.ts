import type { SourceFile } from '../source-file.js';
import { type CodeRoot, type Node, type TSESTree, getEnclosingRoot, getPropertyName, getStringValue, isFunction, skipWrappers } from '../syntax/node.js';

/** Their function is called for each request or connection. */
const SERVERS = new Set(['http:createServer', 'https:createServer', 'net:createServer', 'tls:createServer', 'http2:createServer', 'http2:createSecureServer']);
const ROUTES = new Set(['get', 'post', 'put', 'patch', 'delete', 'all', 'use', 'options', 'head']);
const ENTRY_NAME = /^(?:main|run|bootstrap|cli|runMain)$/;

/**
 * Whether a function runs once per process, so that what it starts may live as long: the module body, an entry point, a function
 * that is only called from there, a callback that the module body hands to something.
 */
export function runsOnce(file: SourceFile, root: CodeRoot, depth = 0): boolean {
  if (!isFunction(root)) return true;
  if (depth > 4) return false;
  const outer = getEnclosingRoot(root);
  const name = root.type === 'FunctionDeclaration' ? root.id : root.parent.type === 'VariableDeclarator' ? root.parent.id : undefined;
  if (name?.type !== 'Identifier') {
    let value: Node = root;
    while (value.parent && skipWrappers(value.parent) === root) value = value.parent;
    const call = value.parent;
    return call?.type === 'CallExpression' && !runsAgain(file, call) && runsOnce(file, outer, depth + 1);
  }
  if (ENTRY_NAME.test(name.name)) return true;
  const variable = file.getVariable(name);
  const uses = variable?.references.filter((reference) => !reference.init) ?? [];
  const [only, ...more] = uses;
  if (!only || more.length > 0 || isExported(root, name)) return false;
  const { parent } = only.identifier;
  const isCalledOrPassed = parent?.type === 'CallExpression';
  return isCalledOrPassed && runsOnce(file, getEnclosingRoot(only.identifier), depth + 1);
}

/** http.createServer(handler), app.get(path, handler): the callback runs once for each request. */
function runsAgain(file: SourceFile, { callee, arguments: given }: TSESTree.CallExpression): boolean {
  if (SERVERS.has(file.getOrigin(callee) ?? '')) return true;
  const name = callee.type === 'MemberExpression' ? getPropertyName(callee) : undefined;
  return name !== undefined && ROUTES.has(name) && given.length > 1 && getStringValue(given[0])?.startsWith('/') === true;
}

function isExported(root: Node, name: Node): boolean {
  const declaration = root.type === 'FunctionDeclaration' ? root : root.parent?.parent;
  return /^Export/.test(declaration?.parent?.type ?? '') || /^Export/.test(name.parent?.type ?? '');
}
