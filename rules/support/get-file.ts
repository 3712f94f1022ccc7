import { type SourceFile, getSourceFile } from 'watertight-analysis';
import type { RuleContext } from '@typescript-eslint/utils/ts-eslint';
import { findModuleProvider } from './find-module-provider.js';
import { findTypeProvider } from './find-type-provider.js';

const known = new WeakMap<object, SourceFile>();

/** The analysis of the file that ESLint hands to a rule; every rule of the plugin gets the same one. */
export function getFile(context: Readonly<RuleContext<string, readonly unknown[]>>): SourceFile {
  // ESLint 8 before 8.40 had only the methods; oxlint has only the properties.
  const { sourceCode } = context;
  let file = known.get(sourceCode.ast);
  if (!file) known.set(sourceCode.ast, (file = createFile(context)));
  return file;
}

function createFile(context: Readonly<RuleContext<string, readonly unknown[]>>): SourceFile {
  const { sourceCode } = context;
  const modules = findModuleProvider(context);
  const file = getSourceFile({
    ast: sourceCode.ast,
    scopeManager: sourceCode.scopeManager as never,
    text: sourceCode.text,
    filename: context.filename,
    visitorKeys: sourceCode.visitorKeys,
    types: findTypeProvider(sourceCode),
    modules,
    settings: (context.settings as Record<string, unknown> | undefined)?.watertight,
  });
  modules?.adopt(file);
  return file;
}
