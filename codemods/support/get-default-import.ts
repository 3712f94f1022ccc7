import { ts } from 'ts-morph';
import { findHeaderEnd } from '../runner/find-header-end.js';
import { findLineEnd } from '../runner/find-line-end.js';
import { getTextStyle } from '../runner/get-text-style.js';
import type { Edit } from '../types.js';

export interface DefaultImport {
  /** What the default export is called in the file. */
  readonly name: string;
  /** Empty where the file imports it already. */
  readonly edits: readonly Edit[];
}

/** The default export of a module in an ES module: under the name that the file gave it, else by a new `import` below the others. */
export function getDefaultImport(file: ts.SourceFile, module: string, name: string): DefaultImport {
  const imports = file.statements.filter((statement) => ts.isImportDeclaration(statement));
  for (const { moduleSpecifier, importClause } of imports) {
    const isOfModule = ts.isStringLiteral(moduleSpecifier) && moduleSpecifier.text === module;
    if (isOfModule && importClause?.name && importClause.phaseModifier === undefined) return { name: importClause.name.text, edits: [] };
  }
  const { eol, quote, semicolon } = getTextStyle(file);
  const statement = `import ${name} from ${quote}${module}${quote}${semicolon}`;
  const last = imports.at(-1);
  if (last) {
    const place = findLineEnd(file.text, last.end) ?? last.end;
    return { name, edits: [{ start: place, end: place, text: eol + statement }] };
  }
  const place = findHeaderEnd(file);
  return { name, edits: [{ start: place, end: place, text: place === 0 ? statement + eol + eol : eol + eol + statement }] };
}
