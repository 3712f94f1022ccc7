import { isBuiltin } from 'node:module';
import ts from 'typescript';
import type { PackageFolder } from './paths.js';

interface Allowed {
  /** Packages that may be imported at run time; `*` for all. */
  readonly values: readonly string[];
  /** Packages of which only types may be imported, besides those. */
  readonly types: readonly string[];
  readonly builtins: boolean;
}

/** The arrows between the packages: cli → codemods → rules → analysis, and runtime alone. */
const ALLOWED: Record<PackageFolder, Allowed> = {
  // Some analyses need to know paths; none of them needs a file.
  analysis: { values: [], types: ['@typescript-eslint/types', '@typescript-eslint/scope-manager', '@typescript-eslint/utils'], builtins: true },
  rules: { values: ['watertight-analysis'], types: ['@typescript-eslint/utils', '@typescript-eslint/types', 'typescript'], builtins: true },
  codemods: { values: ['watertight-analysis', 'eslint-plugin-watertight', 'ts-morph', 'jscodeshift'], types: ['@typescript-eslint/types', '@typescript-eslint/utils'], builtins: true },
  cli: { values: ['*'], types: [], builtins: true },
  runtime: { values: [], types: [], builtins: true },
};

/** The imports of a source that its package must not have, each as `file:line specifier`. */
export function findForbiddenImports(folder: PackageFolder, file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  return findImports(source)
    .filter(({ specifier, isType }) => !isAllowed(specifier, isType, ALLOWED[folder]))
    .map(({ specifier, node }) => `${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${specifier}`);
}

function isAllowed(specifier: string, isType: boolean, { values, types, builtins }: Allowed): boolean {
  if (specifier.startsWith('./')) return true;
  // Out of the folder of the file is fine, out of the package is not; packages nest at most three deep.
  if (specifier.startsWith('../')) return !/^(?:\.\.\/)+(?:analysis|rules|codemods|cli|runtime)\/index\.js$/.test(specifier) && !/^(?:\.\.\/)+test\//.test(specifier);
  if (isBuiltin(specifier)) return builtins;
  const [first = '', second = ''] = specifier.split('/');
  const name = first.startsWith('@') ? `${first}/${second}` : first;
  return values.includes('*') || values.includes(name) || (isType && types.includes(name));
}

interface Import {
  readonly specifier: string;
  readonly isType: boolean;
  readonly node: ts.Node;
}

function findImports(source: ts.SourceFile): Import[] {
  const imports: Import[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeImport(node.importClause), node);
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier) add(node.moduleSpecifier, node.isTypeOnly, node);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true, node);
    else if (ts.isCallExpression(node) && isLoad(node.expression) && node.arguments[0]) add(node.arguments[0], false, node);
    ts.forEachChild(node, visit);
  };
  const add = (specifier: ts.Node, isType: boolean, node: ts.Node) => {
    if (ts.isStringLiteralLike(specifier)) imports.push({ specifier: specifier.text, isType, node });
  };
  visit(source);
  return imports;
}

/** `import type …`, or only `type` names. */
function isTypeImport(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const { namedBindings } = clause;
  return !clause.name && !!namedBindings && ts.isNamedImports(namedBindings) && namedBindings.elements.length > 0 && namedBindings.elements.every((element) => element.isTypeOnly);
}

function isLoad(callee: ts.Expression): boolean {
  return callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require');
}
