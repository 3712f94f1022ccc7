import { type SourceFile, getSourceFile } from 'watertight-analysis';
import type { RuleContext } from '@typescript-eslint/utils/ts-eslint';
import { findTypeProvider } from './find-type-provider.js';

/** The analysis of the file that ESLint hands to a rule; every rule of the plugin gets the same one. */
export function getFile(context: Readonly<RuleContext<string, readonly unknown[]>>): SourceFile {
  // ESLint 8 before 8.40 had only the methods; oxlint has only the properties.
  const { sourceCode } = context;
  return getSourceFile({
    ast: sourceCode.ast,
    scopeManager: sourceCode.scopeManager as never,
    text: sourceCode.text,
    filename: context.filename,
    visitorKeys: sourceCode.visitorKeys,
    types: findTypeProvider(sourceCode),
    settings: (context.settings as Record<string, unknown> | undefined)?.watertight,
  });
}
