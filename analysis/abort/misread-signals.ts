import type { SourceFile } from '../source-file.js';
import { type Node, type TSESTree, getPropertyName, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { findAbortable, getGivenSignal } from './abortable-calls.js';
import { findMisplacedHome } from './signal-sources.js';
import { type SignalProperty, findAnnotation, findInnerSignal, findSignalProperty } from './signal-type.js';
import type { Call, UnforwardedSignal } from './unforwarded-signal.js';

/** fetch(url, { abortSignal }): the name of another library's option. */
export function findMisnamedOption(file: SourceFile, call: Call): UnforwardedSignal | undefined {
  const abortable = findAbortable(file, call);
  if (!abortable || abortable.place.form !== 'option') return undefined;
  const { place } = abortable;
  const given = getGivenSignal(file, abortable);
  if (given.state !== 'missing' || !given.options) return undefined;
  const wrong = given.options.properties.find((element) => element.type === 'Property' && /^(?:signal|abortSignal|abort_signal|abortController|cancelSignal|abort)$/.test(getPropertyName(element) ?? ''));
  const name = wrong?.type === 'Property' ? getPropertyName(wrong) : undefined;
  if (wrong?.type !== 'Property' || name === undefined || name === place.property) return undefined;
  return {
    node: wrong,
    flaw: 'misnamed',
    name,
    source: undefined,
    abortable,
    given,
    expected: place.property,
    certainty: 'certain',
    path: [{ kind: 'note', node: wrong, text: `\`${place.property}\` is what the call reads` }],
  };
}

/** A signal read off an object whose declared type keeps it under another name or in an inner object. */
export function findMisreadSignal(file: SourceFile, member: TSESTree.MemberExpression): UnforwardedSignal | undefined {
  const name = getPropertyName(member);
  if (name === undefined || !/^(?:signal|abortSignal|cancelSignal)$/.test(name)) return undefined;
  const object = skipWrappers(member.object);
  if (object.type !== 'Identifier') return undefined;
  const [definition] = file.getVariable(object)?.defs ?? [];
  if (definition?.type !== 'Parameter') return undefined;
  const pattern = definition.name.parent;
  const annotation = findAnnotation(pattern?.type === 'AssignmentPattern' ? pattern : definition.name);
  if (!annotation || !isForwarded(member)) return undefined;
  const home = findMisplacedHome(file, annotation);
  const declared = home ? undefined : findSignalProperty(file, annotation);
  const expected = home?.join('?.') ?? findDeclaredWay(file, annotation, name, declared);
  if (expected === undefined) return undefined;
  const text = `${object.name}.${expected}`;
  return {
    node: member,
    flaw: 'misread',
    name: file.getText(member),
    source: undefined,
    expected: text,
    certainty: 'certain',
    path: [{ kind: 'note', node: member, text: `the type of \`${object.name}\` has the signal in \`${expected}\`` }],
  };
}

function findDeclaredWay(file: SourceFile, annotation: Node, name: string, declared: SignalProperty | undefined): string | undefined {
  if (!declared || declares(file, annotation, name)) return undefined;
  if (declared === 'absent') return findInnerSignal(file, annotation);
  return declared.name === name ? undefined : declared.name;
}

/** Whether the type mentions a property of that name at all. */
function declares(file: SourceFile, annotation: Node, name: string): boolean {
  return new RegExp(`\\b${name}\\??\\s*:`).test(file.getText(annotation)) || file.types?.hasMembers(annotation, [name]) === true;
}

/** Passed on as a signal, or looked at as one. */
function isForwarded(member: Node): boolean {
  const { parent } = outermostWrapper(member);
  if (parent?.type === 'Property') return /signal/i.test(getPropertyName(parent) ?? '');
  if (parent?.type === 'MemberExpression') return /^(?:aborted|throwIfAborted|addEventListener|reason)$/.test(getPropertyName(parent) ?? '');
  return parent?.type === 'CallExpression' || parent?.type === 'ArrayExpression' || parent?.type === 'LogicalExpression';
}
