import type { Leak } from 'watertight-analysis';

/** The exit that loses a resource, as the end of a sentence: "line 12 throws". */
export function describeExit({ exit }: Pick<Leak, 'exit'>): string {
  const { start, end } = exit!.node.loc;
  const { line } = start;
  if (exit!.node.type === 'ContinueStatement') return `line ${line} continues`;
  if (exit!.node.type === 'BreakStatement') return `line ${line} breaks`;
  switch (exit!.kind) {
    case 'throw':
    case 'implicit-throw':
      return `line ${line} throws`;
    case 'return':
      return `line ${line} returns`;
    case 'overwrite':
      return `line ${line} overwrites it`;
    case 'next-iteration':
      return `the iteration ends on line ${end.line}`;
    case 'leave-block':
      return `the block ends on line ${end.line}`;
    case 'field':
      return `line ${line} stores it, since no method of the class releases the field`;
    case 'abandon':
      return `the generator is abandoned on line ${line}`;
    default:
      return 'the function ends';
  }
}
