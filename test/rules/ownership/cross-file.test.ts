import { symlinkSync } from 'node:fs';
import { getBuiltinParts } from '../../../cli/get-builtin-parts.js';
import { describe, expect, it } from 'vitest';
import { type TestProject, makeProject } from '../../cli/support/make-project.js';
import { runCli } from '../../cli/support/run-cli.js';
import { type ProjectLint, lintProject } from '../support/lint-project.js';

const LOG = `import { open } from 'node:fs/promises';
export async function openLog(path) { const handle = await open(path); return handle; }
export async function closeLog(handle) { await handle.close(); }
export const sizeOf = async (handle) => (await handle.stat()).size;
const all = [];
export function keepOpen(handle) { all.push(handle); }
`;
/** The file handle in `handle` is lost where line 4 throws. */
const LEAKING = `import { closeLog, openLog, sizeOf } from './log.js';
export async function measure(path) {
  const handle = await openLog(path);
  const size = await sizeOf(handle);
  await closeLog(handle);
  return size;
}
`;
const LEAK = ['3: The file handle in `handle` is not released when line 4 throws. Release it there, or in a `finally`.'];

function lint({ root, path, read }: TestProject, name: string, rule = 'no-unclosed-resource', setting: ProjectLint = {}): string[] {
  return lintProject(root, path(name), read(name), rule, setting);
}

