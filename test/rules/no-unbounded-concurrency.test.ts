import rule from '../../rules/no-unbounded-concurrency.js';
import { runRuleTests } from './support/run-rule-tests.js';

runRuleTests(rule, {
  valid: [
    // a pause that can be cancelled holds nothing
    'async function pause(times: number[], signal: AbortSignal) { await Promise.all(times.map((time) => sleep(time, { signal }))); }',
    // functions that somebody put in a list
    'async function stop(tasks: Task[], signal: NodeJS.Signals) { await Promise.allSettled(tasks.map(async (task) => task(signal))); }',
    // work of another file, of which nothing is known
    'async function check(blobs: Blob[]) { return Promise.all(blobs.map((blob) => target.hasBlob(blob.digest))); }',
    // a list that stands in the code
    `await Promise.all(['a', 'b', 'c'].map((name) => fetch(\`/api/\${name}\`)));`,
    // a constant list
    `const FILES = ['a.json', 'b.json'];
await Promise.all(FILES.map((name) => fetch(\`/api/\${name}\`)));`,
    // a constant of another module
    `import { SOURCE_FILES } from './files.js';
await Promise.all(SOURCE_FILES.map((name) => fetch(\`/api/\${name}\`)));`,
    // a tuple
    'async function load(urls: readonly [string, string]) { return Promise.all(urls.map((url) => fetch(url))); }',
    // the keys of an object that stands in the code
    `const sources = { a: '/a', b: '/b' };
await Promise.all(Object.values(sources).map((url) => fetch(url)));`,
    // the members of an enum
    `enum Kind { A = 'a', B = 'b' }
await Promise.all(Object.values(Kind).map((kind) => fetch(\`/api/\${kind}\`)));`,
    // a list that is filled by hand
    `async function load(extra: boolean) { const urls = ['/a']; if (extra) urls.push('/b'); return Promise.all(urls.map((url) => fetch(url))); }`,
    // a default that stands in the code
    `async function load(names = ['.env', '.env.local']) { return Promise.all(names.map((name) => fetch(name))); }`,
    // a slice
    'async function load(urls: string[]) { return Promise.all(urls.slice(0, 10).map((url) => fetch(url))); }',
    // a slice in a loop
    'async function load(urls: string[]) { for (let i = 0; i < urls.length; i += 10) { await Promise.all(urls.slice(i, i + 10).map((url) => fetch(url))); } }',
    // batches
    `import { chunk } from 'lodash-es';
async function load(urls: string[]) { for (const batch of chunk(urls, 10)) { await Promise.all(batch.map((url) => fetch(url))); } }`,
    // a list of queries that a slice bounds
    'async function load(names: string[]) { const queries: string[] = []; for (const name of names.slice(0, 5)) queries.push(name); return Promise.all(queries.map((query) => fetch(`/find?q=${query}`))); }',
    // workers, as many as somebody said
    `async function load(count: number) { await Promise.all(Array.from({ length: count }, () => fetch('/job'))); }`,
    // p-limit
    `import pLimit from 'p-limit';
const limit = pLimit(10);
async function load(urls: string[]) { return Promise.all(urls.map((url) => limit(() => fetch(url)))); }`,
    // p-map
    `import pMap from 'p-map';
async function load(urls: string[]) { return pMap(urls, (url) => fetch(url), { concurrency: 10 }); }`,
    // a queue
    `import PQueue from 'p-queue';
const queue = new PQueue({ concurrency: 4 });
async function load(urls: string[]) { await Promise.all(urls.map((url) => queue.add(() => fetch(url)))); }`,
    // a semaphore
    `import { Sema } from 'async-sema';
const sema = new Sema(10);
async function load(urls: string[]) { await Promise.all(urls.map(async (url) => { await sema.acquire(); try { await fetch(url); } finally { sema.release(); } })); }`,
    // mapConcurrent
    `import { mapConcurrent } from 'watertight-runtime';
async function load(urls: string[]) { return mapConcurrent(urls, 10, (url) => fetch(url)); }`,
    // one after the other
    'async function load(urls: string[]) { for (const url of urls) await fetch(url); }',
    // no I/O
    'async function square(values: number[]) { return Promise.all(values.map(async (value) => value * value)); }',
    // work that is not known here
    `import { load } from './load.js';
async function loadAll(urls: string[]) { return Promise.all(urls.map((url) => load(url))); }`,
    // synchronous I/O runs one by one
    `import { readFileSync } from 'node:fs';
async function load(paths: string[]) { return Promise.all(paths.map(async (path) => readFileSync(path))); }`,
    // what was read is only looked at
    `import { readFile } from 'node:fs/promises';
async function write(names: string[]) { const template = await readFile('template', 'utf8'); return Promise.all(names.map(async (name) => template.replace('NAME', name))); }`,
    // a list of locales
    `import { mkdir } from 'node:fs/promises';
async function build(locales: string[]) { await Promise.all(locales.map((locale) => mkdir(locale))); }`,
    // a list in a configuration
    `import { readFile } from 'node:fs/promises';
async function load(config: Config) { return Promise.all(config.presets.map((path) => readFile(path))); }`,
    // a loop that holds back
    'async function load(urls: string[]) { const running: Promise<unknown>[] = []; for (const url of urls) { if (running.length >= 10) await Promise.race(running); running.push(fetch(url)); } await Promise.all(running); }',
    // a loop of so many turns
    'async function load() { const running: Promise<unknown>[] = []; for (let i = 0; i < 3; i++) running.push(fetch(`/part/${i}`)); await Promise.all(running); }',
    // an array that only looks like a database
    'async function check(tables: Table[]) { return Promise.all(tables.map(async (table) => connection.entityMetadatas.find((meta) => meta.name === table.name))); }',
    // an array method that starts nothing
    'function names(urls: string[]) { urls.forEach((url) => console.log(url)); }',
    // the first one only
    'async function start(urls: string[]) { for (const url of urls) { fetch(url); break; } }',
    // a test file
    { code: 'async function load(urls: string[]) { return Promise.all(urls.map((url) => fetch(url))); }', filename: 'load.test.ts' },
  ],
  invalid: [
    // work of another file, which can be cancelled and so takes its time
    {
      code: `async function check(blobs: Blob[], signal: AbortSignal) {
  return Promise.all(blobs.map((blob) => target.hasBlob(blob.digest, signal)));
}`,
      errors: [
        {
          messageId: 'allAtOnce',
          data: { io: 'hasBlob', list: '`blobs`' },
          line: 2,
          column: 10,
          endLine: 2,
          endColumn: 31,
        },
      ],
    },
    // a request for every element
    {
      code: `async function load(urls: string[]) {
  return Promise.all(urls.map((url) => fetch(url)));
}`,
      errors: [
        {
          messageId: 'allAtOnce',
          data: { io: 'fetch', list: '`urls`' },
          line: 2,
          column: 10,
          endLine: 2,
          endColumn: 30,
        },
      ],
    },
    // in an async function, the results thrown away
    {
      code: `import { copyFile } from 'node:fs/promises';
async function copyAll(names: string[], to: string) {
  await Promise.all(
    names.map(async (name) => {
      await copyFile(name, \`\${to}/\${name}\`);
    }),
  );
}`,
      errors: [
        {
          messageId: 'allAtOnce',
          data: { io: 'copyFile', list: '`names`' },
          line: 3,
          column: 9,
          endLine: 4,
          endColumn: 14,
          suggestions: [
            { messageId: 'oneByOne', output: `import { copyFile } from 'node:fs/promises';
async function copyAll(names: string[], to: string) {
  for (const name of names) {
    await copyFile(name, \`\${to}/\${name}\`);
  }
}` },
          ],
        },
      ],
    },
    // an expression for a body
    {
      code: `import { unlink } from 'node:fs/promises';
async function removeAll(paths: string[]) {
  await Promise.all(paths.map((path) => unlink(path)));
}`,
      errors: [
        {
          messageId: 'allAtOnce',
          data: { io: 'unlink', list: '`paths`' },
          line: 3,
          column: 9,
          endLine: 3,
          endColumn: 30,
          suggestions: [
            { messageId: 'oneByOne', output: `import { unlink } from 'node:fs/promises';
async function removeAll(paths: string[]) {
  for (const path of paths) await unlink(path);
}` },
          ],
        },
      ],
    },
    // a folder
    {
      code: `import { readdir, stat } from 'node:fs/promises';
async function sizes(folder: string) {
  const names = await readdir(folder);
  return Promise.all(names.map(async (name) => (await stat(name)).size));
}`,
      errors: [
        {
          messageId: 'allAtOnce',
          data: { io: 'stat', list: '`names`' },
          line: 4,
          column: 10,
          endLine: 4,
          endColumn: 31,
        },
      ],
    },
    // a walk over a tree
    {
      code: `import { readdir } from 'node:fs/promises';
async function walk(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  await Promise.all(entries.map((entry) => (entry.isDirectory() ? walk(\`\${folder}/\${entry.name}\`) : undefined)));
}`,
      errors: [
        {
          messageId: 'allAtOnce',
          data: { io: 'walk', list: '`entries`' },
          line: 4,
          column: 9,
          endLine: 4,
          endColumn: 32,
          suggestions: [
            { messageId: 'oneByOne', output: `import { readdir } from 'node:fs/promises';
async function walk(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries) await (entry.isDirectory() ? walk(\`\${folder}/\${entry.name}\`) : undefined);
}` },
          ],
        },
      ],
    },
    // through a function of the file
    {
      code: `async function load(url: string) {
  const response = await fetch(url);
  return response.json();
}
export async function loadAll(urls: string[]) {
  const pages = await Promise.all(urls.map(load));
  return pages.flat();
}`,
      errors: [
        {
          messageId: 'allAtOnce',
          data: { io: 'fetch', list: '`urls`' },
          line: 6,
          column: 23,
          endLine: 6,
          endColumn: 43,
        },
      ],
    },
    // through a method of the class
    {
      code: `class Loader {
  async load(url: string) {
    return fetch(url);
  }
  async loadAll(urls: Set<string>) {
    return Promise.allSettled([...urls].map((url) => this.load(url)));
  }
}`,
      errors: [
        {
          messageId: 'allAtOnce',
          data: { io: 'load', list: '`[...urls]`' },
          line: 6,
          column: 12,
          endLine: 6,
          endColumn: 44,
        },
      ],
    },
    // the promises wait in a variable
    {
      code: `async function load(ids: string[]) {
  const requests = ids.map(async (id) => {
    const response = await fetch(\`/users/\${id}\`);
    return response.json();
  });
  return Promise.all(requests);
}`,
      errors: [
        {
          messageId: 'allAtOnce',
          data: { io: 'fetch', list: '`ids`' },
          line: 2,
          column: 20,
          endLine: 2,
          endColumn: 27,
        },
      ],
    },
    // a loop that pushes
    {
      code: `async function load(urls: string[]) {
  const requests: Promise<Response>[] = [];
  for (const url of urls) {
    requests.push(fetch(url));
  }
  return Promise.all(requests);
}`,
      errors: [
        {
          messageId: 'allAtOnce',
          data: { io: 'fetch', list: '`urls`' },
          line: 4,
          column: 5,
          endLine: 4,
          endColumn: 18,
        },
      ],
    },
    // a loop over an index
    {
      code: `async function load(urls: string[]) {
  const requests = [];
  for (let i = 0; i < urls.length; i++) requests.push(fetch(urls[i]).then((response) => response.json()));
  return Promise.all(requests);
}`,
      errors: [
        {
          messageId: 'allAtOnce',
          data: { io: 'fetch', list: '`urls`' },
          line: 3,
          column: 41,
          endLine: 3,
          endColumn: 54,
        },
      ],
    },
    // nobody can wait in forEach
    {
      code: `import { rm } from 'node:fs/promises';
function clean(paths: string[]) {
  paths.forEach(async (path) => {
    await rm(path, { force: true });
  });
}`,
      errors: [
        {
          messageId: 'nobodyWaits',
          data: { io: 'rm', list: '`paths`' },
          line: 3,
          column: 3,
          endLine: 3,
          endColumn: 16,
        },
      ],
    },
    // forEach with callbacks
    {
      code: `import { unlink } from 'node:fs';
function clean(paths: string[]) {
  paths.forEach((path) => unlink(path, () => {}));
}`,
      errors: [
        {
          messageId: 'nobodyWaits',
          data: { io: 'unlink', list: '`paths`' },
          line: 3,
          column: 3,
          endLine: 3,
          endColumn: 16,
        },
      ],
    },
    // a loop that does not wait
    {
      code: `async function warm(urls: string[]) {
  for (const url of urls) void fetch(url).catch(() => undefined);
}`,
      errors: [
        {
          messageId: 'nobodyWaits',
          data: { io: 'fetch', list: '`urls`' },
          line: 2,
          column: 32,
          endLine: 2,
          endColumn: 48,
        },
      ],
    },
    // race
    {
      code: `async function first(mirrors: Map<string, string>, paths: string[]) {
  return Promise.any(paths.map((path) => fetch(path)));
}`,
      errors: [
        {
          messageId: 'allAtOnce',
          data: { io: 'fetch', list: '`paths`' },
          line: 2,
          column: 10,
          endLine: 2,
          endColumn: 31,
        },
      ],
    },
    // with Array.from
    {
      code: `async function load(urls: Iterable<string>) {
  return Promise.all(Array.from(urls, (url) => fetch(url)));
}`,
      errors: [
        {
          messageId: 'allAtOnce',
          data: { io: 'fetch', list: '`urls`' },
          line: 2,
          column: 10,
          endLine: 2,
          endColumn: 32,
        },
      ],
    },
    // spread between others
    {
      code: `async function load(urls: string[]) {
  const [index, ...pages] = await Promise.all([fetch('/index'), ...urls.map((url) => fetch(url))]);
  return { index, pages };
}`,
      errors: [
        {
          messageId: 'allAtOnce',
          data: { io: 'fetch', list: '`urls`' },
          line: 2,
          column: 35,
          endLine: 2,
          endColumn: 76,
        },
      ],
    },
    // a child process for every element
    {
      code: `import { promisify } from 'node:util';
import { execFile } from 'node:child_process';
const run = promisify(execFile);
async function build(packages: string[]) {
  await Promise.all(packages.map((name) => run('npm', ['run', 'build'], { cwd: name })));
}`,
      errors: [
        {
          messageId: 'allAtOnce',
          data: { io: 'run', list: '`packages`' },
          line: 5,
          column: 9,
          endLine: 5,
          endColumn: 33,
          suggestions: [
            { messageId: 'oneByOne', output: `import { promisify } from 'node:util';
import { execFile } from 'node:child_process';
const run = promisify(execFile);
async function build(packages: string[]) {
  for (const name of packages) await run('npm', ['run', 'build'], { cwd: name });
}` },
          ],
        },
      ],
    },
    // a query for every element
    {
      code: `class Orders {
  async loadAll(ids: number[]) {
    return Promise.all(ids.map((id) => this.prisma.order.findUnique({ where: { id } })));
  }
}`,
      errors: [
        {
          messageId: 'allAtOnce',
          data: { io: 'order.findUnique', list: '`ids`' },
          line: 3,
          column: 12,
          endLine: 3,
          endColumn: 31,
        },
      ],
    },
    // a client of a library
    {
      code: `import { S3Client, DeleteObjectCommand } from '@aws-sdk/client-s3';
const s3 = new S3Client({});
async function removeAll(keys: string[]) {
  await Promise.all(keys.map((Key) => s3.send(new DeleteObjectCommand({ Bucket: 'b', Key }))));
}`,
      errors: [
        {
          messageId: 'allAtOnce',
          data: { io: 'send', list: '`keys`' },
          line: 4,
          column: 9,
          endLine: 4,
          endColumn: 29,
          suggestions: [
            { messageId: 'oneByOne', output: `import { S3Client, DeleteObjectCommand } from '@aws-sdk/client-s3';
const s3 = new S3Client({});
async function removeAll(keys: string[]) {
  for (const Key of keys) await s3.send(new DeleteObjectCommand({ Bucket: 'b', Key }));
}` },
          ],
        },
      ],
    },
    // a client of one's own
    {
      code: `class Users {
  async remove(ids: string[]) {
    await Promise.all(ids.map((id) => this.apiClient.delete(\`/users/\${id}\`)));
  }
}`,
      errors: [
        {
          messageId: 'allAtOnce',
          data: { io: 'apiClient.delete', list: '`ids`' },
          line: 3,
          column: 11,
          endLine: 3,
          endColumn: 30,
          suggestions: [
            { messageId: 'oneByOne', output: `class Users {
  async remove(ids: string[]) {
    for (const id of ids) await this.apiClient.delete(\`/users/\${id}\`);
  }
}` },
          ],
        },
      ],
    },
    // filtered and mapped
    {
      code: `import { readFile } from 'node:fs/promises';
import { glob } from 'glob';
async function load() {
  const files = (await glob('**/*.json')).filter((file) => !file.startsWith('.')).map((file) => \`./\${file}\`);
  return Promise.all(files.map((file) => readFile(file, 'utf8')));
}`,
      errors: [
        {
          messageId: 'allAtOnce',
          data: { io: 'readFile', list: '`files`' },
          line: 5,
          column: 10,
          endLine: 5,
          endColumn: 31,
        },
      ],
    },
    // a short list, when asked
    {
      code: `import { mkdir } from 'node:fs/promises';
async function build(locales: string[]) {
  await Promise.all(locales.map((locale) => mkdir(locale)));
}`,
      options: [{ includePotential: true }],
      errors: [
        {
          messageId: 'allAtOnce',
          data: { io: 'mkdir', list: '`locales`' },
          line: 3,
          column: 9,
          endLine: 3,
          endColumn: 32,
          suggestions: [
            { messageId: 'oneByOne', output: `import { mkdir } from 'node:fs/promises';
async function build(locales: string[]) {
  for (const locale of locales) await mkdir(locale);
}` },
          ],
        },
      ],
    },
    // a test file, when asked
    {
      code: `async function load(urls: string[]) {
  return Promise.all(urls.map((url) => fetch(url)));
}`,
      options: [{ checkTestFiles: true }],
      filename: 'load.test.ts',
      errors: [
        {
          messageId: 'allAtOnce',
          data: { io: 'fetch', list: '`urls`' },
          line: 2,
          column: 10,
          endLine: 2,
          endColumn: 30,
        },
      ],
    },
  ],
});
