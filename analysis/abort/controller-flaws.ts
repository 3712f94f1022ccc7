import type { Finding } from '../finding.js';
import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type Node, type TSESTree, findEnclosingClass, getEnclosingRoot, getPropertyName, isFunction, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { type Abortable, findAbortable } from './abortable-calls.js';
import { isControllerCreation } from './controllers.js';
import { getFileIndex } from './file-index.js';

/** What is wrong with a controller that the code made. */
export type ControllerFlaw =
  /** Its signal is given away, and nothing can ever abort it. */
  | 'idle'
  /** It is aborted, and nothing has its signal. */
  | 'unheard'
  /** It is passed where its signal belongs. */
  | 'as-signal';

export interface FlawedController extends Finding {
  readonly flaw: ControllerFlaw;
  /** How the code names it: `controller`, `this.controller`. */
  readonly name: string;
}

interface Uses {
  readonly signals: readonly Node[];
  /** `controller.signal.aborted`: it serves as a flag. */
  readonly isAsked: boolean;
  readonly aborts: readonly Node[];
  /** Passed as it stands where a signal is read. */
  readonly asSignal: readonly Node[];
  /** Handed to code that may do anything with it. */
  readonly isHandedOut: boolean;
}

/** Controllers that cannot do what they are for. */
export function findFlawedControllers(file: SourceFile): FlawedController[] {
  const findings: FlawedController[] = [];
  for (const creation of getFileIndex(file).creations) {
    if (!isControllerCreation(file, creation)) continue;
    findings.push(...inspect(file, creation));
  }
  return findings;
}

function inspect(file: SourceFile, creation: TSESTree.NewExpression): FlawedController[] {
  const { parent } = outermostWrapper(creation);
  if (parent?.type === 'VariableDeclarator') {
    // const { signal } = new AbortController(): nobody has the controller.
    if (parent.id.type === 'ObjectPattern') return takesOnlySignal(parent.id) ? [report('idle', creation, creation, 'new AbortController()')] : [];
    const variable = parent.id.type === 'Identifier' ? file.getVariable(parent.id) : undefined;
    // A controller of the module is as much an example of use as a mistake.
    if (!variable || file.getOnlyValue(variable) === undefined || !isFunction(getEnclosingRoot(creation))) return [];
    return judge(creation, variable.name, getVariableUses(file, variable));
  }
  if (parent?.type === 'PropertyDefinition') {
    const name = getPropertyName(parent);
    const isPrivate = parent.key.type === 'PrivateIdentifier' || parent.accessibility === 'private';
    if (name === undefined || !isPrivate || parent.static) return [];
    return judge(creation, `this.${name}`, getFieldUses(file, parent, name));
  }
  return [];
}

function judge(creation: Node, name: string, uses: Uses): FlawedController[] {
  const passed = uses.asSignal.map((node) => report('as-signal', node, node, name));
  if (uses.isHandedOut || passed.length > 0) return passed;
  if (uses.signals.length > 0 && uses.aborts.length === 0) return [report('idle', creation, uses.signals[0]!, name)];
  if (uses.aborts.length > 0 && uses.signals.length === 0 && !uses.isAsked) return [report('unheard', creation, uses.aborts[0]!, name)];
  return [];
}

function getVariableUses(file: SourceFile, variable: Variable): Uses {
  const uses = createUses();
  for (const { identifier, init } of variable.references) if (!init) sort(file, identifier, uses);
  return uses;
}

function getFieldUses(file: SourceFile, field: TSESTree.PropertyDefinition, name: string): Uses {
  const uses = createUses();
  for (const member of getFileIndex(file).members) {
    if (getPropertyName(member) !== name) continue;
    const isOwn = skipWrappers(member.object).type === 'ThisExpression' && findEnclosingClass(member) === field.parent.parent;
    if (isOwn) sort(file, member, uses);
    else uses.isHandedOut = true;
  }
  return uses;
}

function createUses() {
  return { signals: [] as Node[], aborts: [] as Node[], asSignal: [] as Node[], isAsked: false, isHandedOut: false };
}

/** Sorts one use of the controller into what it does. */
function sort(file: SourceFile, use: Node, uses: ReturnType<typeof createUses>): void {
  const value = outermostWrapper(use);
  const { parent } = value;
  if (parent?.type === 'MemberExpression' && parent.object === value) {
    const name = getPropertyName(parent);
    if (name === 'abort') uses.aborts.push(parent);
    else if (name !== 'signal') uses.isHandedOut = true;
    else if (isOnlyAsked(parent)) uses.isAsked = true;
    else uses.signals.push(parent);
    return;
  }
  if (parent?.type === 'VariableDeclarator' && parent.init === value && parent.id.type === 'ObjectPattern') {
    if (takesOnlySignal(parent.id)) uses.signals.push(parent);
    else uses.isHandedOut = true;
    return;
  }
  if (parent?.type === 'Property' && parent.value === value && isSignalOption(file, parent)) uses.asSignal.push(use);
  else uses.isHandedOut = true;
}

function isOnlyAsked(member: Node): boolean {
  const { parent } = outermostWrapper(member);
  return parent?.type === 'MemberExpression' && /^(?:aborted|reason)$/.test(getPropertyName(parent) ?? '');
}

/** fetch(url, { signal: controller }) */
function isSignalOption(file: SourceFile, property: TSESTree.Property): boolean {
  const object = property.parent;
  const call = object.parent;
  if (call?.type !== 'CallExpression' && call?.type !== 'NewExpression') return false;
  const abortable: Abortable | undefined = findAbortable(file, call);
  return abortable?.place.form === 'option' && call.arguments[abortable.place.index] === object && getPropertyName(property) === abortable.place.property;
}

function takesOnlySignal(pattern: TSESTree.ObjectPattern): boolean {
  return pattern.properties.length > 0 && pattern.properties.every((property) => property.type === 'Property' && getPropertyName(property) === 'signal');
}

function report(flaw: ControllerFlaw, node: Node, where: Node, name: string): FlawedController {
  const text = flaw === 'idle' ? 'its signal is given away' : flaw === 'unheard' ? 'it is aborted' : 'it is passed as a signal';
  return { node, flaw, name, certainty: 'certain', path: [{ kind: 'acquire', node, text: 'the controller' }, { kind: 'note', node: where, text }] };
}