describe('a function of another file', () => {
  it('that returns what it opened makes its caller owe it', () => {
    expect(lint(makeProject({ 'log.ts': LOG, 'main.ts': LEAKING }), 'main.ts')).toEqual(LEAK);
  });

  it('that closes it pays the debt', () => {
    const main = `import { closeLog, openLog, sizeOf } from './log.js';
export async function measure(path) {
  const handle = await openLog(path);
  try { return await sizeOf(handle); } finally { await closeLog(handle); }
}
`;
    expect(lint(makeProject({ 'log.ts': LOG, 'main.ts': main }), 'main.ts')).toEqual([]);
  });

  it('that keeps it takes the debt over', () => {
    const main = LEAKING.replaceAll('sizeOf', 'keepOpen');
    expect(lint(makeProject({ 'log.ts': LOG, 'main.ts': main }), 'main.ts')).toEqual([]);
  });

  it('that returns it on to a caller is followed once more, and no further', () => {
    const middle = "import { openLog } from './log.js';\nexport const openAudit = (path) => openLog(path);\n";
    const far = "import { openAudit } from './middle.js';\nexport const openFar = (path) => openAudit(path);\n";
    const project = makeProject({
      'log.ts': LOG, 'middle.ts': middle, 'far.ts': far,
      'near.ts': "import { openAudit } from './middle.js';\nexport async function f(path) { await openAudit(path); }\n",
      'main.ts': "import { openFar } from './far.js';\nexport async function f(path) { await openFar(path); }\n",
    });
    expect(lint(project, 'near.ts')).toEqual(['2: The file handle of `openAudit` is dropped without being released. Keep it and release it.']);
    expect(lint(project, 'main.ts')).toEqual([]);
  });

  it.each([
    ['sometimes returns another', 'let last; export async function openLog(path, given) { if (given) return given; return await open(path); }'],
    ['keeps it as well on one way', 'const all = []; export async function openLog(path, keep) { const handle = await open(path); if (keep) all.push(handle); return handle; }'],
    ['remembers it', 'let last; export async function openLog(path) { last = await open(path); return last; }'],
    ['is a generator', 'export async function* openLog(path) { yield await open(path); }'],
    ['is given a new value', 'export let openLog = async (path) => await open(path); openLog = other;'],
  ])('that %s makes nobody owe anything', (_what, text) => {
    const log = `import { open } from 'node:fs/promises';\n${text}\n`;
    const main = "import { openLog } from './log.js';\nexport async function f(path) { await openLog(path); }\n";
    expect(lint(makeProject({ 'log.ts': log, 'main.ts': main }), 'main.ts')).toEqual([]);
  });

  it('removes a temporary folder under any name', () => {
    const files = "import { rm } from 'node:fs/promises';\nexport async function forget(dir) { await rm(dir, { recursive: true }); }\nexport async function look(dir) { return dir.length; }\n";
    const main = (name: string) => `import { mkdtemp } from 'node:fs/promises';
import { forget, look } from './files.js';
export async function f(run) {
  const dir = await mkdtemp('/tmp/x-');
  try { await run(dir); } finally { await ${name}(dir); }
}
`;
    const project = makeProject({ 'files.ts': files, 'good.ts': main('forget'), 'bad.ts': main('look') });
    expect(lint(project, 'good.ts', 'no-unmanaged-temp-file')).toEqual([]);
    expect(lint(project, 'bad.ts', 'no-unmanaged-temp-file')).toHaveLength(1);
  });

  it('is owed nothing where it is rejected', () => {
    const files = "import { mkdtemp } from 'node:fs/promises';\nexport async function make() { return await mkdtemp('/tmp/x-'); }\n";
    const main = `import { rm } from 'node:fs/promises';
import { make } from './files.js';
export async function f(log) {
  let dir;
  try { dir = await make(); } catch (error) { log(error); throw error; }
  await rm(dir, { recursive: true });
}
`;
    expect(lint(makeProject({ 'files.ts': files, 'main.ts': main }), 'main.ts', 'no-unmanaged-temp-file')).toEqual([]);
  });

  it('may have its files removed at the end of the process by a call elsewhere', () => {
    const files = "import tmp from 'tmp';\nexport function make() { return tmp.fileSync(); }\n";
    const main = (head: string, body: string) => `${head}import { make } from './files.js';\nexport function f(use) {\n  const file = make();\n  ${body}\n}\n`;
    const project = makeProject({
      'files.ts': files,
      'kept.ts': main('', 'use(file.name);'),
      'removed.ts': main('', 'if (!use) throw new Error();\n  file.removeCallback();'),
      'graceful.ts': main("import tmp from 'tmp';\ntmp.setGracefulCleanup();\n", 'if (!use) throw new Error();\n  file.removeCallback();'),
    });
    expect(lint(project, 'kept.ts', 'no-unmanaged-temp-file')).toEqual([]);
    expect(lint(project, 'removed.ts', 'no-unmanaged-temp-file')).toEqual(['3: The temporary file in `file` is left behind when line 4 throws. Remove it in a `finally` that starts right after it is made.']);
    expect(lint(project, 'graceful.ts', 'no-unmanaged-temp-file')).toEqual([]);
  });

  it('reads a response body, or returns one', () => {
    const http = "export async function get(url) { return await fetch(url); }\nexport const parse = async (res) => await res.json();\nexport const isFine = (res) => res.status < 400;\n";
    const main = `import { get, isFine, parse } from './http.js';
export async function load(url) {
  const res = await get(url);
  if (!isFine(res)) return undefined;
  return await parse(res);
}
`;
    expect(lint(makeProject({ 'http.ts': http, 'main.ts': main }), 'main.ts', 'no-unclosed-response-body')).toEqual([
      '3: Body of `res` is never read or cancelled when line 4 returns. Read it, or cancel it before.',
    ]);
    const good = main.replace('return undefined', 'return await parse(res)');
    expect(lint(makeProject({ 'http.ts': http, 'main.ts': good }), 'main.ts', 'no-unclosed-response-body')).toEqual([]);
  });
});

