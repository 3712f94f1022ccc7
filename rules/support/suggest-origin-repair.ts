import type { SourceFile, UnsafeOrigin } from 'watertight-analysis';

interface Repair {
  readonly messageId: 'replaceCheck' | 'replacePattern' | 'removeFlag' | 'removeCredentials' | 'splitList';
  readonly edits: readonly { readonly range: [number, number]; readonly text: string }[];
}

/** The smallest change after which a finding is gone and every origin that was meant still passes. */
export function suggestOriginRepair(_file: SourceFile, _finding: UnsafeOrigin): Repair | undefined {
  return undefined;
}
