import { ts } from 'ts-morph';

/** How the file is written, so that what is added looks like the rest. */
export interface TextStyle {
  readonly eol: '\n' | '\r\n';
  readonly quote: "'" | '"';
  readonly semicolon: ';' | '';
}

/** Read off the file's first line end, its first quoted string (imports come first) and its first simple statement. */
export function getTextStyle(file: ts.SourceFile): TextStyle {
  return {
    eol: /\r?\n/.exec(file.text)?.[0] === '\r\n' ? '\r\n' : '\n',
    quote: findQuote(file, file) ?? "'",
    semicolon: hasSemicolons(file) ? ';' : '',
  };
}

function findQuote(node: ts.Node, file: ts.SourceFile): TextStyle['quote'] | undefined {
  if (ts.isStringLiteral(node) && !ts.isJsxAttribute(node.parent)) return file.text[node.getStart(file)] === '"' ? '"' : "'";
  return ts.forEachChild(node, (child) => findQuote(child, file));
}

function hasSemicolons(file: ts.SourceFile): boolean {
  const find = (node: ts.Node): ';' | 'none' | undefined => {
    const endsPlainly =
      ts.isImportDeclaration(node) || ts.isVariableStatement(node) || ts.isExpressionStatement(node) || ts.isReturnStatement(node);
    if (!endsPlainly) return ts.forEachChild(node, find);
    return file.text[getStatementEnd(file, node) - 1] === ';' ? ';' : 'none';
  };
  return find(file) !== 'none';
}

/** The end of a statement, without a semicolon that guards the line below it. */
export function getStatementEnd(file: ts.SourceFile, statement: ts.Node): number {
  const guard = /\s*\n\s*;$/.exec(file.text.slice(statement.pos, statement.end));
  return statement.end - (guard ? guard[0].length : 0);
}
