import type { EventEmitter } from 'node:events';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterEach, describe, expect, it } from 'vitest';
import { noUnremovedListener as codemod } from '../../codemods/no-unremoved-listener.js';
import { repairText } from './support/repair-text.js';

const FOLDER = fileURLToPath(new URL('../../fixtures/no-unremoved-listener/', import.meta.url));

type Subject = Record<string, unknown>;
interface Scenario {
  run(subject: Subject): Promise<unknown>;
  /** The emitters whose listeners are counted. */
  emitters?(subject: Subject): EventEmitter[];
  /** The listeners of something that is no emitter. */
  count?(): number;
}
const subjects = import.meta.glob<Subject>('../../fixtures/no-unremoved-listener/*/{input,expected}.ts');
const scenarios = import.meta.glob<Scenario>('../../fixtures/no-unremoved-listener/*/scenario.ts');
const load = <T>(modules: Record<string, () => Promise<T>>, file: string) => modules[`../../fixtures/no-unremoved-listener/${file}`]!();
const read = (file: string) => readFileSync(`${FOLDER}${file}`, 'utf8');

const names = readdirSync(FOLDER);
const repaired = names.filter((name) => existsSync(`${FOLDER}${name}/scenario.ts`));

afterEach(() => {
  // What the code before left behind must not be heard by what comes next.
  process.removeAllListeners('SIGUSR2');
});

function countListeners(scenario: Scenario, subject: Subject): number {
  const emitters = scenario.emitters?.(subject) ?? [];
  const counts = emitters.flatMap((emitter) => emitter.eventNames().map((event) => emitter.listenerCount(event)));
  return counts.reduce((sum, count) => sum + count, scenario.count?.() ?? 0);
}

/** What a scenario comes to, and how many listeners it leaves behind when it is run three times. */
async function observe(scenario: Scenario, subject: Subject): Promise<{ outcome: unknown; left: number }> {
  const before = countListeners(scenario, subject);
  // Compared is the first time, when nothing of an earlier time is heard yet; a copy, for what is left behind goes on writing.
  const outcome: unknown = structuredClone(await scenario.run(subject));
  for (let round = 1; round < 3; round++) await scenario.run(subject);
  return { outcome, left: countListeners(scenario, subject) - before };
}

const repair = (text: string) => repairText(codemod, text);

describe.each(repaired)('%s', (name) => {
  it('is written as expected, and a second run changes nothing', async () => {
    const { text: after, results } = await repair(read(`${name}/input.ts`));
    expect(results.length).toBeGreaterThan(0);
    expect(results.map(({ status }) => status)).toEqual(results.map(() => 'changed'));
    expect(after).toBe(read(`${name}/expected.ts`));
    expect((await repair(after)).results).toEqual([]);
  });

  it('leaves listeners behind before and none after, with the same outcome', async () => {
    const scenario = await load(scenarios, `${name}/scenario.ts`);
    const before = await observe(scenario, await load(subjects, `${name}/input.ts`));
    expect(before.left).toBeGreaterThanOrEqual(3);
    const after = await observe(scenario, await load(subjects, `${name}/expected.ts`));
    expect(after).toEqual({ outcome: before.outcome, left: 0 });
  });
});

it('writes code that type-checks', () => {
  const files = repaired.flatMap((name) => [`${FOLDER}${name}/expected.ts`, `${FOLDER}${name}/scenario.ts`]);
  const program = ts.createProgram(files, {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts', 'lib.dom.d.ts'],
    module: ts.ModuleKind.NodeNext,
    types: ['node'],
    paths: { 'watertight-runtime': [fileURLToPath(new URL('../../runtime/index.ts', import.meta.url))] },
  });
  const errors = files.flatMap((file) => ts.getPreEmitDiagnostics(program, program.getSourceFile(file)));
  expect(errors.map(({ file, messageText }) => `${file?.fileName.slice(FOLDER.length)}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`)).toEqual([]);
});

describe('what is left alone', () => {
  it('does not touch listeners that are removed from a list', async () => {
    const text = read('kept-handler/input.ts');
    expect(await repair(text)).toEqual({ text, results: [] });
  });

  it('leaves a listener for one answer, whose end only the code around knows, with a reason', async () => {
    const text = read('answer-per-call/input.ts');
    const { text: after, results } = await repair(text);
    expect(after).toBe(text);
    expect(results.map((result) => [result.status, 'reason' in result && result.reason])).toEqual([['skipped', 'unsupported-shape']]);
  });

  it('leaves a listener that wants to be the first', async () => {
    const text = "export class A {\n  constructor() {\n    process.prependListener('SIGTERM', () => this.end());\n  }\n  end() {}\n  close() {}\n}\n";
    const { text: after, results } = await repair(text);
    expect(after).toBe(text);
    expect(results.map((result) => [result.status, 'reason' in result && result.reason])).toEqual([['skipped', 'would-change-behaviour']]);
  });
});

describe('how it is written', () => {
  const getText = (end: string, next: string) => `export class A {${next}
  constructor() {
    process.on('SIGTERM', () => this.end())${end}
  }
  end() {}
  close() {
    this.end()${end}
  }
}
`;

  it('ends no line with a semicolon where the file does not', async () => {
    const { text } = await repair(getText('', ''));
    expect(text).toContain("this.#listeners.push(listen(process, 'SIGTERM', () => this.end()))\n");
    expect(text).toContain('for (const listener of this.#listeners.splice(0)) listener[Symbol.dispose]()\n');
    expect(text).not.toContain(';');
  });

  it('ends every line with one where the file does', async () => {
    const { text } = await repair(getText(';', ''));
    expect(text).toContain('#listeners: Disposable[] = [];\n');
    expect(text).toContain('listener[Symbol.dispose]();\n');
  });

  it('keeps apart what would be read as one', async () => {
    const { text } = await repair(getText('', "\n  ['kind'] = 'a'"));
    expect(text).toContain("#listeners: Disposable[] = [];\n  ['kind']");
  });
});
