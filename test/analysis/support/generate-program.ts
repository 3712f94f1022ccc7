import { Random } from './random.js';

/**
 * A random small program around a counting resource. `acquire(site)` (a promise, which may reject) and `open(site)` make one, `release()`
 * gives it back and may throw then, `use()` works with it and may throw. `t()` is an opaque boolean, `io()` a promise that may reject,
 * `work()` a call that may throw, `p` and `q` are boolean parameters: each is a decision of the run.
 */
export function generateProgram(seed: number): string {
  return new Generator(new Random(seed)).generate();
}

interface Holder {
  readonly name: string;
  /** Declared with `let`, so that it may be undefined and may be assigned again. */
  readonly isLoose: boolean;
}

const HELPERS = `
function give(r) { r.release(); }
function look(r) { r.use(); }
function same(r) { return r; }
function check(r) { if (t()) { throw new Error('check'); } return r; }
async function giveLater(r) { await io(); r.release(); }
async function make(site) { const r = await acquire(site); if (t()) { r.release(); return undefined; } return r; }
`;

class Generator {
  readonly #random: Random;
  #site = 0;
  #name = 0;
  #budget = 9;

  constructor(random: Random) {
    this.#random = random;
  }

  generate(): string {
    const body = this.#block([], 0, false, false);
    return `${HELPERS}\nasync function main(p, q) ${body}\n`;
  }

  #block(outer: readonly Holder[], depth: number, isInLoop: boolean, isInCallback: boolean): string {
    const holders = [...outer];
    const lines: string[] = [];
    const count = 1 + this.#random.below(depth === 0 ? 6 : 3);
    for (let index = 0; index < count && this.#budget > 0; index++) {
      const line = this.#statement(holders, depth, isInLoop, isInCallback);
      lines.push(line);
      if (/^(?:return|throw|break|continue)\b/.test(line)) break;
    }
    return `{ ${lines.join(' ')} }`;
  }

  #statement(holders: Holder[], depth: number, isInLoop: boolean, isInCallback: boolean): string {
    const random = this.#random;
    this.#budget--;
    const holder = holders.length > 0 ? random.pick(holders) : undefined;
    if (!holder || random.chance(0.15)) return this.#acquisition(holders);
    const block = (inLoop = isInLoop) => this.#block(holders, depth + 1, inLoop, isInCallback);
    const use = `${holder.name}${holder.isLoose ? '?' : ''}`;
    const simple: (() => string)[] = [
      () => `${use}.release();`,
      () => `${use}.release();`,
      () => `${use}.use();`,
      () => 'await io();',
      () => 'work();',
      () => (holder.isLoose ? `if (${holder.name}) ${holder.name}.release();` : `give(${holder.name});`),
      () => (holder.isLoose ? `if (${holder.name} !== undefined) { give(${holder.name}); }` : `look(${holder.name});`),
      () => (holder.isLoose ? `${holder.name} = await acquire(${this.#site++});` : `await giveLater(${holder.name});`),
      () => (holder.isLoose ? `${holder.name} = undefined;` : `check(${holder.name});`),
      () => this.#alias(holder, holders),
      () => this.#closure(holder),
      () => (isInCallback ? 'return;' : random.pick(['return;', `return ${holder.name};`, `return { kept: ${holder.name} };`, 'return 1;'])),
      () => "throw new Error('exit');",
      () => `${this.#test()} && ${use}.release();`,
      () => `${this.#test()} ? ${use}.release() : work();`,
      () => (isInLoop ? random.pick(['break;', 'continue;']) : `${use}.release();`),
      () => `await acquire(${this.#site++}).then((r) => ${random.pick(['r.release()', '{ r.release(); return 1; }', '{ if (t()) return; r.release(); }', '{ r.use(); r.release(); }'])});`,
      () => this.#flag(holder),
    ];
    const compound: (() => string)[] = [
      () => `if (${this.#test()}) ${block()}`,
      () => `if (${this.#test()}) ${block()} else ${block()}`,
      () => `for (let i = 0; i < 2; i++) ${block(true)}`,
      () => `for (const item of [1, 2]) ${block(true)}`,
      () => `try ${block()} catch (error) ${block()}`,
      () => `try ${block()} finally ${block()}`,
      () => `try ${block()} catch ${block()} finally ${block()}`,
      () => `switch (pickCase()) { case 0: ${block()} break; case 1: ${block()} default: ${block()} }`,
      () => `try ${block()} finally { ${use}.release(); }`,
      () => `do ${block(true)} while (t() && t());`,
    ];
    return depth < 3 && random.chance(0.4) ? random.pick(compound)() : random.pick(simple)();
  }

  #acquisition(holders: Holder[]): string {
    const random = this.#random;
    const name = `r${this.#name++}`;
    const site = this.#site++;
    const value = random.pick([`await acquire(${site})`, `await acquire(${site})`, `open(${site})`]);
    const isLoose = random.chance(0.3);
    holders.push({ name, isLoose });
    if (!isLoose) return `const ${name} = ${value};`;
    return random.pick([`let ${name} = ${value};`, `let ${name}; if (${this.#test()}) { ${name} = ${value}; }`, `let ${name} = ${this.#test()} ? ${value} : undefined;`, `let ${name} = await make(${site});`]);
  }

  #alias(holder: Holder, holders: Holder[]): string {
    const name = `r${this.#name++}`;
    holders.push({ name, isLoose: holder.isLoose });
    const declare = holder.isLoose ? 'let' : 'const';
    if (holder.isLoose) return `${declare} ${name} = ${holder.name};`;
    return this.#random.pick([`${declare} ${name} = ${holder.name};`, `const ${name} = same(${holder.name});`, `const { inner: ${name} } = { inner: ${holder.name} };`]);
  }

  #closure(holder: Holder): string {
    const name = `f${this.#name++}`;
    const use = `${holder.name}${holder.isLoose ? '?' : ''}`;
    const call = this.#random.pick([`${name}();`, `if (t()) { ${name}(); }`, `await ${name}();`, `try { work(); } finally { ${name}(); }`]);
    return `const ${name} = () => ${use}.release(); ${call}`;
  }

  #flag(holder: Holder): string {
    const name = `d${this.#name++}`;
    const use = `${holder.name}${holder.isLoose ? '?' : ''}`;
    return `let ${name} = false; try { if (t()) { ${use}.release(); ${name} = true; } await io(); } finally { if (!${name}) { ${use}.release(); } }`;
  }

  #test(): string {
    return this.#random.pick(['t()', 't()', 'p', 'q', '!p', 'p && q', 'p || t()']);
  }
}
