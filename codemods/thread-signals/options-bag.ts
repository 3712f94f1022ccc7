import { ts } from 'ts-morph';
import type { ProgramFiles } from './program-files.js';
import { isJavaScript } from './signal-types.js';
import { getParameters } from './signal-way.js';
import type { Unit } from './units.js';

const BAG_NAME = /^(?:opts?|options|init)$|(?:Options|Opts|Init)$/;

/** The last parameter of every body, where each is an object of options that has room for a signal. */
export function findExistingBag(unit: Unit, files: ProgramFiles): readonly ts.ParameterDeclaration[] | undefined {
  const bags = unit.signatures.map((signature) => getParameters(signature).at(-1));
  const isSameLength = new Set(unit.signatures.map((signature) => getParameters(signature).length)).size === 1;
  const areBags = isSameLength && bags.every((bag) => bag !== undefined && isBag(bag, files));
  return areBags ? (bags as ts.ParameterDeclaration[]) : undefined;
}

function isBag(parameter: ts.ParameterDeclaration, files: ProgramFiles): boolean {
  const type = getTypeNode(parameter);
  const isScript = isJavaScript(parameter.getSourceFile().fileName);
  if (ts.isIdentifier(parameter.name) ? !BAG_NAME.test(parameter.name.text) && !hasBagType(type) : !hasBagType(type) && !isScript) return false;
  if (!ts.isIdentifier(parameter.name) && !ts.isObjectBindingPattern(parameter.name)) return false;
  if (ts.isObjectBindingPattern(parameter.name) && parameter.name.elements.some(({ dotDotDotToken }) => dotDotDotToken)) return false;
  // An inferred type shows no place for one more property, but JavaScript needs none.
  if (type ? !canExtend(type) : !isScript && !isContextuallyTyped(parameter)) return false;
  return hasRoom(parameter, files, isScript) && isOnlyRead(parameter, files);
}

export function getTypeNode(parameter: ts.ParameterDeclaration): ts.TypeNode | undefined {
  return parameter.type ?? ts.getJSDocType(parameter);
}

function hasBagType(type: ts.TypeNode | undefined): boolean {
  if (!type) return false;
  return ts.isTypeLiteralNode(type) || (ts.isTypeReferenceNode(type) && /(?:Options|Opts|Init)$/.test(type.typeName.getText()));
}

/** { retries?: number }, Options, Options & Other */
function canExtend(type: ts.TypeNode): boolean {
  return ts.isTypeLiteralNode(type) || ts.isTypeReferenceNode(type) || ts.isIntersectionTypeNode(type);
}

/** The method of an object that is written for an interface: its parameters have the types of that one. */
function isContextuallyTyped({ parent }: ts.ParameterDeclaration): boolean {
  return ts.isObjectLiteralExpression(parent.parent) || ts.isPropertyAssignment(parent.parent);
}

function hasRoom(parameter: ts.ParameterDeclaration, { checker }: ProgramFiles, isScript: boolean): boolean {
  const type = checker.getNonNullableType(checker.getTypeAtLocation(parameter));
  if ((type.flags & ts.TypeFlags.Any) !== 0) return isScript;
  const isPlain = (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0 && !type.isClass() && type.getCallSignatures().length === 0;
  return isPlain && !checker.isArrayLikeType(type) && checker.getIndexInfosOfType(type).length === 0 && ['signal', 'abortSignal'].every((name) => !checker.getPropertyOfType(type, name));
}

/** Whether the options are taken apart here, or handed to functions of the project as options: they get into no address and no text. */
function isOnlyRead(parameter: ts.ParameterDeclaration, files: ProgramFiles): boolean {
  const { name, parent } = parameter;
  if (!ts.isIdentifier(name) || !('body' in parent) || !parent.body) return true;
  const symbol = files.checker.getSymbolAtLocation(name);
  let isSafe = true;
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text === name.text && node !== name && files.checker.getSymbolAtLocation(node) === symbol && !isReadPart(node, files)) isSafe = false;
    // { options } resolves to the property.
    if (ts.isShorthandPropertyAssignment(node) && node.name.text === name.text) isSafe = false;
    ts.forEachChild(node, visit);
  };
  visit(parent.body);
  return isSafe;
}

function isReadPart(use: ts.Identifier, files: ProgramFiles): boolean {
  const { parent } = use;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === use;
  if (ts.isVariableDeclaration(parent)) return ts.isObjectBindingPattern(parent.name) && parent.name.elements.every(({ dotDotDotToken }) => !dotDotDotToken);
  const spread = ts.isSpreadAssignment(parent) ? parent.parent : undefined;
  const argument = spread ?? use;
  const call = argument.parent;
  if (!ts.isCallExpression(call)) return false;
  const index = call.arguments.indexOf(argument);
  const declaration = index < 0 ? undefined : files.checker.getResolvedSignature(call)?.getDeclaration();
  if (!declaration || !files.isOwn(declaration) || ts.isJSDocSignature(declaration)) return false;
  const target = getParameters(declaration)[index];
  return target !== undefined && index === getParameters(declaration).length - 1 && (ts.isIdentifier(target.name) ? BAG_NAME.test(target.name.text) : true);
}
