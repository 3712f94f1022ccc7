import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, type TSESTree, findEnclosingFunction, getPropertyName, isFunction, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { runsInPlace } from './functions.js';
import { type Holders, getHolders, mentions } from './signal-carriers.js';
import type { Run } from './signal-run.js';

/** if (signal) await fetch(url, { signal }); else await fetch(url): where there is a signal, another branch is taken. */
export function isUnderTest(file: SourceFile, place: Node, { carriers: all, owner }: Run): boolean {
  // if (response.status === 401) is no question about the signal.
  const carriers = getHolders(all);
  for (let node = place; node !== owner && node.parent; node = node.parent) {
    const { parent } = node;
    if ((parent.type === 'IfStatement' || parent.type === 'ConditionalExpression') && parent.test !== node && mentions(file, parent.test, carriers)) return true;
    if (parent.type === 'LogicalExpression' && parent.right === node && mentions(file, parent.left, carriers)) return true;
    // if (signal) return fetch(url, { signal }); return fetch(url);
    if (parent.type === 'BlockStatement' && parent.body.slice(0, parent.body.indexOf(node as TSESTree.Statement)).some((before) => leavesUnder(file, before, carriers))) return true;
  }
  return false;
}

/** if (signal) return …: what follows runs without a signal. */
function leavesUnder(file: SourceFile, statement: Node, carriers: Holders): boolean {
  if (statement.type !== 'IfStatement' || !mentions(file, statement.test, carriers)) return false;
  const { consequent } = statement;
  const last = consequent.type === 'BlockStatement' ? consequent.body.at(-1) : consequent;
  return last?.type === 'ReturnStatement' || last?.type === 'ThrowStatement';
}

/** this.loading ??= fetch(url), pending.set(key, fetch(url)): work that several callers wait for, or a part of it. */
export function isShared(file: SourceFile, call: Node): boolean {
  if (isSharedValue(file, call)) return true;
  // this.loading ??= (async () => { … await fetch(url) … })()
  for (let part = findEnclosingFunction(call); part && runsInPlace(file, part); part = findEnclosingFunction(part)) {
    const { parent } = outermostWrapper(part);
    if (parent && /^(?:Call|New)Expression$/.test(parent.type) && isSharedValue(file, parent)) return true;
  }
  return false;
}

function isSharedValue(file: SourceFile, call: Node): boolean {
  let value = outermostWrapper(call);
  for (;;) {
    const { parent } = value;
    if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return isKept(file, file.getVariable(parent.id));
    if (parent?.type === 'AssignmentExpression' && parent.right === value) {
      if (parent.left.type === 'MemberExpression' || parent.operator === '??=') return true;
      const variable = parent.left.type === 'Identifier' ? file.getVariable(parent.left) : undefined;
      return isOfOuter(call, variable) || isKept(file, variable);
    }
    if (parent?.type === 'CallExpression' && parent.callee !== value) return isSetter(parent);
    const isLink = (parent?.type === 'MemberExpression' && parent.object === value) || (parent?.type === 'CallExpression' && parent.callee === value);
    if (!isLink) return false;
    value = outermostWrapper(parent);
  }
}

/** cache.set(key, promise) */
function isSetter(call: TSESTree.CallExpression): boolean {
  const callee = skipWrappers(call.callee);
  return callee.type === 'MemberExpression' && getPropertyName(callee) === 'set';
}

/** const pending = load(id); cache.set(id, pending): others wait for it as well. */
function isKept(file: SourceFile, held: Variable | undefined): boolean {
  return (
    held?.references.some(({ identifier }) => {
      const value = outermostWrapper(identifier);
      const { parent } = value;
      if (parent?.type === 'AssignmentExpression') return parent.right === value && parent.left.type === 'MemberExpression';
      return parent?.type === 'CallExpression' && parent.callee !== value && isSetter(parent);
    }) ?? false
  );
}

/** let table; function getTable() { table = load(); … } */
function isOfOuter(place: Node, variable: Variable | undefined): boolean {
  const block = variable?.scope.variableScope.block;
  return block !== undefined && block !== findEnclosingFunction(place);
}

/** Nobody waits for the result: fetch(url).catch(() => {}), void report(). */
export function isDropped(call: Node): boolean {
  let value = outermostWrapper(call);
  for (;;) {
    const { parent } = value;
    if (parent?.type === 'ExpressionStatement') return true;
    if (parent?.type === 'UnaryExpression') return parent.operator === 'void';
    const isLink = (parent?.type === 'MemberExpression' && parent.object === value) || (parent?.type === 'CallExpression' && parent.callee === value);
    if (!isLink) return false;
    value = outermostWrapper(parent);
  }
}

/** The first word of a function's name: `closeAll`, not `closest`. */
const CLEANUP_NAME = /^_?(?:close|dispose|destroy|clean|cleanup|shut|shutdown|stop|cancel|abort|teardown|tear|rollback|roll|release|unlock|disconnect|report|track|notify|finalize|logout|revoke)(?![a-z])/;

/** Where an abort must not stop the work: `finally`, `catch`, functions that clean up, and what runs because of the abort. */
export function isCleanup(file: SourceFile, call: Node, owner: FunctionNode): boolean {
  for (let node = call; node.parent; node = node.parent) {
    const { parent } = node;
    if (parent.type === 'TryStatement' && parent.finalizer === node) return true;
    if (node.type === 'CatchClause') return true;
    if (parent.type === 'IfStatement' && parent.consequent === node && /\baborted\b/.test(file.getText(parent.test)) && !/!\s*[\w.?]*aborted/.test(file.getText(parent.test))) return true;
    if (isFunction(node)) {
      if (CLEANUP_NAME.test(getFunctionName(node) ?? '')) return true;
      const link = node.parent.type === 'CallExpression' ? skipWrappers(node.parent.callee) : undefined;
      if (link?.type === 'MemberExpression' && /^(?:catch|finally)$/.test(getPropertyName(link) ?? '')) return true;
      if (node === owner) return false;
    }
  }
  return false;
}

function getFunctionName(fn: FunctionNode): string | undefined {
  if (fn.id) return fn.id.name;
  const { parent } = fn;
  if (parent.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return parent.id.name;
  if (parent.type === 'MethodDefinition' || parent.type === 'PropertyDefinition' || parent.type === 'Property') {
    return parent.computed && parent.key.type !== 'Literal' ? (/dispose/i.test(JSON.stringify(getPropertyName(parent) ?? 'dispose')) ? 'dispose' : undefined) : getPropertyName(parent);
  }
  return undefined;
}
