import type { CheckedFinding, FileProblem } from './finding.js';

/** Lines between two that are wanted are taken along up to this many, so that a path can be read without the file. */
const MAX_BETWEEN = 24;

/** The lines of a text that its findings and problems are shown with, by number. */
export function pickLines(text: string, findings: readonly CheckedFinding[], problems: readonly FileProblem[]): Record<number, string> {
  if (findings.length === 0 && problems.length === 0) return {};
  const wanted = new Set<number>();
  for (const { line, path } of findings) {
    const places = [line, ...path.map((step) => step.line)];
    for (const place of places) for (const near of [place - 2, place - 1, place, place + 1, place + 2]) wanted.add(near);
    addBetween(wanted, places);
  }
  for (const { line } of problems) if (line !== undefined) wanted.add(line);
  const lines = text.split(/\r\n|[\r\n\u2028\u2029]/);
  const picked = [...wanted].filter((line) => line >= 1 && line <= lines.length).sort((a, b) => a - b);
  return Object.fromEntries(picked.map((line) => [line, lines[line - 1]!]));
}

function addBetween(wanted: Set<number>, places: readonly number[]): void {
  const sorted = [...places].sort((a, b) => a - b);
  for (const [index, place] of sorted.entries()) {
    const next = sorted[index + 1];
    if (next === undefined || next - place > MAX_BETWEEN) continue;
    for (let line = place + 1; line < next; line += 1) wanted.add(line);
  }
}