describe('the way to another file', () => {
  const call = (statement: string, callee: string) => `${statement}\nexport async function f(path) { await ${callee}(path); }\n`;
  it.each<[string, Record<string, string>, string, string]>([
    ['an import under another name', { 'log.ts': LOG }, "import { openLog as o } from './log.js';", 'o'],
    ['a namespace', { 'log.ts': LOG }, "import * as log from './log.js';", 'log.openLog'],
    ['no extension', { 'log.ts': LOG }, "import { openLog } from './log';", 'openLog'],
    ['the extension of the source', { 'log.ts': LOG }, "import { openLog } from './log.ts';", 'openLog'],
    ['an index', { 'log/index.ts': LOG }, "import { openLog } from './log';", 'openLog'],
    ['mjs for mts', { 'log.mts': LOG }, "import { openLog } from './log.mjs';", 'openLog'],
    ['plain JavaScript', { 'log.js': LOG }, "import { openLog } from './log.js';", 'openLog'],
    ['a default export', { 'log.ts': LOG.replace('export async function openLog', 'export default async function openLog') }, "import openLog from './log.js';", 'openLog'],
    ['a default export by name', { 'log.ts': `${LOG}export default openLog;` }, "import open from './log.js';", 'open'],
    ['an object by default', { 'log.ts': `${LOG}export default { open: openLog };` }, "import log from './log.js';", 'log.open'],
    ['export *', { 'log.ts': LOG, 'index.ts': "export * from './log.js';" }, "import { openLog } from './index.js';", 'openLog'],
    ['export { x as y } from', { 'log.ts': LOG, 'index.ts': "export { openLog as openIt } from './log.js';" }, "import { openIt } from '.';", 'openIt'],
    ['an import that is exported', { 'log.ts': LOG, 'index.ts': "import { openLog } from './log.js';\nexport { openLog };" }, "import { openLog } from './index.js';", 'openLog'],
    ['module.exports', { 'log.js': "const { open } = require('fs/promises');\nmodule.exports = { openLog: async (path) => await open(path) };" }, "const { openLog } = require('./log');", 'openLog'],
    ['exports.x', { 'log.js': "const { open } = require('fs/promises');\nexports.openLog = async (path) => await open(path);" }, "const log = require('./log');", 'log.openLog'],
    ['a static method', { 'log.ts': "import { open } from 'fs/promises';\nexport class Log { static async at(path) { return await open(path); } }" }, "import { Log } from './log.js';", 'Log.at'],
    ['a method of a new instance', { 'log.ts': "import { open } from 'fs/promises';\nexport class Log {\n  name = 'log';\n  close() { }\n\n  async at(path) {\n    return await open(path);\n  }\n}\n" }, "import { Log } from './log.js';\nconst log = new Log();", 'log.at'],
    ['a method that calls one of its class', { 'log.ts': "import { open } from 'fs/promises';\nexport class Log {\n  private async openIt(path: string) {\n    return await open(path);\n  }\n\n  public async at(path: string) {\n    return this.openIt(path);\n  }\n}\n" }, "import { Log } from './log.js';\nconst log = new Log();", 'log.at'],
    ['a method on a single line', { 'log.ts': "import { open } from 'fs/promises';\nexport class Log { async at(path) { return open(path); } }\n" }, "import { Log } from './log.js';\nconst log = new Log();", 'log.at'],
    ['a method of a class that is passed on', { 'log.ts': "import { open } from 'fs/promises';\nexport class Log {\n  async at(path) {\n    return open(path);\n  }\n}\n", 'index.ts': "export { Log } from './log.js';" }, "import { Log } from './index.js';\nconst log = new Log();", 'log.at'],
    ['a method of the one instance', { 'log.ts': "import { open } from 'fs/promises';\nclass Log { async at(path) { return await open(path); } }\nexport const log = new Log();" }, "import { log } from './log.js';", 'log.at'],
  ])('%s', (_way, files, statement, callee) => {
    const project = makeProject({ ...files, 'main.ts': call(statement, callee) });
    expect(lint(project, 'main.ts')).toEqual([`${statement.split('\n').length + 1}: The file handle of \`${callee}\` is dropped without being released. Keep it and release it.`]);
  });

  it.each([
    ['the global object', 'globalThis.fetch(url)', 1],
    ['itself', 'fetch(url)', 1],
    ['a spread', 'Promise.all([...(await list(url)), fetch(url)])', 1],
    ['a client of its own', 'client.fetch(url)', 0],
  ])('asks what a function fetches by: %s', (_what, call, count) => {
    const http = `import { client, list } from 'elsewhere';\nexport async function get(url) {\n  return ${call};\n}\n`;
    const project = makeProject({ 'http.ts': http, 'main.ts': "import { get } from './http.js';\nexport async function f(url) { await get(url); }\n" });
    expect(lint(project, 'main.ts', 'no-unclosed-response-body')).toHaveLength(count);
  });

  it.each<[string, Record<string, string>]>([
    ['is missing', {}],
    ['does not parse', { 'log.ts': `${LOG}\nfunction (` }],
    ['has no such export', { 'log.ts': LOG.replaceAll('openLog', 'openOther') }],
    ['is a folder', { 'log.ts/x.txt': LOG }],
    ['exports in a circle', { 'log.ts': "export * from './other.js';", 'other.ts': "export * from './log.js';" }],
    ['is a declaration without a body', { 'log.ts': "import { FileHandle } from 'node:fs/promises';\nexport declare function openLog(path: string): Promise<FileHandle>; // open" }],
  ])('stays unknown where the file %s', (_why, files) => {
    expect(lint(makeProject({ ...files, 'main.ts': call("import { openLog } from './log.js';", 'openLog') }), 'main.ts')).toEqual([]);
  });

  it('comes to an end where two files import each other', () => {
    const log = `import { later } from './main.js';\n${LOG}export const again = (path) => later(path);\n`;
    const main = "import { again, openLog } from './log.js';\nexport const later = (path) => again(path);\nexport async function f(path) { await later(path); await openLog(path); }\n";
    expect(lint(makeProject({ 'log.ts': log, 'main.ts': main }), 'main.ts')).toEqual([
      '3: The file handle of `openLog` is dropped without being released. Keep it and release it.',
    ]);
  });

  it('is open to the parser of ESLint itself, for modules and for CommonJS', () => {
    const project = makeProject({
      'log.mjs': LOG, 'main.mjs': LEAKING.replace('./log.js', './log.mjs'),
      'log.cjs': "const { open } = require('fs/promises');\nexports.openLog = (path) => open(path);\n",
      'main.cjs': "const { openLog } = require('./log.cjs');\nexports.f = async (path) => { await openLog(path); };\n",
    });
    symlinkSync(new URL('../../../node_modules', import.meta.url).pathname, project.path('node_modules'));
    expect(lint(project, 'main.mjs', 'no-unclosed-resource', { hasTypeScript: false })).toEqual(LEAK);
    expect(lint(project, 'main.cjs', 'no-unclosed-resource', { hasTypeScript: false, sourceType: 'commonjs' })).toHaveLength(1);
  });

  it('leads through the names of a tsconfig where there are types', () => {
    const project = makeProject({
      'tsconfig.json': JSON.stringify({ compilerOptions: { strict: false, noLib: true, types: [], module: 'ESNext', moduleResolution: 'Bundler', paths: { '#log': ['./src/log.ts'] } }, include: ['src'] }),
      'src/log.ts': LOG,
      'src/main.ts': LEAKING.replace('./log.js', '#log'),
    });
    const parserOptions = { project: './tsconfig.json', tsconfigRootDir: project.root, disallowAutomaticSingleRunInference: true };
    expect(lint(project, 'src/main.ts', 'no-unclosed-resource', { parserOptions })).toEqual(LEAK);
    expect(lint(project, 'src/main.ts')).toEqual([]);
  });
});

