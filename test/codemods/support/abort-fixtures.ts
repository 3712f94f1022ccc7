import { getEventListeners, setMaxListeners } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Codemod, Target } from '../../../codemods/types.js';
import { lintText, repairText } from './repair-text.js';

/** What a scenario is given. */
export interface World {
  /** A server: `/slow/…` takes its time, and longer than any test where it is interrupted; `/never/…` keeps still; everything else is answered at once with its path. */
  readonly url: string;
  /** The signal of the caller, which outlives every call. */
  readonly signal: AbortSignal;
}

export type Subject = Record<string, unknown>;

/** How a fixture is used. */
export interface Scenario {
  /** One use that ends by itself, and soon. */
  use(subject: Subject, world: World): Promise<unknown>;
  /** One use that is under way when the signal aborts, and that would take very long. */
  interrupt?(subject: Subject, world: World): Promise<unknown>;
  /** What the code before leaves behind after a use. */
  readonly leaves?: readonly ('listeners' | 'timers')[];
  /** How often the repaired code is used. By default 1,000 times where it has helpers or removes listeners, else 100 times. */
  readonly uses?: number;
  readonly target?: Partial<Target>;
  /** Timers that are none of `setTimeout` and `setInterval`. */
  countOtherTimers?(): number;
}

interface Left {
  readonly outcome: unknown;
  readonly listeners: number;
  readonly timers: number;
}

interface Interruption {
  /** Whether the use was over after the abort. */
  readonly isOver: boolean;
  /** Requests that nobody had broken off by then. */
  readonly open: number;
}

const SLOW_MS = 900;
/** How long code is watched that an abort should not end: too short a time could only hide that it does. */
const WATCHED_MS = 300;
/** When what ought to happen is given up. */
const PATIENCE_MS = 20_000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const armed = new Set<NodeJS.Timeout>();
const { setTimeout, setInterval, clearTimeout } = globalThis;

