import { createInterface } from 'node:readline';
import type { Proposal } from 'watertight-codemods';
import type { Io } from '../context.js';
import { formatDiff } from '../reporters/format-diff.js';
import { type ReportStyle, showPath } from '../reporters/report-style.js';

const KEYS = 'y yes, n no, a yes to this and all others, q no to this and all others';

export interface Interview {
  readonly confirm: (path: string, message: string, proposal: Proposal) => Promise<boolean>;
  readonly close: () => void;
}

/** Shows each change on standard error and asks whether to make it. When the input ends, the answer is no. */
export function askForEach({ stdin, stderr }: Io, style: ReportStyle): Interview {
  const reader = createInterface({ input: stdin });
  const lines = reader[Symbol.asyncIterator]();
  let standing: boolean | undefined;
  const confirm: Interview['confirm'] = async (path, message, { before, after }) => {
    if (standing !== undefined) return standing;
    stderr.write(`${message}\n${formatDiff(showPath(path, style.cwd), before, after, style.colors)}`);
    for (;;) {
      stderr.write('Make this change? [y,n,a,q,?] ');
      const line = await lines.next();
      const answer = line.done ? 'q' : line.value.trim().toLowerCase();
      if (answer === 'y' || answer === 'n') return answer === 'y';
      if (answer === 'a' || answer === 'q') return (standing = answer === 'a');
      stderr.write(`${KEYS}\n`);
    }
  };
  return { confirm, close: () => reader.close() };
}
