import { ts } from 'ts-morph';
import type { Edit, NeededImport, Target } from '../types.js';
import { addToList } from './add-to-list.js';
import { findHeaderEnd } from './find-header-end.js';
import { findLineEnd } from './find-line-end.js';
import { type TextStyle, getStatementEnd, getTextStyle } from './get-text-style.js';

/** A name that is to be imported already means something else at the top of the file. */
export class NameTakenError extends Error {
  constructor(readonly takenName: string) {
    super(`\`${takenName}\` is declared in the file already.`);
  }
}

type Named = ts.ImportDeclaration | ts.VariableStatement;

/**
 * The edits that bring the needed names into the file: merged into an import or `require` of the same module, or one
 * new statement after the last one, or below the head of the file. Throws a `NameTakenError` for a name in use.
 */
export function getImportEdits(file: ts.SourceFile, needed: readonly NeededImport[], format: Target['moduleFormat']): Edit[] {
  const edits: Edit[] = [];
  const statements: string[] = [];
  const style = getTextStyle(file);
  for (const [module, names] of groupByModule(needed)) {
    const loads = findLoads(file, module, format);
    const missing = names.filter((name) => !loads.some((load) => getBoundNames(load).includes(name)));
    const taken = missing.find((name) => getTopLevelNames(file).has(name));
    if (taken !== undefined) throw new NameTakenError(taken);
    if (missing.length === 0) continue;
    const merged = loads.map((load) => mergeInto(file, load, missing, style)).find((result) => result !== undefined);
    if (merged) edits.push(...merged);
    else statements.push(writeStatement(module, missing, format, style));
  }
  if (statements.length > 0) edits.push(placeStatements(file, statements, format, style));
  return edits;
}

function groupByModule(needed: readonly NeededImport[]): Map<string, string[]> {
  const modules = new Map<string, string[]>();
  for (const { module, name } of needed) {
    const names = modules.get(module) ?? [];
    modules.set(module, names);
    if (!names.includes(name)) names.push(name);
  }
  return modules;
}

function findLoads(file: ts.SourceFile, module: string, format: Target['moduleFormat']): Named[] {
  return file.statements.filter((statement): statement is Named => {
    if (format === 'esm') {
      return ts.isImportDeclaration(statement) && ts.isStringLiteral(statement.moduleSpecifier) && statement.moduleSpecifier.text === module;
    }
    return getRequire(statement)?.module === module;
  });
}

/** const { a, b } = require('module') */
function getRequire(statement: ts.Statement): { module: string; pattern: ts.BindingName } | undefined {
  if (!ts.isVariableStatement(statement)) return undefined;
  const [declaration, ...others] = statement.declarationList.declarations;
  const init = declaration?.initializer;
  if (!declaration || others.length > 0 || !init || !ts.isCallExpression(init)) return undefined;
  const [argument] = init.arguments;
  if (!ts.isIdentifier(init.expression) || init.expression.text !== 'require' || !argument || !ts.isStringLiteral(argument)) return undefined;
  return { module: argument.text, pattern: declaration.name };
}

/** The names that the statement binds as values under the name that the module exports. */
function getBoundNames(load: Named): string[] {
  if (ts.isVariableStatement(load)) {
    const pattern = getRequire(load)!.pattern;
    if (!ts.isObjectBindingPattern(pattern)) return [];
    return pattern.elements.flatMap((element) =>
      !element.propertyName && !element.dotDotDotToken && ts.isIdentifier(element.name) ? [element.name.text] : [],
    );
  }
  const bindings = load.importClause?.namedBindings;
  if (!bindings || !ts.isNamedImports(bindings) || isTypeOnly(load.importClause)) return [];
  return bindings.elements.flatMap((element) => (element.isTypeOnly || element.propertyName ? [] : [element.name.text]));
}

function isTypeOnly(clause: ts.ImportClause): boolean {
  return clause.phaseModifier === ts.SyntaxKind.TypeKeyword;
}

function mergeInto(file: ts.SourceFile, load: Named, names: readonly string[], style: TextStyle): Edit[] | undefined {
  if (ts.isVariableStatement(load)) {
    const pattern = getRequire(load)!.pattern;
    if (!ts.isObjectBindingPattern(pattern) || pattern.elements.some((element) => element.dotDotDotToken)) return undefined;
    return addToList(file, { start: pattern.getStart(file), end: pattern.end }, pattern.elements, names, style);
  }
  const clause = load.importClause;
  if (!clause || clause.phaseModifier !== undefined) return undefined;
  if (!clause.namedBindings) return [{ start: clause.end, end: clause.end, text: `, { ${names.join(', ')} }` }];
  if (!ts.isNamedImports(clause.namedBindings)) return undefined;
  const { namedBindings } = clause;
  return addToList(file, { start: namedBindings.getStart(file), end: namedBindings.end }, namedBindings.elements, names, style);
}

