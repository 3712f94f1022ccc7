import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import type { Target } from '../../../codemods/types.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const NODE_MODULES = join(ROOT, 'node_modules');

/** What a fixture does, as its `scenario.ts` tells: each case is run on the code before and after. */
export interface Scenario {
  readonly cases: Readonly<Record<string, unknown>>;
  /** The cases in which the code before leaves something behind. */
  readonly leaking: readonly string[];
  /** Starts something that is in the middle of its work when `end` is called. */
  readonly interrupt?: unknown;
  readonly target?: Partial<Target>;
  /** What differs on purpose between before and after, by case. */
  readonly changed?: Readonly<Record<string, { readonly before: unknown; readonly after: unknown }>>;
}

/** What one case comes to, in a process of its own. */
interface Observation {
  readonly outcome: unknown;
  /** Files and folders in the temporary folder when the function has ended, and descriptors, timers, sockets that are open still. */
  readonly left: readonly string[];
}

const RUNNER = `
import { readdirSync, readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
const [, , subjectFile, scenarioFile, name] = process.argv;
const subject = await import(subjectFile);
const scenario = await import(scenarioFile);
const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
const look = () => {
  const descriptors = readdirSync('/proc/self/fd').flatMap((fd) => {
    try { return /^(?:\\/(?!dev\\/|proc\\/)|socket:)/.test(readlinkSync('/proc/self/fd/' + fd)) ? ['fd ' + readlinkSync('/proc/self/fd/' + fd)] : []; } catch { return []; }
  });
  const handles = process.getActiveResourcesInfo().filter((kind) => !/^(?:Timeout|PipeWrap|TTYWrap|FSReqPromise|FSReqCallback|CloseReq)$/.test(kind));
  return [...descriptors, ...handles, ...readdirSync(tmpdir()).map((file) => 'file ' + file), ...(scenario.held?.() ?? [])];
};
if (name === 'interrupt') {
  const how = process.argv[5];
  const end = () => {
    if (how === 'exit') process.exit(3);
    if (how === 'throw') setImmediate(() => { throw new Error('elsewhere'); });
    else process.kill(process.pid, how);
  };
  await scenario.interrupt(subject, end);
} else {
  await scenario.prepare?.();
  const before = look();
  const outcome = await Promise.resolve(scenario.cases[name](subject)).then((value) => ({ value }), (error) => ({ error: error.name + ': ' + error.message }));
  let left = [];
  for (let waited = 0; waited < 2000; waited += 25) {
    left = look();
    for (const known of before) if (left.includes(known)) left.splice(left.indexOf(known), 1);
    if (left.length === 0 || waited >= Number(process.argv[5])) break;
    await pause(25);
  }
  process.stdout.write('\\n@@' + JSON.stringify({ outcome, left }));
  process.exit(0);
}
`;

/** Keeps the collector from running: it closes a file handle that nobody holds any more, and the leak would be gone before it is counted. */
const NO_COLLECTION = ['--min-semi-space-size=256', '--max-semi-space-size=256'];

/** A folder with the runtime, the runner and stand-ins for packages, to run fixtures in. */
export class Laboratory {
  readonly #folder = mkdtempSync(join(tmpdir(), 'watertight-fixtures-'));

  constructor(packages: Readonly<Record<string, string>> = {}) {
    const modules = join(this.#folder, 'node_modules');
    for (const file of ts.sys.readDirectory(join(ROOT, 'runtime'), ['.ts'], ['**/dist/**', '**/*.d.ts', '**/node_modules/**'])) {
      write(join(modules, 'watertight-runtime', file.slice(join(ROOT, 'runtime').length).replace(/\.ts$/, '.js')), lower(readFileSync(file, 'utf8')));
    }
    write(join(modules, 'watertight-runtime', 'package.json'), JSON.stringify({ name: 'watertight-runtime', type: 'module', exports: './index.js' }));
    for (const [name, source] of Object.entries(packages)) {
      write(join(modules, name, 'package.json'), JSON.stringify({ name, type: 'module', exports: './index.js' }));
      write(join(modules, name, 'index.js'), source);
    }
    write(join(modules, 'tmp', 'package.json'), JSON.stringify({ name: 'tmp', main: 'index.cjs' }));
    write(join(modules, 'tmp', 'index.cjs'), `module.exports = require(${JSON.stringify(join(NODE_MODULES, 'tmp'))});`);
    write(join(this.#folder, 'package.json'), JSON.stringify({ type: 'module' }));
    write(join(this.#folder, 'run.mjs'), RUNNER);
  }

  /** Puts the code before, the code after and the scenario of a fixture into place. */
  place(name: string, sources: Readonly<Record<'input' | 'expected' | 'scenario', string>>): void {
    for (const [file, source] of Object.entries(sources)) write(join(this.#folder, name, `${file}.js`), lower(source));
  }

  async observe(name: string, version: 'input' | 'expected', run: string): Promise<Observation> {
    const { stdout, stderr, code } = await this.#run(name, version, [run, version === 'input' ? '150' : '2000']);
    if (code !== 0) throw new Error(`${name}/${version} ended with ${code}: ${stderr}`);
    // What the code says itself comes before.
    return JSON.parse(stdout.slice(stdout.lastIndexOf('\n@@') + 3)) as Observation;
  }

  /** What is left in the temporary folder when a process is ended in the middle of its work. */
  async interrupt(name: string, version: 'input' | 'expected', how: string): Promise<{ left: string[]; ending: unknown }> {
    const { left, code, signal } = await this.#run(name, version, ['interrupt', how]);
    return { left, ending: code ?? signal };
  }

  async #run(name: string, version: string, args: readonly string[]) {
    const temporary = mkdtempSync(join(this.#folder, 'tmp-'));
    const files = [join(this.#folder, name, `${version}.js`), join(this.#folder, name, 'scenario.js')];
    const child = spawn(process.execPath, [...NO_COLLECTION, join(this.#folder, 'run.mjs'), ...files, ...args], { env: { ...process.env, TMPDIR: temporary, NODE_NO_WARNINGS: '1' }, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const [code, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (...ending) => resolve(ending));
    });
    return { stdout, stderr, code, signal, left: readdirSync(temporary) };
  }

  dispose(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function lower(source: string): string {
  return ts.transpileModule(source, { compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, esModuleInterop: true } }).outputText;
}

/** The fixtures of a rule: those with a scenario are repaired and run. */
export function findFixtures(rule: string): { readonly folder: string; readonly names: readonly string[] } {
  const folder = join(ROOT, 'fixtures', rule);
  return { folder, names: readdirSync(folder).filter((name) => existsSync(join(folder, name, 'scenario.ts'))) };
}

/** Type errors of the code after and of the scenarios; packages that are not installed are known as anything. */
export function findTypeErrors(folder: string, names: readonly string[]): string[] {
  const files = names.flatMap((name) => [join(folder, name, 'expected.ts'), join(folder, name, 'scenario.ts')]);
  const program = ts.createProgram(files, {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    esModuleInterop: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
    module: ts.ModuleKind.NodeNext,
    types: ['node'],
    paths: { 'watertight-runtime': [join(ROOT, 'runtime/index.ts')] },
  });
  const errors = files.flatMap((file) => ts.getPreEmitDiagnostics(program, program.getSourceFile(file)));
  const UNKNOWN_PACKAGE = new Set([2307, 7016]);
  return errors.filter(({ code }) => !UNKNOWN_PACKAGE.has(code)).map(({ file, messageText }) => `${file?.fileName.slice(folder.length)}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
}
