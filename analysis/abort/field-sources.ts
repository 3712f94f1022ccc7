import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, type TSESTree, findEnclosingClass, getPropertyName, skipWrappers } from '../syntax/node.js';
import { isControllerCreation } from './controllers.js';
import { someBelow } from './functions.js';
import type { SignalSource } from './signal-sources.js';
import { findAnnotation, findSignalProperty, getTypeName, isSignalType } from './signal-type.js';

interface Field {
  readonly name: string;
  readonly node: Node;
  readonly annotation: TSESTree.TypeNode | undefined;
  readonly value: Node | undefined;
  readonly isOptional: boolean;
}

/** The signal that a method finds in its class: a field, a field of options that has one, or a controller that the method itself looks at. */
export function getFieldSources(file: SourceFile, owner: FunctionNode): SignalSource[] {
  const isMethod = owner.parent.type === 'MethodDefinition' && owner.parent.kind === 'method' && !owner.parent.static;
  const isArrowField = owner.parent.type === 'PropertyDefinition' && owner.parent.value === owner && owner.type === 'ArrowFunctionExpression';
  const host = isMethod || isArrowField ? findEnclosingClass(owner) : undefined;
  if (!host) return [];
  const fields = getFields(host);
  for (const field of fields) if (field.annotation && isSignalType(field.annotation)) return [toSource(field)];
  for (const field of fields) {
    // constructor(private readonly options: { signal?: AbortSignal })
    const property = field.annotation && findSignalProperty(file, field.annotation);
    if (property && property !== 'absent') return [toSource(field, property.name)];
  }
  // if (this.controller.signal.aborted) return
  const controller = fields.find((field) => isController(file, field) && isAskedIn(file, owner, field.name));
  return controller ? [{ ...toSource(controller, 'signal'), isOwnController: true }] : [];
}

function getFields(host: TSESTree.ClassDeclaration | TSESTree.ClassExpression): Field[] {
  return host.body.body.flatMap((member): Field[] => {
    if (member.type === 'PropertyDefinition' && !member.static) {
      const name = getPropertyName(member);
      const annotation = findAnnotation(member);
      // options: Options; is there once the constructor has run.
      const isOptional = member.optional || (!member.value && (annotation === undefined || annotation.type === 'TSUnionType'));
      return name === undefined ? [] : [{ name, node: member, annotation, value: member.value ?? undefined, isOptional }];
    }
    if (member.type !== 'MethodDefinition' || member.kind !== 'constructor') return [];
    return member.value.params.flatMap((parameter): Field[] => {
      if (parameter.type !== 'TSParameterProperty') return [];
      const target = parameter.parameter.type === 'AssignmentPattern' ? parameter.parameter.left : parameter.parameter;
      if (target.type !== 'Identifier') return [];
      return [{ name: target.name, node: parameter, annotation: findAnnotation(parameter), value: undefined, isOptional: Boolean(target.optional) }];
    });
  });
}

function isController(file: SourceFile, { annotation, value }: Field): boolean {
  if (value) return isControllerCreation(file, value);
  const parts = annotation?.type === 'TSUnionType' ? annotation.types : [annotation];
  return parts.some((part) => part?.type === 'TSTypeReference' && getTypeName(part) === 'AbortController');
}

/** Whether a method asks `this.name.signal` if it has aborted: it means to stop then. */
function isAskedIn(file: SourceFile, owner: FunctionNode, name: string): boolean {
  return someBelow(
    owner,
    (node) => {
      if (node.type !== 'MemberExpression' || !/^(?:aborted|throwIfAborted)$/.test(getPropertyName(node) ?? '')) return false;
      const signal = skipWrappers(node.object);
      if (signal.type !== 'MemberExpression' || getPropertyName(signal) !== 'signal') return false;
      const controller = skipWrappers(signal.object);
      return controller.type === 'MemberExpression' && getPropertyName(controller) === name && skipWrappers(controller.object).type === 'ThisExpression';
    },
    file,
  );
}

function toSource({ name, node, isOptional }: Field, property?: string): SignalSource {
  const inner = property === undefined ? '' : `${isOptional ? '?.' : '.'}${property}`;
  return { kind: 'field', variable: undefined, path: property === undefined ? [name] : [name, property], text: `this.${name}${inner}`, node };
}
