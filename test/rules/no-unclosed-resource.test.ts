import rule from '../../rules/no-unclosed-resource.js';
import { type Invalid, runRuleTests } from './support/run-rule-tests.js';

const OPEN = "import { open } from 'node:fs/promises';\n";
const POOL = "import { Pool } from 'pg';\nconst pool = new Pool();\n";

const SEMA = "import { Sema } from 'async-sema';\nconst sema = new Sema(2);\n";
const MUTEX = "import { Mutex, Semaphore } from 'async-mutex';\nconst m = new Mutex();\nconst s = new Semaphore(2);\n";

/** One error that stands on `site`, the first occurrence in the code after the imports. */
function leak(code: string, site: string, messageId: string, data: Record<string, string>, more: Partial<Invalid> = {}, repaired?: string): Invalid {
  const start = code.indexOf(site);
  if (start === -1) throw new Error(`${site} is not in the code`);
  const before = code.slice(0, start).split('\n');
  const through = code.slice(0, start + site.length).split('\n');
  const position = { line: before.length, column: before.at(-1)!.length + 1, endLine: through.length, endColumn: through.at(-1)!.length + 1 };
  const suggestions = repaired === undefined ? [] : [{ messageId: messageId === 'unguardedPipe' || messageId === 'abandonedSource' ? 'usePipeline' : 'releaseIt', output: repaired }];
  return { code, errors: [{ messageId, data, ...position, suggestions }], ...more };
}

