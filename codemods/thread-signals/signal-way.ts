import { ts } from 'ts-morph';
import { findExistingBag } from './options-bag.js';
import type { ProgramFiles } from './program-files.js';
import type { Block } from './types.js';
import type { Unit } from './units.js';

/** How a function is to take a signal. */
export type SignalWay =
  /** A new last parameter: `options: { signal?: AbortSignal } = {}`, or the pattern `{ signal }` where `options` has a meaning. */
  | { readonly kind: 'added'; readonly index: number; readonly name: string | undefined }
  /** A property of the options that it takes already. */
  | { readonly kind: 'extended'; readonly index: number };

/** How the function could take a signal without a change for those who hand none in, or why it cannot. */
export function findSignalWay(unit: Unit, files: ProgramFiles): SignalWay | Block {
  if (unit.block) return unit.block;
  const [body] = unit.bodies;
  if (!body) return { reason: 'unsupported-shape', detail: `\`${unit.name}\` has no body here` };
  const index = Math.max(...unit.signatures.map((each) => getParameters(each).length));
  if (unit.signatures.some((each) => !hasRoomAt(each, index, unit))) return { reason: 'unsupported-shape', detail: `the declarations of \`${unit.name}\` differ in their parameters` };
  for (const each of unit.bodies) {
    const detail = findSensitivity(each);
    if (detail !== undefined) return { reason: 'would-change-behaviour', detail: `\`${unit.name}\` ${detail}` };
  }
  if (findExistingBag(unit, files)) return isFree('signal', unit, false) ? { kind: 'extended', index: index - 1 } : taken(unit);
  if (isFree('options', unit, true)) return { kind: 'added', index, name: 'options' };
  return isFree('signal', unit, true) ? { kind: 'added', index, name: undefined } : taken(unit);
}

/** Whether a parameter can stand at the index. An overload may leave some out, and a body with fewer stays as it is. */
function hasRoomAt(signature: ts.SignatureDeclaration, index: number, { bodies }: Unit): boolean {
  const isBody = (bodies as readonly ts.Node[]).includes(signature);
  return isBody || getParameters(signature).length === index || bodies.some((body) => body.parent === signature.parent);
}

/** Whether a body is one of those that take the parameter. */
export function takesParameter(body: ts.SignatureDeclaration, way: SignalWay): boolean {
  return getParameters(body).length === (way.kind === 'added' ? way.index : way.index + 1);
}

function taken({ name }: Unit): Block {
  return { reason: 'name-taken', detail: `\`options\` and \`signal\` have other meanings in \`${name}\`` };
}

/** The parameters that callers give arguments for. */
export function getParameters({ parameters }: ts.SignatureDeclaration): readonly ts.ParameterDeclaration[] {
  return parameters.filter(({ name }) => !(ts.isIdentifier(name) && name.text === 'this'));
}

/** What would notice one more argument. */
function findSensitivity(fn: ts.FunctionLikeDeclaration): string | undefined {
  if (fn.parameters.some(({ dotDotDotToken }) => dotDotDotToken)) return 'takes any number of arguments';
  if (fn.parameters.some((parameter) => ts.canHaveDecorators(parameter) && (ts.getDecorators(parameter)?.length ?? 0) > 0)) return 'has decorated parameters';
  let usesArguments = false;
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text === 'arguments') usesArguments = true;
    const hasOwn = ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node) || ts.isMethodDeclaration(node) || ts.isAccessor(node) || ts.isConstructorDeclaration(node);
    if (!hasOwn) ts.forEachChild(node, visit);
  };
  ts.forEachChild(fn.body!, visit);
  fn.parameters.forEach(visit);
  return usesArguments ? 'reads `arguments`' : undefined;
}

/** Whether a name can be declared in every body without hiding anything, or being hidden. Names of properties do not count. */
function isFree(name: string, { bodies }: Unit, isNew: boolean): boolean {
  return bodies.every((body) => {
    const isPattern = isNew || body.parameters.some((parameter) => parameter === getParameters(body).at(-1) && ts.isObjectBindingPattern(parameter.name));
    return !isPattern || !hasIdentifier(body, name);
  });
}

function hasIdentifier(root: ts.Node, name: string): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text === name && !isPropertyName(node)) found = true;
    if (!found) ts.forEachChild(node, visit);
  };
  visit(root);
  return found;
}

function isPropertyName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isPropertyAssignment(parent) || ts.isMethodDeclaration(parent) || ts.isPropertySignature(parent) || ts.isMethodSignature(parent) || ts.isPropertyDeclaration(parent)) return parent.name === node;
  return ts.isBindingElement(parent) && parent.propertyName === node;
}

/** The signal as it is written inside one body of the function, before any closure in it is looked at. */
export function getSignalText(way: SignalWay, body: ts.FunctionLikeDeclaration): string {
  if (way.kind === 'added') return way.name === undefined ? 'signal' : `${way.name}.signal`;
  const parameter = getParameters(body)[way.index]!;
  if (!ts.isIdentifier(parameter.name)) return 'signal';
  const mayBeMissing = parameter.questionToken !== undefined || (!parameter.initializer && !parameter.type);
  return `${parameter.name.text}${mayBeMissing ? '?.' : '.'}signal`;
}
