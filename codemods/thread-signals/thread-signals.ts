import type { SourceFile as AnalysedFile, TypeProvider } from 'watertight-analysis';
import type { ts } from 'ts-morph';
import type { LintOutcome } from '../runner/repair-file.js';
import type { ParsedConfig } from '../runner/type-project.js';
import type { Site } from '../types.js';
import { getFunctions } from './file-pair.js';
import { forwardRest } from './forward-rest.js';
import { ThreadPlanner } from './plan-threads.js';
import { ThreadProject, type TypeProblem, findTypeProblems } from './thread-project.js';
import type { Block, ThreadPlan, ThreadSite } from './types.js';

export interface ThreadInput {
  /** The nearest `tsconfig.json`; without one the files are checked loosely. */
  readonly config: ParsedConfig | undefined;
  /** The files that may be changed, with their texts. */
  readonly texts: ReadonlyMap<string, string>;
  readonly parse: (path: string, text: string, types?: TypeProvider) => AnalysedFile | undefined;
  readonly lint: (path: string, text: string) => Promise<LintOutcome>;
  readonly findRefusal: (path: string) => Block | undefined;
  readonly isTest: (path: string) => boolean;
}

export interface ThreadResult {
  /** The new texts of the files that change. */
  readonly texts: ReadonlyMap<string, string>;
  readonly sites: readonly ThreadSite[];
}

/** After so many plans that failed the proof nothing is changed. */
const MOST_PLANS = 12;

/**
 * Threads signals through the functions of one project, and proves the result in memory: no file of the project has a
 * new type error, and no changed file a new finding of any rule. Functions with which the proof fails are left out,
 * and what can be done without them is done.
 */
export async function threadSignals(input: ThreadInput): Promise<ThreadResult> {
  const project = new ThreadProject(input.config, input.texts);
  const program = project.getProgram();
  const own = program.getSourceFiles().filter((file) => !file.fileName.includes('/node_modules/')).map(({ fileName }) => fileName);
  const blocked = new Map<string, Block>();
  const proof = new Proof(input, program, own);
  const planner = new ThreadPlanner({ program, parse: input.parse, findRefusal: (path) => findRefusal(path, input), isTest: input.isTest });
  for (let attempt = 0; attempt < MOST_PLANS; attempt++) {
    const plan = planner.plan(blocked);
    if (plan.texts.size === 0) return plan;
    const texts = new Map([...plan.texts].map(([path, text]) => [path, forwardLeft(path, text, program, input)]));
    project.setTexts(texts);
    const failures = await proof.findFailures(project.getProgram(), texts, plan);
    if (failures.size === 0) return { ...plan, texts };
    project.setTexts(new Map([...texts.keys()].map((path) => [path, program.getSourceFile(path)!.text])));
    for (const [key, block] of failures) blocked.set(key, block);
  }
  const block: Block = { reason: 'unsupported-shape', detail: 'no plan passed the proof', isFailure: true };
  return { texts: new Map(), sites: planner.plan(blocked).sites.map((site) => ({ ...site, block: site.block ?? block })) };
}

function findRefusal(path: string, { texts, findRefusal: find }: ThreadInput): Block | undefined {
  return texts.has(path) ? find(path) : { reason: 'unsupported-shape', detail: `${path.replace(/^.*\//, '')} is none of the files to change` };
}

function forwardLeft(path: string, text: string, program: ts.Program, { parse }: ThreadInput): string {
  const before = parse(path, program.getSourceFile(path)!.text);
  return before ? forwardRest(before, text, (version) => parse(path, version)) : text;
}

/** What was wrong before is no fault of a plan. */
class Proof {
  readonly #input: ThreadInput;
  readonly #before: ts.Program;
  readonly #own: readonly string[];
  readonly #errors = new Map<string, readonly string[]>();
  readonly #linted = new Map<string, Map<string, LintOutcome>>();

  constructor(input: ThreadInput, before: ts.Program, own: readonly string[]) {
    this.#input = input;
    this.#before = before;
    this.#own = own;
  }

  /** The functions to blame for what a plan breaks, with what they break. */
  async findFailures(program: ts.Program, texts: ReadonlyMap<string, string>, plan: ThreadPlan): Promise<Map<string, Block>> {
    const failures = new Map<string, Block>();
    const blame = (path: string, start: number, detail: string) => {
      for (const key of findCulprits(program, path, start, plan)) failures.set(key, { reason: 'unsupported-shape', detail, isFailure: true });
    };
    for (const [path, text] of texts) {
      for (const [start, detail] of await this.#findNewFindings(path, text)) blame(path, start, `The result brings ${detail}.`);
    }
    const check = (paths: Iterable<string>) => {
      for (const { path, start, message } of this.#findNewErrors(program, paths)) blame(path, start, `The result brings a type error: ${message}`);
    };
    check(texts.keys());
    // The rest of the project is asked only when the files that changed are right.
    if (failures.size === 0) check(this.#own.filter((path) => !texts.has(path)));
    return failures;
  }

  #findNewErrors(program: ts.Program, paths: Iterable<string>): TypeProblem[] {
    const left = new Map<string, string[]>();
    return findTypeProblems(program, paths).filter(({ path, message }) => {
      if (!left.has(path)) left.set(path, [...this.#getOldErrors(path)]);
      return !take(left.get(path)!, message);
    });
  }

  #getOldErrors(path: string): readonly string[] {
    let errors = this.#errors.get(path);
    if (!errors) this.#errors.set(path, (errors = findTypeProblems(this.#before, [path]).map(({ message }) => message)));
    return errors;
  }

  async #findNewFindings(path: string, text: string): Promise<(readonly [number, string])[]> {
    const linted = await this.#lint(path, text);
    if (!linted.ok) return [[0, `a text that does not parse: ${linted.error}`]];
    const before = await this.#lint(path, this.#before.getSourceFile(path)!.text);
    const left = before.ok ? before.sites.map(describeFinding) : [];
    return linted.sites.flatMap((site) => (take(left, describeFinding(site)) ? [] : [[site.start, `a new finding of \`${site.ruleName}\``] as const]));
  }

  /** Plans differ in few files. */
  async #lint(path: string, text: string): Promise<LintOutcome> {
    const known = this.#linted.get(path) ?? new Map<string, LintOutcome>();
    this.#linted.set(path, known);
    const outcome = known.get(text) ?? (await this.#input.lint(path, text));
    known.set(text, outcome);
    return outcome;
  }
}

function describeFinding({ ruleName, messageId }: Site): string {
  return `${ruleName} ${messageId}`;
}

function take(list: string[], entry: string): boolean {
  const index = list.indexOf(entry);
  if (index >= 0) list.splice(index, 1);
  return index >= 0;
}

/** The changed function around a place, else the functions that its line names, else those that its file does, else all. */
function findCulprits(program: ts.Program, path: string, start: number, { takers, givers }: ThreadPlan): readonly string[] {
  const tree = program.getSourceFile(path);
  if (!tree) return [...takers.keys()];
  const around = getFunctions(tree)
    .map((fn, index) => ({ fn, key: `${path}#${index}` }))
    .filter(({ fn, key }) => fn.pos <= start && start <= fn.end && (takers.has(key) || givers.has(key)))
    .at(-1);
  if (around) return [around.key];
  const line = /^[^\n]*/.exec(tree.text.slice(tree.text.lastIndexOf('\n', start - 1) + 1))![0];
  for (const text of [line, tree.text]) {
    const named = [...takers].filter(([, name]) => text.includes(name));
    if (named.length > 0) return named.map(([key]) => key);
  }
  return [...takers.keys()];
}
