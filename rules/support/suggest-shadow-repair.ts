import type { ShadowedVariable, SourceFile } from 'watertight-analysis';

interface Repair {
  readonly messageId: 'assign' | 'rename' | 'removeDeclaration' | 'removeParameter';
  readonly data?: Record<string, string>;
  readonly edits: readonly { readonly range: [number, number]; readonly text: string }[];
}

export function suggestShadowRepair(_file: SourceFile, _finding: ShadowedVariable): Repair | undefined {
  return undefined;
}
