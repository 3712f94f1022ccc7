import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, type TSESTree, getPropertyName, getStringValue, isFunction, isWithin, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import { findOwnController } from './controllers.js';
import { findFunction, someBelow } from './functions.js';
import type { SignalSource } from './signal-sources.js';

/** What in a function brings a signal along: other names for it, objects that hold it, controllers that follow it. */
export interface Carriers {
  readonly source: SignalSource;
  readonly variables: ReadonlySet<Variable>;
  /** Variables that are the signal itself, or one that aborts with it. */
  readonly aliases: readonly Variable[];
}

export type Holders = Pick<Carriers, 'source' | 'variables'>;

const known = new WeakMap<SignalSource, Carriers>();

/** Works out, generously, what carries a signal inside the function that has it. */
export function getCarriers(file: SourceFile, owner: FunctionNode, source: SignalSource): Carriers {
  let carriers = known.get(source);
  if (!carriers) known.set(source, (carriers = collect(file, owner, source)));
  return carriers;
}

function collect(file: SourceFile, owner: FunctionNode, source: SignalSource): Carriers {
  const variables = new Set<Variable>();
  const aliases: Variable[] = [];
  const carriers = { source, variables, aliases };
  for (let size = -1; size !== variables.size; ) {
    size = variables.size;
    walk(
      owner,
      (node) => {
        if (node.type === 'VariableDeclarator' && node.init) addTarget(file, node.id, node.init, carriers);
        else if (node.type === 'AssignmentExpression') addAssignment(file, node.left, node.right, carriers);
        else if (node.type === 'CallExpression') addLinked(file, node, carriers);
        else if (node.type === 'ForOfStatement' && node.left.type === 'VariableDeclaration') addElement(file, node.left.declarations[0].id, node.right, carriers);
      },
      file.visitorKeys,
    );
  }
  return carriers;
}

/** const init = { signal }, const { signal } = options, const merged = AbortSignal.any([signal, own]) */
function addTarget(file: SourceFile, target: Node, value: Node, carriers: { source: SignalSource; variables: Set<Variable>; aliases: Variable[] }): void {
  const { source, variables, aliases } = carriers;
  if (target.type === 'Identifier') {
    const variable = file.getVariable(target);
    if (!variable || variables.has(variable) || isFunction(skipWrappers(value)) || !mentions(file, value, carriers)) return;
    variables.add(variable);
    if (isSignalValue(file, value, carriers)) aliases.push(variable);
    return;
  }
  if (target.type !== 'ObjectPattern' || !mentions(file, value, carriers)) return;
  for (const property of target.properties) {
    if (property.type === 'RestElement') {
      const rest = property.argument.type === 'Identifier' ? file.getVariable(property.argument) : undefined;
      const takesSignal = target.properties.some((other) => other.type === 'Property' && getPropertyName(other) === source.path[0]);
      if (rest && !takesSignal) variables.add(rest);
      continue;
    }
    const name = property.value.type === 'AssignmentPattern' ? property.value.left : property.value;
    const variable = name.type === 'Identifier' ? file.getVariable(name) : undefined;
    if (!variable || variables.has(variable) || !/signal/i.test(getPropertyName(property) ?? '')) continue;
    variables.add(variable);
    aliases.push(variable);
  }
}

/** init.signal = signal, child.signal.onabort = …, source.onabort = () => controller.abort() */
function addAssignment(file: SourceFile, target: Node, value: Node, carriers: { source: SignalSource; variables: Set<Variable>; aliases: Variable[] }): void {
  if (target.type === 'MemberExpression') {
    if (getPropertyName(target) === 'onabort' && mentions(file, target.object, carriers)) addAll(file, value, carriers.variables);
    if (!mentions(file, value, carriers)) return;
    let base: Node = target;
    while (base.type === 'MemberExpression') base = skipWrappers(base.object);
    const variable = base.type === 'Identifier' ? file.getVariable(base) : undefined;
    if (variable && variable !== carriers.source.variable) carriers.variables.add(variable);
    return;
  }
  addTarget(file, target, value, carriers);
}

/** for (const each of signals), signals.forEach((each) => …): one of what carries the signal. */
function addElement(file: SourceFile, target: Node, list: Node, carriers: { source: SignalSource; variables: Set<Variable>; aliases: Variable[] }): void {
  const variable = target.type === 'Identifier' ? file.getVariable(target) : undefined;
  if (!variable || !mentions(file, list, carriers)) return;
  carriers.variables.add(variable);
}

/** addAbortListener of `node:events`, onAbort of the runtime: `onAbort(signal, () => controller.abort())`. */
const LISTENING = /^(?:onAbort|addAbortListener)$/;

/** signal.addEventListener('abort', () => controller.abort()), link(signal, controller): the controller follows the signal. */
function addLinked(file: SourceFile, call: TSESTree.CallExpression, carriers: { source: SignalSource; variables: Set<Variable>; aliases: Variable[] }): void {
  const callee = skipWrappers(call.callee);
  const [each] = call.arguments;
  const isIteration = callee.type === 'MemberExpression' && /^(?:forEach|map|filter|some|every|find)$/.test(getPropertyName(callee) ?? '');
  if (isIteration && each && isFunction(each) && each.params[0]) addElement(file, each.params[0], callee.object, carriers);
  const isListening = callee.type === 'MemberExpression' && getPropertyName(callee) === 'addEventListener' && getStringValue(call.arguments[0]) === 'abort';
  const isHelper = callee.type === 'Identifier' && LISTENING.test(callee.name);
  if ((isListening && mentions(file, callee.object, carriers)) || (isHelper && each && isSignalValue(file, each, carriers))) {
    for (const argument of isHelper ? call.arguments.slice(1) : call.arguments) addAll(file, findFunction(file, argument) ?? argument, carriers.variables);
    return;
  }
  // Only what is handed over together with the signal itself, not with the options that hold it.
  const gets = call.arguments.filter((argument) => isSignalValue(file, argument, carriers));
  if (gets.length === 0) return;
  for (const argument of call.arguments) {
    if (gets.includes(argument)) continue;
    const controller = findOwnController(file, argument);
    if (controller) carriers.variables.add(controller);
  }
}

