import { createInterface } from 'node:readline';
import type { Io } from '../context.js';
import { PHASES, type Phase } from './phases.js';

/** Whether there is somebody to ask. */
export function canAsk({ stdin, stderr }: Io): boolean {
  return stdin.isTTY === true && stderr.isTTY === true;
}

/** Asks on standard error which phase to begin with. An empty line, or the end of the input, means the first. */
export async function askPhase({ stdin, stderr }: Io): Promise<Phase> {
  stderr.write('The rules come in phases, each with those of the phases before:\n');
  for (const [phase, text] of Object.entries(PHASES)) stderr.write(`  ${phase}  ${text}\n`);
  const reader = createInterface({ input: stdin });
  try {
    stderr.write('Which phase? [1] ');
    for await (const line of reader) {
      const answer = line.trim() === '' ? '1' : line.trim();
      if (answer in PHASES) return Number(answer) as Phase;
      stderr.write('Type 1, 2, 3 or 4: ');
    }
    return 1;
  } finally {
    reader.close();
  }
}
