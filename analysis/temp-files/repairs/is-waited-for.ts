import type { Variable } from '../../scopes/scope.js';
import type { SourceFile } from '../../source-file.js';
import { type CodeRoot, type Node, getEnclosingRoot, isFunction, outermostWrapper } from '../../syntax/node.js';

/**
 * Whether a function waits for the result of a call: awaits it or what it is part of, returns it from an asynchronous
 * function, or puts it into a variable that is awaited or given to something that is (`await once(child, 'exit')`).
 */
export function isWaitedFor(call: Node, root: CodeRoot, file: SourceFile, seen = new Set<Variable>()): boolean {
  for (let value = call; ; ) {
    const outer = outermostWrapper(value);
    const { parent } = outer;
    switch (parent?.type) {
      case 'AwaitExpression':
        return isWithinRoot(parent, root, file, seen);
      case 'ReturnStatement': {
        const own = getEnclosingRoot(parent);
        return own === root ? isFunction(own) && own.async : isResultWaitedFor(own, root, file, seen);
      }
      case 'ArrowFunctionExpression':
        return parent === root ? parent.async : isResultWaitedFor(parent, root, file, seen);
      case 'ArrayExpression':
      case 'ConditionalExpression':
      case 'LogicalExpression':
      case 'SpreadElement':
      case 'TSAsExpression':
        value = parent;
        break;
      case 'Property':
        value = parent.parent;
        break;
      // run(path).then(…).catch(…)
      case 'MemberExpression':
        if (parent.object !== outer) return false;
        value = parent;
        break;
      case 'CallExpression':
      case 'NewExpression':
        value = parent;
        break;
      case 'VariableDeclarator': {
        const variable = parent.id.type === 'Identifier' ? file.getVariable(parent.id) : undefined;
        if (!variable || seen.has(variable)) return false;
        seen.add(variable);
        return variable.references.some((reference) => {
          if (!reference.isRead()) return false;
          // await new Promise((resolve) => { stream.on('finish', resolve); })
          const own = getEnclosingRoot(reference.identifier);
          return isWaitedFor(reference.identifier, root, file, seen) || (own !== root && isResultWaitedFor(own, root, file, seen));
        });
      }
      default:
        return false;
    }
  }
}

/** An `await` in a function within waits only where somebody waits for that function. */
function isWithinRoot(node: Node, root: CodeRoot, file: SourceFile, seen: Set<Variable>): boolean {
  const own = getEnclosingRoot(node);
  return own === root || isResultWaitedFor(own, root, file, seen);
}

/** await Promise.all(names.map(async (name) => …)), await withRetry(() => …), await new Promise((resolve) => …) */
function isResultWaitedFor(fn: CodeRoot, root: CodeRoot, file: SourceFile, seen: Set<Variable>): boolean {
  if (!isFunction(fn)) return false;
  const outer = outermostWrapper(fn);
  const { parent } = outer;
  if (parent?.type === 'CallExpression' || parent?.type === 'NewExpression') return isWaitedFor(parent, root, file, seen);
  const name = fn.type === 'FunctionDeclaration' ? fn.id : parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier' ? parent.id : undefined;
  const variable = name ? file.getVariable(name) : undefined;
  if (!variable || seen.has(variable)) return false;
  seen.add(variable);
  const uses = variable.references.filter((reference) => reference.isRead()).map(({ identifier }) => outermostWrapper(identifier));
  return uses.length > 0 && uses.every((use) => use.parent?.type === 'CallExpression' && isWaitedFor(use.parent, root, file, seen));
}