/** The variables that an expression reads, those of a function's body included. */
function addAll(file: SourceFile, root: Node, variables: Set<Variable>): void {
  walk(
    root,
    (node) => {
      const variable = node.type === 'Identifier' ? file.getReference(node)?.resolved : undefined;
      if (variable && variable.defs.length > 0) variables.add(variable);
    },
    file.visitorKeys,
  );
}

/** What holds the signal or follows it, without what merely came of work that was given it: `response` of `await fetch(url, { signal })`. */
export function getHolders({ source, variables }: Holders): Holders {
  const isResult = (variable: Variable) => {
    const written = variable.references.flatMap(({ writeExpr }) => (writeExpr ? [skipWrappers(writeExpr)] : []));
    return written.length > 0 && written.every((value) => value.type === 'AwaitExpression');
  };
  return { source, variables: new Set([...variables].filter((variable) => !isResult(variable))) };
}

/** Whether anything below `root` brings the signal along. */
export function mentions(file: SourceFile, root: Node, carriers: Holders): boolean {
  return someBelow(root, (node) => isMention(file, node, carriers), file);
}

function isMention(file: SourceFile, node: Node, { source, variables }: Holders): boolean {
  if (node.type === 'ThisExpression' && !source.variable) return leadsToSignal(node, source.path);
  if (node.type !== 'Identifier') return false;
  const variable = file.getReference(node)?.resolved;
  if (!variable) return false;
  if (variables.has(variable)) return !isOnlyAsked(node);
  return variable === source.variable && leadsToSignal(node, source.path);
}

/** options.headers and c.req.param are not the signal; options, options.signal, c.req and options[name] may be. */
function leadsToSignal(base: Node, path: readonly string[]): boolean {
  let value = outermostWrapper(base);
  for (const step of path) {
    const { parent } = value;
    if (parent?.type !== 'MemberExpression' || parent.object !== value) return true;
    const name = getPropertyName(parent);
    if (name === undefined) return true;
    if (name !== step) return false;
    value = outermostWrapper(parent);
  }
  return !isOnlyAsked(value);
}

/** signal.aborted, signal.throwIfAborted(), signal.reason: looks at the signal and passes it to nobody. */
function isOnlyAsked(node: Node): boolean {
  const value = outermostWrapper(node);
  const { parent } = value;
  return parent?.type === 'MemberExpression' && parent.object === value && /^(?:aborted|reason|throwIfAborted)$/.test(getPropertyName(parent) ?? '');
}

/** Whether an expression is the signal, or a signal that aborts with it. */
function isSignalValue(file: SourceFile, expression: Node, carriers: Pick<Carriers, 'source'> & { aliases?: readonly Variable[] }): boolean {
  const { source, aliases = [] } = carriers;
  const node = skipWrappers(expression);
  switch (node.type) {
    case 'Identifier': {
      const variable = file.getVariable(node);
      if (!variable) return false;
      return (variable === source.variable && source.path.length === 0) || aliases.includes(variable);
    }
    case 'MemberExpression': {
      const path: string[] = [];
      let base: Node = node;
      while (base.type === 'MemberExpression') {
        path.unshift(getPropertyName(base) ?? '');
        base = skipWrappers(base.object);
      }
      const isRoot = source.variable ? base.type === 'Identifier' && file.getVariable(base) === source.variable : base.type === 'ThisExpression';
      return isRoot && path.length === source.path.length && path.every((name, index) => name === source.path[index]);
    }
    case 'LogicalExpression':
      return isSignalValue(file, node.left, carriers) || isSignalValue(file, node.right, carriers);
    case 'ConditionalExpression':
      return isSignalValue(file, node.consequent, carriers) || isSignalValue(file, node.alternate, carriers);
    case 'CallExpression':
      // AbortSignal.any([signal, timeout])
      return file.getOrigin(node.callee) === 'global:AbortSignal.any' && someBelow(node, (inner) => inner !== node && isSignalValue(file, inner, carriers), file);
    default:
      return false;
  }
}

/** The shortest name of the signal that can be written at `place`; undefined where every name is hidden there. */
export function findVisibleName(file: SourceFile, place: Node, { source, aliases }: Carriers): string | undefined {
  for (const alias of aliases) {
    const [declaration] = alias.identifiers;
    if (declaration && declaration.range[1] <= place.range[0] && isVisible(file, place, alias) && isDeclaredAround(declaration, place)) return alias.name;
  }
  if (!source.variable) return source.text;
  return isVisible(file, place, source.variable) ? source.text : undefined;
}

/** Whether a name, written at `place`, would mean this variable: nothing in between declares it anew. */
function isVisible(file: SourceFile, place: Node, variable: Variable): boolean {
  for (let node: Node | undefined = place; node; node = node.parent) {
    for (const scope of file.getScopes(node)) {
      const found = scope.set.get(variable.name);
      if (found) return found === variable;
    }
  }
  return false;
}

/** A `const` of the same function or of one around it, in a block that holds the place. */
function isDeclaredAround(declaration: Node, place: Node): boolean {
  for (let node: Node | undefined = declaration.parent; node; node = node.parent) {
    if (node.type === 'BlockStatement' || node.type === 'Program' || isFunction(node)) return isWithin(place, node);
  }
  return false;
}