describe('what is known of another file', () => {
  it('is forgotten when that file changes', () => {
    const project = makeProject({ 'log.ts': LOG, 'main.ts': LEAKING });
    expect(lint(project, 'main.ts')).toEqual(LEAK);
    project.write('log.ts', LOG.replace('return handle;', 'all.push(handle); return handle;'));
    expect(lint(project, 'main.ts')).toEqual([]);
    project.write('log.ts', LOG);
    expect(lint(project, 'main.ts')).toEqual(LEAK);
  });

  it('is forgotten when a file behind it changes', () => {
    const middle = "import { openLog } from './log.js';\nexport const openAudit = (path) => openLog(path);\n";
    const project = makeProject({ 'log.ts': LOG, 'middle.ts': middle, 'main.ts': "import { openAudit } from './middle.js';\nexport async function f(path) { await openAudit(path); }\n" });
    expect(lint(project, 'main.ts')).toHaveLength(1);
    project.write('log.ts', LOG.replace('return handle;', 'all.push(handle); return handle;'));
    expect(lint(project, 'main.ts')).toEqual([]);
  });

  it('begins when the file is there', () => {
    const project = makeProject({ 'main.ts': LEAKING });
    expect(lint(project, 'main.ts')).toEqual([]);
    project.write('log.ts', LOG);
    expect(lint(project, 'main.ts')).toEqual(LEAK);
  });
});

it('the command finds it, too', async () => {
  const { root } = makeProject({ 'src/log.ts': LOG, 'src/main.ts': LEAKING });
  const { code, stdout } = await runCli(root, ['check'], { parts: getBuiltinParts() });
  expect(stdout).toContain('src/main.ts:3:24  error  The file handle in `handle` is not released when line 4 throws.');
  expect(code).toBe(1);
});
