import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, type TSESTree, getPropertyName, isWithin, skipWrappers } from '../syntax/node.js';
import type { Abortable } from './abortable-calls.js';
import { findFunction } from './functions.js';
import { mentions } from './signal-carriers.js';
import { type Run, isAwaited } from './signal-run.js';
import { getSignalSources } from './signal-sources.js';
import { findAnnotation, findSignalProperty, isSignalType } from './signal-type.js';

/** A function of the file, or by its type of any file, whose signature takes a signal. */
export function findProjectCall(file: SourceFile, call: TSESTree.CallExpression, { carriers }: Run): Abortable | undefined {
  const { arguments: args } = call;
  if (args.some((argument) => argument.type === 'SpreadElement')) return undefined;
  if (carriers.source.kind === 'field' && isOwnMethod(call)) return undefined;
  const callee = findFunction(file, call.callee);
  if (callee ? !takesTime(callee) : !isAwaited(call)) return undefined;
  const place = callee ? findSignalPlace(file, callee) : toPlace(file.types?.getSignalParameter(call));
  if (!place) return undefined;
  // The caller's options as a whole, or anything else that brings the signal along; a text that came of it does not.
  if (args.some((argument) => mentions(file, argument, carriers) && !isText(file, argument))) return undefined;
  if (place.index > args.length || isWithin(call, callee ?? file.ast) === (callee !== undefined)) return undefined;
  return { call, kind: 'project', place, bounds: [] };
}

function isText(file: SourceFile, argument: Node): boolean {
  return argument.type === 'Identifier' && file.types?.hasMembers(argument, ['charCodeAt', 'localeCompare']) === true;
}

function toPlace(parameter: { readonly index: number; readonly property?: string } | undefined): Abortable['place'] | undefined {
  if (!parameter) return undefined;
  const { index, property } = parameter;
  return property === undefined ? { form: 'argument', index } : { form: 'option', index, property };
}

/** async functions, generators, and those that return a promise by their signature. */
export function takesTime(callee: FunctionNode): boolean {
  if (callee.async || callee.generator) return true;
  const type = callee.returnType?.typeAnnotation;
  return type?.type === 'TSTypeReference' && type.typeName.type === 'Identifier' && /^(?:Promise|PromiseLike|AsyncGenerator|AsyncIterable|AsyncIterableIterator)$/.test(type.typeName.name);
}

/** this.load(): a method of the class has the signal of the class itself. */
function isOwnMethod(call: TSESTree.CallExpression): boolean {
  const callee = skipWrappers(call.callee);
  return callee.type === 'MemberExpression' && skipWrappers(callee.object).type === 'ThisExpression';
}

/** A signal that the function takes for the sake of its signature, and does not look at. */
function isUnused(file: SourceFile, parameter: Node): boolean {
  const name = parameter.type === 'AssignmentPattern' ? parameter.left : parameter;
  const variable = name.type === 'Identifier' ? file.getVariable(name) : undefined;
  return variable !== undefined && variable.references.every((reference) => !reference.isRead());
}

/** Where a function's own parameters say that it takes a signal. */
function findSignalPlace(file: SourceFile, callee: FunctionNode): Abortable['place'] | undefined {
  for (const [index, parameter] of callee.params.entries()) {
    const annotation = findAnnotation(parameter);
    if (annotation && isSignalType(annotation)) return isUnused(file, parameter) ? undefined : { form: 'argument', index };
    const property = annotation && findSignalProperty(file, annotation);
    if (property && property !== 'absent') return { form: 'option', index, property: property.name };
  }
  const [source] = getSignalSources(file, callee);
  if (source?.kind !== 'parameter' || source.variable === undefined) return undefined;
  const index = callee.params.findIndex((parameter) => isWithin(source.node, parameter));
  const target = callee.params[index];
  const pattern = target?.type === 'AssignmentPattern' ? target.left : target;
  if (pattern?.type === 'Identifier') return { form: 'argument', index };
  if (pattern?.type !== 'ObjectPattern') return undefined;
  const property = pattern.properties.find((candidate) => candidate.type === 'Property' && isWithin(source.node, candidate));
  const name = property?.type === 'Property' ? getPropertyName(property) : undefined;
  return name === undefined ? undefined : { form: 'option', index, property: name };
}
