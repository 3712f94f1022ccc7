import type { SourceFile } from '../source-file.js';
import { type CodeRoot, type Node, getEnclosingRoot, getStringValue, isFunction, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';

const JOINS = new Set(['path:join', 'path:resolve', 'path:posix.join', 'path:normalize', 'global:String', 'path:format']);
/** A file that has a name of its own already. */
const NAMED = new Set(['tempy:temporaryFile()', 'tempy:file()', 'tempy:default.file()']);
const ROOTS = new Set(['os:tmpdir()', 'global:process.env.TMPDIR', 'global:process.env.TEMP', 'global:process.env.TMP', 'global:process.env.RUNNER_TEMP', 'temp-dir:default', ...NAMED]);
const FRESH = /random|uuid|guid|nanoid|\bulid\b|\bcuid\b|\bnow\b|new Date|\bpid\b|hrtime|mkdtemp|temporaryFile|tempy|tmpName|unique|timestamp|nonce|Date\(\)|getTime/i;

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

/** Whether a name differs from run to run, so that every run leaves another file: a clock, a process number, something random. */
export function isFreshName(expression: Node, file: SourceFile, depth = 0): boolean {
  if (depth > 6) return false;
  let isFresh = false;
  walk(expression, (node) => {
    if (isFresh || isFunction(node)) return false;
    if (node.type === 'CallExpression' || node.type === 'MemberExpression' || node.type === 'NewExpression') isFresh = FRESH.test(file.getText(node).slice(0, 200));
    if (node.type !== 'Identifier' || isFresh) return !isFresh;
    const variable = file.getVariable(node);
    const value = variable && file.getOnlyValue(variable);
    isFresh = value ? value !== expression && isFreshName(value, file, depth + 1) : variable?.defs[0]?.type === 'Parameter' && FRESH.test(node.name);
    return !isFresh;
  });
  return isFresh;
}

/**
 * Whether a name is the same for every call, so that one file at most is left; `isTold`: also one that another process
 * can tell from the number of this one.
 */
export function isFixedName(expression: Node, file: SourceFile, isTold = false, depth = 0): boolean {
  if (depth > 6) return false;
  const node = skipWrappers(expression);
  const isFixed = (part: Node) => part.type !== 'SpreadElement' && isFixedName(part, file, isTold, depth + 1);
  switch (node.type) {
    case 'Literal':
      return true;
    case 'TemplateLiteral':
      return node.expressions.every(isFixed);
    case 'BinaryExpression':
    case 'LogicalExpression':
      return isFixed(node.left) && isFixed(node.right);
    case 'CallExpression':
      return isSharedFolder(node, file) || (JOINS.has(file.getOrigin(node.callee) ?? '') && node.arguments.every(isFixed));
    case 'MemberExpression':
      return isSharedFolder(node, file) || (isTold && /^(?:global:process\.|process:)p?pid$/.test(file.getOrigin(node) ?? ''));
    case 'Identifier': {
      const variable = file.getVariable(node);
      const value = variable && file.getOnlyValue(variable);
      return value !== undefined && isFixed(value);
    }
    default:
      return false;
  }
}

function isSharedFolder(node: Node, file: SourceFile): boolean {
  const origin = file.getOrigin(node) ?? '';
  return ROOTS.has(origin) && !NAMED.has(origin);
}

/** Whether a path lies in a folder with a fresh name of its own, which the same function has made up and which goes with all that is in it. */
export function isInFreshFolder(path: Node, root: CodeRoot, file: SourceFile): boolean {
  let node = skipWrappers(path);
  const own = node.type === 'Identifier' ? file.getVariable(node) : undefined;
  const value = own && file.getOnlyValue(own);
  if (value) node = skipWrappers(value);
  const base = node.type === 'CallExpression' ? node.arguments[0] : node.type === 'TemplateLiteral' ? node.expressions[0] : node.type === 'BinaryExpression' ? node.left : undefined;
  const folder = base && skipWrappers(base);
  const variable = folder?.type === 'Identifier' ? file.getVariable(folder) : undefined;
  const made = variable && file.getOnlyValue(variable);
  return made !== undefined && getEnclosingRoot(made) === root && isFreshName(made, file);
}
