import type { ReportFixFunction } from '@typescript-eslint/utils/ts-eslint';

/** An ESLint fix that applies edits of the analysis. */
export function toFix(edits: readonly { readonly start: number; readonly end: number; readonly text: string }[]): ReportFixFunction {
  return (fixer) => edits.map(({ start, end, text }) => fixer.replaceTextRange([start, end], text));
}
