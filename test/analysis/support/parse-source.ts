import { parseForESLint } from '@typescript-eslint/parser';
import { SourceFile, getSourceFile, setParents } from 'watertight-analysis';

/** A snippet as the analysis gets it from a host without type information. */
export function parseSource(text: string, settings?: unknown, filename = 'file.ts'): SourceFile {
  const { ast, scopeManager, visitorKeys } = parseForESLint(text, { range: true, loc: true, sourceType: 'module', ecmaFeatures: { jsx: filename.endsWith('x') } });
  setParents(ast, visitorKeys);
  return getSourceFile({ ast: ast, scopeManager: scopeManager, text, filename, visitorKeys: visitorKeys, settings });
}
