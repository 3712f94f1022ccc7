import type { SourceCode } from 'eslint';
import { type Obligation, extendKind, findObligations, getSourceFile, getUserKinds, readSettings, resourceKinds, responseBody, temporaryKinds } from 'watertight-analysis';

/** Every resource that is acquired in a file, with what becomes of it. The analysis is the one that the rules have made of it, types included. */
export function findObligationsIn(sourceCode: SourceCode, path: string, settings: unknown): Obligation[] {
  const file = getSourceFile({
    ast: sourceCode.ast as never,
    scopeManager: sourceCode.scopeManager as never,
    text: sourceCode.text,
    filename: path,
    visitorKeys: sourceCode.visitorKeys,
    settings,
  });
  const { settings: own } = readSettings(file.settings);
  const known = [responseBody, ...temporaryKinds, ...resourceKinds];
  const kinds = [...known.map((kind) => extendKind(kind, own)), ...getUserKinds(own, new Set(known.map(({ id }) => id)))];
  return kinds.flatMap((kind) => findObligations(file, kind)).sort((a, b) => a.node.range[0] - b.node.range[0]);
}
