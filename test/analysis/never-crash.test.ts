import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findLeaks, findUnguardedPipes, getGraphs, isFunction, resourceKinds, responseBody, temporaryKinds, walk } from 'watertight-analysis';
import { describe, expect, it } from 'vitest';
import { parseSource } from './support/parse-source.js';

const kinds = [responseBody, ...temporaryKinds, ...resourceKinds];
const root = fileURLToPath(new URL('../..', import.meta.url));

/** Every finder over one file, and a graph of every function in it. */
function analyse(text: string, filename = 'file.ts'): void {
  const file = parseSource(text, undefined, filename);
  for (const kind of kinds) findLeaks(file, kind);
  findUnguardedPipes(file);
  getGraphs(file).getGraph(file.ast);
  walk(file.ast, (node) => {
    if (isFunction(node) && node.body) getGraphs(file).getGraph(node);
  });
}

describe('the analysis does not crash on', () => {
  it.each([
    ['nothing', ''],
    ['a decorator with a call', 'class A { @log(fetch) m(@dep() x: string) {} @field() y = 1; }'],
    ['enums and const enums', 'enum E { A = open(), B } const enum F { X } declare enum G { Y }'],
    ['namespaces', 'namespace N.M { export const x = fetch("u"); } declare module "m" { const y: number; } declare global { var z: 1 }'],
    ['declarations', 'declare function f(): void; declare class C { m(): void } declare const x: string; declare let fetch: any;'],
    ['overloads', 'function f(a: string): void; function f(a: number): void; function f(a: unknown) { fetch(String(a)); }'],
    ['abstract classes', 'abstract class A { abstract m(): void; abstract x: string; constructor(private readonly r: Response) {} }'],
    ['accessors', 'class A { accessor x = fetch("u"); get y() { return 1 } set y(v) {} static #z = 1; static { this.#z++; } }'],
    ['import and export forms', 'import x, { type y, z as w } from "m"; import * as n from "o" with { type: "json" }; export * as q from "r"; export { z as "a b" }; import a = require("b"); export = a;'],
    ['casts', 'const a = <any>fetch("u"); const b = a as unknown as Response; const c = b!; const d = c satisfies Response; f<string>;'],
    ['private names', 'class A { #x = 1; has(o: object) { return #x in o; } async #m() { await fetch("u"); } }'],
    ['generators', 'async function* g() { for await (const x of y()) yield* x; const r = yield fetch("u"); return r; }'],
    ['patterns', 'const { a: { b: [c = fetch("u"), ...d] }, ...e } = f; [g.h, i[j()]] = k; ({ l = m, ...n.o } = p);'],
    ['labels and nothing', 'a: b: for (;;) { continue a; } ; { } x: { break x; }'],
    ['top-level await and using', 'await using r = await open("x"); using s = t(); for (await using u of v) {} await fetch("u");'],
    ['new.target, import.meta and import()', 'function F() { new.target; } import.meta.url; const m = await import("x" + y);'],
    ['a switch without cases', 'switch (fetch("u")) {}'],
    ['recursion', 'async function f(r: Response): Promise<void> { if (x) return f(r); return g(r); } async function g(r: Response) { return f(r); } async function h() { f(await fetch("u")); }'],
    ['a function of itself', 'const f = () => f; f(fetch("u")); let g = g; const { h } = h;'],
    ['arguments of a sloppy function', 'function f() { return arguments.callee; }'],
    ['names of Object.prototype', 'async function f() { const r = await fetch("u"); r.constructor(); r.toString(); r.__proto__.hasOwnProperty("x"); r["constructor"]; }'],
  ])('%s', (_name, text) => {
    expect(() => analyse(text)).not.toThrow();
  });

  it('JSX', () => {
    expect(() => analyse('const A = () => <B {...c} d={async () => { await fetch("u"); }}>{e ? <></> : null}</B>;', 'file.tsx')).not.toThrow();
  });

  it('deep nesting', () => {
    const depth = 150;
    expect(() => analyse(`async function f() { ${'if (x) {'.repeat(depth)} await fetch("u"); ${'}'.repeat(depth)} }`)).not.toThrow();
    expect(() => analyse(`async function f() { const r = await fetch("u"); return ${'('.repeat(depth)}r${')'.repeat(depth)}; }`)).not.toThrow();
    expect(() => analyse(`async function f() { const r = await fetch("u"); ${'try { '.repeat(12)} g(r.status); ${'} finally { h(); } '.repeat(12)} }`)).not.toThrow();
  });

  it('the files of installed packages, and takes little time for each', { timeout: 240_000 }, () => {
    const files = findSources(path.join(root, 'node_modules'));
    // Evenly over all packages, within a bound that two cores finish.
    const step = Math.max(1, Math.floor(files.length / 1500));
    const failures: string[] = [];
    let analysed = 0;
    let slowest = { milliseconds: 0, file: '' };
    for (let index = 0; index < files.length; index += step) {
      const file = files[index]!;
      const text = readFileSync(file, 'utf8');
      if (text.length > 200_000) continue;
      const start = performance.now();
      try {
        analyse(text, file);
        analysed++;
      } catch (error) {
        // What the parser refuses is the parser's business.
        if (!isSyntaxError(error)) failures.push(`${file}: ${String((error as Error).stack).split('\n').slice(0, 3).join(' ')}`);
      }
      const milliseconds = performance.now() - start;
      if (milliseconds > slowest.milliseconds) slowest = { milliseconds, file };
    }
    expect(failures).toEqual([]);
    expect(analysed).toBeGreaterThan(500);
    // Parsing and ten kinds of resources together; a file that hangs takes minutes.
    expect(slowest.milliseconds, slowest.file).toBeLessThan(20_000);
  });
});

function findSources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[cm]?[jt]s$/.test(entry.name) && !/\.d\.[cm]?ts$|\.min\.js$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

function isSyntaxError(error: unknown): boolean {
  return error instanceof Error && 'location' in error;
}
