import { structuredPatch } from 'diff';
import type { Colors } from './report-style.js';

/** A unified diff that `git apply` and `patch -p1` take. Empty when the texts are the same. */
export function formatDiff(path: string, before: string, after: string, colors: Colors): string {
  const { hunks } = structuredPatch(path, path, before, after, '', '', { context: 3 });
  if (hunks.length === 0) return '';
  const lines = [colors.bold(`--- a/${path}`), colors.bold(`+++ b/${path}`)];
  for (const { oldStart, oldLines, newStart, newLines, lines: body } of hunks) {
    lines.push(colors.cyan(`@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`), ...body.map((line) => paint(line, colors)));
  }
  return `${lines.join('\n')}\n`;
}

function paint(line: string, colors: Colors): string {
  if (line.startsWith('+')) return colors.green(line);
  return line.startsWith('-') ? colors.red(line) : line;
}
