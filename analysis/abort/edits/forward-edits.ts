import { addArguments, addProperty } from '../../errors/cause-edits.js';
import type { SourceFile } from '../../source-file.js';
import { placeAtStart } from '../../repairs/place-statement.js';
import type { TextEdit } from '../../repairs/text-edit.js';
import { type Node, type TSESTree, getPropertyName, skipWrappers } from '../../syntax/node.js';
import type { Abortable, SignalGiven } from '../abortable-calls.js';
import { findOwnController } from '../controllers.js';
import type { UnforwardedSignal } from '../unforwarded-signal.js';

/** The edits that let the signal of the function reach what a finding is about; undefined where there is no simple way. */
export function getForwardEdits(file: SourceFile, finding: UnforwardedSignal): TextEdit[] | undefined {
  const { flaw, name, node, abortable, given, replacement, expected, source } = finding;
  switch (flaw) {
    case 'missing':
      return name === undefined || !abortable || !given ? undefined : addSignal(file, abortable, given, name);
    case 'replaced':
      return name === undefined || !replacement ? undefined : [replaceValue(replacement, joinSignals(file, name, replacement, source?.kind === 'parameter' && isCertain(source.node)))];
    case 'overwritten':
      return moveBehindSpread(file, finding);
    case 'loop':
      return name === undefined ? undefined : checkInLoop(file, node, name, source?.kind === 'parameter' && isCertain(source.node));
    case 'misnamed':
      return node.type === 'Property' && expected !== undefined ? rename(file, node, expected) : undefined;
    case 'misread':
      return expected === undefined ? undefined : [{ start: node.range[0], end: node.range[1], text: expected }];
    default:
      return undefined;
  }
}

/** Puts a signal where a call takes it: into its options, in place of `undefined`, or as an argument. */
export function addSignal(file: SourceFile, { call, place }: Abortable, given: SignalGiven, name: string): TextEdit[] | undefined {
  const { text } = file;
  const value = place.form === 'argument' || name === place.property ? name : `${place.property}: ${name}`;
  const written = place.form === 'argument' ? name : `{ ${value} }`;
  const argument = call.arguments[place.index];
  if (place.form === 'option' && place.isBeforeCallback && argument) return [{ start: argument.range[0], end: argument.range[0], text: `${written}, ` }];
  if (!argument) return addArguments(text, call, [...Array<string>(place.index - call.arguments.length).fill('undefined'), written]);
  const node = skipWrappers(argument);
  if (node.type === 'Literal' && typeof node.value === 'string') {
    // readFile(path, 'utf8')
    return place.form === 'option' ? [{ start: argument.range[0], end: argument.range[1], text: `{ encoding: ${file.getText(node)}, ${value} }` }] : undefined;
  }
  if (node.type !== 'ObjectExpression') {
    const isNothing = node.type === 'Literal' || (node.type === 'Identifier' && node.name === 'undefined');
    return isNothing ? [{ start: argument.range[0], end: argument.range[1], text: written }] : undefined;
  }
  if (place.form === 'argument') return undefined;
  const present = node.properties.find((property) => property.type === 'Property' && getPropertyName(property) === place.property);
  if (present) return [{ start: present.range[0], end: present.range[1], text: value }];
  return given.state === 'missing' ? addProperty(text, node, value) : undefined;
}

/** Another value in place of one; `{ signal }` becomes `{ signal: … }`. */
export function replaceValue(value: Node, text: string): TextEdit {
  const { parent } = value;
  const key = parent?.type === 'Property' && parent.shorthand && parent.key.type === 'Identifier' ? `${parent.key.name}: ` : '';
  return { start: value.range[0], end: value.range[1], text: `${key}${text}` };
}

/** `signal ? AbortSignal.any([signal, own]) : own`: an optional signal must not get into the list. */
function joinSignals(file: SourceFile, name: string, own: Node, isAlwaysThere: boolean): string {
  const text = file.getText(own);
  if (isAlwaysThere) return `AbortSignal.any([${name}, ${text}])`;
  // Written twice, it would be made twice.
  if (skipWrappers(own).type === 'CallExpression') return `AbortSignal.any([${text}, ...(${name} ? [${name.replaceAll('?.', '.')}] : [])])`;
  return `${name} ? AbortSignal.any([${name.replaceAll('?.', '.')}, ${text}]) : ${text}`;
}

/** { signal, ...options }  →  { ...options, signal } */
function moveBehindSpread(file: SourceFile, { given, abortable }: UnforwardedSignal): TextEdit[] | undefined {
  const options = given?.options;
  const property = options?.properties.find((element) => element.type === 'Property' && abortable?.place.form === 'option' && getPropertyName(element) === abortable.place.property);
  const next = options && property && options.properties[options.properties.indexOf(property) + 1];
  if (!options || !property || !next || /\/[/*]/.test(file.text.slice(property.range[1], next.range[0]))) return undefined;
  return [{ start: property.range[0], end: next.range[0], text: '' }, ...addProperty(file.text, options, file.getText(property))];
}

/** while (…) { rest }  →  while (…) { signal?.throwIfAborted(); rest } */
function checkInLoop(file: SourceFile, loop: Node, name: string, isAlwaysThere: boolean): TextEdit[] | undefined {
  const { body } = loop as TSESTree.WhileStatement;
  return body.type === 'BlockStatement' ? placeAtStart(body, `${name}${isAlwaysThere ? '' : '?'}.throwIfAborted();`, file) : undefined;
}

/** `signal: AbortSignal`, neither optional nor nullish. */
function isCertain(declaration: Node): boolean {
  if (declaration.type !== 'Identifier' || declaration.optional) return false;
  return declaration.typeAnnotation?.typeAnnotation.type === 'TSTypeReference';
}

/** { abortSignal }  →  { signal: abortSignal }; { abortController: c }  →  { signal: c.signal } */
function rename(file: SourceFile, property: TSESTree.Property, expected: string): TextEdit[] {
  const value = file.getText(property.value);
  const isController = findOwnController(file, property.value) !== undefined;
  return [{ start: property.range[0], end: property.range[1], text: value === expected && !isController ? expected : `${expected}: ${value}${isController ? '.signal' : ''}` }];
}

