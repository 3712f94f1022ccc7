import { describe, expect, it } from 'vitest';
import { drawGraph } from './support/draw-graph.js';

// Each picture was checked against the order of evaluation of ECMA-262, not taken from the builder.
describe('the graph of', () => {
  it('if and else', () => {
    const source = 'function f() { if (t()) { a(); } else { b(); } c(); }';
    expect(drawGraph(source)).toBe(picture(`
      0 entry -> 1
      1 call t() -> 2
      2 branch t() -> true 3, false 8
      3 discard t() -> 4
      4 call a() -> 5
      5 discard a() -> 6
      6 call c() -> 7
      7 discard c() -> exit
      8 discard t() -> 9
      9 call b() -> 10
      10 discard b() -> 6
    `));
  });

  it('a condition of &&, || and !', () => {
    const source = 'function f(p, q, r) { if (p && !q || r) a(); }';
    expect(drawGraph(source)).toBe(picture(`
      0 entry -> 1
      1 bind p -> 2
      2 bind q -> 3
      3 bind r -> 4
      4 branch p -> true 5, false 6
      5 branch q -> true 6, false 7
      6 branch r -> true 7, false exit
      7 call a() -> 8
      8 discard a() -> exit
    `));
  });

  it('a conditional expression', () => {
    const source = 'function f(p) { const x = p ? a() : b(); return x; }';
    expect(drawGraph(source)).toBe(picture(`
      0 entry -> 1
      1 bind p -> 2
      2 branch p -> true 3, false 7
      3 call a() -> 4
      4 bind x = p ? a() : b() -> 5
      5 discard p ? a() : b() -> 6
      6 return return x; -> exit
      7 call b() -> 4
    `));
  });

  it('logical values', () => {
    const source = 'function f(p) { return p ?? a() }';
    expect(drawGraph(source)).toBe(picture(`
      0 entry -> 1
      1 bind p -> 2
      2 branch p -> nullish 3, present 4
      3 call a() -> 4
      4 return return p ?? a() -> exit
    `));
  });

  it('logical assignment', () => {
    const source = 'function f(p) { p ??= a(); p ||= b(); p &&= c(); }';
    expect(drawGraph(source)).toBe(picture(`
      0 entry -> 1
      1 bind p -> 2
      2 branch p -> nullish 3, present 5
      3 call a() -> 4
      4 bind p ??= a() -> 5
      5 discard p ??= a() -> 6
      6 branch p -> false 7, true 9
      7 call b() -> 8
      8 bind p ||= b() -> 9
      9 discard p ||= b() -> 10
      10 branch p -> true 11, false 13
      11 call c() -> 12
      12 bind p &&= c() -> 13
      13 discard p &&= c() -> exit
    `));
  });

  it('optional chaining', () => {
    const source = 'function f(p) { p?.x.y(a())?.z; }';
    expect(drawGraph(source)).toBe(picture(`
      0 entry -> 1
      1 bind p -> 2
      2 branch p -> nullish 3, present 4
      3 discard p?.x.y(a())?.z -> exit
      4 call a() -> 5
      5 call p?.x.y(a()) -> 6
      6 branch p?.x.y(a()) -> nullish 3, present 3
    `));
  });

  it('default values', () => {
    const source = 'function f(p = a(), { q = b() } = {}) {}';
    expect(drawGraph(source)).toBe(picture(`
      0 entry -> 1
      1 branch p = a() -> present 2, nullish 7
      2 bind p = a() -> 3
      3 branch { q = b() } = {} -> present 4, nullish 4
      4 branch q = b() -> present 5, nullish 6
      5 bind { q = b() } = {} -> exit
      6 call b() -> 5
      7 call a() -> 2
    `));
  });

  it('for', () => {
    const source = 'function f(n) { for (let i = 0; i < n; i++) a(i); }';
    expect(drawGraph(source)).toBe(picture(`
      0 entry -> 1
      1 bind n -> 2
      2 bind i = 0 -> 3
      3 discard 0 -> 4
      4 branch i < n -> true 5, false 9
      5 call a(i) -> 6
      6 discard a(i) -> 7
      7 bind i++ -> 8
      8 discard i++ -> 4
      9 leave i -> exit
    `));
  });

  it('for that runs at least once', () => {
    const source = 'function f() { for (let i = 0; i < 3; i++) a(i); }';
    expect(drawGraph(source)).toBe(picture(`
      0 entry -> 1
      1 bind i = 0 -> 2
      2 discard 0 -> 3
      3 call a(i) -> 4
      4 discard a(i) -> 5
      5 bind i++ -> 6
      6 discard i++ -> 7
      7 branch i < 3 -> true 3, false 8
      8 leave i -> exit
    `));
  });

  it('while with break and continue', () => {
    const source = 'function f() { while (t()) { if (a()) break; if (b()) continue; c(); } }';
    expect(drawGraph(source)).toBe(picture(`
      0 entry -> 1
      1 call t() -> 2
      2 branch t() -> true 3, false exit
      3 discard t() -> 4
      4 call a() -> 5
      5 branch a() -> true 6, false 8
      6 discard a() -> 7
      7 jump break; -> exit
      8 discard a() -> 9
      9 call b() -> 10
      10 branch b() -> true 11, false 13
      11 discard b() -> 12
      12 jump continue; -> 1
      13 discard b() -> 14
      14 call c() -> 15
      15 discard c() -> 1
    `));
  });

  it('do while', () => {
    const source = 'function f() { do { a(); } while (t()); }';
    expect(drawGraph(source)).toBe(picture(`
      0 entry -> 1
      1 call a() -> 2
      2 discard a() -> 3
      3 call t() -> 4
      4 branch t() -> true 1, false exit
    `));
  });

  it('for of', () => {
    const source = 'function f(list) { for (const item of list) a(item); }';
    expect(drawGraph(source)).toBe(picture(`
      0 entry -> 1
      1 bind list -> 2
      2 branch for (const item of list) a(item); -> false 3, true 4
      3 discard list -> exit
      4 bind for (const item of list) a(item); -> 5
      5 call a(item) -> 6
      6 discard a(item) -> 7
      7 leave item -> 2
    `));
  });

  it('for await', () => {
    const source = 'async function f(list) { for await (const item of list) a(item); }';
    expect(drawGraph(source)).toBe(picture(`
      0 entry -> 1
      1 bind list -> 2
      2 await for await (const item of list) a(item); -> throw throws, 3
      3 branch for await (const item of list) a(item); -> false 4, true 5
      4 discard list -> exit
      5 bind for await (const item of list) a(item); -> 6
      6 call a(item) -> 7
      7 discard a(item) -> 8
      8 leave item -> 2
    `));
  });

  it('labels', () => {
    const source = 'function f(list) { outer: for (const x of list) { for (const y of x) { if (t()) continue outer; break outer; } } }';
    expect(drawGraph(source)).toBe(picture(`
      0 entry -> 1
      1 bind list -> 2
      2 branch for (const x of list) { for (const y of x) { if (t()) continue outer; break outer; } } -> false 3, true 4
      3 discard list -> exit
      4 bind for (const x of list) { for (const y of x) { if (t()) continue outer; break outer; } } -> 5
      5 branch for (const y of x) { if (t()) continue outer; break outer; } -> false 6, true 8
      6 discard x -> 7
      7 leave x -> 2
      8 bind for (const y of x) { if (t()) continue outer; break outer; } -> 9
      9 call t() -> 10
      10 branch t() -> true 11, false 15
      11 discard t() -> 12
      12 jump continue outer; -> 13
      13 leave y -> 14
      14 leave x -> 2
      15 discard t() -> 16
      16 jump break outer; -> 17
      17 leave y -> 18
      18 leave x -> 3
    `));
  });

  it('a labelled block', () => {
    const source = 'function f() { done: { if (t()) break done; a(); } b(); }';
    expect(drawGraph(source)).toBe(picture(`
      0 entry -> 1
      1 call t() -> 2
      2 branch t() -> true 3, false 7
      3 discard t() -> 4
      4 jump break done; -> 5
      5 call b() -> 6
      6 discard b() -> exit
      7 discard t() -> 8
      8 call a() -> 9
      9 discard a() -> 5
    `));
  });

  it('switch', () => {
    const source = 'function f(n) { switch (n) { case 1: a(); case 2: b(); break; default: c(); } }';
    expect(drawGraph(source)).toBe(picture(`
      0 entry -> 1
      1 bind n -> 2
      2 branch 1 -> true 3, false 9
      3 call a() -> 4
      4 discard a() -> 5
      5 call b() -> 6
      6 discard b() -> 7
      7 jump break; -> 8
      8 discard n -> exit
      9 branch 2 -> true 5, false 10
      10 call c() -> 11
      11 discard c() -> 8
    `));
  });

  it('switch default in the middle', () => {
    const source = 'function f(n) { switch (n) { case 1: a(); break; default: b(); case 2: c(); } }';
    expect(drawGraph(source)).toBe(picture(`
      0 entry -> 1
      1 bind n -> 2
      2 branch 1 -> true 3, false 7
      3 call a() -> 4
      4 discard a() -> 5
      5 jump break; -> 6
      6 discard n -> exit
      7 branch 2 -> true 8, false 10
      8 call c() -> 9
      9 discard c() -> 6
      10 call b() -> 11
      11 discard b() -> 8
    `));
  });

  it('calls that may throw', () => {
    const source = 'function f() { a(); new X(); }';
    expect(drawGraph(source, { throws: true })).toBe(picture(`
      0 entry -> 1
      1 call a() -> throw throws, 2
      2 discard a() -> 3
      3 call new X() -> throw throws, 4
      4 discard new X() -> exit
    `));
  });

  it('try catch', () => {
    const source = 'function f() { try { a(); b(); } catch (error) { c(error); } }';
    expect(drawGraph(source, { throws: true })).toBe(picture(`
      0 entry -> 1
      1 call a() -> throw 2, 7
      2 bind catch (error) { c(error); } -> 3
      3 call c(error) -> throw 4, 5
      4 leave error -> throws
      5 discard c(error) -> 6
      6 leave error -> exit
      7 discard a() -> 8
      8 call b() -> throw 2, 9
      9 discard b() -> exit
    `));
  });

  it('finally every way', () => {
    const source = 'function f() { try { if (t()) return 1; a(); } finally { b(); } }';
    expect(drawGraph(source, { throws: true })).toBe(picture(`
      0 entry -> 1
      1 call t() -> throw 2, 4
      2 call b() -> throw throws, 3
      3 discard b() -> throws
      4 branch t() -> true 5, false 9
      5 discard t() -> 6
      6 return return 1; -> 7
      7 call b() -> throw throws, 8
      8 discard b() -> exit
      9 discard t() -> 10
      10 call a() -> throw 2, 11
      11 discard a() -> 12
      12 call b() -> throw throws, 13
      13 discard b() -> exit
    `));
  });

  it('return in finally', () => {
    const source = 'function f() { try { throw a(); } finally { return 2; } }';
    expect(drawGraph(source)).toBe(picture(`
      0 entry -> 1
      1 call a() -> 2
      2 throw throw a(); -> 3
      3 return return 2; -> exit
    `));
  });

  it('break through finally', () => {
    const source = 'function f() { for (;;) { try { break; } finally { a(); } } b(); }';
    expect(drawGraph(source)).toBe(picture(`
      0 entry -> 1
      1 jump break; -> 2
      2 call a() -> 3
      3 discard a() -> 4
      4 call b() -> 5
      5 discard b() -> exit
    `));
  });

  it('throw in catch with finally', () => {
    const source = 'function f() { try { throw 1; } catch (error) { throw error; } finally { a(); } }';
    expect(drawGraph(source)).toBe(picture(`
      0 entry -> 1
      1 throw throw 1; -> 2
      2 bind catch (error) { throw error; } -> 3
      3 throw throw error; -> 4
      4 leave error -> 5
      5 call a() -> 6
      6 discard a() -> throws
    `));
  });

  it('nested finally', () => {
    const source = 'function f() { try { try { return 1; } finally { a(); } } finally { b(); } }';
    expect(drawGraph(source)).toBe(picture(`
      0 entry -> 1
      1 return return 1; -> 2
      2 call a() -> 3
      3 discard a() -> 4
      4 call b() -> 5
      5 discard b() -> exit
    `));
  });

  it('using', () => {
    const source = 'function f() { { using x = a(); b(); } c(); }';
    expect(drawGraph(source)).toBe(picture(`
      0 entry -> 1
      1 call a() -> 2
      2 bind x = a() -> 3
      3 discard a() -> 4
      4 call b() -> 5
      5 discard b() -> 6
      6 leave x -> throw throws, 7
      7 call c() -> 8
      8 discard c() -> exit
    `));
  });

  it('await using', () => {
    const source = 'async function f() { await using x = await a(); return b(); }';
    expect(drawGraph(source)).toBe(picture(`
      0 entry -> 1
      1 call a() -> 2
      2 await await a() -> throw 3, 4
      3 leave x -> throw throws, throws
      4 bind x = await a() -> 5
      5 discard await a() -> 6
      6 call b() -> 7
      7 return return b(); -> 8
      8 leave x -> throw throws, exit
    `));
  });

  it('await', () => {
    const source = 'async function f() { await a(); }';
    expect(drawGraph(source)).toBe(picture(`
      0 entry -> 1
      1 call a() -> 2
      2 await await a() -> throw throws, 3
      3 discard await a() -> exit
    `));
  });

  it('yield', () => {
    const source = 'function* f() { try { yield a(); } finally { b(); } }';
    expect(drawGraph(source)).toBe(picture(`
      0 entry -> 1
      1 call a() -> 2
      2 yield yield a() -> throw 3, abandon 5, 7
      3 call b() -> 4
      4 discard b() -> throws
      5 call b() -> 6
      6 discard b() -> abandoned
      7 discard yield a() -> 8
      8 call b() -> 9
      9 discard b() -> exit
    `));
  });

  it('process exit', () => {
    const source = 'function f() { if (t()) { process.exit(1); } a(); }';
    expect(drawGraph(source, { throws: true })).toBe(picture(`
      0 entry -> 1
      1 call t() -> throw throws, 2
      2 branch t() -> true 3, false 5
      3 discard t() -> 4
      4 call process.exit(1) -> nothing
      5 discard t() -> 6
      6 call a() -> throw throws, 7
      7 discard a() -> exit
    `));
  });

  it('only throws', () => {
    const source = 'function f() { if (t()) fail(); a(); } function fail() { throw new Error("x"); }';
    expect(drawGraph(source, { throws: true })).toBe(picture(`
      0 entry -> 1
      1 call t() -> throw throws, 2
      2 branch t() -> true 3, false 5
      3 discard t() -> 4
      4 call fail() -> throw throws
      5 discard t() -> 6
      6 call a() -> throw throws, 7
      7 discard a() -> exit
    `));
  });

  it('a class with static parts', () => {
    const source = 'function f() { class C extends a() { static x = b(); static { c(); } [t()]() {} y = never(); } }';
    expect(drawGraph(source)).toBe(picture(`
      0 entry -> 1
      1 call a() -> 2
      2 call b() -> 3
      3 return b() -> 4
      4 call c() -> 5
      5 discard c() -> 6
      6 call t() -> 7
      7 closure class C extends a() { static x = b(); static { c(); } [t()]() {} y = never(); } -> exit
    `));
  });

  it('tagged template and sequence', () => {
    const source = 'function f() { a(), b`${c()}`; }';
    expect(drawGraph(source)).toBe(picture(`
      0 entry -> 1
      1 call a() -> 2
      2 discard a() -> 3
      3 call c() -> 4
      4 call b\`\${c()}\` -> 5
      5 discard a(), b\`\${c()}\` -> exit
    `));
  });

  it('unreachable', () => {
    const source = 'function f() { return 1; a(); }';
    expect(drawGraph(source)).toBe(picture(`
      0 entry -> 1
      1 return return 1; -> exit
    `));
  });

  it('module', () => {
    const source = 'const x = a(); if (x) b(); export default c();';
    expect(drawGraph(source, { root: 'module' })).toBe(picture(`
      0 entry -> 1
      1 call a() -> 2
      2 bind x = a() -> 3
      3 discard a() -> 4
      4 branch x -> true 5, false 7
      5 call b() -> 6
      6 discard b() -> 7
      7 call c() -> 8
      8 return export default c(); -> exit
    `));
  });

});

function picture(text: string): string {
  return text
    .trim()
    .split('\n')
    .map((line) => line.trim())
    .join('\n');
}
