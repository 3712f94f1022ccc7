import type { SourceCode } from 'eslint';
import { EffortSpentError, type Obligation, extendKind, findObligations, getSourceFile, getUserKinds, readSettings, resourceKinds, responseBody, temporaryKinds, withEffort } from 'watertight-analysis';

/** Units of work that an explanation may cost: seconds. */
const MOST_EFFORT = 10_000_000;

/** Every resource that is acquired in a file, with what becomes of it. The analysis is the one that the rules have made of it, types included. None where that would take too long; the rules have said so. */
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
  try {
    const obligations = withEffort({ left: MOST_EFFORT, gaps: [] }, () => kinds.flatMap((kind) => findObligations(file, kind)));
    return obligations.sort((a, b) => a.node.range[0] - b.node.range[0]);
  } catch (error) {
    if (error instanceof EffortSpentError || error instanceof RangeError) return [];
    throw error;
  }
}
