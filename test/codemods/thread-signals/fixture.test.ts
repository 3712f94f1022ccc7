import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ThreadResult, threadSignals } from '../../../codemods/thread-signals/thread-signals.js';
import { ThreadProject, findTypeProblems } from '../../../codemods/thread-signals/thread-project.js';
import { getThreadInput, lint, readSources } from '../support/thread-input.js';

const ROOT = fileURLToPath(new URL('../../../fixtures/thread-signals/', import.meta.url));
const TOPS = ['locate', 'explain', 'archive', 'watch'] as const;

type Tracker = Record<string, unknown>;
interface Carriers {
  readonly base: string;
  readonly cancelled: readonly string[];
  readonly asked: () => Promise<void>;
  readonly close: () => Promise<void>;
}
interface OwnTests {
  runOwnTests(tracker: Tracker, base: string): Promise<void>;
  startSlow(tracker: Tracker, base: string, name: (typeof TOPS)[number]): { readonly work: Promise<unknown>; readonly giveUp: () => void };
}
const ownTests = import.meta.glob<OwnTests>('../../../fixtures/thread-signals/test/own-tests.ts');
const servers = import.meta.glob<{ startCarriers(): Promise<Carriers> }>('../../../fixtures/thread-signals/test/server.ts');
const loadOnly = <T>(modules: Record<string, () => Promise<T>>) => Object.values(modules)[0]!();

const sources = readSources(join(ROOT, 'src'));
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'watertight-threads-')));
let result: ThreadResult;
let texts: ReadonlyMap<string, string>;

beforeAll(async () => {
  result = await threadSignals(getThreadInput(ROOT, sources));
  texts = new Map([...sources, ...result.texts]);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The fixture as JavaScript in a folder of its own, loaded. */
async function load(name: string, files: ReadonlyMap<string, string>): Promise<Tracker> {
  const target = join(folder, name);
  for (const [path, text] of files) {
    const output = join(target, relative(ROOT, path).replace(/\.ts$/, '.js'));
    mkdirSync(dirname(output), { recursive: true });
    const { outputText } = ts.transpileModule(text, { fileName: path, compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext } });
    writeFileSync(output, outputText);
  }
  cpSync(join(ROOT, 'package.json'), join(target, 'package.json'));
  const modules = await Promise.all(['serve', 'watch', 'count', 'list-ports', 'legacy/archive'].map((file) => import(/* @vite-ignore */ pathToFileURL(join(target, 'src', `${file}.js`)).href)));
  return Object.assign({}, ...modules) as Tracker;
}

async function withCarriers<T>(run: (carriers: Carriers) => Promise<T>): Promise<T> {
  const { startCarriers } = await loadOnly(servers);
  const carriers = await startCarriers();
  try {
    return await run(carriers);
  } finally {
    await carriers.close();
  }
}

/** Gives each of the functions at the top up, and hands what the server has seen cancelled to `check`. */
async function giveUpEach(tracker: Tracker, check: (name: (typeof TOPS)[number], getCancelled: () => readonly string[]) => Promise<void>): Promise<void> {
  const { startSlow } = await loadOnly(ownTests);
  for (const name of TOPS) {
    await withCarriers(async (carriers) => {
      const { work, giveUp } = startSlow(tracker, carriers.base, name);
      const settled = work.then(() => undefined, () => undefined);
      await carriers.asked();
      giveUp();
      await check(name, () => [...new Set(carriers.cancelled)].sort());
      await carriers.close();
      await settled;
    });
  }
}

describe('the fixture', () => {
  it('has many files, and changes as it is written down', () => {
    expect(sources.size).toBeGreaterThanOrEqual(12);
    const expected = readSources(join(ROOT, 'expected'));
    const changed = Object.fromEntries([...result.texts].map(([path, text]) => [relative(join(ROOT, 'src'), path), text]));
    expect(changed).toEqual(Object.fromEntries([...expected].map(([path, text]) => [relative(join(ROOT, 'expected'), path), text])));
  });

  it('says of every place what became of it', () => {
    expect(result.sites.map(({ path, call, block }) => [relative(join(ROOT, 'src'), path), call, block?.detail ?? 'changed'])).toEqual([
      ['count.ts', 'loadFirst', '`loadFirst` takes any number of arguments'],
      ['count.ts', 'countArguments', '`countArguments` reads `arguments`'],
      ['http/get-json.ts', 'fetch', 'changed'],
      ['http/read.ts', 'fetch', 'changed'],
      ['list-ports.ts', 'loadPort', '`loadPort` is handed over as a value in list-ports.ts:10'],
    ]);
  });

  it('type-checks before and after', () => {
    const { config } = getThreadInput(ROOT, sources);
    for (const version of [sources, texts]) {
      expect(findTypeProblems(new ThreadProject(config, version).getProgram(), version.keys())).toEqual([]);
    }
  });

  it('has no finding of any rule that it had not before', async () => {
    for (const [path, text] of result.texts) {
      const count = async (version: string) => {
        const linted = await lint(path, version);
        return linted.ok ? linted.sites.map(({ ruleName, messageId }) => `${ruleName} ${messageId}`) : linted.error;
      };
      expect(await count(sources.get(path)!)).toEqual(expect.arrayContaining(await count(text) as string[]));
    }
  });

  it('passes its own tests before and after', async () => {
    for (const [name, version] of [['before', sources], ['after', texts]] as const) {
      const tracker = await load(name, version);
      const { runOwnTests } = await loadOnly(ownTests);
      await withCarriers(({ base }) => runOwnTests(tracker, base));
    }
  });

  it('cancels the request at the bottom when the top is aborted, which it did not before', async () => {
    // A wait can only hide here that something is cancelled, and never make it seem so.
    await giveUpEach(await load('before', sources), async (_, getCancelled) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(getCancelled()).toEqual([]);
    });
    const expected = {
      locate: ['/vessels/slow', '/waybills/slow'],
      explain: ['/labels/slow'],
      archive: ['/labels/slow'],
      watch: ['/vessels/slow', '/waybills/slow'],
    };
    await giveUpEach(await load('after', texts), async (name, getCancelled) => {
      await vi.waitFor(() => expect(getCancelled()).toEqual(expected[name]), 30_000);
    });
  }, 120_000);

  it('stays as it is the second time', async () => {
    const again = await threadSignals(getThreadInput(ROOT, new Map(texts)));
    expect([...again.texts.keys()]).toEqual([]);
    expect(again.sites.filter(({ block }) => !block)).toEqual([]);
  });

  it('keeps the files on the disk', () => {
    for (const [path, text] of sources) expect(readFileSync(path, 'utf8')).toBe(text);
  });
});