/** Notes the timers that the code under test starts and nobody clears; timers that let the process end do not count. */
function watchTimers(): void {
  const watch = <T extends typeof setTimeout | typeof setInterval>(set: T, isOnce: boolean) =>
    ((callback: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => {
      const timer = (set as typeof setTimeout)(() => {
        if (isOnce) armed.delete(timer);
        callback(...args);
      }, ms);
      armed.add(timer);
      return timer;
    }) as T;
  const clear = (timer?: NodeJS.Timeout | string | number) => {
    armed.delete(timer as NodeJS.Timeout);
    clearTimeout(timer);
  };
  Object.assign(globalThis, { setTimeout: watch(setTimeout, true), setInterval: watch(setInterval, false), clearTimeout: clear, clearInterval: clear });
}

const countTimers = () => [...armed].filter((timer) => timer.hasRef()).length;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Every case of a rule's fixtures, repaired and run before and after. */
export function describeAbortFixtures(
  codemod: Codemod,
  subjects: Record<string, () => Promise<Subject>>,
  scenarios: Record<string, () => Promise<Scenario>>,
  options: Readonly<Record<string, unknown>> = {},
): void {
  const folder = fileURLToPath(new URL(`../../../fixtures/${codemod.name}/`, import.meta.url));
  const names = readdirSync(folder);
  const find = <T>(modules: Record<string, () => Promise<T>>, name: string, file: string) =>
    modules[Object.keys(modules).find((path) => path.endsWith(`/${codemod.name}/${name}/${file}`))!]!();
  const read = (name: string, file: string) => readFileSync(`${folder}${name}/${file}`, 'utf8');
  const open = new Set<unknown>();
  let isInterrupting = false;
  const server = createServer((req, res) => {
    open.add(res);
    res.on('close', () => open.delete(res));
    if (req.url!.includes('/never') || (isInterrupting && req.url!.includes('/slow'))) return;
    const answer = () => res.end(JSON.stringify({ path: req.url }));
    if (req.url!.includes('/slow')) setTimeout(answer, SLOW_MS);
    else answer();
  });
  let url = '';
  beforeAll(async () => {
    watchTimers();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  /** `leavesListeners`: nobody needs to wait until they are gone. */
  async function observe(scenario: Scenario, subject: Subject, uses: number, leavesListeners: boolean): Promise<Left> {
    const { signal } = new AbortController();
    armed.clear();
    setMaxListeners(0, signal);
    const otherTimers = scenario.countOtherTimers?.() ?? 0;
    const countListeners = () => getEventListeners(signal, 'abort').length;
    const use = () =>
      scenario.use(subject, { url, signal }).then(
        (value) => ({ value }),
        (error: Error) => ({ error: `${error.name}: ${error.message}` }),
      );
    const outcome = await use();
    for (let used = 1; used < uses; used += 50) await Promise.all(Array.from({ length: Math.min(50, uses - used) }, use));
    while (open.size > 0) await pause(10);
    // The platform's own `fetch` listens for as long as its request is not collected.
    const patience = Date.now() + (leavesListeners ? 100 : PATIENCE_MS);
    while (countListeners() > 0 && Date.now() < patience) {
      collectGarbage();
      await pause(5);
    }
    const left = { outcome, listeners: countListeners(), timers: countTimers() + (scenario.countOtherTimers?.() ?? 0) - otherTimers };
    // What they would still do is nobody's business.
    for (const timer of armed) clearTimeout(timer);
    return left;
  }

  /** `endsIt`: the abort is to end the use, and is given the time for it. */
  async function interrupt(scenario: Scenario, subject: Subject, endsIt: boolean): Promise<Interruption> {
    const controller = new AbortController();
    const earlier = new Set(open);
    const countOpen = () => [...open].filter((res) => !earlier.has(res)).length;
    let isOver = false;
    isInterrupting = true;
    const use = Promise.resolve(scenario.interrupt!(subject, { url, signal: controller.signal })).then(
      () => void (isOver = true),
      () => void (isOver = true),
    );
    // Under way: at the server, or asleep.
    for (let waited = 0; countOpen() === 0 && waited < 100; waited += 10) await pause(10);
    await pause(20);
    controller.abort(new Error('no longer wanted'));
    const patience = Date.now() + (endsIt ? PATIENCE_MS : WATCHED_MS);
    while (!(isOver && countOpen() === 0) && Date.now() < patience) await pause(10);
    const seen = { isOver, open: countOpen() };
    server.closeAllConnections();
    await Promise.race([use, pause(500)]);
    isInterrupting = false;
    for (const timer of armed) clearTimeout(timer);
    return seen;
  }

  describe.each(names)('%s', (name) => {
    it('is written as expected, silent under every rule, and a second run changes nothing', async () => {
      const { target } = await find(scenarios, name, 'scenario.ts');
      const { text, results } = await repairText(codemod, read(name, 'input.ts'), { target, options });
      expect(results.map((result) => (result.status === 'changed' ? 'changed' : JSON.stringify({ ...result, site: undefined })))).toEqual(results.map(() => 'changed'));
      expect(results.length).toBeGreaterThan(0);
      expect(text).toBe(read(name, 'expected.ts'));
      const again = lintText(text, 'file.ts', { [`watertight/${codemod.name}`]: ['error', options] });
      expect(again.ok && again.sites.map(({ ruleName, start }) => `${ruleName} ${text.slice(start, start + 40)}`)).toEqual([]);
    });

    it('leaves nothing behind, with the same outcome as before', async () => {
      const scenario = await find(scenarios, name, 'scenario.ts');
      const leaves = scenario.leaves ?? [];
      const before = await observe(scenario, await find(subjects, name, 'input.ts'), leaves.includes('listeners') ? 20 : 1, leaves.includes('listeners'));
      expect({ listeners: before.listeners > 0, timers: before.timers > 0 }).toEqual({ listeners: leaves.includes('listeners'), timers: leaves.includes('timers') });
      const after = await observe(scenario, await find(subjects, name, 'expected.ts'), scenario.uses ?? (leaves.includes('listeners') || read(name, 'expected.ts').includes('watertight-runtime') ? 1000 : 100), false);
      expect(after).toEqual({ outcome: before.outcome, listeners: 0, timers: 0 });
    });

    if (!/\binterrupt\b/.test(read(name, 'scenario.ts'))) return;
    it('ends when the caller aborts, where it did not before', async () => {
      const scenario = await find(scenarios, name, 'scenario.ts');
      const before = await interrupt(scenario, await find(subjects, name, 'input.ts'), false);
      const after = await interrupt(scenario, await find(subjects, name, 'expected.ts'), true);
      expect({ before: before.isOver && before.open === 0, after }).toEqual({ before: false, after: { isOver: true, open: 0 } });
    }, 2 * PATIENCE_MS);
  });

  it('writes code that type-checks', () => {
    const files = names.flatMap((name) => [`${folder}${name}/expected.ts`, `${folder}${name}/scenario.ts`]);
    const program = ts.createProgram(files, {
      strict: true,
      noEmit: true,
      noUnusedLocals: true,
      skipLibCheck: true,
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts', 'lib.dom.d.ts'],
      module: ts.ModuleKind.NodeNext,
      types: ['node'],
      paths: { 'watertight-runtime': [fileURLToPath(new URL('../../../runtime/index.ts', import.meta.url))] },
    });
    const errors = files.flatMap((file) => ts.getPreEmitDiagnostics(program, program.getSourceFile(file)));
    expect(errors.map(({ file, messageText }) => `${file?.fileName.slice(folder.length)}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`)).toEqual([]);
  });
}

