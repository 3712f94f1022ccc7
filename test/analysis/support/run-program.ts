/** What the runs of a program showed, by acquisition site. */
export interface RunResult {
  /** Sites that some run left open. */
  readonly leaked: ReadonlyMap<number, string>;
  /** Sites that some run left open though nothing threw but `throw` statements, `acquire()`, `io()` and `use()`. */
  readonly leakedPlainly: ReadonlySet<number>;
  /** Whether every sequence of decisions was run. */
  readonly isComplete: boolean;
  readonly runs: number;
}

interface Resource {
  readonly site: number;
  isReleased: boolean;
  release(): void;
  use(): void;
}

const MAX_RUNS = 200;
const MAX_DECISIONS = 13;

/** Runs a generated program once for every sequence of its decisions, and counts what each run leaves open. */
export async function runProgram(source: string): Promise<RunResult> {
  const leaked = new Map<number, string>();
  const leakedPlainly = new Set<number>();
  let isComplete = true;
  let runs = 0;
  // Depth first over the tree of decisions: run with a prefix, then flip its last decision that is still false.
  let prefix: boolean[] | undefined = [];
  while (prefix && runs < MAX_RUNS) {
    const run = await runOnce(source, prefix);
    runs++;
    isComplete &&= !run.isCut;
    for (const { site } of run.open) {
      leaked.set(site, run.decisions.map(Number).join(''));
      if (!run.hasSurprise) leakedPlainly.add(site);
    }
    const next = [...run.decisions];
    while (next.length > 0 && next.at(-1)) next.pop();
    if (next.length === 0) prefix = undefined;
    else {
      next[next.length - 1] = true;
      prefix = next;
    }
  }
  return { leaked, leakedPlainly, isComplete: isComplete && prefix === undefined, runs };
}

async function runOnce(source: string, prefix: readonly boolean[]) {
  const decisions: boolean[] = [];
  let isCut = false;
  let hasSurprise = false;
  const decide = (): boolean => {
    if (decisions.length >= MAX_DECISIONS) {
      isCut = true;
      return false;
    }
    const decision = prefix[decisions.length] ?? false;
    decisions.push(decision);
    return decision;
  };
  const all: Resource[] = [];
  const open = (site: number): Resource => {
    const resource: Resource = {
      site,
      isReleased: false,
      release: () => {
        resource.isReleased = true;
        if (decide()) throw new Error('release');
      },
      use: () => {
        if (decide()) throw new Error('use');
      },
    };
    all.push(resource);
    return resource;
  };
  const environment = {
    t: decide,
    open: (site: number) => {
      if (decide()) {
        hasSurprise = true;
        throw new Error('open');
      }
      return open(site);
    },
    acquire: async (site: number) => {
      if (decide()) throw new Error('acquire');
      return open(site);
    },
    io: async () => {
      if (decide()) throw new Error('io');
    },
    work: () => {
      if (decide()) {
        hasSurprise = true;
        throw new Error('work');
      }
    },
    pickCase: () => (decide() ? 0 : decide() ? 1 : 2),
  };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- programs are made up at random, and run
  const main = new Function(...Object.keys(environment), `${source}\nreturn main;`)(...Object.values(environment)) as (p: boolean, q: boolean) => Promise<unknown>;
  let returned: unknown;
  try {
    returned = await main(decide(), decide());
  } catch {
    returned = undefined;
  }
  const kept = new Set<unknown>([returned, ...(typeof returned === 'object' && returned !== null ? Object.values(returned) : [])]);
  return { decisions, isCut, hasSurprise, open: all.filter((resource) => !resource.isReleased && !kept.has(resource)) };
}