function writeStatement(module: string, names: readonly string[], format: Target['moduleFormat'], { quote, semicolon }: TextStyle): string {
  const list = `{ ${names.join(', ')} }`;
  const from = `${quote}${module}${quote}`;
  return format === 'esm' ? `import ${list} from ${from}${semicolon}` : `const ${list} = require(${from})${semicolon}`;
}

function placeStatements(file: ts.SourceFile, statements: readonly string[], format: Target['moduleFormat'], style: TextStyle): Edit {
  const { eol } = style;
  const { text } = file;
  const previous = findLastLoad(file, format);
  if (previous) {
    const end = getStatementEnd(file, previous);
    const lineEnd = findLineEnd(text, end);
    // Something else stands on the line: go between, and end every statement, whatever the file's style.
    const position = lineEnd ?? end;
    const written = statements.map((statement) => eol + (lineEnd === undefined ? statement.replace(/;?$/, ';') : statement)).join('');
    return { start: position, end: position, text: written + guardNextLine(text, position, format, style) };
  }
  const start = findHeaderEnd(file);
  const after = text.slice(start);
  const block = statements.join(eol) + guardNextLine(text, start, format, style);
  if (start === 0) return { start, end: start, text: after === '' ? block + eol : `${block}${eol}${/^\r?\n/.test(after) ? '' : eol}` };
  const isSeparated = /^(?:\r?\n){2}/.test(after) || after.trim() === '';
  return { start, end: start, text: `${eol}${eol}${block}${isSeparated ? '' : eol}` };
}

/** Without semicolons, `require('m')` and a line that starts with `(` would be one call. */
function guardNextLine(text: string, position: number, format: Target['moduleFormat'], { semicolon }: TextStyle): string {
  return format === 'commonjs' && semicolon === '' && /^\s*[([`+\-/]/.test(text.slice(position)) ? ';' : '';
}

function findLastLoad(file: ts.SourceFile, format: Target['moduleFormat']): ts.Statement | undefined {
  if (format === 'esm') return file.statements.findLast((statement) => ts.isImportDeclaration(statement) || ts.isImportEqualsDeclaration(statement));
  // A `require` far below runs late, or only on some condition; only those at the head of the file count.
  let last: ts.Statement | undefined;
  for (const statement of file.statements) {
    const isDirective = ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression);
    if (isDirective && !last) continue;
    if (!isRequireStatement(statement)) break;
    last = statement;
  }
  return last;
}

/** const a = require('a'), b = require('b').c(); */
function isRequireStatement(statement: ts.Statement): boolean {
  if (ts.isExpressionStatement(statement)) return isRequireExpression(statement.expression);
  if (!ts.isVariableStatement(statement)) return false;
  return statement.declarationList.declarations.every(({ initializer }) => initializer !== undefined && isRequireExpression(initializer));
}

function isRequireExpression(expression: ts.Expression): boolean {
  if (ts.isPropertyAccessExpression(expression)) return isRequireExpression(expression.expression);
  if (!ts.isCallExpression(expression)) return false;
  if (ts.isIdentifier(expression.expression)) return expression.expression.text === 'require';
  return isRequireExpression(expression.expression);
}

function getTopLevelNames(file: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  const add = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) names.add(name.text);
    else for (const element of name.elements) if (ts.isBindingElement(element)) add(element.name);
  };
  for (const statement of file.statements) {
    if (ts.isVariableStatement(statement)) for (const declaration of statement.declarationList.declarations) add(declaration.name);
    else if (ts.isImportDeclaration(statement)) addImportedNames(statement, names);
    else if (
      ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isEnumDeclaration(statement) ||
      ts.isModuleDeclaration(statement) ||
      ts.isImportEqualsDeclaration(statement)
    ) {
      if (statement.name) names.add(statement.name.text);
    }
  }
  return names;
}

function addImportedNames({ importClause }: ts.ImportDeclaration, names: Set<string>): void {
  if (importClause?.name) names.add(importClause.name.text);
  const bindings = importClause?.namedBindings;
  if (bindings && ts.isNamespaceImport(bindings)) names.add(bindings.name.text);
  if (bindings && ts.isNamedImports(bindings)) for (const element of bindings.elements) names.add(element.name.text);
}
