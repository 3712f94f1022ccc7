import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CheckedFile, CheckedFinding } from '../../cli/lint/finding.js';
import { confirmFindings } from '../../cli/trace/confirm-findings.js';
import { parseFrames } from '../../cli/trace/parse-frames.js';
import { type TestProject, makeProject } from './support/make-project.js';
import { ROOT, buildCli, spawnBin } from './support/spawn-bin.js';

beforeAll(buildCli, 300_000);

const LOAD = `interface Answer {
  readonly status: number;
}

/** Types and comments do not reach the compiled file, so its lines are other ones. */
export async function load(url: string): Promise<Answer> {
  const res = await fetch(url);
  if (!res.ok) throw new Error('failed');
  return { status: (await res.json()) as number };
}
`;
const KEEP = `import { open, type FileHandle } from 'node:fs/promises';

export const kept: FileHandle[] = [];

export async function keep(path: string): Promise<void> {
  kept.push(await open(path));
}
`;
const MAIN = `import { createServer } from 'node:http';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { keep } from './keep.js';
import { load } from './load.js';

const server = createServer((req, res) => res.writeHead(req.url === '/ok' ? 200 : 500).end('[1]')).listen(0);
await once(server, 'listening');
const url = \`http://127.0.0.1:\${(server.address() as { port: number }).port}\`;
for (const path of ['/ok', '/bad', '/bad']) await load(url + path).catch(() => undefined);
await keep(import.meta.filename);
const closed = await open(import.meta.filename);
await closed.close();
server.close();
server.closeAllConnections();
`;

function compile({ path, read, write }: TestProject, names: readonly string[]): void {
  mkdirSync(path('dist'));
  for (const name of names) {
    const { outputText, sourceMapText } = ts.transpileModule(read(`src/${name}.ts`), {
      fileName: `../src/${name}.ts`,
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, sourceMap: true, removeComments: true },
    });
    write(`dist/${name}.js`, outputText);
    write(`dist/${name}.js.map`, sourceMapText!.replace(/"sources":\[[^\]]*\]/, `"sources":["../src/${name}.ts"]`));
  }
}

function makeTraced(main = MAIN): TestProject {
  const project = makeProject({ 'package.json': '{ "type": "module" }', 'src/load.ts': LOAD, 'src/keep.ts': KEEP, 'src/main.ts': main });
  compile(project, ['load', 'keep', 'main']);
  return project;
}

