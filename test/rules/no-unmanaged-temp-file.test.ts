import rule from '../../rules/no-unmanaged-temp-file.js';
import { type Invalid, runRuleTests } from './support/run-rule-tests.js';

const IMPORTS = "import fs from 'node:fs'; import fsp from 'node:fs/promises'; import os from 'node:os'; import path from 'node:path';\n";
const MAKE = "fs.mkdtempSync(path.join(os.tmpdir(), 'x-'))";
const MAKE_LATER = "fsp.mkdtemp(path.join(os.tmpdir(), 'x-'))";

function leftBehind(body: string, site: string, data: Record<string, string>, messageId = 'leftBehind', repaired?: string): Invalid {
  const code = IMPORTS + body;
  const start = code.indexOf(site);
  if (start === -1) throw new Error(`${site} is not in the code`);
  const before = code.slice(0, start).split('\n');
  const through = code.slice(0, start + site.length).split('\n');
  const position = { line: before.length, column: before.at(-1)!.length + 1, endLine: through.length, endColumn: through.at(-1)!.length + 1 };
  return { code, errors: [{ messageId, data, ...position, suggestions: repaired === undefined ? [] : [{ messageId: 'removeIt', output: repaired }] }] };
}

runRuleTests(rule, {
  valid: [
    "import fs from 'node:fs/promises'; async function serve(method, file, text) { if (method === 'PUT') { await fs.writeFile(file, text); return; } await fs.unlink(file); }",
    `${IMPORTS}async function f(run) { const dir = await ${MAKE_LATER}; try { await run(dir); } finally { await fsp.rm(dir, { recursive: true }); } }`,
    `${IMPORTS}function f() { return ${MAKE}; }`,
    `${IMPORTS}function f() { const dir = ${MAKE}; return { dir, cleanup: () => fs.rmSync(dir, { recursive: true }) }; }`,
    `${IMPORTS}function f() { const dir = ${MAKE}; process.on('exit', () => fs.rmSync(dir, { recursive: true })); use(dir); }`,
    `${IMPORTS}function f(cleanups) { const dir = ${MAKE}; cleanups.push(dir); use(dir); }`,
    `${IMPORTS}function f() { const dir = ${MAKE}; try { use(dir); } finally { removeFolder(dir); } }`,
    `${IMPORTS}class C { #dir; start() { this.#dir = ${MAKE}; } stop() { fs.rmSync(this.#dir, { recursive: true }); } }`,
    `${IMPORTS}function f(text) { const file = path.join(${MAKE}, 'a.txt'); fs.writeFileSync(file, text); return file; }`,
    `${IMPORTS}async function f(text, run) { const file = path.join(os.tmpdir(), 'a.txt'); await fsp.writeFile(file, text); try { await run(file); } finally { await fsp.unlink(file); } }`,
    `${IMPORTS}async function f(run) { const dir = ${MAKE}; const done = () => fs.rmSync(dir, { recursive: true }); await new Promise((resolve) => { child.on('close', () => { done(); resolve(); }); }); }`,
    "import { dir } from 'tmp-promise'; async function f(run) { const { path, cleanup } = await dir(); try { await run(path); } finally { await cleanup(); } }",
    `${IMPORTS}async function f(name, run) { const file = \`\${name}.new\`; fs.writeFileSync(file, ''); try { await run(file); } finally { if (fs.existsSync(file)) fs.unlinkSync(file); } }`,
    `${IMPORTS}function f() { fs.mkdirSync(path.join(os.tmpdir(), 'my-cache'), { recursive: true }); }`,
    // asked whether it is there
    `${IMPORTS}async function f(data, send) { const file = path.join(os.tmpdir(), \`up-\${Date.now()}\`); try { await fsp.writeFile(file, data); await send(file); } finally { if (await fsp.access(file).then(() => true).catch(() => false)) await fsp.unlink(file); } }`,
    `${IMPORTS}async function f(data, send) { const file = path.join(os.tmpdir(), \`up-\${Date.now()}\`); try { await fsp.writeFile(file, data); await send(file); } finally { if (await fsp.access(file).then(() => true, () => false)) await fsp.unlink(file); } }`,
    // the folder that it is made in is the caller's
    `${IMPORTS}async function f(root, run) { const dir = await fsp.mkdtemp(path.join(root, 'x-')); await run(dir); return path.join(dir, 'a'); }`,
    // another process finds it by the number of this one
    `${IMPORTS}function f(text) { const file = path.join(os.tmpdir(), \`answer_\${process.pid}.json\`); fs.writeFileSync(file, text); }`,
    // what waits for a promise hands on what comes
    `${IMPORTS}async function f(run) { const [error, dir] = await to(${MAKE_LATER}); if (error) return; await run(dir); }`,
    `${IMPORTS}function f(file, text) { fs.writeFileSync(file + '.tmp', text); fs.renameSync(file + '.tmp', file); }`,
    `${IMPORTS}function f(x) { const dir = ${MAKE}; if (!x) { console.error('no', dir); process.exit(1); } fs.rmSync(dir, { recursive: true }); }`,
    `${IMPORTS}async function f(copy) { const dir = ${MAKE}; await copy(new Staging(dir)); }`,
    `${IMPORTS}async function f(copy) { const dir = ${MAKE}; try { await copy(new Staging(dir)); } finally { fs.rmSync(dir, { recursive: true }); } }`,
    `${IMPORTS}async function f(fill) { const dir = ${MAKE}; const staging = new Staging(dir); try { await staging.fill(); return staging; } catch (error) { fs.rmSync(dir, { recursive: true }); throw error; } }`,
    { code: `${IMPORTS}const dir = ${MAKE}; use(dir);`, filename: 'test/a.ts' },
    // Removed unless something says that it is kept.
    `${IMPORTS}async function f(text, place, move) { const tmp = { target: path.join(os.tmpdir(), \`a-\${Date.now()}\`), moved: false }; try { await fsp.writeFile(tmp.target, text); await move(tmp, place); } finally { if (!tmp.moved) await fsp.rm(tmp.target); } }`,
    `${IMPORTS}async function f(run, options) { const dir = ${MAKE}; try { await run(dir); } finally { if (!options.keepTemp) fs.rmSync(dir, { recursive: true }); } }`,
    `${IMPORTS}async function f(run, { keep }) { const dir = ${MAKE}; try { await run(dir); } finally { if (keep) console.log(dir); else fs.rmSync(dir, { recursive: true }); } }`,
    `${IMPORTS}async function f(run, options) { const dir = ${MAKE}; try { await run(dir); } finally { if (options.cleanup && dir) fs.rmSync(dir, { recursive: true }); } }`,
    // A clean-up that asks first.
    `${IMPORTS}async function f(run) { const dir = ${MAKE}; try { await run(dir); } finally { if (await fse.pathExists(dir)) await fsp.rm(dir, { recursive: true }); } }`,
    // Everything goes with the folder of a fresh name.
    `${IMPORTS}async function f(text, run) { const dir = path.join(os.tmpdir(), randomUUID()); fs.mkdirSync(dir); try { fs.mkdirSync(path.join(dir, 'a')); const file = path.join(dir, 'b'); fs.writeFileSync(file, text); await run(file); } finally { fs.rmSync(dir, { recursive: true }); } }`,
    // Shown to somebody who looks at it later.
    `${IMPORTS}async function f(text) { const file = path.join(os.tmpdir(), \`a-\${Date.now()}.md\`); await fsp.writeFile(file, text); await openFile(file); }`,
    // Of one name for every run.
    `${IMPORTS}async function f(text) { const file = path.join(os.tmpdir(), 'last-version'); await fsp.writeFile(file, text); }`,
    // A class that removes what it has made, or lets others do so.
    `${IMPORTS}class C { #dir = ${MAKE}; args() { return [path.join(this.#dir, 'a')]; } close() { fs.rmSync(this.#dir, { recursive: true }); } }`,
    `${IMPORTS}class C { #dir = ${MAKE}; close(clean) { clean(this.#dir); } }`,
    `${IMPORTS}class C { #dir = ${MAKE}; get dir() { return this.#dir; } }`,
  ],
  invalid: [
    leftBehind(`async function f(run, options) {\n  const dir = ${MAKE};\n  try { await run(dir); } finally { if (options.isLarge) fs.rmSync(dir, { recursive: true }); }\n}`, MAKE, { label: 'temporary folder', holder: 'in `dir`', exit: 'the function ends' }, 'leftBehind', "import fs from 'node:fs'; import fsp from 'node:fs/promises'; import os from 'node:os'; import path from 'node:path';\nasync function f(run, options) {\n  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'x-'));\n  try { await run(dir); } finally { if (options.isLarge) fs.rmSync(dir, { recursive: true }); await fs.promises.rm(dir, { recursive: true, force: true }); }\n}"),
    leftBehind(`function f(run) {\n  const dir = path.join(os.tmpdir(), randomUUID());\n  fs.mkdirSync(dir);\n  run(dir);\n}`, 'fs.mkdirSync(dir)', { label: 'temporary folder', holder: 'in `dir`', exit: 'the function ends' }),
    leftBehind(`async function f(text) {\n  const file = path.join(os.tmpdir(), \`a-\${Date.now()}\`);\n  await fsp.writeFile(file, text);\n  await send(file);\n}`, 'fsp.writeFile(file, text)', { label: 'temporary file', holder: 'in `file`', exit: 'the function ends' }, 'leftBehind', "import fs from 'node:fs'; import fsp from 'node:fs/promises'; import os from 'node:os'; import path from 'node:path';\nasync function f(text) {\n  const file = path.join(os.tmpdir(), `a-${Date.now()}`);\n  await fsp.writeFile(file, text);\n  try {\n    await send(file);\n  } finally {\n    await fsp.rm(file, { force: true });\n  }\n}"),
    leftBehind(`class C {\n  #dir;\n  constructor() { this.#dir = ${MAKE}; }\n  args() { return [path.join(this.#dir, 'a'), \`--in=\${this.#dir}\`]; }\n  run(work) { work({ cwd: this.#dir }); }\n}`, MAKE, { label: 'temporary folder', holder: 'of `fs.mkdtempSync`', exit: 'line 4 stores it, since no method of the class releases the field' }),
    leftBehind(`async function f(run) {\n  const dir = await ${MAKE_LATER};\n  await run(dir);\n  await fsp.rm(dir, { recursive: true });\n}`, MAKE_LATER, { label: 'temporary folder', holder: 'in `dir`', exit: 'line 4 throws' }, 'leftBehind', "import fs from 'node:fs'; import fsp from 'node:fs/promises'; import os from 'node:os'; import path from 'node:path';\nasync function f(run) {\n  const dir = await fsp.mkdtemp(path.join(os.tmpdir(), 'x-'));\n  try {\n    await run(dir);\n  } finally {\n    await fsp.rm(dir, { recursive: true });\n  }\n}"),
    leftBehind(`async function f(copy) {\n  const dir = await ${MAKE_LATER};\n  await copy(new Staging(dir));\n  await fsp.rm(dir, { recursive: true });\n}`, MAKE_LATER, { label: 'temporary folder', holder: 'in `dir`', exit: 'line 4 throws' }, 'leftBehind', "import fs from 'node:fs'; import fsp from 'node:fs/promises'; import os from 'node:os'; import path from 'node:path';\nasync function f(copy) {\n  const dir = await fsp.mkdtemp(path.join(os.tmpdir(), 'x-'));\n  try {\n    await copy(new Staging(dir));\n  } finally {\n    await fsp.rm(dir, { recursive: true });\n  }\n}"),
    leftBehind(`async function f() {\n  const dir = ${MAKE};\n  const staging = new Staging(dir);\n  await staging.fill();\n  fs.rmSync(dir, { recursive: true });\n}`, MAKE, { label: 'temporary folder', holder: 'in `dir`', exit: 'line 5 throws' }, 'leftBehind', "import fs from 'node:fs'; import fsp from 'node:fs/promises'; import os from 'node:os'; import path from 'node:path';\nasync function f() {\n  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'x-'));\n  try {\n    const staging = new Staging(dir);\n    await staging.fill();\n  } finally {\n    fs.rmSync(dir, { recursive: true });\n  }\n}"),
    leftBehind(`function f() {\n  const dir = ${MAKE};\n  use(dir);\n}`, MAKE, { label: 'temporary folder', holder: 'in `dir`', exit: 'the function ends' }),
    leftBehind(`function f(x) {\n  const dir = ${MAKE};\n  if (x) throw new Error(\`bad \${dir}\`);\n  fs.rmSync(dir, { recursive: true });\n}`, MAKE, { label: 'temporary folder', holder: 'in `dir`', exit: 'line 4 throws' }, 'leftBehind', "import fs from 'node:fs'; import fsp from 'node:fs/promises'; import os from 'node:os'; import path from 'node:path';\nfunction f(x) {\n  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'x-'));\n  try {\n    if (x) throw new Error(`bad ${dir}`);\n  } finally {\n    fs.rmSync(dir, { recursive: true });\n  }\n}"),
    leftBehind(`function f(text) {\n  const dir = ${MAKE};\n  const file = path.join(dir, 'a');\n  use(file);\n  fs.unlinkSync(file);\n}`, MAKE, { label: 'temporary folder', holder: 'in `dir`', exit: 'the function ends' }),
    leftBehind(`async function f(run) {\n  const dir = ${MAKE};\n  try { await run(dir); } catch (error) { fs.rmSync(dir, { recursive: true }); throw error; }\n}`, MAKE, { label: 'temporary folder', holder: 'in `dir`', exit: 'the function ends' }, 'leftBehind', "import fs from 'node:fs'; import fsp from 'node:fs/promises'; import os from 'node:os'; import path from 'node:path';\nasync function f(run) {\n  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'x-'));\n  try {\n    try { await run(dir); } catch (error) { fs.rmSync(dir, { recursive: true }); throw error; }\n  } finally {\n    await fs.promises.rm(dir, { recursive: true, force: true });\n  }\n}"),
    leftBehind(`class C {\n  #dir;\n  start() { this.#dir = ${MAKE}; }\n}`, MAKE, { label: 'temporary folder', holder: 'of `fs.mkdtempSync`', exit: 'line 4 stores it, since no method of the class releases the field' }),
    leftBehind(`function f() {\n  ${MAKE};\n}`, MAKE, { label: 'temporary folder', call: 'fs.mkdtempSync' }, 'droppedPath'),
    leftBehind(`function f() {\n  const dir = ${MAKE};\n  process.env.CACHE = dir;\n}`, MAKE, { label: 'temporary folder', holder: 'in `dir`', exit: 'the function ends' }),
    leftBehind(`async function f(file, text, load) {\n  fs.writeFileSync(file + '.mjs', text);\n  await load(file);\n  fs.unlinkSync(file + '.mjs');\n}`, "fs.writeFileSync(file + '.mjs', text)", { label: 'temporary file', holder: "in `file + '.mjs'`", exit: 'line 4 throws' }, 'leftBehind', "import fs from 'node:fs'; import fsp from 'node:fs/promises'; import os from 'node:os'; import path from 'node:path';\nasync function f(file, text, load) {\n  fs.writeFileSync(file + '.mjs', text);\n  try {\n    await load(file);\n    fs.unlinkSync(file + '.mjs');\n  } finally {\n    await fs.promises.rm(file + '.mjs', { force: true });\n  }\n}"),
    leftBehind(`async function f(text, run) {\n  const file = path.join(os.tmpdir(), 'a.txt');\n  await fsp.writeFile(file, text);\n  await run(file);\n  await fsp.unlink(file);\n}`, 'fsp.writeFile(file, text)', { label: 'temporary file', holder: 'in `file`', exit: 'line 5 throws' }, 'leftBehind', "import fs from 'node:fs'; import fsp from 'node:fs/promises'; import os from 'node:os'; import path from 'node:path';\nasync function f(text, run) {\n  const file = path.join(os.tmpdir(), 'a.txt');\n  await fsp.writeFile(file, text);\n  try {\n    await run(file);\n  } finally {\n    await fsp.unlink(file);\n  }\n}"),
    leftBehind(`async function f(name, other, run) {\n  const file = \`\${name}.new\`;\n  fs.writeFileSync(file, '');\n  try { await run(file); } finally { if (fs.existsSync(other)) fs.unlinkSync(file); }\n}`, "fs.writeFileSync(file, '')", { label: 'temporary file', holder: 'in `file`', exit: 'the function ends' }, 'leftBehind', "import fs from 'node:fs'; import fsp from 'node:fs/promises'; import os from 'node:os'; import path from 'node:path';\nasync function f(name, other, run) {\n  const file = `${name}.new`;\n  fs.writeFileSync(file, '');\n  try { await run(file); } finally { if (fs.existsSync(other)) fs.unlinkSync(file); await fs.promises.rm(file, { force: true }); }\n}"),
    leftBehind(`function f(cb) {\n  fs.mkdtemp(path.join(os.tmpdir(), 'x-'), (err, dir) => {\n    if (err) return cb(err);\n    use(dir);\n  });\n}`, "fs.mkdtemp(path.join(os.tmpdir(), 'x-'), (err, dir) => {\n    if (err) return cb(err);\n    use(dir);\n  })", { label: 'temporary folder', holder: 'in `dir`', exit: 'the function ends' }),
  ],
});
