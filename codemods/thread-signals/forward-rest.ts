import { type SourceFile as AnalysedFile, type UnforwardedSignal, findUnforwardedSignals, getForwardEdits } from 'watertight-analysis';
import { applyEdits } from '../runner/apply-edits.js';
import type { Edit } from '../types.js';

/** A text is repaired this often at most; each time shows what the time before has hidden. */
const MOST_ROUNDS = 4;

/**
 * A function that was given a signal owes it to everything in it: joins it with time limits of its own, checks it in
 * loops, and passes it to calls that took none before.
 */
export function forwardRest(before: AnalysedFile, text: string, parse: (text: string) => AnalysedFile | undefined): string {
  const old = findUnforwardedSignals(before).map((finding) => describe(before, finding));
  let current = text;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const file = parse(current);
    if (!file) return text;
    const left = [...old];
    const edits: Edit[] = [];
    for (const finding of findUnforwardedSignals(file)) {
      const index = left.indexOf(describe(file, finding));
      if (index >= 0) left.splice(index, 1);
      else edits.push(...(getForwardEdits(file, finding) ?? []));
    }
    if (edits.length === 0) return current;
    try {
      current = applyEdits(current, edits);
    } catch (error) {
      if (error instanceof RangeError) return current;
      throw error;
    }
  }
  return current;
}

/** The same for a finding before and after something else in the file has changed. */
function describe(file: AnalysedFile, { flaw, node }: UnforwardedSignal): string {
  return `${flaw} ${file.getText(node)}`;
}
