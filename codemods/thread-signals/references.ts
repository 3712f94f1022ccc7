import { ts } from 'ts-morph';
import type { ProgramFiles } from './program-files.js';
import type { Block } from './types.js';
import type { Unit } from './units.js';

export interface References {
  readonly calls: readonly ts.CallExpression[];
  /** A use other than a call, by which somebody could hand in more arguments than are in sight. */
  readonly block: Block | undefined;
}

/** Everything in the project that calls a function, through imports, re-exports and other names for it. `index`: that of the parameter to come. */
export function findReferences(unit: Unit, index: number, files: ProgramFiles): References {
  const targets = new Set(unit.targets);
  const calls = new Set<ts.CallExpression>();
  const names = new Set([unit.name]);
  const seen = new Set<ts.Node>();
  let block: Block | undefined;
  for (const name of names) {
    for (const identifier of files.findIdentifiers(name)) {
      if (seen.has(identifier) || !resolveAll(identifier, files.checker).some((target) => targets.has(target))) continue;
      seen.add(identifier);
      const use = classify(identifier, index, files);
      if (use.kind === 'call') calls.add(use.call);
      else if (use.kind === 'alias') {
        // What the new name is the same function for may have been looked at already.
        targets.add(use.declaration);
        names.delete(use.name);
        names.add(use.name);
      } else if (use.kind === 'value') {
        const { line } = identifier.getSourceFile().getLineAndCharacterOfPosition(identifier.getStart());
        block ??= { reason: 'would-change-behaviour', detail: `\`${unit.name}\` ${use.detail} in ${baseName(identifier)}:${line + 1}` };
      }
    }
  }
  return { calls: [...calls], block };
}

