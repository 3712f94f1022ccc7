/** What a rule did not do in a file. */
export interface GivenUp {
  readonly ruleName: string;
  /**
   * `work`: the file would have cost too much, so the rule stopped. `depth`: its code is nested too deeply for the stack.
   * `function`: one function has too many paths to follow all of them; the rest of the file was looked at.
   */
  readonly reason: 'work' | 'depth' | 'function';
  /** Of the function, and of the file that it stands in where that is not the linted one. */
  readonly line?: number | undefined;
  readonly filename?: string | undefined;
}

/** What Node has, and not every host. */
interface Host {
  process?: { emitWarning?(text: string, type: string): void };
  setImmediate?(run: () => void): void;
}

const kept = new WeakMap<object, GivenUp[]>();
const told = new WeakSet<object>();

/** Keeps what a rule left undone in a program. Unless somebody asks for it, Node prints a warning. */
export function keepGivenUp(program: object, filename: string, one: GivenUp): void {
  const all = kept.get(program) ?? [];
  if (all.length === 0) {
    kept.set(program, all);
    // Behind the run: whoever started it may want to tell it in their own way.
    const host = globalThis as Host;
    host.setImmediate?.(() => {
      if (!told.has(program)) for (const other of all) host.process?.emitWarning?.(describeGivenUp(other, filename), 'WatertightWarning');
    });
  }
  all.push(one);
}

/**
 * What the rules left undone in the last run over this program: an honest tool says where its silence means nothing.
 * `program` is the AST of a `SourceCode`, as for `getReportedFindings`.
 */
export function getGivenUp(program: object): readonly GivenUp[] {
  told.add(program);
  return kept.get(program) ?? [];
}

function describeGivenUp({ ruleName, reason, line, filename }: GivenUp, linted: string): string {
  if (reason === 'function') return `${ruleName} has not followed every path of the function at ${filename ?? linted}:${line}, which is too large.`;
  return `${ruleName} has stopped in ${linted}, which ${reason === 'depth' ? 'is nested too deeply' : 'would take too long'}.`;
}
