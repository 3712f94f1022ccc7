import type { TypeProvider } from 'watertight-analysis';
import type { SourceCode } from '@typescript-eslint/utils/ts-eslint';

/** The type provider of a host, or undefined where it has no type information (plain JS, oxlint, no project). */
export function findTypeProvider(sourceCode: Readonly<SourceCode>): TypeProvider | undefined {
  const services = sourceCode.parserServices as { program?: unknown; esTreeNodeToTSNodeMap?: unknown } | undefined;
  if (!services?.program || !services.esTreeNodeToTSNodeMap) return undefined;
  return undefined;
}