describe('check --trace', () => {
  it('marks the findings that the run confirms, and lists what leaked without one', { timeout: 60_000 }, async () => {
    const { root } = makeTraced();
    const { code, stdout, stderr } = await spawnBin(root, ['check', 'src', '--trace', 'echo started && node dist/main.js']);
    expect(stderr).toContain('started');
    expect(stdout).toMatch(/^src\/load\.ts:7:21 .* confirmed by run \(2 times\)$/m);
    expect(stdout).toContain('`echo started && node dist/main.js` passed in 1 process; it confirmed 1 of 1 finding.');
    const [, list = ''] = stdout.split('Left behind in the run, without a finding:\n');
    expect(list).toMatch(/^src\/keep\.ts:6:19 {2}descriptor {2}.*dist\/main\.js \(descriptor \d+\)\n$/);
    expect(code).toBe(1);
  });

  it('gives other programs every leak with its calls', { timeout: 60_000 }, async () => {
    const { root } = makeTraced();
    const { stdout } = await spawnBin(root, ['check', 'src', '--trace', 'node dist/main.js', '--format', 'json']);
    const { findings, trace } = JSON.parse(stdout);
    expect(findings).toMatchObject([{ rule: 'no-unclosed-response-body', confirmedByRun: { count: 2 } }]);
    expect(trace).toMatchObject({ command: 'node dist/main.js', passes: true, processes: 1, killed: 0, inTests: 0 });
    expect(trace.unreported).toMatchObject([{ file: 'src/keep.ts', line: 6, kind: 'descriptor', count: 1 }]);
    expect(trace.leaks.find(({ kind }: { kind: string }) => kind === 'response body')).toMatchObject({
      count: 2,
      stack: [{ file: 'src/load.ts', line: 7 }, { file: 'src/main.ts', line: 10 }],
      confirms: ['src/load.ts:7 no-unclosed-response-body'],
    });
  });

  it('confirms nothing that the run released', { timeout: 60_000 }, async () => {
    const { root } = makeTraced(MAIN.replace(`['/ok', '/bad', '/bad']`, `['/ok']`).replace('await keep(import.meta.filename);\n', 'void keep;\n'));
    const { stdout } = await spawnBin(root, ['check', 'src', '--trace', 'node dist/main.js']);
    expect(stdout).toContain('it confirmed 0 of 1 finding.');
    expect(stdout).not.toContain('confirmed by run');
    expect(stdout).not.toContain('Left behind');
  });

  it('knows what a killed process held, and a failed command is no failure of its own', { timeout: 60_000 }, async () => {
    const { root } = makeTraced(`${MAIN}setTimeout(() => process.kill(process.pid, 'SIGKILL'), 2500);\n`);
    const { code, stdout } = await spawnBin(root, ['check', 'src', '--trace', 'node dist/main.js']);
    expect(stdout).toContain('confirmed by run (2 times)');
    expect(stdout).toContain('failed in 1 process');
    expect(stdout).toContain('1 process ended without a last record');
    expect(code).toBe(1);
  });

  it('follows CommonJS, worker threads, child processes and Vitest, each with its line', { timeout: 120_000 }, async () => {
    const open = (from: string) => `import { closeSync, openSync } from '${from}';\n`;
    const lose = 'export function size(file) {\n  const fd = openSync(file);\n  if (file.length > 1) return file.length;\n  closeSync(fd);\n  return 0;\n}\n';
    const project = makeProject({
      'package.json': '{ "type": "module" }',
      'lib.cjs': `'use strict';\nconst { closeSync, openSync } = require('node:fs');\n${lose.replace('export ', '')}module.exports = { size };\n`,
      'main.js': `import { execFileSync } from 'node:child_process';\nimport { Worker } from 'node:worker_threads';\nimport lib from './lib.cjs';\nconst file = process.argv[1];\nlib.size(file);\nnew Worker(new URL('./worker.js', import.meta.url), { argv: [file] });\nexecFileSync(process.execPath, ['child.js', file]);\n`,
      'worker.js': `${open('node:fs')}${lose}size(process.argv[2]);\n`,
      'child.js': `${open('fs')}\n${lose}size(process.argv[2]);\n`,
      'size.ts': `${open('node:fs')}interface Told {\n  readonly size: number;\n}\n\n${lose.replace('(file)', '(file: string): Told["size"]')}`,
      'size.test.ts': `import { expect, it } from 'vitest';\nimport { size } from './size.js';\n\nit('tells the size', () => expect(size('size.ts')).toBe(7));\n`,
    });
    mkdirSync(project.path('node_modules'));
    for (const name of ['vite', 'vitest']) symlinkSync(join(ROOT, 'node_modules', name), project.path(`node_modules/${name}`));
    const { code, stdout } = await spawnBin(project.root, ['check', '.', '--trace', 'node main.js && node node_modules/vitest/vitest.mjs run']);
    for (const place of ['child.js:4:14', 'lib.cjs:4:14', 'size.ts:7:14', 'worker.js:3:14']) expect(stdout).toMatch(new RegExp(`^${place} .* confirmed by run$`, 'm'));
    expect(stdout).toMatch(/ passed in \d+ processes; it confirmed 4 of 4 findings\./);
    expect(stdout).not.toContain('Left behind');
    expect(code).toBe(1);
  });

  it('leaves processes the codes and signals that they end with', { timeout: 60_000 }, async () => {
    const { root } = makeProject({
      'package.json': '{ "type": "module" }',
      'code.js': 'process.exitCode = 3;\n',
      'thrown.js': "throw new Error('thrown');\n",
      'signal.js': "process.kill(process.pid, 'SIGTERM');\nsetTimeout(() => {}, 60_000);\n",
      'handled.js': "process.once('SIGTERM', () => process.exit(5));\nprocess.kill(process.pid, 'SIGTERM');\nsetTimeout(() => {}, 60_000);\n",
      'all.sh': ['code 3', 'thrown 1', 'signal 143', 'handled 5'].map((each) => each.split(' ')).map(([name, code]) => `node ${name}.js\n[ $? -eq ${code} ] || exit 9`).join('\n'),
    });
    const { code, stdout } = await spawnBin(root, ['check', '.', '--trace', 'sh all.sh']);
    expect(stdout).toContain('`sh all.sh` passed in 4 processes');
    expect(code).toBe(0);
  });

  it('says that a command without Node shows nothing', async () => {
    const { root } = makeTraced();
    const { code, stderr } = await spawnBin(root, ['check', 'src', '--trace', 'true']);
    expect(code).toBe(2);
    expect(stderr).toContain('`true` ran no Node.js process');
  });
});

