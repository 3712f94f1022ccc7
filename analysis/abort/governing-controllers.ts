import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, findEnclosingFunction, getPropertyName, isWithin, outermostWrapper } from '../syntax/node.js';
import { isControllerCreation } from './controllers.js';
import type { SignalSource } from './signal-sources.js';

/**
 * A controller that a function made for its own run: `const controller = new AbortController()`, which only something that
 * happens later aborts, and neither a time limit nor the function itself.
 */
export function findGoverningController(file: SourceFile, owner: FunctionNode, call: Node): Variable | undefined {
  for (let node: Node = call; node !== owner && node.parent; node = node.parent) {
    for (const scope of file.getScopes(node.parent)) {
      const found = scope.variables.find((variable) => isGoverning(file, variable, owner, call));
      if (found) return found;
    }
  }
  return undefined;
}

const sources = new WeakMap<Variable, SignalSource>();

/** The signal of such a controller where the function looks at it, so that it means to stop when it has aborted. */
export function findAskedController(file: SourceFile, owner: FunctionNode, call: Node): SignalSource | undefined {
  const variable = findGoverningController(file, owner, call);
  if (!variable || !isAsked(file, variable)) return undefined;
  let source = sources.get(variable);
  if (!source) {
    source = { kind: 'controller', variable, path: ['signal'], text: `${variable.name}.signal`, node: variable.identifiers[0]! };
    sources.set(variable, source);
  }
  return source;
}

function isGoverning(file: SourceFile, variable: Variable, owner: FunctionNode, call: Node): boolean {
  const [declaration] = variable.identifiers;
  const creation = file.getOnlyValue(variable);
  if (!declaration || !creation || !isControllerCreation(file, creation) || creation.range[1] > call.range[0]) return false;
  const uses = variable.references.filter(({ init }) => !init).map(({ identifier }) => outermostWrapper(identifier));
  const aborts = uses.flatMap(({ parent }) => (parent?.type === 'MemberExpression' && getPropertyName(parent) === 'abort' ? [parent] : []));
  return aborts.every((abort) => isByEvent(file, abort, owner)) && (aborts.length > 0 || uses.some(isStored));
}

/** process.once('SIGTERM', () => controller.abort()), return () => controller.abort() */
function isByEvent(file: SourceFile, abort: Node, owner: FunctionNode): boolean {
  const handler = findEnclosingFunction(abort);
  if (!handler || handler === owner || !isWithin(handler, owner)) return false;
  const { parent } = outermostWrapper(handler);
  if (parent?.type === 'ReturnStatement') return true;
  return parent?.type === 'CallExpression' && /(?:^|\.)(?:on|once|addListener|addEventListener|onAbort|addAbortListener)$/.test(file.getText(parent.callee));
}

/** this.controller = controller: somebody else aborts it. */
function isStored(use: Node): boolean {
  const { parent } = use;
  return parent?.type === 'AssignmentExpression' && parent.right === use && parent.left.type === 'MemberExpression';
}

/** controller.signal.aborted, const { signal } = controller; if (signal.aborted) … */
function isAsked(file: SourceFile, controller: Variable): boolean {
  return controller.references.some(({ identifier }) => {
    const value = outermostWrapper(identifier);
    const { parent } = value;
    if (parent?.type === 'MemberExpression' && getPropertyName(parent) === 'signal') return isSignalAsked(file, parent);
    if (parent?.type !== 'VariableDeclarator' || parent.init !== value || parent.id.type !== 'ObjectPattern') return false;
    return parent.id.properties.some((property) => property.type === 'Property' && property.value.type === 'Identifier' && isVariableAsked(file.getVariable(property.value)));
  });
}

function isSignalAsked(file: SourceFile, signal: Node): boolean {
  const value = outermostWrapper(signal);
  const { parent } = value;
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return isVariableAsked(file.getVariable(parent.id));
  return isAskedAt(value);
}

function isVariableAsked(variable: Variable | undefined): boolean {
  return variable?.references.some(({ identifier }) => isAskedAt(outermostWrapper(identifier))) ?? false;
}

function isAskedAt(value: Node): boolean {
  const { parent } = value;
  return parent?.type === 'MemberExpression' && parent.object === value && /^(?:aborted|throwIfAborted)$/.test(getPropertyName(parent) ?? '');
}