function baseName(node: ts.Node): string {
  return node.getSourceFile().fileName.replace(/^.*\//, '');
}

/** The declarations that a name stands for, imports followed to their ends. */
function resolveAll(identifier: ts.MemberName, checker: ts.TypeChecker): readonly ts.Node[] {
  const { parent } = identifier;
  if (ts.isBindingElement(parent) && (parent.propertyName ?? parent.name) === identifier && ts.isObjectBindingPattern(parent.parent)) {
    // const { get } = api
    const property = checker.getPropertyOfType(checker.getTypeAtLocation(parent.parent), identifier.text);
    if (property) return getDeclarations(property, checker);
  }
  const symbol = ts.isShorthandPropertyAssignment(parent) ? checker.getShorthandAssignmentValueSymbol(parent) : checker.getSymbolAtLocation(identifier);
  return symbol ? getDeclarations(symbol, checker) : [];
}

function getDeclarations(symbol: ts.Symbol, checker: ts.TypeChecker): readonly ts.Node[] {
  const target = (symbol.flags & ts.SymbolFlags.Alias) !== 0 ? checker.getAliasedSymbol(symbol) : symbol;
  return (target.declarations ?? []).map(skipAssignment);
}

/** exports.a = a: the declaration is the assignment or its left side. */
function skipAssignment(node: ts.Node): ts.Node {
  return ts.isBinaryExpression(node) ? node.left : node;
}

type Use =
  | { readonly kind: 'call'; readonly call: ts.CallExpression }
  | { readonly kind: 'alias'; readonly name: string; readonly declaration: ts.Node }
  | { readonly kind: 'value'; readonly detail: string }
  | { readonly kind: 'harmless' };

const HARMLESS: Use = { kind: 'harmless' };

function classify(identifier: ts.MemberName, index: number, files: ProgramFiles): Use {
  const { parent } = identifier;
  if (isDeclarationName(identifier) || ts.isTypeQueryNode(parent) || ts.isExportAssignment(parent) || ts.isQualifiedName(parent)) return HARMLESS;
  if (ts.isBindingElement(parent)) return alias(parent, parent.name);
  let value: ts.Node = ts.isPropertyAccessExpression(parent) && parent.name === identifier ? parent : identifier;
  while (ts.isParenthesizedExpression(value.parent) || ts.isNonNullExpression(value.parent)) value = value.parent;
  return classifyValue(value as ts.Expression, index, files);
}

function classifyValue(value: ts.Expression, index: number, files: ProgramFiles): Use {
  const { parent } = value;
  if (ts.isCallExpression(parent) && parent.expression === value) return { kind: 'call', call: parent };
  if (ts.isShorthandPropertyAssignment(parent)) return isLoose(parent.parent, files) ? alias(parent, parent.name) : asValue(value, index, files);
  if (ts.isPropertyAssignment(parent) && parent.initializer === value) return isLoose(parent.parent, files) ? alias(parent, parent.name) : asValue(value, index, files);
  if (ts.isVariableDeclaration(parent) && !parent.type) return alias(parent, parent.name);
  if (ts.isBinaryExpression(parent)) return fromBinary(parent, value, index, files);
  if (ts.isPropertyAccessExpression(parent)) {
    if (parent.name.text === 'length') return { kind: 'value', detail: 'has its `length` read' };
    return /^(?:call|apply|bind)$/.test(parent.name.text) ? { kind: 'value', detail: `is called by \`${parent.name.text}\`` } : HARMLESS;
  }
  const isAsked = ts.isTypeOfExpression(parent) || (ts.isPrefixUnaryExpression(parent) && parent.operator === ts.SyntaxKind.ExclamationToken) || ts.isIfStatement(parent) || ts.isExpressionStatement(parent);
  return isAsked ? HARMLESS : asValue(value, index, files);
}

/** module.exports = f, exports.f = f, f === other, f.displayName = … */
function fromBinary(parent: ts.BinaryExpression, value: ts.Expression, index: number, files: ProgramFiles): Use {
  const operator = parent.operatorToken.kind;
  if (operator !== ts.SyntaxKind.EqualsToken) return /^[=!]==?$/.test(parent.operatorToken.getText()) ? HARMLESS : asValue(value, index, files);
  if (parent.left === value) return HARMLESS;
  const isExport = ts.isPropertyAccessExpression(parent.left) && /^(?:module\.)?exports$|^module\.exports\.|^exports\./.test(parent.left.getText());
  if (!isExport || !ts.isPropertyAccessExpression(parent.left)) return asValue(value, index, files);
  return /^module\.exports$/.test(parent.left.getText()) ? HARMLESS : alias(parent.left, parent.left.name);
}

/** A literal that has no other type than its own. */
function isLoose(literal: ts.ObjectLiteralExpression, { checker }: ProgramFiles): boolean {
  const type = checker.getContextualType(literal);
  return type === undefined || (type.flags & ts.TypeFlags.Any) !== 0;
}

function alias(declaration: ts.Node, name: ts.BindingName | ts.PropertyName): Use {
  if (!ts.isIdentifier(name)) return { kind: 'value', detail: 'goes where its calls cannot be followed' };
  return { kind: 'alias', name: name.text, declaration };
}

/** Handed over as a value: harmless where its type says that it is called with no more arguments than it has parameters now. */
function asValue(value: ts.Expression, index: number, { checker }: ProgramFiles): Use {
  const expected = checker.getContextualType(value);
  const signatures = expected ? checker.getNonNullableType(expected).getCallSignatures() : [];
  const isSafe = signatures.length > 0 && signatures.every((signature) => {
    const parameters = signature.getParameters();
    const last = parameters.at(-1)?.valueDeclaration;
    const hasRest = last !== undefined && ts.isParameter(last) && last.dotDotDotToken !== undefined;
    return !hasRest && parameters.length <= index;
  });
  return isSafe ? HARMLESS : { kind: 'value', detail: 'is handed over as a value' };
}

function isDeclarationName(identifier: ts.MemberName): boolean {
  const { parent } = identifier;
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent) || ts.isImportClause(parent) || ts.isNamespaceImport(parent)) return true;
  const isNamed =
    ts.isFunctionDeclaration(parent) ||
    ts.isFunctionExpression(parent) ||
    ts.isVariableDeclaration(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isPropertyAssignment(parent);
  return isNamed && parent.name === identifier;
}
