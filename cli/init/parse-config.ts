import { parse } from '@typescript-eslint/parser';
import type { TSESTree } from '@typescript-eslint/types';
import { UsageError, getErrorMessage } from '../errors.js';

type Statement = TSESTree.ProgramStatement;
export type Expression = TSESTree.Expression;

/** An ESLint configuration file as far as editing it needs. */
export interface ParsedConfig {
  readonly path: string;
  readonly text: string;
  readonly statements: readonly Statement[];
  readonly comments: readonly TSESTree.Comment[];
  readonly tokens: readonly TSESTree.Token[];
  /** What the file gives to ESLint. */
  readonly exported: Expression;
  /** Whether it does so by `export default` and not by `module.exports` or `export =`. */
  readonly isModule: boolean;
  /** Whether it does so by `export { name as default }`, where nothing but a name can stand. */
  readonly isByName: boolean;
  /** The local names of what it imports or requires. */
  readonly imports: readonly ConfigImport[];
}

export interface ConfigImport {
  readonly source: string;
  /** `default` for the module itself. */
  readonly imported: string;
  readonly local: string;
  readonly statement: Statement;
}

/** ESLint takes a list, an object, or a promise of these. */
export class ExportedFunctionError extends UsageError {
  constructor(path: string) {
    super(`${path} exports a function or a class, which ESLint takes for no configuration.`, 'Let it export the array of its settings, then run the command again.');
  }
}

export function parseConfig(path: string, text: string): ParsedConfig {
  let program: TSESTree.Program;
  try {
    program = parse(text, { range: true, loc: true, comment: true, tokens: true, sourceType: 'module' });
  } catch (error) {
    throw new UsageError(`${path} cannot be parsed: ${getErrorMessage(error)}`, 'Correct it, then run the command again.', { cause: error });
  }
  const statements = program.body;
  const found = findExport(statements);
  if (!found && statements.some((statement) => statement.type === 'ExportDefaultDeclaration')) throw new ExportedFunctionError(path);
  if (!found) throw new UsageError(`${path} has no default export and sets no module.exports.`, 'Let it export the array of its settings, then run the command again.');
  const { comments = [], tokens = [] } = program;
  return { path, text, statements, comments, tokens, ...found, imports: statements.flatMap(getImports) };
}

function findExport(statements: readonly Statement[]): Pick<ParsedConfig, 'exported' | 'isModule' | 'isByName'> | undefined {
  for (const statement of statements) {
    if (statement.type === 'ExportDefaultDeclaration' && isExpression(statement.declaration)) return { exported: statement.declaration, isModule: true, isByName: false };
    if (statement.type === 'ExportNamedDeclaration' && !statement.source) {
      const specifier = statement.specifiers.find(({ exported }) => exported.type === 'Identifier' && exported.name === 'default');
      if (specifier?.local.type === 'Identifier') return { exported: specifier.local, isModule: true, isByName: true };
    }
    if (statement.type === 'TSExportAssignment') return { exported: statement.expression, isModule: false, isByName: false };
    if (statement.type !== 'ExpressionStatement') continue;
    // exports = module.exports = [ … ]
    for (let each = statement.expression; each.type === 'AssignmentExpression'; each = each.right) {
      if (isModuleExports(each.left)) return { exported: each.right, isModule: false, isByName: false };
    }
  }
  return undefined;
}

function isExpression(node: TSESTree.ExportDefaultDeclaration['declaration']): node is Expression {
  return !/Declaration$|^TSDeclare/.test(node.type);
}

function isModuleExports(node: TSESTree.Node): boolean {
  return node.type === 'MemberExpression' && !node.computed && node.object.type === 'Identifier' && node.object.name === 'module' && node.property.type === 'Identifier' && node.property.name === 'exports';
}

function getImports(statement: Statement): ConfigImport[] {
  if (statement.type === 'ImportDeclaration') {
    const source = statement.source.value;
    return statement.specifiers.map((specifier) => ({ source, imported: getImportedName(specifier), local: specifier.local.name, statement }));
  }
  if (statement.type === 'TSImportEqualsDeclaration' && statement.moduleReference.type === 'TSExternalModuleReference') {
    const { expression } = statement.moduleReference;
    return expression.type === 'Literal' ? [{ source: String(expression.value), imported: 'default', local: statement.id.name, statement }] : [];
  }
  if (statement.type !== 'VariableDeclaration') return [];
  return statement.declarations.flatMap(({ id, init }) => {
    const source = init ? getRequired(init) : undefined;
    if (source === undefined) return [];
    if (id.type === 'Identifier') return [{ source, imported: 'default', local: id.name, statement }];
    if (id.type !== 'ObjectPattern') return [];
    return id.properties.flatMap((property) =>
      property.type === 'Property' && property.key.type === 'Identifier' && property.value.type === 'Identifier'
        ? [{ source, imported: property.key.name, local: property.value.name, statement }]
        : [],
    );
  });
}

function getImportedName(specifier: TSESTree.ImportClause): string {
  if (specifier.type !== 'ImportSpecifier') return 'default';
  return specifier.imported.type === 'Identifier' ? specifier.imported.name : specifier.imported.value;
}

/** `require('x')`, `await import('x')`, and the `.default` of these. */
function getRequired(node: Expression): string | undefined {
  if (node.type === 'MemberExpression') return getRequired(node.object);
  if (node.type === 'AwaitExpression' && node.argument.type === 'ImportExpression') {
    const { source } = node.argument;
    return source.type === 'Literal' && typeof source.value === 'string' ? source.value : undefined;
  }
  if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier' || node.callee.name !== 'require') return undefined;
  const [argument] = node.arguments;
  return argument?.type === 'Literal' && typeof argument.value === 'string' ? argument.value : undefined;
}
