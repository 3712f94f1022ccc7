import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, type TSESTree, getPropertyName, isNullish, isWithin, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { findCallsByName } from '../timers/release-loss.js';
import { type Abortable, type SignalGiven, getGivenSignal } from './abortable-calls.js';
import { isUnderTest } from './call-role.js';
import { isControllerCreation } from './controllers.js';
import { type Carriers, getCarriers, mentions } from './signal-carriers.js';
import { type Run, findRun } from './signal-run.js';
import { type SignalSource, isOfCaller } from './signal-sources.js';
import { findAnnotation, findSignalProperty } from './signal-type.js';
import { type UnforwardedSignal, describeFlaw } from './unforwarded-signal.js';

/** A signal of the function's own, where it should be joined with the caller's. */
export function findReplacedSignal(file: SourceFile, abortable: Abortable, given: Extract<SignalGiven, { state: 'passed' }>, run: Run): UnforwardedSignal | undefined {
  const { call } = abortable;
  const { carriers, owner } = run;
  if (!isOfCaller(carriers.source)) return undefined;
  // once(signal, 'abort', { signal: over.signal }): what is waited for is the signal itself.
  if (abortable.kind === 'event' && call.arguments[0] && mentions(file, call.arguments[0], carriers)) return undefined;
  const own = findOwnSignal(file, given.value, owner);
  if (own && isCalledWithoutSignal(file, run)) return undefined;
  if (own && !mentions(file, given.value, carriers) && !(own.variable && carriers.variables.has(own.variable))) {
    return describeFlaw(file, call, run, 'replaced', { abortable, given, replacement: given.value });
  }
  return undefined;
}

/** A function of the file whose every call is in sight, and none hands a signal in. */
function isCalledWithoutSignal(file: SourceFile, { owner, carriers }: Run): boolean {
  const { source } = carriers;
  const isExported = /^Export/.test(owner.parent.type) || /^Export/.test(owner.parent.parent?.parent?.type ?? '');
  const calls = isExported ? undefined : findCallsByName(file, owner);
  const index = owner.params.findIndex((parameter) => isWithin(source.node, parameter));
  if (!calls || calls.length === 0 || index === -1) return false;
  return calls.every((call) => {
    const argument = call.arguments[index];
    if (!argument) return true;
    const node = skipWrappers(argument);
    if (isNullish(node)) return true;
    return node.type === 'ObjectExpression' && node.properties.every((property) => property.type === 'Property' && getPropertyName(property) !== undefined && getPropertyName(property) !== source.path[0]);
  });
}

/** init.signal = controller.signal, where `init` is the caller's or has the caller's signal already. */
export function findReplacingAssignment(file: SourceFile, member: TSESTree.MemberExpression): UnforwardedSignal | undefined {
  const { parent } = member;
  if (parent.type !== 'AssignmentExpression' || parent.left !== member || parent.operator !== '=') return undefined;
  const base = skipWrappers(member.object);
  const variable = base.type === 'Identifier' ? file.getVariable(base) : undefined;
  const run = variable && /^(?:signal|abortSignal)$/.test(getPropertyName(member) ?? '') ? findRun(file, member) : undefined;
  if (!run || !variable || isUnderTest(file, member, run)) return undefined;
  const { carriers, owner } = run;
  const isCallers = carriers.source.kind === 'option' && variable === carriers.source.variable && carriers.source.path.length === 1;
  if (!isCallers && !(carriers.variables.has(variable) && bringsSignal(file, variable, carriers))) return undefined;
  const own = findOwnSignal(file, parent.right, owner);
  if (!own || mentions(file, parent.right, carriers) || (own.variable && carriers.variables.has(own.variable))) return undefined;
  return describeFlaw(file, parent, run, 'replaced', { replacement: parent.right });
}

/** const init = { ...options }, init.signal = options.signal: an object that has the caller's signal. */
function bringsSignal(file: SourceFile, variable: Variable, carriers: Carriers): boolean {
  return variable.references.some(({ identifier, writeExpr }) => {
    const value = writeExpr && skipWrappers(writeExpr);
    if (value?.type === 'ObjectExpression') {
      return value.properties.some((element) => (element.type === 'SpreadElement' || getPropertyName(element) === 'signal') && mentions(file, element, carriers));
    }
    const member = outermostWrapper(identifier).parent;
    const assignment = member?.type === 'MemberExpression' && getPropertyName(member) === 'signal' ? member.parent : undefined;
    return assignment?.type === 'AssignmentExpression' && assignment.left === member && mentions(file, assignment.right, carriers);
  });
}

