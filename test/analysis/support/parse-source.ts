import { parseForESLint } from '@typescript-eslint/parser';
import { SourceFile, getSourceFile, setParents } from 'watertight-analysis';

/** A snippet as the analysis gets it from a host without type information. */
export function parseSource(text: string, settings?: unknown, filename = 'file.ts'): SourceFile {
  const { ast, scopeManager, visitorKeys } = parseForESLint(text, { range: true, loc: true, sourceType: 'module', ecmaFeatures: { jsx: filename.endsWith('x') } });
  setParents(ast as never, visitorKeys as never);
  return getSourceFile({ ast: ast as never, scopeManager: scopeManager as never, text, filename, visitorKeys: visitorKeys as never, settings });
}
