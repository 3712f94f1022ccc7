import type { SourceFile } from 'watertight-analysis';

/** The callee of a call as it stands in the text, cut to what a message can carry. */
export function getCalleeText(site: unknown, file: SourceFile): string {
  const { callee } = site as { callee?: Parameters<SourceFile['getText']>[0] };
  const text = callee ? file.getText(callee).replace(/\s+/g, ' ') : 'the call';
  return text.length > 40 ? `${text.slice(0, 37)}…` : text;
}