/** The signal of a controller that the function made, `AbortSignal.timeout(…)`: a signal that the caller cannot abort. */
function findOwnSignal(file: SourceFile, value: Node, owner: FunctionNode, depth = 0): { variable?: Variable | undefined } | undefined {
  const node = skipWrappers(value);
  if (depth > 3) return undefined;
  if (node.type === 'CallExpression') return file.getOrigin(node.callee) === 'global:AbortSignal.timeout' ? {} : undefined;
  if (node.type === 'MemberExpression' && getPropertyName(node) === 'signal') {
    const object = skipWrappers(node.object);
    if (object.type !== 'Identifier') return undefined;
    const variable = file.getVariable(object);
    const creation = variable && file.getOnlyValue(variable);
    return creation && isControllerCreation(file, creation) && isWithin(creation, owner) ? { variable } : undefined;
  }
  if (node.type !== 'Identifier') return undefined;
  const variable = file.getVariable(node);
  const [definition] = variable?.defs ?? [];
  const declarator = definition?.node;
  if (!variable || declarator?.type !== 'VariableDeclarator' || !declarator.init || !isWithin(declarator, owner)) return undefined;
  if (declarator.id.type === 'ObjectPattern') {
    // const { signal } = new AbortController()
    const object = skipWrappers(declarator.init);
    const controller = object.type === 'Identifier' ? file.getVariable(object) : undefined;
    const creation = controller ? file.getOnlyValue(controller) : object;
    return creation && isControllerCreation(file, creation) ? { variable: controller } : undefined;
  }
  const only = file.getOnlyValue(variable);
  return only ? findOwnSignal(file, only, owner, depth + 1) : undefined;
}

/** fetch(url, { ...options, signal: controller.signal }), where `options` is a parameter of unknown content: request options, then. */
export function findReplacedSpread(file: SourceFile, abortable: Abortable): UnforwardedSignal | undefined {
  const given = getGivenSignal(file, abortable);
  if (given.state !== 'passed' || !given.property || !given.options) return undefined;
  const before = given.options.properties.slice(0, given.options.properties.indexOf(given.property));
  for (const element of before) {
    if (element.type !== 'SpreadElement' || element.argument.type !== 'Identifier') continue;
    const variable = file.getVariable(element.argument);
    const [definition] = variable?.defs ?? [];
    if (!variable || definition?.type !== 'Parameter' || definition.name.type !== 'Identifier') continue;
    const pattern = definition.name.parent?.type === 'AssignmentPattern' ? definition.name.parent : definition.name;
    const annotation = findAnnotation(pattern);
    const owner = definition.node as FunctionNode;
    if (annotation && findSignalProperty(file, annotation) === 'absent') continue;
    const source: SignalSource = { kind: 'option', variable, path: ['signal'], text: `${variable.name}${pattern === definition.name ? '?.' : '.'}signal`, node: definition.name };
    const run = { owner, carriers: getCarriers(file, owner, source) };
    if (!annotation) return findReplacedSignal(file, abortable, given, run);
  }
  return undefined;
}

/** { signal: AbortSignal.any([options.signal, own]), ...options }: the spread puts the caller's signal back. */
export function findOverwrittenSignal(file: SourceFile, abortable: Abortable, given: SignalGiven, run: Run): UnforwardedSignal | undefined {
  const { source } = run.carriers;
  const { options } = given;
  if (!options || source.kind !== 'option' || abortable.place.form !== 'option') return undefined;
  const { property: name } = abortable.place;
  const index = options.properties.findIndex((element) => element.type === 'Property' && getPropertyName(element) === name);
  const property = options.properties[index];
  if (property?.type !== 'Property' || !mentions(file, property.value, run.carriers) || isSourceItself(file, property.value, source)) return undefined;
  const [spread, ...others] = options.properties.slice(index + 1).filter((element) => element.type === 'SpreadElement');
  if (!spread || others.length > 0 || spread.argument.type !== 'Identifier' || file.getVariable(spread.argument) !== source.variable) return undefined;
  return describeFlaw(file, abortable.call, run, 'overwritten', { abortable, given });
}

/** signal: options.signal, ...options: twice the same. */
function isSourceItself(file: SourceFile, value: Node, source: SignalSource): boolean {
  return file.getText(value).replaceAll('?', '') === source.text.replaceAll('?', '');
}
