import { UsageError } from '../errors.js';

interface SarifRun {
  readonly tool: { readonly driver: { readonly name: string; readonly rules: readonly { readonly id: string }[] } };
  readonly invocations: readonly object[];
  readonly results: readonly { readonly ruleId: string; readonly partialFingerprints: Readonly<Record<string, string>> }[];
}

interface NamedDocument {
  readonly name: string;
  readonly text: string;
}

/**
 * The runs over the parts of a repository as one run, since GitHub takes one run of a tool for each upload. A finding that
 * stands in two documents, because their parts overlap, is in it once.
 */
export function mergeSarif(documents: readonly NamedDocument[]): string {
  const logs = documents.map(read);
  const runs = logs.flatMap((log) => log.runs);
  const rules = new Map(runs.flatMap((run) => run.tool.driver.rules.map((rule) => [rule.id, rule] as const)));
  const ids = [...rules.keys()].sort();
  const results = new Map<string, object>();
  for (const result of runs.flatMap((run) => run.results)) {
    const ruleIndex = ids.indexOf(result.ruleId);
    results.set(result.partialFingerprints['watertight/v1'] ?? JSON.stringify(result), { ...result, ruleIndex });
  }
  const [first] = runs;
  const run = {
    ...first,
    tool: { driver: { ...first?.tool.driver, rules: ids.map((id) => rules.get(id)) } },
    invocations: runs.flatMap((one) => one.invocations),
    results: [...results.values()],
  };
  return `${JSON.stringify({ ...logs[0], runs: [run] }, undefined, 2)}\n`;
}

function read({ name, text }: NamedDocument): { readonly runs: readonly SarifRun[] } {
  let log: { runs?: SarifRun[] } | undefined;
  try {
    log = JSON.parse(text) as typeof log;
  } catch (error) {
    throw new UsageError(`${name} is not JSON.`, undefined, { cause: error });
  }
  if (!log?.runs?.length || log.runs.some(({ tool }) => tool?.driver?.name !== 'watertight')) {
    throw new UsageError(`${name} is no SARIF document of watertight.`, 'Give files that `watertight report` wrote.');
  }
  return { ...log, runs: log.runs };
}
