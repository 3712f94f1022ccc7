import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, type TSESTree, getEnclosingRoot, getPropertyName, isFunction, isWithin, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { isControllerCreation } from './controllers.js';

/**
 * Whether a signal may live longer than the call: a parameter, an option, a field, a variable of the module. Not one that the
 * function made, that came with a request, or that a callback got for its one run.
 */
export function outlivesCall(file: SourceFile, signal: Node, root: FunctionNode, isNeverRemoved: boolean): boolean {
  let base = signal;
  const names: string[] = [];
  while (base.type === 'MemberExpression') {
    names.unshift(getPropertyName(base) ?? '');
    base = skipWrappers(base.object);
  }
  const owners = names.slice(0, -1);
  if (owners.some(isRequestName) || names.some((name) => /^req(?:uest)?(?:Abort)?Signal$/i.test(name))) return false;
  // this.controller.signal: who never removes a listener may replace the controller each time instead.
  if (owners.some(isControllerName) && (isNeverRemoved || base.type !== 'ThisExpression')) return false;
  if (base.type === 'ThisExpression') return true;
  if (base.type !== 'Identifier') return false;
  if (names.length > 0 && (isRequestName(base.name) || isControllerName(base.name))) return false;
  const variable = file.getVariable(base);
  const [definition] = variable?.defs ?? [];
  if (!variable || !definition) return false;
  if (definition.type === 'Parameter') return !isPerCall(definition.node);
  const value = file.getOnlyValue(variable) ?? findDestructured(definition.node);
  if (!value) return definition.type === 'ImportBinding' || !isWithin(definition.node, root) || isAssignedSignal(variable);
  // const options = normalise(given): options.signal is still the caller's.
  if (names.length > 0 && skipWrappers(value).type === 'CallExpression') return OPTIONS_NAME.test(base.name) && (skipWrappers(value) as TSESTree.CallExpression).arguments.length > 0;
  return valueOutlivesCall(file, value, root, isNeverRemoved);
}

const OPTIONS_NAME = /(?:options|opts|config|params|settings|init|args)$/i;

/** const { signal } = options */
function findDestructured(definition: Node): Node | undefined {
  return definition.type === 'VariableDeclarator' && definition.id.type === 'ObjectPattern' ? (definition.init ?? undefined) : undefined;
}

function isAssignedSignal(variable: Variable): boolean {
  return variable.references.some((reference) => reference.writeExpr?.type === 'MemberExpression');
}

function valueOutlivesCall(file: SourceFile, value: Node, root: FunctionNode, isNeverRemoved: boolean): boolean {
  const node = skipWrappers(value);
  switch (node.type) {
    case 'LogicalExpression':
      // options.signal ?? request.signal
      return valueOutlivesCall(file, node.left, root, isNeverRemoved) || valueOutlivesCall(file, node.right, root, isNeverRemoved);
    case 'ConditionalExpression':
      return valueOutlivesCall(file, node.consequent, root, isNeverRemoved) || valueOutlivesCall(file, node.alternate, root, isNeverRemoved);
    case 'Identifier':
    case 'MemberExpression': {
      if (node.type === 'Identifier') {
        const variable = file.getVariable(node);
        const only = variable && file.getOnlyValue(variable);
        if (only && isControllerCreation(file, only)) return !isWithin(only, root) && !isFunction(getEnclosingRoot(only));
      }
      return outlivesCall(file, node, root, isNeverRemoved);
    }
    default:
      // new AbortController().signal, AbortSignal.timeout(…), a call that may make one
      return false;
  }
}

function isRequestName(name: string): boolean {
  return /^(?:req|request|raw|rawRequest|event|turn|job)$|Request$/.test(name);
}

function isControllerName(name: string): boolean {
  return /(?:controller|ac|abort|aborter)$/i.test(name);
}

/** queue.add(async ({ signal }) => …), withTimeout((signal) => …): a signal for this one run. */
function isPerCall(owner: Node): boolean {
  if (!isFunction(owner)) return false;
  const { parent } = outermostWrapper(owner);
  return (parent?.type === 'CallExpression' && parent.callee !== owner) || (parent?.type === 'Property' && parent.parent.parent?.type === 'CallExpression');
}
