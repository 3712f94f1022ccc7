const repeat = (count: number, write: (index: number) => string): string => Array.from({ length: count }, (_, index) => write(index)).join('\n');
const wrap = (open: string, close: string, inner: string, depth: number): string => open.repeat(depth) + inner + close.repeat(depth);

/** Code that is nested so many levels deep, in every way that the grammar nests. */
export const NESTED: Readonly<Record<string, (depth: number) => string>> = {
  blocks: (depth) => `async function f(u) { const r = await fetch(u); ${wrap('{', '}', '', depth)} }`,
  branches: (depth) => `async function f(u) { const r = await fetch(u); ${wrap('if (u) {', '}', 'r.text()', depth)} }`,
  chains: (depth) => `async function f(u) { const r = await fetch(u); ${repeat(depth, (index) => `if (u === ${index}) g(); else `)} r.text(); }`,
  calls: (depth) => `async function f(u) { ${wrap('g(', ')', 'await fetch(u)', depth)} }`,
  arrays: (depth) => `async function f(u) { return ${wrap('[', ']', 'await fetch(u)', depth)} }`,
  objects: (depth) => `async function f(u) { return ${wrap('{ a: ', '}', 'await fetch(u)', depth)} }`,
  sums: (depth) => `async function f(u) { return ${'u + '.repeat(depth)} await fetch(u) }`,
  members: (depth) => `async function f(u) { return fetch(u)${'.then((r) => r)'.repeat(depth)} }`,
  functions: (depth) => `async function f(u) { const r = await fetch(u); ${wrap('(() => {', '})()', 'r.text()', depth)} }`,
  conditions: (depth) => `async function f(u) { return ${'u ? 1 : '.repeat(depth)} await fetch(u) }`,
  templates: (depth) => `async function f(u) { return ${wrap('`${', '}`', 'await fetch(u)', depth)} }`,
  tries: (depth) => `async function f(u) { const r = await fetch(u); ${wrap('try { g();', '} finally { h(); }', 'r.text()', depth)} }`,
  loops: (depth) => `async function f(u) { const r = await fetch(u); ${wrap('for (const a of u) {', '}', 'g(a)', depth)} }`,
  classes: (depth) => `${wrap('(class { m() { return ', '}})', 'fetch(1)', depth)}`,
};

/** Code that has something for the rules so many times over. */
export const LONG: Readonly<Record<string, (count: number) => string>> = {
  'functions that fetch': (count) => repeat(count, (index) => `export async function f${index}(u) { const res = await fetch(u); if (!res.ok) { throw new Error('x'); } return res.text(); }`),
  'functions that set timers': (count) => repeat(count, (index) => `export async function f${index}(u) { const t = setTimeout(() => {}, 5); await g(u); clearTimeout(t); }`),
  'functions that update': (count) => `const m = new Map();\n${repeat(count, (index) => `export async function f${index}(u) { const v = m.get(u); await g(u); m.set(u, v + 1); }`)}`,
  'functions that listen': (count) => repeat(count, (index) => `export function f${index}(u) { u.on('a${index}', () => {}); window.addEventListener('x', h${index}); }`),
  'functions that abort': (count) => repeat(count, (index) => `export async function f${index}(u, signal) { const c = new AbortController(); signal.addEventListener('abort', () => c.abort()); await fetch(u, { signal: c.signal }); }`),
  'functions that throw anew': (count) => repeat(count, (index) => `export async function f${index}(u) { try { await g(u); } catch (e) { throw new Error('x' + e.message); } }`),
  'functions that write files': (count) => `import fs from 'node:fs'; import os from 'node:os'; import path from 'node:path';\n${repeat(count, (index) => `export function f${index}(u) { const p = path.join(os.tmpdir(), 'x${index}'); fs.writeFileSync(p, u); g(p); fs.unlinkSync(p); }`)}`,
  'functions that start everything': (count) => repeat(count, (index) => `export async function f${index}(list) { await Promise.all(list.map(async (x) => { await fetch(x); })); }`),
  'functions that call the next': (count) => `${repeat(count, (index) => `async function h${index}(r) { return h${index + 1}(r); }`)}\nasync function f(u) { return h0(await fetch(u)); }`,
  'functions that call each other': (count) => `${repeat(count, (index) => `function h${index}(r, q) { if (q) h${(index * 7 + 1) % count}(r); else h${(index * 13 + 5) % count}(r, 1); }`)}\nasync function f(u) { h0(await fetch(u)); }`,
  'responses in one function': (count) => `export async function f(u) {\n${repeat(count, (index) => `const r${index} = await fetch(u); if (!r${index}.ok) { throw new Error('x'); } await r${index}.text();`)}\n}`,
  'listeners in one function': (count) => `export function f(u) {\n${repeat(count, (index) => `u.on('a${index}', () => {}); window.addEventListener('x', h${index});`)}\n}`,
  'signals in one function': (count) => `export async function f(u, signal) {\n${repeat(count, (index) => `const c${index} = new AbortController(); await fetch(u); signal.addEventListener('abort', () => c${index}.abort());`)}\n}`,
  'files in one function': (count) => `import fs from 'node:fs'; import os from 'node:os'; import path from 'node:path';\nexport function f(u) {\n${repeat(count, (index) => `const p${index} = path.join(os.tmpdir(), 'x${index}'); fs.writeFileSync(p${index}, u); g(p${index}); fs.unlinkSync(p${index});`)}\n}`,
  'cases of a switch': (count) => `async function f(u) { const res = await fetch(u); switch (u) { ${repeat(count, (index) => `case ${index}: g(${index}); break;`)} } }`,
  'flags that are asked again': (count) => `async function f(u, ...p) {\n${repeat(count, (index) => `const f${index} = p[${index}]; let r${index} = null; if (f${index}) r${index} = await fetch(u);`)}\n${repeat(count, (index) => `if (f${index}) await r${index}.text();`)}\n}`,
  'methods of a class': (count) => `import fs from 'node:fs';\nclass A {\n${repeat(count, (index) => `async m${index}(u) { this.s${index} = fs.createReadStream(u); const r = await fetch(u); this.x = this.x + await r.json(); return this.m${(index + 1) % count}(r); }`)}\n}`,
  'data': (count) => `export const x = [\n${repeat(count * 5, (index) => `{ a: ${index}, fetch: 'x' },`)}\n];`,
};