describe('joining a run with findings', () => {
  const finding = (rule: string, line: number, endLine = line): CheckedFinding => ({
    rule,
    line,
    endLine,
    column: 1,
    endColumn: 9,
    messageId: 'm',
    message: 'M.',
    severity: 'error',
    path: [],
  });
  const file = (path: string, ...findings: CheckedFinding[]): CheckedFile => ({ path, state: 'linted', findings, problems: [], sourceLines: {} });
  const held = (kind: string, places: string[], count = 1) => ({ kind, description: kind, count, frames: parseFrames(places.map((place) => `at f (${place})`).join('\n')) });

  it('reads the places of a stack', () => {
    expect(parseFrames('at f (file:///a%20b.ts?v=1:2:3)\nat async /c.js:4:5\nat new C (C:\\d.js:6:7)\nat node:fs:1:1\nat wasm://wasm/1:wasm-function[1]:0x1')).toEqual([
      { file: '/a b.ts', line: 2, column: 3 },
      { file: '/c.js', line: 4, column: 5 },
      { file: 'C:\\d.js', line: 6, column: 7 },
    ]);
  });

  it('confirms by place and kind, also through calls and over several lines', () => {
    const { files, unreported } = confirmFindings(
      [file('/p/a.ts', finding('no-unclosed-response-body', 3, 5), finding('no-unclosed-resource', 9)), file('/p/b.ts', finding('no-unclosed-response-body', 7))],
      [held('response body', ['/p/a.ts:4:1', '/p/b.ts:7:2']), held('response body', ['/p/a.ts:9:1'])],
      '/p',
    );
    expect(files.flatMap(({ findings }) => findings.map(({ confirmed }) => confirmed?.count))).toEqual([1, undefined, 1]);
    expect(unreported).toMatchObject([{ file: '/p/a.ts', line: 9, kind: 'response body', count: 1 }]);
  });

  it('counts a body and the socket that it comes through as one', () => {
    const { files } = confirmFindings([file('/p/a.ts', finding('no-unclosed-response-body', 3))], [held('response body', ['/p/a.ts:3:1'], 2), held('socket', ['/p/a.ts:3:1'], 2)], '/p');
    expect(files[0]!.findings[0]!.confirmed).toEqual({ count: 2 });
  });

  it('leaves out what is not of the project, and counts what is of tests', () => {
    const { unreported, inTests } = confirmFindings(
      [],
      [held('socket', ['/q/a.ts:1:1']), held('socket', ['/p/node_modules/x/a.js:1:1', '/p/a.ts:2:1']), held('server', ['/p/test/a.ts:1:1'], 2), held('server', ['/p/a.test.ts:1:1'])],
      '/p',
    );
    expect(unreported).toMatchObject([{ file: '/p/a.ts', line: 2 }]);
    expect(inTests).toBe(3);
  });

  it('takes listeners and timers for leaks only when they pile up', () => {
    const listed = (...some: ReturnType<typeof held>[]) => confirmFindings([], some, '/p').unreported.length;
    expect(listed(held('listener', ['/p/a.ts:1:1'], 2), held('listener', ['/p/a.ts:1:1'], 2))).toBe(0);
    expect(listed(held('listener', ['/p/a.ts:1:1'], 3))).toBe(1);
    expect(listed(held('timer', ['/p/a.ts:1:1']), held('timer', ['/p/a.ts:1:1']))).toBe(0);
    expect(listed(held('timer', ['/p/a.ts:1:1']), held('timer', ['/p/a.ts:1:1']), held('timer', ['/p/a.ts:1:1']))).toBe(1);
  });
});