runRuleTests(rule, {
  valid: [
    // asked whether it has been released already
    "async function f(source, work) {\n  let runner;\n  try {\n    runner = source.createQueryRunner();\n    await work(runner.manager);\n  } finally {\n    if (runner && !runner.isReleased) await runner.release();\n  }\n}",
    // where it does not connect there is nothing to release
    "async function f(source) {\n  const runner = source.createQueryRunner();\n  await runner.connect();\n  try {\n    await runner.query('a');\n  } finally {\n    await runner.release();\n  }\n}",
    // the callback of an older version gets it
    "import mongo from 'mongodb';\nfunction f(url, done) {\n  mongo.MongoClient.connect(url, {}, (err, db) => done(err, db));\n}",
    // where the error is set there is no descriptor
    "import fs from 'fs';\nfunction f(path, done) {\n  fs.open(path, (err, fd) => {\n    if (err != null) return done(err);\n    done(null, fd);\n  });\n}",
    "import fs from 'fs';\nfunction f(path, done) {\n  fs.open(path, (err, fd) => {\n    if (err === null) done(null, fd);\n    else done(err);\n  });\n}",
    "import fs from 'fs';\nfunction f(path, done) {\n  fs.open(path, (err, fd) => {\n    if (err?.code === 'ENOENT') return done();\n    if (err) throw err;\n    done(fd);\n  });\n}",
    // what is in memory stays open and holds nothing, once the promise learns of the failure
    "function f(out) {\n  const source = parser.pipe(writer);\n  return new Promise((resolve, reject) => {\n    source.on('error', reject);\n    out.on('error', reject);\n    out.on('finish', resolve);\n    source.pipe(out);\n  });\n}",
    "import devNull from 'dev-null';\nfunction f(res) {\n  return new Promise((resolve) => {\n    res.pipe(devNull());\n    res.once('close', resolve);\n  });\n}",
    // taken as soon as it is open
    "import fs from 'fs';\nimport archiver from 'archiver';\nfunction f(path) {\n  const out = fs.createWriteStream(path);\n  const zip = archiver('zip');\n  return new Promise((resolve, reject) => {\n    out.on('close', resolve);\n    out.on('error', reject);\n    out.on('open', () => {\n      zip.pipe(out);\n      zip.finalize();\n    });\n  });\n}",
    "import fs from 'fs';\nimport { PassThrough } from 'stream';\nfunction f(path) {\n  const body = new PassThrough();\n  const stream = fs.createReadStream(path);\n  stream.on('open', () => stream.pipe(body));\n  return body;\n}",
    // ends with the child
    "import { createInterface } from 'readline';\nasync function f(child, work) {\n  const rl = createInterface({ input: child.stdout });\n  await work(1);\n  rl.close();\n}",
    // asked for the types' sake
    "import fs from 'fs';\nfunction f(child) {\n  const log = fs.createWriteStream('a');\n  child.stdout?.pipe(log);\n}",
    "import fs from 'fs';\nfunction f(child) {\n  const log = fs.createWriteStream('a');\n  if (child.stdout) child.stdout.pipe(log);\n}",
    // tells what is known already
    "import { chromium } from 'playwright';\nasync function f() {\n  const browser = await chromium.launch();\n  const version = browser.version();\n  await browser.close();\n  return version;\n}",
    `${OPEN}async function f(p) { const h = await open(p); try { return await h.readFile(); } finally { await h.close(); } }`,
    `${OPEN}async function f(p) { await using h = await open(p); return await h.readFile(); }`,
    `${OPEN}async function f(p) { const h = await open(p); return h; }`,
    `${OPEN}async function f(p) { const h = await open(p); await consume(h); }`,
    `${OPEN}async function f(p) { const h = await open(p); return h.createReadStream(); }`,
    `${OPEN}class C { #h; async start(p) { this.#h = await open(p); } async stop() { await this.#h.close(); } }`,
    `${OPEN}class C { handle; async start(p) { this.handle = await open(p); } }`,
    "import fs from 'fs'; function f(p) { const fd = fs.openSync(p, 'r'); try { return fs.fstatSync(fd).size; } finally { fs.closeSync(fd); } }",
    "import fs from 'fs'; function f(p, cb) { fs.open(p, 'r', (err, fd) => { if (err) return cb(err); fs.close(fd, cb); }); }",
    `${POOL}async function f() { const c = await pool.connect(); try { return await c.query('select 1'); } finally { c.release(); } }`,
    'async function f(ds) { const qr = ds.createQueryRunner(); try { await qr.query("x"); } finally { await qr.release(); } }',
    'class M { async f(ds) { const qr = this.queryRunner || ds.createQueryRunner(); try { await qr.query("x"); } finally { if (!this.queryRunner) await qr.release(); } } }',
    "import http from 'http'; export function start() { const server = http.createServer(); server.listen(80); console.log('up'); }",
    "import { Client } from 'pg'; async function f() { const c = new Client(); await c.connect(); try { await c.query('x'); } finally { await c.end(); } }",
    "import { Client } from 'pg'; function f(ok) { const c = new Client(); if (!ok) throw new Error('no'); return c; }",
    "import puppeteer from 'puppeteer'; async function f(u) { const b = await puppeteer.launch(); try { const p = await b.newPage(); await p.goto(u); } finally { await b.close(); } }",
    "import { Mutex } from 'async-mutex'; const m = new Mutex(); async function f() { const release = await m.acquire(); try { await work(); } finally { release(); } }",
    'function f(input, out) { return new Promise((resolve, reject) => { input.on("error", (e) => { out.destroy(e); reject(e); }).pipe(out).on("finish", resolve); }); }',
    'function f(input, out) { input.pipe(out); }',
    "import fs from 'fs'; class C { #out = fs.createWriteStream('a'); write(x) { this.#out.write(x); } }",
    "import fs from 'fs'; class C { #out; constructor() { this.#out = fs.createWriteStream('a'); } write(x) { this.#out.write(x); } close() { this.closed = true; this.#out.end(); } }",
    "import fs from 'fs'; class C { #out; constructor() { this.#out = fs.createWriteStream('a'); } close() { for (const stream of [this.#out]) stream.end(); } }",
    "import fs from 'fs'; class C { constructor() { this.out = fs.createWriteStream('a'); } close() { this.closed = true; } }",
    "import { createReadStream } from 'fs'; function handle(req, res) { createReadStream('a').pipe(target); }",
    "import { createReadStream } from 'fs'; function handle(req, res) { const file = createReadStream('a'); res.on('close', () => file.destroy()); file.pipe(res); }",
    "import { createReadStream } from 'fs'; import { pipeline } from 'stream'; function handle(req, res) { pipeline(createReadStream('a'), res, () => {}); }",
    "import { Readable } from 'stream'; function handle(req, res) { Readable.from(['a']).pipe(res); }",
    `${SEMA}async function f() { await sema.acquire(); try { await work(); } finally { sema.release(); } }`,
    `${SEMA}async function enter() { await sema.acquire(); await work(); }\nfunction leave() { sema.release(); }`,
    `${SEMA}async function f() { await sema.acquire(); await work().finally(() => sema.release()); }`,
    "import { Sema } from 'async-sema'; class C { #s = new Sema(1); async f() { await this.#s.acquire(); try { return await work(); } finally { this.#s.release(); } } }",
    `${MUTEX}async function f() { await m.acquire(); try { await work(); } finally { m.release(); } }`,
    `${MUTEX}async function f() { const [value, release] = await s.acquire(); try { await work(value); } finally { release(); } }`,
    `${MUTEX}async function f() { await m.runExclusive(() => work()); }`,
    "import lockfile from 'proper-lockfile'; async function f(p) { await lockfile.lock(p); try { await work(); } finally { await lockfile.unlock(p); } }",
    "import Redlock from 'redlock'; const redlock = new Redlock([]); async function f() { const lock = await redlock.acquire(['a'], 100); try { await work(); } finally { await lock.release(); } }",
    "import { spawn } from 'node:child_process'; function f(x) { const child = spawn('a'); if (!x) { child.kill(); throw new Error('no'); } return new Promise((resolve) => child.on('exit', resolve)); }",
    "import { spawn } from 'node:child_process'; export function start() { const child = spawn('a'); child.stdout.on('data', (data) => show(data)); }",
    "import { spawn } from 'node:child_process'; function f(x) { const child = spawn('a', [], { detached: true }); if (!x) throw new Error('no'); child.unref(); }",
    { code: "import { spawn } from 'node:child_process'; function f() { const child = spawn('a'); if (!child.pid) throw new Error('no'); return child; }", options: [{ includePotential: true }] },
    "import { spawn } from 'node:child_process'; function f(x) { const child = spawn('a'); if (!x) throw new Error('no'); return child; }",
    'function f() { const stack = new DisposableStack(); try { stack.use(open()); return stack.move(); } finally { stack.dispose(); } }',
    { code: `${OPEN}it('x', async () => { const h = await open('p'); await h.read(); });`, filename: 'src/x.test.ts' },
    "import { open } from 'node:fs/promises'; import { it } from 'vitest'; it('x', async () => { const h = await open('p'); await h.read(); });",
    { code: "import { acquire } from 'leases'; async function f() { const l = await acquire(); try { await l.use(); } finally { await l.release(); } }", settings: { watertight: { resources: [{ id: 'lease', acquisitions: [{ calls: ['leases:acquire'], yields: 'promise' }], methods: { release: 'release' }, otherMethods: 'borrow', onImplicitException: 'certain' }] } } },
    // A server that is given to somebody, or whose own start fails.
    "import http from 'http'; async function f(run) { const server = http.createServer(); try { await run(); } finally { server.close(); } }",
    "import http from 'http'; async function f(run) { const server = http.createServer(); await run(); return server; }",
    "import http from 'http'; import { once } from 'node:events'; async function f() { const server = http.createServer(); server.listen(0); await once(server, 'listening'); server.close(); }",
    "import http from 'http'; async function main() { const server = http.createServer(); await run(); server.close(); } main();",
    // A child that ends by itself, that somebody waits for, or that is asked about.
    "import { spawn } from 'node:child_process'; async function f(run) { const child = spawn('a'); await run(); }",
    "import { spawn } from 'node:child_process'; async function f(run) { const child = spawn('a'); child.on('exit', done); await run(); }",
    "import { spawn } from 'node:child_process'; async function f(ready) { const child = spawn('a'); if (!(await ready(child.pid))) throw new Error('no'); child.kill(); }",
    "import { spawn } from 'node:child_process'; async function f(run) { const child = spawn('a'); try { await run(); } finally { child.kill(); } }",
    // A connection that listens, or that fails to open.
    "import { Client } from 'pg'; async function f(show) { const c = new Client(); await c.connect(); c.on('notification', show); await c.query('LISTEN x'); }",
    "import { Client } from 'pg'; async function f() { const c = new Client(); await c.connect(); return c; }",
    "import { Client } from 'pg'; function f(sql, cb) { const c = new Client(); c.connect((error) => { c.query(sql, () => { c.end(); cb(error); }); }); }",
    "import mysql from 'mysql2'; function f(sql, cb) { const c = mysql.createConnection({}); c.on('error', cb); c.query(sql, (error, rows) => { c.end(); cb(error, rows); }); }",
    "import Database from 'better-sqlite3'; function f(p) { const db = new Database(p); return db.prepare('select 1').all(); }",
    "import { PrismaClient } from '@prisma/client'; function f() { const prisma = new PrismaClient(); return prisma.user.findMany(); }",
    // A page of a browser that the function closes.
    "import puppeteer from 'puppeteer'; async function f(u) { const b = await puppeteer.launch(); try { const page = await b.newPage(); await page.goto(u); await page.close(); } finally { await b.close(); } }",
    'async function f(browser, u) { const page = await browser.newPage(); try { await page.goto(u); } finally { await page.close(); } }',
    'async function f(browser, u) { const page = await browser.newPage(); await page.goto(u); }',
    'async function f(client, work) { const session = client.startSession(); try { await work(session); } finally { await session.endSession(); } }',
    // Taken over by whom it is passed to, as one path shows.
    `${POOL}async function f(take) { const c = await pool.connect(); if (!(await take(c))) c.release(); }`,
    `${POOL}async function f(take) { const c = await pool.connect(); await take(c); }`,
    // Ended by a step of the clean-up whose failure nobody plans for.
    `${OPEN}async function f(a, b) { const x = await open(a); try { await b.work(); } finally { await b.close(); await x.close(); } }`,
    `${OPEN}async function f(a, b) { const x = await open(a); try { await b.work(); } finally { await b.undo().catch(() => undefined); await x.close(); } }`,
  ],
  invalid: [
    leak("import http from 'http';\nasync function f(run) {\n  const server = http.createServer();\n  await run();\n  server.close();\n}", 'http.createServer()', 'unreleasedOnPath', { label: 'server', holder: 'in `server`', exit: 'line 4 throws' }, {}, "import http from 'http';\nasync function f(run) {\n  const server = http.createServer();\n  try {\n    await run();\n  } finally {\n    server.close();\n  }\n}"),
    leak("import http from 'http';\nimport { once } from 'node:events';\nasync function f(run) {\n  const server = http.createServer();\n  server.listen(0);\n  await once(server, 'listening');\n  await run();\n  server.close();\n}", 'http.createServer()', 'unreleasedOnPath', { label: 'server', holder: 'in `server`', exit: 'line 7 throws' }, {}, "import http from 'http';\nimport { once } from 'node:events';\nasync function f(run) {\n  const server = http.createServer();\n  try {\n    server.listen(0);\n    await once(server, 'listening');\n    await run();\n  } finally {\n    server.close();\n  }\n}"),
    leak("import { spawn } from 'node:child_process';\nasync function f(run) {\n  const child = spawn('a');\n  await run();\n  child.kill();\n}", "spawn('a')", 'unreleasedOnPath', { label: 'child process', holder: 'in `child`', exit: 'line 4 throws' }, {}, "import { spawn } from 'node:child_process';\nasync function f(run) {\n  const child = spawn('a');\n  try {\n    await run();\n    child.kill();\n  } finally {\n    child.kill();\n  }\n}"),
    leak("import { spawn } from 'node:child_process';\nasync function f(ready) {\n  const child = spawn('a');\n  if (!(await ready())) throw new Error('not ready');\n  child.kill();\n}", "spawn('a')", 'unreleasedOnPath', { label: 'child process', holder: 'in `child`', exit: 'line 4 throws' }, {}, "import { spawn } from 'node:child_process';\nasync function f(ready) {\n  const child = spawn('a');\n  try {\n    if (!(await ready())) throw new Error('not ready');\n    child.kill();\n  } finally {\n    child.kill();\n  }\n}"),
    leak("import http2 from 'node:http2';\nasync function f(u, run) {\n  const session = http2.connect(u);\n  await run();\n  session.close();\n}", 'http2.connect(u)', 'unreleasedOnPath', { label: 'socket', holder: 'in `session`', exit: 'line 4 throws' }, {}, "import http2 from 'node:http2';\nasync function f(u, run) {\n  const session = http2.connect(u);\n  try {\n    await run();\n    session.close();\n  } finally {\n    session.close();\n  }\n}"),
    leak("import { Client } from 'pg';\nasync function f(sql) {\n  const c = new Client();\n  await c.connect();\n  const { rows } = await c.query(sql);\n  await c.end();\n  return rows;\n}", 'c.connect()', 'unreleasedOnPath', { label: 'database connection', holder: 'in `c`', exit: 'line 5 throws' }, {}, "import { Client } from 'pg';\nasync function f(sql) {\n  const c = new Client();\n  await c.connect();\n  try {\n    const { rows } = await c.query(sql);\n    return rows;\n  } finally {\n    await c.end();\n  }\n}"),
    leak("import mysql from 'mysql2/promise';\nasync function f(sql) {\n  const c = await mysql.createConnection({});\n  return (await c.query(sql))[0];\n}", 'mysql.createConnection({})', 'unreleasedOnPath', { label: 'database connection', holder: 'in `c`', exit: 'line 4 returns' }),
    leak("import Database from 'better-sqlite3';\nfunction f(p) {\n  const db = new Database(p);\n  const rows = db.prepare('select 1').all();\n  db.close();\n  return rows;\n}", 'new Database(p)', 'unreleasedOnPath', { label: 'database connection', holder: 'in `db`', exit: 'line 4 throws' }, {}, "import Database from 'better-sqlite3';\nfunction f(p) {\n  const db = new Database(p);\n  try {\n    const rows = db.prepare('select 1').all();\n    return rows;\n  } finally {\n    db.close();\n  }\n}"),
    leak('async function f(browser, u) {\n  const page = await browser.newPage();\n  await page.goto(u);\n  await page.close();\n}', 'browser.newPage()', 'unreleasedOnPath', { label: 'page', holder: 'in `page`', exit: 'line 3 throws' }, {}, "async function f(browser, u) {\n  const page = await browser.newPage();\n  try {\n    await page.goto(u);\n    await page.close();\n  } finally {\n    await page.close();\n  }\n}"),
    leak('async function f(client, work) {\n  const session = client.startSession();\n  await work(session);\n  await session.endSession();\n}', 'client.startSession()', 'unreleasedOnPath', { label: 'session', holder: 'in `session`', exit: 'line 3 throws' }, {}, "async function f(client, work) {\n  const session = client.startSession();\n  try {\n    await work(session);\n    await session.endSession();\n  } finally {\n    await session.endSession();\n  }\n}"),
    leak(`${POOL}async function f(work) {\n  const c = await pool.connect();\n  try {\n    await work(c);\n    c.release();\n  } catch (error) {\n    report(error);\n    throw error;\n  }\n}`, 'pool.connect()', 'unreleasedOnPath', { label: 'pool client', holder: 'in `c`', exit: 'line 10 throws' }),
    leak("import { open } from 'node:fs/promises'; import { it } from 'vitest';\nit('x', async () => {\n  await open('p');\n});", "open('p')", 'droppedResource', { label: 'file handle', call: 'open' }, { options: [{ checkTestFiles: true }] }),
    leak(`${OPEN}async function f(p) {\n  const h = await open(p);\n  const d = await h.readFile();\n  await h.close();\n  return d;\n}`, 'open(p)', 'unreleasedOnPath', { label: 'file handle', holder: 'in `h`', exit: 'line 4 throws' }, {}, "import { open } from 'node:fs/promises';\nasync function f(p) {\n  const h = await open(p);\n  try {\n    const d = await h.readFile();\n    await h.close();\n    return d;\n  } finally {\n    await h.close();\n  }\n}"),
    leak(`${OPEN}async function f(p) {\n  const h = await open(p);\n  if (!p.ok) return;\n  await h.close();\n}`, 'open(p)', 'unreleasedOnPath', { label: 'file handle', holder: 'in `h`', exit: 'line 4 returns' }, {}, "import { open } from 'node:fs/promises';\nasync function f(p) {\n  const h = await open(p);\n  try {\n    if (!p.ok) return;\n    await h.close();\n  } finally {\n    await h.close();\n  }\n}"),
    leak(`${OPEN}async function f(p) {\n  await open(p);\n}`, 'open(p)', 'droppedResource', { label: 'file handle', call: 'open' }),
    leak(`${OPEN}class C {\n  #h;\n  async start(p) { this.#h = await open(p); }\n}`, 'open(p)', 'unreleasedOnPath', { label: 'file handle', holder: 'of `open`', exit: 'line 4 stores it, since no method of the class releases the field' }),
    leak("import fs from 'fs';\nfunction f(p) {\n  const fd = fs.openSync(p, 'r');\n  const n = fs.fstatSync(fd).size;\n  fs.closeSync(fd);\n  return n;\n}", "fs.openSync(p, 'r')", 'unreleasedOnPath', { label: 'file descriptor', holder: 'in `fd`', exit: 'line 4 throws' }, {}, "import fs from 'fs';\nfunction f(p) {\n  const fd = fs.openSync(p, 'r');\n  try {\n    const n = fs.fstatSync(fd).size;\n    return n;\n  } finally {\n    fs.closeSync(fd);\n  }\n}"),
    leak(`${POOL}async function f(x) {\n  const c = await pool.connect();\n  if (!x) throw new Error('no');\n  c.release();\n}`, 'pool.connect()', 'unreleasedOnPath', { label: 'pool client', holder: 'in `c`', exit: 'line 5 throws' }, {}, "import { Pool } from 'pg';\nconst pool = new Pool();\nasync function f(x) {\n  const c = await pool.connect();\n  try {\n    if (!x) throw new Error('no');\n  } finally {\n    c.release();\n  }\n}"),
    leak('async function f(ds) {\n  const qr = ds.createQueryRunner();\n  await qr.query("x");\n  await qr.release();\n}', 'ds.createQueryRunner()', 'unreleasedOnPath', { label: 'query runner', holder: 'in `qr`', exit: 'line 3 throws' }, {}, "async function f(ds) {\n  const qr = ds.createQueryRunner();\n  try {\n    await qr.query(\"x\");\n    await qr.release();\n  } finally {\n    await qr.release();\n  }\n}"),
    leak('async function f(ds) {\n  return (await ds.createQueryRunner().query("x")).length;\n}', 'ds.createQueryRunner()', 'unreleasedOnPath', { label: 'query runner', holder: 'of `ds.createQueryRunner`', exit: 'line 2 returns' }),
    leak("import { Client } from 'pg';\nasync function f() {\n  const c = new Client();\n  await c.connect();\n  const r = await c.query('x');\n  if (!r) throw new Error('none');\n  await c.end();\n}", 'c.connect()', 'unreleasedOnPath', { label: 'database connection', holder: 'in `c`', exit: 'line 6 throws' }, {}, "import { Client } from 'pg';\nasync function f() {\n  const c = new Client();\n  await c.connect();\n  try {\n    const r = await c.query('x');\n    if (!r) throw new Error('none');\n  } finally {\n    await c.end();\n  }\n}"),
    leak("import puppeteer from 'puppeteer';\nasync function f(u) {\n  const b = await puppeteer.launch();\n  const p = await b.newPage();\n  await b.close();\n  return p.url();\n}", 'puppeteer.launch()', 'unreleasedOnPath', { label: 'browser', holder: 'in `b`', exit: 'line 4 throws' }, {}, "import puppeteer from 'puppeteer';\nasync function f(u) {\n  const b = await puppeteer.launch();\n  try {\n    const p = await b.newPage();\n    await b.close();\n    return await p.url();\n  } finally {\n    await b.close();\n  }\n}"),
    leak("import { Mutex } from 'async-mutex';\nconst m = new Mutex();\nasync function f() {\n  const release = await m.acquire();\n  await work();\n  release();\n}", 'm.acquire()', 'unreleasedOnPath', { label: 'lock', holder: 'in `release`', exit: 'line 5 throws' }, {}, "import { Mutex } from 'async-mutex';\nconst m = new Mutex();\nasync function f() {\n  const release = await m.acquire();\n  try {\n    await work();\n  } finally {\n    await release();\n  }\n}"),
    leak(`${SEMA}async function f() {\n  await sema.acquire();\n  await work();\n  sema.release();\n}`, 'sema.acquire()', 'unreleasedOnPath', { label: 'semaphore permit', holder: 'in `sema`', exit: 'line 5 throws' }),
    leak("import { Sema } from 'async-sema';\nclass C {\n  #s = new Sema(1);\n  async f(x) {\n    await this.#s.acquire();\n    if (!x) return;\n    this.#s.release();\n  }\n}", 'this.#s.acquire()', 'unreleasedOnPath', { label: 'semaphore permit', holder: 'in `this.#s`', exit: 'line 6 returns' }, {}, "import { Sema } from 'async-sema';\nclass C {\n  #s = new Sema(1);\n  async f(x) {\n    await this.#s.acquire();\n    if (!x) {\n      await this.#s.release();\n      return;\n    }\n    this.#s.release();\n  }\n}"),
    leak(`${MUTEX}async function f() {\n  await m.acquire();\n  await work();\n  m.release();\n}`, 'm.acquire()', 'unreleasedOnPath', { label: 'semaphore permit', holder: 'in `m`', exit: 'line 6 throws' }),
    leak(`${MUTEX}async function f() {\n  const [value, release] = await s.acquire();\n  await work(value);\n  release();\n}`, 's.acquire()', 'unreleasedOnPath', { label: 'lock', holder: 'in `release`', exit: 'line 6 throws' }),
    leak("import lockfile from 'proper-lockfile';\nasync function f(p) {\n  const release = await lockfile.lock(p);\n  await work();\n  await release();\n}", 'lockfile.lock(p)', 'unreleasedOnPath', { label: 'lock', holder: 'in `release`', exit: 'line 4 throws' }, {}, "import lockfile from 'proper-lockfile';\nasync function f(p) {\n  const release = await lockfile.lock(p);\n  try {\n    await work();\n  } finally {\n    await release();\n  }\n}"),
    leak("import Redlock from 'redlock';\nconst redlock = new Redlock([]);\nasync function f() {\n  const lock = await redlock.acquire(['a'], 100);\n  await work();\n  await lock.release();\n}", "redlock.acquire(['a'], 100)", 'unreleasedOnPath', { label: 'lock', holder: 'in `lock`', exit: 'line 5 throws' }, {}, "import Redlock from 'redlock';\nconst redlock = new Redlock([]);\nasync function f() {\n  const lock = await redlock.acquire(['a'], 100);\n  try {\n    await work();\n  } finally {\n    await lock.release();\n  }\n}"),
    leak("import { spawn } from 'node:child_process';\nfunction f(x) {\n  const child = spawn('a');\n  if (!x) throw new Error('no');\n  return new Promise((resolve) => child.on('exit', resolve));\n}", "spawn('a')", 'unreleasedOnPath', { label: 'child process', holder: 'in `child`', exit: 'line 4 throws' }, { options: [{ includePotential: true }] }, "import { spawn } from 'node:child_process';\nfunction f(x) {\n  const child = spawn('a');\n  if (!x) {\n    child.kill();\n    throw new Error('no');\n  }\n  return new Promise((resolve) => child.on('exit', resolve));\n}"),
    leak('function f(x) {\n  const stack = new DisposableStack();\n  if (!x) return;\n  stack.dispose();\n}', 'new DisposableStack()', 'unreleasedOnPath', { label: 'disposable stack', holder: 'in `stack`', exit: 'line 3 returns' }, {}, "function f(x) {\n  const stack = new DisposableStack();\n  try {\n    if (!x) return;\n    stack.dispose();\n  } finally {\n    stack.dispose();\n  }\n}"),
    leak('function f(input, out) {\n  return new Promise((resolve, reject) => {\n    input.on("error", reject).pipe(out).on("finish", resolve);\n  });\n}', 'pipe', 'unguardedPipe', { source: 'input', harm: ' and the promise never settles' }),
    leak('function f(input, out) {\n  return new Promise((resolve, reject) => {\n    input.on("error", reject).pipe(out).on("error", reject).on("finish", resolve);\n  });\n}', 'pipe', 'unguardedPipe', { source: 'input', harm: '' }),
    leak("function f(res, out) {\n  return new Promise((resolve) => {\n    const body = res.body;\n    out.once('close', resolve);\n    body.pipe(out);\n  });\n}", 'pipe', 'unguardedPipe', { source: 'body', harm: '' }),
    leak("import fs from 'fs';\nimport archiver from 'archiver';\nfunction f(path, files) {\n  const out = fs.createWriteStream(path);\n  const zip = archiver('zip');\n  out.on('error', () => zip.pipe(out));\n  if (files.length === 0) return;\n  zip.pipe(out);\n}", 'fs.createWriteStream(path)', 'unreleasedOnPath', { label: 'write stream', holder: 'in `out`', exit: 'line 7 returns' }),
    leak("import fs from 'fs';\nfunction f(path, isQuiet, done) {\n  fs.open(path, (err, fd) => {\n    if (err != null) return done(err);\n    if (isQuiet) return;\n    done(null, fd);\n  });\n}", 'fs.open(path, (err, fd) => {\n    if (err != null) return done(err);\n    if (isQuiet) return;\n    done(null, fd);\n  })', 'unreleasedOnPath', { label: 'file descriptor', holder: 'in `fd`', exit: 'line 5 returns' }, {}, "import fs from 'fs';\nfunction f(path, isQuiet, done) {\n  fs.open(path, (err, fd) => {\n    if (err != null) return done(err);\n    if (isQuiet) {\n      fs.closeSync(fd);\n      return;\n    }\n    done(null, fd);\n  });\n}"),
    leak("async function f(source) {\n  const runner = source.createQueryRunner();\n  await runner.connect();\n  await runner.startTransaction();\n  try {\n    await runner.query('a');\n  } finally {\n    await runner.release();\n  }\n}", 'source.createQueryRunner()', 'unreleasedOnPath', { label: 'query runner', holder: 'in `runner`', exit: 'line 4 throws' }, {}, "async function f(source) {\n  const runner = source.createQueryRunner();\n  try {\n    await runner.connect();\n    await runner.startTransaction();\n    try {\n      await runner.query('a');\n    } finally {\n      await runner.release();\n    }\n  } finally {\n    await runner.release();\n  }\n}"),
    leak("import { MongoClient } from 'mongodb';\nasync function f(url) {\n  await MongoClient.connect(url);\n}", 'MongoClient.connect(url)', 'droppedResource', { label: 'database connection', call: 'MongoClient.connect' }),
    leak("import readline from 'readline';\nasync function f(work) {\n  const rl = readline.createInterface({ input: process.stdin });\n  await work(1);\n  rl.close();\n}", 'readline.createInterface({ input: process.stdin })', 'unreleasedOnPath', { label: 'readline interface', holder: 'in `rl`', exit: 'line 4 throws' }, {}, "import readline from 'readline';\nasync function f(work) {\n  const rl = readline.createInterface({ input: process.stdin });\n  try {\n    await work(1);\n    rl.close();\n  } finally {\n    rl.close();\n  }\n}"),
    leak("import fs from 'fs';\nfunction f(source, isQuiet) {\n  const log = fs.createWriteStream('a');\n  if (isQuiet) return;\n  source.out?.pipe(log);\n}", "fs.createWriteStream('a')", 'unreleasedOnPath', { label: 'write stream', holder: 'in `log`', exit: 'line 4 returns' }, {}, "import fs from 'fs';\nfunction f(source, isQuiet) {\n  const log = fs.createWriteStream('a');\n  if (isQuiet) {\n    log.end();\n    return;\n  }\n  source.out?.pipe(log);\n}"),
    leak("import fs from 'fs';\nclass C {\n  #out;\n  constructor() {\n    this.#out = fs.createWriteStream('a');\n  }\n  write(x) {\n    this.#out.write(x);\n  }\n  close() {\n    this.closed = true;\n  }\n}", "fs.createWriteStream('a')", 'unreleasedOnPath', { label: 'write stream', holder: 'of `fs.createWriteStream`', exit: 'line 5 stores it, since no method of the class releases the field' }, {}, "import fs from 'fs';\nclass C {\n  #out;\n  constructor() {\n    this.#out = fs.createWriteStream('a');\n  }\n  write(x) {\n    this.#out.write(x);\n  }\n  close() {\n    this.closed = true;\n    this.#out.end();\n  }\n}"),
    leak("import { createReadStream } from 'fs';\nfunction handle(req, res) {\n  createReadStream('a').pipe(res);\n}", 'pipe', 'abandonedSource', { source: "createReadStream('a')", response: 'res' }, {}, "import { pipeline } from 'node:stream';\nimport { createReadStream } from 'fs';\nfunction handle(req, res) {\n  pipeline(createReadStream('a'), res, (error) => { if (error) res.destroy(error); });\n}"),
    leak("import fs from 'fs';\nfunction handle(_req, response) {\n  const file = fs.createReadStream('a');\n  file.pipe(gzip()).pipe(response);\n}", 'pipe', 'abandonedSource', { source: 'file', response: 'response' }, {}, "import { pipeline } from 'node:stream';\nimport fs from 'fs';\nfunction handle(_req, response) {\n  const file = fs.createReadStream('a');\n  pipeline(file, gzip(), response, (error) => { if (error) response.destroy(error); });\n}"),
    leak("import fs from 'fs';\nimport type { ServerResponse } from 'http';\nclass C {\n  send(to: ServerResponse) {\n    fs.createReadStream('a').pipe(to);\n  }\n}", 'pipe', 'abandonedSource', { source: "fs.createReadStream('a')", response: 'to' }, {}, "import { pipeline } from 'node:stream';\nimport fs from 'fs';\nimport type { ServerResponse } from 'http';\nclass C {\n  send(to: ServerResponse) {\n    pipeline(fs.createReadStream('a'), to, (error) => { if (error) to.destroy(error); });\n  }\n}"),
    leak("import { acquire } from 'leases';\nasync function f() {\n  const l = await acquire();\n  await l.use();\n  await l.release();\n}", 'acquire()', 'unreleasedOnPath', { label: 'lease', holder: 'in `l`', exit: 'line 4 throws' }, {
      settings: { watertight: { resources: [{ id: 'lease', acquisitions: [{ calls: ['leases:acquire'], yields: 'promise' }], methods: { release: 'release' }, otherMethods: 'borrow', onImplicitException: 'certain' }] } },
    }, "import { acquire } from 'leases';\nasync function f() {\n  const l = await acquire();\n  try {\n    await l.use();\n  } finally {\n    await l.release();\n  }\n}"),
    leak("import http from 'http';\nexport function start(x) {\n  const server = http.createServer();\n  if (!x) throw new Error('no');\n  server.close();\n}", 'http.createServer()', 'unreleasedOnPath', { label: 'server', holder: 'in `server`', exit: 'line 4 throws' }, {}, "import http from 'http';\nexport function start(x) {\n  const server = http.createServer();\n  try {\n    if (!x) throw new Error('no');\n  } finally {\n    server.close();\n  }\n}"),
  ],
});
