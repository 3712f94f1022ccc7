import { type CallLike, type Node, type TSESTree, getPropertyName, isUndefined, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import type { CaughtError } from './caught-error.js';
import { type ErrorClass, findErrorClass } from './error-class.js';

/** How the constructor of an error takes its cause. */
export interface CauseParameter {
  readonly index: number;
  /** The property of an options object, or undefined where the parameter is the cause itself. */
  readonly property: string | undefined;
}

/** Where the caught error is written into the expression that makes the new one. */
export type CausePlace =
  /** As an argument of its own, after `fill` arguments that are left out so far. */
  | { readonly kind: 'argument'; readonly fill: number; readonly property: string | undefined }
  /** As a property of an object that is there. */
  | { readonly kind: 'property'; readonly object: TSESTree.ObjectExpression; readonly property: string }
  /** In place of an argument: `new Error(message, error)`. */
  | { readonly kind: 'instead'; readonly argument: Node; readonly property: string };

interface Replaced {
  readonly node: CallLike;
  readonly caught: CaughtError;
}

/** Where the cause goes; undefined where the class is not known from this file or has no place for one. */
export function findCausePlace(file: SourceFile, { node, caught }: Replaced, errorClass: ErrorClass | undefined): CausePlace | undefined {
  const parameter = findCauseParameter(file, errorClass);
  return parameter && getCausePlace(node, parameter, (argument) => isCaught(file, argument, caught));
}

/** Where the cause goes in a call whose signature is known. `isCause` tells an argument that is the caught error itself. */
export function getCausePlace(node: CallLike, { index, property }: CauseParameter, isCause: (argument: Node) => boolean): CausePlace | undefined {
  const args = node.arguments;
  if (args.some((argument) => argument.type === 'SpreadElement')) return undefined;
  const taken = args[index];
  if (!taken) return { kind: 'argument', fill: index - args.length, property };
  if (property === undefined) return undefined;
  if (taken.type === 'ObjectExpression') {
    const isThere = taken.properties.some((existing) => existing.type === 'Property' && getPropertyName(existing) === property);
    return isThere ? undefined : { kind: 'property', object: taken, property };
  }
  return isCause(taken) || isUndefined(taken) ? { kind: 'instead', argument: taken, property } : undefined;
}

function isCaught(file: SourceFile, argument: Node, caught: CaughtError): boolean {
  const variable = argument.type === 'Identifier' ? file.getReference(argument)?.resolved : undefined;
  return variable != null && caught.tracked.has(variable);
}

/** The parameter that takes the cause, as far as the class can be read in this file. */
function findCauseParameter(file: SourceFile, errorClass: ErrorClass | undefined): CauseParameter | undefined {
  if (errorClass?.kind === 'native') return getNativeParameter(errorClass.base);
  if (errorClass?.kind !== 'local') return undefined;
  const { node, constructor } = errorClass;
  for (const [index, parameter] of constructor.params.entries()) {
    const property = findRole(file, node, constructor, parameter);
    if (property) return { index, property: property === 'itself' ? undefined : property };
  }
  return undefined;
}

/** `new Error(message, { cause })`, and `new AggregateError(errors, message, { cause })`. `DOMException` takes a name there. */
function getNativeParameter(base: string): CauseParameter | undefined {
  if (base === 'DOMException' || base === 'SuppressedError') return undefined;
  return { index: base === 'AggregateError' ? 2 : 1, property: 'cause' };
}

/** What a parameter is for: the cause `itself`, or options of which a property is the cause. */
function findRole(file: SourceFile, owner: Node, constructor: { readonly body?: Node | null }, parameter: Node): string | undefined {
  const target = parameter.type === 'TSParameterProperty' ? parameter.parameter : parameter;
  const inner = target.type === 'AssignmentPattern' ? target.left : target;
  if (inner.type === 'ObjectPattern') {
    const names = inner.properties.map((property) => (property.type === 'Property' ? getPropertyName(property) : undefined));
    return names.includes('cause') ? 'cause' : undefined;
  }
  if (inner.type !== 'Identifier') return undefined;
  if (parameter.type === 'TSParameterProperty') return inner.name === 'cause' ? 'itself' : undefined;
  const variable = file.getVariable(inner);
  return variable && findUse(file, owner, constructor.body ?? undefined, variable);
}

function findUse(file: SourceFile, owner: Node, body: Node | undefined, variable: Variable): string | undefined {
  let role: string | undefined;
  if (!body) return undefined;
  const isVariable = (node: Node | undefined) => node !== undefined && file.getReference(skipWrappers(node))?.resolved === variable;
  const superClass = 'superClass' in owner ? (owner.superClass as Node | null) : null;
  const base = superClass ? findErrorClass(file, superClass) : undefined;
  walk(
    body,
    (node) => {
      if (role) return false;
      if (node.type === 'CallExpression' && node.callee.type === 'Super') {
        // super(message, options)  or  super(message, { cause })
        const options = base?.kind === 'native' ? node.arguments[getNativeParameter(base.base)?.index ?? -1] : undefined;
        if (isVariable(options)) role = 'cause';
      } else if (node.type === 'Property' && node.parent.type === 'ObjectExpression' && getPropertyName(node) === 'cause') {
        if (isVariable(node.value)) role = 'itself';
      } else if (node.type === 'AssignmentExpression' && node.left.type === 'MemberExpression' && node.left.object.type === 'ThisExpression') {
        // this.cause = cause
        if (getPropertyName(node.left) === 'cause' && isVariable(node.right)) role = 'itself';
      } else if (node.type === 'MemberExpression' && isVariable(node.object) && getPropertyName(node) === 'cause') role = 'cause';
      return true;
    },
    file.visitorKeys,
  );
  return role;
}
